"""The bottom of the elementary functions: what reads or writes the bits of a float.

Each primitive is plain Python here; `tinyml.kernels.intrinsics` gives compiled code the same bits
by one or two machine instructions. Products and angles rest on them.
"""

import math

INFINITY = math.inf
NAN = math.nan
_NEAREST = 6755399441055744.0  # 1.5·2⁵²: adding and subtracting it rounds to an integer
_SPLITTER = 134217729.0  # 2²⁷ + 1


def pow2(n: float) -> float:
    """Return 2ⁿ for an integer n from −1022 to 1023 (primitive; nan gives nan)."""
    return math.ldexp(1.0, int(n)) if n == n else n


def significand(x: float) -> float:
    """Return the m of |x| = m·2ᵉ with 1 ≤ m < 2, for a normal x (primitive)."""
    return abs(2.0 * math.frexp(x)[0])


def exponent(x: float) -> float:
    """Return the e of |x| = m·2ᵉ with 1 ≤ m < 2, for a normal x (primitive)."""
    return math.frexp(x)[1] - 1.0


def square_root(x: float) -> float:
    """Return √x rounded as IEEE asks, nan below zero (primitive)."""
    return math.sqrt(x) if x >= 0.0 else NAN


def divide(a: float, b: float) -> float:
    """Return a/b as IEEE has it, also for b = 0 (primitive)."""
    if b != 0.0:
        return a / b
    return NAN if a == 0.0 or a != a else math.copysign(INFINITY, a) * math.copysign(1.0, b)


def with_sign_of(size: float, x: float) -> float:
    """Return |size| with the sign bit of x (primitive)."""
    return math.copysign(size, x)


def nearest(x: float) -> float:
    """Round x to the nearest integer, ties to even, for |x| < 2⁵¹."""
    return (x + _NEAREST) - _NEAREST


def upper_half(x: float) -> float:
    """Keep the leading 26 bits of x, so that its square is exact (Dekker 1971)."""
    big = x * _SPLITTER
    return big - (big - x)


def exact_product(a: float, b: float) -> tuple[float, float]:
    """Return a·b as the exact sum of two floats, for factors below 2⁹⁹⁰ (Dekker 1971)."""
    a_high, b_high = upper_half(a), upper_half(b)
    a_low, b_low = a - a_high, b - b_high
    p = a * b
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low
