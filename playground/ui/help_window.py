"""Small windows of the help menu; they never block the main one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from playground.ui.controls.base import Label, apply_theme_below
from playground.ui.theme import READOUT_PX, TITLE_PX, Theme, scaled

ABOUT = (
    "A small neural network whose every number can be seen: one scalar autograd graph, "
    "recorded once, trained by compiled code.",
    "Typefaces: Inter and STIX Two Text, under the SIL Open Font License 1.1.",
)
TEXT_WIDTH = 360


class KeysWindow(QDialog):
    """Lists every action that has a key."""

    def __init__(self, actions: Sequence[QAction], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 24)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        grid.addWidget(Label("Keys", TITLE_PX, 600, "ink1"), 0, 0)
        for row, action in enumerate(actions, 1):
            name = action.text().replace("…", "")
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(Label(name), row, 0)
            grid.addWidget(Label(keys, weight=500, ink="ink1"), row, 1)
        apply_theme_below(self, theme)


class AboutWindow(QDialog):
    """Says what the program is and whose typefaces it carries."""

    def __init__(self, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(10)
        layout.addWidget(Label(title, READOUT_PX, 600, "ink1"))
        for text in ABOUT:
            label = Label(text)
            label.setWordWrap(True)
            label.setFixedWidth(scaled(TEXT_WIDTH))
            layout.addWidget(label)
        apply_theme_below(self, theme)
