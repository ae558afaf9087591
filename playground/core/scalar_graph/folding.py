"""Which nodes are drawn: each Value, or the group it is folded into, at every level of detail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from playground.core.scalar_graph.graph import Group, Kind, ScalarGraph
from tinyml.ops import Op

FOLDED_ABOVE = 150
"""Nodes beyond which neurons are folded at first."""
MAX_ITEMS = 5000
"""Nodes at most that are drawn one by one."""
MAX_ROWS = 6
"""Numbers listed at most in a group with several results."""
CROWD = Group(Kind.SAMPLES)
"""All closed samples of a batch, where there are more than CROWDED_ABOVE."""
CROWDED_ABOVE = 6
SMALL_MEAN = 24
"""Additions of a mean up to which they are drawn one by one."""
SMALL_LOSS = 4
"""Nodes of a loss up to which it is not folded where neurons are."""


class Level(IntEnum):
    """How much of the graph is unfolded."""

    LAYERS = 0
    NEURONS = 1
    VALUES = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One drawn thing: a Value, or a folded group.

    Attributes
    ----------
    group : what is folded, None for a Value.
    rows : the nodes whose numbers it shows: the Value, or the group's results.
    hidden_rows : results for which there is no room.
    n_values : Values it stands for.
    op : what the disc at its left shows; LEAF is none.
    """

    group: Group | None
    rows: tuple[int, ...]
    hidden_rows: int
    n_values: int
    op: Op
    constant: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class FoldedGraph:
    """The graph as it is drawn at one level.

    Attributes
    ----------
    items : in an order in which parents come before children.
    edges : (from, to) pairs of items, each once.
    item_of : the item that each node of the graph is in.
    """

    graph: ScalarGraph
    items: tuple[Item, ...]
    edges: tuple[tuple[int, int], ...]
    item_of: tuple[int, ...]

    def item_at(self, node: int) -> Item:
        """Return the item a node is in."""
        return self.items[self.item_of[node]]

    def pinned(self) -> frozenset[int]:
        """Return the items that stand as far left as they can (see `layout.lay_out`)."""
        samples = [
            k
            for k, item in enumerate(self.items)
            if item.group is not None and item.group.kind in (Kind.SAMPLE, Kind.SAMPLES)
        ]
        return frozenset([self.item_of[node] for node in self.graph.pinned] + samples)


@dataclass(frozen=True, slots=True)
class Folding:
    """What is unfolded: everything a level opens, and what a person opened or closed by hand."""

    level: Level
    opened: frozenset[Group] = frozenset()
    closed: frozenset[Group] = frozenset()
    chosen_sample: int = 0

    def toggled(self, group: Group, *, is_open: bool) -> Folding:
        """Return the folding with `group` closed if it is open, and open if it is closed."""
        opened, closed = self.opened - {group}, self.closed - {group}
        if is_open:
            closed |= {group}
        else:
            opened |= {group}
        return Folding(self.level, opened, closed, self.chosen_sample)

    def at(self, level: Level) -> Folding:
        """Return the folding of another level, without what was done by hand."""
        return Folding(level, chosen_sample=self.chosen_sample)


def first_level(graph: ScalarGraph) -> Level:
    """Return the level a graph is first shown at: Values if they are few, else folded."""
    if len(graph) <= FOLDED_ABOVE:
        return Level.VALUES
    return Level.LAYERS if len(graph.samples) > 1 else Level.NEURONS


def is_open(graph: ScalarGraph, folding: Folding, group: Group) -> bool:
    """Whether the contents of `group` are drawn rather than the group."""
    if group in folding.opened:
        return True
    if group in folding.closed:
        return False
    if group.kind is Kind.SAMPLE:
        return folding.level > Level.LAYERS and group.sample == folding.chosen_sample
    if group.kind is Kind.NEURON_PARAMETERS:
        return False
    if group.kind in (Kind.NEURON, Kind.LAYER_PARAMETERS):
        return folding.level is Level.VALUES
    if group.kind is Kind.MEAN:
        return folding.level is Level.VALUES and len(graph.samples) <= SMALL_MEAN
    if group.kind in (Kind.LOSS, Kind.INPUTS):
        few = _size(graph, group) <= SMALL_LOSS
        return folding.level is Level.VALUES or (folding.level is Level.NEURONS and few)
    return folding.level > Level.LAYERS


def _size(graph: ScalarGraph, group: Group) -> int:
    return sum(count for path, count in graph.path_counts if group in path)


