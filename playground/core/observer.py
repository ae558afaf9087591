"""From a trainer to the arrays of a `Snapshot`: the only look into a running network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, isnan, log, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from playground.core.build import with_placeholder
from playground.core.data import trained_targets, wants_signs
from playground.core.experiment import (
    Activation,
    Experiment,
    Feature,
    Loss,
    Problem,
    available_features,
)
from playground.core.history import Point
from playground.core.parameters import split, views
from playground.core.snapshot import (
    HISTOGRAM_BINS,
    OUTPUT_GRID,
    TILE_GRID,
    DataView,
    Float32s,
    Float64s,
    LayerSnapshot,
    OptimizerState,
)
from tinyml.compiled import Samples
from tinyml.features import FeatureNetwork
from tinyml.nn import MultilayerPerceptron
from tinyml.training import Probe, Trainer

SUBSET = 2000
"""Training samples at most that statistics of neurons are taken from: the first ones."""
SATURATED_SLOPE = 0.06
_SATURATING = (Activation.TANH, Activation.SIGMOID)
LARGEST = 3e38
"""Where maps are cut off, so that float32 holds them."""
LARGEST_SHOWN, LEAST_RANGE = 1e300, 1e-300
"""Of a histogram: beyond them the width of a bin is no number."""
_BLOCK = 4000
_NO_CLASSES = np.zeros((0, OUTPUT_GRID, OUTPUT_GRID), np.float32)
_NO_CLASSES.flags.writeable = False
_SIZE_LIMIT = 4_000_000
"""Numbers at most in one sweep's answer (neurons × samples), which bounds memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One look at all samples.

    Attributes
    ----------
    predictions : (n,) on the scale of the data's targets; the likeliest class of several.
    train_loss, test_loss : mean data loss; NaN without a set.
    train_accuracy, test_accuracy : NaN for regression or without a set.
    probe : what the neurons did with the statistics subset.
    losses : (n,) each sample's own.
    wrong : (n,) which are put into another class than theirs; empty for regression.
    """

    predictions: Float64s
    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    probe: Probe
    losses: Float64s
    wrong: NDArray[np.bool_]


class Sights:
    """What a trainer's run looks at again and again, prepared once: samples, grids of maps.

    Good as long as the trainer, its loss, the experiment and the data are those it was made for;
    the trainer's parameters may change.
    """

    def __init__(self, trainer: Trainer, experiment: Experiment, data: DataView) -> None:
        self.trainer, self.experiment, self.data = trainer, experiment, data
        self.targets = trained_targets(experiment.data, data, experiment.training.loss)
        self.n_subset, total = min(data.n_train, SUBSET), len(data.x)
        size = max(64, min(_BLOCK, _SIZE_LIMIT // sum(experiment.network.layer_sizes)))
        # One sweep where it can be: after each one the thread has to wait for the interpreter.
        whole = 0 < self.n_subset == data.n_train and total <= size
        self.n_first = total if whole else self.n_subset
        first = with_placeholder(data.x[: self.n_first], self.targets[: self.n_first])
        rest = [slice(start, start + size) for start in range(self.n_first, total, size)]
        self.first = trainer.prepare(*first)
        self.rest = [trainer.prepare(data.x[part], self.targets[part]) for part in rest]
        self._maps: dict[int, Samples] = {}

    def map_of(self, size: int) -> Samples:
        """Return the inputs of a map, `size` pixels along each side."""
        if size not in self._maps:
            data = self.data
            points = grid(data.low, data.high, size, data.shown, data.held)
            self._maps[size] = self.trainer.prepare(points)
        return self._maps[size]


def measure(sights: Sights) -> Measure:
    """Sweep over all samples once; O(samples × nodes), a few hundred µs for small networks."""
    trainer, experiment, data = sights.trainer, sights.experiment, sights.data
    targets, first, n = sights.targets, sights.n_first, data.n_train
    k = experiment.network.n_outputs
    probe = trainer.probe(sights.first)
    loss, output = probe.losses[:first].copy(), probe.activations[-k:, :first].copy()
    if first > sights.n_subset:
        probe = _of_samples(probe, sights.n_subset)
    if sights.rest:
        parts = [trainer.probe(samples) for samples in sights.rest]
        loss = np.concatenate([loss, *(part.losses for part in parts)])
        output = np.concatenate([output, *(part.activations[-k:] for part in parts)], axis=1)
    if k > 1:
        predictions = output.argmax(axis=0).astype(np.float64)
        right = predictions == data.y
    else:
        predictions = target_scale(output[0], experiment)
        right = (output[0] > _threshold(experiment)) == (targets > _middle(experiment))
    classes = experiment.data.problem is not Problem.REGRESSION
    return Measure(
        predictions=_sealed(predictions),
        train_loss=_mean(loss[:n]),
        test_loss=_mean(loss[n:]),
        train_accuracy=_share(right[:n]) if classes else nan,
        test_accuracy=_share(right[n:]) if classes else nan,
        probe=probe,
        losses=_sealed(loss),
        wrong=_sealed_flags(~right if classes else np.zeros(0, bool)),
    )


def _of_samples(probe: Probe, n: int) -> Probe:
    """Return what the first `n` samples did."""
    return Probe(
        probe.activations[:, :n],
        probe.slopes[:, :n],
        probe.activation_gradients[:, :n],
        probe.read_gradients[:, :n],
        probe.losses[:n],
    )


def history_point(trainer: Trainer, experiment: Experiment, taken: Measure) -> Point:
    """Return what the history keeps of a measure."""
    norms = (nan,) * len(experiment.network.layer_sizes)
    if trainer.step > 0:
        parts = views(trainer.gradients, experiment.network)
        with np.errstate(over="ignore", invalid="ignore"):
            squares = [float((w * w).sum() + (b * b).sum()) for w, b in parts]
        norms = tuple(sqrt(square) if isfinite(square) else nan for square in squares)
    return Point(taken.test_loss, taken.train_accuracy, norms)


def tile_maps(sights: Sights, size: int) -> Float32s:
    """Return (n_neurons, size, size) activations; row 0 is x₂ = low."""
    return _sealed32(_spread(sights.trainer.activations(sights.map_of(size)), size))


def output_maps(sights: Sights, size: int) -> tuple[Float32s, Float32s]:
    """Return `Snapshot.output_map` and `Snapshot.class_maps`, `size` pixels along each side."""
    experiment = sights.experiment
    outputs = sights.trainer.predict(sights.map_of(size)).T
    if len(outputs) > 1:
        classes = _sealed32(_spread(softmax(outputs), size))
        return _sealed32(2.0 * classes[0].astype(np.float64) - 1.0), classes
    signed = target_scale(outputs, experiment)
    if experiment.data.is_logical:
        signed = 2.0 * signed - 1.0
    return _sealed32(_spread(signed, size)[0]), _NO_CLASSES


def known(value: float) -> float | None:
    """Return a figure, or None for one that there is not."""
    return None if isnan(value) else value


def are_numbers(sights: Sights, taken: Measure) -> bool:
    """Whether every sample's loss and every pixel of all maps is finite."""
    maps = (*output_maps(sights, OUTPUT_GRID), tile_maps(sights, TILE_GRID))
    return all(bool(np.isfinite(shown).all()) for shown in (taken.losses, *maps))


