"""A question under the run bar: it blocks nothing and waits for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget
from shiboken6 import isValid

from playground.ui.controls.base import KeepsKeys, Label, Themed, apply_theme_below
from playground.ui.controls.buttons import Button
from playground.ui.icons import draw_icon
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import BODY_PX, PANEL_PADDING, Theme

MARGIN_V = 8
BUTTON_H = 32
ICON = 16

Answer = tuple[str, Callable[[], None]]


class QuestionBar(QWidget, Themed):
    """One sentence and up to four answers; Escape is the last of them.

    A new question takes the place of one that was not answered. Once there is none, the focus goes
    back to where it was before.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers: Sequence[Answer] = ()
        self._is_failure = False
        self._before: QWidget | None = None  # what had the focus when the first was asked
        self.words = Label("", BODY_PX, 500, "ink1")
        self.words.setAccessibleName("Question")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.buttons = [Button(" ", padding=12, height=BUTTON_H) for _ in range(4)]
        row = QHBoxLayout(self)
        row.setContentsMargins(PANEL_PADDING + ICON + 8, MARGIN_V, PANEL_PADDING, MARGIN_V + 1)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in self.buttons:
            button.clicked.connect(self._on_clicked)
            row.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What is asked; "" if nothing is."""
        return self.words.text() if self._answers else ""

    def ask(self, text: str, *answers: Answer, failure: bool = False) -> None:
        """Show a sentence with its answers, each a button's text and what it does."""
        had_focus = self._has_focus()
        if not had_focus:
            self._before = self.window().focusWidget()
        self._answers, self._is_failure = answers, failure
        self.words.setText(text)
        self.words.setToolTip(plain_tool_tip(text))
        for k, button in enumerate(self.buttons):
            used = k < len(answers)
            button.setVisible(used)
            if used:
                button.setText(answers[k][0])
                button.setAccessibleName(answers[k][0])
        if had_focus and not self._has_focus():  # its button is not one of these answers
            self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        self.show()
        self.update()

    def withdraw(self) -> None:
        """Ask no longer."""
        self._answers = ()
        if self._has_focus():
            self._give_focus_back()
        self.hide()

    def _has_focus(self) -> bool:
        focused = self.window().focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _give_focus_back(self) -> None:
        """Let nothing else have the focus: hiding would pass it on to the button that resets."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            shown = isinstance(before, KeepsKeys) and before.shows_focus
            tab, other = Qt.FocusReason.TabFocusReason, Qt.FocusReason.OtherFocusReason
            before.setFocus(tab if shown else other)
        else:
            for button in self.buttons:
                button.clearFocus()

    def answer(self, index: int) -> None:
        """Give an answer, as its button does."""
        _, act = self._answers[index]
        self.withdraw()
        act()

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, Button) and self._answers:
            self.answer(self.buttons.index(sender))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Escape as the last answer."""
        if event.key() == Qt.Key.Key_Escape and self._answers:
            self.answer(len(self._answers) - 1)
        else:
            super().keyPressEvent(event)

    def apply_theme(self, theme: Theme) -> None:
        """Take a theme up, the buttons too."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the bar, draw its sign and its lower edge."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(self.rect(), theme.danger_soft if self._is_failure else theme.raised)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.line)
        box = QRectF(PANEL_PADDING, (self.height() - ICON) / 2, ICON, ICON)
        ink = theme.danger if self._is_failure else theme.ink1
        draw_icon(painter, "warning", box, ink)
