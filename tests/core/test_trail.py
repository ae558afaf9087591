"""Trails keep a run in bounded memory; recorders keep fits, ratios and every Value's past."""

from dataclasses import replace

import numpy as np
import pytest

from playground.core.experiment import (
    DatasetKind,
    DataSpec,
    Experiment,
    LayerSpec,
    NetworkSpec,
    Optimizer,
    TrainingSpec,
    presets,
)
from playground.core.focus import Focus
from playground.core.parameters import with_changes
from playground.core.run import Run
from playground.core.snapshot import ParameterChange
from playground.core.trail import MOST_ROWS, Trail


def filled(n, width=3):
    trail = Trail(width)
    for k in range(n):
        trail.add(k, np.full(width, float(k)))
    return trail


def test_a_short_trail_keeps_everything():
    epochs, rows = filled(100).view(100.0, np.full(3, 100.0), slice(1, 3))
    assert epochs.tolist() == list(range(101))
    assert rows.tolist() == [[k, k] for k in range(101)]


@pytest.mark.parametrize("n", [1023, 1024, 5000, 100_000])
def test_a_long_trail_is_evenly_spaced_and_bounded(n):
    trail = filled(n)
    epochs, rows = trail.view(float(n), np.full(3, float(n)), slice(None))
    assert MOST_ROWS / 2 <= len(trail) <= MOST_ROWS
    assert epochs[0] == 0
    assert len(set(np.diff(epochs[:-1]).tolist())) == 1
    assert (rows[:, 0] == epochs).all()
    assert epochs[-1] == n


def test_wide_rows_are_fewer():
    trail = Trail(100_000)
    for k in range(40):
        trail.add(k, np.zeros(100_000))
    assert len(trail) <= 16


def regression():
    return replace(
        presets()["plane"], data=DataSpec(DatasetKind.PLANE, 80), training=TrainingSpec()
    )


def test_the_fit_of_a_regression_is_r_squared():
    run = Run(regression())
    run.advance(40)
    snapshot = run.snapshot(focus=Focus(series=True))
    series, n = snapshot.answers.series, snapshot.data.n_train
    for fit, part in ((series.train_fit, slice(n)), (series.test_fit, slice(n, None))):
        y, predicted = snapshot.data.y[part], snapshot.predictions[part]
        wanted = 1 - ((y - predicted) ** 2).sum() / ((y - y.mean()) ** 2).sum()
        assert fit[-1] == pytest.approx(wanted, rel=1e-12)
    assert np.isnan(series.train_accuracy).all()


def test_accuracies_and_the_penalty_are_the_snapshots():
    run = Run(presets()["circle"])
    run.advance(200)
    snapshot = run.snapshot(focus=Focus(series=True))
    series = snapshot.answers.series
    assert series.epochs.tolist() == [*range(snapshot.epoch + 1)]
    assert series.train_accuracy[-1] == snapshot.train_accuracy
    assert series.test_accuracy[-1] == snapshot.test_accuracy
    assert series.penalty[-1] == snapshot.penalty
    assert np.isnan(series.test_fit).all()


def test_the_update_ratio_is_that_of_the_last_step():
    run = Run(Experiment(training=TrainingSpec(optimizer=Optimizer.ADAM)))
    assert np.isnan(run.snapshot(focus=Focus(series=True)).answers.series.update_ratios).all()
    run.advance(7)
    snapshot = run.snapshot(focus=Focus(series=True))
    for layer, ratio in zip(
        snapshot.layers, snapshot.answers.series.update_ratios[-1], strict=True
    ):
        wanted = np.linalg.norm(layer.weight_updates) / np.linalg.norm(layer.weights)
        assert ratio == pytest.approx(wanted, rel=1e-12)


def test_the_past_of_a_layer_is_what_its_values_were():
    run = Run(Experiment())
    seen = {}
    for epoch in range(6):
        seen[epoch] = run.snapshot()
        run.advance(run.n_batches)
    trail = run.snapshot(focus=Focus(trails=frozenset({1}))).answers.trail(1)
    assert trail.epochs.tolist() == [*range(7)]
    for epoch, snapshot in seen.items():
        layer = snapshot.layers[1]
        assert (trail.values[epoch, :, :-1] == layer.weights).all()
        assert (trail.values[epoch, :, -1] == layer.biases).all()
        assert (trail.gradients[epoch, :, :-1] == layer.weight_gradients).all()
        assert (trail.gradients[epoch, :, -1] == layer.bias_gradients).all()
        assert (trail.neuron_gradients[epoch] == layer.neuron_gradients).all()


@pytest.mark.parametrize("n_epochs", [0, 3])
def test_the_last_of_a_past_is_the_present_also_after_an_edit(n_epochs):
    run = Run(presets()["circle"])
    run.advance(n_epochs * run.n_batches)
    asked = Focus(trails=frozenset({0}), series=True)
    before = run.snapshot(focus=asked).answers
    run.edit(with_changes(run.parameters, (ParameterChange(0, 1, 0, 3.25),)))
    snapshot = run.snapshot(focus=asked)
    trail = snapshot.answers.trail(0)
    assert trail.epochs.tolist() == [*range(n_epochs + 1)]
    assert trail.values[-1, 1, 0] == 3.25
    assert (trail.values[:-1] == before.trail(0).values[:-1]).all()
    data = replace(run.experiment.data, seed=5, noise=0.5)
    run.apply(run.experiment.with_data(data))
    snapshot = run.snapshot(focus=asked)
    series = snapshot.answers.series
    assert series.epochs.tolist() == [*range(n_epochs + 1)]
    assert series.train_accuracy[-1] == snapshot.train_accuracy
    assert series.test_accuracy[-1] == snapshot.test_accuracy
    run.advance(run.n_batches)
    kept = run.snapshot(focus=asked).answers
    assert (kept.trail(0).values[:-1] == before.trail(0).values).all(), "what was kept stays"


def test_another_shape_begins_another_past():
    run = Run(Experiment())
    run.advance(3 * run.n_batches)
    wider = replace(run.experiment, network=NetworkSpec(hidden=(LayerSpec(5),)))
    run.apply(wider)
    answers = run.snapshot(focus=Focus(trails=frozenset({0, 9}), series=True)).answers
    assert answers.trail(0).values.shape == (1, 5, 3)
    assert answers.trail(9) is None
    assert answers.series.update_ratios.shape == (1, 2)


def test_what_is_kept_does_not_depend_on_the_chunks():
    trails = []
    for chunk in (1, 37, 1000):
        run = Run(Experiment())
        while run.step < 1000:
            run.advance(min(chunk, 1000 - run.step))
        trails.append(run.snapshot(focus=Focus(trails=frozenset({0}))).answers.trail(0))
    assert (trails[0].values == trails[1].values).all()
    assert (trails[0].values == trails[2].values).all()
