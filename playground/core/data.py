"""From a `DataSpec` to the samples in force."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from playground.core.choices import Loss, Problem
from playground.core.data_spec import DataSpec
from playground.core.own_data import OwnData, OwnForm
from playground.core.snapshot import DataView, Float64s
from tinyml.datasets import DOMAIN, make_dataset
from tinyml.initializers import uniforms

TABLE_LOW, TABLE_HIGH = -0.5, 1.5
"""The square drawn around the corners of a truth table."""
GENERATED_NAMES = ("x₁", "x₂")
SIGNED_NAMES, LOGICAL_NAMES = ("+1", "−1"), ("1", "0")
MARGIN = 0.06
"""What is left free around the samples of a file, as a share of their range."""
GOLDEN = 0.6180339887498949
ROLE_STREAM = 6


@lru_cache(maxsize=32)
def make_data(spec: DataSpec) -> DataView:
    """Return the samples of `spec`, training samples first, as read-only arrays."""
    if spec.own is not None:
        return _own_data(spec, spec.own)
    kind = spec.kind
    dataset = make_dataset(
        kind.value,
        spec.n_samples,
        spec.noise,
        spec.train_share,
        spec.seed,
        n_classes=spec.n_classes,
        balance=spec.balance,
    )
    several = spec.problem is Problem.MULTICLASS
    low, high = (TABLE_LOW, TABLE_HIGH) if kind.is_table else (-DOMAIN, DOMAIN)
    return DataView(
        dataset.x,
        _sealed(dataset.y.argmax(axis=1).astype(np.float64)) if several else dataset.y,
        dataset.n_train,
        low,
        high,
        input_names=GENERATED_NAMES[: spec.n_inputs],
        class_names=_class_names(spec),
        shown=spec.shown,
        held=_held(spec, dataset.x),
    )


def _own_data(spec: DataSpec, own: OwnData) -> DataView:
    if spec.is_table:
        order, n_train = np.arange(len(own)), len(own)
    else:
        trained = train_roles(len(own), spec.train_share, spec.seed)
        order = np.concatenate([np.flatnonzero(trained), np.flatnonzero(~trained)])
        n_train = int(trained.sum())
    x, y = own.x[order], own.y[order]
    if len(own.class_names) == 2:
        y = 1.0 - 2.0 * y
    low, high = _square(own, spec.shown[: own.x.shape[1]])
    return DataView(
        _sealed(x),
        _sealed(y),
        n_train,
        low,
        high,
        input_names=own.input_names,
        target_name=own.target_name,
        class_names=_class_names(spec),
        shown=spec.shown,
        held=_held(spec, x),
    )


def train_roles(n: int, train_share: float, seed: int) -> NDArray[np.bool_]:
    """Return which of n own samples are trained on: at least one, and close to the share.

    A sample's role depends on its place alone, so that drawing another point or choosing another
    share leaves the others where they are. Multiples of the golden ratio are spread evenly over
    any stretch of the samples, so sorted classes are shared out fairly.
    """
    places = (np.arange(n) * GOLDEN + next(uniforms(seed, ROLE_STREAM))) % 1.0
    trained: NDArray[np.bool_] = places < train_share
    if n and not trained.any():
        trained[int(places.argmin())] = True
    return trained


def _class_names(spec: DataSpec) -> tuple[str, ...]:
    if spec.own is not None and spec.own.class_names:
        return spec.own.class_names
    match spec.problem:
        case Problem.CLASSIFICATION:
            return LOGICAL_NAMES if spec.is_logical else SIGNED_NAMES
        case Problem.MULTICLASS:
            return tuple(str(k + 1) for k in range(spec.n_outputs))
        case Problem.REGRESSION:
            return ()


def _held(spec: DataSpec, x: Float64s) -> tuple[float, ...]:
    """Return, per input, the value that a map holds it at where it is no axis."""
    means = x.mean(axis=0) if len(x) else np.zeros(spec.n_inputs)
    chosen = dict(spec.held)
    # A mean that is 0 but for rounding is shown, and held, as 0.
    return tuple(chosen.get(k, round(float(mean), 9) + 0.0) for k, mean in enumerate(means))


def _square(own: OwnData, shown: tuple[int, ...]) -> tuple[float, float]:
    """Return the ends of the square that the map of own data shows."""
    if own.form is OwnForm.POINTS or not len(own):
        return -DOMAIN, DOMAIN
    numbers = own.x[:, list(shown)]
    low, high = float(numbers.min()), float(numbers.max())
    if own.form is OwnForm.TABLE and low >= 0.0 and high <= 1.0:
        return TABLE_LOW, TABLE_HIGH
    margin = MARGIN * (high - low) or max(1.0, MARGIN * abs(high))  # 1 is nothing beside 1e17
    low, high = low - margin, high + margin
    step = 10.0 ** floor(np.log10((high - low) / 4.0))
    low, high = floor(low / step) * step, ceil(high / step) * step
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def trained_targets(spec: DataSpec, data: DataView, loss: Loss) -> Float64s:
    """Return the targets the loss sees.

    They are (n,), ±1 where it cannot read a table's 0 and 1, or one-hot (n, k) for k classes.
    """
    if spec.problem is Problem.MULTICLASS:
        return np.eye(spec.n_outputs)[data.y.astype(np.int64)]
    return 2.0 * data.y - 1.0 if wants_signs(spec, loss) else data.y


def wants_signs(spec: DataSpec, loss: Loss) -> bool:
    """Whether the loss needs a table's targets as ±1."""
    return spec.is_logical and loss in (Loss.BCE_LOGITS, Loss.HINGE)


def _sealed(array: Float64s) -> Float64s:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array
