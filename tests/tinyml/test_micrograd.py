"""What micrograd's README and demo show, with the same numbers."""

import pytest

from tinyml import MLP, Value, make_dataset


def test_the_readme_expression_gives_its_numbers():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert [f"{v:.4f}" for v in (g.data, a.grad, b.grad)] == ["24.7041", "138.8338", "645.5773"]


@pytest.mark.slow
def test_the_moons_demo_reaches_a_hundred_percent():
    moons = make_dataset("moons", 100, noise=0.1, train_share=1.0, seed=1)
    # scikit-learn's moons, whose coordinates micrograd uses
    x = moons.x / 3.0 + (0.5, 0.25)
    y = moons.y.tolist()
    model = MLP(2, [16, 16, 1], "relu", output_activation="linear", initializer="micrograd", seed=1)
    parameters = model.parameters()
    assert len(parameters) == 337
    for neuron in (n for layer in model.layers for n in layer.neurons):
        neuron.bias.data = 0.0
    accuracies = []
    for k in range(100):
        scores = [model(row) for row in x.tolist()]
        losses = [(1 + -target * score).relu() for target, score in zip(y, scores, strict=True)]
        penalty = sum((p * p for p in parameters), Value(0.0))
        total = sum(losses, Value(0.0)) * (1.0 / len(losses)) + 1e-4 * penalty
        accuracy = sum((t > 0) == (s.data > 0) for t, s in zip(y, scores, strict=True)) / 100
        accuracies.append(accuracy)
        model.zero_grad()
        total.backward()
        for p in parameters:
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
    assert max(accuracies) == 1.0
    assert accuracies[-1] == 1.0
    assert total.data < 0.05
