"""Datasets: the reference's sets by their rules, two moons, rings, blobs, gates, curves.

Only uniform draws and the library's own functions are used, so a seed gives the same points on
every machine. The draws of the noise come from a stream of their own and are scaled by the noise,
so that another noise moves the same points along the same directions and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import floor, isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tinyml.initializers import normal, uniforms
from tinyml.kernels.angles import cos, sin

Floats = NDArray[np.float64]

DATA_STREAM, NOISE_STREAM, SPLIT_STREAM = 0, 1, 5
PI = 3.141592653589793
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


class Draws:
    """The random numbers of one dataset: points from one stream, their noise from another."""

    def __init__(self, seed: int, noise: float) -> None:
        self.points = uniforms(seed, DATA_STREAM)
        self.moves = uniforms(seed, NOISE_STREAM)
        self.noise = noise

    def between(self, low: float, high: float) -> float:
        """Return a number from U(low, high)."""
        return low + (high - low) * next(self.points)

    def move(self, reach: float) -> float:
        """Return a number from U(−reach, reach), times the noise."""
        return reach * (2.0 * next(self.moves) - 1.0) * self.noise


Sample = tuple[float, ...]
Generator = Callable[[int, Draws], Iterator[Sample]]


def _circle(n: int, draws: Draws) -> Iterator[Sample]:
    for k in range(n):
        radius = draws.between(0.0, 2.5) if k < n // 2 else draws.between(3.5, 5.0)
        angle = draws.between(0.0, 2.0 * PI)
        x, y = radius * sin(angle), radius * cos(angle)
        u, v = x + draws.move(5.0), y + draws.move(5.0)
        yield x, y, 1.0 if sqrt(u * u + v * v) < 2.5 else -1.0


def _xor(n: int, draws: Draws) -> Iterator[Sample]:
    for _ in range(n):
        x, y = draws.between(-5.0, 5.0), draws.between(-5.0, 5.0)
        x += 0.3 if x > 0.0 else -0.3
        y += 0.3 if y > 0.0 else -0.3
        u, v = x + draws.move(5.0), y + draws.move(5.0)
        yield x, y, 1.0 if u * v >= 0.0 else -1.0


def _gauss(n: int, draws: Draws) -> Iterator[Sample]:
    deviation = sqrt(0.5 + 7.0 * draws.noise)
    for k in range(n):
        side = 1.0 if k < n // 2 else -1.0
        x, y = (2.0 * side + deviation * normal(draws.moves) for _ in range(2))
        yield x, y, side


def _spiral(n: int, draws: Draws) -> Iterator[Sample]:
    first = (n + 1) // 2
    for k in range(n):
        arm = (k, first, 0.0, 1.0) if k < first else (k - first, n - first, PI, -1.0)
        part = arm[0] / arm[1]
        radius, angle = 5.0 * part, 1.75 * part * 2.0 * PI + arm[2]
        yield radius * sin(angle) + draws.move(1.0), radius * cos(angle) + draws.move(1.0), arm[3]


def _moons(n: int, draws: Draws) -> Iterator[Sample]:
    for k in range(n):
        side = 1.0 if k < n // 2 else -1.0
        angle = draws.between(0.0, PI)
        x = side * (cos(angle) - 0.5) + draws.noise * normal(draws.moves)
        y = side * (sin(angle) - 0.25) + draws.noise * normal(draws.moves)
        yield 3.0 * x, 3.0 * y, side


def _checkerboard(n: int, draws: Draws) -> Iterator[Sample]:
    for _ in range(n):
        x, y = draws.between(-5.0, 5.0), draws.between(-5.0, 5.0)
        u, v = x + draws.move(5.0), y + draws.move(5.0)
        yield x, y, 1.0 if (floor(u / 2.5) + floor(v / 2.5)) % 2 == 0 else -1.0


def _yin_yang(n: int, draws: Draws) -> Iterator[Sample]:
    for _ in range(n):
        radius, angle = 5.0 * sqrt(next(draws.points)), draws.between(0.0, 2.0 * PI)
        x, y = radius * sin(angle), radius * cos(angle)
        u, v = x + draws.move(5.0), y + draws.move(5.0)
        upper, lower = (u * u + (v - c) * (v - c) for c in (2.5, -2.5))
        light = upper <= 6.25 or (lower > 6.25 and u > 0.0)
        in_dot = min(upper, lower) <= 0.75 * 0.75
        yield x, y, 1.0 if light != in_dot else -1.0


def _plane(n: int, draws: Draws) -> Iterator[Sample]:
    for _ in range(n):
        x, y = draws.between(-6.0, 6.0), draws.between(-6.0, 6.0)
        yield x, y, (x + draws.move(6.0) + (y + draws.move(6.0))) / 10.0


HILLS = ((-4.0, 2.5), (0.0, 2.5), (4.0, 2.5), (-4.0, -2.5), (0.0, -2.5), (4.0, -2.5))
"""Centres of the hills: upwards, downwards, upwards in the first row, the reverse in the second."""


def _hills(n: int, draws: Draws) -> Iterator[Sample]:
    for _ in range(n):
        x, y = draws.between(-6.0, 6.0), draws.between(-6.0, 6.0)
        u, v = x + draws.move(6.0), y + draws.move(6.0)
        label = 0.0
        for k, (cx, cy) in enumerate(HILLS):
            square = (u - cx) * (u - cx) + (v - cy) * (v - cy)
            height = max(0.0, 1.0 - sqrt(square) / 2.0)
            if height > abs(label):
                label = height if k in (0, 2, 4) else -height
        yield x, y, label


def _curve(height: Callable[[float], float]) -> Generator:
    def generate(n: int, draws: Draws) -> Iterator[Sample]:
        for _ in range(n):
            x = draws.between(-6.0, 6.0)
            yield x, height(x) + draws.move(1.0)

    return generate


def _rings(n: int, n_classes: int, draws: Draws) -> Iterator[Sample]:
    width = 5.0 / (n_classes - 0.5)  # a small disc, then rings, gaps between them
    for k in range(n):
        ring = k % n_classes
        radius = abs(width * (ring + draws.between(-0.3, 0.3)))
        angle = draws.between(0.0, 2.0 * PI)
        yield radius * sin(angle) + draws.move(2.5), radius * cos(angle) + draws.move(2.5), ring


def _blobs(n: int, n_classes: int, draws: Draws) -> Iterator[Sample]:
    deviation = sqrt(0.3 + 3.0 * draws.noise)
    for k in range(n):
        angle = 2.0 * PI * (k % n_classes) / n_classes
        x, y = 3.5 * sin(angle), 3.5 * cos(angle)
        x, y = x + deviation * normal(draws.moves), y + deviation * normal(draws.moves)
        yield x, y, k % n_classes


CLASSIFICATION: dict[str, Generator] = {
    "circle": _circle,
    "xor": _xor,
    "gauss": _gauss,
    "spiral": _spiral,
    "moons": _moons,
    "checkerboard": _checkerboard,
    "yin-yang": _yin_yang,
}
"""Two classes ±1 over (x₁, x₂)."""
REGRESSION: dict[str, Generator] = {"plane": _plane, "hills": _hills}
"""Real targets, mostly in ±1, over (x₁, x₂)."""
CURVES: dict[str, Generator] = {
    "sine": _curve(sin),
    "steps": _curve(lambda x: -1.0 if x < -2.0 else (0.0 if x < 2.0 else 1.0)),
    "parabola": _curve(lambda x: x * x / 18.0 - 1.0),
    "kink": _curve(lambda x: abs(x) / 3.0 - 1.0),
}
"""Real targets over one input x in ±6."""
MULTICLASS: dict[str, Callable[[int, int, Draws], Iterator[Sample]]] = {
    "rings": _rings,
    "blobs": _blobs,
}
"""One-hot targets of k classes over (x₁, x₂)."""
TABLES: dict[str, tuple[float, float, float, float]] = {
    "xor-table": (0.0, 1.0, 1.0, 0.0),
    "and-table": (0.0, 0.0, 0.0, 1.0),
    "or-table": (0.0, 1.0, 1.0, 1.0),
    "nand-table": (1.0, 1.0, 1.0, 0.0),
}
"""Targets 0/1 of the rows (0, 0), (0, 1), (1, 0), (1, 1)."""
DATASETS = (*CLASSIFICATION, *REGRESSION, *TABLES, *MULTICLASS, *CURVES)
"""Every name."""


def make_dataset(
    name: str,
    n_samples: int = 500,
    noise: float = 0.0,
    train_share: float = 0.5,
    seed: int = 0,
    n_classes: int = 3,
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
    draws = Draws(seed, noise)
    if name in MULTICLASS:
        samples = _array(list(MULTICLASS[name](n_samples, n_classes, draws)))
        y = np.eye(n_classes)[samples[:, -1].astype(np.int64)]
    else:
        generators = CLASSIFICATION | REGRESSION | CURVES
        samples = _array(list(generators[name](n_samples, draws)))
        y = samples[:, -1]
    return Dataset(samples[:, :-1], y).split(train_share, seed)


def _array(numbers: ArrayLike) -> Floats:
    return np.array(numbers, np.float64)
