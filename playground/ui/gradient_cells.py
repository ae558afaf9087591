"""The bar cells of the Gradients tab: one per neuron, one row per layer."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.core.snapshot import Float64s
from playground.ui.plot_chrome import draw_text
from playground.ui.theme import DENSE_PX, Theme, ui_font

ROW_PITCH, CELL_PITCH, CELL_GAP, ROW_GAP, NAME_WIDTH = 30.0, 17.35, 3.3, 8.0, 22.0
LEAST_CELL_PITCH = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class NeuronRow:
    """The gradients of one layer's neurons (`LayerSnapshot`), and which of its neurons are dead."""

    name: str
    gradients: Float64s
    dead: NDArray[np.bool_]


def draw_cells(
    painter: QPainter,
    room: QRectF,
    rows: tuple[NeuronRow, ...],
    full_bar: float,
    growth: float,
    unit: float,
    theme: Theme,
) -> None:
    """Draw the rows into `room`, their names to its left.

    Parameters
    ----------
    full_bar : the gradient that fills a cell.
    growth, unit : enlargement of the cells, and of type and strokes.
    """
    if not rows:
        return
    bold = ui_font(DENSE_PX * unit, 600)
    pitch = min(ROW_PITCH * growth, room.height() / len(rows))
    height = pitch - ROW_GAP * unit * min(1.0, pitch / 24)
    every = ceil(DENSE_PX * unit / pitch)
    for k, row in enumerate(rows):
        box = QRectF(room.left(), room.top() + k * pitch, room.width(), height)
        if k % every == 0:
            name_left = room.left() - NAME_WIDTH * unit
            draw_text(painter, name_left, box.center().y(), row.name, bold, theme.ink2)
        _draw_row(painter, row, box, full_bar, growth, QPen(theme.ink3, unit), theme)


def _draw_row(
    painter: QPainter,
    row: NeuronRow,
    box: QRectF,
    full_bar: float,
    growth: float,
    hatch: QPen,
    theme: Theme,
) -> None:
    gradients, dead = row.gradients, row.dead
    most = max(1, int(box.width() / LEAST_CELL_PITCH))
    if len(gradients) > most:
        # Cells that would be too thin are joined: the largest counts, dead is who has only dead.
        starts = np.linspace(0, len(gradients), most + 1).astype(int)[:-1]
        gradients = np.maximum.reduceat(gradients, starts)
        dead = np.logical_and.reduceat(dead, starts)
    pitch = min(CELL_PITCH * growth, (box.width() + CELL_GAP * growth) / len(gradients))
    gap = min(CELL_GAP * growth, 0.2 * pitch)
    radius = min(2.0 * growth, 0.15 * pitch)
    for k, value in enumerate(gradients):
        cell = QRectF(box.left() + k * pitch, box.top(), pitch - gap, box.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.fill)
        painter.drawRoundedRect(cell, radius, radius)
        if dead[k]:
            _draw_hatch(painter, cell, hatch)
        elif np.isfinite(value) and full_bar > 0:
            tall = min(1.0, float(value) / full_bar) * cell.height()
            painter.setBrush(theme.grad)
            bar = QRectF(cell.left(), cell.bottom() - tall, cell.width(), tall)
            painter.drawRoundedRect(bar, min(radius, tall / 2), min(radius, tall / 2))


def _draw_hatch(painter: QPainter, cell: QRectF, pen: QPen) -> None:
    painter.save()
    painter.setClipRect(cell)
    painter.setPen(pen)
    lean, step = 0.45 * cell.height(), cell.width() / 3
    for k in range(-2, 4):
        x = cell.left() + k * step
        painter.drawLine(QPointF(x, cell.bottom()), QPointF(x + lean, cell.top()))
    painter.restore()
