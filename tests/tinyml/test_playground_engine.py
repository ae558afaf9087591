"""TensorFlow Playground's engine, written anew from its description, trained side by side."""

import numpy as np
import pytest

from tinyml import MLP, SGD, Trainer, make_dataset

ACTIVATIONS = {
    # name: (f, f′ from (z, f(z)))
    "tanh": (np.tanh, lambda z, a: 1.0 - a * a),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z, a: (z > 0.0) * 1.0),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda z, a: a * (1.0 - a)),
    "linear": (lambda z: z, lambda z, a: np.ones_like(z)),
}


class Engine:
    """Loss ½(ŷ − y)², plain descent on batch means, then the penalty's step on each weight."""

    def __init__(self, state, activations, rate, penalty, penalty_rate):
        self.weights = [np.array([neuron[:-1] for neuron in layer]) for layer in state]
        self.biases = [np.array([neuron[-1] for neuron in layer]) for layer in state]
        self.activations = [ACTIVATIONS[name] for name in activations]
        self.rate, self.penalty, self.penalty_rate = rate, penalty, penalty_rate
        self.touched_zero = False

    def batch(self, x, y):
        inputs, zs = [x], []
        for w, b, (f, _) in zip(self.weights, self.biases, self.activations, strict=True):
            zs.append(inputs[-1] @ w.T + b)
            inputs.append(f(zs[-1]))
        upstream = inputs[-1] - y[:, None]
        steps = []
        for k in reversed(range(len(self.weights))):
            delta = upstream * self.activations[k][1](zs[k], inputs[k + 1])
            upstream = delta @ self.weights[k]
            steps.append((k, delta.T @ inputs[k] / len(x), delta.mean(0)))
        for k, slope, bias_slope in steps:
            self.biases[k] -= self.rate * bias_slope
            before = self.weights[k]
            after = before - self.rate * slope
            pull = {"l1": np.sign(before), "l2": before, None: 0.0 * before}[self.penalty]
            pulled = after - self.rate * self.penalty_rate * pull
            crossed = (after * pulled < 0.0) if self.penalty == "l1" else np.zeros(1, bool)
            self.touched_zero |= bool(crossed.any())
            self.weights[k] = np.where(crossed, 0.0, pulled)

    def parameters(self):
        rows = []
        for w, b in zip(self.weights, self.biases, strict=True):
            rows += [np.append(row, bias) for row, bias in zip(w, b, strict=True)]
        return np.concatenate(rows)


def side_by_side(activation, penalty, penalty_rate, batch_size, epochs, dataset="xor"):
    data = make_dataset(dataset, 200, noise=0.1, seed=4)
    x, y = data.train
    output = "linear" if dataset == "plane" else "tanh"
    model = MLP(
        2, [4, 2, 1], activation, output_activation=output, initializer="tf_playground", seed=8
    )
    names = [layer.activation for layer in model.layers]
    engine = Engine(model.state(), names, 0.03, penalty, penalty_rate)
    trainer = Trainer(
        model,
        x,
        y,
        loss="half_mse",
        optimizer=SGD(0.03),
        batch_size=batch_size,
        regularization=penalty,
        regularization_rate=penalty_rate,
    )
    for _ in range(epochs):
        for start in range(0, len(x), batch_size):
            engine.batch(x[start : start + batch_size], y[start : start + batch_size])
            if engine.touched_zero:
                return trainer.step
            trainer.advance(1)
            mine, theirs = trainer.parameters, engine.parameters()
            assert abs(mine - theirs).max() <= 1e-12 * max(1.0, abs(theirs).max())
    return trainer.step


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("penalty", "rate"), [(None, 0.0), ("l2", 0.003), ("l2", 0.1)])
@pytest.mark.parametrize("batch_size", [1, 10, 25, 100])
def test_weights_are_the_same_after_every_step(activation, penalty, rate, batch_size):
    epochs = 20 if batch_size > 1 else 3
    assert side_by_side(activation, penalty, rate, batch_size, epochs) == epochs * 100 // batch_size


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_with_l1_they_are_the_same_until_a_weight_reaches_zero(activation):
    assert side_by_side(activation, "l1", 0.001, 10, 30) >= 50


def test_regression_is_the_same_too():
    assert side_by_side("tanh", "l2", 0.01, 10, 30, dataset="plane") == 300
