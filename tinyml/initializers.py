"""How first weights are drawn: from uniform numbers and own functions, the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt

import numpy as np

from tinyml.kernels import elementary as el

TWO_PI = 6.283185307179586


def uniforms(*entropy: int) -> Iterator[float]:
    """Yield uniform numbers in [0, 1) that depend on `entropy` alone (SeedSequence, PCG64)."""
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
    while True:
        yield from generator.random(256).tolist()


def normal(draws: Iterator[float]) -> float:
    """Return one standard normal number from two uniform ones (Box & Muller 1958)."""
    radius = el.square_root(-2.0 * el.log(1.0 - next(draws)))
    return radius * el.cos(TWO_PI * next(draws))


Draw = Callable[[Iterator[float], int, int], float]


def _uniform(low: float, high: float) -> Draw:
    return lambda draws, n_in, n_out: low + (high - low) * next(draws)


def _scaled_uniform(limit: Callable[[int, int], float]) -> Draw:
    return lambda draws, n_in, n_out: limit(n_in, n_out) * (2.0 * next(draws) - 1.0)


def _scaled_normal(deviation: Callable[[int, int], float]) -> Draw:
    return lambda draws, n_in, n_out: deviation(n_in, n_out) * normal(draws)


INITIALIZERS: dict[str, tuple[Draw, float]] = {
    # name: (one weight from (draws, fan in, fan out), bias)
    "xavier_uniform": (_scaled_uniform(lambda i, o: sqrt(6.0 / (i + o))), 0.0),
    "xavier_normal": (_scaled_normal(lambda i, o: sqrt(2.0 / (i + o))), 0.0),
    "he_uniform": (_scaled_uniform(lambda i, o: sqrt(6.0 / i)), 0.0),
    "he_normal": (_scaled_normal(lambda i, o: sqrt(2.0 / i)), 0.0),
    "tf_playground": (_uniform(-0.5, 0.5), 0.1),
    "seed": (_uniform(0.0, 1.0), 0.0),
    "micrograd": (_uniform(-1.0, 1.0), 0.0),
    "zeros": (lambda draws, n_in, n_out: 0.0, 0.0),
    "too_small": (_scaled_uniform(lambda i, o: 0.01 * sqrt(6.0 / (i + o))), 0.0),
    "too_large": (_scaled_uniform(lambda i, o: 10.0 * sqrt(6.0 / (i + o))), 0.0),
}
"""Xavier: Glorot & Bengio 2010, eq. 16. He: He et al. 2015, eq. 10."""


def draw_weights(
    name: str, n_out: int, n_in: int, draws: Iterator[float]
) -> tuple[list[list[float]], list[float]]:
    """Return one layer's first weights (n_out rows of n_in) and biases (n_out).

    Raises
    ------
    ValueError
        If there is no initialiser of that name.
    """
    if name not in INITIALIZERS:
        raise ValueError(f"initializer must be one of {', '.join(INITIALIZERS)}, got {name!r}")
    draw, bias = INITIALIZERS[name]
    weights = [[draw(draws, n_in, n_out) for _ in range(n_in)] for _ in range(n_out)]
    return weights, [bias] * n_out
