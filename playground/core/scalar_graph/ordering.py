"""The order of things in the columns of a layered drawing, with as few crossings as can be.

Sugiyama's scheme: an order that follows a walk through the graph, sweeps that bring everything
near the mean place of its neighbours, and exchanges of neighbours and moves as long as one of them
takes a crossing away. Equal graphs get equal drawings.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Sequence

SWEEPS = 24
POLISHED_UP_TO = 20_000
"""Things (nodes and bends) times lines up to which every single move within a column is tried."""

Columns = list[list[int]]
Links = list[list[int]]


def crossings(upper: Sequence[int], place: Sequence[int], links: Links) -> int:
    """Count the crossings between one column, in order, and the next one's places."""
    seen: list[int] = []
    count = 0
    for thing in upper:
        ends = sorted(place[other] for other in links[thing])
        for end in ends:
            count += len(seen) - bisect_left(seen, end + 1)
        for end in ends:
            insort(seen, end)
    return count


def total_crossings(columns: Columns, following: Links) -> int:
    """Count all crossings of a drawing."""
    place = _places(columns, len(following))
    return sum(crossings(column, place, following) for column in columns[:-1])


def _places(columns: Columns, n: int) -> list[int]:
    place = [0] * n
    for column in columns:
        for k, thing in enumerate(column):
            place[thing] = k
    return place


def ordered(columns: Columns, preceding: Links, following: Links) -> Columns:
    """Return the columns with their contents in a good order.

    Parameters
    ----------
    columns : things by column, in the order of a walk through the graph.
    preceding, following : per thing its neighbours in the column before and after.
    """
    n = len(following)
    small = n * sum(map(len, following)) <= POLISHED_UP_TO
    starts = [columns, [column[::-1] for column in columns]] if small else [columns]
    best: Columns = columns
    least = total_crossings(columns, following)
    for start in starts:
        current = [list(column) for column in start]
        stale = 0
        for sweep in range(SWEEPS if small else 6):
            _sweep(current, preceding, following, rightwards=sweep % 2 == 0)
            count = total_crossings(current, following)
            if count < least:
                best, least, stale = [list(column) for column in current], count, 0
            else:
                stale += 1
            if least == 0 or stale > 6:
                break
        if small and least:
            polished = [list(column) for column in current]
            _polish(polished, preceding, following)
            count = total_crossings(polished, following)
            if count < least:
                best, least = polished, count
    if small and least:
        best = [list(column) for column in best]
        _polish(best, preceding, following)
    return _upright(best)


def _upright(columns: Columns) -> Columns:
    """Turn the drawing upside down if most things then stand in the order they were listed in."""
    falling = sum(a > b for column in columns for a, b in itertools.pairwise(column))
    rising = sum(a < b for column in columns for a, b in itertools.pairwise(column))
    return [column[::-1] for column in columns] if falling > rising else columns


def _sweep(columns: Columns, preceding: Links, following: Links, *, rightwards: bool) -> None:
    """Sort each column by the mean place of its neighbours in the column just passed."""
    links = preceding if rightwards else following
    order = columns[1:] if rightwards else columns[-2::-1]
    place = _places(columns, len(links))
    for column in order:
        keys = {}
        for k, thing in enumerate(column):
            others = links[thing]
            keys[thing] = sum(place[o] for o in others) / len(others) if others else float(k)
        free = [thing for thing in column if not links[thing]]
        column.sort(key=keys.__getitem__)
        if free and len(free) < len(column):
            _seat(column, free, following if rightwards else preceding, place)
        for k, thing in enumerate(column):
            place[thing] = k


def _seat(column: list[int], free: list[int], links: Links, place: list[int]) -> None:
    """Put things without neighbours on one side beside those that share one on the other."""
    fixed = [thing for thing in column if thing not in set(free)]
    for thing in free:
        wanted = links[thing]
        near = [k for k, other in enumerate(fixed) if set(links[other]) & set(wanted)]
        if near:
            fixed.insert(near[0] if place[thing] <= place[fixed[near[0]]] else near[-1] + 1, thing)
        else:
            fixed.insert(min(place[thing], len(fixed)), thing)
    column[:] = fixed


def _polish(columns: Columns, preceding: Links, following: Links) -> None:
    """Move single things within their column as long as that takes crossings away."""
    place = _places(columns, len(following))
    for _ in range(8):
        gained = False
        for index, column in enumerate(columns):
            before = columns[index - 1] if index else []
            for thing in list(column):
                gained |= _move(column, thing, before, place, following)
        if not gained:
            break


def _move(
    column: list[int], thing: int, before: list[int], place: list[int], following: Links
) -> bool:
    def count() -> int:
        for k, other in enumerate(column):
            place[other] = k
        return crossings(column, place, following) + crossings(before, place, following)

    start = column.index(thing)
    least, best = count(), start
    rest = [other for other in column if other != thing]
    for target in range(len(column)):
        if target == start:
            continue
        column[:] = [*rest[:target], thing, *rest[target:]]
        number = count()
        if number < least:
            least, best = number, target
    column[:] = [*rest[:best], thing, *rest[best:]]
    for k, other in enumerate(column):
        place[other] = k
    return best != start
