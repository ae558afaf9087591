"""Samples prepared once are looked at with the same bits as samples that are passed each time."""

import numpy as np
import pytest

from tinyml import FeatureNetwork, MultilayerPerceptron, Samples, Trainer
from tinyml.compiled import CompiledModel

X = np.random.default_rng(2).normal(size=(130, 2))
Y = np.sign(X[:, 0] * X[:, 1])


def a_trainer():
    network = MultilayerPerceptron(2, [3, 1], ["tanh", "linear"], seed=4)
    return Trainer(FeatureNetwork(["x1", "sin_x2"], network), X, Y, batch_size=13, seed=1)


def test_looks_at_prepared_samples_follow_training_with_the_same_bits():
    trainer = a_trainer()
    samples = trainer.prepare(X, Y)
    assert isinstance(samples, Samples)
    for epochs in (0, 1, 5):
        trainer.run(epochs)
        one, other = trainer.probe(samples), trainer.probe(X, Y)
        for name in ("activations", "slopes", "activation_gradients", "losses"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
        assert np.array_equal(trainer.predict(samples), trainer.predict(X))
        assert np.array_equal(trainer.activations(samples), trainer.activations(X))
        gradients = trainer.sample_gradients(samples, None, 2)
        assert np.array_equal(gradients, trainer.sample_gradients(X, Y, 2))
        assert np.array_equal(trainer.factors(samples, [0, 1, 2]), trainer.factors(X, [0, 1, 2]))


def test_looking_leaves_training_as_it_is():
    watched, alone = a_trainer(), a_trainer()
    samples = watched.prepare(X, Y)
    for steps in (1, 3, 30):
        watched.advance(steps)
        alone.advance(steps)
        watched.probe(samples)
    assert np.array_equal(watched.parameters, alone.parameters)
    assert np.array_equal(watched.gradients, alone.gradients)


def test_samples_without_targets_have_no_loss():
    compiled = CompiledModel(MultilayerPerceptron(2, [1]))
    samples = compiled.prepare(X)
    assert compiled.predict(samples).shape == (130, 1)
    with pytest.raises(ValueError, match="without targets"):
        compiled.probe(samples)


def test_samples_prepared_for_another_model_or_loss_are_refused():
    trainer = a_trainer()
    samples = trainer.prepare(X, Y)
    with pytest.raises(ValueError, match="another model or loss"):
        CompiledModel(MultilayerPerceptron(2, [1])).predict(samples)
    trainer.loss = "hinge"
    with pytest.raises(ValueError, match="another model or loss"):
        trainer.probe(samples)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((3, 3)), None, "x must be"),
        (X, Y[:5], "y must be"),
        (np.full((2, 2), np.nan), [1.0, 1.0], "finite"),
    ],
)
def test_samples_that_do_not_fit_are_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        CompiledModel(MultilayerPerceptron(2, [1])).prepare(x, y)
