"""How first weights are drawn: from uniform numbers and own functions, the same everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from tinyml.kernels.angles import cos
from tinyml.kernels.elementary import log

TWO_PI = 6.283185307179586
INITIALISATION_STREAM = 2
"""Which child of a seed draws first weights."""


def uniforms(seed: int, *stream: int) -> Iterator[float]:
    """Yield uniform numbers in [0, 1), multiples of 2⁻⁵³, from a child of `seed`.

    The child `stream` is that of ``SeedSequence(seed)``; the bits are PCG64's raw ones, which numpy
    keeps the same from version to version and machine to machine.
    """
    bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=stream))
    while True:
        yield from ((bits.random_raw(256) >> np.uint64(11)) * 2.0**-53).tolist()


def normal(draws: Iterator[float]) -> float:
    """Return one standard normal number from two uniform ones (Box & Muller 1958)."""
    radius = sqrt(-2.0 * log(1.0 - next(draws)))
    return radius * cos(TWO_PI * next(draws))


Scale = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Initializer:
    """How a layer's first weights and biases are drawn.

    Attributes
    ----------
    draw : one weight's number on the scale 1, from uniform draws.
    scale : what it is multiplied by, from the layer's (n_in, n_out).
    bias : every bias.
    """

    draw: Callable[[Iterator[float]], float]
    scale: Scale = lambda n_in, n_out: 1.0
    bias: float = 0.0


def _signed(draws: Iterator[float]) -> float:
    return 2.0 * next(draws) - 1.0


def _xavier_limit(n_in: int, n_out: int) -> float:
    return sqrt(6.0 / (n_in + n_out))


INITIALIZERS: dict[str, Initializer] = {
    "xavier_uniform": Initializer(_signed, _xavier_limit),
    "xavier_normal": Initializer(normal, lambda n_in, n_out: sqrt(2.0 / (n_in + n_out))),
    "he_uniform": Initializer(_signed, lambda n_in, n_out: sqrt(6.0 / n_in)),
    "he_normal": Initializer(normal, lambda n_in, n_out: sqrt(2.0 / n_in)),
    "tf_playground": Initializer(_signed, lambda n_in, n_out: 0.5, bias=0.1),
    "seed": Initializer(next),
    "micrograd": Initializer(_signed),
    "zeros": Initializer(_signed, lambda n_in, n_out: 0.0),
    "too_small": Initializer(_signed, lambda n_in, n_out: 0.01 * _xavier_limit(n_in, n_out)),
    "too_large": Initializer(_signed, lambda n_in, n_out: 10.0 * _xavier_limit(n_in, n_out)),
}
"""Xavier: Glorot & Bengio 2010, eq. 16, and its normal twin. He: He et al. 2015, eq. 10. The seed
draws from U(0, 1), micrograd from U(−1, 1), TensorFlow Playground from U(−0.5, 0.5) with biases
0.1. Too small and too large are a hundredth and ten times of Xavier's, to see what goes wrong."""


def draw_weights(
    name: str, n_out: int, n_in: int, draws: Iterator[float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return one layer's first weights (n_out, n_in), drawn row by row, and biases (n_out,).

    Raises
    ------
    ValueError
        If there is no initialiser of that name.

    Examples
    --------
    >>> weights, biases = draw_weights("tf_playground", 3, 2, uniforms(seed=0))
    >>> weights.shape, biases.tolist()
    ((3, 2), [0.1, 0.1, 0.1])
    """
    if name not in INITIALIZERS:
        raise ValueError(f"initializer must be one of {', '.join(INITIALIZERS)}, got {name!r}")
    chosen = INITIALIZERS[name]
    scale = chosen.scale(n_in, n_out)
    weights = np.array([scale * chosen.draw(draws) for _ in range(n_out * n_in)])
    # Adding 0 turns −0, which a scale of 0 leaves, into 0.
    return weights.reshape(n_out, n_in) + 0.0, np.full(n_out, chosen.bias)
