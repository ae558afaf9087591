"""Neurons, layers and multilayer perceptrons made of `Value`s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from tinyml.initializers import INITIALISATION_STREAM, draw_weights, uniforms
from tinyml.ops import Op
from tinyml.value import Number, Value, apply

ACTIVATIONS: dict[str, Op] = {
    "linear": Op.LINEAR,
    "relu": Op.RELU,
    "leaky_relu": Op.LEAKY_RELU,
    "elu": Op.ELU,
    "tanh": Op.TANH,
    "sigmoid": Op.SIGMOID,
    "softplus": Op.SOFTPLUS,
    "gelu": Op.GELU,
    "silu": Op.SILU,
    "sin": Op.SIN,
}

Masks = Callable[[int, int], Value]
State = list[list[list[float]]]
"""A network's numbers: per layer, per neuron, its weights and then its bias."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Every neuron's Values of one forward pass: per layer, per neuron.

    Attributes
    ----------
    preactivations : z = bias + Σ wᵢ·xᵢ; the last layer's are the logits.
    activations : f(z); the last layer's are the predictions.
    """

    preactivations: list[list[Value]]
    activations: list[list[Value]]


class Module:
    """Something with parameters; a network also has inputs, outputs and a trace.

    Attributes
    ----------
    n_inputs, n_outputs : numbers it takes and gives per sample.
    dropout : the share of hidden activations that training switches off.
    """

    n_inputs: int
    n_outputs: int
    dropout: float = 0.0

    def parameters(self) -> list[Value]:
        """Return the trainable Values, always in the same order."""
        raise TypeError(f"{type(self).__name__} does not say what its parameters are")

    def biases(self) -> list[Value]:
        """Return those parameters that no penalty shrinks."""
        return []

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return all neurons' Values for one sample; `masks`: see MultilayerPerceptron.trace."""
        raise TypeError(f"{type(self).__name__} has no neurons to trace")

    def __call__(self, inputs: Sequence[Value | Number]) -> Value | list[Value]:
        """Return the prediction for one sample: a Value if there is one output, else a list."""
        outputs = self.trace(as_values(inputs, self.n_inputs)).activations[-1]
        return outputs[0] if len(outputs) == 1 else outputs

    def forward(self, inputs: Sequence[Value | Number]) -> Value | list[Value]:
        """Return the prediction for one sample, as calling the network does."""
        return self(inputs)

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0


def as_values(inputs: Sequence[Value | Number], n_inputs: int) -> list[Value]:
    """Return the inputs as Values; ValueError unless there are `n_inputs`."""
    if len(inputs) != n_inputs:
        raise ValueError(f"there must be {n_inputs} inputs, got {len(inputs)}")
    return [x if isinstance(x, Value) else Value(x) for x in inputs]


