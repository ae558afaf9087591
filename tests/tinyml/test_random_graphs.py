"""N2: gradients of random graphs against the complex-step derivative."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tinyml.graphs import Dual, random_expression
from tinyml import Op, Value, toposort

STEP = 1e-100
GRAPHS = {
    "seed": st.integers(0, 2**32),
    "n_ops": st.integers(1, 60),
    "inputs": st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3),
}
TOLERANCE = 1e-11
ROUNDING = 1e-13
# A gradient is a sum over paths. Both ways to it round every path, so where the paths cancel, as in
# x − x, the two agree only to this share of the sum of the paths' sizes.
VANISHING = 1e-190
# What the complex step cannot see: its own error is step²·f‴/6, and below 1e-308/step digits go.


def path_sizes(root: Value) -> dict[int, float]:
    """Return, by the id of a node, the sum of |product of local derivatives| over all paths."""
    order = toposort(root)
    sizes = {id(node): 0.0 for node in order} | {id(root): 1.0}
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_derivatives(), strict=True):
            sizes[id(parent)] += sizes[id(node)] * abs(local)
    return sizes


def deviations(seed: int, n_ops: int, inputs: list[float]) -> tuple[float, float]:
    """Return the worst deviation of a gradient relative to itself, and relative to its paths.

    Only the first counts gradients that are at least a hundredth of their paths.
    """
    build = random_expression(random.Random(seed), n_ops)
    values = [Value(x) for x in inputs]
    root = build(values, Value)
    root.backward()
    sizes = path_sizes(root)
    relative = of_paths = 0.0
    Dual.kinks = float("inf")
    for k, value in enumerate(values):
        shifted = [Dual(complex(x, STEP if j == k else 0.0)) for j, x in enumerate(inputs)]
        result = build(shifted, Dual).z
        assume(Dual.kinks > 1e-9)
        assert abs(root.data - result.real) <= 1e-11 * max(1.0, abs(result.real))
        expected, size = result.imag / STEP, sizes.get(id(value), 0.0)
        off = abs(value.grad - expected)
        allowed = max(TOLERANCE * abs(expected), ROUNDING * size, VANISHING)
        assert off <= allowed, (off, expected, size)
        if off > VANISHING:
            of_paths = max(of_paths, off / size)
            if abs(expected) >= ROUNDING / TOLERANCE * size:
                relative = max(relative, off / abs(expected))
    return relative, of_paths


@settings(max_examples=300, deadline=None)
@given(**GRAPHS)
def test_random_graphs_have_the_complex_step_gradient(seed, n_ops, inputs):
    deviations(seed, n_ops, inputs)


@pytest.mark.slow
def test_five_thousand_random_graphs_have_the_complex_step_gradient():
    found = []

    @settings(max_examples=5000, deadline=None)
    @given(**GRAPHS)
    def look(seed, n_ops, inputs):
        found.append(deviations(seed, n_ops, inputs))

    look()
    assert len(found) >= 5000
    relative, of_paths = map(max, zip(*found, strict=True))
    figures = f"{relative:.2g} of the gradient, {of_paths:.2g} of its paths"
    print(f"\n{len(found)} graphs: worst {figures}")


def test_the_random_graphs_cover_every_operation_and_wide_fans():
    used, fan_out = set(), 0
    for seed in range(200):
        values = [Value(x) for x in (0.7, -1.3, 0.4)]
        nodes = toposort(random_expression(random.Random(seed), 60)(values, Value))
        used |= {node.op for node in nodes}
        children = [id(parent) for node in nodes for parent in node.parents]
        fan_out = max(fan_out, max(children.count(id(value)) for value in values))
    assert used == set(Op)
    assert fan_out >= 50


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
