"""The command line: ``python -m playground`` opens the window, ``render`` makes a picture."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

VIEWS = ("window", "network", "output", "loss", "weights", "gradients")
MAX_PIXELS = 100_000_000
USAGE_ERROR = 2


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"a size is WIDTHxHEIGHT, e.g. 1440x900, got {text!r}")
    return int(found[1]), int(found[2])


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 1.0 <= scale <= 4.0:
        raise argparse.ArgumentTypeError(f"a scale is a number from 1 to 4, got {text!r}")
    return scale


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise argparse.ArgumentTypeError(f"a whole number from 0 is needed, got {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tinyml-playground", description="See how a neural network learns."
    )
    commands = parser.add_subparsers(dest="command")
    render = commands.add_parser("render", help="make a picture without a display")
    render.add_argument("experiment", metavar="EXPERIMENT", help="a preset's name")
    render.add_argument("--out", type=Path, required=True, metavar="FILE.png")
    render.add_argument("--epochs", type=_count, default=0, metavar="N")
    render.add_argument("--view", choices=VIEWS, default="window")
    render.add_argument("--size", type=_size, default=(1440, 900), metavar="WxH")
    render.add_argument("--scale", type=_scale, default=1.0)
    render.add_argument("--theme", choices=("light", "dark"), default="light")
    render.add_argument("--seed", type=_count, default=None, metavar="S")
    return parser


def _render(options: argparse.Namespace) -> int:
    from playground.core.experiment import presets

    known = presets()
    if options.experiment not in known:
        print(f"There is no preset {options.experiment!r}. Presets: {', '.join(known)}.",
              file=sys.stderr)
        return USAGE_ERROR
    if options.out.suffix.lower() != ".png":
        print(f"The picture's name must end in .png, got {options.out.name!r}.", file=sys.stderr)
        return USAGE_ERROR
    width, height = options.size
    if width * height * options.scale**2 > MAX_PIXELS:
        print("The picture would have more than 100 million pixels.", file=sys.stderr)
        return USAGE_ERROR
    experiment = known[options.experiment]
    if options.seed is not None:
        experiment = experiment.with_seed(options.seed % 2**32)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = "1"
    from playground.app import render_picture

    return render_picture(
        experiment,
        options.out,
        epochs=options.epochs,
        view=options.view,
        size=options.size,
        scale=options.scale,
        theme=options.theme,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "render":
        return _render(options)
    from playground.display import display_problem

    problem = display_problem()
    if problem is not None:
        print(problem, file=sys.stderr)
        return USAGE_ERROR
    from playground.app import run

    return run()


if __name__ == "__main__":
    raise SystemExit(main())