class Neuron(Module):
    """One neuron: activation(bias + w₁·x₁ + w₂·x₂ + …), summed in this order.

    Parameters
    ----------
    n_inputs : number of weights.
    activation : a name of :data:`ACTIVATIONS`.
    initializer : a name of :data:`tinyml.initializers.INITIALIZERS`.
    seed : decides the first weights.

    Attributes
    ----------
    weights, bias : its Values; assign to their `data` to choose the numbers.

    Examples
    --------
    >>> neuron = Neuron(2, "tanh", initializer="zeros")
    >>> neuron.weights[0].data, neuron.bias.data = 1.0, 0.5
    >>> neuron([-0.5, 3.0]).data
    0.0
    """

    def __init__(
        self,
        n_inputs: int,
        activation: str = "tanh",
        initializer: str = "xavier_uniform",
        seed: int = 0,
    ) -> None:
        drawn = draw_weights(initializer, 1, n_inputs, uniforms(seed, INITIALISATION_STREAM))
        self._set_up(drawn[0][0].tolist(), drawn[1].item(), activation)

    @classmethod
    def of(cls, weights: Sequence[Number], bias: Number = 0.0, activation: str = "tanh") -> Self:
        """Return a neuron with these numbers."""
        neuron = cls.__new__(cls)
        neuron._set_up(weights, bias, activation)
        return neuron

    def _set_up(self, weights: Sequence[Number], bias: Number, activation: str) -> None:
        if activation not in ACTIVATIONS:
            raise ValueError(
                f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}"
            )
        self.n_inputs, self.n_outputs = len(weights), 1
        self.weights = [Value(w) for w in weights]
        self.bias = Value(bias)
        self.activation = ACTIVATIONS[activation]

    def parameters(self) -> list[Value]:
        """Return the weights, then the bias."""
        return [*self.weights, self.bias]

    def biases(self) -> list[Value]:
        """Return the bias."""
        return [self.bias]

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return its preactivation z = bias + Σ wᵢ·xᵢ and its activation for one sample."""
        z = self.bias
        for weight, x in zip(self.weights, inputs, strict=True):
            z = z + weight * x
        return Trace([[z]], [[apply(self.activation, z)]])

    def __call__(self, inputs: Sequence[Value | Number]) -> Value:
        """Return the activation for one sample."""
        return self.trace(as_values(inputs, self.n_inputs)).activations[0][0]


class Layer(Module):
    """Neurons that all see the same inputs; n_outputs·(n_inputs + 1) parameters.

    Parameters
    ----------
    n_inputs, n_neurons : its size.
    activation, initializer, seed : as for a `Neuron`.
    """

    def __init__(
        self,
        n_inputs: int,
        n_neurons: int,
        activation: str = "tanh",
        initializer: str = "xavier_uniform",
        seed: int = 0,
        *,
        draws: Iterator[float] | None = None,
    ) -> None:
        if n_inputs < 1 or n_neurons < 1:
            raise ValueError(f"a layer needs inputs and neurons, got {n_inputs} and {n_neurons}")
        draws = uniforms(seed, INITIALISATION_STREAM) if draws is None else draws
        weights, biases = draw_weights(initializer, n_neurons, n_inputs, draws)
        self.n_inputs, self.n_outputs, self.activation = n_inputs, n_neurons, activation
        numbers = zip(weights.tolist(), biases.tolist(), strict=True)
        self.neurons = [Neuron.of(row, bias, activation) for row, bias in numbers]

    def parameters(self) -> list[Value]:
        """Return the neurons' parameters, one neuron after the other."""
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def biases(self) -> list[Value]:
        """Return the neurons' biases."""
        return [neuron.bias for neuron in self.neurons]

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return its neurons' Values for one sample."""
        traces = [neuron.trace(inputs) for neuron in self.neurons]
        z = [trace.preactivations[0][0] for trace in traces]
        return Trace([z], [[trace.activations[0][0] for trace in traces]])

    def __call__(self, inputs: Sequence[Value | Number]) -> list[Value]:
        """Return the activations for one sample."""
        return self.trace(as_values(inputs, self.n_inputs)).activations[0]


