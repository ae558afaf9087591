"""Paints the edges: curves by width and colour, or bucketed straight lines when there are many."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from playground.core.snapshot import Float64s
from playground.ui.canvas.geometry import Gap, Layout
from playground.ui.canvas.hit import CURVE
from playground.ui.canvas.values import EdgeMode, NetworkValues
from playground.ui.labels import signed
from playground.ui.theme import Theme, mix, ui_font

MANY_EDGES = 400
WIDTH_MIN, WIDTH_GAIN, WIDTH_MAX = 0.7, 5.6, 7.1
COLOUR_EXPONENT = 0.6
DIMMED = 0.22
CASING = 1.7
LEVELS = 16
"""Steps of size per sign that the straight lines of large networks are painted in."""
CHIP_GAP, CHIP_H = 8.0, 16.0


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """How edges are drawn now.

    Attributes
    ----------
    reference : the size that fills the width, see `NetworkValues.reference`.
    selected : the neuron whose edges stay while all others are dimmed.
    sign_marks : whether negative edges are dashed.
    """

    mode: EdgeMode
    reference: float
    selected: tuple[int, int] | None = None
    sign_marks: bool = False


def edge_width(share: float) -> float:
    """Return the width of an edge of size `share` (1 = the reference)."""
    return min(WIDTH_MAX, WIDTH_MIN + WIDTH_GAIN * share)


def edge_colour(theme: Theme, share: float, negative: bool) -> QColor:
    """Return the colour of an edge of size `share`."""
    return mix(
        theme.quiet, theme.neg if negative else theme.pos, min(1.0, share) ** COLOUR_EXPONENT
    )


class PenTable:
    """Pens for every size and sign; see `pen_table`."""

    STEPS = 96

    def __init__(self, theme: Theme) -> None:
        self._pens: list[list[QPen]] = []
        for dimmed in (False, True):
            row = []
            for negative in (False, True):
                for step in range(self.STEPS + 1):
                    share = 1.15 * step / self.STEPS
                    colour = edge_colour(theme, share, negative)
                    if dimmed:
                        colour = mix(theme.paper, colour, DIMMED)
                    pen = QPen(colour, edge_width(share))
                    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                    row.append(pen)
            self._pens.append(row)

    def pen(self, share: float, negative: bool, dimmed: bool) -> QPen:
        """Return the pen of an edge of size `share`."""
        step = min(self.STEPS, round(share * self.STEPS / 1.15))
        return self._pens[dimmed][negative * (self.STEPS + 1) + step]


_tables: dict[str, PenTable] = {}


def pen_table(theme: Theme) -> PenTable:
    """Return the pens of a theme, made once."""
    table = _tables.get(theme.name)
    if table is None:
        table = _tables[theme.name] = PenTable(theme)
    return table


def curve(gap: Gap, row: int, column: int) -> QPainterPath:
    """Return one edge as a cubic with horizontal tangents."""
    y0, y1 = float(gap.source_y[column]), float(gap.arrival_y[row, column])
    bend = (gap.x1 - gap.x0) * CURVE
    path = QPainterPath(QPointF(gap.x0, y0))
    path.cubicTo(gap.x0 + bend, y0, gap.x1 - bend, y1, gap.x1, y1)
    return path


class Curves:
    """The paths of a layout's edges, built once per layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._paths: dict[tuple[int, int, int], QPainterPath] = {}

    def path(self, gap: Gap, row: int, column: int) -> QPainterPath:
        """Return the curve of an edge."""
        key = (gap.layer, row, column)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = curve(gap, row, column)
        return found

    def find(self, layer: int, target: int, source: int) -> QPainterPath | None:
        """Return the curve of an edge given by neuron numbers, None if it is out of view."""
        gap = self.layout.gaps[layer]
        if target not in gap.targets or source not in gap.sources:
            return None
        return self.path(gap, gap.targets.index(target), gap.sources.index(source))


def shown_matrix(gap: Gap, values: NetworkValues, mode: EdgeMode) -> Float64s:
    """Return the quantity of the edges in view, (n_targets, n_sources); NaN is unknown."""
    full = values.layers[gap.layer].matrix(mode)
    rows = np.array(gap.targets, dtype=int)
    columns = np.array(gap.sources, dtype=int)
    shown = np.full((len(rows), len(columns)), np.nan)
    inside_rows, inside_columns = rows < full.shape[0], columns < full.shape[1]
    shown[np.ix_(inside_rows, inside_columns)] = full[
        np.ix_(rows[inside_rows], columns[inside_columns])
    ]
    return shown


def paint_edges(
    painter: QPainter, curves: Curves, values: NetworkValues, pens: PenTable, look: EdgeLook
) -> None:
    """Paint all edges in view."""
    for gap in curves.layout.gaps:
        paint_gap(painter, curves, gap, values, pens, look)


