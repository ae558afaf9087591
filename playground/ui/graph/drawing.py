"""Where the parts of a folded graph are: boxes, lines between them, what is in view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from playground.core.scalar_graph.folding import FoldedGraph, Item
from playground.core.scalar_graph.layout import lay_out

NODE_W, NODE_H = 76.0, 42.0
DISC = 10.0
"""Radius of the disc of an operation, on the left edge of its result."""
GROUP_W = 108.0
LIST_W, LIST_ROW_H, LIST_HEADER_H, LIST_FOOT_H = 138.0, 18.0, 21.0, 15.0
ARRIVAL = 8.0
"""How far apart two lines reach an operation."""
MARGIN = DISC + 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One edge: its path from source to target, and the straight line that stands for it afar."""

    source: int
    target: int
    path: QPainterPath
    polygon: QPolygonF


def item_size(item: Item) -> tuple[float, float]:
    """Return the size of an item's box."""
    if item.group is None:
        return NODE_W, NODE_H
    if is_list(item):
        foot = LIST_FOOT_H if item.hidden_rows else 3.0
        return LIST_W, LIST_HEADER_H + LIST_ROW_H * len(item.rows) + foot
    return GROUP_W, NODE_H


def is_list(item: Item) -> bool:
    """Whether an item lists the numbers of several results."""
    return item.group is not None and len(item.rows) != 1


def has_disc(item: Item) -> bool:
    """Whether an item has a disc on its left edge: an operation's, or the Σ of a folded one."""
    return bool(item.op) or (item.group is not None and not is_list(item))


class Drawing:
    """A folded graph with places. Coordinates are logical pixels at scale 1 from its corner."""

    def __init__(self, folded: FoldedGraph) -> None:
        self.folded = folded
        sizes = [item_size(item) for item in folded.items]
        placement = lay_out(sizes, folded.edges, folded.pinned())
        self.boxes = [
            QRectF(x + MARGIN, y - h / 2, w, h)
            for x, y, (w, h) in zip(placement.left, placement.centre, sizes, strict=True)
        ]
        self.width = placement.width + 2 * MARGIN
        self.height = placement.height
        self._edges = np.array([(b.left(), b.top(), b.right(), b.bottom()) for b in self.boxes])
        self._routes = placement.routes
        self._lines: list[Line] | None = None
        self._segments: list[QLineF] | None = None
        self._owner: NDArray[np.int64] = np.zeros(0, np.int64)
        self._line_boxes: NDArray[np.float64] = np.zeros((0, 4))

    @property
    def bounds(self) -> QRectF:
        """The whole drawing."""
        return QRectF(0, 0, self.width, self.height)

    @property
    def lines(self) -> list[Line]:
        """All edges, made when first asked for."""
        if self._lines is None:
            self._lines = self._make_lines()
            self._line_boxes = np.array(
                [
                    (r.left(), r.top(), r.right(), r.bottom())
                    for r in (line.polygon.boundingRect() for line in self._lines)
                ]
            ).reshape(-1, 4)
        return self._lines

    def _make_lines(self) -> list[Line]:
        arriving: dict[int, list[int]] = {}
        for k, (_, target) in enumerate(self.folded.edges):
            arriving.setdefault(target, []).append(k)
        shift = [0.0] * len(self.folded.edges)
        for edges in arriving.values():
            if len(edges) > 1:
                edges.sort(key=self._last_height)
                room = ARRIVAL if len(edges) == 2 else min(3.0 * len(edges), 13.0)
                for place, k in enumerate(edges):
                    shift[k] = room * (place / (len(edges) - 1) - 0.5)
        return [
            self._line(source, target, self._routes[k], shift[k])
            for k, (source, target) in enumerate(self.folded.edges)
        ]

    def _last_height(self, edge: int) -> float:
        route = self._routes[edge]
        return route[-1][1] if route else self.boxes[self.folded.edges[edge][0]].center().y()

    def _line(
        self, source: int, target: int, route: tuple[tuple[float, float], ...], shift: float
    ) -> Line:
        start, end = self.boxes[source], self.boxes[target]
        points = [QPointF(start.right(), start.center().y())]
        points += [QPointF(x + MARGIN, y) for x, y in route]
        stop = end.left() - (DISC - 1.5 if has_disc(self.folded.items[target]) else 0.0)
        points.append(QPointF(stop, end.center().y() + shift))
        path = QPainterPath(points[0])
        for k in range(1, len(points)):
            a, b = points[k - 1], points[k]
            if k % 2 == 0:
                path.lineTo(b)
            else:
                reach = 0.5 * (b.x() - a.x())
                path.cubicTo(a + QPointF(reach, 0), b - QPointF(reach, 0), b)
        return Line(source, target, path, QPolygonF(points))

    # What is where.

    def items_in(self, area: QRectF) -> list[int]:
        """Return the items that reach into `area`."""
        if not len(self._edges):
            return []
        grown = area.adjusted(-DISC, -DISC, DISC, DISC)
        return _touching(self._edges, grown)

    def lines_in(self, area: QRectF) -> list[Line]:
        """Return the edges whose box reaches into `area`."""
        lines = self.lines
        return [lines[k] for k in _touching(self._line_boxes, area)] if lines else []

    def segments_in(self, area: QRectF) -> list[QLineF]:
        """Return the edges in `area` as straight pieces, for a view from afar."""
        if self._segments is None:
            self._segments = []
            owner: list[int] = []
            for k, line in enumerate(self.lines):
                points = line.polygon
                for j in range(1, points.count()):
                    self._segments.append(QLineF(points.at(j - 1), points.at(j)))
                    owner.append(k)
            self._owner = np.array(owner, np.int64)
        if area.contains(self.bounds):
            return self._segments
        near = np.zeros(len(self.lines), bool)
        near[_touching(self._line_boxes, area)] = True
        return [self._segments[k] for k in np.flatnonzero(near[self._owner])]

    def item_at(self, place: QPointF) -> int | None:
        """Return the item under a place, discs included."""
        for k in self.items_in(QRectF(place.x() - 0.5, place.y() - 0.5, 1.0, 1.0)):
            box = self.boxes[k]
            if box.contains(place):
                return k
            middle = QPointF(box.left(), box.center().y())
            if has_disc(self.folded.items[k]) and (place - middle).manhattanLength() <= DISC + 2:
                return k
        return None


def _touching(boxes: NDArray[np.float64], area: QRectF) -> list[int]:
    hits = (
        (boxes[:, 0] <= area.right())
        & (boxes[:, 2] >= area.left())
        & (boxes[:, 1] <= area.bottom())
        & (boxes[:, 3] >= area.top())
    )
    return [int(k) for k in np.flatnonzero(hits)]
