"""Powers with IEEE 754's special cases, and their slopes, with the same bits on every machine."""

from tinyml.kernels.elementary import LN2_HIGH, LN2_LOW, LOG2_E, expm1_series, scaled, split
from tinyml.kernels.primitives import INFINITY, NAN, exact_product, nearest, with_sign_of

_WHOLE = 2.0**52  # from here on every float is a whole number
_BOUND = 2.0**64  # beyond, a power is 0, 1 or infinite

# 2·atanh(s) = 2s + s³·(2/3 + w·T(w)), w = s², |s| ≤ (√2 − 1)/(√2 + 1)
_LOG_T = (
    0.4,
    0.28571428571429364,
    0.22222222221655885,
    0.18181818335392802,
    0.15384594962518428,
    0.13334804693847518,
    0.11706236339486488,
    0.11723178623919275,
)


def power(a: float, b: float) -> float:
    """Return aᵇ with IEEE 754's special cases (a⁰ = 1ᵇ = 1)."""
    size = abs(a)
    regular = 0.0 < size < INFINITY
    m, n, _ = _power(size if regular else 1.0, _bounded(b), 0.0)
    y = scaled(m, n)
    y = y if regular else (0.0 if (size == 0.0) == (b > 0.0) else INFINITY)
    integer = _is_integer(b)
    odd = integer and not _is_integer(0.5 * b)
    y = -y if odd and with_sign_of(1.0, a) < 0.0 else y
    y = NAN if -INFINITY < a < 0.0 and not integer else y
    y = y if a == a and b == b else NAN
    return 1.0 if a == 1.0 or b == 0.0 else y


def power_slope(a: float, b: float) -> float:
    """∂(aᵇ)/∂a = b·a^(b−1); 0 for b = 0."""
    size = abs(a)
    regular = 0.0 < size < INFINITY
    bounded = _bounded(b)
    less = bounded - 1.0
    back = less - bounded
    low = (bounded - (less - back)) - (1.0 + back)
    m, n, _ = _power(size if regular else 1.0, less, low)
    y = scaled(m * (b if size == 1.0 else bounded), n)
    limit = 0.0 if (size == 0.0) == (less > 0.0) else INFINITY
    limit = 1.0 if less == 0.0 else limit
    y = y if regular else b * limit
    integer = _is_integer(b)
    even = integer and _is_integer(0.5 * b)
    y = -y if even and with_sign_of(1.0, a) < 0.0 else y
    y = NAN if -INFINITY < a < 0.0 and not integer else y
    y = y if a == a and b == b else NAN
    return 0.0 if b == 0.0 else y


def power_exponent_slope(a: float, b: float) -> float:
    """∂(aᵇ)/∂b = aᵇ·ln a for a > 0; 0 by convention for a ≤ 0."""
    regular = 0.0 < a < INFINITY
    m, n, y = _power(a if regular else 1.0, _bounded(b), 0.0)
    y = scaled(m * y, n)
    y = y if a < INFINITY else (0.0 if b < 0.0 else INFINITY)
    y = y if a == a and b == b else NAN
    return 0.0 if a <= 0.0 else y


def _power(a: float, b: float, b_low: float) -> tuple[float, float, float]:
    """(m, n, ln a) with a^(b + b_low) = m·2ⁿ, for a positive finite a and |b| ≤ 2⁶⁴.

    ln a is carried to 64 bits as the sum of two floats, so that the product with b still is exact
    to a fraction of a unit in the last place.
    """
    m, k = split(a)
    f, d = m - 1.0, m + 1.0
    s = f / d
    p, p_low = exact_product(s, d)
    s_low = (((f - p) - p_low) - s * (m - (d - 1.0))) / d
    w, w_low = exact_product(s, s)
    w_low = w_low + 2.0 * s * s_low
    c = _LOG_T
    t = c[4] + w * (c[5] + w * (c[6] + w * c[7]))
    t = w * (c[0] + w * (c[1] + w * (c[2] + w * (c[3] + w * t))))
    q = 0.6666666666666666 + t
    q_low = (0.6666666666666666 - q) + t + 3.700743415417188e-17
    v, v_low = exact_product(s, w)
    v_low = v_low + s * w_low + s_low * w
    g, g_low = exact_product(v, q)
    g_low = g_low + v * q_low + v_low * q
    h = 2.0 * s + g
    h_low = ((2.0 * s - h) + g) + (2.0 * s_low + g_low)
    base = k * LN2_HIGH
    y = base + h
    y_low = ((base - y) + h) + (h_low + k * LN2_LOW)
    p, p_low = exact_product(b, y)
    p_low = p_low + b * y_low + b_low * y
    inside = abs(p) < 1400.0
    p_low = p_low if inside else 0.0
    p = p if inside else with_sign_of(1400.0, p)
    n = nearest(p * LOG2_E)
    return 1.0 + expm1_series((p - n * LN2_HIGH) + (p_low - n * LN2_LOW)), n, y + y_low


def _is_integer(b: float) -> bool:
    size = abs(b)
    return size >= _WHOLE or (size + _WHOLE) - _WHOLE == size


def _bounded(b: float) -> float:
    b = _BOUND if b > _BOUND else b
    return -_BOUND if b < -_BOUND else b
