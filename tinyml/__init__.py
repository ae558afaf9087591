"""tinyml: scalar autograd you can read, and a recorded tape that runs it compiled.

Importing this package does not import numba; the first `Trainer` that runs does.
"""

from tinyml.datasets import Dataset, make_dataset
from tinyml.features import FeatureNetwork
from tinyml.graph import toposort
from tinyml.losses import LOSSES, mean_squared_error
from tinyml.nn import MLP, Layer, Module, MultilayerPerceptron, Neuron
from tinyml.ops import RULES, Op
from tinyml.optimizers import SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop
from tinyml.tape import Tape, record
from tinyml.training import Probe, Trainer
from tinyml.value import Value

__all__ = [
    "LOSSES",
    "MLP",
    "RULES",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Dataset",
    "FeatureNetwork",
    "Layer",
    "Module",
    "MultilayerPerceptron",
    "Neuron",
    "Op",
    "Optimizer",
    "Probe",
    "RMSprop",
    "Tape",
    "Trainer",
    "Value",
    "make_dataset",
    "mean_squared_error",
    "record",
    "toposort",
]
