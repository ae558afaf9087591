"""The export menu: which view, at which scale, in which theme, to a file or the clipboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from playground.ui.export.options import Kind

SCALES = (1, 2, 3, 4)
DEFAULT_SCALE = 2


class ExportMenu(QMenu):
    """Offers the export dialog and quick pictures, and says how those are drawn.

    Parameters
    ----------
    views : names of the views, the window first.

    Signals
    -------
    dialog_wanted(str) : more than a quick picture is wanted: "Picture", "Animation", …
    save_wanted(str) : this view is to be saved as it is.
    copy_wanted() : the window is to be copied as it is.
    """

    dialog_wanted = Signal(str)
    save_wanted = Signal(str)
    copy_wanted = Signal()

    def __init__(self, views: Sequence[str], parent: QWidget) -> None:
        super().__init__("Export", parent)
        for kind in Kind:
            action = QAction(f"{kind.value}…", self)
            action.setData(kind.value)
            action.triggered.connect(self._on_dialog_triggered)
            self.addAction(action)
        self.addSeparator()
        window, *others = views
        self.save_actions = {window: self._save_action(f"Save {window} as PNG…", window)}
        self.addAction(self.save_actions[window])
        parts = QMenu("Save a view as PNG", self)
        self.addMenu(parts)
        for view in others:
            self.save_actions[view] = self._save_action(f"{view.capitalize()}…", view)
            parts.addAction(self.save_actions[view])
        self.copy = QAction("Copy window to clipboard", self)
        self.copy.setShortcut("Ctrl+Shift+C")
        self.copy.triggered.connect(self.copy_wanted)
        self.addAction(self.copy)
        self.addSeparator()
        sizes = QMenu("Scale of these pictures", self)
        self.addMenu(sizes)
        self._scales = QActionGroup(self)
        for scale in SCALES:
            action = QAction(f"{scale}×", self, checkable=True)
            action.setData(scale)
            action.setChecked(scale == DEFAULT_SCALE)
            self._scales.addAction(action)
            sizes.addAction(action)
        self.light = QAction("Light, for slides", self, checkable=True)
        self.addAction(self.light)

    def _save_action(self, text: str, view: str) -> QAction:
        action = QAction(text, self)
        action.setData(view)
        action.triggered.connect(self._on_save_triggered)
        return action

    @property
    def scale(self) -> int:
        """Pixels of the picture per pixel of the window."""
        return int(self._scales.checkedAction().data())

    def set_scale(self, scale: int) -> None:
        """Choose another scale, 1–4."""
        self._scales.actions()[SCALES.index(scale)].setChecked(True)

    def _on_dialog_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.dialog_wanted.emit(str(sender.data()))

    def _on_save_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.save_wanted.emit(str(sender.data()))
