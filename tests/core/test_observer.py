"""What can be seen of a running network."""

import numpy as np
import pytest

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    Loss,
    NetworkSpec,
    TrainingSpec,
    presets,
)
from playground.core.observer import feature_maps, grid
from playground.core.parameters import from_flat
from playground.core.run import Run
from playground.core.snapshot import HISTOGRAM_BINS, OUTPUT_GRID, TILE_GRID


def run_with(experiment, *numbers):
    run = Run(experiment)
    run.edit(from_flat(np.array(numbers, float), experiment.network))
    return run


def one_neuron(activation, **training):
    network = NetworkSpec((Feature.X1,), (), activation)
    return Experiment(DataSpec(DatasetKind.GAUSS, 100), network, TrainingSpec(**training))


def test_the_grid_begins_at_the_low_corner_with_x1_fastest():
    points = grid(-6.0, 6.0, 4)
    assert points[0].tolist() == [-4.5, -4.5]
    assert points[1].tolist() == [-1.5, -4.5]
    assert points[4].tolist() == [-4.5, -1.5]


def test_maps_show_activations_over_the_plane():
    snapshot = run_with(one_neuron(Activation.LINEAR), 1.0, 0.0).snapshot()
    tile = snapshot.layers[0].maps[0]
    assert tile.shape == (TILE_GRID, TILE_GRID)
    assert tile.dtype == np.float32
    assert tile[0] == pytest.approx(grid(-6.0, 6.0, TILE_GRID)[:TILE_GRID, 0])
    assert snapshot.output_map.shape == (OUTPUT_GRID, OUTPUT_GRID)
    assert snapshot.output_map[0, 0] == pytest.approx(-5.96)


def test_feature_maps_are_the_features_of_the_plane():
    x1, x2 = grid(-6.0, 6.0, TILE_GRID).T.reshape(2, TILE_GRID, TILE_GRID)
    wanted = [x1, x2, x1 * x1, x2 * x2, x1 * x2, np.sin(x1), np.sin(x2), np.cos(x1), np.cos(x2)]
    maps = feature_maps(-6.0, 6.0)
    assert len(maps) == len(Feature)
    assert not maps[len(wanted) :].any(), "inputs that the data have not"
    for made, right in zip(maps, wanted, strict=False):
        assert made == pytest.approx(right, rel=1e-6, abs=1e-6)


def test_probabilities_are_shown_as_twice_p_minus_one():
    experiment = one_neuron(Activation.SIGMOID, loss=Loss.BCE_LOGITS)
    snapshot = run_with(experiment, 1.0, 0.0).snapshot()
    x1 = snapshot.data.x[:, 0]
    assert snapshot.predictions == pytest.approx(2 / (1 + np.exp(-x1)) - 1, rel=1e-12)
    assert snapshot.output_map.min() < -0.9
    assert snapshot.train_accuracy == (
        ((x1 > 0) == (snapshot.data.y > 0))[: snapshot.data.n_train].mean()
    )


def test_tables_predict_on_their_own_scale_and_are_drawn_on_the_signed_one():
    experiment = presets()["and-table"]
    run = Run(experiment)
    run.advance(5000)
    snapshot = run.snapshot()
    assert snapshot.predictions == pytest.approx([0, 0, 0, 1], abs=0.1)
    assert snapshot.output_map[20, 20] < -0.5
    assert snapshot.test_loss is None
    assert snapshot.test_accuracy is None
    assert np.isnan(snapshot.history.test_loss).all()


def test_regression_has_no_accuracy():
    snapshot = Run(presets()["plane"]).snapshot()
    assert snapshot.train_accuracy is None
    assert snapshot.test_loss is not None


def test_a_relu_that_never_answers_is_dead():
    network = NetworkSpec((Feature.X1,), (LayerSpec(2, Activation.RELU),))
    experiment = Experiment(DataSpec(DatasetKind.XOR, 100), network)
    run = run_with(experiment, 1.0, 0.0, 0.0, -1.0, 1.0, 1.0, 0.0)
    layer = run.snapshot().layers[0]
    assert layer.dead.tolist() == [False, True]
    assert layer.neuron_gradients[1] > 0  # the output still leans on it


def test_saturation_is_the_share_of_samples_on_the_flat():
    snapshot = run_with(one_neuron(Activation.TANH), 1.0, 0.0).snapshot()
    x1 = snapshot.data.x[: snapshot.data.n_train, 0]
    flat = 1 / np.cosh(x1) ** 2 < 0.06
    assert snapshot.layers[0].saturated[0] == pytest.approx(flat.mean())
    assert run_with(one_neuron(Activation.LINEAR), 0.0, 0.0).snapshot().layers[0].saturated[0] == 0


def test_gradients_of_activations_are_means_of_absolute_sample_gradients():
    snapshot = run_with(one_neuron(Activation.LINEAR), 0.5, 0.1).snapshot()
    n = snapshot.data.n_train
    x1, y = snapshot.data.x[:n, 0], snapshot.data.y[:n]
    wanted = np.abs(2 * (0.5 * x1 + 0.1 - y)).mean()
    assert snapshot.layers[0].neuron_gradients[0] == pytest.approx(wanted, rel=1e-12)


def test_the_gradient_of_outputs_is_that_of_what_their_loss_reads():
    run = Run(presets()["spiral"])
    run.advance(20)
    snapshot = run.snapshot()
    n = snapshot.data.n_train
    # Of binary cross-entropy ∂ℓ/∂z = σ(z) − t; here σ(z) and t are on the scale −1…1.
    wanted = np.abs(snapshot.predictions[:n] - snapshot.data.y[:n]).mean() / 2
    assert snapshot.layers[-1].neuron_gradients[0] == pytest.approx(wanted, rel=1e-12)


def test_histograms_count_every_train_sample():
    run = Run(presets()["spiral"])
    run.advance(20)
    snapshot = run.snapshot()
    for layer in snapshot.layers:
        assert layer.histogram.shape == (len(layer.biases), HISTOGRAM_BINS)
        assert (layer.histogram.sum(axis=1) == snapshot.data.n_train).all()


def test_weights_gradients_and_updates_have_the_shape_of_the_layer_and_belong_together():
    run = Run(Experiment(training=TrainingSpec(learning_rate=0.5)))
    assert not run.snapshot().layers[0].weight_gradients.any()
    run.advance(3)
    for layer in run.snapshot().layers:
        assert layer.weight_updates == pytest.approx(-0.5 * layer.weight_gradients, abs=1e-15)
        assert layer.bias_updates == pytest.approx(-0.5 * layer.bias_gradients, abs=1e-15)


def test_losses_of_many_samples_are_those_of_all_of_them():
    few = Run(Experiment(DataSpec(DatasetKind.CIRCLE, 20_000, train_share=0.9)))
    snapshot = few.snapshot()
    data = snapshot.data
    errors = (snapshot.predictions - data.y) ** 2
    assert snapshot.train_loss == pytest.approx(errors[: data.n_train].mean(), rel=1e-12)
    assert snapshot.test_loss == pytest.approx(errors[data.n_train :].mean(), rel=1e-12)
    assert snapshot.layers[0].histogram[0].sum() == 2000
