"""The elementary functions: accurate to 2 ulp, and the same bits compiled as in plain Python."""

import hashlib
import math
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence

import numba
import numpy as np
import pytest
from mpmath import mp, mpf

from tests.tinyml.floats import PRECISION, distance, everyday, mixture
from tinyml.kernels import angles, elementary, powers
from tinyml.kernels.intrinsics import register_all
from tinyml.ops import RULES

register_all()


def polynomial(coefficients: Sequence[mpf], x: mpf) -> mpf:
    return sum(c * x**k for k, c in enumerate(coefficients))


def rational_interpolant(
    function: Callable[[mpf], mpf], nodes: Callable[[mpf], mpf], top: int, bottom: int
) -> tuple[list[float], list[float], mpf]:
    """Return P and Q (Q(0) = 1) of these degrees with P/Q = function at Chebyshev nodes.

    `nodes` maps [−1, 1] to the interval. Interpolation at these nodes is within a small factor of
    the best approximation (Powell 1967), and the largest relative error, measured between them,
    is returned beside the coefficients.
    """
    with mp.workdps(80):
        n = top + bottom + 1
        matrix, values = mp.matrix(n, n), mp.matrix(n, 1)
        for i in range(n):
            x = nodes(mp.cos(mp.pi * (2 * i + 1) / (2 * n)))
            y = function(x)
            for j in range(top + 1):
                matrix[i, j] = x**j
            for j in range(1, bottom + 1):
                matrix[i, top + j] = -y * x**j
            values[i] = y
        solution = mp.lu_solve(matrix, values)
        p = [solution[j] for j in range(top + 1)]
        q = [mpf(1)] + [solution[top + j] for j in range(1, bottom + 1)]
        error = mpf(0)
        for k in range(120):
            x = nodes(2 * mpf(k) / 119 - 1)
            ratio = polynomial(p, x) / polynomial(q, x)
            error = max(error, abs(ratio / function(x) - 1))
        return [float(c) for c in p], [float(c) for c in q], error


def interval(low: object, high: object) -> Callable[[mpf], mpf]:
    return lambda u: (mpf(low) + high) / 2 + (mpf(high) - low) / 2 * u


def half_line(end: int, centre: int) -> Callable[[mpf], mpf]:
    """Map [−1, 1] to [0, end] with half of the nodes below `centre`, about."""
    edge = mpf((end - centre) / (end + centre))  # a float's digits, whatever precision is in force

    def node(u: mpf) -> mpf:
        v = (u + 1) / 2 * (edge + 1) - 1
        return centre * (1 + v) / (1 - v)

    return node


def atanh_rest(w: mpf) -> mpf:
    s = mp.sqrt(w)
    return (2 * mp.atanh(s) - 2 * s) / (s * w)


def tanh_rest(z: mpf) -> mpf:
    return (1 - mp.tanh(mp.sqrt(z)) / mp.sqrt(z)) / z


