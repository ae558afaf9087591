"""Axes of a painted line plot: from values to pixels, grid, ticks, lines."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from playground.core.snapshot import Float64s
from playground.ui.decimation import decimate, finite_points
from playground.ui.plot_chrome import Left, PlotView, Right, draw_text
from playground.ui.theme import DENSE_PX, ui_font
from playground.ui.ticks import linear_ticks, nice_step, plain_text, spread

MOST_SHARP_LINES = 24
"""Lines up to which edges are smoothed; more of them would cost too much time."""
POINTS_IN_ALL = 3_000
"""Points at most that all lines of a plot have together."""


class Axes:
    """Linear axes over an area of a view, in pixels.

    Parameters
    ----------
    area : where the lines are.
    x, y : the ranges shown; empty ones are widened.
    """

    def __init__(self, area: QRectF, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.area = area
        self.x = x if x[1] > x[0] else (x[0], x[0] + 1.0)
        self.y = y if y[1] > y[0] else (y[0] - 0.5, y[0] + 0.5)

    def x_of(self, value: float) -> float:
        """Return the pixel of an abscissa."""
        return self.area.left() + (value - self.x[0]) / (self.x[1] - self.x[0]) * self.area.width()

    def y_of(self, value: float) -> float:
        """Return the pixel of an ordinate."""
        share = (value - self.y[0]) / (self.y[1] - self.y[0])
        return self.area.bottom() - share * self.area.height()

    def paint_grid(
        self,
        painter: QPainter,
        view: PlotView,
        words: Callable[[float], str] | None = None,
        ticks: list[float] | None = None,
    ) -> None:
        """Draw horizontal lines with their figures, and the two ends of the abscissa."""
        unit, theme = view.enlargement, view.theme
        font = ui_font(DENSE_PX * unit)
        most = max(2, int(self.area.height() / (24 * unit)))
        step = nice_step(self.y[1] - self.y[0], most)
        if ticks is None:
            ticks = linear_ticks(self.y[0], self.y[1], most)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in ticks:
            y = float(round(self.y_of(tick)))
            painter.setPen(QPen(theme.line, 1.0))
            painter.drawLine(QPointF(self.area.left(), y), QPointF(self.area.right(), y))
            text = plain_text(tick, step) if words is None else words(tick)
            draw_text(painter, self.area.left() - 6 * unit, y, text, font, theme.ink3, Right)
        y = self.area.bottom() + 11 * unit
        for value, align in ((self.x[0], Left), (self.x[1], Right)):
            x = self.area.left() if align == Left else self.area.right()
            draw_text(painter, x, y, plain_text(value, 1.0), font, theme.ink3, align)

    def paint_lines(
        self,
        painter: QPainter,
        x: Float64s,
        lines: list[tuple[Float64s, QColor, float]],
    ) -> None:
        """Draw lines (ordinates, colour, width) over common abscissas, without gaps."""
        sharp = len(lines) <= MOST_SHARP_LINES
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, sharp)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        buckets = max(8, min(round(self.area.width()), POINTS_IN_ALL // (2 * max(1, len(lines)))))
        scale = self.area.width() / (self.x[1] - self.x[0])
        rise = self.area.height() / (self.y[1] - self.y[0])
        for y, colour, width in lines:
            known_x, known_y = decimate(*finite_points(x, y), buckets)
            if not len(known_x):
                continue
            pixels_x = self.area.left() + (known_x - self.x[0]) * scale
            low, high = self.area.top() - 4, self.area.bottom() + 4
            pixels_y = np.clip(self.area.bottom() - (known_y - self.y[0]) * rise, low, high)
            painter.setPen(QPen(colour, width if sharp else 1.0))
            if len(known_x) == 1:
                painter.drawPoint(QPointF(float(pixels_x[0]), float(pixels_y[0])))
            else:
                painter.drawPath(pg.arrayToQPath(pixels_x, pixels_y, connect="all"))


def value_range(lines: list[Float64s], margin: float = 0.06) -> tuple[float, float]:
    """Return the range of all finite values with a margin; (−1, 1) if there are none."""
    known = [line[np.isfinite(line)] for line in lines]
    filled = [line for line in known if len(line)]
    if not filled:
        return -1.0, 1.0
    low = min(float(line.min()) for line in filled)
    high = max(float(line.max()) for line in filled)
    extra = margin * (high - low) or 0.1 * abs(high) or 0.1
    return low - extra, high + extra


def draw_end_labels(
    painter: QPainter,
    view: PlotView,
    axes: Axes,
    labels: list[tuple[float, str, QColor]],
) -> None:
    """Write names at the right ends of lines, moved apart; (height in pixels, text, colour)."""
    unit, area = view.enlargement, axes.area
    pitch = 11.0 * unit
    most = max(1, int(area.height() / pitch) + 1)
    if len(labels) > most:
        kept = sorted({round(k * (len(labels) - 1) / max(1, most - 1)) for k in range(most)})
        labels = [labels[k] for k in kept]
    heights = spread([y for y, _, _ in labels], pitch, area.top(), area.bottom())
    font = ui_font(DENSE_PX * unit, 600)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for height, (_, text, colour) in zip(heights, labels, strict=True):
        x = area.right() + 4 * unit
        painter.setPen(QPen(colour, 2 * unit))
        painter.drawLine(QPointF(x, height), QPointF(x + 6 * unit, height))
        draw_text(painter, x + 9 * unit, height, text, font, view.theme.ink2)
