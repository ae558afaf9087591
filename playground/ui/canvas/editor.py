"""The field in which a weight or a bias is changed, on the card of its edge or disc."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.ui.controls.base import paint_box, set_font
from playground.ui.controls.number_field import MINUS, parse_number
from playground.ui.theme import RADIUS_FIELD, Theme

LIMIT = 1e6
STEP, FINE_STEP = 0.1, 0.01


class ValueEditor(QLineEdit):
    """One number: wheel and arrow keys step it, Enter takes typed text up, Escape restores it.

    Signals
    -------
    value_edited(float) : a person chose another value; emitted for each step.
    closed() : editing ended.
    """

    value_edited = Signal(float)
    closed = Signal()

    def __init__(self, name: str, value: float, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._first = self._value = value
        self._open = True
        self.setAccessibleName(name)
        self.setFrame(False)
        set_font(self, 12, 600)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setTextMargins(4, 0, 2, 0)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, theme.ink1)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Highlight, theme.ink1)
        palette.setColor(QPalette.ColorRole.HighlightedText, theme.on_ink)
        self.setPalette(palette)
        self._show()
        self.textEdited.connect(self.update)

    @property
    def value(self) -> float:
        """The value in force."""
        return self._value

    def _show(self) -> None:
        self.setText(f"{self._value:.6g}".replace("-", MINUS))
        self.selectAll()

    def _read(self) -> float | None:
        try:
            return parse_number(self.text(), -LIMIT, LIMIT)
        except ValueError:
            return None

    def _set(self, value: float) -> None:
        if value != self._value:
            self._value = value
            self.value_edited.emit(value)

    def step(self, count: float, fine: bool) -> None:
        """Change the value by `count` steps of 0.1, or 0.01 if `fine`."""
        start = self._read() if self.isModified() else self._value
        size = FINE_STEP if fine else STEP
        self._set(round((self._value if start is None else start) + count * size, 6))
        self._show()

    def commit(self) -> bool:
        """Take typed text up; return False where it is no number."""
        if self.isModified():
            value = self._read()
            if value is None:
                return False
            self._set(value)
        return True

    def take_up(self) -> None:
        """Enter what is typed, if it is a valid number; a wrong one stays framed."""
        if self.isModified() and self.commit():
            self._show()

    def drop_typed(self) -> None:
        """Show the value in force again, whatever is typed."""
        self._show()

    def close_editor(self) -> None:
        """End editing, once."""
        if self._open:
            self._open = False
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step, take up or restore."""
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if event.key() == Qt.Key.Key_Up else -1, fine)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.commit():
                self.close_editor()
        elif event.key() == Qt.Key.Key_Escape:
            self._set(self._first)
            self.close_editor()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step by the wheel; with Shift some systems turn it sideways."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if delta:
            self.step(delta / 120, fine)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take a valid number up and close."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()
            self.close_editor()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box under the text, in red while the text is no number."""
        painter = QPainter(self)
        wrong = self.isModified() and self._read() is None
        outline = self._theme.danger if wrong else self._theme.ink1
        paint_box(painter, QRectF(self.rect()), RADIUS_FIELD - 1, self._theme.fill, outline, 1.5)
        painter.end()
        super().paintEvent(event)
