"""Makes snapshots: sweeps of the tape over the samples and over the plane, put into arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.build import split_layers
from playground.core.data import grid, targets_for
from playground.core.experiment import Activation, Experiment, Feature, Problem
from playground.core.history import History
from playground.core.snapshot import (
    HISTOGRAM_BINS,
    OUTPUT_GRID,
    TILE_GRID,
    DataView,
    Float32s,
    Float64s,
    LayerSnapshot,
    Parameters,
    Snapshot,
)
from tinyml.kernels import elementary
from tinyml.training import Probe, Trainer

MAX_PROBED = 2000
"""Samples of the train set that statistics are taken over."""
SATURATED_SLOPE = 0.06
_NEVER_SATURATED = {Activation.LINEAR, Activation.RELU, Activation.LEAKY_RELU}
_FEATURE_RULES = {
    Feature.X1: lambda a, b: a,
    Feature.X2: lambda a, b: b,
    Feature.X1_SQUARED: lambda a, b: a * a,
    Feature.X2_SQUARED: lambda a, b: b * b,
    Feature.X1_X2: lambda a, b: a * b,
    Feature.SIN_X1: lambda a, b: elementary.sin(a),
    Feature.SIN_X2: lambda a, b: elementary.sin(b),
}


class Observer:
    """Takes snapshots of a trainer; remembers the maps that are not redone every time."""

    def __init__(self) -> None:
        self._turn = 0
        self._output_map: Float32s | None = None
        self._feature_maps: tuple[tuple[float, float], Float32s] | None = None

    def snapshot(
        self,
        experiment: Experiment,
        data: DataView,
        trainer: Trainer,
        parameters: Parameters,
        history: History,
        *,
        running: bool,
    ) -> Snapshot:
        """Return what is in force now; the run's bookkeeping is filled in by the session."""
        spec, n = experiment.data, data.n_train
        targets = targets_for(experiment.training.loss, spec, data.y)
        probe = trainer.probe(data.x[:n][:MAX_PROBED], targets[:n][:MAX_PROBED])
        raw = trainer.predict(data.x)[:, 0]
        score = to_score(experiment, raw)
        classes = spec.kind.problem is not Problem.REGRESSION
        signs = (score > 0) == (targets_for_sign(experiment, data.y) > 0)
        test = len(data.y) > n
        train_loss = _mean_loss(trainer, probe, data.x[:n], targets[:n])
        test_loss = trainer.evaluate(data.x[n:], targets[n:]) if test else None
        train_accuracy = float(signs[:n].mean()) if classes else None
        test_accuracy = float(signs[n:].mean()) if classes and test else None
        layers = self._layers(experiment, data, trainer, parameters, probe)
        norms = [
            float(np.sqrt((layer.weight_gradients**2).sum() + (layer.bias_gradients**2).sum()))
            for layer in layers
        ]
        history.measure(test_loss, train_accuracy, norms)
        self._turn += 1
        if self._output_map is None or not running or self._turn % 2:
            plane = trainer.predict(grid(data.low, data.high, OUTPUT_GRID))[:, 0]
            self._output_map = _map(to_score(experiment, plane), OUTPUT_GRID)
        return Snapshot(
            run_id=0,
            epoch=trainer.epoch,
            step=trainer.step,
            batch=trainer.batch,
            n_batches=trainer.n_batches,
            experiment=experiment,
            data=data,
            parameters=parameters,
            layers=layers,
            history=history.view(len(layers)),
            train_loss=train_loss,
            test_loss=test_loss,
            train_accuracy=train_accuracy,
            test_accuracy=test_accuracy,
            penalty=trainer.penalty,
            n_values=trainer.n_values,
            epochs_per_second=0.0,
            op=0,
            n_ops=0,
            output_map=self._output_map,
            predictions=_read_only(to_targets(experiment, score)),
            feature_maps=self._features(data),
        )

    def _layers(
        self,
        experiment: Experiment,
        data: DataView,
        trainer: Trainer,
        parameters: Parameters,
        probe: Probe,
    ) -> tuple[LayerSnapshot, ...]:
        network = experiment.network
        gradients = split_layers(network, trainer.gradients)
        updates = split_layers(network, trainer.last_update)
        maps = trainer.activations(grid(data.low, data.high, TILE_GRID))
        layers, start = [], 0
        for index, (size, kind) in enumerate(
            zip(network.layer_sizes, network.activations, strict=True)
        ):
            rows = slice(start, start + size)
            start += size
            a = probe.activations[rows]
            counts, limits = _histograms(a)
            saturated = (np.abs(probe.slopes[rows]) < SATURATED_SLOPE).mean(axis=1)
            layers.append(
                LayerSnapshot(
                    weights=parameters.weights[index],
                    biases=parameters.biases[index],
                    weight_gradients=_read_only(gradients[0][index]),
                    bias_gradients=_read_only(gradients[1][index]),
                    weight_updates=_read_only(updates[0][index]),
                    bias_updates=_read_only(updates[1][index]),
                    activation_gradients=_read_only(
                        np.abs(probe.activation_gradients[rows]).mean(axis=1)
                    ),
                    dead=(a == 0.0).all(axis=1)
                    if kind is Activation.RELU
                    else np.zeros(size, np.bool_),
                    saturated=_read_only(
                        np.zeros(size) if kind in _NEVER_SATURATED else saturated
                    ),
                    histogram=counts,
                    histogram_range=limits,
                    maps=_maps(maps[rows]),
                )
            )
        return tuple(layers)

    def _features(self, data: DataView) -> Float32s:
        key = (data.low, data.high)
        if self._feature_maps is None or self._feature_maps[0] != key:
            points = grid(data.low, data.high, TILE_GRID).tolist()
            values = [[rule(a, b) for a, b in points] for rule in _FEATURE_RULES.values()]
            self._feature_maps = (key, _maps(np.array(values)))
        return self._feature_maps[1]

    def widest_layer(self, trainer: Trainer) -> int:
        """Return the layer that holds the largest parameter: where the numbers ran away first."""
        model = trainer.model
        layers = getattr(model, "model", model).layers
        sizes = [max(abs(p.data) for p in layer.parameters()) for layer in layers]
        return int(np.argmax(sizes))


