"""Reads the command line: each argument is checked where it is read and named if it is wrong."""

from __future__ import annotations

import argparse
import os
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import NoReturn

from playground.core.experiment import Experiment, presets
from playground.core.export.carrier import load_carried
from playground.core.files import ExperimentFileError
from playground.core.run_state import RunState

VIEWS = (
    *("window", "network", "output", "loss", "weights", "gradients", "activations", "neuron"),
    *("parameter lines", "update-to-weight ratio", "gradient histograms", "optimiser state"),
    "per-sample gradients",
)
"""Views that always exist; the window may have more, whose names are checked when it is built."""
STILLS = (".png", ".svg", ".pdf")
MOVING = (".gif", ".webp", ".apng", ".mp4")
TARGETS = ("numpy", "tinyml", "micrograd", "pytorch")
MAX_SIDE = 16_384
MAX_EPOCHS = 10_000_000

Start = tuple[Experiment, RunState | None]


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` tells the rest."""

    def error(self, message: str) -> NoReturn:
        """Name the argument, end with code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def render_parser() -> argparse.ArgumentParser:
    """Return the parser of `render`."""
    parser = OneLineParser(
        prog="playground render",
        description="Train an experiment and draw it, without a display.",
    )
    _add_experiment(parser)
    parser.add_argument(
        "--out",
        type=picture_path,
        required=True,
        metavar="FILE",
        help=f"ends in one of {' '.join((*STILLS, *MOVING))}",
    )
    parser.add_argument(
        "--epochs",
        type=epoch_list,
        help="N, or A,B,C for exactly these: numbered files, or the frames of an animation;"
        " default: 0, untrained, or where a file's run was",
    )
    parser.add_argument("--frames", type=_frames, default=60, help="of an animation; default 60")
    parser.add_argument("--seconds", type=_seconds, default=6.0, help="of an animation; default 6")
    parser.add_argument("--view", default="window", help=f"{', '.join(VIEWS)}, …")
    parser.add_argument(
        "--neuron", type=_neuron, metavar="LAYER,INDEX", help="for the view neuron; from 1"
    )
    parser.add_argument(
        "--size", type=size, default=(1440, 900), metavar="WxH", help="logical size"
    )
    parser.add_argument("--scale", type=scale, default=1.0, help="1–4 pixels per logical pixel")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--seed", type=_seed, help="draws data and weights; default: the preset's")
    parser.add_argument("--title", default="", help="words above the view")
    parser.add_argument("--caption", action="store_true", help="the settings below the view")
    parser.add_argument("--no-legend", action="store_true", help="leave the network's legend out")
    parser.add_argument("--transparent", action="store_true", help="leave the ground out")
    parser.add_argument(
        "--no-experiment", action="store_true", help="do not put the experiment into the file"
    )
    return parser


def export_parser(kind: str) -> argparse.ArgumentParser:
    """Return the parser of `export-code`, `export-csv` or `export-html`."""
    what = {"code": "a script that proves itself", "csv": "its series", "html": "a web page"}
    ending = {"code": ".py", "csv": ".csv", "html": ".html"}[kind]
    parser = OneLineParser(
        prog=f"playground export-{kind}",
        description=f"Train an experiment and write {what[kind]}.",
    )
    _add_experiment(parser)
    epochs = _some_epochs if kind == "code" else _one_epoch
    parser.add_argument("--epochs", type=epochs, required=True, help="trained from the start")
    parser.add_argument(
        "--out",
        type=lambda text: path_ending(text, (ending,)),
        required=True,
        metavar=f"FILE{ending}",
    )
    parser.add_argument("--seed", type=_seed, help="draws data and weights; default: the preset's")
    if kind == "code":
        parser.add_argument("--target", choices=TARGETS, required=True)
    if kind == "csv":
        parser.add_argument(
            "--table",
            choices=("series", "weights", "gradients", "activations", "predictions", "dataset"),
            default="series",
        )
    if kind == "html":
        parser.add_argument("--frames", type=_frames, default=120, help="default 120")
    return parser


def _add_experiment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "experiment",
        type=start,
        help=f"a preset: {', '.join(presets())}; or a .tinyml file, or a picture that carries one",
    )


def start(text: str) -> Start:
    """Return the experiment of a preset's name or of a file, with the state of its run."""
    known = presets()
    if text in known:
        return known[text], None
    path = Path(text)
    if path.suffix or os.path.lexists(path):
        try:
            return load_carried(path)
        except ExperimentFileError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
    raise argparse.ArgumentTypeError(
        f"there is no preset or file {text!r}; the presets are: {', '.join(known)}"
    )


def preset_or_file(text: str) -> Experiment | Path:
    """Return a preset, or the path of a file, which the window opens."""
    known = presets()
    if text in known:
        return known[text]
    if Path(text).suffix or os.path.lexists(text):
        return Path(text)
    raise argparse.ArgumentTypeError(
        f"there is no preset or file {text!r}; the presets are: {', '.join(known)}"
    )


def path_ending(text: str, endings: tuple[str, ...]) -> Path:
    """Return the path of a file to write, which must have one of the endings."""
    path = Path(text)
    if path.suffix.lower() not in endings:
        raise argparse.ArgumentTypeError(
            f"the file's name must end in {' '.join(endings)}, got {text!r}"
        )
    # Path.is_dir raises where a name is too long.
    if os.path.isdir(path) or not os.path.isdir(path.parent):
        raise argparse.ArgumentTypeError(f"there is no folder {str(path.parent)!r} to write to")
    return path


def picture_path(text: str) -> Path:
    """Return the path of a picture to write."""
    return path_ending(text, (*STILLS, *MOVING))


def epoch_list(text: str) -> tuple[int, ...]:
    """Return one epoch, or several in rising order."""
    epochs = tuple(_one_epoch(part) for part in text.split(","))
    if any(b <= a for a, b in pairwise(epochs)):
        raise argparse.ArgumentTypeError(f"the epochs must rise, got {text!r}")
    return epochs


def _one_epoch(text: str) -> int:
    return whole(text, "the number of epochs", MAX_EPOCHS)


def _some_epochs(text: str) -> int:
    number = _one_epoch(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"there must be at least 1 epoch, got {text!r}")
    return number


def _frames(text: str) -> int:
    number = whole(text, "the number of frames", 1000)
    if number < 2:
        raise argparse.ArgumentTypeError(f"there must be at least 2 frames, got {text!r}")
    return number


def _seed(text: str) -> int:
    return whole(text, "the seed", 2**32 - 1)


def _neuron(text: str) -> tuple[int, int]:
    parts = text.split(",")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"a neuron looks like 2,3, got {text!r}")
    layer, index = (whole(part, "a neuron's number", 512) for part in parts)
    if layer < 1 or index < 1:
        raise argparse.ArgumentTypeError(f"layers and neurons count from 1, got {text!r}")
    return layer - 1, index - 1


def whole(text: str, what: str, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= most):
        raise argparse.ArgumentTypeError(
            f"{what} must be a whole number from 0 to {most}, got {text!r}"
        )
    return int(text)


def size(text: str) -> tuple[int, int]:
    """Return a size like 1440x900."""
    parts = text.lower().split("x")
    if len(parts) != 2:
        raise argparse.ArgumentTypeError(f"a size looks like 1440x900, got {text!r}")
    width, height = (whole(part, "a side", MAX_SIDE) for part in parts)
    if min(width, height) < 16:
        raise argparse.ArgumentTypeError(f"a side must be at least 16, got {text!r}")
    return width, height


def scale(text: str) -> float:
    """Return a scale between 1 and 4."""
    number = _number(text)
    if not 1.0 <= number <= 4.0:
        raise argparse.ArgumentTypeError(f"the scale must be between 1 and 4, got {text!r}")
    return number


def _seconds(text: str) -> float:
    number = _number(text)
    if not 0.1 <= number <= 600.0:
        raise argparse.ArgumentTypeError(f"the seconds must be 0.1 to 600, got {text!r}")
    return number


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if isfinite(number) else 0.0
