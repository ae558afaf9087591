"""The order of things in the columns of a layered drawing, with as few crossings as can be.

Sugiyama's scheme: an order that follows a walk through the graph, sweeps that bring everything
near the mean place of its neighbours, and moves of single things as long as one of them takes a
crossing away; small graphs are disturbed a little and mended again many times, which leads out of
orders that no single move improves. Equal graphs get equal drawings.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from functools import lru_cache

SWEEPS = 24
POLISHED_UP_TO = 20_000
"""Things (nodes and bends) times lines up to which every single move within a column is tried."""

DISTURBED_UP_TO = 8_000
"""The same up to which orders are disturbed."""
DISTURBANCES, LONGEST_REACH = 120, 3

Columns = list[list[int]]
Links = list[list[int]]
Sealed = tuple[tuple[int, ...], ...]


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
    work = n * sum(map(len, following))
    if work <= DISTURBED_UP_TO:
        small_graph = (_sealed(columns), _sealed(preceding), _sealed(following))
        return [list(column) for column in _ordered_with_care(*small_graph)]
    return _upright(_ordered(columns, preceding, following, small=work <= POLISHED_UP_TO))


def _sealed(lists: Iterable[Sequence[int]]) -> Sealed:
    return tuple(map(tuple, lists))


@lru_cache(maxsize=32)
def _ordered_with_care(columns: Sealed, preceding: Sealed, following: Sealed) -> Sealed:
    """Order a small graph; every sample of a network has the same one, so it is kept."""
    before, after = [list(links) for links in preceding], [list(links) for links in following]
    best = _ordered([list(column) for column in columns], before, after, small=True)
    least = total_crossings(best, after)
    dice = random.Random(0)  # the same disturbances each time, no secret
    for _ in range(DISTURBANCES):
        if least == 0:
            break
        other = [list(column) for column in best]
        _polish(other, before, after, _disturb(other, dice))
        count = total_crossings(other, after)
        if count <= least:
            best, least = other, count
    return _sealed(_upright(best))


def _disturb(columns: Columns, dice: random.Random) -> set[int]:
    """Exchange two things in each of a few columns side by side; return which columns."""
    first, reach = dice.randrange(len(columns)), dice.randint(2, LONGEST_REACH)
    disturbed = set(range(first, min(first + reach, len(columns))))
    for index in sorted(disturbed):
        column = columns[index]
        a, b = dice.randrange(len(column)), dice.randrange(len(column))
        column[a], column[b] = column[b], column[a]
    return disturbed


def _ordered(columns: Columns, preceding: Links, following: Links, *, small: bool) -> Columns:
    """Return the columns in the order that sweeps, and of a small graph moves, lead to."""
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
            _polish(polished, preceding, following, set(range(len(columns))))
            count = total_crossings(polished, following)
            if count < least:
                best, least = polished, count
    if small and least:
        best = [list(column) for column in best]
        _polish(best, preceding, following, set(range(len(columns))))
    return best


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


def _polish(columns: Columns, preceding: Links, following: Links, open_: set[int]) -> None:
    """Move single things within their column as long as that takes crossings away.

    Columns that are not `open_` are looked at only when one beside them has changed.
    """
    place = _places(columns, len(following))
    for _ in range(8):
        changed = set()
        for index in sorted(open_):
            column = columns[index]
            for thing in list(column):
                if _move(column, thing, place, preceding, following):
                    changed.add(index)
        if not changed:
            break
        open_ = {near for k in changed for near in (k - 1, k, k + 1) if 0 <= near < len(columns)}


def _move(column: list[int], thing: int, place: list[int], *sides: Links) -> bool:
    """Move a thing to where its lines cross the fewest others; return whether that was elsewhere.

    `sides` are the links to the column before and to the one after.
    """
    start = column.index(thing)
    rest = [other for other in column if other != thing]
    more = [0] * len(rest)
    for links in sides:
        ends = sorted(place[near] for near in links[thing])
        if ends:
            for k, other in enumerate(rest):
                for near in links[other]:
                    at = place[near]
                    # Lines that cross if the thing is below the other, less those if it is above.
                    more[k] += bisect_left(ends, at) + bisect_right(ends, at) - len(ends)
    counts = list(itertools.accumulate(more, initial=0))
    best = min(range(len(counts)), key=counts.__getitem__)
    if counts[best] == counts[start]:
        return False
    column[:] = [*rest[:best], thing, *rest[best:]]
    for k, other in enumerate(column):
        place[other] = k
    return True
