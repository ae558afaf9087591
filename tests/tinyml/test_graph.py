"""Order, steps and pictures of a graph."""

import random

import pytest

from tests.tinyml.graphs import random_expression
from tinyml import Value, Walk, backward_steps, forward_steps, to_dot, toposort


def some_graph(seed):
    values = [Value(x, f"v{k}") for k, x in enumerate((0.7, -1.3, 0.4))]
    return random_expression(random.Random(seed), 40)(values, Value), values


def states(nodes):
    return [(node.data.hex(), node.grad.hex()) for node in nodes]


def test_parents_come_before_children_each_once():
    for seed in range(50):
        order = toposort(some_graph(seed)[0])
        place = {id(node): k for k, node in enumerate(order)}
        assert len(place) == len(order)
        for node in order:
            assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


def test_the_order_is_depth_first_from_left_to_right():
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    product = b * c
    root = a + product
    assert toposort(root) == [a, b, c, product, root]
    assert toposort(product + a) != toposort(root)


def test_several_roots_share_one_order():
    a = Value(1.0)
    first, second = a * 2.0, a * 3.0
    order = toposort(first, second)
    assert order.count(a) == 1
    assert order.index(first) < order.index(second)


@pytest.mark.parametrize("seed", range(30))
def test_walking_backward_to_the_end_equals_backward_bit_for_bit(seed):
    root, values = some_graph(seed)
    values[0].grad = 0.1
    nodes = toposort(root)
    root.backward()
    expected = states(nodes)
    again, others = some_graph(seed)
    others[0].grad = 0.1
    walk = Walk(again, backward=True)
    walk.seek(len(walk.steps))
    assert states(toposort(again)) == expected


def test_a_walk_goes_back_through_the_very_same_states():
    root, _ = some_graph(7)
    nodes = toposort(root)
    walk = Walk(root, backward=True)
    passed = []
    for position in range(len(walk.steps) + 1):
        walk.seek(position)
        passed.append(states(nodes))
    for position in reversed(range(len(walk.steps) + 1)):
        walk.seek(position)
        assert states(nodes) == passed[position]


def test_a_step_says_who_fires_with_what_and_what_it_does_to_each_parent():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    product = a * b
    root = product + a
    add, mul = backward_steps(root)
    assert (add.node, add.upstream) == (root, 1.0)
    assert [(c.parent, c.local_derivative, c.amount) for c in add.contributions] == [
        (product, 1.0, 1.0),
        (a, 1.0, 1.0),
    ]
    assert (mul.node, mul.upstream) == (product, 1.0)
    into_a, into_b = mul.contributions
    assert (into_a.before, into_a.amount, into_a.after) == (1.0, -3.0, -2.0)
    assert (into_b.before, into_b.amount, into_b.after) == (0.0, 2.0, 2.0)


def test_one_parent_twice_is_two_contributions():
    a = Value(3.0)
    (step,) = backward_steps(a + a)
    assert [(c.before, c.after) for c in step.contributions] == [(0.0, 1.0), (1.0, 2.0)]


def test_asking_for_steps_changes_nothing():
    root, _ = some_graph(3)
    nodes = toposort(root)
    before = states(nodes)
    assert backward_steps(root)
    assert forward_steps(root)
    assert states(nodes) == before


def test_walking_forward_recomputes_from_the_leaves_and_back_restores():
    root, values = some_graph(11)
    nodes = toposort(root)
    old = states(nodes)
    values[0].data = 0.25
    walk = Walk(root, backward=False)
    walk.seek(len(walk.steps))
    fresh = random_expression(random.Random(11), 40)([Value(v.data) for v in values], Value)
    assert root.data.hex() == fresh.data.hex()
    walk.seek(0)
    values[0].data = 0.7
    assert states(nodes) == old


def test_forward_steps_name_operands_and_constant():
    a = Value(3.0)
    (step,) = forward_steps(a**3)
    assert step.operands == (3.0, 3.0)
    assert step.after == 27.0


def test_a_walk_cannot_leave_its_steps():
    walk = Walk(Value(1.0) + 1.0, backward=True)
    for position in (-1, 2):
        with pytest.raises(IndexError, match="0 to 1"):
            walk.seek(position)


def test_dot_text_has_a_record_per_value_a_disc_per_operation_an_edge_per_operand():
    a = Value(3.0, 'a "odd|name"')
    root = a * a + a**2
    text = to_dot(root)
    assert text.count("shape=record") == len(toposort(root))
    assert text.count("n0 -> o1;") == 2
    assert 'label="×"' in text
    assert "xᶜ 2" in text
    assert r"a\ \"odd\|name\"" in text
    assert text == to_dot(root)
