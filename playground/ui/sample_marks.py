"""How samples are drawn: a shape and a colour per class, hollow where it only tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from playground.core.experiment import Problem
from playground.core.sample_numbers import class_numbers
from playground.core.snapshot import DataView, Float64s
from playground.ui.theme import Theme, mix

SYMBOL_BOX = 12.0
"""Side, in logical pixels, of the box that a point's symbol and its halo fill."""
POINT_RADIUS, HALO = 2.75, 1.1
_DIAMOND_RADIUS = 3.35
_SQUARE_RADIUS = 3.55
_TRIANGLE_RADIUS = 3.9
_STAR_RADIUS = 4.3
_STAR_WAIST = 0.5
HOLES = (1.15, 0.3)
"""Radii of the contours whose strokes, the halo's colour, fill the hole of a hollow point."""
SHADES = 33


def _corners(shape: int, radius: float) -> list[tuple[float, float]]:
    """Return the corners of a class's shape; the circle (0) has none."""
    if shape == 1:
        return [(radius, 0), (0, radius), (-radius, 0), (0, -radius)]
    if shape == 2:
        half = radius / 2**0.5
        return [(half, half), (-half, half), (-half, -half), (half, -half)]
    if shape == 3:
        turns = (-0.25 + k / 3 for k in range(3))
        return [(radius * cos(2 * pi * t), radius * sin(2 * pi * t)) for t in turns]
    points = []
    for k in range(10):
        r = radius * (_STAR_WAIST if k % 2 else 1.0)
        angle = 2 * pi * (-0.25 + k / 10)
        points.append((r * cos(angle), r * sin(angle)))
    return points


def _symbol(shape: int, hollow: bool) -> QPainterPath:
    """Return a point's outline; its pen is the halo, which also fills the hole of a hollow one.

    The hole consists of contours that the pen's stroke covers: one symbol, two colours.
    """
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    outer = (POINT_RADIUS, _DIAMOND_RADIUS, _SQUARE_RADIUS, _TRIANGLE_RADIUS, _STAR_RADIUS)[shape]
    corner = (1.0, 2**0.5, 2**0.5, 1.6, 1.3)[shape]
    for radius in (outer + HALO / 2 * corner, *((h * corner for h in HOLES) if hollow else ())):
        r = radius / SYMBOL_BOX
        if shape == 0:
            path.addEllipse(QRectF(-r, -r, 2 * r, 2 * r))
            continue
        first, *others = _corners(shape, r)
        path.moveTo(*first)
        for x, y in others:
            path.lineTo(x, y)
        path.closeSubpath()
    return path


SYMBOLS = {
    (shape, hollow): _symbol(shape, hollow) for shape in range(5) for hollow in (False, True)
}
"""By (class, hollow): circle, diamond, square, triangle, star, in units of `SYMBOL_BOX`."""


def halo_pen(ground: QColor) -> QPen:
    """Return the pen of the symbols on a ground, in the units of their box."""
    return symbol_pen(ground, HALO / SYMBOL_BOX)


def symbol_pen(colour: QColor, width: float) -> QPen:
    """Return a pen with mitred joins, for a colour and a width always the same object.

    It belongs to all who ask for it, and is not to be changed.
    """
    return _pen(colour.rgba(), width)


# pyqtgraph draws a symbol once for each pen and brush, and tells these apart as objects.


@cache
def _pen(rgba: int, width: float) -> QPen:
    pen = QPen(QColor.fromRgba(rgba), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


@cache
def _brush(rgba: int) -> QBrush:
    return QBrush(QColor.fromRgba(rgba))


def class_colours(theme: Theme) -> tuple[QColor, ...]:
    """Return the mark colours of classes 0…4: +1, −1, and the third to fifth."""
    return (theme.pos, theme.neg, *theme.classes)


def paint_mark(
    painter: QPainter, centre: QPointF, colour: QColor, halo: QPen, shape: int, size: float
) -> None:
    """Draw one filled point whose symbol's box has the given size."""
    painter.save()
    painter.translate(centre)
    painter.scale(size, size)
    painter.setPen(halo)
    painter.setBrush(colour)
    painter.drawPath(SYMBOLS[shape, False])
    painter.restore()


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Shape and colour of every sample.

    Attributes
    ----------
    shapes : (n,) class number of the symbol; 0 in regression.
    shades : (n,) place of the colour in `colours`.
    colours : the colours in use.
    """

    shapes: NDArray[np.int64]
    shades: NDArray[np.int64]
    colours: tuple[QColor, ...]

    def brushes(self) -> list[QBrush]:
        """Return a brush per colour, for a colour always the same object."""
        return [_brush(colour.rgba()) for colour in self.colours]


def marks(data: DataView, problem: Problem, theme: Theme) -> Marks:
    """Return how the samples of `data` are drawn."""
    if problem is Problem.REGRESSION:
        zeros = np.zeros(len(data.y), np.int64)
        if data.n_inputs == 1:
            return Marks(zeros, zeros, (theme.ink2,))
        shades = np.rint((np.clip(data.y, -1, 1) + 1) / 2 * (SHADES - 1)).astype(np.int64)
        ramp = tuple(target_colour(theme, t) for t in np.linspace(-1, 1, SHADES))
        return Marks(zeros, shades, ramp)
    numbers = class_numbers(data, problem)
    return Marks(numbers, numbers, class_colours(theme))


def target_colour(theme: Theme, target: float) -> QColor:
    """Return the mark of a regression target −1…1; zero is grey, so that it shows on paper."""
    return mix(theme.ink4, theme.pos if target > 0 else theme.neg, abs(target) ** 0.6)


def sample_places(data: DataView) -> Float64s:
    """Return (n, 2): where samples lie on the map; with one input, over it at their target."""
    if data.n_inputs == 1:
        return np.column_stack((data.x[:, 0], data.y))
    return data.x[:, list(data.shown)]
