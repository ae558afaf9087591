"""Finds nodes of a graph by names as they are typed on a keyboard."""

from __future__ import annotations

from playground.core.scalar_graph.graph import ScalarGraph

_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ŷℓ", "01234567890123456789yl")


def find_nodes(graph: ScalarGraph, text: str) -> list[int]:
    """Return the nodes whose name or operation begins with `text`, exact matches first."""
    wanted = _plain(text)
    if not wanted:
        return []
    exact, begins = [], []
    for node in range(len(graph)):
        title = _plain(graph.title(node))
        if title == wanted:
            exact.append(node)
        elif title.startswith(wanted):
            begins.append(node)
    return exact + begins


def _plain(text: str) -> str:
    """Return a name as it is typed on a keyboard: w11 for w₁₁."""
    plain = text.translate(_DIGITS).lower()
    return "".join(c for c in plain if c.isalnum() or c in "+-*/")
