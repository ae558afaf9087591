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
    """(r, r_low, n) with x = n·π/2 + r + r_low and |r| ≤ π/4, for 0 ≤ x ≤ 10⁶."""
    n = nearest(x * _TWO_OVER_PI)
    a = x - n * _HALF_PI[0]
    b = n * _HALF_PI[1]
    h = a - b
    rest = ((a - h) - b) - n * _HALF_PI[2]
    r = h + rest
    return r, (h - r) + rest, n


def _sine(r: float, low: float, n: float) -> float:
    """sin(n·π/2 + r + low)."""
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


def _two_over_pi() -> tuple[float, ...]:
    """Digits of 2/π in base 2²⁴, four zeros before them; π by Machin's formula in integers."""
    bits = 1300
    total = 0
    for weight, k in ((16, 5), (-4, 239)):
        term, n, sign = (weight << bits) // k, 1, 1
        while term:
            total += sign * (term // n)
            term, n, sign = abs(term) // (k * k) * (1 if weight > 0 else -1), n + 2, -sign
    ratio = (2 << (2 * bits)) // total
    return (0.0,) * 4 + tuple(float((ratio >> (bits - 24 * i)) & 0xFFFFFF) for i in range(1, 52))


_DIGITS = _two_over_pi()


def _huge_angle(x: float) -> tuple[float, float, float]:
    """`_angle` of any finite x ≥ 1, n modulo 4."""
    base, inverse = 16777216.0, 5.960464477539063e-08
    e = exponent(x) - 52.0
    q = nearest(e / 24.0 - 0.4999)
    mantissa = significand(x) * 4503599627370496.0
    shift = pow2(e - 24.0 * q)
    high = nearest(mantissa * inverse * inverse - 0.5)  # 5 bits
    mantissa = mantissa - high * base * base
    middle = nearest(mantissa * inverse - 0.5)
    low = mantissa - middle * base
    # x = (high·2⁴⁸ + middle·2²⁴ + low)·shift·2^(24q); shift < 2²⁴ spreads over four digits
    low = low * shift
    carry = nearest(low * inverse - 0.5)
    m0 = low - carry * base
    middle = middle * shift + carry
    carry = nearest(middle * inverse - 0.5)
    m1 = middle - carry * base
    high = high * shift + carry
    m3 = nearest(high * inverse - 0.5)
    m2 = high - m3 * base
    at = int(q) + 3
    d = _DIGITS
    carry = f6 = f5 = f4 = f3 = f2 = f1 = column = 0.0
    for c in range(7, -1, -1):
        i = at + c
        column = m0 * d[i] + m1 * d[i + 1] + m2 * d[i + 2] + m3 * d[i + 3] + carry
        carry = nearest(column * inverse - 0.5)
        f1, f2, f3, f4, f5, f6 = column - carry * base, f1, f2, f3, f4, f5
    quadrant, f1, f2, f3, f4, f5 = f1, f2, f3, f4, f5, f6
    up = f1 >= 8388608.0
    quadrant = quadrant + 1.0 if up else quadrant
    f1 = f1 - base if up else f1
    first = (f1 + f2 * inverse) * inverse
    second = (f3 + f4 * inverse) * inverse * inverse * inverse
    third = f5 * inverse * inverse * inverse * inverse * inverse
    total = first + second
    rest = ((first - total) + second) + third
    f = total + rest
    f_low = (total - f) + rest
    r, r_low = exact_product(f, _HALF_PI_HIGH)
    r_low = r_low + (f * _HALF_PI_LOW + f_low * _HALF_PI_HIGH)
    y = r + r_low
    return y, (r - y) + r_low, quadrant
