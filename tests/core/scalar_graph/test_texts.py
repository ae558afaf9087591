"""What is said about a graph in text: DOT, the names of what is folded, the rules of updates."""

from __future__ import annotations

import re

import pytest

from playground.core.experiment import Experiment, LayerSpec, NetworkSpec, Optimizer
from playground.core.parameters import first_parameters
from playground.core.scalar_graph.dot import dot_text
from playground.core.scalar_graph.folding import Folding, Level, fold
from playground.core.scalar_graph.graph import ScalarGraph
from playground.core.scalar_graph.network import network_graph
from playground.core.scalar_graph.updates import state_letters, update_formula


def network(n_hidden: int, n_samples: int) -> ScalarGraph:
    spec = NetworkSpec(hidden=(LayerSpec(n_hidden),))
    experiment = Experiment(network=spec)
    return network_graph(experiment, first_parameters(spec, 0), range(n_samples))


def titles(graph: ScalarGraph, folding: Folding) -> set[str]:
    """The names of folded groups in the DOT text, without their numbers of Values."""
    return set(re.findall(r"\{ ([A-Z][^|{}]*?) \(\d+ Values\)", dot_text(fold(graph, folding))))


def test_folded_groups_are_called_by_what_they_hold() -> None:
    assert titles(network(3, 1), Folding(Level.LAYERS)) == {"Inputs", "Layer 1", "Layer 2", "Loss"}
    neurons = titles(network(3, 1), Folding(Level.NEURONS))
    assert {f"Neuron {k} of layer 1" for k in (1, 2, 3)} <= neurons
    assert "Neuron 1 of layer 2" in neurons
    batch = {"Mean", *(f"Parameters of layer {k}" for k in (1, 2))}
    batch |= {f"Sample {k}" for k in (1, 2, 3)}
    assert titles(network(2, 3), Folding(Level.LAYERS)) == batch
    opened = titles(network(2, 3), Folding(Level.VALUES, chosen_sample=1))
    assert "Parameters of neuron 2 of layer 1" in opened
    assert "Sample 2" not in opened


def test_an_unfolded_graph_is_written_with_every_value_and_operation() -> None:
    graph = network(2, 1)
    folded = fold(graph, Folding(Level.VALUES))
    text = dot_text(folded)
    assert text.startswith("digraph {\n  rankdir=LR;\n")
    assert text.endswith("}\n")
    drawn = [item for item in folded.items if item.group is None]
    assert len(re.findall(r"^  n\d+ \[", text, re.MULTILINE)) == len(folded.items)
    assert len(re.findall(r"^  o\d+ -> n\d+;", text, re.MULTILINE)) == sum(
        bool(item.op) for item in drawn
    )
    for item in drawn:
        for node in item.rows:
            assert f"data {graph.nodes[node].data!r}" in text


@pytest.mark.parametrize("optimizer", Optimizer)
def test_the_rule_of_an_update_names_every_number_the_optimiser_keeps(optimizer: Optimizer) -> None:
    formula = update_formula(optimizer)
    assert formula.startswith("w ← w − α·")
    for letter in state_letters(optimizer):
        assert letter in formula.replace("m̂", "m").replace("v̂", "v")


def test_every_optimiser_has_a_rule_of_its_own() -> None:
    assert len({update_formula(optimizer) for optimizer in Optimizer}) == len(Optimizer)