class MultilayerPerceptron(Module):
    """A fully connected network of scalar Values.

    Parameters
    ----------
    n_inputs : number of inputs.
    layer_sizes : neurons per layer, the output layer included.
    activation : one name for all layers, or one per layer (the last may be left to
        `output_activation`).
    output_activation : the last layer's; None means the same as `activation`, as in the seed.
    initializer : a name of :data:`tinyml.initializers.INITIALIZERS`.
    seed : decides the first weights.
    dropout : share in [0, 1) of hidden activations that training switches off; the others grow by
        1/(1 − dropout), so that evaluation needs no change (inverted; Srivastava et al. 2014).
    learning_rate : what :meth:`update` uses; a `Trainer` has its own.

    Examples
    --------
    >>> model = MultilayerPerceptron(2, [4, 1])
    >>> len(model.parameters())
    17
    >>> model.layers[0].neurons[3].weights[1].data = 0.25
    """

    def __init__(
        self,
        n_inputs: int,
        layer_sizes: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        output_activation: str | None = None,
        initializer: str = "xavier_uniform",
        seed: int = 0,
        dropout: float = 0.0,
        learning_rate: float = 0.03,
    ) -> None:
        if not layer_sizes:
            raise ValueError("layer_sizes must name at least the output layer, got none")
        if not 0.0 <= dropout < 1.0:
            raise ValueError(f"dropout must be in [0, 1), got {dropout!r}")
        names = _activation_names(activation, output_activation, len(layer_sizes))
        sizes, draws = [n_inputs, *layer_sizes], uniforms(seed, INITIALISATION_STREAM)
        self.n_inputs, self.n_outputs = n_inputs, sizes[-1]
        self.seed, self.dropout, self.learning_rate = seed, dropout, learning_rate
        self.layers = [
            Layer(n_in, n_out, name, initializer, draws=draws)
            for n_in, n_out, name in zip(sizes[:-1], layer_sizes, names, strict=True)
        ]

    @classmethod
    def new(
        cls,
        n_inputs: int,
        layer_sizes: Sequence[int],
        learning_rate: float,
        activation: str = "tanh",
        seed: int = 0,
    ) -> Self:
        """Return a network as the Rust Tiny ML makes it: its order of arguments, its U(0, 1)."""
        return cls(
            n_inputs,
            layer_sizes,
            activation,
            initializer="seed",
            seed=seed,
            learning_rate=learning_rate,
        )

    def parameters(self) -> list[Value]:
        """Return all parameters: per layer, per neuron, weights then bias."""
        return [p for layer in self.layers for p in layer.parameters()]

    def biases(self) -> list[Value]:
        """Return all biases, layer by layer."""
        return [bias for layer in self.layers for bias in layer.biases()]

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return all neurons' Values for one sample.

        `masks` gives, by (layer, neuron), the Value that multiplies a hidden activation on its way
        to the next layer (dropout); None switches dropout off.
        """
        trace = Trace([], [])
        values = list(inputs)
        for index, layer in enumerate(self.layers):
            if masks is not None and index > 0:
                values = [a * masks(index - 1, k) for k, a in enumerate(values)]
            step = layer.trace(values)
            trace.preactivations.extend(step.preactivations)
            trace.activations.extend(step.activations)
            values = step.activations[0]
        return trace

    def zero_gradients(self) -> None:
        """Set every parameter's gradient to 0 (the seed's name for `zero_grad`)."""
        self.zero_grad()

    def update(self) -> None:
        """Take one step down: w ← w − learning_rate·∂L/∂w."""
        for parameter in self.parameters():
            parameter.data -= self.learning_rate * parameter.grad

    def state(self) -> State:
        """Return all numbers as plain lists: per layer, per neuron, weights then bias."""
        return [[[p.data for p in n.parameters()] for n in x.neurons] for x in self.layers]

    def load_state(self, state: State) -> None:
        """Take over numbers that `state` returned; ValueError if they are of another shape."""
        shape = [[len(neuron) for neuron in layer] for layer in state]
        expected = [[len(neuron) for neuron in layer] for layer in self.state()]
        if shape != expected:
            raise ValueError(f"the state must have numbers per neuron {expected}, got {shape}")
        numbers = [Value(number).data for layer in state for neuron in layer for number in neuron]
        for parameter, number in zip(self.parameters(), numbers, strict=True):
            parameter.data = number


MLP = MultilayerPerceptron


def _activation_names(
    activation: str | Sequence[str], output_activation: str | None, n_layers: int
) -> list[str]:
    names = [activation] * n_layers if isinstance(activation, str) else list(activation)
    if len(names) == n_layers - 1 and output_activation is not None:
        names.append(output_activation)
    if len(names) != n_layers:
        raise ValueError(f"activation needs a name per layer: {n_layers}, got {len(names)}")
    return names if output_activation is None else [*names[:-1], output_activation]
