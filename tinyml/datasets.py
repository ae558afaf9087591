"""Datasets in the plane: the reference's sets by their rules, and the four-row tables.

Only uniform draws and the library's own functions are used, so a seed gives the same points on
every machine. The draws of the noise come from a stream of their own and are scaled by the noise,
so that another noise moves the same points along the same directions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tinyml.initializers import normal, uniforms
from tinyml.kernels import elementary as el
from tinyml.tape import Floats

DATA_STREAM, NOISE_STREAM, SPLIT_STREAM = 0, 1, 5
PI = 3.141592653589793
DOMAIN = 6.0
"""Half the side of the square the generators draw in."""

Point = tuple[float, float, float]
Generator = Callable[[int, float, Iterator[float], Iterator[float]], Iterator[Point]]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Samples of one dataset; the first `n_train` are to be trained on.

    Attributes
    ----------
    x : (n, 2) read-only inputs.
    y : (n,) read-only targets: ±1 for classes, 0/1 in the tables, real for regression.
    n_train : how many are trained on; the rest is the test set.
    """

    x: Floats
    y: Floats
    n_train: int

    @property
    def train(self) -> tuple[Floats, Floats]:
        """The training samples (x, y)."""
        return self.x[: self.n_train], self.y[: self.n_train]

    @property
    def test(self) -> tuple[Floats, Floats]:
        """The test samples (x, y); may be empty."""
        return self.x[self.n_train :], self.y[self.n_train :]


def _between(draws: Iterator[float], low: float, high: float) -> float:
    return low + (high - low) * next(draws)


