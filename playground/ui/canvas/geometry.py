"""What has a place on the canvas, and the measures of it all.

Coordinates are logical pixels of the canvas below its toolbar. Nothing here paints.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, QRectF

from playground.core.snapshot import Float64s

GRIP_REACH = 8.0
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
HANDLE_APART = 4.0
"""What is left at least between two handles."""
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

    @property
    def pin_centre(self) -> QPointF:
        """The centre of the pin that a selected tile has."""
        return QPointF(self.rect.left() - 1.0, self.rect.top() - 1.5)


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

    @property
    def bottom(self) -> float:
        """The lower end of all columns, their handles' grips included."""
        ends = [column.bottom for column in self.columns]
        ends += [column.handle.bottom() + GRIP_REACH for column in self.columns if column.handle]
        return max(ends if self.more is None else [*ends, self.more.bottom()])

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
