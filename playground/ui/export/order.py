"""What a helper process is told: the command line for what the dialog is set to."""

from __future__ import annotations

from playground.core.export.code import TARGETS
from playground.ui.export.options import ExportOptions, Kind


def ordered(options: ExportOptions, is_dark: bool) -> tuple[str, list[str]]:
    """Return the command and its arguments, but for the file, for a kind that trains again."""
    given = ["--epochs", str(round(options.epochs.value))]
    if options.kind is Kind.CODE:
        return "export-code", [*given, "--target", TARGETS[options.target.currentIndex()]]
    given += ["--frames", str(round(options.frames.value))]
    if options.kind is Kind.PAGE:
        return "export-html", given
    size, _, _ = options.page_size
    assert size is not None
    given += ["--view", options.chosen_view, "--size", f"{size[0]}x{size[1]}"]
    given += ["--seconds", f"{options.seconds.value:g}", "--theme", "dark" if is_dark else "light"]
    given += [f"--title={options.title.text().strip()}"]
    given += ["--caption"] * options.caption.isChecked()
    given += ["--no-legend"] * (not options.legend.isChecked())
    given += ["--no-experiment"] * (not options.carry.isChecked())
    return "render", given
