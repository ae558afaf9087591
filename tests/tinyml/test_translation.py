"""Rules are translated as they stand, and what is no rule is refused by name."""

import math

import pytest
from llvmlite import ir

from tinyml import optimizers, regularization
from tinyml.kernels import angles, elementary, powers, primitives
from tinyml.kernels.intrinsics import _EMITTERS, _INTEGRAL
from tinyml.kernels.translation import DOUBLE, TranslationError, translate
from tinyml.ops import RULES, Op

HALF = 0.5
PAIR = (0.25, 4.0)


def translated(rule, *known):
    """Return the function that `rule` becomes, as text; what it returns must be a double."""
    n = rule.__code__.co_argcount
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(DOUBLE, [DOUBLE] * n), "rule")
    builder = ir.IRBuilder(function.append_basic_block())
    made = translate(builder, rule, [*known, *function.args[len(known) :]], _EMITTERS)
    parts = made if isinstance(made, tuple) else (made,)
    for part in parts:
        assert not isinstance(part, ir.Value) or part.type == DOUBLE
    builder.ret(DOUBLE(0.0) if isinstance(parts[0], float) else parts[0])
    return str(function)


def rules():
    modules = (primitives, elementary, powers, angles, optimizers, regularization)
    for module in modules:
        for name, function in vars(module).items():
            code = getattr(function, "__code__", None)
            if (
                code is None
                or function.__module__ != module.__name__
                or function in {*_INTEGRAL, *_EMITTERS}
            ):
                continue
            hints = function.__annotations__
            if {str(h) for h in hints.values()} <= {
                *("<class 'float'>", "float", "tuple[float, float, float]"),
                *("tuple[float, float]", "tuple[float, float, float, float]"),
            }:
                yield pytest.param(function, id=f"{module.__name__}.{name}")
    for rule in RULES:
        for k, part in enumerate((rule.forward, *rule.derivatives)):
            if part not in _INTEGRAL and part not in _EMITTERS:
                yield pytest.param(part, id=f"{rule.name}-{k}")


@pytest.mark.parametrize("rule", list(rules()))
def test_every_rule_becomes_one_block_without_a_call_of_a_library(rule):
    text = translated(rule)
    assert text.count("ret ") == 1
    assert "br " not in text
    calls = [line for line in text.splitlines() if " call " in line]
    assert all('@"llvm.' in line for line in calls)


def test_what_is_known_is_computed_beforehand():
    def rule(x):
        return (PAIR[0] + HALF**2 if HALF < 1.0 else x) * 2.0

    assert "fmul" not in translated(rule)
    assert "fadd" not in translated(rule)


def test_a_known_exponent_leaves_the_square_alone():
    square = RULES[Op.POW_CONSTANT].forward
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(DOUBLE, [DOUBLE]), "square")
    builder = ir.IRBuilder(function.append_basic_block())
    x = function.args[0]
    made = translate(builder, square, [x, 2.0], _EMITTERS)
    assert made.opname == "fmul"
    assert made.operands == (x, x)
    assert len(builder.block.instructions) == 1


def test_not_equal_is_true_for_a_number_that_is_none():
    assert "fcmp une" in translated(lambda x: 1.0 if x != 1.0 else 0.0)
    assert "fcmp oeq" in translated(lambda x: 1.0 if x == 1.0 else 0.0)


def test_conditions_are_joined_and_turned_round():
    text = translated(lambda x, y: 1.0 if 0.0 < x < y and not (x == 1.0 or y == 2.0) else y)
    assert (text.count(" and i1"), text.count(" or i1"), text.count(" select ")) == (2, 1, 1)
    assert translated(lambda x: 1.0 if HALF == 0.5 or x > 1.0 else x).count("select") == 0


def test_two_lambdas_of_one_line_are_told_apart():
    first, second = (lambda x: x + 1.0), (lambda x: x * 2.0)
    assert "fadd" in translated(first)
    assert "fmul" in translated(second)


def looping(x):
    for _ in range(3):
        x = x + 1.0
    return x


def without_end(x):
    x = x + 1.0


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (looping, "looping: 'for _ in range"),
        (without_end, "without_end ends without a return"),
        (lambda x: math.exp(x), "<built-in function exp> is no rule"),
        (lambda x: x**2.0, "a power of numbers that are not known beforehand"),
        (lambda x: x // 2.0, "is not translated"),
        (lambda x: [x][0], "is not translated"),
    ],
)
def test_what_is_no_rule_is_refused(rule, words):
    with pytest.raises(TranslationError, match=words.replace("(", r"\(")):
        translated(rule)
