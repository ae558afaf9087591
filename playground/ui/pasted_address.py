"""An address of TensorFlow Playground, pasted or dropped, becomes the experiment in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from playground.core.playground_address import Adopted, adopt_address, is_playground_address
from playground.ui.controls.base import Label, apply_theme_below
from playground.ui.controls.buttons import Button
from playground.ui.controls.scroll_area import OverlayScrollArea
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import TITLE_PX, Theme, scaled

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

NOTE_WIDTH = 440
SCREEN_SHARE = 0.6
"""How much of the screen's height the list of changes may take."""


class ChangesWindow(QDialog):
    """Lists what of an address could not be taken over as it stood; blocks nothing."""

    def __init__(self, notes: Sequence[str], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Changed values")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(8)
        column.addWidget(Label("Not as the address says", TITLE_PX, 600, "ink1"))
        self.notes = [Label(note) for note in notes]
        for label in self.notes:
            label.setWordWrap(True)
            label.setFixedWidth(scaled(NOTE_WIDTH))
            label.setToolTip(plain_tool_tip(label.text()))
            column.addWidget(label)
        column.addStretch(1)
        self.close_button = Button("Close", padding=14)
        self.close_button.clicked.connect(self.close)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 8, 24, 16)
        foot.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        area = OverlayScrollArea(content)
        area.show_all_of(content, self.screen(), SCREEN_SHARE)
        layout.addWidget(area)
        layout.addLayout(foot)
        apply_theme_below(self, theme)


class PastedAddress(QObject):
    """Edits the experiment of a window by an address; its child."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def take(self, text: str) -> bool:
        """Take up the experiment of an address; False if the text is none."""
        if not is_playground_address(text):
            return False
        window = self._window
        adopted = adopt_address(text)
        window.left.data.stop_drawing()
        speed = window.controller.experiment.training.speed
        window.edits.replace_experiment(adopted.experiment.with_speed(speed), "paste address")
        for wish, action in (
            (adopted.test_points, window.commands.test_points),
            (adopted.discretise, window.commands.discretise),
        ):
            if wish is not None:
                action.setChecked(wish)
        self._tell(adopted)
        return True

    def _tell(self, adopted: Adopted) -> None:
        window, notes = self._window, adopted.notes
        if len(notes) > 1:
            ChangesWindow(notes, window.appearance.theme, window).show()
            words = f"{len(notes)} settings differ from the address."
        else:
            words = notes[0] if notes else ""
        window.status.show_message(" ".join(("Address taken over.", words)).strip())
