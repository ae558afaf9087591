"""Nothing overlaps, no line runs under a box, and no crossing is drawn that a move would avoid."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest

from playground.core.build import training_set
from playground.core.experiment import Experiment, LayerSpec, NetworkSpec, presets
from playground.core.parameters import first_parameters
from playground.core.scalar_graph import ordering
from playground.core.scalar_graph.expressions import EXAMPLES, build, parse
from playground.core.scalar_graph.folding import Folding, Level, fold
from playground.core.scalar_graph.graph import ScalarGraph
from playground.core.scalar_graph.layout import Placement, lay_out
from playground.core.scalar_graph.network import network_graph
from playground.core.scalar_graph.ordering import _ordered, crossings, ordered, total_crossings

SIZE = (76.0, 42.0)


def network(*hidden: int, n_samples: int = 1) -> ScalarGraph:
    spec = NetworkSpec(hidden=tuple(LayerSpec(n) for n in hidden))
    experiment = Experiment(network=spec)
    return network_graph(experiment, first_parameters(spec, 0), range(n_samples))


GRAPHS = {
    "2-2-1": network(2),
    "2-4-1": network(4),
    "2-4-2-1": network(4, 2),
    "2-8-8-1": network(8, 8),
    **{e.title: build(parse(e.text), e.leaves) for e in EXAMPLES},
}


def placed(graph: ScalarGraph, level: Level) -> tuple[Placement, tuple[tuple[int, int], ...]]:
    folded = fold(graph, Folding(level))
    return lay_out([SIZE] * len(folded.items), folded.edges, folded.pinned()), folded.edges


@pytest.mark.parametrize("level", [Level.NEURONS, Level.VALUES])
@pytest.mark.parametrize("name", GRAPHS)
def test_no_two_boxes_overlap(name: str, level: Level) -> None:
    placement, _ = placed(GRAPHS[name], level)
    places = sorted(zip(placement.left, placement.centre, strict=True))
    for (x0, y0), (x1, y1) in itertools.pairwise(places):
        assert x1 - x0 >= SIZE[0] + 20 or y1 - y0 >= SIZE[1] + 5


@pytest.mark.parametrize("name", GRAPHS)
def test_every_line_leads_to_the_right_and_keeps_clear_of_boxes(name: str) -> None:
    placement, edges = placed(GRAPHS[name], Level.VALUES)
    boxes = list(zip(placement.left, placement.centre, strict=True))
    for (a, b), route in zip(edges, placement.routes, strict=True):
        assert boxes[b][0] > boxes[a][0] + SIZE[0]
        for x, y in route:
            for left, centre in boxes:
                inside = left < x < left + SIZE[0] and abs(y - centre) < SIZE[1] / 2
                assert not inside


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("2-2-1", 0),
        ("2-4-1", 6),
        ("2-4-2-1", 9),
        ("Lecture neuron", 0),
        ("Two branches", 0),
        ("One leaf, twice", 0),
        ("A kink", 0),
        ("micrograd README", 3),
        ("Cross-entropy", 0),
    ],
)
def test_crossings_are_as_few_as_a_long_search_finds(name: str, most: int) -> None:
    graph = GRAPHS[name]
    folded = fold(graph, Folding(Level.VALUES))
    columns, preceding, following = things(folded.edges, len(folded.items), folded.pinned())
    found = total_crossings(ordered(columns, preceding, following), following)
    assert found <= most
    dice = random.Random(5)
    for _ in range(60):
        start = [dice.sample(column, len(column)) for column in columns]
        other = _ordered(start, preceding, following, small=True)
        assert total_crossings(other, following) >= found


def test_a_move_is_tried_without_counting_the_crossings_of_its_column_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folded = fold(network(4, 4, 4, 4, n_samples=4), Folding(Level.NEURONS))
    columns, preceding, following = things(folded.edges, len(folded.items), folded.pinned())
    counted: list[int] = []

    def count(upper: Sequence[int], place: Sequence[int], links: list[list[int]]) -> int:
        counted.append(len(upper))
        return crossings(upper, place, links)

    monkeypatch.setattr(ordering, "crossings", count)
    ordering._ordered_with_care.cache_clear()
    found = ordered(columns, preceding, following)
    assert total_crossings(found, following) == 246
    assert len(counted) < 2 * ordering.DISTURBANCES * len(columns)


def things(edges, n, pinned):  # type: ignore[no-untyped-def]
    from playground.core.scalar_graph import layout

    lanes = layout._Lanes(layout._columns(n, edges, pinned), edges)
    return lanes.columns(), lanes.preceding, lanes.following


def test_equal_graphs_are_drawn_alike() -> None:
    first, _ = placed(network(4), Level.VALUES)
    second, _ = placed(network(4), Level.VALUES)
    assert (first.left, first.centre, first.routes) == (second.left, second.centre, second.routes)


def test_neurons_of_a_layer_stand_in_one_column() -> None:
    graph = network(4)
    folded = fold(graph, Folding(Level.VALUES))
    placement = lay_out([SIZE] * len(folded.items), folded.edges, folded.pinned())
    lefts = {
        placement.left[folded.item_of[k]] for k in range(len(graph)) if graph.names[k].base == "h"
    }
    assert len(lefts) == 1


@pytest.mark.parametrize("name", list(presets()))
@pytest.mark.parametrize("level", list(Level))
def test_every_preset_can_be_drawn_at_every_level(name: str, level: Level) -> None:
    experiment = presets()[name]
    parameters = first_parameters(experiment.network, 0)
    n_samples = min(9, len(training_set(experiment)[0]))
    graph = network_graph(experiment, parameters, range(n_samples))
    folded = fold(graph, Folding(level))
    assert sum(item.n_values for item in folded.items) == len(graph)
    assert all(a < b for a, b in folded.edges)


def test_an_empty_drawing_has_no_size() -> None:
    assert lay_out([], []).width == 0.0
