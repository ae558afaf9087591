"""Thins a long series to what a screen can show, keeping every peak and dip."""

from __future__ import annotations

import numpy as np

from playground.core.snapshot import Float64s

HIGHEST_FOOT, LOWEST_FOOT = 1e-12, 1e-300
"""Between these lies the foot of a logarithmic scale; powers of ten end below the lower."""


def finite_points(x: Float64s, y: Float64s) -> tuple[Float64s, Float64s]:
    """Keep the points whose two numbers are finite: the one gate before every curve."""
    keep = np.isfinite(x) & np.isfinite(y)
    if keep.all():
        return x, y
    return x[keep], y[keep]


def log_foot(*values: Float64s) -> float:
    """Return where a logarithmic scale shows zeros: at 1e-12, or at the least positive value."""
    least = min(float(v.min(initial=HIGHEST_FOOT, where=v > 0)) for v in values)
    return max(LOWEST_FOOT, least)


def for_log_scale(values: Float64s, foot: float) -> Float64s:
    """Return values ≥ 0 as a logarithmic scale shows them, see `log_foot`."""
    return np.where(values > 0, np.maximum(values, LOWEST_FOOT), foot)


def decimate(x: Float64s, y: Float64s, buckets: int) -> tuple[Float64s, Float64s]:
    """Keep the lowest and the highest point of each of `buckets` runs of neighbours.

    Parameters
    ----------
    x, y : (n,) finite series, x ascending.
    buckets : about the number of pixels the series is drawn over.

    Returns
    -------
    The kept points in their order, at most ``2 * buckets + 2``: the extrema of every bucket and
    the two ends. Short series come back unchanged.
    """
    n = len(x)
    if n <= 2 * buckets + 2 or buckets < 1:
        return x, y
    per_bucket = -(-n // buckets)
    used = -(-n // per_bucket)
    # The last run is filled up with its last point, which changes no extremum.
    padded = np.concatenate((y, np.full(used * per_bucket - n, y[-1]))).reshape(used, per_bucket)
    starts = np.arange(used) * per_bucket
    kept = np.concatenate(
        ([0, n - 1], starts + padded.argmin(axis=1), starts + padded.argmax(axis=1))
    )
    kept = np.unique(np.minimum(kept, n - 1))
    return x[kept], y[kept]


def smooth_geometric(values: Float64s, window: int) -> Float64s:
    """Return the centred geometric mean over `window` positive neighbours, shorter at the ends."""
    n = len(values)
    if n < 2 or window < 2:
        return values
    half = window // 2
    sums = np.concatenate(([0.0], np.cumsum(np.log(values))))
    low = np.maximum(np.arange(n) - half, 0)
    high = np.minimum(np.arange(n) + half + 1, n)
    smoothed: Float64s = np.exp((sums[high] - sums[low]) / (high - low))
    return smoothed
