"""The drawn graph as Graphviz DOT text: what is folded stays folded."""

from __future__ import annotations

from playground.core.scalar_graph.curves import symbol
from playground.core.scalar_graph.folding import FoldedGraph, Item, group_title


def dot_text(folded: FoldedGraph) -> str:
    """Return the graph as it is drawn, with every number in full."""
    lines = [
        "digraph {",
        "  rankdir=LR;",
        '  node [shape=record, fontname="Inter", fontsize=11];',
    ]
    for k, item in enumerate(folded.items):
        lines.append(f'  n{k} [label="{_label(folded, item)}"{_style(folded, item)}];')
        if item.op:
            mark = _escaped(symbol(item.op, item.constant))
            lines.append(f'  o{k} [shape=circle, label="{mark}"];')
            lines.append(f"  o{k} -> n{k};")
    for source, target in folded.edges:
        lines.append(f"  n{source} -> {'o' if folded.items[target].op else 'n'}{target};")
    return "\n".join([*lines, "}", ""])


def _label(folded: FoldedGraph, item: Item) -> str:
    graph = folded.graph
    cells = []
    if item.group is not None:
        title = group_title(item.group, graph.samples)
        cells.append(_escaped(f"{title} ({item.n_values} Values)"))
    for node in item.rows:
        value = graph.nodes[node]
        name = _escaped(str(graph.names[node]))
        cells.append(f"{name} | data {value.data!r} | grad {value.grad!r}".lstrip(" |"))
    if item.hidden_rows:
        cells.append(f"{item.hidden_rows} more")
    return "{ " + " | ".join(cells) + " }"


def _style(folded: FoldedGraph, item: Item) -> str:
    if item.group is not None:
        return ', style=filled, fillcolor="gray93"'
    is_parameter = folded.graph.roles[item.rows[0]].is_parameter
    return ', style=filled, fillcolor="gray96"' if is_parameter else ""


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in '\\"{}|<>' else c for c in text)
