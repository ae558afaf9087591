"""An editable number with its own strict reading of what a person types."""

from __future__ import annotations

import re
from math import isfinite

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, paint_box, set_font
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import BODY_PX, CONTROL_H, RADIUS_FIELD, scaled

StandardKey = QKeySequence.StandardKey
MOST_DIGITS = 10
QT_MARGIN = 2
"""What a QLineEdit leaves free at both ends beside its text margins."""
MINUS = "\N{MINUS SIGN}"
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def parse_number(
    text: str, low: float, high: float, *, integer: bool = False, percent: bool = False
) -> float:
    """Read a number written with a point or a comma, an optional exponent and any minus sign.

    A whole number has neither: “4,000” may mean 4 or 4000. Only a percentage may end with its sign.

    Raises
    ------
    ValueError
        Saying in words for the person what is wrong.
    """
    cleaned = text.strip().replace(MINUS, "-").replace(",", ".")
    if percent and cleaned.endswith("%"):
        cleaned = cleaned[:-1].rstrip()
    if not cleaned:
        raise ValueError("Type a number.")
    if not _NUMBER.fullmatch(cleaned):
        raise ValueError(f"“{text.strip()}” is not a number.")
    if integer and "." in cleaned:
        raise ValueError("This must be a whole number, without a comma or point.")
    value = float(cleaned)
    if integer and isfinite(value) and value != int(value):
        raise ValueError("This must be a whole number.")
    if not isfinite(value) or not low <= value <= high:
        raise ValueError(f"This must be between {format_plain(low)} and {format_plain(high)}.")
    return value


def format_plain(value: float) -> str:
    """Write a number as short as it reads back, with a true minus sign."""
    return re.sub(r"e([+-])0*", r"e\1", f"{value:.10g}").replace("e+", "e").replace("-", MINUS)


def format_fixed(value: float, decimals: int) -> str:
    """Write a number with at least so many decimals, so that its digits do not shift."""
    text = f"{value:.{decimals}f}"
    return text.replace("-", MINUS) if float(text) == value else format_plain(value)


