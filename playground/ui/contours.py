"""Finds the line where a field is zero: marching squares over a whole grid at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.snapshot import Float64s

_NONE = -1
# The two ends of the first segment of each cell, as edges 0 bottom, 1 right, 2 top, 3 left; the
# index has bit 0 for the lower left corner, then counter-clockwise. 5 and 10 are the saddles.
_FIRST = np.array(
    [
        (_NONE, _NONE), (3, 0), (0, 1), (3, 1), (1, 2), (3, 0), (0, 2), (3, 2),
        (2, 3), (2, 0), (0, 1), (2, 1), (1, 3), (1, 0), (0, 3), (_NONE, _NONE),
    ]
)  # fmt: skip
_SADDLE_APART = np.array([(3, 0), (1, 2)])
_SADDLE_JOINED = np.array([(3, 2), (0, 1)])


def zero_contour(field: NDArray[np.floating], low: float, high: float) -> tuple[Float64s, Float64s]:
    """Trace the zero line of a field sampled on a square.

    Parameters
    ----------
    field : (rows, columns) finite values; row 0 is x₂ = low, column 0 is x₁ = low.
    low, high : the coordinates of the first and the last sample, the same along both axes.

    Returns
    -------
    x, y : (2 k,) the ends of k segments, pair after pair. A value of 0 counts as negative, so a
        field without a positive value has no contour.
    """
    inside = field > 0
    a, b = inside[:-1, :-1], inside[:-1, 1:]
    c, d = inside[1:, 1:], inside[1:, :-1]
    code = a * np.uint8(1) + b * np.uint8(2) + c * np.uint8(4) + d * np.uint8(8)
    rows, columns = np.nonzero((code != 0) & (code != 15))
    code = code[rows, columns]
    v = np.asarray(field, dtype=np.float64)
    corners = np.stack(
        (v[rows, columns], v[rows, columns + 1], v[rows + 1, columns + 1], v[rows + 1, columns])
    )
    x, y = _edge_crossings(corners, columns, rows)

    saddle = (code == 5) | (code == 10)
    middle_inside = corners[:, saddle].sum(axis=0) > 0
    # A middle of the same kind as the lower left corner joins that corner to its opposite.
    joined = middle_inside == (code[saddle] == 5)
    pairs = np.where(joined[:, None, None], _SADDLE_JOINED, _SADDLE_APART)
    first = _FIRST[code]
    first[saddle] = pairs[:, 0]
    cell = np.arange(len(code))
    picked = np.concatenate((cell, cell[saddle]))
    ends = np.concatenate((first, pairs[:, 1]))
    size = np.array(v.shape[::-1]) - 1
    step_x, step_y = (high - low) / size
    return (
        low + step_x * np.column_stack((x[ends[:, 0], picked], x[ends[:, 1], picked])).ravel(),
        low + step_y * np.column_stack((y[ends[:, 0], picked], y[ends[:, 1], picked])).ravel(),
    )


def _edge_crossings(
    corners: Float64s, columns: NDArray[np.intp], rows: NDArray[np.intp]
) -> tuple[Float64s, Float64s]:
    """Where zero lies on the four edges of each cell, (4, n) in grid units; only if it does."""
    following = np.roll(corners, -1, axis=0)
    crosses = (corners > 0) != (following > 0)
    span = np.where(crosses, corners - following, 1.0)
    share = np.where(crosses, corners / span, 0.0)
    bottom, right, top, left = share
    x = columns + np.stack((bottom, np.ones_like(right), 1 - top, np.zeros_like(left)))
    y = rows + np.stack((np.zeros_like(bottom), right, np.ones_like(top), 1 - left))
    return x, y
