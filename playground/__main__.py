"""The command line: opens the window, or renders a picture without a display."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.core.experiment import Experiment, presets
from playground.display import display_problem, import_problem

VIEWS = ("window", "network", "output", "loss", "weights", "gradients")
MAX_PIXELS = 16_384
"""Along one side of a picture."""
USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, 1 (failed) or 2 (cannot be asked)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["render"]:
        return _render(given[1:])
    parser = argparse.ArgumentParser(
        prog="playground",
        description="Watch scalar autograd train a neural network.",
        epilog="playground render EXPERIMENT --out FILE.png draws a picture without a display;"
        " see playground render --help.",
    )
    parser.add_argument(
        "experiment",
        nargs="?",
        type=_experiment_or_file,
        help=f"a file, or one of {', '.join(presets())}",
    )
    options = parser.parse_args(given)
    problem = display_problem()
    if problem is not None:
        print(problem, file=sys.stderr)
        return USAGE_ERROR
    try:
        from playground.app import run
    except ImportError as error:
        print(import_problem(error), file=sys.stderr)
        return USAGE_ERROR
    if isinstance(options.experiment, Path):
        return run(file=options.experiment)
    return run(options.experiment)


def _render(given: Sequence[str]) -> int:
    options = _render_parser().parse_args(given)
    experiment = options.experiment
    if options.seed is not None:
        experiment = experiment.with_seed(options.seed)
    # Set before Qt is imported; the other variables would change the picture.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI", "QT_STYLE_OVERRIDE"):
        os.environ.pop(name, None)
    try:
        from playground.app import Picture, render
    except ImportError as error:
        print(import_problem(error), file=sys.stderr)
        return USAGE_ERROR
    picture = Picture(
        experiment,
        options.out,
        options.epochs,
        options.view,
        options.size,
        options.scale,
        options.theme,
    )
    try:
        snapshot = render(picture)
    except OSError as error:
        print(f"{options.out} was not written: {error}", file=sys.stderr)
        return 1
    if snapshot.divergence is not None:
        print(snapshot.divergence.message, file=sys.stderr)
    print(f"train loss: {_number(snapshot.train_loss)}")
    print(f"test loss: {_number(snapshot.test_loss)}")
    print(f"train accuracy: {_number(snapshot.train_accuracy)}")
    print(f"test accuracy: {_number(snapshot.test_accuracy)}")
    return 0


def _render_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="playground render",
        description="Train an experiment and draw it, without a display.",
    )
    parser.add_argument("experiment", type=_experiment, help=f"a preset: {', '.join(presets())}")
    parser.add_argument("--out", type=_png, required=True, metavar="FILE.png")
    parser.add_argument("--epochs", type=_epochs, default=0, help="default: 0, untrained")
    parser.add_argument("--view", choices=VIEWS, default="window")
    parser.add_argument(
        "--size", type=_size, default=(1440, 900), metavar="WxH", help="logical size"
    )
    parser.add_argument("--scale", type=_scale, default=1.0, help="1–4 pixels per logical pixel")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--seed", type=_seed, help="draws data and weights; default: the preset's")
    return parser


def _experiment_or_file(name: str) -> Experiment | Path:
    if name not in presets() and (Path(name).suffix or os.path.lexists(name)):
        return Path(name)
    return _experiment(name)


def _experiment(name: str) -> Experiment:
    known = presets()
    if name not in known:
        raise argparse.ArgumentTypeError(
            f"there is no preset {name!r}; the presets are: {', '.join(known)}"
        )
    return known[name]


def _png(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"the file's name must end in .png, got {text!r}")
    if path.is_dir() or not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r} to write to")
    return path


def _epochs(text: str) -> int:
    return _whole(text, "the number of epochs", 10_000_000)


def _seed(text: str) -> int:
    return _whole(text, "the seed", 2**32 - 1)


def _whole(text: str, what: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise argparse.ArgumentTypeError(
            f"{what} must be a whole number from 0 to {most}, got {text!r}"
        )
    return int(text)


def _size(text: str) -> tuple[int, int]:
    parts = text.lower().split("x")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"a size looks like 1440x900, got {text!r}")
    width, height = (_whole(part, "a side", MAX_PIXELS) for part in parts)
    if min(width, height) < 16:
        raise argparse.ArgumentTypeError(f"a side must be at least 16, got {text!r}")
    return width, height


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 1.0 <= scale <= 4.0:
        raise argparse.ArgumentTypeError(f"the scale must be between 1 and 4, got {text!r}")
    return scale


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


if __name__ == "__main__":
    sys.exit(main())
