"""What the choices of an experiment are called in the window."""

from __future__ import annotations

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Initializer,
    Loss,
    Optimizer,
    OwnForm,
    Regularization,
)

DATASETS: dict[DatasetKind, str] = {
    DatasetKind.CIRCLE: "Circle",
    DatasetKind.XOR: "XOR",
    DatasetKind.GAUSS: "Gaussians",
    DatasetKind.SPIRAL: "Spiral",
    DatasetKind.MOONS: "Moons",
    DatasetKind.CHECKERBOARD: "Checkerboard",
    DatasetKind.YIN_YANG: "Yin and yang",
    DatasetKind.RINGS: "Rings",
    DatasetKind.BLOBS: "Blobs",
    DatasetKind.PLANE: "Plane",
    DatasetKind.HILLS: "Hills",
    DatasetKind.SINE: "Sine",
    DatasetKind.STEPS: "Steps",
    DatasetKind.PARABOLA: "Parabola",
    DatasetKind.KINK: "Kink",
    DatasetKind.XOR_TABLE: "XOR table",
    DatasetKind.AND_TABLE: "AND table",
    DatasetKind.OR_TABLE: "OR table",
    DatasetKind.NAND_TABLE: "NAND table",
}

OWN_WORDS = {OwnForm.POINTS: "Drawn", OwnForm.TABLE: "Own table", OwnForm.FILE: "CSV"}

ACTIVATIONS: dict[Activation, str] = {
    Activation.TANH: "tanh",
    Activation.RELU: "ReLU",
    Activation.SIGMOID: "sigmoid",
    Activation.LINEAR: "linear",
    Activation.LEAKY_RELU: "leaky ReLU",
    Activation.ELU: "ELU",
    Activation.SOFTPLUS: "softplus",
    Activation.GELU: "GELU",
    Activation.SILU: "SiLU",
}

LOSSES: dict[Loss, str] = {
    Loss.MSE: "Mean squared",
    Loss.HALF_MSE: "Half squared",
    Loss.MAE: "Mean absolute",
    Loss.HUBER: "Huber",
    Loss.HINGE: "Hinge",
    Loss.BCE_LOGITS: "Cross-entropy",
    Loss.SOFTMAX_CE: "Softmax entropy",
}

OPTIMIZERS: dict[Optimizer, str] = {
    Optimizer.SGD: "SGD",
    Optimizer.MOMENTUM: "Momentum",
    Optimizer.ADAGRAD: "Adagrad",
    Optimizer.RMSPROP: "RMSprop",
    Optimizer.ADAM: "Adam",
    Optimizer.ADAMW: "AdamW",
}

INITIALIZERS: dict[Initializer, str] = {
    Initializer.XAVIER_UNIFORM: "Xavier uniform",
    Initializer.XAVIER_NORMAL: "Xavier normal",
    Initializer.HE_UNIFORM: "He uniform",
    Initializer.HE_NORMAL: "He normal",
    Initializer.TF_PLAYGROUND: "Uniform ±0.5",
    Initializer.SEED: "Uniform 0 to 1",
    Initializer.MICROGRAD: "Uniform ±1",
    Initializer.ZEROS: "Zeros",
    Initializer.TOO_SMALL: "Too small",
    Initializer.TOO_LARGE: "Too large",
}

REGULARIZATIONS: dict[Regularization, str] = {
    Regularization.NONE: "None",
    Regularization.L1: "L1",
    Regularization.L2: "L2",
}


def samples_word(data: DataSpec) -> str:
    """Return what the samples are called."""
    if data.own is None:
        return DATASETS[data.kind]
    return data.own.title or OWN_WORDS[data.own.form]