class NumberField(KeepsKeys, QLineEdit, Themed):
    """A line for one number; wrong input is framed in red and changes nothing.

    Enter or leaving the field takes the number up, Escape restores the old one.

    Signals
    -------
    value_edited(float) : a person entered another valid number.
    """

    value_edited = Signal(float)
    claims_keys = False

    def __init__(
        self,
        name: str,
        low: float,
        high: float,
        *,
        integer: bool = False,
        flat: bool = False,
        percent: bool = False,
        decimals: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._integer = low, high, integer
        self._flat, self._percent, self._decimals = flat, percent, decimals
        self._value = low
        self._reason = ""
        self.setAccessibleName(name)
        self.setFrame(False)
        self.rescale()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if flat:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setTextMargins(2, 0, -3, 0)
        else:
            self.setTextMargins(7, 0, 6, 1)
        self.returnPressed.connect(self._on_return_pressed)
        self.textEdited.connect(self._on_text_edited)

    def rescale(self) -> None:
        """Set font and height."""
        set_font(self, BODY_PX, 500)
        self.setFixedHeight(scaled(CONTROL_H))
        if not self.isModified():
            self._show_value()  # other digits have room now

    @property
    def value(self) -> float:
        """The last valid number."""
        return self._value

    @property
    def reason(self) -> str:
        """Why the text shown is refused, or ""."""
        return self._reason

    def set_value(self, value: float) -> None:
        """Show `value` unless a person is typing."""
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show_value()

    def take_up(self) -> None:
        """Enter what is typed, if it is a valid number; a wrong one stays framed."""
        if self.isModified() and not self._reason:
            self._on_return_pressed()

    def drop_typed(self) -> None:
        """Show the last valid number again, whatever is typed."""
        self._show_value()

    def set_bounds(self, low: float, high: float) -> None:
        """Change what is accepted."""
        self._low, self._high = low, high

    def _written(self, value: float, decimals: int) -> str:
        if self._percent:
            return f"{format_plain(round(100 * value, 6))}\N{THIN SPACE}%"
        return format_fixed(value, decimals)

    def _fitting(self) -> str:
        """Return the number, rounded to the digits that there is room for while nobody types."""
        text = self._written(self._value, self._decimals)
        margins = self.textMargins()
        room = self.width() - margins.left() - margins.right() - 2 * QT_MARGIN
        digits = MOST_DIGITS
        # No digit before the decimal mark is ever rounded away.
        whole = len(f"{abs(self._value):.0f}")
        while not self.hasFocus() and digits > whole and self._width(text) > room:
            digits -= 1
            text = self._written(float(f"{self._value:.{digits}g}"), 0)
        return text

    def _width(self, text: str) -> float:
        return QFontMetricsF(self.font()).horizontalAdvance(text)

    def _show_value(self) -> None:
        text = self._fitting()
        if text != self.text():
            self.setText(text)
        self.setModified(False)
        self._set_reason("")

    def _set_reason(self, reason: str) -> None:
        if reason != self._reason:
            self._reason = reason
            self.setAccessibleDescription(reason)
            self.update()

    def _read(self) -> float:
        scale = 100 if self._percent else 1
        text = self.text().replace("\N{THIN SPACE}", "")
        low, high = self._low * scale, self._high * scale
        value = parse_number(text, low, high, integer=self._integer, percent=self._percent)
        return value / scale

    def _on_text_edited(self) -> None:
        try:
            self._read()
        except ValueError as error:
            self._set_reason(str(error))
        else:
            self._set_reason("")

    def _tell_reason(self) -> None:
        place = self.mapToGlobal(QPoint(0, self.height()))
        QToolTip.showText(place, plain_tool_tip(self._reason), self)

    def _on_return_pressed(self) -> None:
        try:
            value = self._read()
        except ValueError as error:
            self._set_reason(str(error))
            self._tell_reason()
            return
        # What is written has fewer digits than the number: left as it is, it means that number.
        changed = self.text() != self._written(self._value, self._decimals)
        changed = changed and value != self._value
        self._value = value if changed else self._value
        self._show_value()
        self.selectAll()
        if changed:
            self.value_edited.emit(value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take a valid number up; drop a wrong one. Under a menu the field is not left."""
        if event.reason() is Qt.FocusReason.PopupFocusReason:
            super().focusOutEvent(event)
            return
        if self.isModified():
            if self._reason:
                self._show_value()
            else:
                self._on_return_pressed()
        self.deselect()
        super().focusOutEvent(event)
        self._show_value()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select everything, ready to be replaced."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.PopupFocusReason:
            return
        if not self.isModified():
            self._show_value()
        if self.shows_focus:
            self.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as many digits as there is room for now."""
        super().resizeEvent(event)
        if not self.isModified():
            self._show_value()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Restore the old number on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._show_value()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Say why the text is refused instead of the usual tooltip."""
        if self._reason and event.type() == QEvent.Type.ToolTip:
            self._tell_reason()
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and not self.isModified()
            and (event.matches(StandardKey.Undo) or event.matches(StandardKey.Redo))
        ):
            # Nothing is half typed here: it is the last edit of the experiment that is meant.
            event.ignore()
            return False
        return super().event(event)

    def focus_rect(self) -> QRectF:
        """Return the whole field, a little wider than a flat one's digits."""
        rect = QRectF(self.rect())
        return rect.adjusted(0, 2, 2, -2) if self._flat else rect

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box under the text."""
        painter = QPainter(self)
        theme = self.theme
        outline = theme.danger if self._reason else None
        if self._flat:
            active = self.isEnabled() and (self.hasFocus() or self.underMouse())
            if active or outline:
                box = QRectF(self.rect()).adjusted(0, 2, 0, -2)
                paint_box(painter, box, RADIUS_FIELD - 2, theme.fill, outline)
        else:
            hovered = self.isEnabled() and self.underMouse() and not self.hasFocus()
            fill = theme.fill_hover if hovered else theme.fill
            paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, fill, outline)
        painter.end()
        super().paintEvent(event)
