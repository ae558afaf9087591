"""Walks over a graph of `Value`s: the order of backpropagation, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinyml.value import Value


def toposort(*roots: Value) -> list[Value]:
    """Return every node `roots` were made from, parents before children, each once.

    The order is that of a depth-first walk through the parents from left to right: it depends on
    the graph alone, so the same graph always adds its gradients in the same order.
    """
    order: list[Value] = []
    seen: set[int] = set()
    stack: list[tuple[Value, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
            continue
        if id(node) in seen:
            continue
        seen.add(id(node))
        stack.append((node, True))
        stack.extend((parent, False) for parent in reversed(node.parents) if id(parent) not in seen)
    return order
