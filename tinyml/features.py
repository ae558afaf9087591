"""Input features: functions of the raw inputs x₁ and x₂, recorded as scalar operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinyml.nn import Masks, Module, Trace
from tinyml.value import Value

FEATURES: dict[str, Callable[[Value, Value], Value]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1**2,
    "x2_squared": lambda x1, x2: x2**2,
    "x1_x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: x1.sin(),
    "sin_x2": lambda x1, x2: x2.sin(),
    "cos_x1": lambda x1, x2: x1.cos(),
    "cos_x2": lambda x1, x2: x2.cos(),
}
"""x₁ x₂ x₁² x₂² x₁x₂ sin x₁ sin x₂ cos x₁ cos x₂ by name, in their standard order."""


class FeatureNetwork(Module):
    """A network over features of (x₁, x₂): the features' Values are part of its graph.

    Parameters
    ----------
    features : names of :data:`FEATURES`, one per input of `model`.
    model : the network behind the features; its parameters are this one's.

    Raises
    ------
    ValueError
        If a name is unknown or their number is not the model's number of inputs.

    Examples
    --------
    >>> from tinyml.nn import MLP
    >>> model = FeatureNetwork(["x1", "x1_squared"], MLP(2, [1], "linear", initializer="zeros"))
    >>> model.model.layers[0].neurons[0].weights[1].data = 2.0
    >>> model([3.0, 0.0]).data
    18.0
    """

    def __init__(self, features: Sequence[str], model: Module) -> None:
        for name in features:
            if name not in FEATURES:
                raise ValueError(f"a feature must be one of {', '.join(FEATURES)}, got {name!r}")
        if len(features) != model.n_inputs:
            raise ValueError(f"the network has {model.n_inputs} inputs, got {len(features)}")
        self.n_inputs = 2
        self.n_outputs = model.n_outputs
        self.dropout = model.dropout
        self.features = tuple(features)
        self.model = model

    def parameters(self) -> list[Value]:
        """Return the parameters of the network behind the features."""
        return self.model.parameters()

    def biases(self) -> list[Value]:
        """Return the biases of the network behind the features."""
        return self.model.biases()

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return all neurons' Values for one sample (x₁, x₂)."""
        x1, x2 = inputs
        return self.model.trace([FEATURES[name](x1, x2) for name in self.features], masks)
