"""What a snapshot says about the things that were asked for with a `Focus`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.core.focus import Focus, ParameterAddress

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
class Series:
    """What a run keeps beside its losses, one entry per kept epoch; NaN where there is none.

    Attributes
    ----------
    epochs : (k,) ascending; the last is the present and may be a fraction.
    train_accuracy, test_accuracy : (k,) shares of right classes.
    penalty : (k,) the regularisation term.
    train_fit, test_fit : (k,) R² of a regression.
    update_ratios : (k, n_layers) ‖Δw‖ / ‖w‖ of each layer's weights in the last step.
    """

    epochs: Float64s
    train_accuracy: Float64s
    test_accuracy: Float64s
    penalty: Float64s
    train_fit: Float64s
    test_fit: Float64s
    update_ratios: Float64s


@dataclass(frozen=True, slots=True, eq=False)
class LayerTrail:
    """The past of one layer's Values, one entry per kept epoch.

    Attributes
    ----------
    layer : which; 0 is the first hidden one.
    epochs : (k,) ascending; the last is the present.
    values, gradients : (k, n_out, n_in + 1) weights and, last, the bias; and their gradients in
        the last batch.
    activations, neuron_gradients : (k, n_out) mean a over the train set, and as in `LayerSnapshot`.
    """

    layer: int
    epochs: Float64s
    values: Float64s
    gradients: Float64s
    activations: Float64s
    neuron_gradients: Float64s


@dataclass(frozen=True, slots=True, eq=False)
class NeuronGradient:
    """The gradient of one neuron's own parameters: that of a batch of the whole train set.

    Attributes
    ----------
    neuron : layer and index.
    weights : (n_in,) ∂L/∂w of the data loss, without a penalty.
    bias : ∂L/∂b.
    """

    neuron: tuple[int, int]
    weights: Float64s
    bias: float


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers to a `Focus`; what was not asked, or the network does not have, is not there."""

    samples: tuple[SampleGradients, ...] = ()
    points: tuple[PointAnswer, ...] = ()
    neuron: NeuronGradient | None = None
    series: Series | None = None
    trails: tuple[LayerTrail, ...] = ()

    def sample(self, address: ParameterAddress) -> SampleGradients | None:
        """Return a parameter's gradients by sample, if they were asked for."""
        return next((one for one in self.samples if one.address == address), None)

    def point(self, inputs: tuple[float, ...]) -> PointAnswer | None:
        """Return the answers at a point, if they were asked for."""
        return next((one for one in self.points if tuple(one.inputs.tolist()) == inputs), None)

    def trail(self, layer: int) -> LayerTrail | None:
        """Return the past of a layer, if it was asked for."""
        return next((trail for trail in self.trails if trail.layer == layer), None)

    def cover(self, focus: Focus) -> bool:
        """Whether everything that `focus` asks about the past and the samples is answered."""
        return (
            all(self.sample(address) is not None for address in focus.weights)
            and all(self.point(inputs) is not None for inputs in focus.points)
            and all(self.trail(layer) is not None for layer in focus.trails)
            and (self.series is not None or not focus.series)
        )


NO_ANSWERS = Answers()
"""The answers when nothing is asked."""
