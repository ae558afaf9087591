"""The op table: values and derivatives against 60 digits, kinks, domains and bad floats."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from mpmath import mp, mpf

from tests.tinyml.floats import EDGES, PRECISION, by_bit_pattern, distance, everyday, mixture
from tinyml.ops import RULES, Op, domain_error

NAN, INF = math.nan, math.inf
Numbers = tuple[float, ...]
Truth = Callable[..., mpf]


@dataclass(frozen=True)
class Case:
    """What one op should give.

    `value` and `slopes` are the truth. `sizes` are, for the value and then each slope, the largest
    intermediate term: its last place is the unit of error where the function crosses zero or
    multiplies the rounding of its argument. `special` are arguments worth a look beside the edges
    that every op gets, `low` and `high` where the arguments of a unary op make sense.
    """

    value: Truth
    slopes: tuple[Truth, ...]
    special: tuple[Numbers, ...] = ()
    low: float = -INF
    high: float = INF
    sizes: tuple[Truth | None, ...] = (None, None, None)


def sigma(x: mpf) -> mpf:
    return 1 / (1 + mp.exp(-x))


def phi(x: mpf) -> mpf:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def normal(x: mpf) -> mpf:
    return mp.erfc(-x / mp.sqrt(2)) / 2 if abs(x) < 1e4 else mpf(x > 0)


def gelu_slope(x: mpf) -> mpf:
    return normal(x) + x * phi(x)


def share(ahead: bool, tie: bool) -> mpf:
    return mpf(1) if ahead else mpf(0.5 if tie else 0)


def real_power(a: mpf, b: mpf) -> mpf:
    return mpf(1) if b == 0 else mpf(0) if a == 0 else mp.re(mp.power(a, b))


def power_slope(a: mpf, b: mpf, *_: mpf) -> mpf:
    if b == 0 or (a == 0 and b > 1):
        return mpf(0)
    return mp.inf if a == 0 and b < 1 else b * real_power(a, b - 1)


def exponent_slope(a: mpf, b: mpf, *_: mpf) -> mpf:
    return real_power(a, b) * mp.log(a) if a > 0 else mpf(0)


POWERS = (
    (0.0, 0.0), (0.0, 2.0), (0.0, 0.5), (0.0, 1.0), (-0.0, 3.0), (2.0, 0.0), (1.0, 1e300),
    (-1.0, 3.0), (-2.0, 2.0), (-2.0, -3.0), (-1.5, 1001.0), (4.0, 0.5), (1e-320, 0.5),
    (1e-320, 2.0), (1e308, 1.001), (0.51, 1070.0), (1e-10, 32.0), (1.0000000000000002, 1e18),
    (0.9999999999999999, 1e18), (1.0000000000000002, 1.6e18), (5e-324, -1.0), (2.0, -1074.0),
)  # fmt: skip
LIMIT = mpf(0)
CASES: dict[Op, Case] = {
    Op.ADD: Case(lambda a, b: a + b, (lambda a, b: mpf(1), lambda a, b: mpf(1))),
    Op.SUB: Case(lambda a, b: a - b, (lambda a, b: mpf(1), lambda a, b: mpf(-1))),
    Op.MUL: Case(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    Op.DIV: Case(
        lambda a, b: a / b,
        (lambda a, b: 1 / b, lambda a, b: -a / b**2),
        ((1e-320, 0.01), (1e-300, 1e-170), (3e-320, -0.7), (1e-310, 1e10), (1e300, 1e-20)),
    ),
    Op.NEG: Case(lambda x: -x, (lambda x: mpf(-1),)),
    Op.POW: Case(real_power, (power_slope, exponent_slope), POWERS),
    Op.POW_CONSTANT: Case(real_power, (power_slope,), POWERS),
    Op.EXP: Case(mp.exp, (mp.exp,)),
    Op.LOG: Case(mp.log, (lambda x: 1 / x,), low=0.0),
    Op.SQRT: Case(mp.sqrt, (lambda x: 1 / (2 * mp.sqrt(x)) if x else mp.inf,), low=5e-324),
    Op.ABS: Case(abs, (lambda x: mpf(mp.sign(x)),)),
    Op.MAXIMUM: Case(
        max, (lambda a, b: share(a > b, a == b), lambda a, b: share(b > a, a == b)), ((3.0, 3.0),)
    ),
    Op.MINIMUM: Case(
        min, (lambda a, b: share(a < b, a == b), lambda a, b: share(b < a, a == b)), ((3.0, 3.0),)
    ),
    Op.SIN: Case(mp.sin, (mp.cos,), ((math.pi,), (6381956970095103.0 * 2.0**797,))),
    Op.COS: Case(mp.cos, (lambda x: -mp.sin(x),), ((math.pi / 2,), (1e22,))),
    Op.RELU: Case(lambda x: max(x, LIMIT), (lambda x: share(x > 0, False),)),
    Op.LEAKY_RELU: Case(
        lambda x: x if x > 0 else x * mpf(0.01), (lambda x: mpf(1) if x > 0 else mpf(0.01),)
    ),
    Op.ELU: Case(
        lambda x: x if x > 0 else mp.expm1(x), (lambda x: mpf(1) if x > 0 else mp.exp(x),)
    ),
    Op.TANH: Case(mp.tanh, (lambda x: mp.sech(x) ** 2,)),
    Op.SIGMOID: Case(sigma, (lambda x: sigma(x) * sigma(-x),)),
    Op.SOFTPLUS: Case(lambda x: max(x, LIMIT) + mp.log1p(mp.exp(-abs(x))), (sigma,)),
    Op.GELU: Case(
        lambda x: x * normal(x),
        (gelu_slope,),
        ((-0.7517915247,), (-38.4,), (-8.3,)),
        sizes=(
            lambda x: max(abs(x * normal(x)), abs(x * gelu_slope(x))),
            lambda x: max(normal(x), abs(x * phi(x)), abs(x * phi(x) * (2 - x * x))),
        ),
    ),
    Op.SILU: Case(
        lambda x: x * sigma(x),
        (lambda x: sigma(x) * (1 + x * sigma(-x)),),
        ((-1.2784645427610738,),),
        sizes=(None, lambda x: max(sigma(x), abs(x * sigma(x) * sigma(-x)))),
    ),
    Op.LINEAR: Case(lambda x: x, (lambda x: mpf(1),)),
}
ACTIVATIONS = (Op.RELU, Op.LEAKY_RELU, Op.ELU, Op.TANH, Op.SIGMOID, Op.SOFTPLUS, Op.GELU, Op.SILU)


def test_every_op_has_a_case_and_stands_at_its_own_place() -> None:
    assert [rule.op for rule in RULES] == list(Op)
    assert set(CASES) == set(Op) - {Op.LEAF}
    assert all(rule.arity == len(CASES[rule.op].slopes) for rule in RULES[1:])
    assert len({rule.name for rule in RULES}) == len(RULES)


def n_numbers(op: Op) -> int:
    return RULES[op].arity + RULES[op].takes_constant


def arguments(op: Op, count: int) -> Iterator[Numbers]:
    """Yield finite arguments inside the op's domain."""
    case = CASES[op]
    generator = random.Random(int(op))
    edges = [(x,) for edge in EDGES for x in (edge, -edge)]
    if n_numbers(op) == 2:
        edges = [(a, b) for (a,) in edges[::3] for (b,) in edges[1::7]]
    candidates: list[Numbers] = [*case.special, *edges]
    for x in mixture(count, int(op)):
        y = everyday(generator) if abs(x) < 1e6 else by_bit_pattern(generator)
        if op in (Op.POW, Op.POW_CONSTANT):
            x = abs(x) if generator.random() < 0.7 else x
            scale = abs(math.log(x)) + 1e-9 if 0.0 < x < INF else 1.0
            y = generator.choice([y, float(round(y)) if abs(y) < 1e9 else y, 750.0 * y / scale])
        candidates.append((x, y)[: n_numbers(op)])
    return (
        numbers
        for numbers in candidates
        if all(map(math.isfinite, numbers))
        and (n_numbers(op) == 2 or case.low <= numbers[0] <= case.high)
        and domain_error(op, numbers[0], numbers[-1]) is None
    )


