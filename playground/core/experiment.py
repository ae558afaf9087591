"""The experiment: what a person sets up, as one frozen value.

An :class:`Experiment` is a `DataSpec`, a `NetworkSpec`, a `TrainingSpec` and a seed. Every control
of the app edits it with :func:`dataclasses.replace`; undo, files and the worker hold such values
and nothing else. Validation happens here, where values are made.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Self

from playground.core.choices import (
    MAX_INPUTS,
    Activation,
    DatasetKind,
    Feature,
    Initializer,
    Loss,
    Optimizer,
    Problem,
    Regularization,
    Speed,
    available_features,
    raw_features,
)
from playground.core.data_spec import MAX_SAMPLES, DataSpec, require, require_range
from playground.core.own_data import MAX_CLASSES, OwnData, OwnForm

__all__ = [
    "CLASSES_ONLY",
    "MAX_CLASSES",
    "MAX_HIDDEN_LAYERS",
    "MAX_INPUTS",
    "MAX_NEURONS",
    "MAX_PARAMETERS",
    "MAX_SAMPLES",
    "Activation",
    "DataSpec",
    "DatasetKind",
    "Experiment",
    "Feature",
    "Initializer",
    "LayerSpec",
    "Loss",
    "NetworkSpec",
    "Optimizer",
    "OwnData",
    "OwnForm",
    "Problem",
    "Regularization",
    "Speed",
    "TrainingSpec",
    "available_features",
    "presets",
    "raw_features",
]

MAX_HIDDEN_LAYERS = 15
MAX_NEURONS = 512
MAX_PARAMETERS = 100_000
CLASSES_ONLY = (Loss.HINGE, Loss.BCE_LOGITS)
"""Losses of two classes, which numbers as targets do not have."""


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One hidden layer: its number of neurons (1–512) and their activation."""

    size: int
    activation: Activation = Activation.TANH

    def __post_init__(self) -> None:
        require_range("neurons in a layer", self.size, 1, MAX_NEURONS)


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """The shape of the network: features, hidden layers, output activation, first weights.

    Attributes
    ----------
    n_inputs : inputs of the data, 1–16; they decide which features there are.
    n_outputs : 1, or as many as there are classes, 3–5.
    """

    features: tuple[Feature, ...] = (Feature.X1, Feature.X2)
    hidden: tuple[LayerSpec, ...] = (LayerSpec(4), LayerSpec(2))
    output_activation: Activation = Activation.TANH
    initializer: Initializer = Initializer.XAVIER_UNIFORM
    n_inputs: int = 2
    n_outputs: int = 1

    def __post_init__(self) -> None:
        require_range("n_inputs", self.n_inputs, 1, MAX_INPUTS)
        require(
            self.n_outputs == 1 or 3 <= self.n_outputs <= MAX_CLASSES,
            f"n_outputs must be 1, or 3 to {MAX_CLASSES}, got {self.n_outputs!r}",
        )
        require(len(self.features) >= 1, "a network needs at least one input feature")
        require(
            self.features == tuple(f for f in Feature if f in self.features),
            "features must be listed once each, in their standard order",
        )
        missing = [f.value for f in self.features if f not in self.available_features]
        require(not missing, f"data of {self.n_inputs} inputs have no feature {missing}")
        require(
            len(self.hidden) <= MAX_HIDDEN_LAYERS,
            f"a network has at most {MAX_HIDDEN_LAYERS} hidden layers, got {len(self.hidden)}",
        )
        require(
            self.n_parameters <= MAX_PARAMETERS,
            f"a network has at most {MAX_PARAMETERS} parameters, got {self.n_parameters}",
        )

    @property
    def available_features(self) -> tuple[Feature, ...]:
        """The features that could be switched on, in their standard order."""
        return available_features(self.n_inputs)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Neurons per layer, the output layer included, the inputs not."""
        return (*(layer.size for layer in self.hidden), self.n_outputs)

    def has_neuron(self, layer: int, index: int) -> bool:
        """Whether there is such a neuron; layer 0 is the first hidden one, the last the output."""
        sizes = self.layer_sizes
        return 0 <= layer < len(sizes) and 0 <= index < sizes[layer]

    @property
    def activations(self) -> tuple[Activation, ...]:
        """Activation per layer, the output layer included."""
        return (*(layer.activation for layer in self.hidden), self.output_activation)

    @property
    def n_parameters(self) -> int:
        """Weights and biases together."""
        sizes = (len(self.features), *self.layer_sizes)
        return sum((a + 1) * b for a, b in itertools.pairwise(sizes))


@dataclass(frozen=True, slots=True)
class TrainingSpec:
    """How the network is trained; every field may change while it trains."""

    loss: Loss = Loss.MSE
    optimizer: Optimizer = Optimizer.SGD
    learning_rate: float = 0.03
    batch_size: int = 10
    regularization: Regularization = Regularization.NONE
    regularization_rate: float = 0.0
    speed: Speed = Speed.FULL

    def __post_init__(self) -> None:
        require(
            isfinite(self.learning_rate) and self.learning_rate > 0,
            f"learning_rate must be finite and positive, got {self.learning_rate!r}",
        )
        require_range("batch_size", self.batch_size, 1, MAX_SAMPLES)
        require_range("regularization_rate", self.regularization_rate, 0.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Experiment:
    """Everything that decides a run: same experiment, same bits.

    `seed` draws first weights and the order of samples; the data have their own (`DataSpec.seed`),
    so that neither changes the other.
    """

    data: DataSpec = field(default_factory=DataSpec)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingSpec = field(default_factory=TrainingSpec)
    seed: int = 0

    def __post_init__(self) -> None:
        require_range("seed", self.seed, 0, 2**32 - 1)
        data, network = self.data, self.network
        require(
            network.n_inputs == data.n_inputs,
            f"the data have {data.n_inputs} inputs, the network {network.n_inputs}",
        )
        require(
            network.n_outputs == data.n_outputs,
            f"the data need {data.n_outputs} outputs, the network has {network.n_outputs}",
        )
        require(
            (self.training.loss is Loss.SOFTMAX_CE) == (network.n_outputs > 1),
            f"{self.training.loss} does not go with {network.n_outputs} outputs",
        )

    def gradient_of(self, layer: int) -> str:
        """Return what a neuron's gradient is that of: "z" of outputs whose loss reads z, else "a".

        Their a comes after what the loss reads, so it has no gradient.
        """
        is_output = layer == len(self.network.hidden)
        return "z" if is_output and self.training.loss.reads_logits else "a"

    def with_seed(self, seed: int) -> Self:
        """Return the same set-up with all its randomness drawn from `seed`."""
        return replace(self, seed=seed, data=replace(self.data, seed=seed))

    def with_speed(self, speed: Speed) -> Self:
        """Return the same set-up, shown at another speed."""
        return replace(self, training=replace(self.training, speed=speed))

    def with_data(self, data: DataSpec) -> Self:
        """Return the experiment on other data, with what they ask of network and loss.

        Features that the data have not are dropped, inputs that they bring are switched on;
        another kind of problem brings its usual output activation, and its loss where the one
        in force does not fit.
        """
        network, loss = self.network, self.training.loss
        problem = data.problem
        if data.n_inputs != network.n_inputs:
            brought = raw_features(data.n_inputs)[network.n_inputs :]
            there = available_features(data.n_inputs)
            features = tuple(f for f in there if f in network.features or f in brought)
            network = replace(
                network, n_inputs=data.n_inputs, features=features or raw_features(data.n_inputs)
            )
        if data.n_outputs != network.n_outputs:
            network = replace(network, n_outputs=data.n_outputs)
        if problem is not self.data.problem and not (data.is_table and self.data.is_table):
            classes = problem is Problem.CLASSIFICATION
            output = Activation.TANH if classes else Activation.LINEAR
            network = replace(network, output_activation=output)
        if problem is Problem.MULTICLASS:
            loss = Loss.SOFTMAX_CE
        elif loss is Loss.SOFTMAX_CE or (problem is Problem.REGRESSION and loss in CLASSES_ONLY):
            loss = Loss.MSE
        training = replace(self.training, loss=loss)
        return replace(self, data=data, network=network, training=training)


def on_dataset(experiment: Experiment, kind: DatasetKind) -> Experiment:
    """Return the experiment on another dataset.

    A network and a training that nobody has shaped, those of the old dataset's preset, give way to
    those of the new one, so that whoever only chooses a dataset sees it learned. Whatever a person
    has set up is kept, apart from what the data ask for.
    """
    data, speed = experiment.data, experiment.training.speed
    n_usual = _preset(data.kind).data.n_samples
    usual = _preset(data.kind).with_speed(speed).with_data(data)
    untouched = (
        data.own is None
        and experiment.network == usual.network
        and experiment.training == usual.training
    )
    if not untouched:
        return experiment.with_data(data.of_kind(kind))
    ready = _preset(kind).with_speed(speed)
    size = ready.data.n_samples if data.n_samples == n_usual else data.n_samples
    ready = ready.with_data(replace(data.of_kind(kind), n_samples=size))
    return replace(ready, seed=experiment.seed)


def presets() -> dict[str, Experiment]:
    """Return ready experiments by name: one for every dataset, each set up so that it learns."""
    return {kind.value: _preset(kind) for kind in DatasetKind}


def _preset(kind: DatasetKind) -> Experiment:
    if kind.is_table:
        # The seed's demonstration: 2→4→1, tanh everywhere, all four rows at once.
        network = NetworkSpec(hidden=(LayerSpec(4),), initializer=Initializer.SEED)
        return Experiment(DataSpec(kind), network, TrainingSpec(learning_rate=0.1, batch_size=4))
    if kind is DatasetKind.SPIRAL:
        return Experiment(DataSpec(kind), _deep(Activation.ELU), _by_adam(0.01))
    if kind is DatasetKind.CHECKERBOARD:
        data = DataSpec(kind, n_samples=1000)
        return Experiment(data, _deep(Activation.SILU), _by_adam(0.005))
    if kind is DatasetKind.YIN_YANG:
        return Experiment(DataSpec(kind, n_samples=1000), _deep(Activation.ELU), _by_adam(0.01))
    if kind.problem is Problem.MULTICLASS:
        hidden = (LayerSpec(8), LayerSpec(6))
        experiment = Experiment(network=NetworkSpec(hidden=hidden)).with_data(DataSpec(kind))
        training = TrainingSpec(Loss.SOFTMAX_CE, Optimizer.ADAM, 0.01)
        return replace(experiment, training=training)
    if kind.is_curve:
        hidden = (LayerSpec(8), LayerSpec(6))
        experiment = Experiment(network=NetworkSpec(hidden=hidden)).with_data(DataSpec(kind, 200))
        training = TrainingSpec(optimizer=Optimizer.ADAM, learning_rate=0.01)
        return replace(experiment, training=training)
    if kind.problem is Problem.REGRESSION:
        steep = kind is DatasetKind.HILLS
        network = NetworkSpec(
            hidden=(LayerSpec(8), LayerSpec(6)) if steep else NetworkSpec().hidden,
            output_activation=Activation.LINEAR,
        )
        adam = TrainingSpec(optimizer=Optimizer.ADAM, learning_rate=0.01)
        return Experiment(
            DataSpec(kind, n_samples=1200), network, adam if steep else TrainingSpec()
        )
    return Experiment(DataSpec(kind))


def _deep(activation: Activation) -> NetworkSpec:
    hidden = tuple(LayerSpec(8, activation) for _ in range(3))
    return NetworkSpec(hidden=hidden, output_activation=Activation.SIGMOID)


def _by_adam(learning_rate: float) -> TrainingSpec:
    return TrainingSpec(Loss.BCE_LOGITS, Optimizer.ADAM, learning_rate)
