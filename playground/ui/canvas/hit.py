"""What is under the pointer: pure hit testing on a layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.ui.canvas.geometry import (
    BIAS_RADIUS,
    INPUTS,
    INSERT_RADIUS,
    NAME_Y,
    RING_REACH,
    Column,
    Gap,
    Layout,
)

EDGE_BAND = 5.0
"""Half the width of the band around an edge that belongs to it."""
BIAS_REACH = 12.0
PIN_REACH = 12.0
INSERT_REACH = 14.0
REMOVE_REACH = 12.0
CURVE = 0.5
"""How far a curve's control points lie from its ends, as a share of the gap."""


class Part(StrEnum):
    """The kinds of things on the canvas that react to the pointer."""

    PAPER = "paper"
    TILE = "tile"
    BIAS = "bias"
    EDGE = "edge"
    HEAD = "head"
    CHIP = "chip"
    REMOVE = "remove"
    INSERT = "insert"
    GRIP = "grip"
    MINUS = "minus"
    PLUS = "plus"
    STUB_ABOVE = "stub above"
    STUB_BELOW = "stub below"
    MORE = "more"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing on the canvas.

    Attributes
    ----------
    layer : its layer; for an edge the layer it leads to; for INSERT the new layer's index.
    index : the neuron (or the place in `Feature` when `layer` is INPUTS).
    source : for an edge, the column of the weight matrix.
    """

    part: Part
    layer: int = INPUTS
    index: int = -1
    source: int = -1


PAPER = Target(Part.PAPER)


def target_at(layout: Layout, point: QPointF, curved: bool = True) -> Target:
    """Find what lies at `point`; small things win over large ones, edges come last."""
    for index, centre in enumerate(layout.inserts):
        if _near(centre, point, INSERT_REACH):
            return Target(Part.INSERT, index)
    if layout.more is not None and layout.more.contains(point):
        return Target(Part.MORE)
    for column in layout.columns:
        if abs(point.x() - column.x) > max(48.0, layout.spacing / 2):
            continue
        found = _in_column(layout, column, point)
        if found is not None:
            return found
    return edge_at(layout, point, curved) or PAPER


def pin_at(
    layout: Layout, neurons: Iterable[tuple[int, int] | None], point: QPointF
) -> Target | None:
    """Find the pin of one of these neurons at `point`."""
    for neuron in neurons:
        box = layout.boxes.get(neuron) if neuron is not None else None
        if box is not None and _near(box.pin_centre, point, PIN_REACH):
            return Target(Part.PIN, box.layer, box.index)
    return None


def _near(a: QPointF, b: QPointF, reach: float) -> bool:
    return (a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2 <= reach * reach


def remove_centre(column: Column, crowded: bool) -> QPointF:
    """Return where a hidden layer's × sits: beside its name."""
    return QPointF(round(column.x + (17.0 if crowded else 38.0)), NAME_Y)


def _in_column(layout: Layout, column: Column, point: QPointF) -> Target | None:
    layer = column.layer
    is_hidden = INPUTS < layer < len(layout.columns) - 2
    if is_hidden and _near(remove_centre(column, layout.crowded), point, REMOVE_REACH):
        return Target(Part.REMOVE, layer)
    if column.chip is not None and column.chip.adjusted(-2, -2, 2, 2).contains(point):
        return Target(Part.CHIP, layer)
    if column.head.contains(point) and layer != INPUTS:
        return Target(Part.HEAD, layer)
    if column.handle is not None and column.handle.adjusted(0, 0, 0, 12).contains(point):
        third = column.handle.width() / 3
        if column.handle.contains(point) and point.x() < column.handle.left() + third:
            return Target(Part.MINUS, layer)
        if column.handle.contains(point) and point.x() > column.handle.right() - third:
            return Target(Part.PLUS, layer)
        return Target(Part.GRIP, layer)
    for stub, part in (
        (column.stub_above, Part.STUB_ABOVE),
        (column.stub_below, Part.STUB_BELOW),
    ):
        if stub is not None and stub.contains(point):
            return Target(part, layer)
    for box in column.boxes:
        if layer != INPUTS and _near(box.bias_centre, point, _bias_reach(box.rect)):
            return Target(Part.BIAS, layer, box.index)
    for box in column.boxes:
        reach = 3.0 if layer == INPUTS else RING_REACH
        if box.rect.adjusted(-reach, -reach, reach, reach).contains(point):
            return Target(Part.TILE, layer, box.index)
    return None


def _bias_reach(tile: QRectF) -> float:
    """Return the disc's reach: 24 px across, less on tiles that it would cover by half."""
    return min(BIAS_REACH, max(BIAS_RADIUS + 2, tile.width() / 3.8))


def edge_at(layout: Layout, point: QPointF, curved: bool = True) -> Target | None:
    """Find the edge nearest to `point` within its band."""
    for gap in layout.gaps:
        if not gap.x0 <= point.x() <= gap.x1:
            continue
        distance = edge_distances(gap, point, curved)
        row, column = np.unravel_index(int(np.argmin(distance)), distance.shape)
        if distance[row, column] <= EDGE_BAND:
            return Target(Part.EDGE, gap.layer, gap.targets[int(row)], gap.sources[int(column)])
    return None


def edge_distances(gap: Gap, point: QPointF, curved: bool) -> np.ndarray:
    """Distances (n_targets, n_sources) from `point` to the edges of a gap, to first order."""
    rise = gap.arrival_y - gap.source_y[None, :]
    run = gap.x1 - gap.x0
    share, slope = _progress((point.x() - gap.x0) / run, curved)
    vertical = np.abs(gap.source_y[None, :] + rise * share - point.y())
    return np.asarray(vertical / np.sqrt(1.0 + (rise * slope / run) ** 2))


def point_on_edge(gap: Gap, target: int, source: int, x: float, curved: bool = True) -> QPointF:
    """Return the point of an edge at horizontal position `x` (clamped to the gap).

    An end that is scrolled out of sight is taken to be the nearest one shown.
    """
    x = min(gap.x1, max(gap.x0, x))
    row, column = _nearest(gap.targets, target), _nearest(gap.sources, source)
    share, _ = _progress((x - gap.x0) / (gap.x1 - gap.x0), curved)
    start = float(gap.source_y[column])
    return QPointF(x, start + (float(gap.arrival_y[row, column]) - start) * share)


def _nearest(shown: tuple[int, ...], index: int) -> int:
    return min(range(len(shown)), key=lambda k: abs(shown[k] - index))


def _progress(u: float, curved: bool) -> tuple[float, float]:
    """Return the share of an edge's rise at the share `u` of its run, and its slope there."""
    if not curved:
        return u, 1.0
    low, high = 0.0, 1.0
    for _ in range(30):
        t = (low + high) / 2
        x = 3 * CURVE * t * (1 - t) ** 2 + 3 * (1 - CURVE) * t * t * (1 - t) + t**3
        low, high = (t, high) if x < u else (low, t)
    t = (low + high) / 2
    dx = 3 * CURVE * (1 - t) * (1 - 3 * t) + 3 * (1 - CURVE) * t * (2 - 3 * t) + 3 * t * t
    return t * t * (3 - 2 * t), 6 * t * (1 - t) / max(dx, 1e-9)


def insert_hint(layout: Layout, index: int) -> tuple[float, float, float]:
    """Return x, top and bottom of the dotted line that shows where a new layer will go."""
    top = min(column.top for column in layout.columns) - RING_REACH
    bottom = max(column.bottom for column in layout.columns) + RING_REACH
    centre = layout.inserts[index]
    return centre.x(), min(top, centre.y() + INSERT_RADIUS + 40), bottom
