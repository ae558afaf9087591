"""From an `Experiment` to a network with parameters, and from one structure to the next.

A structural edit keeps every weight whose two ends still exist. A new neuron or feature gets drawn
incoming weights and zero outgoing ones, so that the network's function does not jump; a layer put
in or taken out redraws only the matrices that touch it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.core.data import targets_for
from playground.core.experiment import (
    DataSpec,
    Experiment,
    Feature,
    NetworkSpec,
    Regularization,
    TrainingSpec,
)
from playground.core.experiment import Optimizer as OptimizerKind
from playground.core.snapshot import DataView, Float64s, Parameters, frozen
from tinyml.features import FeatureNetwork
from tinyml.nn import MultilayerPerceptron
from tinyml.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from tinyml.training import Trainer

MOMENTUM = 0.9


def optimizer_for(spec: TrainingSpec) -> Optimizer:
    """Return tinyml's optimiser for a training spec."""
    rate = spec.learning_rate
    match spec.optimizer:
        case OptimizerKind.SGD:
            return SGD(rate)
        case OptimizerKind.MOMENTUM:
            return SGD(rate, MOMENTUM)
        case OptimizerKind.ADAGRAD:
            return Adagrad(rate)
        case OptimizerKind.RMSPROP:
            return RMSprop(rate)
        case OptimizerKind.ADAM:
            return Adam(rate)
        case OptimizerKind.ADAMW:
            return AdamW(rate)


def model_for(network: NetworkSpec, seed: int) -> FeatureNetwork:
    """Return the network over x₁ and x₂ with its first weights."""
    names = [activation.value for activation in network.activations]
    perceptron = MultilayerPerceptron(
        len(network.features),
        network.layer_sizes,
        names,
        initializer=network.initializer.value,
        seed=seed,
    )
    return FeatureNetwork([feature.value for feature in network.features], perceptron)


def draw_parameters(experiment: Experiment) -> Parameters:
    """Return the first weights of an experiment: the same whenever it is reset."""
    model = model_for(experiment.network, experiment.seed)
    return split_parameters(
        experiment.network, np.array([value.data for value in model.parameters()])
    )


def split_parameters(
    network: NetworkSpec, flat: Float64s, shelf: tuple[tuple[Feature, Float64s], ...] = ()
) -> Parameters:
    """Return flat parameters (weights then bias, neuron by neuron) as one matrix per layer."""
    weights, biases = split_layers(network, flat)
    return Parameters(tuple(map(_frozen, weights)), tuple(map(_frozen, biases)), shelf)


def split_layers(network: NetworkSpec, flat: Float64s) -> tuple[list[Float64s], list[Float64s]]:
    """Return views of flat per-parameter numbers: per layer (n_out, n_in) and (n_out,)."""
    weights, biases, start = [], [], 0
    sizes = (len(network.features), *network.layer_sizes)
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        stop = start + n_out * (n_in + 1)
        block = flat[start:stop].reshape(n_out, n_in + 1)
        weights.append(block[:, :-1])
        biases.append(block[:, -1])
        start = stop
    return weights, biases


def flatten(parameters: Parameters) -> Float64s:
    """Return all parameters in the library's order: neuron by neuron, weights then bias."""
    blocks = [
        np.column_stack((w, b)).ravel()
        for w, b in zip(parameters.weights, parameters.biases, strict=True)
    ]
    return np.concatenate(blocks)


def make_trainer(experiment: Experiment, data: DataView, parameters: Parameters) -> Trainer:
    """Return a trainer of the experiment that starts from `parameters`."""
    spec = experiment.training
    trainer = Trainer(
        model_for(experiment.network, experiment.seed),
        data.x[: data.n_train],
        train_targets(experiment.data, spec, data),
        loss=spec.loss.value,
        optimizer=optimizer_for(spec),
        batch_size=spec.batch_size,
        regularization=regularization_for(spec),
        regularization_rate=spec.regularization_rate,
        shuffle=not experiment.data.kind.is_table,
        seed=experiment.seed,
    )
    trainer.parameters = flatten(parameters)
    return trainer


def train_targets(data_spec: DataSpec, spec: TrainingSpec, data: DataView) -> Float64s:
    """Return the training targets as the loss reads them."""
    return targets_for(spec.loss, data_spec, data.y[: data.n_train])


def regularization_for(spec: TrainingSpec) -> str | None:
    """Return tinyml's name of the penalty."""
    return None if spec.regularization is Regularization.NONE else spec.regularization.value


def carry_over(old: NetworkSpec, new: Experiment, parameters: Parameters) -> Parameters:
    """Return parameters for `new` that keep every weight of `old` whose two ends still exist."""
    fresh = draw_parameters(new)
    source = _matched_layers(old, new.network)
    shelf = dict(parameters.shelf)
    shelf.update(zip(old.features, parameters.weights[0].T, strict=True))
    weights, biases = [], []
    for layer, (drawn, drawn_bias) in enumerate(zip(fresh.weights, fresh.biases, strict=True)):
        origin = source[layer]
        if origin is None:
            weights.append(drawn)
            biases.append(drawn_bias)
            continue
        before_bias = parameters.biases[origin]
        kept = min(len(drawn_bias), len(before_bias))
        bias, matrix = np.array(drawn_bias), np.array(drawn)
        bias[:kept] = before_bias[:kept]
        if layer == 0 and origin == 0:
            matrix[:kept] = 0.0
            for column, feature in enumerate(new.network.features):
                if feature in shelf:
                    matrix[:kept, column] = shelf[feature][:kept]
        elif layer > 0 and origin > 0 and source[layer - 1] == origin - 1:
            before = parameters.weights[origin]
            width = min(matrix.shape[1], before.shape[1])
            matrix[:kept, :width] = before[:kept, :width]
            matrix[:, width:] = 0.0
        weights.append(_frozen(matrix))
        biases.append(_frozen(bias))
    n_first = len(biases[0])
    kept_shelf = tuple(
        (feature, _frozen(_resized(column, n_first)))
        for feature, column in shelf.items()
        if feature not in new.network.features and source[0] == 0
    )
    return Parameters(tuple(weights), tuple(biases), kept_shelf)


def _matched_layers(old: NetworkSpec, new: NetworkSpec) -> list[int | None]:
    """Return, for each layer of `new`, the layer of `old` it is, or None if it is a new one."""
    difference = len(new.hidden) - len(old.hidden)
    if difference == 0:
        return list(range(len(new.hidden) + 1))
    same = 0
    while same < min(len(old.hidden), len(new.hidden)) and old.hidden[same] == new.hidden[same]:
        same += 1
    matched: list[int | None] = list(range(same))
    if difference > 0:
        matched += [None] * difference
        matched += range(same, len(old.hidden))
    else:
        matched += range(same - difference, len(old.hidden))
    return [*matched, len(old.hidden)]


def _resized(column: Float64s, size: int) -> Float64s:
    out = np.zeros(size)
    kept = min(size, len(column))
    out[:kept] = column[:kept]
    return out


def _frozen(array: Float64s | Sequence[float]) -> Float64s:
    return np.asarray(frozen(np.asarray(array, np.float64)), np.float64)
