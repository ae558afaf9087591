"""A graph that follows a training has the engine's bits after every refresh."""

from __future__ import annotations

import random

import numpy as np
import pytest

from playground.core.experiment import (
    Activation,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    Loss,
    NetworkSpec,
    TrainingSpec,
)
from playground.core.parameters import first_parameters, from_flat, to_flat
from playground.core.scalar_graph import refreshing
from playground.core.scalar_graph.network import network_graph
from playground.core.scalar_graph.refreshing import Refresher
from tests.tinyml.graphs import random_expression
from tinyml import Value, toposort
from tinyml.features import inputs_needed
from tinyml.sweeps import BACKWARD, run_program
from tinyml.unfused import unfused_program

ALL_FEATURES = tuple(f for f in Feature if inputs_needed(f.value) <= 2)


@pytest.mark.parametrize("loss", [Loss.MSE, Loss.BCE_LOGITS, Loss.HUBER, Loss.HINGE])
@pytest.mark.parametrize("compiled", [False, True])
def test_every_node_has_the_engines_bits(
    loss: Loss, compiled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if compiled:
        monkeypatch.setattr(refreshing, "ENGINE_UP_TO", 0)
    kinds = [a for a in Activation if a is not Activation.LINEAR]
    network = NetworkSpec(ALL_FEATURES, tuple(LayerSpec(2, kind) for kind in kinds))
    experiment = Experiment(DataSpec(n_samples=40), network, TrainingSpec(loss))
    first = first_parameters(network, 0)
    graph = network_graph(experiment, first, [0, 3, 5])
    refresher = Refresher(graph)
    noise = np.random.default_rng(3)
    for _ in range(3):
        flat = to_flat(first) + noise.normal(0.0, 0.3, len(graph.parameters))
        refresher.refresh(flat.tolist())
        told = [(refresher.data(k), refresher.grad(k)) for k in range(len(graph))]
        refresher.settle()
        fresh = network_graph(experiment, from_flat(flat, network), [0, 3, 5])
        fresh.backward()
        mine = [(node.data, node.grad) for node in graph.nodes]
        assert mine == told == [(node.data, node.grad) for node in fresh.nodes]


@pytest.mark.parametrize("seed", range(25))
def test_any_graph_swept_unfused_has_the_engines_bits(seed: int) -> None:
    values = [Value(x) for x in (0.7, -1.3, 0.4)]
    root = random_expression(random.Random(seed), 60)(values, Value)
    root.backward()
    nodes = toposort(root)
    leaves = np.array([node.data for node in nodes if not node.parents])
    out = np.zeros((3, len(nodes), 1))
    run_program(
        unfused_program(root),
        np.zeros((0, 1)),
        leaves,
        mode=BACKWARD,
        wanted=np.arange(len(nodes)),
        out=out,
    )
    assert out[0, :, 0].tolist() == [node.data for node in nodes]
    assert out[2, :, 0].tolist() == [node.grad for node in nodes]
