"""Where everything on the canvas is: a pure function of the network and the room there is.

Coordinates are logical pixels of the canvas below its toolbar. Nothing here paints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import floor

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.core.experiment import Feature, NetworkSpec
from playground.core.snapshot import Float64s

INPUTS = -1
"""The layer number of the feature column; 0 is the first hidden layer."""

PITCH_MIN, PITCH_MAX = 47, 65
TILE_GAP = 19
TILE_MIN = 28
OUTPUT_EXTRA = 8
OFF_TILE = 30
OFF_PITCH = 42
ARRIVAL_SPREAD = 26.0
RING_REACH = 5.5
FEATURE_REACH = 1.5
BIAS_RADIUS = 4.0
NAME_Y, COUNT_Y = 27.0, 43.0
CHIP_TOP, CHIP_H = 34.0, 20.0
INSERT_Y, INSERT_RADIUS = 34.0, 9.0
REMOVE_RADIUS = 8.0
HANDLE_W, HANDLE_H, HANDLE_GAP = 78.0, 26.0, 9.0
STUB_H = 22.0
MORE_W, MORE_H, MORE_GAP = 70.0, 26.0, 15.0
SHORT_BELOW = 590
"""Canvas height (a 640 px zone less its toolbar) below which features that are off fold away."""
CROWDED_BELOW = 110.0
"""Distance of two columns below which names and chips are abbreviated."""
SPACING_MIN = 57.0
LABEL_ROOM = 74.0


@dataclass(frozen=True, slots=True)
class Box:
    """One tile: a neuron, or a feature (`layer` is INPUTS, `index` its place in `Feature`)."""

    layer: int
    index: int
    rect: QRectF
    on: bool = True

    @property
    def y(self) -> float:
        """The height of the tile's centre."""
        return self.rect.center().y()

    @property
    def departure_x(self) -> float:
        """Where edges leave the tile."""
        return self.rect.right() + (FEATURE_REACH if self.layer == INPUTS else RING_REACH)

    @property
    def arrival_x(self) -> float:
        """Where edges reach the tile."""
        return self.rect.left() - RING_REACH

    @property
    def bias_centre(self) -> QPointF:
        """The centre of the bias disc."""
        return QPointF(self.rect.left() - 1.0, self.rect.bottom() + 0.5)


