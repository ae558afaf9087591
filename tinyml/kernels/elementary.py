"""Elementary functions made of + − × ÷ and square roots: the same bits on every machine.

Nothing here calls the C library for a function value. The functions run as plain Python on floats
and, compiled by `tinyml.kernels.intrinsics`, in vectorised loops; both give the same bits, because
every operation is a correctly rounded IEEE one and none is fused or reordered. They are free of
loops and exceptions, and their branches are such that a compiler turns them into selections.

Arguments are reduced in parts after Cody and Waite (Software Manual for the Elementary Functions,
1980). All coefficients are rational interpolants at Chebyshev nodes; the test of this module
computes them again with 80 digits.
"""

from tinyml.kernels.angles import cos as cos
from tinyml.kernels.angles import sin as sin
from tinyml.kernels.primitives import (
    INFINITY,
    NAN,
    exponent,
    nearest,
    pow2,
    significand,
    upper_half,
    with_sign_of,
)
from tinyml.kernels.primitives import square_root as square_root

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471805601177, -1.7239444525614835e-13  # the high part has 40 bits
_INV_SQRT_2PI = 0.3989422804014327
_SQRT2 = 1.4142135623730951
_SMALLEST_NORMAL = 2.0**-1022
_UNDERFLOW = -760.0  # exp(-760) is 0
_TAIL_END = 39.0  # Φ(−39) is 0

# exp(r) = 1 + r + r²·E(r), |r| ≤ ln(2)/2
_EXP = (
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662413,
    0.008333333333330062,
    0.0013888888917213717,
    0.00019841269863053618,
    2.4801521295954376e-05,
    2.7557268459997064e-06,
    2.7620088445409746e-07,
    2.510038549551032e-08,
)
# tanh(x) = x − x³·G(z)/H(z), z = x², up to tanh(x) = ½
_TANH_G = (0.3333333333333333, 0.020501986510151983, 0.0001993192798115553)
_TANH_H = (1.0, 0.461505959530455, 0.023295579746892222, 0.00020668501127482064)
# 2·atanh(s) = 2s + s·w·L(w), w = s²; |s| ≤ (√2 − 1)/(√2 + 1)
_LOG = (
    0.666666666666667,
    0.39999999999899444,
    0.2857142862600327,
    0.22222211130259875,
    0.18182889455675105,
    0.1533171061820642,
    0.14616585424934123,
)
# Φ(−t)·exp(t²/2) = P(t)/Q(t), 0 ≤ t ≤ 39; all terms are positive, so nothing cancels
_TAIL_P = (
    0.5,
    0.8264390116762824,
    0.677233305206694,
    0.3554710849740133,
    0.1311071375110668,
    0.03534107463999677,
    0.007041273528835195,
    0.001025071569350438,
    0.00010474310614534726,
    6.830122725070224e-06,
    2.1841939157224647e-07,
)
_TAIL_Q = (
    1.0,
    2.4507625841554304,
    2.8098922385043354,
    1.9934920327604,
    0.97465321348953,
    0.3457670766572471,
    0.09112216947098654,
    0.017911312346517043,
    0.00258659395820462,
    0.0002630995276560322,
    1.7120578741890866e-05,
    5.474962226425645e-07,
)


def expm1_series(r: float) -> float:
    """eʳ − 1 for |r| ≤ ln(2)/2."""
    c = _EXP
    e = c[6] + r * (c[7] + r * (c[8] + r * c[9]))
    e = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r * (c[4] + r * (c[5] + r * e)))))
    return r + r * r * e


def scaled(m: float, n: float) -> float:
    """m·2ⁿ, rounded once, for |n| ≤ 2044."""
    half = nearest(0.5 * n)
    return m * pow2(half) * pow2(n - half)


def exp(x: float) -> float:
    """eˣ."""
    x = -1400.0 if x < -1400.0 else x
    x = 1400.0 if x > 1400.0 else x
    n = nearest(x * LOG2_E)
    return scaled(1.0 + expm1_series((x - n * LN2_HIGH) - n * LN2_LOW), n)


def _decay(x: float) -> tuple[float, float, float]:
    """(m, s, u) with exp(x) = (1 + m)·s·u for x ≤ 0; s and u are powers of 2.

    u is 1 unless the exponential is below 2⁻¹⁰⁰, where s no longer matters beside 1.
    """
    x = _UNDERFLOW if x < _UNDERFLOW else x
    n = nearest(x * LOG2_E)
    bounded = n if n > -100.0 else -100.0
    m = expm1_series((x - n * LN2_HIGH) - n * LN2_LOW)
    return m, pow2(bounded), pow2(n - bounded)


def expm1_negative(x: float) -> float:
    """eˣ − 1 for x ≤ 0, accurate near 0."""
    m, s, _ = _decay(x)
    return s * m + (s - 1.0)


def tanh(x: float) -> float:
    """Return tanh(x): up to ½ by x − x³·G/H, then 1 − 2e/(1 + e) with e = exp(−2|x|)."""
    q, _, far = _tanh_complement(x)
    return with_sign_of((1.0 if far else abs(x)) - q, x)


def tanh_slope(x: float) -> float:
    """1 − t² up to t = ½, then 4e/(1 + e)² with e = exp(−2|x|): the quotient of `tanh` again."""
    q, u, far = _tanh_complement(x)
    t = abs(x) - q
    return q * (2.0 - q) * u if far else 1.0 - t * t


