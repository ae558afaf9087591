"""The marks of tiles: maps, rings, outlines, badges, the hatch of a dead neuron, ghosts."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from playground.ui.icons import draw_icon
from playground.ui.labels import MINUS
from playground.ui.theme import Theme, mix, ui_font

TILE_RADIUS = 7.0
OUTLINE_ALPHA = 0.22
RING_DISTANCE = 4.0
BADGE_RADIUS = 7.5
PIN_RADIUS = 8.5
HATCH_DISTANCE = 4.0
SHAPES = 1024
"""Outlines that are kept: those of the tiles in view, and of some layouts before."""


def rounded(rect: QRectF, distance: float, radius: float) -> QPainterPath:
    """Return a rounded outline at `distance` outside `rect`; it is shared, not to be changed."""
    return _rounded(rect.x(), rect.y(), rect.width(), rect.height(), distance, radius)


@lru_cache(maxsize=SHAPES)
def _rounded(
    x: float, y: float, width: float, height: float, distance: float, radius: float
) -> QPainterPath:
    path = QPainterPath()
    rect = QRectF(x, y, width, height)
    path.addRoundedRect(rect.adjusted(-distance, -distance, distance, distance), radius, radius)
    return path


def ring_path(tile: QRectF, radius: float = TILE_RADIUS + RING_DISTANCE) -> QPainterPath:
    """Return the ring around a tile, clockwise from the middle of its upper side, shared too."""
    return _ring_path(tile.x(), tile.y(), tile.width(), tile.height(), radius)


@lru_cache(maxsize=SHAPES)
def _ring_path(x: float, y: float, width: float, height: float, radius: float) -> QPainterPath:
    tile = QRectF(x, y, width, height)
    r = tile.adjusted(-RING_DISTANCE, -RING_DISTANCE, RING_DISTANCE, RING_DISTANCE)
    d = 2 * radius
    path = QPainterPath(QPointF(r.center().x(), r.top()))
    path.arcTo(QRectF(r.right() - d, r.top(), d, d), 90, -90)
    path.arcTo(QRectF(r.right() - d, r.bottom() - d, d, d), 0, -90)
    path.arcTo(QRectF(r.left(), r.bottom() - d, d, d), -90, -90)
    path.arcTo(QRectF(r.left(), r.top(), d, d), 180, -90)
    path.lineTo(r.center().x(), r.top())
    return path


def paint_badge(
    painter: QPainter, centre: QPointF, glyph: str, theme: Theme, radius: float = BADGE_RADIUS
) -> None:
    """Paint a health badge: "−" dead, "S" saturated (drawn as a curve), "!" not a number."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.paper)
    painter.drawEllipse(centre, radius + 1.2, radius + 1.2)
    painter.setBrush(theme.ink1)
    painter.drawEllipse(centre, radius, radius)
    x, y = centre.x(), centre.y()
    pen = QPen(theme.on_ink, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if glyph == MINUS:
        pen.setWidthF(2.0)
        painter.setPen(pen)
        painter.drawLine(QPointF(x - 4, y), QPointF(x + 4, y))
    elif glyph == "S":
        path = QPainterPath(QPointF(x - 4.5, y + 2.8))
        path.cubicTo(x + 1.4, y + 2.8, x - 1.4, y - 2.8, x + 4.5, y - 2.8)
        painter.strokePath(path, pen)
    else:
        painter.setPen(theme.on_ink)
        painter.setFont(ui_font(11, 700))
        painter.drawText(QRectF(x - 8, y - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, glyph)


def paint_pin(painter: QPainter, centre: QPointF, is_pinned: bool, theme: Theme) -> None:
    """Paint the pin that keeps a neuron in the inspector: dark while it does."""
    painter.setPen(QPen(theme.ink1 if is_pinned else theme.line_strong, 1.0))
    painter.setBrush(theme.ink1 if is_pinned else theme.raised)
    painter.drawEllipse(centre, PIN_RADIUS, PIN_RADIUS)
    icon = QRectF(centre.x() - 6, centre.y() - 6, 12, 12)
    draw_icon(painter, "pin", icon, theme.on_ink if is_pinned else theme.ink2)


def paint_nan(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Paint a neuron whose numbers are none any more."""
    painter.fillPath(rounded(rect, 0.5, TILE_RADIUS), theme.danger_soft)
    painter.strokePath(rounded(rect, 0, TILE_RADIUS), QPen(theme.danger, 1.5))
    painter.setPen(theme.danger)
    painter.setFont(ui_font(12 if rect.width() > 36 else 10, 700))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "NaN")


def paint_ghost(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Paint a neuron that is being added: dashed, with a plus."""
    painter.fillPath(rounded(rect, 0, TILE_RADIUS), mix(theme.paper, theme.fill, 0.5))
    pen = QPen(theme.ink3, 1.5)
    pen.setDashPattern([3.2, 2.2])
    painter.strokePath(rounded(rect, -0.75, TILE_RADIUS), pen)
    paint_plus(painter, rect.center(), 5.0, theme.ink3)


def paint_plus(
    painter: QPainter, centre: QPointF, half: float, colour: QColor, plus: bool = True
) -> None:
    """Paint a "+", or a "−" if `plus` is False, of 2·`half` pixels."""
    pen = QPen(colour, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(centre - QPointF(half, 0), centre + QPointF(half, 0))
    if plus:
        painter.drawLine(centre - QPointF(0, half), centre + QPointF(0, half))


def hatch(theme: Theme) -> QBrush:
    """Return the pattern of a dead neuron: 45° lines, 4 px apart."""
    side, fine = 32, HATCH_DISTANCE * 2**0.5 / 32
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(mix(theme.paper, theme.fill, 0.85))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.line_strong, 1.1 / fine))
    for x in (-side, 0, side):
        painter.drawLine(QPointF(x, side), QPointF(x + side, 0))
    painter.end()
    brush = QBrush(image)
    brush.setTransform(QTransform.fromScale(fine, fine))
    return brush


def paint_outline(
    painter: QPainter, rect: QRectF, colour: QColor, width: float, distance: float = 8.5
) -> None:
    """Paint the outline of a hovered or selected tile."""
    painter.strokePath(rounded(rect, distance, TILE_RADIUS + distance), QPen(colour, width))


def paint_focus(painter: QPainter, rect: QRectF, distance: float, theme: Theme) -> None:
    """Paint the dotted keyboard focus around a tile or a handle."""
    pen = QPen(theme.ink1, 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([0.01, 2.1])
    painter.strokePath(rounded(rect, distance, TILE_RADIUS + distance), pen)


def paint_graph_mark(painter: QPainter, rect: QRectF, words: str, theme: Theme) -> None:
    """Paint an outline and, above it, what the scalar graph does in this neuron."""
    paint_outline(painter, rect, theme.ink1, 2.0)
    font = ui_font(11, 600)
    width = QFontMetricsF(font).horizontalAdvance(words) + 16
    height = QFontMetricsF(font).height() + 3
    pill = QRectF(rect.center().x() - width / 2, rect.top() - 13 - height, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.grad)
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.setFont(font)
    painter.setPen(theme.on_ink)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


def paint_map(painter: QPainter, rect: QRectF, image: QImage | None, theme: Theme) -> None:
    """Paint a heat map in the rounded square of a tile; without one the square is plain."""
    path = rounded(rect, 0, TILE_RADIUS)
    if image is None:
        painter.fillPath(path, theme.fill)
        return
    brush = QBrush(image)
    scale = QTransform.fromTranslate(rect.left(), rect.top())
    scale.scale(rect.width() / image.width(), rect.height() / image.height())
    brush.setTransform(scale)
    painter.fillPath(path, brush)
