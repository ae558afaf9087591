"""The gradient checker: it finds mistakes, forgives kinks, and leaves no trace."""

import pytest

from tinyml import Op, Value, central_difference, check_gradients
from tinyml.value import apply


def test_a_right_gradient_passes_and_leaves_no_trace():
    values = [Value(0.7, "a"), Value(-1.2, "b")]
    values[0].grad = 5.0
    report = check_gradients(lambda a, b: (a * b).tanh() / (b * b + 1.0), values)
    assert report
    assert [v.data for v in values] == [0.7, -1.2]
    assert [v.grad for v in values] == [5.0, 0.0]


def test_a_wrong_gradient_is_named():
    def detached(a, b):
        return Value(a.data) * a + b

    report = check_gradients(detached, [Value(2.0, "a"), Value(1.0, "b")])
    assert not report
    a, b = report.checks
    assert (a.passed, b.passed) == (False, True)
    assert "2 gradients: 1 wrong, 0 at a kink" in str(report)
    assert "a = 2" in str(a)
    assert "WRONG" in str(a)


@pytest.mark.parametrize("x", [0.0, 1e-6, -3e-6])
def test_at_and_near_a_kink_there_is_nothing_to_compare_with(x):
    report = check_gradients(lambda v: v.relu() + v.sin(), [Value(x)])
    assert report
    assert report.checks[0].kink


def test_where_both_sides_agree_there_is_no_kink():
    (check,) = check_gradients(lambda v: v.elu(), [Value(0.0)]).checks
    assert check.passed
    assert not check.kink


@pytest.mark.parametrize("x", [0.1, 3.0, 50.0])
def test_a_strongly_curved_function_is_no_excuse(x):
    def wrong(v):
        return Value(v.data**3) + v * 0.0

    (check,) = check_gradients(wrong, [Value(x)]).checks
    assert not check.passed
    assert not check.kink


def test_the_edge_of_a_domain_is_no_error():
    (check,) = check_gradients(lambda v: v.sqrt(), [Value(0.0)]).checks
    assert check.kink


@pytest.mark.parametrize("op", [op for op in Op if op not in (Op.LEAF, Op.POW_CONSTANT)])
def test_every_operation_passes(op):
    operands = [Value(0.8), Value(1.7)]
    from tinyml.ops import RULES

    used = operands[: RULES[op].arity]
    report = check_gradients(lambda *v: apply(op, *v), used)
    assert report, str(report)
    assert not any(check.kink for check in report.checks)


def test_the_central_difference_takes_a_step_of_ones_own():
    x = Value(3.0)
    assert central_difference(lambda: x * x, x, step=0.5) == 6.0
    assert x.data == 3.0


def test_unlabelled_values_are_named_by_their_place():
    report = check_gradients(lambda a, b: a + b, [Value(1.0), Value(2.0)])
    assert [check.name for check in report.checks] == ["value 0", "value 1"]