def _tanh_complement(x: float) -> tuple[float, float, bool]:
    """(q, u, far): far from 0, 1 − |tanh(x)| = q·u and u is 1 unless q is tiny; else |x| − q."""
    m, s, u = _decay(-abs(2.0 * x))
    e = s + s * m
    size, z = abs(x), x * x
    g = size * z * (_TANH_G[0] + z * (_TANH_G[1] + z * _TANH_G[2]))
    h = _TANH_H[0] + z * (_TANH_H[1] + z * (_TANH_H[2] + z * _TANH_H[3]))
    far = 3.0 * e < 1.0
    return (2.0 * e if far else g) / (1.0 + e if far else h), u, far


def sigmoid(x: float) -> float:
    """1/(1 + e⁻ˣ)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    return (1.0 if x >= 0.0 else e) / (1.0 + e) * (1.0 if x >= 0.0 else u)


def sigmoid_slope(x: float) -> float:
    """σ′ = σ·(1 − σ) below 0, e·σ² above, with e = exp(−|x|): the quotient of `sigmoid` again."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    y = (1.0 if x >= 0.0 else e) / (1.0 + e)
    return (e * y if x >= 0.0 else 1.0 - y) * y * u


def silu(x: float) -> float:
    """x·σ(x)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    below = (_UNDERFLOW if x < _UNDERFLOW else x) * s
    return (x if x >= 0.0 else below + below * m) / (1.0 + e) * (1.0 if x >= 0.0 else u)


def silu_slope(x: float) -> float:
    """σ(x)·(1 + x·σ(−x))."""
    size = abs(x)
    size = -_UNDERFLOW if size > -_UNDERFLOW else size
    m, s, u = _decay(-size)
    e = s + s * m
    d = 1.0 + e
    top = d + size * e if x >= 0.0 else e * (d - size)
    return top / (d * d) * (1.0 if x >= 0.0 else u)


def softplus(x: float) -> float:
    """ln(1 + eˣ) = max(x, 0) + ln(1 + e) with e = exp(−|x|)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    high = e > 0.41421356237309503  # ln(1 + e) = ln 2 + ln(1 + (e − 1)/2) has the smaller argument
    f = 0.5 * (e - 1.0) if high else e
    y = _log1p_series(f, 0.0) * u
    y = LN2_HIGH + (LN2_LOW + y) if high else y
    return x + y if x > 0.0 else y


def _log1p_series(f: float, low: float) -> float:
    """ln(1 + f) + low for √½ ≤ 1 + f ≤ √2: f − s·(f − w·L(w)), s = f/(2 + f), w = s²."""
    s = f / (2.0 + f)
    w = s * s
    return f - (s * (f - w * _log_series(w)) - low)


def _log_series(w: float) -> float:
    c = _LOG
    high = c[4] + w * (c[5] + w * c[6])
    return c[0] + w * (c[1] + w * (c[2] + w * (c[3] + w * high)))


def split(x: float) -> tuple[float, float]:
    """(m, k) with x = m·2ᵏ and m between √½ and √2, for x > 0."""
    small = x < _SMALLEST_NORMAL
    x = x * 2.0**54 if small else x
    m, k = significand(x), exponent(x)
    k = k - 54.0 if small else k
    return (0.5 * m, k + 1.0) if m > _SQRT2 else (m, k)


def log(x: float) -> float:
    """Return the natural logarithm, −inf at 0, nan below."""
    m, k = split(x)
    y = k * LN2_HIGH + _log1p_series(m - 1.0, k * LN2_LOW)
    y = y if x > 0.0 else (-INFINITY if x == 0.0 else NAN)
    return y if x < INFINITY else x


def _normal_tail(t: float) -> tuple[float, float, float, float]:
    """(P, Q, e, u) with Φ(−t) = e·u·P/Q and exp(−t²/2) = e·u, for t ≥ 0.

    t² is formed exactly, as the sum of two numbers, so that the tail keeps its relative accuracy.
    """
    t = _TAIL_END if t > _TAIL_END else t
    high = upper_half(t)
    x = -0.5 * (high * high)
    n = nearest(x * LOG2_E)
    rest = 0.5 * ((t - high) * (t + high))
    m = expm1_series((x - n * LN2_HIGH) - (n * LN2_LOW + rest))
    bounded = n if n > -100.0 else -100.0
    s, u = pow2(bounded), pow2(n - bounded)
    c = _TAIL_P
    top = c[5] + t * (c[6] + t * (c[7] + t * (c[8] + t * (c[9] + t * c[10]))))
    top = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * top))))
    d = _TAIL_Q
    bottom = d[6] + t * (d[7] + t * (d[8] + t * (d[9] + t * (d[10] + t * d[11]))))
    bottom = d[0] + t * (d[1] + t * (d[2] + t * (d[3] + t * (d[4] + t * (d[5] + t * bottom)))))
    return top, bottom, s + s * m, u


def gelu(x: float) -> float:
    """x·Φ(x), Φ the normal distribution function (the exact form, by erf)."""
    top, bottom, e, u = _normal_tail(abs(x))
    below = -_TAIL_END if x < -_TAIL_END else x
    return x * (1.0 - top * e / bottom * u) if x >= 0.0 else below * (top * e / bottom) * u


def gelu_slope(x: float) -> float:
    """Φ(x) + x·φ(x)."""
    t = abs(x)
    t = _TAIL_END if t > _TAIL_END else t
    top, bottom, e, u = _normal_tail(t)
    below = (top - t * _INV_SQRT_2PI * bottom) * e / bottom * u
    return 1.0 - below if x >= 0.0 else below
