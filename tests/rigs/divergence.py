"""V1: ``python -m tests.rigs.divergence --count 1000 --seed 0``: divergence is seen, and only it.

Diverging configurations must be noticed within one chunk of the first number that is not finite,
and keep a finite state; healthy ones must never be called diverged.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from time import perf_counter

import numpy as np

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Optimizer,
    TrainingSpec,
)
from playground.core.parameters import to_flat
from playground.core.run import Run
from playground.session.pace import ChunkSize

CHUNKS = 40
KINDS = (DatasetKind.CIRCLE, DatasetKind.XOR, DatasetKind.GAUSS, DatasetKind.SPIRAL)


def experiment_of(seed: int, diverging: bool) -> Experiment:
    """Return a configuration whose steps are far too long, or one that is known to be calm."""
    rng = random.Random(seed)
    base = Experiment(data=DataSpec(rng.choice(KINDS), n_samples=rng.randint(20, 200), seed=seed))
    rate = 10.0 ** rng.uniform(3.0, 10.0) if diverging else 10.0 ** rng.uniform(-4.0, -1.5)
    activation = Activation.LINEAR if diverging else rng.choice([Activation.TANH, Activation.RELU])
    hidden = tuple(replace(layer, activation=activation) for layer in base.network.hidden)
    output = Activation.LINEAR if diverging else base.network.output_activation
    network = replace(base.network, hidden=hidden, output_activation=output)
    training = TrainingSpec(
        optimizer=Optimizer.SGD if diverging else rng.choice(list(Optimizer)),
        learning_rate=rate,
        batch_size=rng.randint(1, 30),
    )
    return replace(base, network=network, training=training, seed=seed)


def watch(experiment: Experiment) -> tuple[bool, float]:
    """Train chunk by chunk; return whether it was called diverged, and the longest chunk."""
    run, chunk, longest = Run(experiment), ChunkSize(), 0.0
    for _ in range(CHUNKS):
        started, blocks = perf_counter(), run.blocks
        run.advance(chunk.steps(run.blocks_per_step), chunk.blocks)
        seconds = perf_counter() - started
        chunk.learn(run.blocks - blocks, seconds)
        longest = max(longest, seconds)
        assert np.isfinite(to_flat(run.parameters)).all(), experiment
        if run.divergence is not None:
            break
    shown = run.snapshot()
    finite = [shown.train_loss, *shown.history.train_loss.tolist(), *shown.output_map.ravel()]
    assert np.isfinite(finite).all(), experiment
    return run.divergence is not None, longest


def main() -> None:
    """Watch as many diverging and healthy runs as are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="of the first configuration")
    options = parser.parse_args()
    count, seeds = options.count, range(options.seed, options.seed + options.count)
    print(f"seed {options.seed}", flush=True)
    missed, longest = [], 0.0
    for seed in seeds:
        seen, seconds = watch(experiment_of(seed, True))
        longest = max(longest, seconds)
        if not seen:
            missed.append(seed)
    alarms = [seed for seed in seeds if watch(experiment_of(seed, False))[0]]
    print(f"{count} diverging runs: missed {missed}, longest chunk {1000 * longest:.1f} ms")
    print(f"{count} healthy runs: false alarms {alarms}")
    raise SystemExit(1 if missed or alarms else 0)


if __name__ == "__main__":
    main()
