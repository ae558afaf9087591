"""Divergence is seen, and only it.

    python -m tests.rigs.divergence [--count 1000] [--seed 0]

Diverging configurations must be noticed within one chunk (≤ 100 ms) of the first number that is not
finite, and keep a finite state: what is shown afterwards and what is saved holds finite numbers
only. Healthy ones must never be called diverged. Wild ones, whose bounded outputs hold back steps
that are far too long, may end either way and are held to the same. Of the gradients, those of the
last batch are what has overflowed: they are told as they are, and views leave them out.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, fields, replace
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Optimizer,
    TrainingSpec,
)
from playground.core.files import decode_experiment, encode_experiment
from playground.core.parameters import to_flat, with_changes
from playground.core.run import Run
from playground.core.snapshot import LayerSnapshot, ParameterChange, Snapshot
from playground.session.pace import ChunkSize
from tests.rigs.goals import Goals
from tests.rigs.options import parser_of

CHUNKS = 40
LONGEST_MS = 100
HUGE = 1e200
KINDS = (DatasetKind.CIRCLE, DatasetKind.XOR, DatasetKind.GAUSS, DatasetKind.SPIRAL)
LAST_BATCH = ("weight_gradients", "bias_gradients", "weight_updates", "bias_updates")


@dataclass(frozen=True)
class Family:
    """Configurations of one kind.

    Attributes
    ----------
    hidden, output, optimizers : what is drawn from.
    rates : the least and the greatest power of ten of the learning rate.
    diverges : whether each must be called diverged or none must; None where either will do.
    edited : whether a weight is set to HUGE by hand, so that losses overflow from there on.
    """

    hidden: tuple[Activation, ...]
    output: Activation
    optimizers: tuple[Optimizer, ...]
    rates: tuple[float, float]
    diverges: bool | None = True
    edited: bool = False


CURVED = (Activation.TANH, Activation.RELU, Activation.ELU)
FAMILIES = {
    "linear": Family((Activation.LINEAR,), Activation.LINEAR, (Optimizer.SGD,), (3, 10)),
    "curved": Family(CURVED, Activation.LINEAR, (Optimizer.SGD, Optimizer.MOMENTUM), (3, 10)),
    "adaptive": Family(
        (Activation.LINEAR,), Activation.LINEAR, (Optimizer.ADAM, Optimizer.RMSPROP), (3, 7)
    ),
    "decayed": Family((Activation.LINEAR,), Activation.LINEAR, (Optimizer.ADAMW,), (3, 10)),
    "edited": Family(
        (Activation.LINEAR,), Activation.LINEAR, (Optimizer.SGD,), (-4, -2), edited=True
    ),
    "wild": Family(CURVED, Activation.TANH, tuple(Optimizer), (3, 10), diverges=None),
    "healthy": Family(
        (Activation.TANH, Activation.RELU),
        Activation.TANH,
        tuple(Optimizer),
        (-4, -1.5),
        diverges=False,
    ),
}


def experiment_of(seed: int, family: Family) -> Experiment:
    """Return a configuration of a family."""
    rng = random.Random(seed)
    base = Experiment(data=DataSpec(rng.choice(KINDS), n_samples=rng.randint(20, 200), seed=seed))
    rate = 10.0 ** rng.uniform(*family.rates)
    activation = rng.choice(family.hidden)
    hidden = tuple(replace(layer, activation=activation) for layer in base.network.hidden)
    network = replace(base.network, hidden=hidden, output_activation=family.output)
    training = TrainingSpec(
        optimizer=rng.choice(family.optimizers),
        learning_rate=rate,
        batch_size=rng.randint(1, 30),
    )
    return replace(base, network=network, training=training, seed=seed)


def watch(experiment: Experiment, edited: bool = False) -> tuple[bool, float]:
    """Train chunk by chunk; return whether it was called diverged, and the longest chunk.

    Raises
    ------
    AssertionError
        If what is kept, shown or saved is not finite.
    """
    run, chunk, longest = Run(experiment), ChunkSize(), 0.0
    if edited:
        change = ParameterChange(len(experiment.network.hidden), 0, 0, HUGE)
        run.edit(with_changes(run.parameters, [change]))
    for _ in range(CHUNKS):
        started, blocks = perf_counter(), run.blocks
        run.advance(chunk.steps(run.blocks_per_step), chunk.blocks)
        seconds = perf_counter() - started
        chunk.learn(run.blocks - blocks, seconds)
        longest = max(longest, seconds)
        assert np.isfinite(to_flat(run.parameters)).all(), experiment
        if run.divergence is not None:
            break
    if not edited:
        wrong = not_finite(run.snapshot())
        assert not wrong, (wrong, experiment)
    _check_file(run)
    return run.divergence is not None, longest


def not_finite(snapshot: Snapshot) -> list[str]:
    """Return the names of what a snapshot shows that is not finite."""
    history, memory = snapshot.history, snapshot.optimizer_state
    shown: dict[str, ArrayLike] = {
        "train loss": snapshot.train_loss,
        "test loss": 0.0 if snapshot.test_loss is None else snapshot.test_loss,
        "penalty": snapshot.penalty,
        "losses": snapshot.losses,
        "predictions": snapshot.predictions,
        "output map": snapshot.output_map,
        "history": history.train_loss,
        "history of the test loss": 0.0 if snapshot.test_loss is None else history.test_loss,
        "least losses": history.train_loss_low,
        "greatest losses": history.train_loss_high,
        # The norms before the first step are not known.
        "gradient norms": history.gradient_norms[1:-1],
        "optimiser's arrays": 0.0 if memory is None else (memory.first, memory.second),
    }
    for k, layer in enumerate(snapshot.layers):
        names = (f.name for f in fields(LayerSnapshot) if f.name not in LAST_BATCH)
        shown |= {f"{name} of layer {k}": getattr(layer, name) for name in names}
    return [name for name, numbers in shown.items() if not np.isfinite(numbers).all()]


def _check_file(run: Run) -> None:
    data = encode_experiment(run.experiment, run.state())
    experiment, state = decode_experiment(data)
    assert state is not None
    assert encode_experiment(experiment, state) == data, experiment
    opened = Run(experiment, state)
    assert np.array_equal(to_flat(opened.parameters), to_flat(run.parameters)), experiment
    assert np.isfinite(to_flat(opened.parameters)).all(), experiment


def main() -> int:
    """Watch as many runs of each family as are asked for."""
    parser = parser_of(__doc__)
    parser.add_argument("--count", type=int, default=1000, help="runs of each family")
    parser.add_argument("--seed", type=int, default=0, help="of the first configuration")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    goals, longest = Goals(), 0.0
    for name, family in FAMILIES.items():
        seen = []
        for seed in range(options.seed, options.seed + options.count):
            with goals.trial(f"{name}, seed {seed}"):
                diverged, seconds = watch(experiment_of(seed, family), family.edited)
                longest = max(longest, seconds)
                seen.append((seed, diverged))
        wrong = [seed for seed, diverged in seen if diverged is (not family.diverges)]
        n_diverged = sum(diverged for _, diverged in seen)
        print(f"{name}: {n_diverged} of {len(seen)} runs were called diverged", flush=True)
        if family.diverges is not None:
            what = "missed" if family.diverges else "false alarms"
            goals.at_most(f"{name}, {what}", len(wrong), 0)
            if wrong:
                print(f"  seeds {wrong}")
    goals.at_most("longest chunk", 1000 * longest, LONGEST_MS, " ms")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