@dataclass(frozen=True, slots=True)
class Column:
    """One layer on the canvas; only tiles that are in view have a box.

    Attributes
    ----------
    above, below : tiles scrolled out of view.
    chip : the activation chip, None for the inputs.
    handle : the − n + handle, None for inputs and output.
    """

    layer: int
    x: float
    boxes: tuple[Box, ...]
    above: int = 0
    below: int = 0
    chip: QRectF | None = None
    handle: QRectF | None = None

    @property
    def head(self) -> QRectF:
        """The area around name and chip over which the remove button shows."""
        return QRectF(self.x - 48, 14, 96, 44)

    @property
    def top(self) -> float:
        """The upper end of the tiles."""
        return self.boxes[0].rect.top()

    @property
    def bottom(self) -> float:
        """The lower end of the tiles."""
        return self.boxes[-1].rect.bottom()

    @property
    def stub_above(self) -> QRectF | None:
        """Where the number of tiles above is written."""
        if not self.above:
            return None
        return QRectF(self.x - 30, self.top - RING_REACH - STUB_H - 1, 60, STUB_H)

    @property
    def stub_below(self) -> QRectF | None:
        """Where the number of tiles below is written."""
        if not self.below:
            return None
        return QRectF(self.x - 30, self.bottom + RING_REACH + 1, 60, STUB_H)


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """All edges between two neighbouring columns, as arrays.

    Attributes
    ----------
    layer : the layer the edges lead to.
    sources, targets : columns and rows of the layer's weight matrix that are in view.
    source_y : (n_sources,), arrival_y : (n_targets, n_sources).
    """

    layer: int
    x0: float
    x1: float
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    source_y: Float64s
    arrival_y: Float64s


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The whole canvas: columns from left to right, the gaps between them, "+" discs.

    Attributes
    ----------
    inserts : centre of the disc that inserts a hidden layer at that index.
    more : the chip that unfolds features that are off, None where there is none.
    folded : how many features are folded away.
    """

    width: float
    height: float
    pitch: float
    tile: float
    spacing: float
    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    inserts: tuple[QPointF, ...]
    more: QRectF | None
    folded: int
    boxes: Mapping[tuple[int, int], Box] = field(default_factory=dict)

    @property
    def crowded(self) -> bool:
        """Whether columns are so close that words are abbreviated."""
        return self.spacing < CROWDED_BELOW

    def column(self, layer: int) -> Column:
        """Return the column of a layer."""
        return self.columns[layer + 1]

    def n_edges(self) -> int:
        """Count the edges in view."""
        return sum(gap.arrival_y.size for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Folding:
    """What the person scrolled or unfolded: the first tile shown per layer; the features."""

    first: tuple[tuple[int, int], ...] = ()
    features_shown: bool = False

    def scrolled(self, layer: int, first: int) -> Folding:
        """Return the same with `layer` scrolled to tile `first`."""
        others = tuple(pair for pair in self.first if pair[0] != layer)
        return replace(self, first=(*others, (layer, max(0, first))))


def lay_out(
    network: NetworkSpec,
    width: float,
    height: float,
    chip_widths: Sequence[float] = (),
    folding: Folding | None = None,
    max_layers: int = 8,
) -> Layout:
    """Place every part of `network` on a canvas of the given size.

    `chip_widths` are the widths of the activation chips, hidden layers first and the output last;
    from `max_layers` hidden layers on there are no discs to insert more.
    """
    folding = folding or Folding()
    firsts = dict(folding.first)
    sizes = network.layer_sizes
    on = [feature in network.features for feature in Feature]
    folds = height < SHORT_BELOW and not all(on)
    folded = on.count(False) if folds and not folding.features_shown else 0

    width = max(width, LABEL_ROOM + 94.0 + SPACING_MIN * len(sizes))
    shown_off = 0 if folded else on.count(False)
    cells = max(on.count(True) + shown_off * OFF_PITCH / PITCH_MAX, *sizes)
    room = max(height - 162.0, min(height - 108.0, cells * PITCH_MIN))
    squeeze = (162.0 - (height - room)) / 54.0
    centre = (height + (79.0 - 13.0 * squeeze) - (83.0 - 41.0 * squeeze)) / 2
    pitch = float(int(min(PITCH_MAX, max(PITCH_MIN, room / cells))))
    right = 72.0 if width < 730 else 68.0
    tile = pitch - TILE_GAP
    spacing = (width - LABEL_ROOM - tile / 2 - right) / len(sizes)
    tile = max(float(TILE_MIN), min(tile, float(int(spacing - 30.0))))
    left = LABEL_ROOM + tile / 2
    spacing = (width - left - right) / len(sizes)

    columns = [_inputs(on, left, centre, pitch, tile, room, folded)]
    for layer, size in enumerate(sizes):
        is_output = layer == len(sizes) - 1
        x = left + spacing * (layer + 1)
        chip_width = chip_widths[layer] if layer < len(chip_widths) else 56.0
        side = tile + OUTPUT_EXTRA if is_output else tile
        count, first = size, 0
        if size * pitch > room + 0.5:
            count = min(size, max(1, int((room - 2 * STUB_H) / pitch)))
            first = min(firsts.get(layer, 0), size - count)
        top = centre - count * pitch / 2
        boxes = tuple(
            Box(layer, first + k, _square(x, top + pitch * (k + 0.5), side)) for k in range(count)
        )
        column = Column(
            layer,
            x,
            boxes,
            above=first,
            below=size - first - count,
            chip=QRectF(round(x - chip_width / 2), CHIP_TOP, round(chip_width), CHIP_H),
        )
        if not is_output:
            handle_top = column.bottom + HANDLE_GAP + (STUB_H - 4 if column.below else 0)
            handle_w = min(HANDLE_W, spacing - 4)
            column = replace(
                column, handle=QRectF(round(x - handle_w / 2), handle_top, handle_w, HANDLE_H)
            )
        columns.append(column)

    inserts = [QPointF(left + spacing * (k + 0.5), INSERT_Y) for k in range(len(sizes))]
    if spacing < CROWDED_BELOW:
        inserts = [QPointF(point.x(), NAME_Y - 11) for point in inserts]
    more = None
    if folds:
        more = QRectF(round(left - MORE_W / 2), round(columns[0].bottom + MORE_GAP), MORE_W, MORE_H)
    return Layout(
        width=width,
        height=height,
        pitch=pitch,
        tile=tile,
        spacing=spacing,
        columns=tuple(columns),
        gaps=tuple(_gap(a, b) for a, b in pairwise(columns)),
        inserts=tuple(inserts) if len(sizes) - 1 < max_layers else (),
        more=more,
        folded=folded,
        boxes={(box.layer, box.index): box for column in columns for box in column.boxes},
    )


def _square(x: float, y: float, side: float) -> QRectF:
    return QRectF(floor(x - side / 2 + 0.5), floor(y - side / 2 + 0.5), side, side)


def _inputs(
    on: Sequence[bool],
    x: float,
    centre: float,
    pitch: float,
    tile: float,
    room: float,
    folded: int,
) -> Column:
    """Place the features: full tiles for those in use, small ones for the others."""
    off_pitch = OFF_PITCH * pitch / PITCH_MAX
    n_off = 0 if folded else on.count(False)
    if n_off:
        off_pitch = max(OFF_TILE + 2.0, min(off_pitch, (room - on.count(True) * pitch) / n_off))
    heights = [pitch if used else off_pitch for used in on]
    shown = [k for k, used in enumerate(on) if used or not folded]
    y = centre - sum(heights[k] for k in shown) / 2
    boxes = []
    for k in shown:
        side = tile if on[k] else min(float(OFF_TILE), tile)
        boxes.append(Box(INPUTS, k, _square(x, y + heights[k] / 2, side), on[k]))
        y += heights[k]
    return Column(INPUTS, x, tuple(boxes))


def _gap(before: Column, after: Column) -> Gap:
    """Spread the arrivals of every tile over ARRIVAL_SPREAD pixels in the order of sources."""
    boxes = [box for box in before.boxes if box.on]
    if before.layer == INPUTS:
        sources = tuple(range(len(boxes)))
    else:
        sources = tuple(box.index for box in boxes)
    share = (np.arange(len(boxes)) + 0.5) / len(boxes) - 0.5
    centres = np.array([box.y for box in after.boxes])
    return Gap(
        layer=after.layer,
        x0=boxes[0].departure_x,
        x1=after.boxes[0].arrival_x,
        sources=sources,
        targets=tuple(box.index for box in after.boxes),
        source_y=np.array([box.y for box in boxes]),
        arrival_y=centres[:, None] + ARRIVAL_SPREAD * share[None, :],
    )
