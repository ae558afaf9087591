"""tinyml: scalar autograd you can read, and a recorded tape that runs it compiled.

Importing this package does not import numba; the first `Trainer` that runs does.

Examples
--------
>>> from tinyml import Value
>>> x = Value(3.0)
>>> y = x * x + x
>>> y.backward()
>>> x.grad
7.0
"""

from tinyml.compiled import CompiledModel, Probe, Samples
from tinyml.datasets import DATASETS, Dataset, make_dataset
from tinyml.features import FEATURES, FeatureNetwork
from tinyml.graph import (
    BackwardStep,
    Contribution,
    ForwardStep,
    Walk,
    backward_steps,
    forward_steps,
    to_dot,
    toposort,
)
from tinyml.initializers import INITIALIZERS, Initializer
from tinyml.losses import LOSSES, Loss, mean_squared_error
from tinyml.nn import ACTIVATIONS, MLP, Layer, Module, MultilayerPerceptron, Neuron, Trace
from tinyml.ops import RULES, Op, OpRule
from tinyml.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from tinyml.schedules import (
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    LinearSchedule,
    StepSchedule,
)
from tinyml.tape import Tape, record
from tinyml.tensor import Tensor
from tinyml.testing import GradientCheck, GradientReport, central_difference, check_gradients
from tinyml.training import Trainer
from tinyml.training_state import TrainerState
from tinyml.value import Value

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FEATURES",
    "INITIALIZERS",
    "LOSSES",
    "MLP",
    "RULES",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "BackwardStep",
    "CompiledModel",
    "ConstantSchedule",
    "Contribution",
    "CosineSchedule",
    "Dataset",
    "ExponentialSchedule",
    "FeatureNetwork",
    "ForwardStep",
    "GradientCheck",
    "GradientReport",
    "Initializer",
    "Layer",
    "LinearSchedule",
    "Loss",
    "Module",
    "MultilayerPerceptron",
    "Neuron",
    "Op",
    "OpRule",
    "Optimizer",
    "Probe",
    "RMSprop",
    "Samples",
    "StepSchedule",
    "Tape",
    "Tensor",
    "Trace",
    "Trainer",
    "TrainerState",
    "Value",
    "Walk",
    "backward_steps",
    "central_difference",
    "check_gradients",
    "forward_steps",
    "make_dataset",
    "mean_squared_error",
    "record",
    "to_dot",
    "toposort",
]
