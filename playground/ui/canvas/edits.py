"""The edits of a network that the canvas offers, as pure functions from value to value."""

from __future__ import annotations

from dataclasses import replace

from playground.core.experiment import Activation, Experiment, Feature, LayerSpec, NetworkSpec
from playground.core.parameters import with_changes
from playground.core.snapshot import BIAS, ParameterChange, ParameterEdit, Parameters

MAX_HAND_LAYERS = 8
MAX_HAND_NEURONS = 32
NEW_LAYER = LayerSpec(4)


def with_network(experiment: Experiment, network: NetworkSpec) -> Experiment:
    """Return the experiment with another network."""
    return replace(experiment, network=network)


def resized(network: NetworkSpec, layer: int, size: int) -> NetworkSpec:
    """Give a hidden layer `size` neurons, 1–32 (or as many as it has, if those are more)."""
    spec = network.hidden[layer]
    size = min(max(1, size), max(MAX_HAND_NEURONS, spec.size))
    return _with_hidden(network, layer, replace(spec, size=size))


def activated(network: NetworkSpec, layer: int, activation: Activation) -> NetworkSpec:
    """Give a layer, hidden or output, another activation."""
    if layer == len(network.hidden):
        return replace(network, output_activation=activation)
    return _with_hidden(network, layer, replace(network.hidden[layer], activation=activation))


def inserted(network: NetworkSpec, index: int) -> NetworkSpec:
    """Insert a hidden layer at `index`, like the one before it (or after it, or a usual one)."""
    if len(network.hidden) >= MAX_HAND_LAYERS:
        return network
    hidden = network.hidden
    model = hidden[index - 1] if index else hidden[0] if hidden else NEW_LAYER
    # A copy: the layers that stay are recognised by being the very same objects.
    return replace(network, hidden=(*hidden[:index], replace(model), *hidden[index:]))


def removed(network: NetworkSpec, layer: int) -> NetworkSpec:
    """Take a hidden layer out."""
    hidden = network.hidden
    return replace(network, hidden=hidden[:layer] + hidden[layer + 1 :])


def toggled(network: NetworkSpec, feature: Feature) -> NetworkSpec:
    """Switch a feature on or off; the last one stays on."""
    if feature in network.features and len(network.features) == 1:
        return network
    return replace(
        network,
        features=tuple(f for f in Feature if (f in network.features) != (f is feature)),
    )


def _with_hidden(network: NetworkSpec, layer: int, spec: LayerSpec) -> NetworkSpec:
    hidden = network.hidden
    return replace(network, hidden=(*hidden[:layer], spec, *hidden[layer + 1 :]))


def with_weight(
    parameters: Parameters, layer: int, target: int, source: int, value: float, label: str
) -> ParameterEdit:
    """Set one weight."""
    return changed(parameters, (ParameterChange(layer, target, source, value),), label)


def with_bias(
    parameters: Parameters, layer: int, index: int, value: float, label: str
) -> ParameterEdit:
    """Set one bias."""
    return changed(parameters, (ParameterChange(layer, index, BIAS, value),), label)


def changed(
    parameters: Parameters, changes: tuple[ParameterChange, ...], label: str
) -> ParameterEdit:
    """Set some numbers; all others keep what training makes of them."""
    return ParameterEdit(with_changes(parameters, changes), label, changes)