def to_score(experiment: Experiment, prediction: Float64s) -> Float64s:
    """Return predictions on the ±1 scale of the maps."""
    halves = experiment.network.output_activation is Activation.SIGMOID
    if halves or experiment.data.kind.is_table:
        return 2.0 * prediction - 1.0
    return prediction


def to_targets(experiment: Experiment, score: Float64s) -> Float64s:
    """Return scores on the scale of the dataset's targets."""
    return (score + 1.0) / 2.0 if experiment.data.kind.is_table else score


def targets_for_sign(experiment: Experiment, y: Float64s) -> Float64s:
    """Return targets whose sign is the class."""
    return 2.0 * y - 1.0 if experiment.data.kind.is_table else y


def _mean_loss(trainer: Trainer, probe: Probe, x: Float64s, y: Float64s) -> float:
    if len(x) <= MAX_PROBED:
        return float(probe.losses.mean())
    return trainer.evaluate(x, y)


def _histograms(values: Float64s) -> tuple[NDArray[np.int64], tuple[float, float]]:
    low, high = float(values.min()), float(values.max())
    if not high > low:
        low, high = low - 0.5, high + 0.5
    scale = HISTOGRAM_BINS / (high - low)
    bins = np.clip(((values - low) * scale).astype(np.int64), 0, HISTOGRAM_BINS - 1)
    offsets = np.arange(len(values))[:, None] * HISTOGRAM_BINS
    counts = np.bincount((bins + offsets).ravel(), minlength=len(values) * HISTOGRAM_BINS)
    counts = counts.reshape(len(values), HISTOGRAM_BINS).astype(np.int64)
    counts.flags.writeable = False
    return counts, (low, high)


def _map(values: Float64s, n: int) -> Float32s:
    out = values.reshape(n, n).astype(np.float32)
    out.flags.writeable = False
    return out


def _maps(values: Float64s) -> Float32s:
    out = values.reshape(len(values), TILE_GRID, TILE_GRID).astype(np.float32)
    out.flags.writeable = False
    return out


def _read_only(array: Float64s) -> Float64s:
    copy = np.array(array)
    copy.flags.writeable = False
    return copy
