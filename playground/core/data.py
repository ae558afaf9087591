"""From a `DataSpec` to samples that can be drawn and trained on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from playground.core.experiment import DataSpec, Loss
from playground.core.snapshot import DataView, Float64s
from tinyml.datasets import DOMAIN, make_dataset

TABLE_DOMAIN = (-0.5, 1.5)


@lru_cache(maxsize=32)
def data_view(spec: DataSpec) -> DataView:
    """Return the samples of `spec`; the same spec gives the same object while it is remembered."""
    data = make_dataset(spec.kind.value, spec.n_samples, spec.noise, spec.train_share, spec.seed)
    low, high = TABLE_DOMAIN if spec.kind.is_table else (-DOMAIN, DOMAIN)
    return DataView(data.x, data.y, data.n_train, low, high)


def targets_for(loss: Loss, spec: DataSpec, y: Float64s) -> Float64s:
    """Return the targets as `loss` reads them: ±1 for the losses of classes, else as they are."""
    if spec.kind.is_table and loss in (Loss.BCE_LOGITS, Loss.HINGE):
        return 2.0 * y - 1.0
    return y


@lru_cache(maxsize=8)
def grid(low: float, high: float, n: int) -> Float64s:
    """Return (n·n, 2) centres of the cells of a map over [low, high]², row 0 at x₂ = low."""
    centres = low + (np.arange(n) + 0.5) * ((high - low) / n)
    points = np.empty((n * n, 2))
    points[:, 0], points[:, 1] = np.tile(centres, n), np.repeat(centres, n)
    points.flags.writeable = False
    return points
