"""What a run keeps beside its losses: fits, update ratios, and every parameter's past."""

from __future__ import annotations

import itertools
from math import isfinite, nan, sqrt

import numpy as np

from playground.core.answers import LayerTrail, Series
from playground.core.experiment import Experiment, NetworkSpec, Problem
from playground.core.observer import Measure, neuron_gradients
from playground.core.parameters import views
from playground.core.snapshot import DataView, Float64s
from playground.core.trail import Trail
from tinyml.training import Trainer

_FITS = 5
"""Columns of the series before the layers': train and test accuracy, penalty, train and test R²."""


class Recorder:
    """Keeps two trails: a narrow one of the whole network, and one of all its parameters.

    The rows of the wide one are parameters, their gradients in the last batch (both in the flat
    order), then per neuron the mean answer and size of its gradient, as in `LayerSnapshot`.
    """

    def __init__(self) -> None:
        self._network: NetworkSpec | None = None
        self._series = self._values = Trail(0)

    def add(self, trainer: Trainer, experiment: Experiment, data: DataView, taken: Measure) -> None:
        """Take note of the present, at the end of an epoch that the history keeps, too."""
        self._fit(experiment.network)
        epoch = float(trainer.epoch)
        wanted = self._series.wants_next()
        row = _series_row(trainer, experiment, data, taken) if wanted else np.zeros(0)
        self._series.add(epoch, row)
        wanted = self._values.wants_next()
        self._values.add(epoch, _value_row(trainer, taken) if wanted else np.zeros(0))

    def series(
        self, trainer: Trainer, experiment: Experiment, data: DataView, taken: Measure
    ) -> Series:
        """Return the narrow trail, the present included."""
        self._fit(experiment.network)
        row = _series_row(trainer, experiment, data, taken)
        epochs, rows = self._series.view(_now(trainer), row, slice(None))
        return Series(
            epochs=epochs,
            train_accuracy=rows[:, 0],
            test_accuracy=rows[:, 1],
            penalty=rows[:, 2],
            train_fit=rows[:, 3],
            test_fit=rows[:, 4],
            update_ratios=rows[:, _FITS:],
        )

    def layer(
        self, trainer: Trainer, experiment: Experiment, taken: Measure, layer: int
    ) -> LayerTrail | None:
        """Return the past of one layer's Values, the present included; None: no such layer."""
        network = experiment.network
        self._fit(network)
        sizes = (len(network.features), *network.layer_sizes)
        if not 0 <= layer < len(network.layer_sizes):
            return None
        n_in, n_out = sizes[layer], sizes[layer + 1]
        total = network.n_parameters
        start = sum((a + 1) * b for a, b in itertools.pairwise(sizes[: layer + 1]))
        stop = start + (n_in + 1) * n_out
        first = 2 * total + sum(network.layer_sizes[:layer])
        n_neurons = sum(network.layer_sizes)
        row, now = _value_row(trainer, taken), _now(trainer)

        def columns(low: int, high: int) -> tuple[Float64s, Float64s]:
            return self._values.view(now, row, slice(low, high))

        epochs, values = columns(start, stop)
        gradients = columns(total + start, total + stop)[1]
        shape = (len(epochs), n_out, n_in + 1)
        return LayerTrail(
            layer=layer,
            epochs=epochs,
            values=values.reshape(shape),
            gradients=gradients.reshape(shape),
            activations=columns(first, first + n_out)[1],
            neuron_gradients=columns(first + n_neurons, first + n_neurons + n_out)[1],
        )

    def _fit(self, network: NetworkSpec) -> None:
        """Begin anew where the network has other parameters than before."""
        before = self._network
        if before is not None and (before.features, before.layer_sizes) == (
            network.features,
            network.layer_sizes,
        ):
            return
        self._network = network
        self._series = Trail(_FITS + len(network.layer_sizes))
        self._values = Trail(2 * (network.n_parameters + sum(network.layer_sizes)))


def update_ratios(trainer: Trainer, network: NetworkSpec) -> tuple[float, ...]:
    """Return ‖Δw‖ / ‖w‖ of each layer's weights in the last step; NaN before the first."""
    if trainer.step == 0:
        return (nan,) * len(network.layer_sizes)
    before, steps = views(trainer.parameters, network), views(trainer.last_update, network)
    with np.errstate(over="ignore", invalid="ignore"):
        return tuple(_ratio(u, w) for (u, _), (w, _) in zip(steps, before, strict=True))


def r_squared(targets: Float64s, predictions: Float64s) -> float:
    """Return 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; NaN where the targets are all the same."""
    if len(targets) < 2:
        return nan
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(((targets - targets.mean()) ** 2).sum())
        rest = float(((targets - predictions) ** 2).sum())
    return 1.0 - rest / total if total > 0.0 and isfinite(rest) else nan


def _ratio(update: Float64s, weights: Float64s) -> float:
    size, step = sqrt(float((weights**2).sum())), sqrt(float((update**2).sum()))
    return step / size if size > 0.0 and isfinite(step) and isfinite(size) else nan


def _now(trainer: Trainer) -> float:
    return trainer.epoch + trainer.batch / trainer.n_batches


def _series_row(
    trainer: Trainer, experiment: Experiment, data: DataView, taken: Measure
) -> Float64s:
    fits = [nan, nan]
    if experiment.data.problem is Problem.REGRESSION:
        n = data.n_train
        fits = [
            r_squared(data.y[:n], taken.predictions[:n]),
            r_squared(data.y[n:], taken.predictions[n:]),
        ]
    accuracies = [taken.train_accuracy, taken.test_accuracy]
    ratios = update_ratios(trainer, experiment.network)
    return np.array([*accuracies, trainer.penalty, *fits, *ratios])


def _value_row(trainer: Trainer, taken: Measure) -> Float64s:
    probe = taken.probe
    return np.concatenate(
        (
            trainer.parameters,
            trainer.gradients,
            probe.activations.mean(axis=1),
            neuron_gradients(probe),
        )
    )
