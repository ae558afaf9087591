"""Sine and cosine of any finite angle, with the same bits on every machine.

Up to 10⁶ the angle is reduced by three parts of π/2 (Cody and Waite, Software Manual for the
Elementary Functions, 1980) without a branch, so that a loop of `sin_common` is vectorised; beyond,
by 168 bits of 2/π (Payne and Hanek, SIGNUM Newsletter 18, 1983).
"""

from tinyml.kernels.primitives import (
    INFINITY,
    NAN,
    exact_product,
    exponent,
    nearest,
    pow2,
    significand,
    with_sign_of,
)

COMMON_ANGLE = 1e6
_HALF_PI = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # 32 + 32 + 53 bits
_HALF_PI_HIGH, _HALF_PI_LOW = 1.5707963267948966, 6.123233995736766e-17
_TWO_OVER_PI = 0.6366197723675814

# sin(r) = r + r³·S(r²), cos(r) = 1 − r²/2 + r⁴·C(r²), |r| ≤ π/4
_SIN = (
    -0.16666666666666666,
    0.008333333333330946,
    -0.0001984126983675497,
    2.755731610068312e-06,
    -2.5051131455447425e-08,
    1.591810123167705e-10,
)
_COS = (
    0.041666666666666664,
    -0.0013888888888887395,
    2.4801587298763433e-05,
    -2.7557317270560385e-07,
    2.087614602470193e-09,
    -1.1382614869433986e-11,
)


def sin(x: float) -> float:
    """Return the sine of x in radians, nan for ±inf."""
    size = abs(x)
    if size <= COMMON_ANGLE:
        return sin_common(x)
    return _sine_huge(size, 0.0) * with_sign_of(1.0, x) if size < INFINITY else NAN


def cos(x: float) -> float:
    """Return the cosine of x in radians, nan for ±inf."""
    size = abs(x)
    if size <= COMMON_ANGLE:
        return cos_common(x)
    return _sine_huge(size, 1.0) if size < INFINITY else NAN


def sin_common(x: float) -> float:
    """`sin` for |x| ≤ `COMMON_ANGLE`, free of branches."""
    r, low, n = _angle(abs(x))
    return _sine(r, low, n) * with_sign_of(1.0, x)


def cos_common(x: float) -> float:
    """`cos` for |x| ≤ `COMMON_ANGLE`, free of branches."""
    r, low, n = _angle(abs(x))
    return _sine(r, low, n + 1.0)


def _angle(x: float) -> tuple[float, float, float]:
    """Return (r, r_low, n) with x = n·π/2 + r + r_low and |r| ≤ π/4, for 0 ≤ x ≤ 10⁶."""
    n = nearest(x * _TWO_OVER_PI)
    a = x - n * _HALF_PI[0]
    b = n * _HALF_PI[1]
    h = a - b
    rest = ((a - h) - b) - n * _HALF_PI[2]
    r = h + rest
    return r, (h - r) + rest, n


def _sine(r: float, low: float, n: float) -> float:
    """Return sin(n·π/2 + r + low)."""
    z = r * r
    c = _SIN
    s = c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5]))))
    sine = r + (r * (z * s) + low * (1.0 - 0.5 * z))
    c = _COS
    s = c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5]))))
    w = 1.0 - 0.5 * z
    cosine = w + (((1.0 - w) - 0.5 * z) + (z * z * s - r * low))
    half = nearest(0.5 * n - 0.25)  # n = 2·half or 2·half + 1
    y = sine if n == 2.0 * half else cosine
    return y if half == 2.0 * nearest(0.5 * half) else -y


def _sine_huge(x: float, quarter_turns: float) -> float:
    r, low, n = _huge_angle(x)
    return _sine(r, low, n + quarter_turns)


def _inverse_cotangent(k: int, one: int) -> int:
    total, power, n = 0, one // k, 1
    while power:
        total += power // n if n % 4 == 1 else -(power // n)
        power, n = power // (k * k), n + 2
    return total


def _two_over_pi() -> tuple[float, ...]:
    """Return the digits of 2/π in base 2²⁴ after four zeros, with π by Machin's formula."""
    bits = 1300
    pi = 4 * (4 * _inverse_cotangent(5, 1 << bits) - _inverse_cotangent(239, 1 << bits))
    ratio = (2 << (2 * bits)) // pi
    return (0.0,) * 4 + tuple(float((ratio >> (bits - 24 * i)) & 0xFFFFFF) for i in range(1, 52))


_DIGITS = _two_over_pi()
_BASE, _INVERSE = 2.0**24, 2.0**-24


def _carry(x: float) -> float:
    """Whole part of x/2²⁴, or one less if x is a multiple: what remains is at most 2²⁴."""
    return nearest(x * _INVERSE - 0.5)


def _huge_angle(x: float) -> tuple[float, float, float]:
    """`_angle` of any finite x ≥ 10⁶, with n modulo 4."""
    e = exponent(x) - 52.0
    q = nearest(e * (1.0 / 24.0) - 0.4999)
    shift = pow2(e - 24.0 * q)
    # x = (m0 + m1·2²⁴ + m2·2⁴⁸ + m3·2⁷²)·2^(24q): the shift spreads three digits over four
    m0 = significand(x) * 2.0**52
    m1 = _carry(m0)
    m0 = m0 - m1 * _BASE
    m2 = _carry(m1)
    m1 = m1 - m2 * _BASE
    m0 = m0 * shift
    carry = _carry(m0)
    m0, m1 = m0 - carry * _BASE, m1 * shift + carry
    carry = _carry(m1)
    m1, m2 = m1 - carry * _BASE, m2 * shift + carry
    m3 = _carry(m2)
    m2 = m2 - m3 * _BASE
    # the digits of 2x/π from the eighth after the point up to the units; multiples of 4 fall away
    at, d = int(q) + 3, _DIGITS
    carry = units = f1 = f2 = f3 = f4 = f5 = 0.0
    for i in range(at + 7, at - 1, -1):
        column = m0 * d[i] + m1 * d[i + 1] + m2 * d[i + 2] + m3 * d[i + 3] + carry
        carry = _carry(column)
        units, f1, f2, f3, f4, f5 = column - carry * _BASE, units, f1, f2, f3, f4
    up = f1 >= 0.5 * _BASE
    first = ((f1 - _BASE if up else f1) + f2 * _INVERSE) * 2.0**-24
    second = (f3 + f4 * _INVERSE) * 2.0**-72
    total = first + second
    rest = ((first - total) + second) + f5 * 2.0**-120
    f = total + rest
    r, r_low = exact_product(f, _HALF_PI_HIGH)
    r_low = r_low + (f * _HALF_PI_LOW + ((total - f) + rest) * _HALF_PI_HIGH)
    y = r + r_low
    return y, (r - y) + r_low, units + 1.0 if up else units
