"""A layered drawing of a graph from left to right: columns, order, heights, bends of long edges.

An edge over several columns is led through free lanes, and all edges of one source share a lane, so
that no line runs under a box. Heights are least squares of the lines' slopes with fixed smallest
distances, column by column (pool adjacent violators).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import log2

from playground.core.scalar_graph.ordering import Links, ordered

COLUMN_GAP = 25.0
ROW_GAP = 10.0
LANE = 16.0
"""Height that a line passing through a column keeps free."""
WIDENING = 24.0
"""How much wider a gap is for every doubling of the lines in it beyond 24."""
ROUNDS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where everything is.

    Attributes
    ----------
    left, centre : per box its left side and the height of its middle.
    routes : per edge the points that the line passes, (x, y), without its two ends.
    width, height : of the drawing, whose upper left corner is (0, 0).
    """

    left: tuple[float, ...]
    centre: tuple[float, ...]
    routes: tuple[tuple[tuple[float, float], ...], ...]
    width: float
    height: float


def lay_out(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    pinned: Collection[int] = (),
) -> Placement:
    """Return the drawing of boxes that are listed parents first.

    Parameters
    ----------
    sizes : (width, height) per box.
    edges : (from, to) pairs.
    pinned : boxes that stand as far left as their parents allow; all others stand as near to
        their children as they can.
    """
    if not sizes:
        return Placement((), (), (), 0.0, 0.0)
    column = _columns(len(sizes), edges, pinned)
    lanes = _Lanes(column, edges)
    columns = ordered(lanes.columns(), lanes.preceding, lanes.following)
    heights = [size[1] for size in sizes] + [LANE] * (lanes.n - len(sizes))
    centre = _heights(columns, lanes, heights, len(sizes))
    left_of, width = _lefts(sizes, column, _gaps(columns, lanes))
    top = min(c - h / 2 for c, h in zip(centre, heights, strict=True))
    centre = [c - top for c in centre]
    widths = [0.0] * len(columns)
    for k, (w, _) in enumerate(sizes):
        widths[column[k]] = max(widths[column[k]], w)
    routes = []
    for a, b in edges:
        route: list[tuple[float, float]] = []
        for lane in lanes.along[a, b]:
            x, y = left_of[lanes.column[lane]], centre[lane]
            route += [(x, y), (x + widths[lanes.column[lane]], y)]
        routes.append(tuple(route))
    return Placement(
        tuple([left_of[column[k]] for k in range(len(sizes))]),
        tuple(centre[: len(sizes)]),
        tuple(routes),
        width,
        max(c + h / 2 for c, h in zip(centre, heights, strict=True)),
    )


def _columns(n: int, edges: Sequence[tuple[int, int]], pinned: Collection[int]) -> list[int]:
    parents: Links = [[] for _ in range(n)]
    children: Links = [[] for _ in range(n)]
    for a, b in edges:
        parents[b].append(a)
        children[a].append(b)
    column = [0] * n
    for k in range(n):
        column[k] = max((column[p] + 1 for p in parents[k]), default=0)
    for k in range(n - 1, -1, -1):
        if k not in pinned and children[k]:
            column[k] = max(column[k], min(column[c] for c in children[k]) - 1)
    # Columns that everything has moved out of are closed up.
    used = {c: k for k, c in enumerate(sorted(set(column)))}
    return [used[c] for c in column]


class _Lanes:
    """Boxes and the bends of long edges: "things"; the first are the boxes."""

    def __init__(self, column: list[int], edges: Sequence[tuple[int, int]]) -> None:
        self.column = list(column)
        self._n_boxes = len(column)
        self.along: dict[tuple[int, int], list[int]] = {}
        reach: dict[int, int] = defaultdict(int)
        for a, b in edges:
            reach[a] = max(reach[a], column[b])
        chains: dict[int, list[int]] = {}
        links: list[tuple[int, int]] = []
        for a, end in reach.items():
            chain = [a]
            for c in range(column[a] + 1, end):
                self.column.append(c)
                chain.append(len(self.column) - 1)
            chains[a] = chain
            links += itertools.pairwise(chain)
        for a, b in edges:
            length = column[b] - column[a]
            self.along[a, b] = chains[a][1:length]
            links.append((chains[a][length - 1], b))
        self.n = len(self.column)
        self.preceding: Links = [[] for _ in range(self.n)]
        self.following: Links = [[] for _ in range(self.n)]
        for a, b in links:
            self.preceding[b].append(a)
            self.following[a].append(b)

    def is_lane(self, thing: int) -> bool:
        """Whether this is a bend and no box."""
        return thing >= self._n_boxes

    def columns(self) -> list[list[int]]:
        """Return the things by column, in the order of a walk from the results to the leaves."""
        columns: list[list[int]] = [[] for _ in range(max(self.column) + 1)]
        seen = [False] * self.n
        ends = [k for k in range(self.n) if not self.following[k]]
        stack = ends[::-1]
        while stack:
            thing = stack.pop()
            if seen[thing]:
                continue
            seen[thing] = True
            columns[self.column[thing]].append(thing)
            stack += self.preceding[thing][::-1]
        return columns


