"""The box of a floating card with its soft shadow, blurred once per size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from playground.ui.theme import RADIUS_CARD, Theme

SHADOW_BLUR, SHADOW_Y = 24.0, 8.0


def paint_box(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Paint an empty floating card with its shadow."""
    reach = SHADOW_BLUR
    shadow = _shadow(round(rect.width()), round(rect.height()), theme.shadow.rgba())
    painter.drawImage(rect.topLeft() + QPointF(-reach, SHADOW_Y - reach), shadow)
    outline = theme.line_strong if theme.is_dark else QColor(0, 0, 0, 0)
    painter.setPen(QPen(outline, 1.0))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)


@lru_cache(maxsize=16)
def _shadow(width: int, height: int, colour: int) -> QImage:
    """Return a blurred rounded rectangle, painted once per size."""
    reach = round(SHADOW_BLUR)
    shape = QImage(width + 2 * reach, height + 2 * reach, QImage.Format.Format_Alpha8)
    shape.fill(0)
    painter = QPainter(shape)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(0, 0, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(reach, reach, width, height), RADIUS_CARD, RADIUS_CARD)
    painter.end()
    mask = np.frombuffer(shape.constBits(), np.uint8).reshape(shape.height(), -1)
    alpha = mask[:, : shape.width()] / 255.0
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / (SHADOW_BLUR / 2)) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        alpha = np.apply_along_axis(np.convolve, axis, alpha, kernel, mode="same")
    rgba = QColor.fromRgba(colour)
    level = (alpha * rgba.alpha()).round().astype(np.uint32)
    pixels = level << np.uint32(24)
    for shift, channel in ((16, rgba.red()), (8, rgba.green()), (0, rgba.blue())):
        pixels |= (level * np.uint32(channel) // np.uint32(255)) << np.uint32(shift)
    image = QImage(
        np.ascontiguousarray(pixels).data,
        shape.width(),
        shape.height(),
        4 * shape.width(),
        QImage.Format.Format_ARGB32_Premultiplied,
    )
    return image.copy()
