"""Small windows of the help menu; they never block the main one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from playground.ui.controls.base import Hairline, Label, Themed, apply_theme_below
from playground.ui.controls.buttons import CheckBox
from playground.ui.controls.scroll_area import OverlayScrollArea
from playground.ui.menus import Actions
from playground.ui.theme import READOUT_PX, TITLE_PX, Theme, scaled

ABOUT = (
    "A small neural network whose every number can be seen: one scalar autograd graph, "
    "recorded once, trained by compiled code.",
    "Typefaces: Inter and STIX Two Text, under the SIL Open Font License 1.1.",
)
TEXT_WIDTH = 360
NETWORK_KEYS = (
    ("Move over the network", "← ↑ ↓ →"),
    ("Select a neuron; switch a feature", "Enter"),
    ("Add or remove a neuron", "+   −"),
    ("Insert a layer; remove it", "Insert   Ctrl+Delete"),
    ("Choose the activation of a layer", "A"),
    ("Edit a weight or bias: choose, then type", "W"),
    ("Close what is open; deselect", "Esc"),
)
MOUSE = (
    ("Add or remove neurons", "Drag the handle under a layer"),
    ("Insert or remove a layer", "+ between the heads, × beside one"),
    ("Edit a weight or bias", "Double-click an edge or a bias disc"),
    ("Change the number that is open", "Wheel; with Shift in small steps"),
    ("Zoom the network or the graph", "Ctrl and wheel"),
    ("Move what is zoomed", "Drag the paper, or anywhere with Space"),
)
SCREEN_SHARE = 0.8
"""How much of the screen's height the list of keys may take."""


class KeysWindow(QDialog, Themed):
    """Lists every action that has a key, the keys of the network and what the mouse does."""

    def __init__(self, commands: Actions, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._content = QWidget()
        columns = QHBoxLayout(self._content)
        columns.setContentsMargins(24, 20, 24, 16)
        columns.setSpacing(40)
        letters = commands.letter_keys
        rows = [(_name(action), commands.keys_of(action)) for action in commands.listed]
        half = (len(rows) + 1) // 2
        columns.addLayout(_list(("Everywhere", rows[:half]), ("Mouse", MOUSE)))
        columns.addLayout(_list(("", rows[half:]), ("When the network has focus", NETWORK_KEYS)))
        self.letters = CheckBox("Single-letter keys and Space")
        self.letters.setChecked(letters.isChecked())
        self.letters.toggled.connect(letters.setChecked)
        letters.toggled.connect(self.letters.setChecked)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 24, 16)
        foot.addWidget(self.letters)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.area = OverlayScrollArea(self._content)
        layout.addWidget(self.area)
        layout.addWidget(Hairline())
        layout.addLayout(foot)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take up theme and size of text."""
        apply_theme_below(self, theme)
        super().apply_theme(theme)

    def rescale(self) -> None:
        """Give the list the room that its words need now."""
        self.area.show_all_of(self._content, self.screen(), SCREEN_SHARE)


def _name(action: QAction) -> str:
    # The texts of undo and redo name the edit they would take back.
    text = action.text().split(" ")[0] if action.text().startswith(("Undo", "Redo")) else ""
    return text or action.text().replace("…", "")


def _list(*groups: tuple[str, Sequence[tuple[str, str]]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(20)
    for title, rows in groups:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(Label(title, TITLE_PX, 600, "ink1"), 0, 0)
        for row, (name, keys) in enumerate(rows, 1):
            grid.addWidget(Label(name), row, 0)
            grid.addWidget(Label(keys, weight=500, ink="ink1"), row, 1)
        column.addLayout(grid)
    column.addStretch(1)
    return column


class AboutWindow(QDialog, Themed):
    """Says what the program is and whose typefaces it carries."""

    def __init__(self, title: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(10)
        layout.addWidget(Label(title, READOUT_PX, 600, "ink1"))
        self._texts = [Label(text) for text in ABOUT]
        for label in self._texts:
            label.setWordWrap(True)
            layout.addWidget(label)
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Take up theme and size of text."""
        apply_theme_below(self, theme)
        super().apply_theme(theme)

    def rescale(self) -> None:
        """Set the length of the lines."""
        for label in self._texts:
            label.setFixedWidth(scaled(TEXT_WIDTH))
