"""Walks over a graph of `Value`s: order, forward and backward step by step, and DOT text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinyml.ops import RULES, Op

if TYPE_CHECKING:
    from tinyml.value import Value


def toposort(*roots: Value) -> list[Value]:
    """Return every node `roots` were made from, parents before children, each once.

    The order, that of a depth-first walk from left to right, depends on the graph alone.
    """
    order: list[Value] = []
    seen: set[int] = set()
    entered: list[Value] = []
    stack: list[Value | None] = list(roots[::-1])
    while stack:
        node = stack.pop()
        if node is None:  # all that the node entered last was made from is in order
            order.append(entered.pop())
        elif id(node) not in seen:
            seen.add(id(node))
            if node.parents:
                entered.append(node)
                stack.append(None)
                stack += node.parents[::-1]
            else:
                order.append(node)
    return order


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """A node is computed: `after` = rule(`operands`); `before` is the data it held until then."""

    node: Value
    operands: tuple[float, ...]
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a firing node adds to one parent: `amount` = upstream gradient × `local_derivative`."""

    parent: Value
    local_derivative: float
    amount: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class BackwardStep:
    """A node fires: its `upstream` gradient is complete and goes to its parents, in order."""

    node: Value
    upstream: float
    contributions: tuple[Contribution, ...]


def forward_steps(root: Value) -> list[ForwardStep]:
    """Return the computation of `root` from its leaves' present data, changing nothing."""
    steps, data = [], dict[int, float]()
    for node in toposort(root):
        operands = tuple([data[id(parent)] for parent in node.parents])
        operands += (node.constant,) if node.op is Op.POW_CONSTANT else ()
        data[id(node)] = RULES[node.op].forward(*operands) if operands else node.data
        if operands:
            steps.append(ForwardStep(node, operands, node.data, data[id(node)]))
    return steps


def backward_steps(root: Value) -> list[BackwardStep]:
    """Return ``root.backward()`` as steps, changing nothing; leaves start from their gradients."""
    order, steps = toposort(root), []
    grad = {id(node): 0.0 if node.parents else node.grad for node in order}
    grad[id(root)] += 1.0
    for node in reversed(order):
        upstream, contributions = grad[id(node)], []
        for parent, local in zip(node.parents, node.local_derivatives(), strict=True):
            before, amount = grad[id(parent)], upstream * local
            grad[id(parent)] = before + amount
            contributions.append(Contribution(parent, local, amount, before, before + amount))
        if contributions:
            steps.append(BackwardStep(node, upstream, tuple(contributions)))
    return steps


class Walk:
    """A cursor over the steps of a graph that writes them into its nodes and takes them back.

    At the end of a forward walk every node holds what the leaves' present data make of it; at the
    end of a backward walk the graph is as after ``root.backward()``, bit for bit.

    `steps` holds all of them, in order; `position` says how many have been taken.

    >>> from tinyml import Value
    >>> a = Value(3.0)
    >>> walk = Walk(a * a, backward=True)
    >>> walk.seek(1)
    >>> a.grad
    6.0
    """

    def __init__(self, root: Value, backward: bool) -> None:
        self.steps: Sequence[ForwardStep | BackwardStep]
        self.steps = backward_steps(root) if backward else forward_steps(root)
        self.position = 0
        for node in toposort(root) if backward else ():
            node.grad = 0.0 if node.parents else node.grad
        root.grad += backward

    def seek(self, position: int) -> None:
        """Take or undo steps until `position` of them are taken; IndexError if there are fewer."""
        if not 0 <= position <= len(self.steps):
            raise IndexError(f"position must be 0 to {len(self.steps)}, got {position}")
        while self.position != position:
            undo = self.position > position
            step = self.steps[self.position - undo]
            self.position += -1 if undo else 1
            if isinstance(step, ForwardStep):
                step.node.data = step.before if undo else step.after
            else:
                for change in step.contributions[:: -1 if undo else 1]:
                    change.parent.grad = change.before if undo else change.after


def to_dot(root: Value) -> str:
    """Return the graph as Graphviz DOT text: a record per Value, a disc per operation."""
    number: dict[int, int] = {}
    text = "digraph {\n  rankdir=LR;\n"
    for k, node in enumerate(toposort(root)):
        number[id(node)] = k
        name = "".join(f"\\{c}" if c in '\\"{}|<> ' else c for c in node.label) or f"v{k}"
        cells = f"{{ {name} | data {node.data:.6g} | grad {node.grad:.6g} }}"
        text += f'  n{k} [shape=record, label="{cells}"];\n'
        if node.parents:
            power = f" {node.constant:g}" if node.op is Op.POW_CONSTANT else ""
            text += f'  o{k} [label="{RULES[node.op].symbol}{power}"];\n  o{k} -> n{k};\n'
        for parent in node.parents:
            text += f"  n{number[id(parent)]} -> o{k};\n"
    return text + "}\n"
