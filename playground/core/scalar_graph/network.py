"""From an experiment and its parameters to the scalar graph of a sample or a mini-batch.

The Values are made by the engine in its own order of operations, so that they are the nodes that
the tape of the training was recorded from.
"""

from __future__ import annotations

from collections.abc import Sequence

from playground.core.build import make_model, training_set
from playground.core.experiment import Experiment, Feature
from playground.core.parameters import to_flat
from playground.core.scalar_graph.graph import Group, Kind, Name, Role, ScalarGraph, assemble
from playground.core.snapshot import Parameters
from tinyml.features import FeatureNetwork
from tinyml.losses import LOSSES
from tinyml.nn import Trace
from tinyml.value import Value

MAX_BATCH = 100
"""Samples at most in one graph."""
MAX_VALUES = 200_000
"""Nodes at most in one graph: more can neither be shown nor kept in step with the training."""

FEATURE_NAMES = {
    Feature.X1: Name("x", "1"),
    Feature.X2: Name("x", "2"),
    Feature.X1_SQUARED: Name("x", "1", "2"),
    Feature.X2_SQUARED: Name("x", "2", "2"),
    Feature.X1_X2: Name("x₁x₂"),
    Feature.SIN_X1: Name("sin x₁"),
    Feature.SIN_X2: Name("sin x₂"),
    Feature.COS_X1: Name("cos x₁"),
    Feature.COS_X2: Name("cos x₂"),
}


