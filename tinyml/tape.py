"""The tape: one sample's scalar graph, recorded once as flat arrays.

:func:`record` lists the nodes that matter for a loss, parents first; :mod:`tinyml.fusion` packs
them into rows and instructions that a compiled kernel runs over many samples at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from tinyml.graph import toposort
from tinyml.ops import RULES, Op
from tinyml.value import Value

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Source(IntEnum):
    """Where a leaf of the tape gets its number from."""

    OP = 0
    INPUT = 1
    TARGET = 2
    PARAMETER = 3
    CONSTANT = 4
    MASK = 5


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """A recorded graph, unfused: node k has an op, up to two operands (earlier nodes) and a number.

    Attributes
    ----------
    op : (n,) the `Op` of each node, LEAF for leaves.
    source : (n,) the `Source` of each node, OP for nodes that an op makes.
    first, second : (n,) operand nodes; of a leaf, `first` is the index of its input, target,
        parameter or mask.
    constant : (n,) the number of a constant leaf, or the exponent of POW_CONSTANT.
    n_inputs, n_targets, n_parameters : how many of each there are.
    position : where each recorded Value went, by ``id``; valid while the Values live.
    outputs : the nodes whose results are asked for; the loss is the last.
    """

    op: Ints
    source: Ints
    first: Ints
    second: Ints
    constant: Floats
    n_inputs: int
    n_targets: int
    n_parameters: int
    position: dict[int, int]
    outputs: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.op)

    def __str__(self) -> str:
        return "\n".join(f"%{k} = {self.describe(k)}" for k in range(len(self)))

    def describe(self, node: int) -> str:
        """Return one node as a line of text, e.g. ``mul %0 %3``."""
        source = Source(int(self.source[node]))
        if source is Source.CONSTANT:
            return f"constant {self.constant[node]:g}"
        if source is not Source.OP:
            return f"{source.name.lower()} {self.first[node]}"
        op = Op(int(self.op[node]))
        operands = [f"%{self.first[node]}"]
        if RULES[op].arity == 2:
            operands.append(f"%{self.second[node]}")
        if op is Op.POW_CONSTANT:
            operands.append(f"{self.constant[node]:g}")
        return " ".join([op.name.lower(), *operands])


def record(
    loss: Value,
    inputs: Sequence[Value],
    targets: Sequence[Value],
    parameters: Sequence[Value],
    outputs: Sequence[Value] = (),
    masks: Sequence[Value] = (),
) -> Tape:
    """Record the graph of one sample's loss.

    Parameters
    ----------
    loss : the root; anything made of `Value` operations.
    inputs, targets, parameters : the leaves that change from sample to sample, or by training.
        Every other leaf is a constant.
    masks : dropout factors: leaves that training draws for every sample and step.
    outputs : further nodes whose values will be asked for (predictions, neurons).

    Returns
    -------
    Tape
        Nodes in the deterministic topological order of the graph; nodes that neither the loss nor
        an output needs are not in it.
    """
    leaves: dict[int, tuple[Source, int]] = {}
    for source, values in (
        (Source.INPUT, inputs),
        (Source.TARGET, targets),
        (Source.PARAMETER, parameters),
        (Source.MASK, masks),
    ):
        leaves.update({id(value): (source, index) for index, value in enumerate(values)})
    nodes = toposort(loss, *outputs)
    n = len(nodes)
    op, source_of = np.zeros(n, np.int64), np.zeros(n, np.int64)
    first, second = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    constant = np.zeros(n)
    position = {id(node): k for k, node in enumerate(nodes)}
    for k, node in enumerate(nodes):
        if id(node) in leaves:
            source_of[k], first[k] = leaves[id(node)]
        elif node.op is Op.LEAF:
            source_of[k], constant[k] = Source.CONSTANT, node.data
        else:
            op[k], constant[k] = node.op, node.constant
            first[k] = position[id(node.parents[0])]
            if len(node.parents) == 2:
                second[k] = position[id(node.parents[1])]
    return Tape(
        op,
        source_of,
        first,
        second,
        constant,
        len(inputs),
        len(targets),
        len(parameters),
        position,
        (*(position[id(value)] for value in outputs), position[id(loss)]),
    )
