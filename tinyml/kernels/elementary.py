"""Elementary functions made of + − × ÷ and square roots: the same bits on every machine.

Nothing here calls the C library for a function value. The functions run as plain Python on floats
and, compiled by `tinyml.kernels.intrinsics`, in vectorised loops; both give the same bits, because
every operation is a correctly rounded IEEE one and none is fused or reordered. They are free of
loops and exceptions, and their branches are such that a compiler can turn them into selections.

Sources: argument reduction in parts after Cody and Waite (Software Manual for the Elementary
Functions, 1980), for huge angles after Payne and Hanek (SIGNUM Newsletter 18, 1983); error-free
sums and products after Dekker (Numerische Mathematik 18, 1971). All coefficients are rational
interpolants at Chebyshev nodes, computed with 80 digits by `tests/tinyml/test_elementary.py`.
"""

import math

LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.6931471805601177, -1.7239444525614835e-13  # the high part has 40 bits
HALF_PI = (1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21)  # 32 + 32 + 53 bits
HALF_PI_HIGH, HALF_PI_LOW = 1.5707963267948966, 6.123233995736766e-17
INV_SQRT_2PI = 0.3989422804014327
SQRT2 = 1.4142135623730951
INFINITY = math.inf
NAN = math.nan

NEAREST = 6755399441055744.0  # 1.5·2⁵²: adding and subtracting it rounds to an integer
SPLITTER = 134217729.0  # 2²⁷ + 1
UNDERFLOW = -760.0  # exp(-760) is 0
COMMON_ANGLE = 1e6  # up to here three parts of π/2 reduce an angle exactly enough

