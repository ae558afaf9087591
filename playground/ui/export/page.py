"""The page around a view: a title above, a caption below."""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from playground.ui.export.recording import Group, RecordingDevice
from playground.ui.theme import BODY_PX, EPOCH_PX, Theme, ui_font

MARGIN, TITLE_ROOM, LINE, CAPTION_ROOM = 16.0, 50.0, 18.0, 12.0
USUAL_W = 800.0


class Page:
    """Places a view of `width` × (`height` less the words) on a page.

    Attributes
    ----------
    top : where the view begins.
    view_height : how high it may be.
    """

    def __init__(self, width: float, height: float, title: str, caption: str) -> None:
        self.width, self.height = width, height
        self._unit = max(1.0, min(2.0, sqrt(width / USUAL_W)))
        self._title = title
        self._lines = _wrapped(caption, width - 2 * MARGIN * self._unit, self._unit)
        self.top = round(TITLE_ROOM * self._unit) if title else 0
        below = (LINE * len(self._lines) + 2 * CAPTION_ROOM) * self._unit if self._lines else 0.0
        self._below = round(below)
        self.view_height = max(16, round(height) - self.top - self._below)

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but the view."""
        return self.top == 0 and not self._lines

    @property
    def room(self) -> int:
        """How much height the words take."""
        return self.top + self._below

    def paint(self, painter: QPainter, theme: Theme, ground: QColor | None) -> None:
        """Paint the ground, unless it is None, and the words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if ground is not None:
            painter.fillRect(QRectF(0, 0, self.width, self.height), ground)
        unit = self._unit
        if self._title:
            painter.setFont(ui_font(EPOCH_PX * unit, 600))
            painter.setPen(theme.ink1)
            painter.drawText(QPointF(MARGIN * unit, 33 * unit), self._title)
        painter.setFont(ui_font(BODY_PX * unit))
        painter.setPen(theme.ink2)
        y = self.top + self.view_height + (CAPTION_ROOM + 12.0) * unit
        for line in self._lines:
            painter.drawText(QPointF(MARGIN * unit, y), line)
            y += LINE * unit

    def record(self, theme: Theme, ground: QColor | None) -> Group:
        """Return the page's own marks."""
        device = RecordingDevice(self.width, self.height)
        painter = QPainter(device)
        self.paint(painter, theme, ground)
        painter.end()
        return Group(0, 0, QRectF(0, 0, self.width, self.height), device.marks, "Page")


def _wrapped(text: str, width: float, unit: float) -> list[str]:
    """Break a text into lines that fit; its own line breaks stay."""
    metrics = QFontMetricsF(ui_font(BODY_PX * unit))
    lines: list[str] = []
    for paragraph in text.split("\n") if text.strip() else []:
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and metrics.horizontalAdvance(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(metrics.elidedText(line, Qt.TextElideMode.ElideRight, width))
    return lines
