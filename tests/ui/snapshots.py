"""Makes plausible snapshots for the tests of views, without tinyml, Qt or a worker."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    NetworkSpec,
    Optimizer,
    Problem,
    Regularization,
    Speed,
    TrainingSpec,
)
from playground.core.snapshot import (
    HISTOGRAM_BINS,
    OUTPUT_GRID,
    TILE_GRID,
    DataView,
    HistoryView,
    LayerSnapshot,
    Parameters,
    Snapshot,
    frozen,
)

LOW, HIGH = -6.0, 6.0


def spiral_experiment() -> Experiment:
    """The experiment of the main mock-ups: four features, 8-6-4 mixed layers."""
    return Experiment(
        data=DataSpec(DatasetKind.SPIRAL, n_samples=360, noise=0.06, train_share=0.67, seed=7),
        network=NetworkSpec(
            features=(Feature.X1, Feature.X2, Feature.SIN_X1, Feature.SIN_X2),
            hidden=(LayerSpec(8), LayerSpec(6, Activation.RELU), LayerSpec(4)),
        ),
        training=TrainingSpec(
            optimizer=Optimizer.ADAM,
            learning_rate=0.003,
            batch_size=16,
            regularization=Regularization.L2,
            regularization_rate=0.002,
            speed=Speed.EPOCH_4,
        ),
        seed=7,
    )


def feature_values(feature: Feature, x1: np.ndarray, x2: np.ndarray) -> np.ndarray:
    """A feature over points."""
    return {
        Feature.X1: x1,
        Feature.X2: x2,
        Feature.X1_SQUARED: x1 * x1,
        Feature.X2_SQUARED: x2 * x2,
        Feature.X1_X2: x1 * x2,
        Feature.SIN_X1: np.sin(x1),
        Feature.SIN_X2: np.sin(x2),
        Feature.COS_X1: np.cos(x1),
        Feature.COS_X2: np.cos(x2),
    }.get(feature, 0 * x1)


def activate(kind: Activation, z: np.ndarray) -> np.ndarray:
    """An activation, well enough for a picture."""
    if kind in (Activation.RELU, Activation.LEAKY_RELU, Activation.ELU, Activation.SOFTPLUS):
        return np.maximum(z, 0.0)
    if kind is Activation.SIGMOID:
        return 1 / (1 + np.exp(-z))
    return z if kind is Activation.LINEAR else np.tanh(z)


def make_data(spec: DataSpec) -> DataView:
    """Samples that look like the dataset."""
    random = np.random.default_rng(spec.seed)
    if spec.kind.is_table:
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
        y = np.array([0.0, 1.0, 1.0, 0.0])
        return DataView(frozen(x), frozen(y), 4, -0.5, 1.5, class_names=("1", "0"))
    n = spec.n_samples
    n_train = int(n * spec.train_share)
    if spec.kind.is_curve:
        x = random.uniform(-5, 5, (n, 1))
        names = ("x₁",)
        return DataView(
            frozen(x), frozen(np.sin(x[:, 0])), n_train, LOW, HIGH, names, "y", (), (0, 1), (0.0,)
        )
    if spec.kind.problem is Problem.MULTICLASS:
        x = random.uniform(-5, 5, (n, 2))
        y = np.floor(np.arctan2(x[:, 1], x[:, 0]) / np.pi * 1.4999 + 1.5)
        return DataView(frozen(x), frozen(y), n_train, LOW, HIGH, class_names=("1", "2", "3"))
    if spec.kind is DatasetKind.SPIRAL:
        i = np.arange(n) // 2
        y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
        r = 10 * i / n
        t = 1.75 * 2 * np.pi * 2 * i / n + np.where(y > 0, 0, np.pi)
        x = np.stack([r * np.sin(t), r * np.cos(t)], 1) + random.uniform(-1, 1, (n, 2)) * spec.noise
    else:
        x = random.uniform(-5, 5, (n, 2))
        if spec.kind.problem is Problem.REGRESSION:
            y = x.sum(1) / 10
        elif spec.kind is DatasetKind.CIRCLE:
            y = np.where((x**2).sum(1) < 9, 1.0, -1.0)
        else:
            y = np.where(x[:, 0] * x[:, 1] > 0, 1.0, -1.0)
    order = random.permutation(n)
    names = () if spec.kind.problem is Problem.REGRESSION else ("+1", "−1")
    return DataView(frozen(x[order]), frozen(y[order]), n_train, LOW, HIGH, class_names=names)


def make_snapshot(experiment: Experiment | None = None, epoch: int = 400) -> Snapshot:
    """A snapshot of a network in mid-training; every array is filled and read-only."""
    made = _made(experiment or spiral_experiment(), epoch)  # most tests show the same one
    return replace(made, data=replace(made.data))


@lru_cache(maxsize=32)
def _made(experiment: Experiment, epoch: int) -> Snapshot:
    random = np.random.default_rng(experiment.seed)
    data = make_data(experiment.data)
    features = experiment.network.features
    axis = np.linspace(LOW, HIGH, TILE_GRID)
    wide = np.linspace(LOW, HIGH, OUTPUT_GRID)
    points = [data.x[:, 0], data.x[:, -1]]
    tiles = [np.tile(axis, TILE_GRID), np.repeat(axis, TILE_GRID)]
    field = [np.tile(wide, OUTPUT_GRID), np.repeat(wide, OUTPUT_GRID)]
    levels = [np.stack([feature_values(f, *p) for f in features]) for p in (points, tiles, field)]
    layers = []
    for number, (size, kind) in enumerate(
        zip(experiment.network.layer_sizes, experiment.network.activations, strict=True)
    ):
        weights = random.normal(0, 1.2 / np.sqrt(levels[0].shape[0]) + 0.25, (size, len(levels[0])))
        biases = random.normal(0, 0.5, size)
        levels = [activate(kind, weights @ level + biases[:, None]) for level in levels]
        over_points = levels[0]
        low, high = float(over_points.min()), float(over_points.max()) + 1e-9
        histogram = np.stack(
            [np.histogram(row, HISTOGRAM_BINS, (low, high))[0] for row in over_points]
        )
        gradients = random.normal(0, 0.02, weights.shape)
        dead = np.zeros(size, dtype=bool)
        saturated = np.abs(random.normal(0, 0.12, size))
        if kind is Activation.RELU and size > 4:
            dead[4] = True
        elif number == 0 and size > 2:
            saturated[2] = 0.7
        layers.append(
            LayerSnapshot(
                weights=frozen(weights),
                biases=frozen(biases),
                weight_gradients=frozen(gradients),
                bias_gradients=frozen(random.normal(0, 0.02, size)),
                weight_updates=frozen(-0.03 * gradients),
                bias_updates=frozen(random.normal(0, 0.001, size)),
                neuron_gradients=frozen(np.abs(random.normal(0.07, 0.04, size)) * ~dead),
                dead=frozen(dead),
                saturated=frozen(saturated),
                histogram=frozen(histogram),
                histogram_range=(low, high),
                maps=frozen(levels[1].reshape(size, TILE_GRID, TILE_GRID).astype(np.float32)),
            )
        )
    epochs = np.arange(1.0, max(epoch, 2) + 1)
    decay = 0.7 * np.exp(-epochs / 40) + 0.012
    ripple = 1 + 0.15 * random.random(epochs.size)
    feature_maps = [feature_values(f, *tiles).reshape(TILE_GRID, TILE_GRID) for f in Feature]
    classified = experiment.data.problem is not Problem.REGRESSION
    several = experiment.network.n_outputs > 1
    classes = np.exp(levels[2]) / np.exp(levels[2]).sum(0) if several else levels[2][:0]
    has_test = data.n_train < len(data.y)
    return Snapshot(
        run_id=1,
        epoch=epoch,
        step=epoch * 15,
        batch=11,
        n_batches=15,
        experiment=experiment,
        data=data,
        parameters=Parameters(
            tuple(layer.weights for layer in layers), tuple(layer.biases for layer in layers)
        ),
        layers=tuple(layers),
        history=HistoryView(
            epochs=frozen(epochs),
            train_loss=frozen(decay * ripple),
            test_loss=frozen((decay + 0.035) * ripple if has_test else epochs * np.nan),
            train_accuracy=frozen(1 - decay / 2),
            gradient_norms=frozen(
                np.stack([decay * (0.3 + 0.2 * k) * ripple for k in range(len(layers))], 1)
            ),
        ),
        train_loss=0.0129,
        test_loss=0.0487 if has_test else None,
        train_accuracy=0.995 if classified else None,
        test_accuracy=0.983 if classified and has_test else None,
        penalty=0.002,
        n_values=371,
        epochs_per_second=46.0,
        op=0,
        n_ops=0,
        output_map=frozen(levels[2][0].reshape(OUTPUT_GRID, OUTPUT_GRID).astype(np.float32)),
        predictions=frozen(over_points.argmax(0) * 1.0 if several else over_points[0]),
        feature_maps=frozen(np.stack(feature_maps).astype(np.float32)),
        class_maps=frozen(classes.reshape(-1, OUTPUT_GRID, OUTPUT_GRID).astype(np.float32)),
    )


def with_batch_size(experiment: Experiment, batch_size: int) -> Experiment:
    """The same experiment with another batch size."""
    return replace(experiment, training=replace(experiment.training, batch_size=batch_size))
