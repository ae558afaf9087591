"""Copies and saves single views, at the scale and in the theme that the export menu has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.core.files.errors import ExperimentFileError
from playground.ui.picture import save_png
from playground.ui.plot_chrome import ViewTask

if TYPE_CHECKING:
    from playground.ui.right_panel import ViewRequest


class ViewPictures(QObject):
    """Does what a view's own menu offers.

    Parameters
    ----------
    draw : returns the picture of a view.
    parent : the window that file dialogs belong to.

    Signals
    -------
    message_raised(str) : what was copied or saved.
    failed(str) : why a picture could not be saved.
    """

    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(self, draw: Callable[[QWidget], QImage], parent: QWidget) -> None:
        super().__init__(parent)
        self._draw, self._window = draw, parent
        self._image = QImage()
        self._dialog: QFileDialog | None = None

    def carry_out(self, request: ViewRequest) -> None:
        """Copy the picture, or ask where to save it."""
        image = self._draw(request.view)
        if request.task is ViewTask.COPY:
            QGuiApplication.clipboard().setImage(image)
            size = f"{image.width()} × {image.height()}"
            self.message_raised.emit(f"Copied {request.name}, {size} pixels")
            return
        # The picture is that of the moment when it was asked for.
        self._image = image
        if self._dialog is not None:
            self._dialog.raise_()
            return
        dialog = QFileDialog(self._window, f"Save {request.name} as PNG")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PNG picture (*.png)")
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{request.name.lower().replace(' ', '-')}.png")
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(self._on_finished)
        self._dialog = dialog
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the picture that was asked for last."""
        try:
            save_png(self._image, path)
        except (OSError, ExperimentFileError) as error:
            self.failed.emit(f"{path.name}: {error}")
            return
        size = f"{self._image.width()} × {self._image.height()}"
        self.message_raised.emit(f"Saved {path.name}, {size} pixels")

    def _on_file_selected(self, name: str) -> None:
        self.save(Path(name))

    def _on_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