def paint_gap(
    painter: QPainter,
    curves: Curves,
    gap: Gap,
    values: NetworkValues,
    pens: PenTable,
    look: EdgeLook,
) -> None:
    """Paint the edges of one gap, thin ones first; a selected neuron's own come last."""
    shown = shown_matrix(gap, values, look.mode)
    own = _own(gap, look.selected)
    shares = np.abs(shown) / look.reference if look.reference > 0 else shown * 0.0
    straight = curves.layout.n_edges() > MANY_EDGES
    if straight:
        _paint_lines(painter, gap, shares, shown < 0, ~own, pens, look)
    parts: list[tuple[float, bool, bool, int, int]] = []
    real = _inside(gap, values)
    for row, column in np.argwhere(real & own if straight else real).tolist():
        share = float(shares[row, column])
        dimmed = look.selected is not None and not own[row, column]
        size = share if isfinite(share) else 0.0
        parts.append((size, bool(shown[row, column] < 0), dimmed, row, column))
    parts.sort(key=lambda part: (not part[2], part[0]))
    for share, negative, dimmed, row, column in parts:
        pen = pens.pen(share, negative, dimmed)
        if look.sign_marks and negative:
            pen = _dashed(pen)
        painter.strokePath(curves.path(gap, row, column), pen)


def _inside(gap: Gap, values: NetworkValues) -> np.ndarray:
    """Mark the edges of the network as it is; neurons being added have none yet."""
    layer = values.layers[gap.layer]
    rows = np.array(gap.targets) < layer.size
    columns = np.array(gap.sources) < len(layer.sources)
    return np.asarray(rows[:, None] & columns[None, :])


def _own(gap: Gap, selected: tuple[int, int] | None) -> np.ndarray:
    """Mark the edges that begin or end at the selected neuron."""
    own = np.zeros(gap.arrival_y.shape, dtype=bool)
    if selected is not None:
        layer, index = selected
        if layer == gap.layer and index in gap.targets:
            own[gap.targets.index(index)] = True
        if layer == gap.layer - 1 and index in gap.sources:
            own[:, gap.sources.index(index)] = True
    return own


def _dashed(pen: QPen) -> QPen:
    dashed = QPen(pen)
    dashed.setDashPattern([7.0 / pen.widthF(), 3.0 / pen.widthF()])
    return dashed


def _paint_lines(
    painter: QPainter,
    gap: Gap,
    shares: Float64s,
    negative: np.ndarray,
    others: np.ndarray,
    pens: PenTable,
    look: EdgeLook,
) -> None:
    """Paint straight lines of 1–2 px, one pen per sign and step of size, small ones first."""
    dimmed = look.selected is not None
    level = np.where(np.isfinite(shares), np.minimum(LEVELS - 1, shares * LEVELS), -1).astype(int)
    for step in range(LEVELS):
        for sign in (False, True):
            rows, columns = np.nonzero((level == step) & (negative == sign) & others)
            if not rows.size:
                continue
            pen = QPen(pens.pen((step + 0.5) / LEVELS, sign, dimmed))
            pen.setWidthF(1.0 + step / LEVELS)
            painter.setPen(pen)
            starts, ends = gap.source_y[columns], gap.arrival_y[rows, columns]
            painter.drawLines(
                [
                    QLineF(gap.x0, y0, gap.x1, y1)
                    for y0, y1 in zip(starts.tolist(), ends.tolist(), strict=True)
                ]
            )


def paint_hovered(
    painter: QPainter, path: QPainterPath, theme: Theme, share: float, negative: bool
) -> None:
    """Paint one edge with an ink casing."""
    casing = QPen(theme.ink1, edge_width(share) + 2 * CASING)
    casing.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.strokePath(path, casing)
    pen = QPen(edge_colour(theme, share, negative), edge_width(share))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.strokePath(path, pen)


def paint_weight_chips(
    painter: QPainter, layout: Layout, values: NetworkValues, theme: Theme, look: EdgeLook
) -> None:
    """Write the selected neuron's incoming quantities in chips beside their sources."""
    if look.selected is None or not 0 <= look.selected[0] < len(layout.gaps):
        return
    layer, index = look.selected
    gap = layout.gaps[layer]
    if index not in gap.targets:
        return
    shown = shown_matrix(gap, values, look.mode)[gap.targets.index(index)]
    decimals = 2 if look.mode is EdgeMode.WEIGHT else 4
    painter.setFont(ui_font(11, 600))
    metrics = painter.fontMetrics()
    for y, value in zip(gap.source_y.tolist(), shown.tolist(), strict=True):
        if not np.isfinite(value):
            continue
        text = signed(value, decimals)
        width = metrics.horizontalAdvance(text) + 8
        chip = QRectF(round(gap.x0 + CHIP_GAP) + 0.5, round(y - CHIP_H / 2) + 0.5, width, CHIP_H)
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(theme.neg if value < 0 else theme.pos)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