def worst_errors(op: Op, count: int) -> list[tuple[float, Numbers]]:
    """Return, for the value and each slope, the worst error in last places and where it is."""
    rule, case = RULES[op], CASES[op]
    worst: list[tuple[float, Numbers]] = [(0.0, ())] * (1 + rule.arity)
    with mp.workprec(PRECISION):
        for numbers in arguments(op, count):
            bits = PRECISION
            if op in (Op.SIN, Op.COS) and abs(numbers[0]) > 1e6:
                bits = 1400  # enough for π
            if op in (Op.POW, Op.POW_CONSTANT) and abs(numbers[1]) > 1e60:
                bits = 1400  # enough for b − 1
            exact = [mpf(x) for x in numbers]
            y = rule.forward(*numbers)
            results = [y, *(slope(*numbers, y) for slope in rule.derivatives)]
            with mp.workprec(bits):
                for k, truth in enumerate((case.value, *case.slopes)):
                    size = case.sizes[k]
                    scale = None if size is None else size(*exact)
                    error = distance(results[k], truth(*exact), scale)
                    worst[k] = max(worst[k], (error, numbers))
    return worst


@pytest.mark.parametrize("op", CASES)
def test_value_and_derivatives_are_within_four_units_in_the_last_place(op: Op) -> None:
    assert max(worst_errors(op, 1_000)) < (4.0, ())


