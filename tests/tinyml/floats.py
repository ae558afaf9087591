"""Floats to test with, and the distance of a float from the truth."""

import math
import random
import struct
from collections.abc import Iterator

from mpmath import mp, mpf

# 220 bits are 66 digits
PRECISION = 220
EDGES = (
    0.0, 5e-324, 2.2250738585072014e-308, 1e-300, 1e-20, 1.1102230246251565e-16, 1e-8, 0.01, 0.1,
    0.3465735902799726, 0.5, 0.5493061443340548, 0.7071067811865476, 1.0, 1.4142135623730951, 2.0,
    3.0, math.pi, 10.0, 22.0, 38.5, 100.0, 354.9, 708.39, 709.78, 709.79, 744.44, 745.14, 1e3, 1e6,
    1000000.1, 4503599627370497.0, 9007199254740993.0, 1e22, 1e155, 1e300, 1e308,
    1.7976931348623157e308, math.inf,
)  # fmt: skip
EVERY_EDGE = (*EDGES, *(-x for x in EDGES), math.nan)


def by_bit_pattern(generator: random.Random) -> float:
    """Draw any float, denormals, infinities and nan included."""
    number: float = struct.unpack("<d", struct.pack("<Q", generator.getrandbits(64)))[0]
    return number


def everyday(generator: random.Random) -> float:
    """Draw a float of a size that networks meet."""
    return generator.gauss(0.0, 1.0) * 2.0 ** generator.uniform(-12.0, 8.0)


def mixture(count: int, seed: int) -> Iterator[float]:
    """Yield every edge, then as many everyday numbers as bit patterns."""
    generator = random.Random(seed)
    yield from EVERY_EDGE
    for k in range(count - len(EVERY_EDGE)):
        yield by_bit_pattern(generator) if k % 2 else everyday(generator)


def unit(size: object) -> float:
    """Return the unit in the last place of a number of this size, ignoring overflow."""
    number = abs(float(mpf(size)))
    return math.ulp(number) if number < math.inf else math.ulp(1.7976931348623157e308)


def distance(result: float, truth: mpf, size: object = None) -> float:
    """Return |result − truth| in units in the last place of `size` (the truth's, by default)."""
    with mp.workprec(PRECISION):
        rounded = float(truth)
        if math.isnan(rounded) or math.isinf(rounded):
            same = result == rounded or (math.isnan(rounded) and math.isnan(result))
            return 0.0 if same else math.inf
        if math.isinf(result) and abs(rounded) == 1.7976931348623157e308:
            return 1.0
        if not math.isfinite(result):
            return math.inf
        return float(abs(mpf(result) - truth) / mpf(unit(truth if size is None else size)))