def largest_batch(experiment: Experiment, n_values: int) -> int:
    """Return how many samples a graph may have, when one sample has `n_values` nodes."""
    n_train = len(training_set(experiment)[0])
    return max(1, min(MAX_BATCH, n_train, MAX_VALUES // max(1, n_values)))


def network_graph(
    experiment: Experiment, parameters: Parameters, samples: Sequence[int]
) -> ScalarGraph:
    """Return the graph of the data loss over training samples: one sample's own, or the mean.

    Raises
    ------
    IndexError
        If there is no such training sample.
    ValueError
        If no sample is asked for, or so many that the graph would exceed MAX_VALUES.
    """
    if not samples:
        raise ValueError("a graph needs at least one sample, got none")
    return _Builder(experiment, parameters, tuple(samples)).build()


class _Builder:
    def __init__(
        self, experiment: Experiment, parameters: Parameters, samples: tuple[int, ...]
    ) -> None:
        self._experiment, self._samples = experiment, samples
        self._model: FeatureNetwork = make_model(experiment.network)
        self._values = self._model.parameters()
        for value, number in zip(self._values, to_flat(parameters).tolist(), strict=True):
            value.data = number
        self._names: dict[int, Name] = {}
        self._roles: dict[int, Role] = {}
        self._paths: dict[int, tuple[Group, ...]] = {}
        self._neurons: dict[int, tuple[int, int]] = {}
        self._pinned: list[Value] = []
        self._kept: list[tuple[Trace, list[Value], list[Value]]] = []

    def build(self) -> ScalarGraph:
        x, y = training_set(self._experiment)
        batch = len(self._samples) > 1
        self._name_parameters(batch)
        losses = []
        for position, sample in enumerate(self._samples):
            inputs = [Value(v) for v in x[sample].tolist()]
            targets = [Value(v) for v in y[sample].reshape(-1).tolist()]
            losses.append(self._sample(inputs, targets, position if batch else -1))
            if position == 0 and len(self._paths) * len(self._samples) > 2 * MAX_VALUES:
                raise ValueError(f"the graph would have more than {MAX_VALUES} nodes")
        return assemble(
            self._mean(losses) if batch else losses[0],
            self._names,
            self._roles,
            self._paths,
            pinned=self._pinned,
            parameters=self._values,
            neurons=self._neurons,
            samples=self._samples,
        )

    def _name_parameters(self, batch: bool) -> None:
        model = self._model.model
        n_layers = len(self._experiment.network.layer_sizes)
        widths = (len(self._experiment.network.features), *self._experiment.network.layer_sizes)
        values = iter(model.parameters())
        for layer in range(n_layers):
            w, b, _, _ = self._letters(layer)
            for neuron in range(widths[layer + 1]):
                groups: tuple[Group, ...] = ()
                if batch:
                    groups = (
                        Group(Kind.LAYER_PARAMETERS, layer=layer),
                        Group(Kind.NEURON_PARAMETERS, layer=layer, neuron=neuron),
                    )
                for source in range(widths[layer] + 1):
                    value = next(values)
                    is_bias = source == widths[layer]
                    indices = [neuron] if is_bias else [neuron, source]
                    sub = self._index(layer, indices, is_bias)
                    self._names[id(value)] = Name(b if is_bias else w, sub, self._raised(layer))
                    self._roles[id(value)] = Role.BIAS if is_bias else Role.WEIGHT
                    self._neurons[id(value)] = layer, neuron
                    if batch:
                        self._paths[id(value)] = groups

    def _letters(self, layer: int) -> tuple[str, str, str, str]:
        """Return the letters of a layer's weights, biases, sums and results."""
        n_hidden = len(self._experiment.network.hidden)
        if layer < n_hidden:
            return "w", "b", "z", "h"
        return ("v", "c", "s", "ŷ") if n_hidden else ("w", "b", "z", "ŷ")

    def _raised(self, layer: int) -> str:
        n_hidden = len(self._experiment.network.hidden)
        return str(layer + 1) if n_hidden > 1 and layer < n_hidden else ""

    def _index(self, layer: int, indices: Sequence[int], is_bias: bool = False) -> str:
        lone_output = (
            layer == len(self._experiment.network.hidden)
            and self._experiment.network.n_outputs == 1
        )
        shown = indices[1:] if lone_output else indices
        comma = "," if any(k > 8 for k in shown) else ""
        return comma.join(str(k + 1) for k in shown)

    def _sample(self, inputs: list[Value], targets: list[Value], position: int) -> Value:
        outer = (Group(Kind.SAMPLE, position),) if position >= 0 else ()
        loss = LOSSES[self._experiment.training.loss.value]
        trace = self._model.trace(inputs)
        # What the loss does not read (an input that no feature takes, an output) must live until
        # ids are no longer looked up: a freed Value leaves its id, name and group to another.
        self._kept.append((trace, inputs, targets))
        outputs = trace.preactivations[-1] if loss.on_logits else trace.activations[-1]
        root = loss.function(outputs, targets)
        many = len(targets) > 1
        for k, value in enumerate(inputs):
            self._note(value, Name("x", str(k + 1)), Role.INPUT)
        for k, value in enumerate(targets):
            self._note(value, Name("y", str(k + 1) if many else ""), Role.TARGET)
        self._group_inputs(inputs, outer, position)
        self._group_neurons(trace, outer, position)
        self._claim(root, (*outer, Group(Kind.LOSS, position)), None)
        number = str(self._samples[position] + 1) if position >= 0 else ""
        self._names[id(root)] = Name("ℓ", number) if position >= 0 else Name("L")
        return root

    def _note(self, value: Value, name: Name, role: Role) -> None:
        self._names[id(value)], self._roles[id(value)] = name, role

    def _group_inputs(self, inputs: list[Value], outer: tuple[Group, ...], position: int) -> None:
        path = (*outer, Group(Kind.INPUTS, position))
        for value in inputs:
            self._paths[id(value)] = path

    def _group_neurons(self, trace: Trace, outer: tuple[Group, ...], position: int) -> None:
        features = self._experiment.network.features
        # The first layer's products read the features; those are all that is not yet claimed.
        products = self._products(trace.preactivations[0][0])
        for kind, product in zip(features, products, strict=True):
            feature = product.parents[1]
            if id(feature) not in self._names:  # the inputs themselves have their names
                self._names[id(feature)] = FEATURE_NAMES[kind]
            self._claim(feature, (*outer, Group(Kind.INPUTS, position)), None)
        sums = zip(trace.preactivations, trace.activations, strict=True)
        for layer, (preactivations, activations) in enumerate(sums):
            _, _, z, a = self._letters(layer)
            pairs = zip(preactivations, activations, strict=True)
            for neuron, (total, result) in enumerate(pairs):
                sub, sup = self._index(layer, [neuron]), self._raised(layer)
                self._names[id(total)] = Name(z, sub, sup)
                self._names[id(result)] = Name(a, sub, sup)
                path = (
                    *outer,
                    Group(Kind.LAYER, position, layer),
                    Group(Kind.NEURON, position, layer, neuron),
                )
                self._claim(result, path, (layer, neuron))
                self._pinned += [total, result]

    @staticmethod
    def _products(total: Value) -> list[Value]:
        """Return the products of ``bias + w₁·x₁ + w₂·x₂ + …``, first to last."""
        products = []
        while total.parents:
            products.append(total.parents[1])
            total = total.parents[0]
        return products[::-1]

    def _claim(self, value: Value, path: tuple[Group, ...], neuron: tuple[int, int] | None) -> None:
        """Put a node, and all it was made from that nobody has claimed, into the groups `path`."""
        paths, stack = self._paths, [value]
        while stack:
            node = stack.pop()
            key = id(node)
            if key not in paths:
                paths[key] = path
                if neuron is not None:
                    self._neurons[key] = neuron
                stack += node.parents

    def _mean(self, losses: list[Value]) -> Value:
        total = losses[0]
        for loss in losses[1:]:
            total = total + loss
        mean = total * (1.0 / len(losses))
        self._names[id(mean)] = Name("L")
        self._claim(mean, (Group(Kind.MEAN),), None)
        return mean
