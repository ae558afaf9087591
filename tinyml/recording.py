"""A model with a loss, recorded: its tape, its program, and sweeps over given samples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml.fusion import AFFINE, LOAD, Program, fuse, prologue
from tinyml.losses import LOSSES
from tinyml.nn import Module
from tinyml.sweeps import BACKWARD, FORWARD, TrainingArrays, run_program
from tinyml.tape import Floats, Ints, Source, Tape, record
from tinyml.value import Value


@dataclass(frozen=True, slots=True, eq=False)
class RecordedModel:
    """One sample's graph of a model and its loss.

    Attributes
    ----------
    tape, program : the graph as it is, and fused.
    first : the program of the nodes that depend on no parameter; None if there are none.
    made : those nodes.
    neuron_rows, output_rows : rows of all neurons' activations, layer by layer; of the last layer.
    read_rows : rows of what the loss reads of the last layer, activations or preactivations.
    room : where the kernel works when nothing is trained.
    """

    tape: Tape
    program: Program
    first: Program | None
    made: tuple[int, ...]
    neuron_rows: Ints
    output_rows: Ints
    read_rows: Ints
    room: TrainingArrays

    def feed(self, x: Floats, y: Floats) -> Floats:
        """Return the fed rows (n_fed, n): inputs, targets, constants, functions of inputs."""
        fed = self.program.fed
        rows = self._leaves(fed, x, y)
        if self.first is not None:
            out = np.zeros((1, len(self.made), len(x)))
            run_program(
                self.first,
                self._leaves(self.first.fed, x, y),
                np.zeros(1),
                mode=FORWARD,
                wanted=self.first.row[list(self.made)],
                out=out,
            )
            rows[[fed.index(node) for node in self.made]] = out[0]
        return rows

    def examine(self, fed: Floats, backward: bool, wanted: Ints, parameters: Floats) -> Floats:
        """Return (1 or 3, len(wanted), n): rows' values; if `backward` slopes and gradients too.

        `fed` is what :meth:`feed` made of the samples.
        """
        out = np.zeros((3 if backward else 1, len(wanted), fed.shape[1]))
        self.room.counters[:], self.room.gradient[:] = 0, 0.0
        run_program(
            self.program,
            fed,
            parameters,
            mode=BACKWARD if backward else FORWARD,
            training=self.room,
            wanted=wanted,
            out=out,
        )
        return out

    def parameter_rows(self, parameter: int) -> tuple[int, int | None]:
        """Return the row of the sum that a parameter is in, and the row it is multiplied with.

        The second is None for a bias and for a parameter that stands on its own.
        """
        program = self.program
        place = int(np.flatnonzero(program.packed == parameter)[0])
        for code, out, count, first, _, n_in, start, _ in program.code.tolist():
            if code == LOAD and first == place:
                return out, None
            if code == AFFINE and first <= place < first + count * (n_in + 1):
                neuron, index = divmod(place - first, n_in + 1)
                row = None if index == n_in else int(program.table[start + index])
                return out + neuron, row
        raise ValueError(f"the loss does not depend on parameter {parameter}")

    def _leaves(self, nodes: tuple[int, ...], x: Floats, y: Floats) -> Floats:
        chosen = np.array(nodes, np.int64)
        source, index = self.tape.source[chosen], self.tape.first[chosen]
        rows = np.ones((len(nodes), len(x)))  # masks: looking drops nothing, training draws its own
        for kind, values in ((Source.INPUT, x), (Source.TARGET, y)):
            wanted = source == kind
            rows[wanted] = values.T[index[wanted]]
        constant = source == Source.CONSTANT
        rows[constant] = self.tape.constant[chosen[constant], None]
        return rows


def record_model(model: Module, loss: str) -> RecordedModel:
    """Record one sample's graph of `model` with the loss of that name."""
    inputs = [Value(0.5) for _ in range(model.n_inputs)]
    targets = [Value(1.0) for _ in range(model.n_outputs)]
    masks: dict[tuple[int, int], Value] = {}

    def mask(layer: int, neuron: int) -> Value:
        return masks.setdefault((layer, neuron), Value(1.0))

    trace = model.trace(inputs, mask if model.dropout > 0.0 else None)
    spec = LOSSES[loss]
    outputs = trace.preactivations[-1] if spec.on_logits else trace.activations[-1]
    root = spec.function(outputs, targets)
    neurons = [value for layer in trace.activations for value in layer]
    tape = record(root, inputs, targets, model.parameters(), neurons, list(masks.values()))
    program = fuse(tape)
    made = tuple(node for node in program.fed if tape.source[node] == Source.OP)
    rows = program.row[[tape.position[id(value)] for value in neurons]]
    return RecordedModel(
        tape,
        program,
        prologue(tape, list(made)) if made else None,
        made,
        rows,
        rows[len(rows) - model.n_outputs :],
        program.row[[tape.position[id(value)] for value in outputs]],
        TrainingArrays(gradient=np.zeros(len(program.packed))),
    )
