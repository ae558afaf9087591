"""The graph on the screen is the engine's: the same bits, and every node has its place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.core.build import make_model, make_trainer, training_set
from playground.core.experiment import (
    Activation,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    Loss,
    NetworkSpec,
    Optimizer,
    Regularization,
    TrainingSpec,
    available_features,
    presets,
)
from playground.core.parameters import first_parameters, to_flat
from playground.core.run import Run
from playground.core.scalar_graph.folding import Folding, Level, fold
from playground.core.scalar_graph.graph import Group, Role, ScalarGraph
from playground.core.scalar_graph.network import network_graph
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.core.scalar_graph.updates import Update, next_updates
from tinyml.losses import LOSSES
from tinyml.value import Value


def an_experiment(loss: Loss = Loss.MSE, features: tuple[Feature, ...] = (Feature.X1, Feature.X2)):
    network = NetworkSpec(features, (LayerSpec(3), LayerSpec(2, Activation.RELU)))
    return Experiment(DataSpec(n_samples=60), network, TrainingSpec(loss))


def graph_of(experiment: Experiment, *samples: int) -> ScalarGraph:
    parameters = first_parameters(experiment.network, experiment.seed)
    graph = network_graph(experiment, parameters, samples)
    graph.backward()
    return graph


def own_backward(experiment: Experiment, samples: tuple[int, ...]) -> tuple[float, list[float]]:
    """The same loss by the library alone, as a script would write it."""
    model = make_model(experiment.network)
    parameters = first_parameters(experiment.network, experiment.seed)
    for value, number in zip(model.parameters(), to_flat(parameters).tolist(), strict=True):
        value.data = number
    x, y = training_set(experiment)
    losses = []
    for sample in samples:
        trace = model.trace([Value(v) for v in x[sample]])
        loss = LOSSES[experiment.training.loss.value]
        outputs = trace.preactivations[-1] if loss.on_logits else trace.activations[-1]
        losses.append(loss.function(outputs, [Value(v) for v in np.atleast_1d(y[sample])]))
    root = losses[0]
    for loss_value in losses[1:]:
        root = root + loss_value
    root = root if len(losses) == 1 else root * (1.0 / len(losses))
    root.backward()
    return root.data, [value.grad for value in model.parameters()]


ALL_FEATURES = available_features(2)


@pytest.mark.parametrize("loss", [loss for loss in Loss if loss is not Loss.SOFTMAX_CE])
@pytest.mark.parametrize("samples", [(4,), (0, 7, 3)])
def test_loss_and_gradients_are_the_engines_to_the_last_bit(
    loss: Loss, samples: tuple[int, ...]
) -> None:
    experiment = an_experiment(loss, ALL_FEATURES)
    graph = graph_of(experiment, *samples)
    value, gradients = own_backward(experiment, samples)
    assert graph.root.data == value
    assert [graph.nodes[k].grad for k in graph.parameters] == gradients


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_has_a_graph_whose_mean_gradient_is_the_trainers(name: str) -> None:
    experiment = presets()[name]
    n = min(20, len(training_set(experiment)[0]))
    parameters = first_parameters(experiment.network, experiment.seed)
    graph = network_graph(experiment, parameters, range(n))
    graph.backward()
    x, y = training_set(experiment)
    trainer = make_trainer(experiment, parameters)
    trainer.regularization = None
    trainer.set_data(x[:n], y[:n])
    trainer.batch_size = n
    trainer.advance(1)
    mine = np.array([graph.nodes[k].grad for k in graph.parameters])
    np.testing.assert_allclose(mine, trainer.gradients, rtol=1e-9, atol=1e-14)


def test_every_node_is_in_a_group_and_has_a_role() -> None:
    graph = graph_of(an_experiment(features=ALL_FEATURES), 1, 2)
    assert all(graph.paths)
    roles = [graph.roles[k] for k in graph.parameters]
    assert roles.count(Role.BIAS) == 6
    assert roles.count(Role.WEIGHT) == len(roles) - 6
    assert {graph.neurons[k] for k in graph.parameters} == {
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)
    }  # fmt: skip


@pytest.mark.parametrize("name", ["circle", "blobs"])
def test_samples_are_alike_where_no_feature_takes_an_input(name: str) -> None:
    base = presets()[name]
    experiment = replace(base, network=replace(base.network, features=(Feature.X2,)))
    graph = graph_of(experiment, *range(8))
    for level in Level:
        fold(graph, Folding(level))
    places = [(_sample(path), role) for path, role in zip(graph.paths, graph.roles, strict=True)]
    n_targets = experiment.network.n_outputs
    for sample in range(8):
        assert places.count((sample, Role.INPUT)) == 1
        assert places.count((sample, Role.TARGET)) == n_targets
        assert places.count((sample, Role.OPERATION)) == places.count((0, Role.OPERATION))


def _sample(path: tuple[Group, ...]) -> int:
    return path[0].sample


def test_names_are_those_of_the_page() -> None:
    graph = graph_of(presets()["xor-table"], 2)
    names = {str(name) for name in graph.names if name.base}
    assert {"x₁", "x₂", "w₁₁", "w₄₂", "b₁", "z₃", "h₃", "v₁", "c", "s", "ŷ", "y", "L"} <= names
    deep = graph_of(an_experiment(), 2)
    assert {"w¹₁₁", "z²₂", "h²₁", "v₂"} <= {str(name) for name in deep.names}


def test_asking_for_a_sample_that_is_not_there_says_so() -> None:
    with pytest.raises(IndexError):
        graph_of(an_experiment(), 10_000)
    with pytest.raises(ValueError, match="at least one sample"):
        graph_of(an_experiment())


@pytest.mark.parametrize("penalty", list(Regularization))
@pytest.mark.parametrize("optimizer", list(Optimizer))
def test_the_optimisers_step_is_the_trainings_to_the_last_bit(
    optimizer: Optimizer, penalty: Regularization
) -> None:
    """One sample per batch: there the kernel's gradient is the graph's own up to rounding, so the
    rule is fed with the kernel's own gradient and must give the kernel's own weights."""
    experiment = replace(
        an_experiment(),
        training=TrainingSpec(
            optimizer=optimizer,
            batch_size=30,
            regularization=penalty,
            regularization_rate=0.05,
        ),
    )
    run = Run(experiment)
    run.advance(5)
    before = run.snapshot(maps=False, output=False)
    run.advance(1)
    trainer = run._trainer
    updates = next_updates(
        experiment.training,
        before.optimizer_state,
        to_flat(before.parameters).tolist(),
        trainer.gradients.tolist(),
        is_weight(experiment),
    )
    assert [u.after for u in updates] == trainer.parameters.tolist()
    state = trainer.state()
    assert [u.first[1] for u in updates] == state.first.tolist()
    assert [u.second[1] for u in updates] == state.second.tolist()


def is_weight(experiment: Experiment) -> list[bool]:
    graph = graph_of(experiment, 0)
    return [graph.roles[k] is Role.WEIGHT for k in graph.parameters]


def states(graph: ScalarGraph) -> list[tuple[float, float]]:
    return [(node.data, node.grad) for node in graph.nodes]


def stepper_of(graph: ScalarGraph, direction: Direction) -> Stepper:
    training = TrainingSpec()

    def updates(gradients: list[float]) -> list[Update]:
        numbers = [graph.nodes[k].data for k in graph.parameters]
        weights = [graph.roles[k] is Role.WEIGHT for k in graph.parameters]
        return next_updates(training, None, numbers, gradients, weights)

    return Stepper(graph, direction, updates)


def test_stepping_backward_to_the_end_is_backward() -> None:
    experiment = presets()["xor-table"]
    expected = states(graph_of(experiment, 2))
    graph = graph_of(experiment, 2)
    stepper = stepper_of(graph, Direction.BACKWARD)
    stepper.seek(stepper.n_node_steps)
    assert states(graph) == expected


@pytest.mark.parametrize("direction", list(Direction))
def test_stepping_back_restores_every_state(direction: Direction) -> None:
    graph = graph_of(presets()["xor-table"], 1)
    stepper = stepper_of(graph, direction)
    seen = []
    for position in range(stepper.n_steps + 1):
        stepper.seek(position)
        seen.append(states(graph))
    for position in range(stepper.n_steps, -1, -1):
        stepper.seek(position)
        assert states(graph) == seen[position]
    stepper.seek(stepper.n_steps)
    assert states(graph) == seen[-1]


def test_after_the_nodes_every_parameter_takes_the_optimisers_step() -> None:
    graph = graph_of(presets()["xor-table"], 1)
    before = [graph.nodes[k].data for k in graph.parameters]
    gradients = [graph.nodes[k].grad for k in graph.parameters]
    stepper = stepper_of(graph, Direction.BACKWARD)
    assert stepper.n_steps == stepper.n_node_steps + len(before)
    stepper.seek(stepper.n_steps)
    assert [graph.nodes[k].data for k in graph.parameters] == [
        w - 0.03 * g for w, g in zip(before, gradients, strict=True)
    ]
    stepper.leave()
    assert [graph.nodes[k].data for k in graph.parameters] == before


def test_a_node_that_cannot_fire_says_what_it_waits_for() -> None:
    graph = graph_of(presets()["xor-table"], 2)
    stepper = stepper_of(graph, Direction.BACKWARD)
    x1 = next(k for k in range(len(graph)) if str(graph.names[k]) == "x₁")
    h1 = next(k for k in range(len(graph)) if str(graph.names[k]) == "h₁")
    assert stepper.waits_for(x1) == "0 of 4 consumers done"
    assert stepper.waits_for(h1) == "0 of 1 consumer done"
    assert not stepper.knows_grad(h1)
    stepper.seek(stepper.step_of(h1) + 1)
    assert stepper.knows_grad(h1)
    assert stepper.has_fired(h1)
    assert stepper.waits_for(h1) == ""
    stepper.seek(stepper.n_node_steps)
    assert stepper.waits_for(x1) == ""
    forward = stepper_of(graph, Direction.FORWARD)
    product = graph.consumers[x1][0]
    total = graph.consumers[product][0]
    assert forward.waits_for(total) == "1 of 2 operands done"
    assert not forward.knows_data(total)
