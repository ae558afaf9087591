"""Pictures that the export dialog asks for: taken as it is set at the click, of that moment."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from playground.ui.export.caption import suggested_name
from playground.ui.export.dialog import ExportDialog
from playground.ui.export.moment import Moment
from playground.ui.export.order import PictureOrder
from playground.ui.export.quick import copy_problem
from playground.ui.export.unseen import drawn_in
from playground.ui.export.writer import FileWriter, Made, Make
from playground.ui.picture import PictureSpec, draw_image, packed, prepared
from playground.ui.theme import Theme
from playground.ui.turns import Steps

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

Drawn = TypeVar("Drawn")
Then = Callable[[PictureOrder, bytes], Steps[None]]


class PictureTasks(QObject):
    """Copies, hands out for dragging, or prepares for a file what the dialog shows.

    Signals
    -------
    message_raised(str), failed(str) : how it went.
    """

    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(
        self, window: MainWindow, dialog: ExportDialog, moment: Moment, writer: FileWriter
    ) -> None:
        super().__init__(dialog)
        self._window, self._dialog = window, dialog
        self._moment, self._writer = moment, writer
        self._awaited: set[Hashable] = set()

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        self._await("copy", partial(self._make, self._on_made_to_copy))

    def drag(self) -> None:
        """Make the file that is dragged out of the preview."""
        self._await("drag", self._make_to_drag)

    def prepare(self, purpose: Hashable, then: Callable[[PictureOrder, Make], None]) -> None:
        """Draw the picture and call `then` with what makes its file.

        While one is awaited for a purpose, no second one is drawn for it.
        """
        self._await(purpose, partial(self._prepare, then))

    def _await(self, purpose: Hashable, then: Then) -> None:
        if purpose in self._awaited:
            return
        try:
            order = PictureOrder.of(self._dialog.options)
        except ValueError as error:
            self.failed.emit(f"No picture: {error}")
            return
        self._awaited.add(purpose)
        come = partial(self._come, purpose, self._run_id, order, then)
        self._moment.take(come, self._window.focus_of(order.view))

    @property
    def _run_id(self) -> int | None:
        snapshot = self._window.controller.snapshot
        return None if snapshot is None else snapshot.run_id

    def _come(
        self,
        purpose: Hashable,
        run_id: int | None,
        order: PictureOrder,
        then: Then,
        experiment: bytes,
    ) -> Steps[None]:
        try:
            if run_id is not None and run_id != self._run_id:
                self.failed.emit("No picture: another run has begun meanwhile.")
            else:
                yield from then(order, experiment)
        except Exception:  # one that is only given up will be done again, and is awaited still
            self._awaited.discard(purpose)
            raise
        self._awaited.discard(purpose)

    def _draw(
        self,
        order: PictureOrder,
        experiment: bytes,
        draw: Callable[[QWidget, PictureSpec, Theme], Drawn],
    ) -> Steps[Drawn | None]:
        """Return what is drawn; that nothing could be is told."""
        window = self._window
        widget = window.views[order.view]
        try:
            page = order.page(window.controller.snapshot, experiment)
            scale = page.scale if order.ending == ".png" else None
            work = partial(draw, widget, page)
            return (yield from drawn_in(window, widget, order.is_light, work, scale))
        except (ValueError, MemoryError) as error:
            self.failed.emit(f"No picture: {error}")
            return None

    def _prepare(
        self, then: Callable[[PictureOrder, Make], None], order: PictureOrder, experiment: bytes
    ) -> Steps[None]:
        make = yield from self._draw(order, experiment, partial(_prepared, order.ending))
        if make is not None:
            then(order, make)

    def _make(
        self, then: Callable[[QImage, Made], None], order: PictureOrder, experiment: bytes
    ) -> Steps[None]:
        drawn = yield from self._draw(order, experiment, _image_and_file)
        if drawn is not None:
            image, make = drawn
            self._writer.write(make, None, partial(then, image))

    def _make_to_drag(self, order: PictureOrder, experiment: bytes) -> Steps[None]:
        # Named now, after the epoch that is drawn: the preview may be of another one.
        name = suggested_name(self._window.controller, order.view) + ".png"
        return self._make(partial(self._on_made_to_drag, name), order, experiment)

    def _on_made_to_copy(self, image: QImage, made: Made) -> None:
        problem = copy_problem(image, made)
        if problem:
            self.failed.emit(problem)
        else:
            self.message_raised.emit(f"Copied {image.width()} × {image.height()} pixels")

    def _on_made_to_drag(self, name: str, image: QImage, made: Made) -> None:
        if made.problem:
            self.failed.emit(f"Nothing to drag: {made.problem}")
        else:
            self._dialog.preview.offer(image, made.content, name)


def _prepared(ending: str, widget: QWidget, page: PictureSpec, theme: Theme) -> Make:
    return prepared(widget, ending, page, theme)


def _image_and_file(widget: QWidget, page: PictureSpec, theme: Theme) -> tuple[QImage, Make]:
    image = draw_image(widget, page, theme)
    return image, partial(packed, image, page)
