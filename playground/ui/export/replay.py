"""Paints recorded marks again: on paper of a PDF, or on a picture without its background."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath

from playground.ui.export.recording import Group, Mark, Pixels, Shape, Words
from playground.ui.export.svg import enlarged

WITHIN = 0.01
"""A picture that ends on a pixel's edge is drawn by some PDF readers over the next pixel, too."""


def replay(groups: Iterable[Group], painter: QPainter, *, fine: bool) -> None:
    """Paint groups, back to front; `fine` enlarges heat maps for readers that would not smooth."""
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    for group in groups:
        painter.save()
        painter.setClipRect(group.clip)
        painter.translate(group.x, group.y)
        for mark in group.marks:
            painter.save()
            if mark.clip is not None:
                painter.setClipPath(mark.clip, Qt.ClipOperation.IntersectClip)
            painter.setOpacity(mark.opacity)
            _paint(painter, mark, fine)
            painter.restore()
        painter.restore()


def _paint(painter: QPainter, mark: Mark, fine: bool) -> None:
    if isinstance(mark, Words):
        painter.setTransform(mark.transform, True)
        painter.setFont(_searchable(mark) if fine else mark.font)
        painter.setPen(mark.pen)
        painter.drawText(QPointF(mark.x, mark.y), mark.text)
    elif isinstance(mark, Pixels):
        image = enlarged(mark) if fine else mark.image
        inset = WITHIN if fine else 0.0
        target = mark.target.adjusted(inset, inset, -inset, -inset)
        painter.drawImage(target, image, QRectF(image.rect()))
    else:
        painter.setPen(mark.pen if mark.pen is not None else Qt.PenStyle.NoPen)
        painter.setBrush(mark.brush if mark.brush is not None else Qt.BrushStyle.NoBrush)
        painter.drawPath(mark.path)


def _searchable(mark: Words) -> QFont:
    """Return the font without features, spaced to the same width.

    A PDF names each glyph by a character, and tabular figures have none of their own: with them
    numbers could neither be found nor copied.
    """
    font = copy(mark.font)
    font.clearFeatures()
    missing = mark.width - QFontMetricsF(font).horizontalAdvance(mark.text)
    if mark.text and abs(missing) > 0.01:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, missing / len(mark.text))
    return font


def shifted(groups: Iterable[Group], down: float) -> tuple[Group, ...]:
    """Return groups moved down."""
    return tuple(
        replace(group, y=group.y + down, clip=group.clip.translated(0, down)) for group in groups
    )


def without_background(groups: Iterable[Group], colours: Iterable[QColor]) -> tuple[Group, ...]:
    """Leave out the fills of whole widgets in one of these colours: what is behind shows."""
    left_out = {colour.rgb() for colour in colours}
    return tuple(
        replace(group, marks=tuple(m for m in group.marks if not _is_ground(m, group, left_out)))
        for group in groups
    )


def _is_ground(mark: Mark, group: Group, colours: set[int]) -> bool:
    if not isinstance(mark, Shape) or mark.brush is None or mark.brush.style() != _SOLID:
        return False
    if mark.brush.color().rgb() not in colours or mark.brush.color().alpha() < 255:
        return False
    inside = group.clip.translated(-group.x, -group.y).adjusted(1, 1, -1, -1)
    return _covers(mark.path, inside)


def _covers(path: QPainterPath, area: QRectF) -> bool:
    return path.boundingRect().contains(area) and path.contains(area)


_SOLID = Qt.BrushStyle.SolidPattern