def fold(graph: ScalarGraph, folding: Folding) -> FoldedGraph:
    """Return what is drawn of `graph`: every node is in its outermost closed group."""
    keys, item_of = _representatives(graph, folding)
    members = [0] * len(keys)
    rows: list[list[int]] = [[] for _ in keys]
    children: list[dict[int, None]] = [{} for _ in keys]
    last = len(graph) - 1
    for node, (item, users) in enumerate(zip(item_of, graph.consumers, strict=True)):
        members[item] += 1
        seen_outside = node == last
        for user in users:
            other = item_of[user]
            if other != item:
                seen_outside = True
                children[item][other] = None
        if seen_outside:
            rows[item].append(node)
    order = _ordered(children)
    place = [0] * len(order)
    for k, item in enumerate(order):
        place[item] = k
    return FoldedGraph(
        graph,
        tuple([_item(graph, keys[item], rows[item], members[item]) for item in order]),
        tuple([(place[item], place[child]) for item in order for child in children[item]]),
        tuple([place[item] for item in item_of]),
    )


def count_items(graph: ScalarGraph, folding: Folding) -> int:
    """Return how many items `fold` would make, at a small part of its cost."""
    answers: dict[Group, bool] = {}
    crowd = _crowd(graph, folding)
    shown: set[Group] = set()
    alone = 0
    for path, count in graph.path_counts:
        closed = _outermost_closed(graph, folding, path, answers)
        if closed is None:
            alone += count
        else:
            shown.add(CROWD if closed in crowd else closed)
    return alone + len(shown)


def _representatives(graph: ScalarGraph, folding: Folding) -> tuple[list[Group | int], list[int]]:
    """Return the items' keys, and per node the item it is in: itself or a closed group."""
    answers: dict[Group, bool] = {}
    by_path: dict[tuple[Group, ...], Group | None] = {}
    number: dict[Group, int] = {}
    keys: list[Group | int] = []
    item_of: list[int] = []
    # Paths are shared tuples: looked up by identity, a big graph is folded ten times as fast.
    known: dict[int, int] = {}
    crowd = _crowd(graph, folding)
    for node, path in enumerate(graph.paths):
        item = known.get(id(path))
        if item is None:
            if path not in by_path:
                by_path[path] = _outermost_closed(graph, folding, path, answers)
            closed = by_path[path]
            if closed is None:
                item = -1
            else:
                shown = CROWD if closed in crowd else closed
                if shown not in number:
                    number[shown] = len(keys)
                    keys.append(shown)
                item = number[shown]
            known[id(path)] = item
        if item < 0:
            item = len(keys)
            keys.append(node)
        item_of.append(item)
    return keys, item_of


def _outermost_closed(
    graph: ScalarGraph, folding: Folding, path: tuple[Group, ...], answers: dict[Group, bool]
) -> Group | None:
    for group in path:
        if group not in answers:
            answers[group] = is_open(graph, folding, group)
        if not answers[group]:
            return group
    return None


def _crowd(graph: ScalarGraph, folding: Folding) -> frozenset[Group]:
    """Return the closed samples that are drawn as one, because there are many."""
    if CROWD in folding.opened:
        return frozenset()
    groups = [Group(Kind.SAMPLE, k) for k in range(len(graph.samples))]
    closed = [group for group in groups if not is_open(graph, folding, group)]
    return frozenset(closed if len(closed) > CROWDED_ABOVE else ())


def _ordered(children: list[dict[int, None]]) -> list[int]:
    """Return the items so that parents come before children (Kahn's algorithm, stable)."""
    waiting = [0] * len(children)
    for targets in children:
        for child in targets:
            waiting[child] += 1
    ready = [item for item in range(len(children) - 1, -1, -1) if not waiting[item]]
    order = []
    while ready:
        item = ready.pop()
        order.append(item)
        for child in reversed(children[item]):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    assert len(order) == len(children), "a group of nodes is not convex"
    return order


def _item(graph: ScalarGraph, key: Group | int, rows: list[int], n_values: int) -> Item:
    if isinstance(key, int):
        node = graph.nodes[key]
        return Item(None, (key,), 0, 1, node.op, node.constant)
    shown = rows if len(rows) <= MAX_ROWS else rows[: MAX_ROWS - 1]
    return Item(key, tuple(shown), len(rows) - len(shown), n_values, Op.LEAF)


def group_title(group: Group, samples: Iterable[int] = ()) -> str:
    """Return what a group is called."""
    match group.kind:
        case Kind.INPUTS:
            return "Inputs"
        case Kind.LAYER:
            return f"Layer {group.layer + 1}"
        case Kind.NEURON:
            return f"Neuron {group.neuron + 1} of layer {group.layer + 1}"
        case Kind.LOSS:
            return "Loss"
        case Kind.SAMPLE:
            return f"Sample {tuple(samples)[group.sample] + 1}"
        case Kind.SAMPLES:
            return "Samples"
        case Kind.LAYER_PARAMETERS:
            return f"Parameters of layer {group.layer + 1}"
        case Kind.NEURON_PARAMETERS:
            return f"Parameters of neuron {group.neuron + 1} of layer {group.layer + 1}"
        case Kind.MEAN:
            return "Mean"
