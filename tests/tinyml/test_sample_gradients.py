"""Gradients of one parameter, sample by sample, are those that `Value.backward` finds."""

import numpy as np
import pytest

from tinyml.compiled import CompiledModel
from tinyml.features import FeatureNetwork
from tinyml.losses import LOSSES
from tinyml.nn import MultilayerPerceptron
from tinyml.value import Value


@pytest.mark.parametrize("loss", ["mse", "bce_logits", "softmax_ce"])
def test_every_parameters_sample_gradients_are_those_of_the_scalar_graph(loss):
    n_outputs = 3 if loss == "softmax_ce" else 1
    network = MultilayerPerceptron(3, [3, 2, n_outputs], ["tanh", "relu", "sigmoid"], seed=3)
    model = FeatureNetwork(["x1", "x1_x2", "sin_x2"], network)
    random = np.random.default_rng(5)
    x = random.normal(size=(140, 2))
    y = np.eye(3)[random.integers(0, 3, 140)] if n_outputs == 3 else np.sign(x[:, :1])
    compiled = CompiledModel(model, loss)
    made = np.array([compiled.sample_gradients(x, y, p) for p in range(len(model.parameters()))])
    spec = LOSSES[loss]
    for sample in (0, 17, 139):
        model.zero_grad()
        trace = model.trace([Value(v) for v in x[sample]])
        outputs = trace.preactivations[-1] if spec.on_logits else trace.activations[-1]
        spec.function(outputs, [Value(v) for v in y[sample]]).backward()
        wanted = [parameter.grad for parameter in model.parameters()]
        assert made[:, sample] == pytest.approx(wanted, rel=1e-12, abs=1e-15)


def test_factors_are_what_parameters_are_multiplied_with():
    model = FeatureNetwork(["x1", "x2_squared"], MultilayerPerceptron(2, [1], "tanh"))
    factors = CompiledModel(model).factors([[2.0, 3.0], [4.0, 5.0]], range(3))
    assert factors.tolist() == [[2.0, 4.0], [9.0, 25.0], [1.0, 1.0]]


@pytest.mark.parametrize("parameter", [-1, 3])
def test_a_parameter_that_does_not_exist_is_refused(parameter):
    compiled = CompiledModel(MultilayerPerceptron(2, [1]))
    with pytest.raises(ValueError, match="parameter must be 0 to 2"):
        compiled.sample_gradients([[1.0, 2.0]], [1.0], parameter)
