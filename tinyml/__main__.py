"""The console: ``python -m tinyml`` says what there is, ``python -m tinyml xor`` trains."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from textwrap import fill

from tinyml.datasets import DATASETS, make_dataset
from tinyml.initializers import INITIALIZERS
from tinyml.losses import LOSSES
from tinyml.nn import ACTIVATIONS, MultilayerPerceptron
from tinyml.ops import RULES, Op
from tinyml.optimizers import SGD
from tinyml.training import Trainer

REPORT_EVERY = 500
LEARNING_RATE = 0.1
MAX_SEED = 2**32 - 1

EXAMPLE = """\
    from tinyml import MLP, Adam, Trainer, make_dataset
    data = make_dataset("moons", 500, noise=0.1)
    trainer = Trainer(MLP(2, [8, 8, 1]), *data.train, optimizer=Adam(0.01), batch_size=10)
    trainer.run(epochs=100)
    print("mean squared error on the test set:", trainer.evaluate(*data.test))
"""


def overview() -> str:
    """Return what the library offers, from its own tables."""
    lists: dict[str, Iterable[str]] = {
        "operations": (rule.name for rule in RULES if rule.op is not Op.LEAF),
        "activations": ACTIVATIONS,
        "initialisers": INITIALIZERS,
        "losses": LOSSES,
        "optimisers": ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW"),
        "datasets": DATASETS,
    }
    lines = [
        fill(
            ", ".join(names), 88, initial_indent=f"  {title + ':':<14}", subsequent_indent=" " * 16
        )
        for title, names in lists.items()
    ]
    return "\n".join(["what the library has:", *lines, "", "five lines that train:", EXAMPLE])


def train_xor(epochs: int, seed: int) -> None:
    """Train 2→4→1 tanh on XOR and print the sum of the four squared errors as it falls."""
    data = make_dataset("xor-table")
    model = MultilayerPerceptron(2, [4, 1], "tanh", initializer="seed", seed=seed)
    rows = len(data)
    # The gradient of the sum is `rows` times that of the mean, which the trainer descends.
    trainer = Trainer(model, data.x, data.y, optimizer=SGD(LEARNING_RATE * rows))
    while trainer.epoch < epochs:
        trainer.run(min(REPORT_EVERY, epochs - trainer.epoch))
        print(f"Epoch {trainer.epoch} | Total Loss: {trainer.losses[-1] * rows:.6g}")
    for (a, b), target, (prediction,) in zip(data.x, data.y, trainer.predict(data.x), strict=True):
        print(f"Input: [{a:g}, {b:g}] | Target: {target:g} | Prediction: {prediction:.6f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="tinyml",
        description="Scalar autograd you can read, and a recorded tape that runs it compiled.",
        epilog=overview(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", title="commands")
    xor = commands.add_parser("xor", help="train a 2-4-1 network on XOR and print its progress")
    xor.add_argument("--epochs", type=int, default=300_000, help="passes over the four rows")
    xor.add_argument("--seed", type=int, default=0, help="decides the first weights")
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    if options.epochs < 1:
        parser.error(f"--epochs must be at least 1, got {options.epochs}")
    if not 0 <= options.seed <= MAX_SEED:
        parser.error(f"--seed must be 0 to {MAX_SEED}, got {options.seed}")
    train_xor(options.epochs, options.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