def _circle(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    for k in range(n):
        low, high = (0.0, 2.5) if k < n // 2 else (3.5, 5.0)
        radius, angle = _between(draws, low, high), _between(draws, 0.0, 2.0 * PI)
        x, y = radius * el.sin(angle), radius * el.cos(angle)
        dx, dy = (_between(moves, -5.0, 5.0) * noise for _ in range(2))
        inside = el.square_root((x + dx) * (x + dx) + (y + dy) * (y + dy)) < 2.5
        yield x, y, 1.0 if inside else -1.0


def _xor(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    for _ in range(n):
        x, y = (v + (0.3 if v > 0 else -0.3) for v in (_between(draws, -5.0, 5.0) for _ in "xy"))
        dx, dy = (_between(moves, -5.0, 5.0) * noise for _ in range(2))
        yield x, y, 1.0 if (x + dx) * (y + dy) >= 0.0 else -1.0


def _gauss(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    deviation = el.square_root(0.5 + 7.0 * noise)
    for k in range(n):
        centre = 2.0 if k < n // 2 else -2.0
        x, y = centre + deviation * normal(moves), centre + deviation * normal(moves)
        yield x, y, 1.0 if k < n // 2 else -1.0


def _spiral(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    arm = max(n // 2, 1)
    for k in range(n):
        step, turn = (k, 0.0) if k < arm else (k - arm, PI)
        radius, angle = 5.0 * step / arm, 1.75 * step / arm * 2.0 * PI + turn
        x = radius * el.sin(angle) + _between(moves, -1.0, 1.0) * noise
        y = radius * el.cos(angle) + _between(moves, -1.0, 1.0) * noise
        yield x, y, 1.0 if turn == 0.0 else -1.0


def _moons(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    for k in range(n):
        upper = k < n // 2
        angle = PI * next(draws)
        side = 1.0 if upper else -1.0
        x = side * el.cos(angle) + (-0.5 if upper else 0.5)
        y = side * el.sin(angle) + (-0.25 if upper else 0.25)
        dx, dy = normal(moves) * noise, normal(moves) * noise
        yield 3.0 * (x + dx), 3.0 * (y + dy), side


def _checkerboard(
    n: int, noise: float, draws: Iterator[float], moves: Iterator[float]
) -> Iterator[Point]:
    for _ in range(n):
        x, y = _between(draws, -5.0, 5.0), _between(draws, -5.0, 5.0)
        dx, dy = (_between(moves, -2.5, 2.5) * noise for _ in range(2))
        column, row = int((x + dx + 50.0) / 2.5), int((y + dy + 50.0) / 2.5)
        yield x, y, 1.0 if (column + row) % 2 == 0 else -1.0


def _plane(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    for _ in range(n):
        x, y = _between(draws, -6.0, 6.0), _between(draws, -6.0, 6.0)
        dx, dy = (_between(moves, -6.0, 6.0) * noise for _ in range(2))
        yield x, y, (x + dx + y + dy) / 10.0


_HILLS = (
    (-4.0, 2.5, 1.0),
    (0.0, 2.5, -1.0),
    (4.0, 2.5, 1.0),
    (-4.0, -2.5, -1.0),
    (0.0, -2.5, 1.0),
    (4.0, -2.5, -1.0),
)


def _hills(n: int, noise: float, draws: Iterator[float], moves: Iterator[float]) -> Iterator[Point]:
    for _ in range(n):
        x, y = _between(draws, -6.0, 6.0), _between(draws, -6.0, 6.0)
        dx, dy = (_between(moves, -6.0, 6.0) * noise for _ in range(2))
        label = 0.0
        for cx, cy, sign in _HILLS:
            u, v = x + dx - cx, y + dy - cy
            height = max(0.0, 1.0 - el.square_root(u * u + v * v) / 2.0)
            label = sign * height if height > abs(label) else label
        yield x, y, label


GENERATORS: dict[str, Generator] = {
    "circle": _circle,
    "xor": _xor,
    "gauss": _gauss,
    "spiral": _spiral,
    "moons": _moons,
    "checkerboard": _checkerboard,
    "plane": _plane,
    "hills": _hills,
}
TABLES: dict[str, tuple[float, float, float, float]] = {
    # targets of (0, 0), (0, 1), (1, 0), (1, 1)
    "xor-table": (0.0, 1.0, 1.0, 0.0),
    "and-table": (0.0, 0.0, 0.0, 1.0),
    "or-table": (0.0, 1.0, 1.0, 1.0),
    "nand-table": (1.0, 1.0, 1.0, 0.0),
}


def make_dataset(
    name: str, n_samples: int = 500, noise: float = 0.0, train_share: float = 0.5, seed: int = 0
) -> Dataset:
    """Return a dataset, shuffled once, its first ⌊n·train_share⌋ samples for training.

    Parameters
    ----------
    name : one of `GENERATORS` or `TABLES`; tables have four rows, all trained on.
    noise : 0–0.5.
    seed : same seed, same points, on every machine.

    Raises
    ------
    ValueError
        If there is no dataset of that name.
    """
    if name in TABLES:
        x = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
        return _frozen(x, np.array(TABLES[name]), 4)
    if name not in GENERATORS:
        raise ValueError(f"name must be one of {', '.join((*GENERATORS, *TABLES))}, got {name!r}")
    draws, moves = uniforms(seed, DATA_STREAM), uniforms(seed, NOISE_STREAM)
    points = np.array(list(GENERATORS[name](n_samples, noise, draws, moves)))
    order = list(range(n_samples))
    chances = uniforms(seed, SPLIT_STREAM)
    for k in range(n_samples - 1, 0, -1):
        other = int(next(chances) * (k + 1))
        order[k], order[other] = order[other], order[k]
    points = points[order]
    n_train = min(max(int(n_samples * train_share), 1), n_samples)
    return _frozen(points[:, :2], points[:, 2], n_train)


def _frozen(x: Floats, y: Floats, n_train: int) -> Dataset:
    x, y = np.ascontiguousarray(x), np.ascontiguousarray(y)
    x.flags.writeable = y.flags.writeable = False
    return Dataset(x, y, n_train)
