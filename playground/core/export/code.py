"""Scripts that train an experiment again, elsewhere, and prove that they do.

A script carries the data, the first and the trained weights and the logged losses. It asserts the
trained network's loss, and that training from the first weights gives the logged losses, for as
many epochs as rounding alone does not let runs drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np

from playground.core.build import make_trainer, training_set
from playground.core.data import make_data
from playground.core.experiment import Experiment
from playground.core.export.training import NO_SAMPLES
from playground.core.parameters import first_parameters, from_flat, to_flat
from playground.core.snapshot import Float64s, Parameters

Target = Literal["numpy", "tinyml", "micrograd", "pytorch"]
TARGETS: tuple[Target, ...] = ("numpy", "tinyml", "micrograd", "pytorch")
PERTURBATION = 1e-13
DRIFT = 1e-8
"""How far the losses of a run that begins PERTURBATION away may be apart."""
TOLERANCE = 1e-6
MICROGRAD_OPERATIONS = 700_000
"""Values at most that a micrograd script makes: about a quarter of a minute."""


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A trained experiment with all that a script needs.

    Attributes
    ----------
    x, y : (n, 2) and (n, n_outputs), what is trained on.
    losses : the mean loss of every epoch.
    n_stable : for how many of them other libraries' rounding makes no difference that matters.
    final_loss : the trained network's mean loss over all of x.
    n_values : scalar Values of one sample's graph.
    """

    experiment: Experiment
    x: Float64s
    y: Float64s
    first: Parameters
    trained: Parameters
    losses: tuple[float, ...]
    n_stable: int
    final_loss: float
    n_values: int


def prove(
    experiment: Experiment, epochs: int, progress: Callable[[int], None] = lambda done: None
) -> Proof:
    """Train `epochs` epochs from the start, twice: the second run tells how stable the first is.

    Raises
    ------
    ValueError
        If training diverges, or there are no samples.
    """
    if make_data(experiment.data).n_train == 0:
        raise ValueError(NO_SAMPLES)
    first = first_parameters(experiment.network, experiment.seed)
    trainer, other = (make_trainer(experiment, first) for _ in range(2))
    flat = to_flat(first)
    signs = np.where(np.arange(flat.size) % 2 == 0, 1.0, -1.0)
    other.parameters = flat * (1.0 + PERTURBATION * signs) + PERTURBATION * signs
    try:
        every = max(1, epochs // 10)
        while trainer.epoch < epochs:
            trainer.run(min(every, epochs - trainer.epoch))
            progress(trainer.epoch)
        n_stable = epochs
        other.run(epochs)
    except FloatingPointError as error:
        raise ValueError(f"the run cannot be exported as code: {error}") from None
    losses, nearby = np.array(trainer.losses), np.array(other.losses)
    apart = np.abs(losses - nearby) > DRIFT * np.abs(losses)
    if apart.any():
        n_stable = int(apart.argmax())
    x, y = training_set(experiment)
    y = y[:, None] if y.ndim == 1 else y
    trained = from_flat(trainer.parameters, experiment.network)
    final = trainer.evaluate(x, y)
    return Proof(
        experiment, x, y, first, trained, tuple(losses.tolist()), n_stable, final, trainer.n_values
    )


def script(proof: Proof, target: Target) -> str:
    """Return the script for a library."""
    folder = files("playground") / "resources" / "code"
    template = (folder / f"{target}.txt").read_text(encoding="utf-8")
    common = (folder / "common.txt").read_text(encoding="utf-8")
    checked = len(proof.losses)
    if target != "tinyml":
        checked = min(checked, max(1, proof.n_stable))
    if target == "micrograd":
        per_epoch = len(proof.x) * proof.n_values
        checked = min(checked, max(1, MICROGRAD_OPERATIONS // per_epoch))
    constants = _constants(proof, checked)
    return _head(proof, target, checked) + template.replace("#DATA#", constants + common.rstrip())


def _head(proof: Proof, target: Target, checked: int) -> str:
    experiment, n = proof.experiment, len(proof.losses)
    sizes = "-".join(str(s) for s in _sizes(proof))
    lines = [
        f'"""{experiment.data.name}, network {sizes}, {n} epochs: in {_NAMES[target]}.',
        "",
        "Run it: it trains from the same first weights on the same samples in the same order,",
        "and asserts the losses that tinyml playground logged when it did the same, from epoch 0",
        "with these settings.",
    ]
    if checked < n and target == "micrograd":
        lines.append(f"The first {checked} epochs only: scalar Python takes its time.")
    elif checked < n:
        lines += [
            f"The first {checked} epochs: after that this run magnifies differences of rounding",
            "so much that two libraries give different weights.",
        ]
    needs = {"numpy": "numpy", "tinyml": "tinyml-playground", "pytorch": "torch"}
    lines += ["", f"Needs: python -m pip install {needs.get(target, target)}", '"""', "", ""]
    return "\n".join(lines)


_NAMES = {
    "numpy": "plain numpy",
    "tinyml": "tinyml",
    "micrograd": "micrograd",
    "pytorch": "PyTorch",
}


def _sizes(proof: Proof) -> tuple[int, ...]:
    network = proof.experiment.network
    return (len(network.features), *network.layer_sizes)


def _constants(proof: Proof, checked: int) -> str:
    experiment = proof.experiment
    network, training = experiment.network, experiment.training
    plain = {
        "INPUTS": [feature.value for feature in network.features],
        "ACTIVATIONS": [kind.value for kind in network.activations],
        "LOSS": training.loss.value,
        "OPTIMIZER": training.optimizer.value,
        "RATE": training.learning_rate,
        "BATCH_SIZE": training.batch_size,
        "PENALTY": training.regularization.value,
        "PENALTY_RATE": training.regularization_rate,
        "SEED": experiment.seed,
        "TOLERANCE": TOLERANCE,
        "IS_WHOLE_RUN": checked == len(proof.losses) and proof.n_stable == len(proof.losses),
        "FINAL_LOSS": proof.final_loss,
    }
    parts = ["", *(f"{name} = {_spelled(value)}" for name, value in plain.items())]
    parts += [
        f"X = {_rows(proof.x.tolist())}",
        f"Y = {_rows(proof.y.tolist())}",
        "# Per layer and neuron: its weights, then its bias.",
        f"FIRST = {_layers(proof.first)}",
        f"TRAINED = {_layers(proof.trained)}",
        "# The mean loss of every epoch, over its own forward passes.",
        f"LOSSES = {_wrapped(list(proof.losses[:checked]))}",
    ]
    return "\n".join(parts) + "\n"


def _spelled(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_spelled(v) for v in value) + "]"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _rows(rows: Sequence[Sequence[float]]) -> str:
    return "[\n" + "".join(f"    {list(row)!r},\n" for row in rows) + "]"


def _layers(parameters: Parameters) -> str:
    layers = []
    for weights, biases in zip(parameters.weights, parameters.biases, strict=True):
        rows = np.hstack([weights, biases[:, None]]).tolist()
        layers.append("    [\n" + "".join(f"        {row!r},\n" for row in rows) + "    ],\n")
    return "[\n" + "".join(layers) + "]"


def _wrapped(numbers: Sequence[float]) -> str:
    lines = [numbers[k : k + 4] for k in range(0, len(numbers), 4)]
    return "[\n" + "".join("    " + ", ".join(map(repr, line)) + ",\n" for line in lines) + "]"
