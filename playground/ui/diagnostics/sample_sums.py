"""What the per-sample gradients of one parameter add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from playground.core.snapshot import DataView, Float64s


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures over all train samples, and over those in the lasso.

    Attributes
    ----------
    n, mean : samples, and the mean of ∂ℓᵢ/∂w: the gradient of a batch of all of them.
    cancellation : |Σ| / Σ|·|, 1 where all samples pull the same way; None where nothing pulls.
    noise : standard error σ/√B of a batch of B samples.
    n_selected, selected : how many are in the lasso, and their part of the mean, Σ over n.
    """

    n: int
    mean: float
    cancellation: float | None
    noise: float
    n_selected: int
    selected: float


def add_up(gradients: Float64s, batch_size: int, chosen: NDArray[np.bool_]) -> Sums:
    """Return the sums of (n,) gradients, n ≥ 1; `chosen` marks the samples in the lasso."""
    n = len(gradients)
    with np.errstate(over="ignore", invalid="ignore"):
        total, sizes = float(gradients.sum()), float(np.abs(gradients).sum())
        spread = float(gradients.std())
    return Sums(
        n=n,
        mean=total / n,
        cancellation=abs(total) / sizes if 0.0 < sizes < np.inf else None,
        noise=spread / float(np.sqrt(min(batch_size, n))),
        n_selected=int(chosen.sum()),
        selected=float(gradients[chosen].sum()) / n,
    )


def map_places(data: DataView) -> Float64s:
    """Return (n_train, 2) places of the train samples: shares of a map's side from its top left."""
    x = data.x[: data.n_train]
    up = x[:, 1] if x.shape[1] > 1 else data.y[: data.n_train]
    shares = (np.column_stack((x[:, 0], up)) - data.low) / (data.high - data.low)
    shares = np.clip(shares, 0.02, 0.98)
    return np.column_stack((shares[:, 0], 1.0 - shares[:, 1]))


def inside(lasso: QPolygonF, places: Float64s) -> NDArray[np.bool_]:
    """Return which of (n, 2) places lie in a closed lasso."""
    box = lasso.boundingRect()
    near = (
        (places[:, 0] >= box.left())
        & (places[:, 0] <= box.right())
        & (places[:, 1] >= box.top())
        & (places[:, 1] <= box.bottom())
    )
    mask = np.zeros(len(places), bool)
    for k in np.flatnonzero(near):
        place = QPointF(float(places[k, 0]), float(places[k, 1]))
        mask[k] = lasso.containsPoint(place, Qt.FillRule.OddEvenFill)
    return mask
