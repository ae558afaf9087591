"""How many items a level has is counted as they are folded."""

from __future__ import annotations

import pytest

from playground.core.experiment import Experiment, LayerSpec, NetworkSpec
from playground.core.parameters import first_parameters
from playground.core.scalar_graph.expressions import EXAMPLES, build, parse
from playground.core.scalar_graph.folding import CROWD, Folding, Level, count_items, fold
from playground.core.scalar_graph.graph import Group, Kind, ScalarGraph
from playground.core.scalar_graph.network import network_graph


def of_network(n_samples: int) -> ScalarGraph:
    spec = NetworkSpec(hidden=(LayerSpec(3), LayerSpec(2)))
    return network_graph(Experiment(network=spec), first_parameters(spec, 0), range(n_samples))


OPENED = (
    frozenset(),
    frozenset({CROWD}),
    frozenset({Group(Kind.SAMPLE, 1), Group(Kind.LAYER, 1, 0)}),
    frozenset({Group(Kind.LAYER, -1, 0), Group(Kind.NEURON, -1, 0, 1), Group(Kind.MEAN)}),
)
CLOSED = (frozenset(), frozenset({Group(Kind.SAMPLE, 0)}), frozenset({Group(Kind.LOSS, -1)}))


@pytest.mark.parametrize("n_samples", [1, 5, 30])
def test_items_are_counted_without_folding(n_samples: int) -> None:
    graph = of_network(n_samples)
    for level in Level:
        for opened in OPENED:
            for closed in CLOSED:
                folding = Folding(level, opened, closed)
                assert count_items(graph, folding) == len(fold(graph, folding).items)


def test_an_expressions_nodes_are_all_counted() -> None:
    example = EXAMPLES[0]
    graph = build(parse(example.text), example.leaves)
    assert count_items(graph, Folding(Level.VALUES)) == len(graph)


def test_every_node_has_its_path_counted() -> None:
    graph = of_network(4)
    counts = dict[tuple[Group, ...], int]()
    for path in graph.paths:
        counts[path] = counts.get(path, 0) + 1
    counted = dict[tuple[Group, ...], int]()
    for path, count in graph.path_counts:
        counted[path] = counted.get(path, 0) + count
    assert counted == counts
