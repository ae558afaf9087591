"""What the export dialog is set to when something is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground.core.export.animation import check_size
from playground.core.export.code import TARGETS
from playground.core.snapshot import Snapshot
from playground.ui.export.caption import settings_caption
from playground.ui.export.options import ExportOptions, Kind
from playground.ui.picture import PictureSpec


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """A picture that is asked for; the numbers come from a later moment of the run.

    Attributes
    ----------
    view : a key of ``MainWindow.views``.
    ending : the file's.
    is_light : whether it is drawn in the light theme, whatever the window shows.
    has_caption, carries : whether it tells its settings, and carries its experiment.
    """

    view: str
    ending: str
    is_light: bool
    has_caption: bool
    carries: bool
    _page: PictureSpec

    @classmethod
    def of(cls, options: ExportOptions) -> PictureOrder:
        """Return what the form is set to.

        Raises
        ------
        ValueError
            When the picture would be too large.
        """
        size, scale, dots = options.page_size
        page = PictureSpec(
            size=size,
            scale=scale,
            title=options.title.text().strip(),
            legend=options.legend.isChecked(),
            transparent=options.clear.isChecked() and options.kind is Kind.PICTURE,
            dots_per_inch=dots,
        )
        return cls(
            options.chosen_view,
            options.ending,
            options.light.isChecked(),
            options.caption.isChecked(),
            options.carry.isChecked(),
            page,
        )

    def page(
        self, snapshot: Snapshot | None, experiment: bytes | None, scale: float | None = None
    ) -> PictureSpec:
        """Return how the picture of a moment is drawn; `scale` is used instead of what is asked."""
        caption = ""
        if self.has_caption and snapshot is not None:
            caption = settings_caption(snapshot)
        return replace(
            self._page,
            caption=caption,
            experiment=experiment if self.carries else None,
            scale=self._page.scale if scale is None else scale,
        )


def helper_order(options: ExportOptions, is_dark: bool) -> tuple[str, list[str]]:
    """Return the command and its arguments, but for the file, for a kind that trains again.

    Raises
    ------
    ValueError
        When an animation would be too large or too small.
    """
    given = ["--epochs", str(round(options.epochs.value))]
    if options.kind is Kind.CODE:
        return "export-code", [*given, "--target", TARGETS[options.target.currentIndex()]]
    given += ["--frames", str(round(options.frames.value))]
    if options.kind is Kind.PAGE:
        return "export-html", given
    size = options.frame_size
    check_size(*size, round(options.frames.value))
    given += ["--view", options.chosen_view, "--size", f"{size[0]}x{size[1]}"]
    given += ["--seconds", f"{options.seconds.value:g}", "--theme", "dark" if is_dark else "light"]
    given += [f"--title={options.title.text().strip()}"]
    given += ["--caption"] * options.caption.isChecked()
    given += ["--no-legend"] * (not options.legend.isChecked())
    given += ["--no-experiment"] * (not options.carry.isChecked())
    return "render", given
