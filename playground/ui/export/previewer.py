"""Draws what the export dialog shows of the picture it is set to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from playground.core.export.animation import check_size, estimated_bytes
from playground.core.focus import NOTHING
from playground.core.snapshot import Snapshot
from playground.ui.export.dialog import ExportDialog
from playground.ui.export.helper import ExportHelper
from playground.ui.export.options import Kind
from playground.ui.export.order import PictureOrder
from playground.ui.export.unseen import drawn_in
from playground.ui.picture import PictureSpec, draw_image
from playground.ui.picture import check_size as check_picture_size
from playground.ui.staging import shown_size
from playground.ui.theme import Theme
from playground.ui.turns import Steps, Turns

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

SIDE = 1100.0
_EXPLAINED = {
    Kind.TABLE: "One line per observation, as it is now.",
    Kind.CODE: "A script that trains again and asserts the logged losses.",
    Kind.PAGE: "One file that replays the run in any browser.",
}


class Previewer(QObject):
    """Keeps the dialog's preview up to date, with the numbers that the chosen view asks for."""

    def __init__(
        self, window: MainWindow, dialog: ExportDialog, helper: ExportHelper, turns: Turns
    ) -> None:
        super().__init__(dialog)
        self._window, self._dialog, self._helper = window, dialog, helper
        self._turns = turns
        self._is_refused = self._is_queued = False
        self._unanswered = NOTHING

    def draw(self) -> None:
        """Draw the preview anew, or say why there is none."""
        if not self._is_queued:
            self._is_queued = True
            self._turns.take(self._drawing())

    def _drawing(self) -> Steps[None]:
        self._is_queued = False
        dialog, window = self._dialog, self._window
        if not dialog.isVisible():
            return
        options = dialog.options
        kind = options.kind
        if kind not in (Kind.PICTURE, Kind.ANIMATION):
            self.stop()
            self._refuse("")
            dialog.preview.show_picture(None, _EXPLAINED[kind])
            return
        self._unanswered = window.focus_of(options.chosen_view)
        window.controller.look_at(self._unanswered, "preview")
        widget, snapshot = window.views[options.chosen_view], window.controller.snapshot
        try:
            order = PictureOrder.of(options)
            page = order.page(snapshot, None)
            note = self._note(page)
            size = page.size or shown_size(widget)
            scale = min(2.0, max(0.1, SIDE / max(size)))
            draw = partial(self._drawn, widget, order, scale)
            image = yield from drawn_in(window, widget, order.is_light, draw, scale)
        except ValueError as error:
            dialog.preview.show_picture(None, "")
            self._refuse(str(error))
            return
        self._refuse("")
        dialog.preview.show_picture(image, note, can_be_dragged=kind is Kind.PICTURE)

    def _drawn(self, widget: QWidget, order: PictureOrder, scale: float, theme: Theme) -> QImage:
        # The run may go on between two turns: words and picture are of the same moment.
        page = order.page(self._window.controller.snapshot, None, scale)
        return draw_image(widget, page, theme)

    def _refuse(self, problem: str) -> None:
        """Say why nothing can be saved as the form is set; "" takes that back."""
        is_running = self._helper.is_running
        if problem:
            self._dialog.show_progress(problem, is_running)
            self._dialog.save.setEnabled(False)
        elif self._is_refused and not is_running:
            self._dialog.show_progress("", False)
        self._is_refused = bool(problem)

    def see(self, snapshot: Snapshot) -> None:
        """Have the preview drawn again if a snapshot brings the numbers it lacked."""
        if self._unanswered != NOTHING and snapshot.answers.cover(self._unanswered):
            self._unanswered = NOTHING
            if self._dialog.isVisible():
                self._dialog.refresh()

    def stop(self) -> None:
        """Ask the training for nothing more."""
        self._unanswered = NOTHING
        self._window.controller.look_at(NOTHING, "preview")

    def _note(self, spec: PictureSpec) -> str:
        options = self._dialog.options
        if options.kind is Kind.ANIMATION:
            frame, frames = options.frame_size, round(options.frames.value)
            check_size(*frame, frames)
            megabytes = estimated_bytes(options.ending, *frame, frames) / 1e6
            return f"{frames} frames of {frame[0]} × {frame[1]} pixels, about {megabytes:.1f} MB"
        wide, high = spec.size or shown_size(self._window.views[options.chosen_view])
        if options.ending != ".png":
            return f"{round(wide)} × {round(high)}, vectors with real text · drag it into a slide"
        check_picture_size(wide * spec.scale, high * spec.scale)
        pixels = f"{round(wide * spec.scale)} × {round(high * spec.scale)} pixels"
        return f"{pixels} · drag it into a slide"