def optimizer_state(trainer: Trainer) -> OptimizerState:
    """Return `Snapshot.optimizer_state`."""
    state = trainer.state()
    power1, power2 = state.powers.tolist()
    names = trainer.optimizer.state_names
    return OptimizerState(state.first, state.second, (power1, power2), state.step, names)


def softmax(logits: Float64s) -> Float64s:
    """Return probabilities from (k, n) logits."""
    powers = np.exp(logits - logits.max(axis=0))
    probabilities: Float64s = powers / powers.sum(axis=0)
    return probabilities


def _spread(rows: Float64s, n: int) -> Float64s:
    """Return (k, n, n) maps from values over a grid; one input gives the same row n times."""
    if rows.shape[1] == n * n:
        return rows.reshape(-1, n, n)
    return np.repeat(rows[:, None, :], n, axis=1)


@lru_cache(maxsize=8)
def feature_maps(
    low: float, high: float, shown: tuple[int, int] = (0, 1), held: tuple[float, ...] = (0.0, 0.0)
) -> Float32s:
    """Return (n, TILE_GRID, TILE_GRID), one per member of `Feature`; see `Snapshot`."""
    features = available_features(len(held))
    model = MultilayerPerceptron(len(features), [1], "linear", initializer="zeros")
    network = FeatureNetwork([f.value for f in features], model, len(held))
    points = grid(low, high, TILE_GRID, shown, held)
    rows = np.zeros((len(Feature), len(points)))
    # One feature at a time through a neuron of weight 1: the same operations as in training.
    trainer = Trainer(network, np.zeros((1, len(held))), np.zeros(1))
    for k, feature in enumerate(features):
        weights = np.zeros(len(features) + 1)
        weights[k] = 1.0
        trainer.parameters = weights
        rows[list(Feature).index(feature)] = trainer.predict(points)[:, 0]
    return _sealed32(_spread(rows, TILE_GRID))


@lru_cache(maxsize=16)
def grid(
    low: float,
    high: float,
    n: int,
    shown: tuple[int, int] = (0, 1),
    held: tuple[float, ...] = (0.0, 0.0),
) -> Float64s:
    """Return the inputs at the centres of an n × n grid over the square, first input fastest.

    They are (n², n_inputs), low values of the second shown input first; inputs that are not shown
    are held. With one input they are (n, 1).
    """
    ticks = low + (np.arange(n) + 0.5) * ((high - low) / n)
    if len(held) == 1:
        return _sealed(np.array(ticks[:, None], np.float64))
    points = np.empty((n, n, len(held)))
    points[:] = held
    points[..., shown[0]], points[..., shown[1]] = ticks[None, :], ticks[:, None]
    return _sealed(points.reshape(-1, len(held)))


