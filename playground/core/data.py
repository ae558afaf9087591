"""From a `DataSpec` to the samples in force."""

from __future__ import annotations

from functools import lru_cache

from playground.core.experiment import DataSpec, Loss
from playground.core.snapshot import DataView, Float64s
from tinyml.datasets import DOMAIN, make_dataset

TABLE_LOW, TABLE_HIGH = -0.5, 1.5
"""The square drawn around the corners of a truth table."""


@lru_cache(maxsize=32)
def make_data(spec: DataSpec) -> DataView:
    """Return the samples of `spec`, training samples first, as read-only arrays."""
    dataset = make_dataset(spec.kind.value, spec.n_samples, spec.noise, spec.train_share, spec.seed)
    low, high = (TABLE_LOW, TABLE_HIGH) if spec.kind.is_table else (-DOMAIN, DOMAIN)
    return DataView(dataset.x, dataset.y, dataset.n_train, low, high)


def trained_targets(spec: DataSpec, data: DataView, loss: Loss) -> Float64s:
    """Return the targets the loss sees: (n,), ±1 where it cannot read a table's 0 and 1."""
    return 2.0 * data.y - 1.0 if wants_signs(spec, loss) else data.y


def wants_signs(spec: DataSpec, loss: Loss) -> bool:
    """Whether the loss needs a table's targets as ±1."""
    return spec.kind.is_table and loss in (Loss.BCE_LOGITS, Loss.HINGE)
