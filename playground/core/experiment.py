"""The experiment: what a person sets up, as one frozen value.

An :class:`Experiment` is a `DataSpec`, a `NetworkSpec`, a `TrainingSpec` and a seed. Every control
of the app edits it with :func:`dataclasses.replace`; undo, files and the worker hold such values
and nothing else. Validation happens here, where values are made.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite
from typing import Self

MAX_HIDDEN_LAYERS = 15
MAX_NEURONS = 512
MAX_PARAMETERS = 100_000
MAX_SAMPLES = 20_000


class Problem(StrEnum):
    """What the network has to learn from a dataset."""

    CLASSIFICATION = "classification"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


class DatasetKind(StrEnum):
    """A generator of samples, or one of the four-row tables; the value is tinyml's name for it."""

    CIRCLE = "circle"
    XOR = "xor"
    GAUSS = "gauss"
    SPIRAL = "spiral"
    MOONS = "moons"
    CHECKERBOARD = "checkerboard"
    PLANE = "plane"
    HILLS = "hills"
    XOR_TABLE = "xor-table"
    AND_TABLE = "and-table"
    OR_TABLE = "or-table"
    NAND_TABLE = "nand-table"

    @property
    def problem(self) -> Problem:
        """Whether this dataset is a classification or a regression."""
        if self in (DatasetKind.PLANE, DatasetKind.HILLS):
            return Problem.REGRESSION
        return Problem.CLASSIFICATION

    @property
    def is_table(self) -> bool:
        """Whether this is a four-row truth table (targets 0 and 1, no noise, no test set)."""
        return self.value.endswith("-table")


class Feature(StrEnum):
    """An input of the network, computed from x₁ and x₂."""

    X1 = "x1"
    X2 = "x2"
    X1_SQUARED = "x1_squared"
    X2_SQUARED = "x2_squared"
    X1_X2 = "x1_x2"
    SIN_X1 = "sin_x1"
    SIN_X2 = "sin_x2"


class Activation(StrEnum):
    """The function a neuron applies to its weighted sum."""

    TANH = "tanh"
    RELU = "relu"
    SIGMOID = "sigmoid"
    LINEAR = "linear"
    LEAKY_RELU = "leaky_relu"
    ELU = "elu"
    SOFTPLUS = "softplus"
    GELU = "gelu"
    SILU = "silu"


class Loss(StrEnum):
    """The scalar that training minimises."""

    MSE = "mse"
    HALF_MSE = "half_mse"
    MAE = "mae"
    HUBER = "huber"
    HINGE = "hinge"
    BCE_LOGITS = "bce_logits"


class Optimizer(StrEnum):
    """The rule that turns gradients into steps."""

    SGD = "sgd"
    MOMENTUM = "momentum"
    ADAGRAD = "adagrad"
    RMSPROP = "rmsprop"
    ADAM = "adam"
    ADAMW = "adamw"


class Initializer(StrEnum):
    """How the first weights are drawn."""

    XAVIER_UNIFORM = "xavier_uniform"
    XAVIER_NORMAL = "xavier_normal"
    HE_UNIFORM = "he_uniform"
    HE_NORMAL = "he_normal"
    TF_PLAYGROUND = "tf_playground"
    SEED = "seed"
    MICROGRAD = "micrograd"
    ZEROS = "zeros"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"


class Regularization(StrEnum):
    """A penalty on the weights (never on the biases)."""

    NONE = "none"
    L1 = "l1"
    L2 = "l2"


class Speed(StrEnum):
    """How fast the app trains; the steps of the speed slider, slowest first."""

    OPS_1 = "1 op/s"
    OPS_10 = "10 ops/s"
    OPS_100 = "100 ops/s"
    BATCH_1 = "1 batch/frame"
    EPOCH_1 = "1 epoch/frame"
    EPOCH_4 = "4 epochs/frame"
    EPOCH_16 = "16 epochs/frame"
    FULL = "full"


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _require_range(name: str, value: float, low: float, high: float) -> None:
    _require(
        isfinite(value) and low <= value <= high,
        f"{name} must be between {low:g} and {high:g}, got {value!r}",
    )


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which samples there are.

    Attributes
    ----------
    kind : the generator or table.
    n_samples : how many samples are drawn, 4–5000; tables ignore it.
    noise : 0–0.5, as the reference's slider divided by 100; tables ignore it.
    train_share : 0.1–0.9, the part of the samples that is trained on; tables train on all.
    seed : the draw; *Regenerate* changes it and nothing else.
    """

    kind: DatasetKind = DatasetKind.CIRCLE
    n_samples: int = 500
    noise: float = 0.0
    train_share: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        _require_range("n_samples", self.n_samples, 4, MAX_SAMPLES)
        _require_range("noise", self.noise, 0.0, 0.5)
        _require_range("train_share", self.train_share, 0.1, 0.9)
        _require_range("data seed", self.seed, 0, 2**32 - 1)


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One hidden layer: its number of neurons (1–512) and their activation."""

    size: int
    activation: Activation = Activation.TANH

    def __post_init__(self) -> None:
        _require_range("neurons in a layer", self.size, 1, MAX_NEURONS)


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """The shape of the network: features, hidden layers, output activation, first weights."""

    features: tuple[Feature, ...] = (Feature.X1, Feature.X2)
    hidden: tuple[LayerSpec, ...] = (LayerSpec(4), LayerSpec(2))
    output_activation: Activation = Activation.TANH
    initializer: Initializer = Initializer.XAVIER_UNIFORM

    def __post_init__(self) -> None:
        _require(len(self.features) >= 1, "a network needs at least one input feature")
        _require(
            self.features == tuple(f for f in Feature if f in self.features),
            "features must be listed once each, in their standard order",
        )
        _require(
            len(self.hidden) <= MAX_HIDDEN_LAYERS,
            f"a network has at most {MAX_HIDDEN_LAYERS} hidden layers, got {len(self.hidden)}",
        )
        _require(
            self.n_parameters <= MAX_PARAMETERS,
            f"a network has at most {MAX_PARAMETERS} parameters, got {self.n_parameters}",
        )

    @property
    def n_outputs(self) -> int:
        """The number of output neurons."""
        return 1

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Neurons per layer, the output layer included, the inputs not."""
        return (*(layer.size for layer in self.hidden), self.n_outputs)

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
        _require(
            isfinite(self.learning_rate) and self.learning_rate > 0,
            f"learning_rate must be finite and positive, got {self.learning_rate!r}",
        )
        _require_range("batch_size", self.batch_size, 1, MAX_SAMPLES)
        _require_range("regularization_rate", self.regularization_rate, 0.0, 1000.0)


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
        _require_range("seed", self.seed, 0, 2**32 - 1)

    def with_seed(self, seed: int) -> Self:
        """Return the same set-up with all its randomness drawn from `seed`."""
        return replace(self, seed=seed, data=replace(self.data, seed=seed))


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
