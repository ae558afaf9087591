"""The export menu: which view, at which scale, in which theme, to a file or the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from playground.ui.export.options import Kind
from playground.ui.picture import save_png

SCALES = (1, 2, 3, 4)
DEFAULT_SCALE = 2


class ExportMenu(QMenu):
    """Saves and copies pictures; asks for the file without blocking the window.

    Parameters
    ----------
    views : names of the views, the window first.
    draw : returns the picture of a view at a scale; True asks for the light theme.
    suggest : returns a file name, without suffix, for a view.

    Signals
    -------
    message_raised(str) : what was saved or copied.
    failed(str) : why a picture could not be saved.
    dialog_wanted(str) : more than a quick picture is wanted: "Picture", "Animation", …
    """

    message_raised = Signal(str)
    failed = Signal(str)
    dialog_wanted = Signal(str)

    def __init__(
        self,
        views: Sequence[str],
        draw: Callable[[str, int, bool], QImage],
        suggest: Callable[[str], str],
        parent: QWidget,
    ) -> None:
        super().__init__("Export", parent)
        self._draw, self._suggest = draw, suggest
        self._pending = ""
        self._dialog: QFileDialog | None = None
        self._folder = ""
        for kind in Kind:
            action = QAction(f"{kind.value}…", self)
            action.setData(kind.value)
            action.triggered.connect(self._on_dialog_triggered)
            self.addAction(action)
        self.addSeparator()
        self.save_actions: dict[str, QAction] = {}
        for view in views:
            action = QAction(f"Save {view} as PNG…", self)
            action.setData(view)
            action.triggered.connect(self._on_save_triggered)
            self.addAction(action)
            self.save_actions[view] = action
        self.addSeparator()
        self.copy = QAction("Copy window to clipboard", self)
        self.copy.setShortcut("Ctrl+Shift+C")
        self.copy.triggered.connect(self._on_copy_triggered)
        self.addAction(self.copy)
        self.addSeparator()
        self._scales = QActionGroup(self)
        for scale in SCALES:
            action = QAction(f"Scale {scale}×", self, checkable=True)
            action.setData(scale)
            action.setChecked(scale == DEFAULT_SCALE)
            self._scales.addAction(action)
            self.addAction(action)
        self.addSeparator()
        self.light = QAction("Light, for slides", self, checkable=True)
        self.addAction(self.light)

    @property
    def scale(self) -> int:
        """Pixels of the picture per pixel of the window."""
        return int(self._scales.checkedAction().data())

    def set_scale(self, scale: int) -> None:
        """Choose another scale, 1–4."""
        self._scales.actions()[SCALES.index(scale)].setChecked(True)

    def ask_for_file(self, view: str) -> None:
        """Ask where to save the picture of `view`; the answer comes later."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        dialog = QFileDialog(self.parentWidget(), f"Save {view} as PNG")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter("PNG picture (*.png)")
        dialog.setDefaultSuffix("png")
        dialog.setDirectory(self._folder or str(Path.home()))
        dialog.selectFile(f"{self._suggest(view)}.png")
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(self._on_dialog_finished)
        self._pending, self._dialog = view, dialog
        dialog.open()

    def save(self, view: str, path: Path) -> bool:
        """Save the picture of `view`; return whether it was written and read back."""
        try:
            image = self._draw(view, self.scale, self.light.isChecked())
            save_png(image, path)
        except (ValueError, OSError) as error:
            self.failed.emit(f"{path.name}: {error}")
            return False
        self._folder = str(path.parent)
        self.message_raised.emit(f"Saved {path.name}, {image.width()} × {image.height()} pixels")
        return True

    def _on_dialog_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.dialog_wanted.emit(str(sender.data()))

    def _on_save_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.ask_for_file(str(sender.data()))

    def _on_file_selected(self, name: str) -> None:
        self.save(self._pending, Path(name))

    def _on_dialog_finished(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _on_copy_triggered(self) -> None:
        image = self._draw("window", self.scale, self.light.isChecked())
        QGuiApplication.clipboard().setImage(image)
        self.message_raised.emit(f"Copied {image.width()} × {image.height()} pixels")