def layer_snapshots(
    trainer: Trainer, experiment: Experiment, probe: Probe, maps: Float32s
) -> tuple[LayerSnapshot, ...]:
    """Return every layer's numbers: parameters, last batch's gradients, statistics of neurons."""
    network = experiment.network
    weights, biases = split(trainer.parameters, network)
    weight_gradients, bias_gradients = split(trainer.gradients, network)
    weight_updates, bias_updates = split(trainer.last_update, network)
    strength = neuron_gradients(probe)
    flat = (np.abs(probe.slopes) < SATURATED_SLOPE).mean(axis=1)
    silent = (probe.activations == 0.0).all(axis=1)
    layers = []
    start = 0
    for k, (size, kind) in enumerate(zip(network.layer_sizes, network.activations, strict=True)):
        rows = slice(start, start + size)
        counts, ends = _histogram(probe.activations[rows], kind)
        layers.append(
            LayerSnapshot(
                weights=weights[k],
                biases=biases[k],
                weight_gradients=weight_gradients[k],
                bias_gradients=bias_gradients[k],
                weight_updates=weight_updates[k],
                bias_updates=bias_updates[k],
                neuron_gradients=_sealed(strength[rows].copy()),
                dead=_sealed_flags(silent[rows] & (kind is Activation.RELU)),
                saturated=_sealed(flat[rows] * (kind in _SATURATING)),
                histogram=counts,
                histogram_range=ends,
                maps=maps[rows],
            )
        )
        start += size
    return tuple(layers)


def neuron_gradients(probe: Probe) -> Float64s:
    """Return (n_neurons,) mean |∂ℓᵢ/∂a|; of the outputs' z where that is what the loss reads."""
    n_outputs = len(probe.read_gradients)
    inner = probe.activation_gradients[:-n_outputs]
    means: Float64s = np.abs(np.concatenate((inner, probe.read_gradients))).mean(axis=1)
    return means


def _histogram(
    activations: Float64s, kind: Activation
) -> tuple[NDArray[np.int64], tuple[float, float]]:
    low, high = float(activations.min()), float(activations.max())
    if not (low >= -LARGEST_SHOWN and high <= LARGEST_SHOWN):
        activations = np.clip(np.nan_to_num(activations), -LARGEST_SHOWN, LARGEST_SHOWN)
        low, high = float(activations.min()), float(activations.max())
    if kind in _SATURATING:
        low, high = (-1.0 if kind is Activation.TANH else 0.0), 1.0
    if not high - low > LEAST_RANGE:
        margin = max(0.5, 1e-6 * abs(low))  # of a huge number half is nothing
        low, high = low - margin, high + margin
    n = len(activations)
    bins = ((activations - low) * (HISTOGRAM_BINS / (high - low))).astype(np.int64)
    np.clip(bins, 0, HISTOGRAM_BINS - 1, out=bins)
    bins += HISTOGRAM_BINS * np.arange(n)[:, None]
    counts = np.bincount(bins.ravel(), minlength=n * HISTOGRAM_BINS)
    counts = counts.reshape(n, HISTOGRAM_BINS).astype(np.int64)
    counts.flags.writeable = False
    return counts, (low, high)


def target_scale(output: Float64s, experiment: Experiment) -> Float64s:
    """Return predictions on the scale of the data's targets: ±1, 0/1 for tables, real."""
    table = experiment.data.is_logical
    signs = wants_signs(experiment.data, experiment.training.loss)
    sigmoid = experiment.network.output_activation is Activation.SIGMOID
    if experiment.training.loss is Loss.BCE_LOGITS and sigmoid:
        return output if table else 2.0 * output - 1.0
    return 0.5 * (output + 1.0) if signs else output


def _threshold(experiment: Experiment) -> float:
    """Return the network's output above which it says the class of the greater target."""
    if experiment.training.loss is Loss.BCE_LOGITS:
        # The loss reads logits, whose threshold is 0; this is the output there.
        kind = experiment.network.output_activation
        return {Activation.SIGMOID: 0.5, Activation.SOFTPLUS: log(2.0)}.get(kind, 0.0)
    return _middle(experiment)


def _middle(experiment: Experiment) -> float:
    table = experiment.data.is_logical
    return 0.5 if table and not wants_signs(experiment.data, experiment.training.loss) else 0.0


def _mean(values: Float64s) -> float:
    with np.errstate(over="ignore"):  # infinity is the answer then, and is never shown
        return float(values.mean()) if len(values) else nan


def _share(flags: NDArray[np.bool_]) -> float:
    return np.count_nonzero(flags) / len(flags) if len(flags) else nan


def _sealed(array: Float64s) -> Float64s:
    array.flags.writeable = False
    return array


def _sealed_flags(array: NDArray[np.bool_]) -> NDArray[np.bool_]:
    array.flags.writeable = False
    return array


def _sealed32(array: Float64s) -> Float32s:
    single = np.clip(array, -LARGEST, LARGEST).astype(np.float32)
    single.flags.writeable = False
    return single
