"""What a snapshot says about the things that were asked for with a `Focus`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.focus import ParameterAddress

Float64s = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SampleGradients:
    """One parameter's gradient, sample by sample.

    Attributes
    ----------
    address : the parameter.
    gradients : (n_train,) ∂ℓᵢ/∂w, ℓᵢ the sample's own loss; their mean is the gradient of a batch
        of all of them.
    """

    address: ParameterAddress
    gradients: Float64s


@dataclass(frozen=True, slots=True, eq=False)
class PointAnswer:
    """What every neuron answers at one point.

    Attributes
    ----------
    inputs : (n_inputs,) the point.
    features : (n_features,) the features in use.
    activations : per layer (n_out,); the last are the outputs.
    prediction : the prediction on the scale of the targets; of several classes the likeliest one's
        number.
    """

    inputs: Float64s
    features: Float64s
    activations: tuple[Float64s, ...]
    prediction: float


@dataclass(frozen=True, slots=True, eq=False)
class OptimizerArray:
    """One of the optimiser's arrays ("m", "v", …), laid out like the parameters.

    Attributes
    ----------
    weights : per layer (n_out, n_in).
    biases : per layer (n_out,).
    """

    name: str
    weights: tuple[Float64s, ...]
    biases: tuple[Float64s, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers to a `Focus`; None where nothing was asked or the network does not have it."""

    samples: SampleGradients | None = None
    point: PointAnswer | None = None
    optimizer: tuple[OptimizerArray, ...] | None = None


NO_ANSWERS = Answers()
"""The answers when nothing is asked."""