@pytest.mark.slow
@pytest.mark.parametrize("op", CASES)
def test_value_and_derivatives_are_right_at_10_000_points(op: Op) -> None:
    count = sum(1 for _ in arguments(op, 24_000))
    assert count >= 10_000
    worst = worst_errors(op, 24_000)
    assert max(worst) < (4.0, ())
    figures = ", ".join(f"{error:.2f}" for error, _ in worst)
    print(f"\n{RULES[op].name}: {figures} last places at {count} points (value, then slopes)")


KINKS = (
    (Op.RELU, (0.0,), (0.0,)),
    (Op.RELU, (-0.0,), (0.0,)),
    (Op.ABS, (0.0,), (0.0,)),
    (Op.LEAKY_RELU, (0.0,), (0.01,)),
    (Op.ELU, (0.0,), (1.0,)),
    (Op.MAXIMUM, (2.0, 2.0), (0.5, 0.5)),
    (Op.MINIMUM, (-0.0, 0.0), (0.5, 0.5)),
    (Op.POW, (-2.0, 3.0), (12.0, 0.0)),
    (Op.POW, (0.0, 2.0), (0.0, 0.0)),
    (Op.POW, (0.0, 0.0), (0.0, 0.0)),
)


@pytest.mark.parametrize(("op", "numbers", "slopes"), KINKS)
def test_slope_at_a_kink_is_the_written_one(op: Op, numbers: Numbers, slopes: Numbers) -> None:
    y = RULES[op].forward(*numbers)
    assert tuple(slope(*numbers, y) for slope in RULES[op].derivatives) == slopes


