"""What is answered when a view asks: gradients by sample, one point, the optimiser's arrays."""

import numpy as np
import pytest

from playground.core.answers import NO_ANSWERS
from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    Loss,
    NetworkSpec,
    Optimizer,
    TrainingSpec,
)
from playground.core.focus import Focus, ParameterAddress
from playground.core.inspection import flat_index
from playground.core.parameters import split
from playground.core.run import Run


def experiment(loss=Loss.MSE, output=Activation.TANH, **training):
    network = NetworkSpec(
        (Feature.X1, Feature.X1_X2, Feature.SIN_X2),
        (LayerSpec(3), LayerSpec(2, Activation.RELU)),
        output,
    )
    data = DataSpec(DatasetKind.CIRCLE, 60)
    return Experiment(data, network, TrainingSpec(loss, batch_size=1000, **training))


@pytest.mark.parametrize(
    "address",
    [
        ParameterAddress(0, 2, 1),
        ParameterAddress(0, 0),
        ParameterAddress(1, 1, 2),
        ParameterAddress(2, 0, 0),
        ParameterAddress(2, 0),
    ],
)
@pytest.mark.parametrize(
    ("loss", "output"), [(Loss.MSE, Activation.TANH), (Loss.BCE_LOGITS, Activation.SIGMOID)]
)
def test_sample_gradients_add_up_to_the_batch_gradient(address, loss, output):
    run = Run(experiment(loss, output))
    run.advance(7)
    samples = run.snapshot(focus=Focus(weights=frozenset({address}))).answers.sample(address)
    run.advance(1)
    layer = run.snapshot().layers[address.layer]
    gradients = layer.bias_gradients if address.source is None else layer.weight_gradients
    index = address.neuron if address.source is None else (address.neuron, address.source)
    assert samples.address == address
    assert samples.gradients.shape == (30,)
    assert samples.gradients.mean() == pytest.approx(gradients[index], rel=1e-12, abs=1e-15)


def test_a_point_is_answered_by_every_neuron():
    run = Run(experiment())
    run.advance(5)
    point = (0.75, -2.0)
    snapshot = run.snapshot(focus=Focus(points=frozenset({point})))
    answer = snapshot.answers.point(point)
    assert answer.features == pytest.approx([0.75, -1.5, np.sin(-2.0)], rel=1e-15)
    values = answer.features
    for layer, kind, activations in zip(
        snapshot.layers, (np.tanh, lambda z: np.maximum(z, 0), np.tanh), answer.activations,
        strict=True,
    ):  # fmt: skip
        values = kind(layer.weights @ values + layer.biases)
        assert activations == pytest.approx(values, rel=1e-12)
    assert answer.prediction == answer.activations[-1][0]


def test_a_sample_is_answered_as_predicted():
    run = Run(experiment(Loss.BCE_LOGITS, Activation.SIGMOID))
    run.advance(5)
    plain = run.snapshot()
    point = tuple(plain.data.x[4].tolist())
    asked = run.snapshot(focus=Focus(points=frozenset({point})))
    assert asked.answers.point(point).prediction == plain.predictions[4]


def test_each_sample_has_its_own_loss():
    run = Run(experiment())
    run.advance(5)
    snapshot = run.snapshot()
    assert snapshot.losses == pytest.approx((snapshot.predictions - snapshot.data.y) ** 2)
    assert snapshot.losses[: snapshot.data.n_train].mean() == snapshot.train_loss


def test_the_optimisers_arrays_have_the_shape_of_the_parameters():
    run = Run(experiment(optimizer=Optimizer.ADAM))
    run.advance(1)
    snapshot = run.snapshot()
    state = snapshot.optimizer_state
    assert state.names == ("m", "v")
    first, _ = split(state.first, snapshot.experiment.network)
    _, second = split(state.second, snapshot.experiment.network)
    for k, layer in enumerate(snapshot.layers):
        assert first[k] == pytest.approx(0.1 * layer.weight_gradients, rel=1e-12)
        assert second[k] == pytest.approx(0.001 * layer.bias_gradients**2, rel=1e-12)


def test_what_nobody_asks_is_not_answered():
    assert Run(experiment()).snapshot().answers is NO_ANSWERS


@pytest.mark.parametrize(
    "address",
    [ParameterAddress(0, 3, 0), ParameterAddress(0, 0, 3), ParameterAddress(9, 0, 0)],
)
def test_a_parameter_that_is_gone_has_no_answer(address):
    run = Run(experiment())
    assert flat_index(address, run.experiment.network) is None
    focus = Focus(weights=frozenset({address}), points=frozenset({(1.0,)}))
    answers = run.snapshot(focus=focus).answers
    assert answers.sample(address) is None
    assert answers.point((1.0,)) is None


def test_two_askers_share_one_focus():
    first, second = ParameterAddress(0, 0, 0), ParameterAddress(1, 0)
    one = Focus(weights=frozenset({first}), series=True)
    two = Focus(weights=frozenset({second}), points=frozenset({(1.0, 2.0)}))
    both = frozenset({first, second})
    assert one | two == Focus(both, frozenset({(1.0, 2.0)}), series=True)


@pytest.mark.parametrize("neuron", [(0, 2), (1, 1), (2, 0)])
@pytest.mark.parametrize(
    ("loss", "output"), [(Loss.MSE, Activation.TANH), (Loss.BCE_LOGITS, Activation.SIGMOID)]
)
def test_a_neurons_gradient_is_that_of_a_batch_of_all_samples(neuron, loss, output):
    run = Run(experiment(loss, output))
    run.advance(7)
    answer = run.snapshot(focus=Focus(neuron=neuron)).answers.neuron
    run.advance(1)
    layer = run.snapshot().layers[neuron[0]]
    assert answer.neuron == neuron
    wanted = layer.weight_gradients[neuron[1]]
    assert answer.weights == pytest.approx(wanted, rel=1e-12, abs=1e-15)
    assert answer.bias == pytest.approx(layer.bias_gradients[neuron[1]], rel=1e-12, abs=1e-15)


def test_a_neuron_that_does_not_exist_has_no_gradient():
    run = Run(experiment())
    assert run.snapshot(focus=Focus(neuron=(0, 9))).answers.neuron is None