# exp(r) = 1 + r + r²·E(r), |r| ≤ ln(2)/2
EXP = (
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
# 2·atanh(s) = 2s + s·w·L(w), w = s²; L(w) = 2/3 + w·T(w); |s| ≤ (√2 − 1)/(√2 + 1)
LOG = (
    0.666666666666667,
    0.39999999999899444,
    0.2857142862600327,
    0.22222211130259878,
    0.18182889455674947,
    0.15331710618210773,
    0.14616585424888623,
)
LOG_T = (
    0.4,
    0.28571428571429364,
    0.22222222221655885,
    0.18181818335392802,
    0.15384594962518428,
    0.13334804693847518,
    0.11706236339486488,
    0.11723178623919275,
)
# sin(r) = r + r³·S(r²), cos(r) = 1 − r²/2 + r⁴·C(r²), |r| ≤ π/4
SIN = (
    -0.16666666666666666,
    0.008333333333330946,
    -0.0001984126983675497,
    2.755731610068312e-06,
    -2.5051131455447428e-08,
    1.591810123167728e-10,
)
COS = (
    0.041666666666666664,
    -0.0013888888888887395,
    2.4801587298763433e-05,
    -2.7557317270560385e-07,
    2.087614602470193e-09,
    -1.1382614869434128e-11,
)
# Φ(−t)·exp(t²/2) = P(t)/Q(t), 0 ≤ t ≤ 39; all terms are positive, so nothing cancels
TAIL_P = (
    0.5,
    0.8264390116762824,
    0.677233305206694,
    0.3554710849740133,
    0.1311071375110668,
    0.03534107463999677,
    0.007041273528835195,
    0.001025071569350438,
    0.00010474310614534726,
    6.8301227250702235e-06,
    2.1841939157224647e-07,
)
TAIL_Q = (
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


def pow2(n: float) -> float:
    """2ⁿ for an integer n from −1022 to 1023 (primitive; nan gives nan)."""
    return math.ldexp(1.0, int(n)) if n == n else n


def significand(x: float) -> float:
    """The m of |x| = m·2ᵉ with 1 ≤ m < 2, for a normal x (primitive)."""
    return abs(2.0 * math.frexp(x)[0])


def exponent(x: float) -> float:
    """The e of |x| = m·2ᵉ with 1 ≤ m < 2, for a normal x (primitive)."""
    return math.frexp(x)[1] - 1.0


def square_root(x: float) -> float:
    """√x rounded as IEEE asks, nan below zero (primitive)."""
    return math.sqrt(x) if x >= 0.0 else NAN


def divide(a: float, b: float) -> float:
    """a/b as IEEE has it, also for b = 0 (primitive)."""
    if b != 0.0:
        return a / b
    return NAN if a == 0.0 or a != a else math.copysign(INFINITY, a) * math.copysign(1.0, b)


def with_sign_of(size: float, x: float) -> float:
    """|size| with the sign bit of x (primitive)."""
    return math.copysign(size, x)


def exact_fma(a: float, b: float, c: float) -> float:
    """a·b + c rounded once: what the processor's fused multiply-add gives."""
    if not (math.isfinite(a) and math.isfinite(b) and math.isfinite(c)) or a == 0.0 or b == 0.0:
        return a * b + c
    (a_top, a_bottom), (b_top, b_bottom) = a.as_integer_ratio(), b.as_integer_ratio()
    c_top, c_bottom = c.as_integer_ratio()
    bottom = a_bottom * b_bottom
    top = a_top * b_top * c_bottom + c_top * bottom
    try:
        return top / (bottom * c_bottom)
    except OverflowError:
        return INFINITY if top > 0 else -INFINITY


def nearest(x: float) -> float:
    """The integer nearest to x, ties to even, for |x| < 2⁵¹."""
    return (x + NEAREST) - NEAREST


def _expm1_series(r: float) -> float:
    """eʳ − 1 for |r| ≤ ln(2)/2."""
    c = EXP
    e = c[6] + r * (c[7] + r * (c[8] + r * c[9]))
    e = c[0] + r * (c[1] + r * (c[2] + r * (c[3] + r * (c[4] + r * (c[5] + r * e)))))
    return r + r * r * e


def _scaled(m: float, n: float) -> float:
    """m·2ⁿ, rounded once, for |n| ≤ 2044."""
    half = nearest(0.5 * n)
    return m * pow2(half) * pow2(n - half)


def exp(x: float) -> float:
    """eˣ."""
    x = -1400.0 if x < -1400.0 else x
    x = 1400.0 if x > 1400.0 else x
    n = nearest(x * LOG2_E)
    return _scaled(1.0 + _expm1_series((x - n * LN2_HIGH) - n * LN2_LOW), n)


def _decay(x: float) -> tuple[float, float, float]:
    """(m, s, u) with exp(x) = (1 + m)·s·u for x ≤ 0; s and u are powers of 2.

    u is 1 unless the exponential is below 2⁻¹⁰⁰, where s no longer matters beside 1.
    """
    x = UNDERFLOW if x < UNDERFLOW else x
    n = nearest(x * LOG2_E)
    bounded = n if n > -100.0 else -100.0
    m = _expm1_series((x - n * LN2_HIGH) - n * LN2_LOW)
    return m, pow2(bounded), pow2(n - bounded)


def expm1_negative(x: float) -> float:
    """eˣ − 1 for x ≤ 0, accurate near 0."""
    m, s, _ = _decay(x)
    return s * m + (s - 1.0)


def tanh(x: float) -> float:
    """The hyperbolic tangent, −f/(2 + f) with f = exp(−2|x|) − 1."""
    f = expm1_negative(-2.0 * abs(x))
    return with_sign_of(f / (2.0 + f), x)


def tanh_slope(x: float) -> float:
    """tanh′ = 4e/(1 + e)² with e = exp(−2|x|)."""
    return 4.0 * sigmoid_slope(2.0 * x)


def sigmoid(x: float) -> float:
    """1/(1 + e⁻ˣ)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    return (1.0 if x >= 0.0 else e) / (1.0 + e) * (1.0 if x >= 0.0 else u)


def sigmoid_slope(x: float) -> float:
    """σ′ = e/(1 + e)² with e = exp(−|x|)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    return e / ((1.0 + e) * (1.0 + e)) * u


def silu(x: float) -> float:
    """x·σ(x)."""
    m, s, u = _decay(-abs(x))
    e = s + s * m
    below = UNDERFLOW if x < UNDERFLOW else x
    return (x if x >= 0.0 else below * e) / (1.0 + e) * (1.0 if x >= 0.0 else u)


def silu_slope(x: float) -> float:
    """σ(x)·(1 + x·σ(−x))."""
    size = abs(x)
    size = -UNDERFLOW if size > -UNDERFLOW else size
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
    c = LOG
    high = c[4] + w * (c[5] + w * c[6])
    return c[0] + w * (c[1] + w * (c[2] + w * (c[3] + w * high)))


def _split(x: float) -> tuple[float, float]:
    """(m, k) with x = m·2ᵏ and m between √½ and √2, for x > 0."""
    small = x < 2.2250738585072014e-308
    x = x * 18014398509481984.0 if small else x
    m, k = significand(x), exponent(x)
    k = k - 54.0 if small else k
    return (0.5 * m, k + 1.0) if m > SQRT2 else (m, k)


def log(x: float) -> float:
    """The natural logarithm: −inf at 0, nan below."""
    m, k = _split(x)
    y = k * LN2_HIGH + _log1p_series(m - 1.0, k * LN2_LOW)
    y = y if x > 0.0 else (-INFINITY if x == 0.0 else NAN)
    return y if x < INFINITY else x


def normal_tail(t: float) -> tuple[float, float, float, float]:
    """(P, Q, e, u) with Φ(−t) = e·u·P/Q and exp(−t²/2) = e·u, for t ≥ 0.

    t² is formed exactly, as the sum of two numbers, so that the tail keeps its relative accuracy.
    """
    t = 39.0 if t > 39.0 else t
    big = t * SPLITTER
    high = big - (big - t)
    x = -0.5 * (high * high)
    n = nearest(x * LOG2_E)
    rest = 0.5 * ((t - high) * (t + high))
    m = _expm1_series((x - n * LN2_HIGH) - (n * LN2_LOW + rest))
    bounded = n if n > -100.0 else -100.0
    s, u = pow2(bounded), pow2(n - bounded)
    c = TAIL_P
    top = c[5] + t * (c[6] + t * (c[7] + t * (c[8] + t * (c[9] + t * c[10]))))
    top = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * top))))
    d = TAIL_Q
    bottom = d[6] + t * (d[7] + t * (d[8] + t * (d[9] + t * (d[10] + t * d[11]))))
    bottom = d[0] + t * (d[1] + t * (d[2] + t * (d[3] + t * (d[4] + t * (d[5] + t * bottom)))))
    return top, bottom, s + s * m, u


