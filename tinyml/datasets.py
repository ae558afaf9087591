"""Datasets: the reference's sets by their rules, two moons, rings, blobs, gates, curves."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinyml.generators import CLASSIFICATION, CURVES, MULTICLASS, REGRESSION, TABLES, Draws
from tinyml.initializers import uniforms

Floats = NDArray[np.float64]

SPLIT_STREAM = 5
DOMAIN = 6.0
"""Half the side of the square that the sets lie in."""


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples, of which the first `n_train` are for training; arrays are copied and read-only.

    Attributes
    ----------
    x : (n, n_inputs) inputs.
    y : (n,) targets: ±1 for two classes, 0/1 in tables, real in regression; or (n, k) one-hot 0/1
        for k classes.
    n_train : how many are trained on; made with 0, it is all.

    Raises
    ------
    ValueError
        If the shapes do not fit, a number is not finite, or `n_train` is not in 1…n.

    Examples
    --------
    >>> data = make_dataset("moons", 200, noise=0.1, train_share=0.8)
    >>> x, y = data.train
    >>> x.shape, y.shape
    ((160, 2), (160,))
    """

    x: Floats
    y: Floats
    n_train: int = 0

    def __post_init__(self) -> None:
        x, y = np.array(self.x, np.float64), np.array(self.y, np.float64)
        if x.ndim != 2 or y.ndim not in (1, 2) or len(x) != len(y) or not len(x):
            raise ValueError(
                f"x must be (n, inputs) and y (n,) or (n, k), got {x.shape}, {y.shape}"
            )
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise ValueError("x and y must be finite numbers")
        n_train = self.n_train or len(x)
        if not 1 <= n_train <= len(x):
            raise ValueError(f"n_train must be 1 to {len(x)}, got {n_train}")
        x.flags.writeable = y.flags.writeable = False
        for name, value in (("x", x), ("y", y), ("n_train", n_train)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def train(self) -> tuple[Floats, Floats]:
        """The training samples (x, y)."""
        return self.x[: self.n_train], self.y[: self.n_train]

    @property
    def test(self) -> tuple[Floats, Floats]:
        """The test samples (x, y); may be empty."""
        return self.x[self.n_train :], self.y[self.n_train :]

    def split(self, train_share: float, seed: int = 0) -> Dataset:
        """Return the samples in an order drawn from `seed`, ⌊n·train_share⌋ (at least 1) to train.

        Raises
        ------
        ValueError
            If `train_share` is not in (0, 1].
        """
        if not 0.0 < train_share <= 1.0:
            raise ValueError(f"train_share must be above 0 and at most 1, got {train_share!r}")
        order, chances = list(range(len(self))), uniforms(seed, SPLIT_STREAM)
        for k in range(len(order) - 1, 0, -1):  # Fisher and Yates
            other = int(next(chances) * (k + 1))
            order[k], order[other] = order[other], order[k]
        # 0.29·100 is 28.999…: a share is meant as the decimal number it is written as.
        n_train = floor(len(self) * train_share + 1e-9)
        return Dataset(self.x[order], self.y[order], max(n_train, 1))


DATASETS = (*CLASSIFICATION, *REGRESSION, *TABLES, *MULTICLASS, *CURVES)
"""Every name."""


def make_dataset(
    name: str,
    n_samples: int = 500,
    noise: float = 0.0,
    train_share: float = 0.5,
    seed: int = 0,
    n_classes: int = 3,
    balance: float = 0.5,
) -> Dataset:
    """Return a dataset, shuffled once, its first ⌊n·train_share⌋ samples for training.

    Parameters
    ----------
    name : one of `DATASETS`. A table has its four rows, all for training, whatever else is asked.
    n_samples : at least 2.
    noise : 0–0.5, the reference's slider divided by 100.
    train_share : above 0, at most 1.
    seed : same seed, same bits, on every machine.
    n_classes : 2–10, how many classes `MULTICLASS` sets have.
    balance : 0.1–0.9, the share of class +1 in `CLASSIFICATION` sets; at 0.5 the set is as its rule
        draws it. Classes are those of the points without noise.

    Raises
    ------
    ValueError
        If there is no dataset of that name or a number is out of range.
    """
    if name not in DATASETS:
        raise ValueError(f"name must be one of {', '.join(DATASETS)}, got {name!r}")
    if name in TABLES:
        return Dataset(_array([(0, 0), (0, 1), (1, 0), (1, 1)]), _array(TABLES[name]))
    if n_samples < 2:
        raise ValueError(f"n_samples must be at least 2, got {n_samples!r}")
    if not (isfinite(noise) and 0.0 <= noise <= 0.5):
        raise ValueError(f"noise must be 0 to 0.5, got {noise!r}")
    if not 2 <= n_classes <= 10:
        raise ValueError(f"n_classes must be 2 to 10, got {n_classes!r}")
    if not 0.1 <= balance <= 0.9:
        raise ValueError(f"balance must be 0.1 to 0.9, got {balance!r}")
    if name in CLASSIFICATION and balance != 0.5:
        samples = _balanced(name, n_samples, noise, seed, balance)
        return Dataset(samples[:, :-1], samples[:, -1]).split(train_share, seed)
    draws = Draws(seed, noise)
    if name in MULTICLASS:
        samples = _array(list(MULTICLASS[name](n_samples, n_classes, draws)))
        y = np.eye(n_classes)[samples[:, -1].astype(np.int64)]
    else:
        generators = CLASSIFICATION | REGRESSION | CURVES
        samples = _array(list(generators[name](n_samples, draws)))
        y = samples[:, -1]
    return Dataset(samples[:, :-1], y).split(train_share, seed)


def _balanced(name: str, n: int, noise: float, seed: int, balance: float) -> Floats:
    """Return n samples (x₁, x₂, y) of which a given share would be +1 without noise."""
    wanted = {1.0: max(1, min(n - 1, floor(n * balance + 0.5)))}
    wanted[-1.0] = n - wanted[1.0]
    n_drawn = 2 * max(wanted.values())
    while True:
        # Points come from a stream that the noise does not touch: the same ones twice.
        calm = _array(list(CLASSIFICATION[name](n_drawn, Draws(seed, 0.0))))[:, -1]
        rows = [np.flatnonzero(calm == side)[:count] for side, count in wanted.items()]
        if sum(map(len, rows)) == n:
            break
        n_drawn *= 2
    moved = _array(list(CLASSIFICATION[name](n_drawn, Draws(seed, noise))))
    return moved[np.sort(np.concatenate(rows))]


def _array(numbers: ArrayLike) -> Floats:
    return np.array(numbers, np.float64)
