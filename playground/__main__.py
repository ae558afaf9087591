"""The command line: opens the window, or makes pictures and other exports without a display."""

from __future__ import annotations

import gc
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playground.arguments import OneLineParser, export_parser, preset_or_file, render_parser
from playground.core.experiment import presets
from playground.display import display_problem, import_problem

if TYPE_CHECKING:
    from playground.headless import Picture

USAGE_ERROR = 2
COMMANDS = ("render", "export-code", "export-csv", "export-html")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code: 0, 1 (failed) or 2 (cannot be asked).

    The process is to end with it.
    """
    code = _answer(list(sys.argv[1:] if arguments is None else arguments))
    # Python searches everything for cycles before it ends: ten times as long as all the rest.
    gc.freeze()
    return code


def _answer(given: Sequence[str]) -> int:
    if given and given[0] in COMMANDS:
        # Raised in the middle of Qt's painting, a KeyboardInterrupt would crash or be lost.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if given[:1] == ["render"]:
        return _render(given[1:])
    for kind in ("code", "csv", "html"):
        if given[:1] == [f"export-{kind}"]:
            return _export(kind, given[1:])
    parser = OneLineParser(
        prog="playground",
        description="Watch scalar autograd train a neural network.",
        epilog="playground render EXPERIMENT --out FILE.png draws a picture without a display;"
        " export-code, export-csv and export-html write scripts, tables and pages;"
        " each tells more with --help.",
    )
    parser.add_argument(
        "experiment",
        nargs="?",
        type=preset_or_file,
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


def hide_display() -> None:
    """Have Qt, which must not be imported yet, draw without a display, alike everywhere."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for name in ("QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI", "QT_STYLE_OVERRIDE"):
        os.environ.pop(name, None)


def asked_picture(given: Sequence[str], options: Namespace) -> Picture:
    """Return what the arguments of `render`, which were read as `options`, ask for.

    Raises
    ------
    ValueError, ModuleNotFoundError
        If that cannot be drawn.
    """
    from playground.headless import Picture

    experiment, state = options.experiment
    if options.seed is not None:
        experiment, state = experiment.with_seed(options.seed), None
    epochs = options.epochs
    if epochs is None:
        epochs = () if state is not None else (0,)
    return Picture(
        experiment,
        options.out,
        epochs,
        state=state,
        view=options.view,
        size=options.size,
        scale=options.scale,
        theme=options.theme,
        frames=options.frames,
        seconds=options.seconds,
        title=options.title,
        has_caption=options.caption,
        legend=not options.no_legend,
        transparent=options.transparent,
        carries=not options.no_experiment,
        neuron=options.neuron,
        arguments=tuple(given),
    )


def _render(given: Sequence[str]) -> int:
    options = render_parser().parse_args(given)
    hide_display()
    try:
        from playground.headless import render
    except ImportError as error:
        print(import_problem(error), file=sys.stderr)
        return USAGE_ERROR
    try:
        picture = asked_picture(given, options)
    except (ValueError, ModuleNotFoundError) as error:
        print(f"playground render: {error}", file=sys.stderr)
        return USAGE_ERROR
    try:
        snapshot = render(picture)
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return USAGE_ERROR
    except (OSError, ValueError, MemoryError) as error:
        print(f"{options.out} was not written: {error}", file=sys.stderr)
        return 1
    if snapshot.divergence is not None:
        print(snapshot.divergence.message, file=sys.stderr)
    print(f"train loss: {_number(snapshot.train_loss)}")
    print(f"test loss: {_number(snapshot.test_loss)}")
    print(f"train accuracy: {_number(snapshot.train_accuracy)}")
    print(f"test accuracy: {_number(snapshot.test_accuracy)}")
    return 0


def _export(kind: str, given: Sequence[str]) -> int:
    options = export_parser(kind).parse_args(given)
    experiment, _ = options.experiment
    if options.seed is not None:
        experiment = experiment.with_seed(options.seed)
    from playground.core.export import documents

    try:
        if kind == "code":
            documents.write_code(experiment, options.epochs, options.target, options.out)
        elif kind == "html":
            # Colours and words are the window's, so this needs Qt, but no display.
            from playground.ui.export.web import write_page

            write_page(experiment, options.epochs, options.frames, options.out)
        else:
            documents.write_table(experiment, options.epochs, options.table, options.out)
    except ImportError as error:
        print(import_problem(error), file=sys.stderr)
        return USAGE_ERROR
    except (OSError, ValueError) as error:
        print(f"{options.out} was not written: {error}", file=sys.stderr)
        return 1
    except MemoryError:
        print(f"{options.out} was not written: out of memory, choose less", file=sys.stderr)
        return 1
    return 0


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.6g}"


if __name__ == "__main__":
    sys.exit(main())