def sine_rest(z: mpf) -> mpf:
    return (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


def cosine_rest(z: mpf) -> mpf:
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2


with mp.workdps(80):
    HALF_LN2 = mp.log(2) / 2 * mpf("1.0001")
    LOG_END = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0001")
    ANGLE_END = (mp.pi / 4) ** 2 * mpf("1.0002")
    NEAR_ZERO = mpf(10) ** -12

FITS = {
    "exp": (
        lambda r: (mp.exp(r) - 1 - r) / (r * r), interval(-HALF_LN2, HALF_LN2), 9, 0,
        elementary._EXP, (1.0,), -51,
    ),
    "tanh": (
        tanh_rest, interval(NEAR_ZERO, mpf("0.3019")), 2, 3,
        elementary._TANH_G, elementary._TANH_H, -57,
    ),
    "log": (
        atanh_rest, interval(NEAR_ZERO, LOG_END), 6, 0, elementary._LOG, (1.0,), -50,
    ),
    "power": (
        lambda w: (atanh_rest(w) - mpf(2) / 3) / w, interval(NEAR_ZERO, LOG_END), 7, 0,
        powers._LOG_T, (1.0,), -57,
    ),
    "sin": (sine_rest, interval(NEAR_ZERO, ANGLE_END), 5, 0, angles._SIN, (1.0,), -52),
    "cos": (cosine_rest, interval(NEAR_ZERO, ANGLE_END), 5, 0, angles._COS, (1.0,), -54),
    "normal tail": (
        lambda t: mp.erfc(t / mp.sqrt(2)) / 2 * mp.exp(t * t / 2), half_line(39, 4), 10, 11,
        elementary._TAIL_P, elementary._TAIL_Q, -58,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FITS)
def test_coefficients_are_the_interpolants_that_they_are_said_to_be(name: str) -> None:
    function, nodes, top, bottom, p, q, bits = FITS[name]
    numerator, denominator, error = rational_interpolant(function, nodes, top, bottom)
    assert error < mpf(2) ** bits
    assert tuple(numerator) == p
    assert tuple(denominator) == q


def logistic(x: mpf) -> mpf:
    return 1 / (1 + mp.exp(-x))


# name: function, its truth, and where it neither over- nor underflows
TRUTHS: dict[str, tuple[Callable[[float], float], Callable[[mpf], mpf], float, float]] = {
    "exp": (elementary.exp, mp.exp, -745.0, 709.7),
    "expm1": (elementary.expm1_negative, mp.expm1, -800.0, 0.0),
    "tanh": (elementary.tanh, mp.tanh, -1e3, 1e3),
    "sigmoid": (elementary.sigmoid, logistic, -745.0, 1e3),
    "softplus": (elementary.softplus, lambda x: mp.log1p(mp.exp(x)), -745.0, 1e9),
    "silu": (elementary.silu, lambda x: x * logistic(x), -745.0, 1e9),
    "log": (elementary.log, mp.log, 0.0, math.inf),
    "sin": (elementary.sin, mp.sin, -1e6, 1e6),
    "cos": (elementary.cos, mp.cos, -1e6, 1e6),
    "square root": (elementary.square_root, mp.sqrt, 0.0, math.inf),
}  # fmt: skip


def points(low: float, high: float, count: int, seed: int) -> list[float]:
    found = [x for x in mixture(3 * count, seed) if low < x < high]
    generator = random.Random(seed)
    while len(found) < 2 * count:
        x = generator.uniform(max(low, -1e6), min(high, 1e6))
        found += [x, max(low, min(high, everyday(generator)))]
    generator.shuffle(found)
    return [x for x in found if low < x < high][:count]


def worst_error(name: str, count: int) -> tuple[float, float]:
    function, truth, low, high = TRUTHS[name]
    with mp.workprec(PRECISION + 60):
        return max(
            (distance(function(x), truth(mpf(x))), x) for x in points(low, high, count, len(name))
        )


@pytest.mark.parametrize("name", TRUTHS)
def test_function_is_within_two_units_in_the_last_place(name: str) -> None:
    assert worst_error(name, 600) < (2.0, math.inf)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUTHS)
def test_function_is_within_two_units_in_the_last_place_at_20_000_points(name: str) -> None:
    assert worst_error(name, 20_000) < (2.0, math.inf)


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_huge_angles_are_reduced_correctly(name: str) -> None:
    function, truth, _, _ = TRUTHS[name]
    generator = random.Random(5)
    # the second is the double nearest to a multiple of π/2 (Muller, Elementary Functions, 11.3)
    hard = [1.7976931348623157e308, 6381956970095103.0 * 2.0**797, 1e22, 2.0**20, 1000000.0001]
    with mp.workprec(1400):
        for x in hard + [2.0 ** generator.uniform(19.9, 1024.0) for _ in range(300)]:
            assert distance(function(x), truth(mpf(x))) < 2.0, x
            assert distance(function(-x), truth(mpf(-x))) < 2.0, x


def test_power_is_within_two_units_in_the_last_place() -> None:
    generator = random.Random(7)
    with mp.workprec(PRECISION):
        for k in range(1_500):
            a = 2.0 ** generator.uniform(-1074, 1023) if k % 2 else generator.uniform(0.2, 5.0)
            b = generator.uniform(-745.0, 709.0) / math.log(a) if k % 3 else everyday(generator)
            assert distance(powers.power(a, b), mpf(a) ** mpf(b)) < 2.0, (a, b)


def compiled(function: Callable[..., float], arity: int) -> Callable[..., None]:
    options = {"error_model": "numpy", "nogil": True}
    if arity == 1:

        @numba.njit(**options)
        def one(a, b, c, y):
            for i in range(a.size):
                y[i] = function(a[i])

        return one
    if arity == 2:

        @numba.njit(**options)
        def two(a, b, c, y):
            for i in range(a.size):
                y[i] = function(a[i], b[i])

        return two

    @numba.njit(**options)
    def three(a, b, c, y):
        for i in range(a.size):
            y[i] = function(a[i], b[i], c[i])

    return three


def rule_functions() -> dict[str, tuple[Callable[..., float], int]]:
    """Every function of the op table with the number of its arguments."""
    found: dict[str, tuple[Callable[..., float], int]] = {}
    for rule in RULES[1:]:
        numbers = rule.arity + rule.takes_constant
        found[rule.name] = rule.forward, numbers
        for k, slope in enumerate(rule.derivatives):
            found[f"{rule.name} slope {k}"] = slope, numbers + 1
    return found


FUNCTIONS = rule_functions()
QUICK = ("tanh", "tanh slope 0", "gelu", "pow", "softplus", "silu slope 0", "sin", "div slope 1")


def samples(count: int) -> list[np.ndarray]:
    columns = [np.array(list(mixture(count, seed))) for seed in (1, 2, 3)]
    generator = np.random.default_rng(4)
    for column in columns[1:]:
        generator.shuffle(column)
        column[::7] = [round(x) if abs(x) < 1e9 else x for x in column[::7].tolist()]
        column[::5] = generator.choice([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0, 3.0], column[::5].size)
    return columns


def differing(name: str, count: int) -> list[tuple[float, ...]]:
    """Return the arguments where plain Python and compiled code give other bits."""
    function, arity = FUNCTIONS[name]
    columns = samples(count)
    results = np.empty(count)
    compiled(function, arity)(*columns, results)
    rows = zip(*(column.tolist() for column in columns[:arity]), strict=True)
    plain = np.array([function(*numbers) for numbers in rows])
    same = (plain.view(np.int64) == results.view(np.int64)) | (np.isnan(plain) & np.isnan(results))
    return list(zip(*(column[~same].tolist() for column in columns[:arity]), strict=True))


@pytest.mark.parametrize("name", QUICK)
def test_plain_python_and_compiled_code_give_the_same_bits(name: str) -> None:
    assert differing(name, 10_000) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_plain_python_and_compiled_code_give_the_same_bits_at_200_000_points(name: str) -> None:
    assert differing(name, 200_000) == []


def digest(names: Sequence[str], count: int) -> str:
    total = hashlib.sha256()
    results = np.empty(count)
    for name in names:
        function, arity = FUNCTIONS[name]
        compiled(function, arity)(*samples(count), results)
        total.update(np.where(np.isnan(results), math.nan, results).tobytes())
    return total.hexdigest()


def digest_on(names: Sequence[str], count: int, **environment: str) -> str:
    code = (
        f"from tests.tinyml.test_elementary import digest; print(digest({tuple(names)!r}, {count}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_another_processor_gives_the_same_bits() -> None:
    names = ("tanh", "tanh slope 0", "pow")
    assert digest_on(names, 20_000, NUMBA_CPU_NAME="generic") == digest(names, 20_000)


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [{"NUMBA_CPU_NAME": "generic"}, {"NUMBA_ENABLE_AVX": "0"}, {"NUMBA_OPT": "1"}],
    ids=lambda environment: next(iter(environment)),
)
def test_every_function_gives_the_same_bits_on_every_processor(environment: dict[str, str]) -> None:
    names = tuple(FUNCTIONS)
    assert digest_on(names, 200_000, **environment) == digest(names, 200_000)


def test_loops_are_vectorised() -> None:
    bare = [n for n in FUNCTIONS if n.split()[0] in ("tanh", "gelu", "softplus", "pow")]
    x = np.ones(64)
    for name in bare:
        kernel = compiled(*FUNCTIONS[name])
        kernel(x, x, x, np.empty(64))
        (code,) = kernel.inspect_llvm().values()
        assert " x double>" in code, name