# N4: (op, arguments, value, slopes, whether `Value` refuses it by name)
SPECIAL: tuple[tuple[Op, Numbers, float, Numbers, bool], ...] = (
    (Op.ADD, (INF, 1.0), INF, (1.0, 1.0), False),
    (Op.ADD, (INF, -INF), NAN, (1.0, 1.0), False),
    (Op.ADD, (NAN, 1.0), NAN, (1.0, 1.0), False),
    (Op.ADD, (1e308, 1e308), INF, (1.0, 1.0), False),
    (Op.ADD, (0.0, -0.0), 0.0, (1.0, 1.0), False),
    (Op.ADD, (-0.0, -0.0), -0.0, (1.0, 1.0), False),
    (Op.SUB, (INF, INF), NAN, (1.0, -1.0), False),
    (Op.SUB, (1.0, INF), -INF, (1.0, -1.0), False),
    (Op.SUB, (1.0, NAN), NAN, (1.0, -1.0), False),
    (Op.SUB, (-1e308, 1e308), -INF, (1.0, -1.0), False),
    (Op.SUB, (-0.0, 0.0), -0.0, (1.0, -1.0), False),
    (Op.SUB, (5e-324, 5e-324), 0.0, (1.0, -1.0), False),
    (Op.MUL, (0.0, INF), NAN, (INF, 0.0), False),
    (Op.MUL, (-INF, 2.0), -INF, (2.0, -INF), False),
    (Op.MUL, (NAN, 0.0), NAN, (0.0, NAN), False),
    (Op.MUL, (1e200, -1e200), -INF, (-1e200, 1e200), False),
    (Op.MUL, (-0.0, 3.0), -0.0, (3.0, -0.0), False),
    (Op.MUL, (5e-324, 0.5), 0.0, (0.5, 5e-324), False),
    (Op.NEG, (0.0,), -0.0, (-1.0,), False),
    (Op.NEG, (INF,), -INF, (-1.0,), False),
    (Op.NEG, (NAN,), NAN, (-1.0,), False),
    (Op.NEG, (5e-324,), -5e-324, (-1.0,), False),
    (Op.LINEAR, (-0.0,), -0.0, (1.0,), False),
    (Op.LINEAR, (-INF,), -INF, (1.0,), False),
    (Op.LINEAR, (NAN,), NAN, (1.0,), False),
    (Op.LINEAR, (5e-324,), 5e-324, (1.0,), False),
    (Op.DIV, (1.0, 0.0), INF, (INF, -INF), True),
    (Op.DIV, (1.0, -0.0), -INF, (-INF, -INF), True),
    (Op.DIV, (0.0, 0.0), NAN, (INF, NAN), True),
    (Op.DIV, (1.0, INF), 0.0, (0.0, -0.0), False),
    (Op.DIV, (5e-324, 2.0), 0.0, (0.5, -0.0), False),
    (Op.LOG, (0.0,), -INF, (INF,), True),
    (Op.LOG, (-0.0,), -INF, (-INF,), True),
    (Op.LOG, (-1.0,), NAN, (-1.0,), True),
    (Op.LOG, (5e-324,), -744.4400719213812, (INF,), False),
    (Op.LOG, (INF,), INF, (0.0,), False),
    (Op.SQRT, (-1.0,), NAN, (NAN,), True),
    (Op.SQRT, (0.0,), 0.0, (INF,), False),
    (Op.SQRT, (-0.0,), -0.0, (-INF,), False),
    (Op.SQRT, (INF,), INF, (0.0,), False),
    (Op.EXP, (INF,), INF, (INF,), False),
    (Op.EXP, (-INF,), 0.0, (0.0,), False),
    (Op.EXP, (1e308,), INF, (INF,), False),
    (Op.EXP, (5e-324,), 1.0, (1.0,), False),
    (Op.POW, (0.0, -1.0), INF, (-INF, 0.0), True),
    (Op.POW, (-0.0, -1.0), -INF, (-INF, 0.0), True),
    (Op.POW, (-2.0, 0.5), NAN, (NAN, 0.0), True),
    (Op.POW, (-8.0, 1.0 / 3.0), NAN, (NAN, 0.0), True),
    (Op.POW, (0.0, 0.0), 1.0, (0.0, 0.0), False),
    (Op.POW, (0.0, 1.0), 0.0, (1.0, 0.0), False),
    (Op.POW, (0.0, 0.5), 0.0, (INF, 0.0), False),
    (Op.POW, (INF, -1.0), 0.0, (-0.0, 0.0), False),
    (Op.POW, (INF, 2.0), INF, (INF, INF), False),
    (Op.POW, (-INF, 3.0), -INF, (INF, 0.0), False),
    (Op.POW, (2.0, INF), INF, (INF, INF), False),
    (Op.POW, (0.5, INF), 0.0, (0.0, -0.0), False),
    (Op.POW_CONSTANT, (0.0, -1.0), INF, (-INF,), True),
    (Op.POW_CONSTANT, (0.0, -2.0), INF, (-INF,), True),
    (Op.POW_CONSTANT, (-1.0, 0.5), NAN, (NAN,), True),
    (Op.POW_CONSTANT, (-1.0, 1.5), NAN, (NAN,), True),
    (Op.POW_CONSTANT, (-3.0, 3.0), -27.0, (27.0,), False),
    (Op.POW_CONSTANT, (-3.0, 2.0), 9.0, (-6.0,), False),
    (Op.POW_CONSTANT, (-4.0, -1.0), -0.25, (-0.0625,), False),
    (Op.POW_CONSTANT, (9.0, 0.5), 3.0, (1.0 / 6.0,), False),
    (Op.POW_CONSTANT, (0.0, 0.0), 1.0, (0.0,), False),
    (Op.POW_CONSTANT, (7.0, 1.0), 7.0, (1.0,), False),
    (Op.POW_CONSTANT, (INF, 2.0), INF, (INF,), False),
    (Op.POW_CONSTANT, (INF, 0.5), INF, (0.0,), False),
    (Op.POW_CONSTANT, (-INF, -1.0), -0.0, (-0.0,), False),
    (Op.ABS, (-0.0,), 0.0, (-0.0,), False),
    (Op.ABS, (-INF,), INF, (-1.0,), False),
    (Op.MAXIMUM, (NAN, 1.0), NAN, (0.0, 0.0), False),
    (Op.MAXIMUM, (1.0, NAN), NAN, (0.0, 0.0), False),
    (Op.MAXIMUM, (INF, INF), INF, (0.5, 0.5), False),
    (Op.MINIMUM, (1.0, NAN), NAN, (0.0, 0.0), False),
    (Op.MINIMUM, (-INF, 1.0), -INF, (1.0, 0.0), False),
    (Op.SIN, (INF,), NAN, (NAN,), True),
    (Op.COS, (-INF,), NAN, (NAN,), True),
    (Op.SIN, (-0.0,), -0.0, (1.0,), False),
    (Op.SIN, (5e-324,), 5e-324, (1.0,), False),
    (Op.COS, (0.0,), 1.0, (-0.0,), False),
    (Op.RELU, (-INF,), 0.0, (0.0,), False),
    (Op.RELU, (INF,), INF, (1.0,), False),
    (Op.LEAKY_RELU, (-INF,), -INF, (0.01,), False),
    (Op.ELU, (-INF,), -1.0, (0.0,), False),
    (Op.ELU, (-0.0,), -0.0, (1.0,), False),
    (Op.ELU, (-5e-324,), -5e-324, (1.0,), False),
    (Op.TANH, (-0.0,), -0.0, (1.0,), False),
    (Op.TANH, (5e-324,), 5e-324, (1.0,), False),
    (Op.TANH, (INF,), 1.0, (0.0,), False),
    (Op.TANH, (-1e308,), -1.0, (0.0,), False),
    (Op.SIGMOID, (INF,), 1.0, (0.0,), False),
    (Op.SIGMOID, (-INF,), 0.0, (0.0,), False),
    (Op.SIGMOID, (-1e308,), 0.0, (0.0,), False),
    (Op.SOFTPLUS, (INF,), INF, (1.0,), False),
    (Op.SOFTPLUS, (-INF,), 0.0, (0.0,), False),
    (Op.SOFTPLUS, (1e308,), 1e308, (1.0,), False),
    (Op.GELU, (INF,), INF, (1.0,), False),
    (Op.GELU, (-INF,), -0.0, (-0.0,), False),
    (Op.GELU, (1e308,), 1e308, (1.0,), False),
    (Op.SILU, (INF,), INF, (1.0,), False),
    (Op.SILU, (-INF,), -0.0, (-0.0,), False),
    (Op.SILU, (-1e308,), -0.0, (-0.0,), False),
)


