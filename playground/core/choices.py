"""The choices an experiment is made of; the value of each is its saved form."""

from __future__ import annotations

from enum import StrEnum


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
    YIN_YANG = "yin-yang"
    RINGS = "rings"
    BLOBS = "blobs"
    PLANE = "plane"
    HILLS = "hills"
    SINE = "sine"
    STEPS = "steps"
    PARABOLA = "parabola"
    KINK = "kink"
    XOR_TABLE = "xor-table"
    AND_TABLE = "and-table"
    OR_TABLE = "or-table"
    NAND_TABLE = "nand-table"

    @property
    def problem(self) -> Problem:
        """What there is to learn from this dataset as it is drawn (see `DataSpec.problem`)."""
        if self in (DatasetKind.RINGS, DatasetKind.BLOBS):
            return Problem.MULTICLASS
        if self in (DatasetKind.PLANE, DatasetKind.HILLS) or self.is_curve:
            return Problem.REGRESSION
        return Problem.CLASSIFICATION

    @property
    def is_curve(self) -> bool:
        """Whether there is one input x only, and a curve over it."""
        return self in (
            DatasetKind.SINE,
            DatasetKind.STEPS,
            DatasetKind.PARABOLA,
            DatasetKind.KINK,
        )

    @property
    def is_table(self) -> bool:
        """Whether this is a four-row truth table (targets 0 and 1, no noise, no test set)."""
        return self.value.endswith("-table")


class Feature(StrEnum):
    """An input of the network: one of the data's inputs, or a function of x₁ and x₂."""

    X1 = "x1"
    X2 = "x2"
    X1_SQUARED = "x1_squared"
    X2_SQUARED = "x2_squared"
    X1_X2 = "x1_x2"
    SIN_X1 = "sin_x1"
    SIN_X2 = "sin_x2"
    COS_X1 = "cos_x1"
    COS_X2 = "cos_x2"
    X3 = "x3"
    X4 = "x4"
    X5 = "x5"
    X6 = "x6"
    X7 = "x7"
    X8 = "x8"
    X9 = "x9"
    X10 = "x10"
    X11 = "x11"
    X12 = "x12"
    X13 = "x13"
    X14 = "x14"
    X15 = "x15"
    X16 = "x16"


MAX_INPUTS = 16
_OF_TWO = (Feature.X2, Feature.X2_SQUARED, Feature.X1_X2, Feature.SIN_X2, Feature.COS_X2)
_RAW = tuple(Feature(f"x{k + 1}") for k in range(MAX_INPUTS))


def raw_features(n_inputs: int) -> tuple[Feature, ...]:
    """Return the features that are the data's inputs themselves."""
    return _RAW[:n_inputs]


def available_features(n_inputs: int) -> tuple[Feature, ...]:
    """Return the features there are for data of so many inputs, in their standard order.

    One and two inputs have functions of them too; more inputs are features enough.
    """
    if n_inputs > 2:
        return raw_features(n_inputs)
    functions = tuple(f for f in Feature if f not in _RAW[2:])
    return functions if n_inputs == 2 else tuple(f for f in functions if f not in _OF_TWO)


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
    SOFTMAX_CE = "softmax_ce"

    @property
    def reads_logits(self) -> bool:
        """Whether it is a function of the last preactivations z: the outputs' a get no gradient."""
        return self in (Loss.BCE_LOGITS, Loss.SOFTMAX_CE)


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
