"""Value: operators, accumulation, errors, and the domain table seen from outside."""

import gc
import math

import numpy as np
import pytest

from tinyml import Op, Value
from tinyml.ops import RULES
from tinyml.value import apply

UNARY = [rule.op for rule in RULES if rule.arity == 1 and rule.op is not Op.POW_CONSTANT]


def test_a_node_used_twice_gets_both_contributions():
    a = Value(3.0)
    b = a + a
    b.backward()
    assert b.parents == (a, a)
    assert a.grad == 2.0


def test_a_square_by_multiplication_and_by_power_have_the_same_bits():
    for x in (0.1, -3.7, 1e-200, 1e200):
        a, b = Value(x), Value(x)
        left, right = a * a, b**2
        left.backward()
        right.backward()
        assert (left.data, a.grad) == (right.data, b.grad)


def test_leaves_accumulate_over_calls_and_inner_nodes_do_not():
    a = Value(2.0)
    inner = a * 3.0
    root = inner * inner
    root.backward()
    assert (a.grad, inner.grad) == (36.0, 12.0)
    root.backward()
    assert (a.grad, inner.grad) == (72.0, 12.0)
    a.zero_grad()
    root.backward()
    assert a.grad == 36.0


def test_two_roots_that_share_nodes_add_up_in_the_leaves():
    a = Value(0.5)
    shared = a.tanh()
    first, second = shared * 2.0, shared * shared
    first.backward()
    second.backward()
    slope = 1.0 - math.tanh(0.5) ** 2
    assert a.grad == pytest.approx(2.0 * slope + 2.0 * math.tanh(0.5) * slope, rel=1e-14)


def test_a_leaf_is_its_own_root():
    a = Value(5.0)
    a.backward()
    assert a.grad == 1.0


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (lambda v: v + 2, 5.0),
        (lambda v: 2 + v, 5.0),
        (lambda v: v - 2, 1.0),
        (lambda v: 2 - v, -1.0),
        (lambda v: v * 2, 6.0),
        (lambda v: 2 * v, 6.0),
        (lambda v: v / 2, 1.5),
        (lambda v: 2 / v, 2.0 / 3.0),
        (lambda v: v**2, 9.0),
        (lambda v: 2**v, 8.0),
        (lambda v: v ** Value(2), 9.0),
        (lambda v: -v, -3.0),
        (lambda v: abs(-v), 3.0),
        (lambda v: v.maximum(4), 4.0),
        (lambda v: v.minimum(4), 3.0),
        (lambda v: np.float64(2.0) * v, 6.0),
        (lambda v: np.int64(2) + v, 5.0),
        (lambda v: True + v, 4.0),
    ],
)
def test_operators_work_with_plain_numbers_on_either_side(expression, expected):
    result = expression(Value(3.0))
    assert isinstance(result, Value)
    assert result.data == pytest.approx(expected, rel=1e-15)
    assert type(result.data) is float


@pytest.mark.parametrize("op", UNARY, ids=lambda op: op.name.lower())
def test_every_operation_of_one_number_is_a_method_with_a_docstring(op):
    name = {Op.NEG: "__neg__"}.get(op, op.name.lower())
    method = getattr(Value, name)
    assert method.__doc__
    result = method(Value(0.75))
    assert result.op is op
    assert result.data == RULES[op].forward(0.75)


def test_every_operation_is_reachable_from_values():
    v, w = Value(0.5), Value(2.0)
    made = {getattr(v, op.name.lower(), v.__neg__)().op for op in UNARY}
    made |= {(v + w).op, (v - w).op, (v * w).op, (v / w).op, (v**w).op, (v**3).op}
    made |= {v.maximum(w).op, v.minimum(w).op, Op.LEAF}
    assert made == set(Op)


@pytest.mark.parametrize("wrong", ["2", None, 1j, [1.0], np.array([1.0, 2.0]), Value(1.0)])
def test_only_real_numbers_become_values(wrong):
    with pytest.raises(TypeError, match="real number"):
        Value(wrong)


def test_a_sum_or_a_power_with_text_is_refused():
    with pytest.raises(TypeError):
        Value(1.0) + "2"
    with pytest.raises(TypeError):
        Value(1.0) ** "2"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Value(1.0) / 0.0, r"div needs .* got 1\.0, 0\.0"),
        (lambda: Value(0.0).log(), r"log needs a positive number, got 0\.0"),
        (lambda: Value(-1.0).log(), r"log needs a positive number, got -1\.0"),
        (lambda: Value(-1e-300).sqrt(), r"sqrt needs .* got -1e-300"),
        (lambda: Value(-8.0) ** (1.0 / 3.0), r"pow_constant needs .* got -8\.0, 0\.333"),
        (lambda: Value(0.0) ** -1, r"pow_constant needs .* got 0\.0, -1\.0"),
        (lambda: Value(-2.0) ** Value(0.5), r"pow needs .* got -2\.0, 0\.5"),
        (lambda: Value(math.inf).sin(), r"sin needs a finite number, got inf"),
    ],
)
def test_outside_its_domain_an_operation_names_itself_and_the_number(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_huge_and_tiny_numbers_raise_nothing():
    big = Value(1e308)
    assert (big * big).data == math.inf
    assert big.exp().data == math.inf
    assert (-big).exp().data == 0.0
    assert (big**3).data == math.inf
    assert big.tanh().data == 1.0
    assert (-big).softplus().data == 0.0
    assert (-big).sigmoid().data == 0.0


def test_repr_shows_label_data_gradient_and_operation():
    a = Value(2.0, "a")
    b = a.tanh()
    b.backward()
    assert repr(a) == "Value(a: 2, grad=0.0706508)"
    assert repr(b) == "Value(0.964028, grad=1, tanh)"


def test_apply_is_what_the_methods_use():
    a = Value(0.3)
    assert apply(Op.TANH, a).data == a.tanh().data
    assert apply(Op.POW_CONSTANT, a, constant=3.0).data == (a**3).data


def test_a_graph_is_freed_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = Value(0.5)
        y = x
        for _ in range(1000):
            y = (y * x + x).tanh()
        y.backward()
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_chain_of_a_million_operations_runs_at_the_default_recursion_limit():
    import sys
    import time

    assert sys.getrecursionlimit() <= 10_000
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()  # the clock on the wall also counts what others do
        x = Value(1.0)
        y = x
        for k in range(1_000_000):
            y = y + x if k % 2 else y * 1.0
        y.backward()
        took = time.process_time() - start
        assert (y.data, x.grad) == (500_001.0, 500_001.0)
        del y
        assert gc.collect() == 0
    finally:
        gc.enable()
    if sys.gettrace() is None:  # counting lines takes longer than the lines
        assert took <= 10.0
