"""The proof on the screen: every parameter's gradient beside its centred difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

from playground.core.scalar_graph.graph import ScalarGraph
from tinyml.graph import toposort
from tinyml.ops import RULES, Op
from tinyml.testing import GradientCheck, central_difference, check_gradients
from tinyml.value import Value

T = TypeVar("T")
STEPS = tuple(10.0 ** (-k / 2.0) for k in range(2, 27))
"""The distances h that the curve of error against h shows: 10⁻¹ … 10⁻¹³."""


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """One leaf's check; `node` is its place in the graph."""

    node: int
    check: GradientCheck

    @property
    def relative_error(self) -> float:
        """The error relative to the larger of gradient and difference (at least 1e-8)."""
        size = max(abs(self.check.analytic), abs(self.check.numeric), 1e-8)
        return self.check.error / size


class Recomputation:
    """Computes a graph's root again from its leaves' present data, with the engine's rules."""

    def __init__(self, graph: ScalarGraph) -> None:
        self._root = graph.root
        self._order = [node for node in toposort(graph.root) if node.parents]

    def __call__(self, *_: Value) -> Value:
        """Recompute every node in place and return the root."""
        for node in self._order:
            node.data = RULES[node.op].forward(*node.operands())
        return self._root


def checked_leaves(graph: ScalarGraph) -> tuple[int, ...]:
    """Return the nodes to check: the parameters, or in an expression all named leaves."""
    if graph.parameters:
        return graph.parameters
    return tuple(
        [k for k, node in enumerate(graph.nodes) if node.op is Op.LEAF and str(graph.names[k])]
    )


def check_graph(graph: ScalarGraph) -> list[NodeCheck]:
    """Check every parameter's gradient; data and gradients are as before when this returns."""
    leaves = checked_leaves(graph)
    before = [(node.data, node.grad) for node in graph.nodes]
    function = Recomputation(graph)
    report = check_gradients(function, [graph.nodes[k] for k in leaves])
    for node, (data, grad) in zip(graph.nodes, before, strict=True):
        node.data, node.grad = data, grad
    return [NodeCheck(k, check) for k, check in zip(leaves, report.checks, strict=True)]


def errors_by_step(graph: ScalarGraph, node: int, analytic: float) -> list[tuple[float, float]]:
    """Return (h, |centred difference − gradient|) of one leaf over many distances h."""
    leaf = graph.nodes[node]
    return _kept(
        graph,
        lambda function: [
            (h, abs(difference - analytic))
            for h in STEPS
            if isfinite(difference := central_difference(function, leaf, h))
        ],
    )


def difference_at(graph: ScalarGraph, node: int, h: float) -> float:
    """Return the centred difference of the root by one leaf, at distance h; nan if undefined."""
    leaf = graph.nodes[node]
    return _kept(graph, lambda function: central_difference(function, leaf, h))


def _kept(graph: ScalarGraph, ask: Callable[[Recomputation], T]) -> T:
    before = [node.data for node in graph.nodes]
    answer = ask(Recomputation(graph))
    for node, data in zip(graph.nodes, before, strict=True):
        node.data = data
    return answer
