"""Input features: functions of the raw inputs x₁ and x₂, recorded as scalar operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinyml.nn import Masks, Module, Trace
from tinyml.value import Value

FEATURES: dict[str, Callable[[Value, Value], Value]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1_x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: x1.sin(),
    "sin_x2": lambda x1, x2: x2.sin(),
    "cos_x1": lambda x1, x2: x1.cos(),
    "cos_x2": lambda x1, x2: x2.cos(),
}


class FeatureNetwork(Module):
    """A network over features of (x₁, x₂): the features' Values are part of its graph."""

    def __init__(self, features: Sequence[str], model: Module) -> None:
        if len(features) != model.n_inputs:
            raise ValueError(f"the network has {model.n_inputs} inputs, got {len(features)}")
        self.n_inputs = 2
        self.n_outputs = model.n_outputs
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