def same(result: float, expected: float) -> bool:
    """Whether the bits agree, all nans being one."""
    both_nan = math.isnan(result) and math.isnan(expected)
    equal = result == expected and math.copysign(1.0, result) == math.copysign(1.0, expected)
    return type(result) is float and (both_nan or equal)


@pytest.mark.parametrize(("op", "numbers", "value", "slopes", "refused"), SPECIAL)
def test_special_values_give_the_written_result_or_a_named_error(
    op: Op, numbers: Numbers, value: float, slopes: Numbers, refused: bool
) -> None:
    y = RULES[op].forward(*numbers)
    assert same(y, value), y
    results = [slope(*numbers, y) for slope in RULES[op].derivatives]
    assert all(map(same, results, slopes)), results
    said = domain_error(op, numbers[0], numbers[-1])
    assert (said is not None) == refused
    assert said is None or (
        said.startswith(f"{RULES[op].name} needs ") and repr(numbers[-1]) in said
    )


def test_every_op_has_its_rows_in_the_table_one_of_them_with_an_infinite_number() -> None:
    assert {op for op, *_ in SPECIAL} == set(CASES)
    assert {op for op, numbers, *_ in SPECIAL if INF in map(abs, numbers)} == set(CASES)


@pytest.mark.parametrize("op", CASES)
def test_nan_is_passed_on_and_never_refused(op: Op) -> None:
    numbers = (NAN, 3.0)[: n_numbers(op)]
    assert math.isnan(RULES[op].forward(*numbers))
    assert domain_error(op, NAN, numbers[-1]) is None


def unstable(op: Op, count: int) -> list[float]:
    """Return the floats where an activation or its slope is no number or leaves its bounds."""
    rule = RULES[op]
    generator = random.Random(int(op))
    bad = []
    for _ in range(count):
        x = by_bit_pattern(generator)
        y = rule.forward(x)
        slope = rule.derivatives[0](x, y)
        if not (x != x or (-abs(x) - 1.0 <= y <= abs(x) + 1.0 and -0.2 <= slope <= 1.2)):
            bad.append(x)
    return bad


@pytest.mark.parametrize("op", ACTIVATIONS)
def test_activation_is_finite_for_every_finite_float(op: Op) -> None:
    assert unstable(op, 5_000) == []


@pytest.mark.slow
@pytest.mark.parametrize("op", ACTIVATIONS)
def test_activation_is_finite_for_every_finite_float_of_100_000(op: Op) -> None:
    assert unstable(op, 100_000) == []
    print(f"\n{RULES[op].name}: 0 of 100 000 floats unstable")
