"""The console demo: ``python -m tinyml xor``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tinyml.datasets import make_dataset
from tinyml.nn import MultilayerPerceptron
from tinyml.optimizers import SGD
from tinyml.training import Trainer

REPORT_EVERY = 500
LEARNING_RATE = 0.1


def train_xor(epochs: int, seed: int) -> None:
    """Train 2→4→1 tanh on XOR and print the sum of the four squared errors as it falls."""
    data = make_dataset("xor-table")
    model = MultilayerPerceptron(2, [4, 1], "tanh", initializer="seed", seed=seed)
    rows = len(data.x)
    # The gradient of the sum is `rows` times that of the mean, which the trainer descends.
    trainer = Trainer(model, data.x, data.y, optimizer=SGD(LEARNING_RATE * rows))
    while trainer.epoch < epochs:
        done = trainer.epoch
        trainer.run(min(REPORT_EVERY, epochs - done))
        print(f"Epoch {trainer.epoch} | Total Loss: {trainer.losses[-1] * rows:.6g}")
    for (a, b), target, (prediction,) in zip(
        data.x, data.y, trainer.predict(data.x), strict=True
    ):
        print(f"Input: [{a:g}, {b:g}] | Target: {target:g} | Prediction: {prediction:.6f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="tinyml", description="A small scalar autograd library with a compiled tape."
    )
    commands = parser.add_subparsers(dest="command")
    xor = commands.add_parser("xor", help="train a 2-4-1 network on XOR and print its progress")
    xor.add_argument("--epochs", type=int, default=300_000)
    xor.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    if options.epochs < 1:
        parser.error(f"--epochs must be at least 1, got {options.epochs}")
    train_xor(options.epochs, options.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
