"""Input features: functions of the raw inputs x₁, x₂ …, recorded as scalar operations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tinyml.nn import Masks, Module, Trace
from tinyml.value import Value

MAX_INPUTS = 16


def _input(index: int) -> Callable[[Sequence[Value]], Value]:
    return lambda x: x[index]


FEATURES: dict[str, Callable[[Sequence[Value]], Value]] = {
    "x1": _input(0),
    "x2": _input(1),
    "x1_squared": lambda x: x[0] ** 2,
    "x2_squared": lambda x: x[1] ** 2,
    "x1_x2": lambda x: x[0] * x[1],
    "sin_x1": lambda x: x[0].sin(),
    "sin_x2": lambda x: x[1].sin(),
    "cos_x1": lambda x: x[0].cos(),
    "cos_x2": lambda x: x[1].cos(),
    **{f"x{k + 1}": _input(k) for k in range(2, MAX_INPUTS)},
}
"""x₁ x₂ x₁² x₂² x₁x₂ sin x₁ sin x₂ cos x₁ cos x₂, then the further inputs x₃ … x₁₆, by name."""
_NEEDS_TWO = frozenset(("x2", "x2_squared", "x1_x2", "sin_x2", "cos_x2"))


def inputs_needed(name: str) -> int:
    """Return how many raw inputs there must be for a feature of :data:`FEATURES`."""
    if name in _NEEDS_TWO:
        return 2
    return int(name[1:]) if name[1:].isdigit() else 1


class FeatureNetwork(Module):
    """A network over features of the raw inputs: the features' Values are part of its graph.

    Parameters
    ----------
    features : names of :data:`FEATURES`, one per input of `model`.
    model : the network behind the features; its parameters are this one's.
    n_inputs : how many raw inputs there are, 1–16.

    Raises
    ------
    ValueError
        If a name is unknown, a feature needs an input that there is not, or the number of features
        is not the model's number of inputs.

    Examples
    --------
    >>> from tinyml.nn import MLP
    >>> model = FeatureNetwork(["x1", "x1_squared"], MLP(2, [1], "linear", initializer="zeros"))
    >>> model.model.layers[0].neurons[0].weights[1].data = 2.0
    >>> model([3.0, 0.0]).data
    18.0
    """

    def __init__(self, features: Sequence[str], model: Module, n_inputs: int = 2) -> None:
        if not 1 <= n_inputs <= MAX_INPUTS:
            raise ValueError(f"n_inputs must be 1 to {MAX_INPUTS}, got {n_inputs!r}")
        for name in features:
            if name not in FEATURES:
                raise ValueError(f"a feature must be one of {', '.join(FEATURES)}, got {name!r}")
            if inputs_needed(name) > n_inputs:
                raise ValueError(f"{name} needs {inputs_needed(name)} inputs, there are {n_inputs}")
        if len(features) != model.n_inputs:
            raise ValueError(f"the network has {model.n_inputs} inputs, got {len(features)}")
        self.n_inputs = n_inputs
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
        """Return all neurons' Values for one sample of raw inputs."""
        return self.model.trace([FEATURES[name](inputs) for name in self.features], masks)
