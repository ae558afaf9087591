"""Answers a `Focus` from a trainer."""

from __future__ import annotations

import itertools

import numpy as np

from playground.core.answers import (
    NO_ANSWERS,
    Answers,
    NeuronGradient,
    PointAnswer,
    SampleGradients,
)
from playground.core.build import training_set
from playground.core.experiment import Experiment, NetworkSpec
from playground.core.focus import NOTHING, Focus, ParameterAddress
from playground.core.observer import Measure, target_scale
from playground.core.recorder import Recorder
from playground.core.snapshot import DataView, Float64s
from tinyml.training import Trainer


def answers(
    trainer: Trainer,
    experiment: Experiment,
    data: DataView,
    focus: Focus,
    taken: Measure,
    recorder: Recorder,
) -> Answers:
    """Return what `focus` asks for; nothing else is computed."""
    if focus == NOTHING:
        return NO_ANSWERS
    samples = [_samples(trainer, experiment, data, address) for address in focus.weights]
    points = [_point(trainer, experiment, data, point) for point in focus.points]
    trails = [recorder.layer(trainer, experiment, taken, layer) for layer in sorted(focus.trails)]
    return Answers(
        samples=tuple(one for one in samples if one is not None),
        points=tuple(one for one in points if one is not None),
        series=recorder.series(trainer, experiment, data, taken) if focus.series else None,
        trails=tuple(trail for trail in trails if trail is not None),
        neuron=_neuron(trainer, experiment, data, focus.neuron),
    )


def flat_index(address: ParameterAddress, network: NetworkSpec) -> int | None:
    """Return a parameter's place in the flat order; None if the network does not have it."""
    start = 0
    sizes = (len(network.features), *network.layer_sizes)
    for layer, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        if layer == address.layer:
            source = n_in if address.source is None else address.source
            fits = 0 <= address.neuron < n_out and (
                address.source is None or 0 <= address.source < n_in
            )
            return start + address.neuron * (n_in + 1) + source if fits else None
        start += n_out * (n_in + 1)
    return None


def _samples(
    trainer: Trainer, experiment: Experiment, data: DataView, address: ParameterAddress
) -> SampleGradients | None:
    index = flat_index(address, experiment.network)
    if index is None or data.n_train == 0:
        return None
    gradients = trainer.sample_gradients(*training_set(experiment), index)
    return SampleGradients(address, _sealed(gradients))


def _point(
    trainer: Trainer, experiment: Experiment, data: DataView, point: tuple[float, ...]
) -> PointAnswer | None:
    if len(point) != data.x.shape[1] or not np.isfinite(point).all():
        return None
    network = experiment.network
    inputs = np.array([point])
    activations = trainer.activations(inputs)[:, 0]
    layers, start = [], 0
    for size in network.layer_sizes:
        layers.append(_sealed(activations[start : start + size].copy()))
        start += size
    # The first weights of the first neuron are multiplied by the features, in order.
    features = trainer.factors(inputs, range(len(network.features)))[:, 0]
    outputs = layers[-1]
    several = len(outputs) > 1
    prediction = float(np.argmax(outputs)) if several else target_scale(outputs, experiment)[0]
    return PointAnswer(_sealed(inputs[0]), _sealed(features), tuple(layers), float(prediction))


def _neuron(
    trainer: Trainer, experiment: Experiment, data: DataView, neuron: tuple[int, int] | None
) -> NeuronGradient | None:
    bias = flat_index(ParameterAddress(*neuron), experiment.network) if neuron else None
    if neuron is None or bias is None or data.n_train == 0:
        return None
    x, y = training_set(experiment)
    # The bias's own are ∂ℓᵢ/∂z, and a weight's are those times what it is multiplied with.
    slopes = trainer.sample_gradients(x, y, bias)
    n_in = (len(experiment.network.features), *experiment.network.layer_sizes)[neuron[0]]
    factors = trainer.factors(x, range(bias - n_in, bias))
    weights = np.array([(row * slopes).mean() for row in factors])
    return NeuronGradient(neuron, _sealed(weights), float(slopes.mean()))


def _sealed(array: Float64s) -> Float64s:
    array.flags.writeable = False
    return array
