"""The rules that name what is wrong: each applies where it should and only there."""

from dataclasses import replace

import numpy as np
import pytest

from playground.core.experiment import Activation, LayerSpec, presets
from playground.core.health import EXPLANATIONS, Trouble, diagnose
from playground.core.run import Run
from playground.core.snapshot import Divergence, HistoryView
from tests.ui.snapshots import make_snapshot, spiral_experiment


def healthy():
    """A snapshot with nothing to complain about."""
    snapshot = make_snapshot()
    layers = [
        replace(
            layer,
            dead=np.zeros_like(layer.dead),
            saturated=np.zeros_like(layer.saturated),
            weight_gradients=np.full_like(layer.weight_gradients, 0.01),
        )
        for layer in snapshot.layers
    ]
    falling = np.geomspace(1.0, 0.01, 90)
    return with_history(replace(snapshot, layers=tuple(layers)), falling, 1.1 * falling)


def with_history(snapshot, train, test=None, norms=None):
    n, n_layers = len(train), len(snapshot.layers)
    history = HistoryView(
        epochs=np.arange(float(n)),
        train_loss=np.asarray(train, float),
        test_loss=np.full(n, np.nan) if test is None else np.asarray(test, float),
        train_accuracy=np.full(n, 0.9),
        gradient_norms=np.full((n, n_layers), 0.1) if norms is None else norms,
    )
    return replace(snapshot, history=history)


def with_layer(snapshot, index, **changes):
    layers = list(snapshot.layers)
    layers[index] = replace(layers[index], **changes)
    return replace(snapshot, layers=tuple(layers))


def poor(snapshot):
    return replace(snapshot, train_accuracy=0.6)


def test_a_healthy_run_is_left_in_peace():
    assert diagnose(healthy()) is None


def test_divergence_comes_first():
    finding = diagnose(replace(healthy(), divergence=Divergence(12, 1, "")))
    assert (finding.trouble, finding.layer) == (Trouble.DIVERGED, 1)
    assert "12" in finding.words


@pytest.mark.parametrize(("last", "is_found"), [(50.0, True), (101.0, True), (0.5, False)])
def test_a_gradient_that_is_huge_or_has_grown_a_hundredfold_explodes(last, is_found):
    snapshot = healthy()
    norms = np.full((90, 4), 0.01)
    norms[-1, 2] = last
    finding = diagnose(with_history(snapshot, np.geomspace(1, 0.01, 90), norms=norms))
    assert (finding is not None and finding.trouble is Trouble.EXPLODING) is is_found
    if is_found:
        assert finding.layer == 2


def test_dead_neurons_are_counted_in_their_layer():
    dead = np.array([True, True, False, False, False, False])
    finding = diagnose(with_layer(healthy(), 1, dead=dead))
    assert (finding.trouble, finding.layer) == (Trouble.DEAD, 1)
    assert finding.words == "2 of 6 neurons dead in Hidden 2"
    assert diagnose(with_layer(healthy(), 1, dead=dead & (np.arange(6) == 0))) is None


def test_a_layer_that_only_answers_0_is_called_that():
    experiment = presets()["circle"]
    hidden = (LayerSpec(4, Activation.RELU), LayerSpec(2, Activation.RELU))
    run = Run(replace(experiment, network=replace(experiment.network, hidden=hidden)))
    first, *others = run.parameters.biases
    run.edit(replace(run.parameters, biases=(np.full_like(first, -100.0), *others)))
    finding = diagnose(run.snapshot())
    assert (finding.trouble, finding.layer) == (Trouble.DEAD, 0)
    assert finding.words == "All outputs of Hidden 1 are 0: every neuron is dead"


def test_gradients_that_hardly_reach_the_first_layer_vanish():
    snapshot = poor(healthy())
    tiny = np.full_like(snapshot.layers[0].weight_gradients, 9e-6)
    finding = diagnose(with_layer(snapshot, 0, weight_gradients=tiny))
    assert (finding.trouble, finding.layer) == (Trouble.VANISHING, 0)
    assert "1/1,111" in finding.words
    assert diagnose(with_layer(healthy(), 0, weight_gradients=tiny)) is None  # it has learnt


def test_a_layer_on_its_flat_ends_is_saturated():
    snapshot = poor(healthy())
    finding = diagnose(with_layer(snapshot, 0, saturated=np.full(8, 0.7)))
    assert (finding.trouble, finding.layer) == (Trouble.SATURATED, 0)
    assert "70" in finding.words


def test_a_test_loss_that_rises_while_the_train_loss_falls_is_overfitting():
    train = np.geomspace(1.0, 0.01, 90)
    test = np.concatenate((np.geomspace(1.0, 0.2, 40), np.geomspace(0.2, 0.5, 50)))
    finding = diagnose(with_history(healthy(), train, test))
    assert finding.trouble is Trouble.OVERFITTING
    assert finding.words.endswith("epoch 39")
    flat = np.concatenate((train[:40], np.full(50, 2.0)))
    rising_both = diagnose(with_history(healthy(), flat, test))
    assert rising_both is None or rising_both.trouble is not Trouble.OVERFITTING


def test_a_high_loss_that_stands_still_is_a_plateau():
    standing = np.concatenate((np.geomspace(1.0, 0.6, 30), np.full(60, 0.6)))
    finding = diagnose(with_history(poor(healthy()), standing))
    assert finding.trouble is Trouble.PLATEAU
    assert diagnose(with_history(healthy(), standing)) is None  # accurate enough
    assert diagnose(with_history(poor(healthy()), np.geomspace(1.0, 0.3, 90))) is None


def test_every_trouble_has_its_explanation():
    assert set(EXPLANATIONS) == set(Trouble)
    assert all(text.endswith(".") and len(text) < 330 for text in EXPLANATIONS.values())


def test_a_real_deep_sigmoid_network_has_vanishing_gradients():
    experiment = spiral_experiment()
    hidden = tuple(LayerSpec(4, Activation.SIGMOID) for _ in range(8))
    run = Run(replace(experiment, network=replace(experiment.network, hidden=hidden)))
    run.advance(200)
    finding = diagnose(run.snapshot())
    assert finding is not None
    assert finding.trouble is Trouble.VANISHING


def test_a_real_run_that_learns_well_is_left_in_peace():
    run = Run(replace(spiral_experiment()))
    for _ in range(3):
        run.advance(50)
        assert diagnose(run.snapshot()) is None or diagnose(run.snapshot()).trouble not in (
            Trouble.DIVERGED,
            Trouble.EXPLODING,
            Trouble.OVERFITTING,
        )