def gelu(x: float) -> float:
    """x·Φ(x), Φ the normal distribution function (the exact form, by erf)."""
    top, bottom, e, u = normal_tail(abs(x))
    below = -39.0 if x < -39.0 else x
    return x * (1.0 - top * e / bottom * u) if x >= 0.0 else below * (top * e / bottom) * u


def gelu_slope(x: float) -> float:
    """Φ(x) + x·φ(x)."""
    t = abs(x)
    t = 39.0 if t > 39.0 else t
    top, bottom, e, u = normal_tail(t)
    below = (top - t * INV_SQRT_2PI * bottom) * e / bottom * u
    return 1.0 - below if x >= 0.0 else below


def _product(a: float, b: float) -> tuple[float, float]:
    """a·b as the exact sum of two floats (Dekker), for factors below 2⁹⁹⁰."""
    big_a, big_b = a * SPLITTER, b * SPLITTER
    a_high, b_high = big_a - (big_a - a), big_b - (big_b - b)
    a_low, b_low = a - a_high, b - b_high
    p = a * b
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def _power(a: float, b: float, b_low: float) -> tuple[float, float, float]:
    """(m, n, ln a) with a^(b + b_low) = m·2ⁿ, for a positive finite a and |b| ≤ 2⁶⁴.

    ln a is carried to 64 bits as the sum of two floats, so that the product with b still is exact
    to a fraction of a unit in the last place.
    """
    m, k = _split(a)
    f, d = m - 1.0, m + 1.0
    s = f / d
    p, p_low = _product(s, d)
    s_low = (((f - p) - p_low) - s * (m - (d - 1.0))) / d
    w, w_low = _product(s, s)
    w_low = w_low + 2.0 * s * s_low
    c = LOG_T
    t = c[4] + w * (c[5] + w * (c[6] + w * c[7]))
    t = w * (c[0] + w * (c[1] + w * (c[2] + w * (c[3] + w * t))))
    l = 0.6666666666666666 + t
    l_low = (0.6666666666666666 - l) + t + 3.700743415417188e-17
    v, v_low = _product(s, w)
    v_low = v_low + s * w_low + s_low * w
    g, g_low = _product(v, l)
    g_low = g_low + v * l_low + v_low * l
    h = 2.0 * s + g
    h_low = ((2.0 * s - h) + g) + (2.0 * s_low + g_low)
    base = k * LN2_HIGH
    y = base + h
    y_low = ((base - y) + h) + (h_low + k * LN2_LOW)
    p, p_low = _product(b, y)
    p_low = p_low + b * y_low + b_low * y
    inside = abs(p) < 1400.0
    p_low = p_low if inside else 0.0
    p = p if inside else with_sign_of(1400.0, p)
    n = nearest(p * LOG2_E)
    return 1.0 + _expm1_series((p - n * LN2_HIGH) + (p_low - n * LN2_LOW)), n, y


