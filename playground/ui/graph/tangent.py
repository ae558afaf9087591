"""The small plot of an operation's function, with its tangent where the operand is now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from playground.core.scalar_graph.curves import Curve
from playground.ui.controls.base import paint_box
from playground.ui.theme import RADIUS_FIELD, Theme

TANGENT = 27.0
"""Half the length of the tangent."""


def paint_curve(
    painter: QPainter, curve: Curve, rect: QRectF, theme: Theme, *, backward: bool
) -> None:
    """Paint a curve into `rect`: axes, function, tangent, the present place."""
    paint_box(painter, rect, RADIUS_FIELD, theme.paper, theme.line_strong)
    inner = rect.adjusted(1, 1, -1, -1)

    def place(x: float, y: float) -> QPointF:
        across = (x - curve.low) / (curve.high - curve.low)
        up = (y - curve.bottom) / (curve.top - curve.bottom)
        return QPointF(inner.left() + across * inner.width(), inner.bottom() - up * inner.height())

    painter.save()
    painter.setClipRect(inner)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.line, 1.0))
    origin = place(0.0, 0.0)
    painter.drawLine(QPointF(origin.x(), inner.top()), QPointF(origin.x(), inner.bottom()))
    painter.drawLine(QPointF(inner.left(), origin.y()), QPointF(inner.right(), origin.y()))
    path = QPainterPath()
    last: float | None = None
    gap = 1.6 * (curve.high - curve.low) / 80.0
    for x, y in curve.points:
        if last is None or x - last > gap:
            path.moveTo(place(x, y))
        else:
            path.lineTo(place(x, y))
        last = x
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.strokePath(path, QPen(theme.ink2, 1.5))
    here = place(curve.x, curve.y)
    ahead = place(curve.x + 1.0, curve.y + curve.slope) - here
    length = (ahead.x() ** 2 + ahead.y() ** 2) ** 0.5
    if 0.0 < length < 1e9:
        along = ahead * (TANGENT / length)
        pen = QPen(theme.grad if backward else theme.ink1, 2.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(here - along, here + along)
    painter.setPen(QPen(theme.paper, 1.5))
    painter.setBrush(theme.ink1)
    painter.drawEllipse(here, 4.5, 4.5)
    painter.restore()
