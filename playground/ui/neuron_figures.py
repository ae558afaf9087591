"""The numbers that are told of one neuron: its weights, their gradients, its answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.experiment import Activation
from playground.core.snapshot import Snapshot
from playground.ui.input_names import source_names
from playground.ui.labels import SHORT_ACTIVATIONS, neuron_name, number, signed
from playground.ui.ticks import THIN_SPACE

NEVER_SATURATED = (Activation.LINEAR, Activation.LEAKY_RELU)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One weight of the neuron (or its bias): where it comes from, its value and its gradient."""

    name: str
    value: float
    gradient: float


@dataclass(frozen=True, slots=True, eq=False)
class NeuronFigures:
    """Everything the page says of one neuron.

    Attributes
    ----------
    incoming : the weights in source order, then the bias.
    counts : (HISTOGRAM_BINS,) answers over the train set.
    low, high : the histogram's range.
    figures : name and value of the lines below the histogram.
    """

    name: str
    activation: str
    incoming: tuple[Incoming, ...]
    counts: NDArray[np.int64]
    low: float
    high: float
    figures: tuple[tuple[str, str], ...]


def describe_neuron(snapshot: Snapshot, layer: int, index: int) -> NeuronFigures | None:
    """Collect a neuron's numbers; None if the snapshot's network does not have it.

    `layer` 0 is the first hidden layer, the number of hidden layers is the output.
    """
    network = snapshot.experiment.network
    if not 0 <= layer < len(snapshot.layers) or index >= len(snapshot.layers[layer].biases):
        return None
    numbers = snapshot.layers[layer]
    kind = network.activations[layer]
    sources = source_names(snapshot.experiment, layer)
    incoming = [
        Incoming(name, float(value), float(gradient))
        for name, value, gradient in zip(
            sources, numbers.weights[index], numbers.weight_gradients[index], strict=True
        )
    ]
    bias = float(numbers.biases[index])
    incoming.append(Incoming("bias", bias, float(numbers.bias_gradients[index])))
    counts = numbers.histogram[index]
    if kind is Activation.RELU:
        health = ("dead", "yes" if numbers.dead[index] else "no")
    elif kind in NEVER_SATURATED:
        health = ("activation", SHORT_ACTIVATIONS[kind])
    else:
        health = ("saturated", f"{100 * numbers.saturated[index]:.0f}{THIN_SPACE}%")
    variable = snapshot.experiment.gradient_of(layer)
    gradient = (f"mean |∂L/∂{variable}|", number(float(numbers.neuron_gradients[index]), 4))
    return NeuronFigures(
        name=neuron_name(layer, index, len(network.hidden), network.n_outputs),
        activation=SHORT_ACTIVATIONS[kind],
        incoming=tuple(incoming),
        counts=counts,
        low=numbers.histogram_range[0],
        high=numbers.histogram_range[1],
        figures=(
            gradient,
            health,
            ("bias", signed(bias, 2)),
        ),
    )