def _is_integer(b: float) -> bool:
    size = abs(b)
    return size >= 4503599627370496.0 or (size + 4503599627370496.0) - 4503599627370496.0 == size


def _bounded(b: float) -> float:
    b = 18446744073709551616.0 if b > 18446744073709551616.0 else b
    return -18446744073709551616.0 if b < -18446744073709551616.0 else b


def power(a: float, b: float) -> float:
    """The power aᵇ, with IEEE 754's special cases (a⁰ = 1ᵇ = 1, nan for a root of a negative)."""
    size = abs(a)
    regular = 0.0 < size < INFINITY
    m, n, _ = _power(size if regular else 1.0, _bounded(b), 0.0)
    y = _scaled(m, n)
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
    y = _scaled(m * (b if size == 1.0 else bounded), n)
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
    y = _scaled(m * y, n)
    y = y if a < INFINITY else (0.0 if b < 0.0 else INFINITY)
    y = y if a == a and b == b else NAN
    return 0.0 if a <= 0.0 else y


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
    return (0.0,) * 4 + tuple(
        float((ratio >> (bits - 24 * i)) & 0xFFFFFF) for i in range(1, 52)
    )


TWO_OVER_PI = _two_over_pi()


def _huge_angle(x: float) -> tuple[float, float, float]:
    """`_angle` of any finite x ≥ 1: 2x/π modulo 4 from 168 bits of 2/π (Payne and Hanek)."""
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
    d = TWO_OVER_PI
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
    r, r_low = _product(f, HALF_PI_HIGH)
    r_low = r_low + (f * HALF_PI_LOW + f_low * HALF_PI_HIGH)
    y = r + r_low
    return y, (r - y) + r_low, quadrant


def _angle(x: float) -> tuple[float, float, float]:
    """(r, r_low, n) with x = n·π/2 + r + r_low and |r| ≤ π/4, for 0 ≤ x ≤ 10⁶."""
    n = nearest(x * 0.6366197723675814)
    a = x - n * HALF_PI[0]
    b = n * HALF_PI[1]
    h = a - b
    rest = ((a - h) - b) - n * HALF_PI[2]
    r = h + rest
    return r, (h - r) + rest, n


def _sine(r: float, low: float, n: float) -> float:
    """sin(n·π/2 + r + low)."""
    z = r * r
    c = SIN
    s = c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5]))))
    sine = r + (r * (z * s) + low * (1.0 - 0.5 * z))
    c = COS
    s = c[0] + z * (c[1] + z * (c[2] + z * (c[3] + z * (c[4] + z * c[5]))))
    w = 1.0 - 0.5 * z
    cosine = w + (((1.0 - w) - 0.5 * z) + (z * z * s - r * low))
    half = nearest(0.5 * n - 0.25)  # n = 2·half or 2·half + 1
    y = sine if n == 2.0 * half else cosine
    return y if half == 2.0 * nearest(0.5 * half) else -y


def sin(x: float) -> float:
    """The sine of x in radians, for any finite x; nan for ±inf."""
    size = abs(x)
    if size <= COMMON_ANGLE:
        r, low, n = _angle(size)
    elif size < INFINITY:
        r, low, n = _huge_angle(size)
    else:
        return NAN
    return _sine(r, low, n) * with_sign_of(1.0, x)


def cos(x: float) -> float:
    """The cosine of x in radians, for any finite x; nan for ±inf."""
    size = abs(x)
    if size <= COMMON_ANGLE:
        r, low, n = _angle(size)
    elif size < INFINITY:
        r, low, n = _huge_angle(size)
    else:
        return NAN
    return _sine(r, low, n + 1.0)
