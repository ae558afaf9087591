"""The Trainer: what it computes is what the engine computes, whatever happens around it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from tinyml import LOSSES, MLP, SGD, Adam, Optimizer, RMSprop, Trainer, Value, make_dataset
from tinyml.optimizers import Adagrad, AdamW
from tinyml.regularization import dropout_factor

RNG = np.random.default_rng(11)
X, Y = RNG.normal(size=(22, 2)), RNG.choice([-1.0, 1.0], size=22)


def engine_gradient(model: MLP, x: np.ndarray, y: np.ndarray, loss: str) -> np.ndarray:
    total = Value(0.0)
    for row, target in zip(x, y, strict=True):
        trace = model.trace([Value(v) for v in row])
        spec = LOSSES[loss]
        outputs = (trace.preactivations if spec.on_logits else trace.activations)[-1]
        total = total + spec.function(outputs, [Value(target)])
    model.zero_grad()
    (total * (1.0 / len(x))).backward()
    return np.array([p.grad for p in model.parameters()])


@pytest.mark.parametrize("loss", sorted(set(LOSSES) - {"softmax_ce"}))
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear", "silu"])
def test_the_gradient_of_a_batch_is_the_engines(loss: str, activation: str) -> None:
    model = MLP(2, [4, 3, 1], activation, seed=2)
    trainer = Trainer(model, X, Y, loss=loss)
    expected = engine_gradient(model, X, Y, loss)
    trainer.advance(1)
    assert trainer.gradients == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_plain_descent_follows_the_engine_step_by_step() -> None:
    model, twin = MLP(2, [4, 1], seed=4), MLP(2, [4, 1], seed=4)
    trainer = Trainer(model, X, Y, optimizer=SGD(0.2), batch_size=5)
    for step in range(12):
        start = (step % 5) * 5
        batch = slice(start, min(start + 5, 22))
        gradient = engine_gradient(twin, X[batch], Y[batch], "mse")
        for parameter, g in zip(twin.parameters(), gradient, strict=True):
            parameter.data -= 0.2 * float(g)
        trainer.advance(1)
        expected = [p.data for p in twin.parameters()]
        assert trainer.parameters == pytest.approx(expected, rel=1e-12)


def test_losses_are_the_means_of_the_epochs_own_forward_passes() -> None:
    model = MLP(2, [3, 1], seed=1)
    trainer = Trainer(model, X, Y, optimizer=SGD(1e-12), batch_size=4)
    expected = trainer.evaluate(X, Y)
    trainer.run(1)
    assert trainer.losses == pytest.approx([expected], rel=1e-9)


@pytest.mark.parametrize(
    "optimizer",
    [SGD(0.1), SGD(0.1, 0.9), SGD(0.1, 0.9, nesterov=True), Adagrad(), RMSprop(), Adam(), AdamW()],
    ids=lambda o: f"{type(o).__name__}-{getattr(o, 'momentum', 0)}-{getattr(o, 'nesterov', 0)}",
)
def test_the_same_seed_gives_the_same_bits_however_the_run_is_cut(optimizer: Optimizer) -> None:
    def digest(cuts: list[int]) -> str:
        model = MLP(2, [5, 4, 1], seed=9)
        trainer = Trainer(
            model,
            X,
            Y,
            optimizer=optimizer,
            batch_size=4,
            shuffle=True,
            seed=5,
            regularization="l1",
            regularization_rate=0.001,
        )
        for steps in cuts:
            trainer.advance(steps)
        numbers = trainer.parameters.tobytes() + np.array(trainer.losses).tobytes()
        return hashlib.sha256(numbers).hexdigest()

    assert digest([60]) == digest([1] * 60) == digest([7, 13, 40])


def test_l2_adds_the_weights_and_leaves_biases_alone() -> None:
    model = MLP(2, [3, 1], seed=1)
    before = np.array([p.data for p in model.parameters()])
    bias = {id(b) for b in model.biases()}
    mask = np.array([float(id(p) not in bias) for p in model.parameters()])
    trainer = Trainer(model, X, Y, optimizer=SGD(0.1), regularization="l2", regularization_rate=0.3)
    trainer.advance(1)
    expected = before - 0.1 * (trainer.gradients + 0.3 * before * mask)
    assert trainer.parameters == pytest.approx(expected, rel=1e-13)
    weights = trainer.parameters * mask
    assert trainer.penalty == pytest.approx(0.15 * float((weights**2).sum()))


def test_l1_stops_a_weight_at_zero_and_lets_it_grow_back() -> None:
    model = MLP(1, [1], "linear", seed=0)
    weight, bias = model.parameters()
    weight.data, bias.data = 0.01, 0.0
    trainer = Trainer(
        model,
        [[1.0], [-1.0]],
        [0.0, 0.0],
        optimizer=SGD(0.1),
        regularization="l1",
        regularization_rate=1.0,
    )
    trainer.advance(1)
    assert weight.data == 0.0
    trainer.set_data([[1.0], [-1.0]], [9.0, -9.0])
    trainer.advance(1)
    assert weight.data > 0.0


def test_a_new_learning_rate_is_used_without_losing_the_run() -> None:
    trainer = Trainer(MLP(2, [3, 1]), X, Y, optimizer=SGD(0.1))
    trainer.run(3)
    trainer.learning_rate = 0.025
    before = trainer.parameters
    trainer.advance(1)
    assert trainer.epoch == 4
    assert trainer.parameters - before == pytest.approx(-0.025 * trainer.gradients, rel=1e-9)


def test_assigned_weights_are_taken_up() -> None:
    model = MLP(2, [3, 1])
    trainer = Trainer(model, X, Y)
    model.parameters()[0].data = 1.25
    assert trainer.parameters[0] == 1.25


def test_divergence_is_named_and_the_last_finite_weights_stay() -> None:
    model = MLP(2, [4, 1], "linear")
    trainer = Trainer(model, X, Y, optimizer=SGD(1e6))
    with pytest.raises(FloatingPointError, match="diverged in epoch"):
        trainer.run(1000)
    assert np.isfinite(trainer.parameters).all()
    assert np.isfinite(trainer.losses).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": np.zeros((3, 5)), "y": np.zeros(3)}, "x must be"),
        ({"x": np.zeros((3, 2)), "y": np.zeros(4)}, "y must be"),
        ({"x": np.full((3, 2), np.nan), "y": np.zeros(3)}, "finite"),
        ({"loss": "mad"}, "loss must be one of"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"regularization": "l3"}, "regularization must be"),
        ({"regularization_rate": -1.0}, "regularization_rate must be"),
    ],
)
def test_bad_arguments_get_a_clear_sentence(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Trainer(MLP(2, [2, 1]), **{"x": X, "y": Y, **arguments})


def test_dropout_in_training_is_the_engines_with_the_same_masks() -> None:
    rate, seed = 0.4, 13
    model = MLP(2, [5, 4, 1], seed=6, dropout=rate)
    twin = MLP(2, [5, 4, 1], seed=6)
    trainer = Trainer(model, X, Y, optimizer=SGD(0.1), batch_size=8, seed=seed)
    start = 0
    for step in range(6):
        rows = range(start, min(start + 8, 22))
        total = Value(0.0)
        for sample in rows:

            def mask(layer: int, neuron: int, sample: int = sample, step: int = step) -> Value:
                number = neuron + (0, 5)[layer]
                return Value(dropout_factor(rate, seed, step, sample, number))

            outputs = twin.trace([Value(v) for v in X[sample]], mask).activations[-1]
            total = total + LOSSES["mse"].function(outputs, [Value(Y[sample])])
        twin.zero_grad()
        (total * (1.0 / len(rows))).backward()
        trainer.advance(1)
        assert trainer.gradients == pytest.approx(
            [p.grad for p in twin.parameters()], rel=1e-12, abs=1e-15
        )
        for parameter in twin.parameters():
            parameter.data -= 0.1 * parameter.grad
        start = (start + 8) % 24


def test_looking_drops_nothing_out() -> None:
    plain, dropped = MLP(2, [5, 1], seed=6), MLP(2, [5, 1], seed=6, dropout=0.5)
    expected = Trainer(plain, X, Y).predict(X)
    trainer = Trainer(dropped, X, Y)
    assert trainer.predict(X).tolist() == expected.tolist()
    assert trainer.evaluate(X, Y) == Trainer(plain, X, Y).evaluate(X, Y)


def test_a_probe_tells_every_neurons_activation_and_gradient() -> None:
    model = MLP(2, [3, 1], seed=8)
    trainer = Trainer(model, X, Y)
    probe = trainer.probe(X, Y)
    for sample in range(len(X)):
        trace = model.trace([Value(v) for v in X[sample]])
        LOSSES["mse"].function(trace.activations[-1], [Value(Y[sample])]).backward()
        values = [v for layer in trace.activations for v in layer]
        assert probe.activations[:, sample] == pytest.approx([v.data for v in values], rel=1e-13)
        assert probe.activation_gradients[:, sample] == pytest.approx(
            [v.grad for v in values], rel=1e-12, abs=1e-15
        )


@pytest.mark.parametrize(
    ("loss", "n_outputs"), [("mse", 1), ("hinge", 1), ("bce_logits", 1), ("softmax_ce", 3)]
)
def test_a_probe_tells_the_gradient_of_what_the_loss_reads(loss: str, n_outputs: int) -> None:
    model = MLP(2, [3, n_outputs], seed=8)
    targets = np.eye(3)[np.arange(len(X)) % 3] if n_outputs > 1 else Y
    probe = Trainer(model, X, targets, loss=loss).probe(X, targets)
    assert probe.read_gradients.shape == (n_outputs, len(X))
    for sample in range(len(X)):
        trace = model.trace([Value(v) for v in X[sample]])
        spec = LOSSES[loss]
        read = (trace.preactivations if spec.on_logits else trace.activations)[-1]
        wanted = [Value(v) for v in np.atleast_1d(targets[sample])]
        spec.function(read, wanted).backward()
        assert probe.read_gradients[:, sample] == pytest.approx(
            [v.grad for v in read], rel=1e-12, abs=1e-15
        )
        if not spec.on_logits:
            gradients = probe.activation_gradients[-n_outputs:, sample]
            assert (gradients == probe.read_gradients[:, sample]).all()


def test_xor_is_learned_to_the_end() -> None:
    data = make_dataset("xor-table")
    trainer = Trainer(MLP(2, [4, 1], initializer="seed"), data.x, data.y, optimizer=SGD(0.4))
    trainer.run(20_000)
    assert trainer.predict(data.x)[:, 0] == pytest.approx(data.y, abs=0.05)