def _gaps(columns: list[list[int]], lanes: _Lanes) -> list[float]:
    """Return the room after each column: more where many lines cross."""
    gaps = []
    for things in columns:
        n_lines = sum(len(lanes.following[thing]) for thing in things)
        gaps.append(COLUMN_GAP + WIDENING * max(0.0, log2(max(1.0, n_lines / 24.0))))
    return gaps


def _lefts(
    sizes: Sequence[tuple[float, float]], column: list[int], gaps: list[float]
) -> tuple[list[float], float]:
    widths = [0.0] * len(gaps)
    for (width, _), c in zip(sizes, column, strict=True):
        widths[c] = max(widths[c], width)
    lefts, x = [], 0.0
    for width, gap in zip(widths, gaps, strict=True):
        lefts.append(x)
        x += width + gap
    return lefts, x - gaps[-1]


def _heights(
    columns: list[list[int]], lanes: _Lanes, heights: list[float], n_boxes: int
) -> list[float]:
    centre = [0.0] * lanes.n
    for things in columns:
        y = 0.0
        for k, thing in enumerate(things):
            if k:
                y += _distance(things[k - 1], thing, heights, n_boxes)
            centre[thing] = y
        for thing in things:
            centre[thing] -= y / 2
    n_rounds = ROUNDS if lanes.n <= 2000 else 4
    for index in range(n_rounds):
        rightwards = index % 2 == 0
        order = columns if rightwards else columns[::-1]
        for things in order:
            _settle(
                things,
                lanes,
                centre,
                heights,
                n_boxes,
                both=index >= n_rounds - 4,
                rightwards=rightwards,
            )
    return centre


def _distance(above: int, below: int, heights: list[float], n_boxes: int) -> float:
    gap = ROW_GAP if above < n_boxes and below < n_boxes else ROW_GAP / 2
    if above >= n_boxes and below >= n_boxes:
        gap = 0.0
    return (heights[above] + heights[below]) / 2 + gap


def _settle(
    things: list[int],
    lanes: _Lanes,
    centre: list[float],
    heights: list[float],
    n_boxes: int,
    *,
    both: bool,
    rightwards: bool,
) -> None:
    """Bring a column as near to its neighbours as order and distances allow."""
    offsets, wanted, weights = [], [], []
    y = 0.0
    for k, thing in enumerate(things):
        if k:
            y += _distance(things[k - 1], thing, heights, n_boxes)
        links = lanes.preceding[thing] if rightwards else lanes.following[thing]
        if both or not links:
            links = [*lanes.preceding[thing], *lanes.following[thing]]
        pull, weight = 0.0, 0.0
        for other in links:
            strength = 1.0 + 3.0 * lanes.is_lane(thing) + 3.0 * lanes.is_lane(other)
            pull += strength * centre[other]
            weight += strength
        offsets.append(y)
        wanted.append((pull / weight if weight else centre[thing]) - y)
        weights.append(weight or 0.1)
    for thing, place, offset in zip(things, _monotone(wanted, weights), offsets, strict=True):
        centre[thing] = place + offset


def _monotone(wanted: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the non-decreasing numbers nearest to `wanted` (pool adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(wanted, weights, strict=True):
        count = 1
        while blocks and blocks[-1][0] > value:
            mean, heft, length = blocks.pop()
            value = (value * weight + mean * heft) / (weight + heft)
            weight += heft
            count += length
        blocks.append((value, weight, count))
    return [mean for mean, _, length in blocks for _ in range(length)]
