"""Pictures without the export dialog: a view copied, or saved as PNG, as it is now."""

from __future__ import annotations

import atexit
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from playground.core.focus import Focus
from playground.ui.export.caption import suggested_name
from playground.ui.export.moment import Moment
from playground.ui.export.save_prompt import SavePrompt
from playground.ui.export.unseen import drawn_in
from playground.ui.export.writer import FileWriter, Made, Make
from playground.ui.picture import PictureSpec, draw_image, packed
from playground.ui.plot_chrome import ViewTask
from playground.ui.turns import Steps

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow
    from playground.ui.right_panel import ViewRequest


PROCESS_CLIPBOARDS = ("offscreen", "minimal", "vnc")
"""Platforms whose clipboard is a variable of the process, destroyed after Python's end."""


@cache
def _empty_at_exit() -> None:
    """Have Python's part of the clipboard deleted while there is a Python."""
    if QGuiApplication.platformName() in PROCESS_CLIPBOARDS:
        atexit.register(_empty_clipboard)


def _empty_clipboard() -> None:
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


def copied(image: QImage, png: bytes) -> bool:
    """Put a picture and its PNG file on the clipboard; return whether they are there."""
    _empty_at_exit()
    data = QMimeData()
    data.setImageData(image)
    data.setData("image/png", png)
    clipboard = QGuiApplication.clipboard()
    clipboard.setMimeData(data)
    found = clipboard.mimeData()
    # Where another program holds the clipboard, Qt has none to show, whatever its types say.
    return found is not None and bytes(found.data("image/png").data()) == png


def copy_problem(image: QImage, made: Made) -> str:
    """Copy a picture whose file is made; return what stood in the way, in words, or nothing."""
    if made.problem:
        return f"Not copied: {made.problem}"
    there = copied(image, made.content)
    return "" if there else "Not copied: the clipboard did not take the picture."


class QuickPictures(QObject):
    """Copies and saves views at the scale and in the theme that the export menu has.

    Signals
    -------
    message_raised(str), failed(str) : for the status line.
    """

    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(
        self, window: MainWindow, moment: Moment, writer: FileWriter, prompt: SavePrompt
    ) -> None:
        super().__init__(window)
        self._window, self._moment = window, moment
        self._writer, self._prompt = writer, prompt

    def carry_out(self, request: ViewRequest) -> None:
        """Do what a view's own menu asks: copy it, or ask where to save it."""
        if request.task is ViewTask.COPY:
            self.copy(request.view, request.name)
        else:
            self.ask_for_file(request.view, request.name, request.view.wanted)

    def copy(self, view: QWidget, name: str) -> None:
        """Put the picture of a view on the clipboard, with its experiment."""
        self._moment.take(partial(self._copy, view, name))

    def _copy(self, view: QWidget, name: str, experiment: bytes) -> Steps[None]:
        drawn = yield from self._draw(view, name, experiment)
        if drawn is not None:
            image, make = drawn
            self._writer.write(make, None, partial(self._on_made_to_copy, name, image))

    def _on_made_to_copy(self, name: str, image: QImage, made: Made) -> None:
        problem = copy_problem(image, made)
        if problem:
            self.failed.emit(problem)
        else:
            pixels = f"{image.width()} × {image.height()} pixels"
            self.message_raised.emit(f"Copied {name.lower()}, {pixels}")

    def ask_for_file(self, view: QWidget, name: str, focus: Focus) -> None:
        """Take the picture of a view now and ask where to save it; the answer comes later.

        `focus` is what the view asks of the training, also where it is not seen.
        """
        self._moment.take(partial(self._ask, view, name), focus)

    def _ask(self, view: QWidget, name: str, experiment: bytes) -> Steps[None]:
        drawn = yield from self._draw(view, name, experiment)
        if drawn is None:
            return
        what = name.lower().replace(" ", "-")
        proposed = suggested_name(self._window.controller, what) + ".png"
        title = f"Save {name.lower()} as PNG"
        self._prompt.ask(title, "PNG picture", proposed, partial(self._save, *drawn))

    def _draw(
        self, view: QWidget, name: str, experiment: bytes
    ) -> Steps[tuple[QImage, Make] | None]:
        """Return the picture and what makes its file; None if that could not be done."""
        if not isValid(view):
            self.failed.emit("No picture: the window was closed.")
            return None
        menu = self._window.export_menu
        spec = PictureSpec(scale=menu.scale, experiment=experiment)
        try:
            draw = partial(draw_image, view, spec)
            light = menu.light.isChecked()
            image = yield from drawn_in(self._window, view, light, draw, spec.scale)
        except (ValueError, MemoryError) as error:
            self.failed.emit(f"No picture of {name.lower()}: {error}")
            return None
        return image, partial(packed, image, spec)

    def _save(self, image: QImage, make: Make, path: Path) -> None:
        pixels = f"{image.width()} × {image.height()} pixels"
        self._writer.write(make, path, partial(self._on_written, path.name, pixels))

    def _on_written(self, name: str, pixels: str, made: Made) -> None:
        if made.problem:
            self.failed.emit(f"{name}: {made.problem}")
        else:
            self.message_raised.emit(f"Saved {name}, {pixels}")
