"""The rules by which datasets are drawn: clouds, spirals, rings, surfaces and curves.

Only uniform draws and the library's own functions are used, so a seed gives the same points on
every machine. The draws of the noise come from a stream of their own and are scaled by the noise,
so that another noise moves the same points along the same directions and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import floor, sqrt

from tinyml.initializers import normal, uniforms
from tinyml.kernels.angles import cos, sin

DATA_STREAM, NOISE_STREAM = 0, 1
PI = 3.141592653589793


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
