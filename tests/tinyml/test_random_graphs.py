"""N2: gradients of random graphs against the complex-step derivative."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tinyml.graphs import Dual, random_expression
from tinyml import Op, Value, toposort

STEP = 1e-30
INPUTS = st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3)


def agree(seed: int, n_ops: int, inputs: list[float]) -> None:
    build = random_expression(random.Random(seed), n_ops)
    values = [Value(x) for x in inputs]
    root = build(values, Value)
    root.backward()
    Dual.kinks = float("inf")
    for k, value in enumerate(values):
        shifted = [Dual(complex(x, STEP if j == k else 0.0)) for j, x in enumerate(inputs)]
        result = build(shifted, Dual).z
        assume(Dual.kinks > 1e-9)
        assert abs(root.data - result.real) <= 1e-11 * max(1.0, abs(result.real))
        expected = result.imag / STEP
        assert abs(value.grad - expected) <= 1e-11 * max(1.0, abs(expected))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), INPUTS)
def test_random_graphs_have_the_complex_step_gradient(seed, n_ops, inputs):
    agree(seed, n_ops, inputs)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60), INPUTS)
def test_five_thousand_random_graphs_have_the_complex_step_gradient(seed, n_ops, inputs):
    agree(seed, n_ops, inputs)


def test_the_random_graphs_cover_every_operation_and_wide_fans():
    used, fan_out = set(), 0
    for seed in range(200):
        values = [Value(x) for x in (0.7, -1.3, 0.4)]
        nodes = toposort(random_expression(random.Random(seed), 60)(values, Value))
        used |= {node.op for node in nodes}
        children = [id(parent) for node in nodes for parent in node.parents]
        fan_out = max(fan_out, max(children.count(id(value)) for value in values))
    assert used == set(Op)
    assert fan_out >= 20


@pytest.mark.parametrize("width", [1, 2, 10, 50])
def test_a_fan_of_fifty_paths_adds_up(width):
    x = Value(0.3)
    shared = x.sin()
    root = shared * 0.0
    for k in range(width):
        root = root + shared * shared * float(k)
    root.backward()
    total = width * (width - 1) / 2.0
    dual = Dual(complex(0.3, STEP)).sin()
    assert x.grad == pytest.approx((dual * dual).z.imag / STEP * total, rel=1e-13)
