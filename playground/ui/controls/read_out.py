"""A number of the run bar with its label and, for losses, the key of its line."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.ui.controls.base import Themed
from playground.ui.icons import draw_icon
from playground.ui.theme import CAPTION_PX, READOUT_PX, RUN_BAR_H, scaled, scaled_font

KEY_WIDTH = 15
KEY_GAP = 5
LABEL_MIDDLE = 17
BASELINE = 43


class ReadOut(QWidget, Themed):
    """A label over a value in tabular figures; the width never follows the value.

    Parameters
    ----------
    widest : the longest value it will show.
    key : "" or "solid" (train) or "dashed" (test).
    """

    def __init__(
        self,
        label: str,
        widest: str,
        key: str = "",
        *,
        px: float = READOUT_PX,
        weight: int = 600,
        ink: str = "ink1",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label, self._key, self._ink = label, key, ink
        self._value, self._bad = "–", False
        self._px, self._weight, self._widest = px, weight, widest
        self._wish, self._row_height = 0, RUN_BAR_H
        self.setAccessibleName(label)
        self.rescale()

    def set_width(self, width: int) -> None:
        """Give the read-out this width, in pixels of unscaled text, but never less than needed."""
        self._wish = width
        self.rescale()

    def set_height(self, height: int) -> None:
        """Take this height, in pixels of unscaled text; what is drawn stays in the middle."""
        self._row_height = height
        self.rescale()

    def rescale(self) -> None:
        """Set fonts and size."""
        self._font = scaled_font(self._px, self._weight)
        label = QFontMetrics(scaled_font(CAPTION_PX)).horizontalAdvance(self._label)
        label += KEY_WIDTH + KEY_GAP if self._key else 0
        value = QFontMetrics(self._font).horizontalAdvance(self._widest)
        self.setFixedSize(max(label + 2, value + 2, scaled(self._wish)), scaled(self._row_height))

    @property
    def value(self) -> str:
        """The text shown."""
        return self._value

    def show_value(self, value: str, *, bad: bool = False) -> None:
        """Show another text; a bad one (not a number) in the danger colour with a mark."""
        if (value, bad) != (self._value, self._bad):
            self._value, self._bad = value, bad
            self.setAccessibleDescription(value)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.size()

    def paintEvent(self, event: object) -> None:
        """Draw the key, the label and the value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        x, lift = 0, (RUN_BAR_H - self._row_height) // 2
        baseline = scaled(BASELINE - lift)
        if self._key:
            solid = self._key == "solid"
            pen = QPen(theme.ink1 if solid else theme.ink3, 2 if solid else 1.5)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if not solid:
                pen.setDashPattern([4 / 1.5, 2 / 1.5])
            painter.setPen(pen)
            middle_y = scaled(LABEL_MIDDLE - lift)
            painter.drawLine(QPointF(0, middle_y), QPointF(KEY_WIDTH, middle_y))
            x = KEY_WIDTH + KEY_GAP
        painter.setFont(scaled_font(CAPTION_PX))
        painter.setPen(theme.ink3)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(
            QRectF(x, scaled(LABEL_MIDDLE - lift - 8), self.width(), scaled(16)),
            middle,
            self._label,
        )
        painter.setFont(self._font)
        x = 0
        if self._bad:
            side = scaled(16)
            icon = QRectF(0, baseline - side + 1, side, side)
            draw_icon(painter, "error", icon, theme.danger)
            x = side + 4
        painter.setPen(theme.danger if self._bad else getattr(theme, self._ink))
        painter.drawText(QPointF(x, baseline), self._value)
