"""Neurons, layers and multilayer perceptrons made of `Value`s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tinyml.initializers import draw_weights, uniforms
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
    "silu": Op.SILU,
    "sin": Op.SIN,
}

INITIALISATION_STREAM = 2
"""Which child of an experiment's seed draws first weights."""

Masks = Callable[[int, int], Value]


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
    """Something with parameters that makes Values from Values."""

    n_inputs: int
    n_outputs: int

    def parameters(self) -> list[Value]:
        """Return the trainable Values, always in the same order."""
        raise TypeError(f"{type(self).__name__} does not say what its parameters are")

    def biases(self) -> list[Value]:
        """Return the parameters that penalties leave alone."""
        return []

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return all neurons' Values for one sample."""
        raise TypeError(f"{type(self).__name__} has no neurons to trace")

    def __call__(self, inputs: Sequence[Value | Number]) -> Value | list[Value]:
        """Return the prediction: a Value if there is one output, else a list of them."""
        values = [x if isinstance(x, Value) else Value(x) for x in inputs]
        if len(values) != self.n_inputs:
            raise ValueError(f"the network has {self.n_inputs} inputs, got {len(values)}")
        outputs = self.trace(values).activations[-1]
        return outputs[0] if len(outputs) == 1 else outputs

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron:
    """One neuron: activation(bias + w₁·x₁ + w₂·x₂ + …), summed in this order."""

    __slots__ = ("activation", "bias", "weights")

    def __init__(self, weights: Sequence[Number], bias: Number, activation: Op) -> None:
        self.weights = [Value(w) for w in weights]
        self.bias = Value(bias)
        self.activation = activation

    def parameters(self) -> list[Value]:
        """Return the weights, then the bias."""
        return [*self.weights, self.bias]

    def preactivation(self, inputs: Sequence[Value]) -> Value:
        """Return z = bias + Σ wᵢ·xᵢ."""
        total = self.bias
        for weight, x in zip(self.weights, inputs, strict=True):
            total = total + weight * x
        return total

    def __call__(self, inputs: Sequence[Value]) -> Value:
        """Return the activation for one sample."""
        return apply(self.activation, self.preactivation(inputs))


class Layer:
    """Neurons that all see the same inputs; n·(m + 1) parameters."""

    __slots__ = ("activation", "neurons")

    def __init__(self, neurons: Sequence[Neuron], activation: str) -> None:
        self.neurons = list(neurons)
        self.activation = activation

    def parameters(self) -> list[Value]:
        """Return the neurons' parameters, one neuron after the other."""
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def __call__(self, inputs: Sequence[Value]) -> list[Value]:
        """Return the activations for one sample."""
        return [neuron(inputs) for neuron in self.neurons]


class MultilayerPerceptron(Module):
    """A fully connected network of scalar Values.

    Parameters
    ----------
    n_inputs : number of inputs.
    layer_sizes : neurons per layer, the output layer included.
    activation : one name for all layers, or one per hidden layer (or per layer).
    output_activation : the last layer's; None means the same as `activation`, as in the seed.
    initializer : a name of :data:`tinyml.initializers.INITIALIZERS`.
    seed : decides the first weights.

    Examples
    --------
    >>> model = MultilayerPerceptron(2, [4, 1])
    >>> len(model.parameters())
    17
    """

    def __init__(
        self,
        n_inputs: int,
        layer_sizes: Sequence[int],
        activation: str | Sequence[str] = "tanh",
        output_activation: str | None = None,
        initializer: str = "xavier_uniform",
        seed: int = 0,
    ) -> None:
        sizes = [n_inputs, *layer_sizes]
        if len(sizes) < 2 or min(sizes) < 1:
            raise ValueError(f"every layer needs at least one neuron, got {sizes}")
        self.n_inputs = n_inputs
        self.n_outputs = sizes[-1]
        self.layers: list[Layer] = []
        names = _activation_names(activation, output_activation, len(layer_sizes))
        draws = uniforms(seed, INITIALISATION_STREAM)
        for n_in, n_out, name in zip(sizes[:-1], sizes[1:], names, strict=True):
            weights, biases = draw_weights(initializer, n_out, n_in, draws)
            neurons = [
                Neuron(w, b, ACTIVATIONS[name]) for w, b in zip(weights, biases, strict=True)
            ]
            self.layers.append(Layer(neurons, name))

    def parameters(self) -> list[Value]:
        """Return all parameters: per layer, per neuron, weights then bias."""
        return [p for layer in self.layers for p in layer.parameters()]

    def biases(self) -> list[Value]:
        """Return all biases, neuron by neuron."""
        return [neuron.bias for layer in self.layers for neuron in layer.neurons]

    def trace(self, inputs: Sequence[Value], masks: Masks | None = None) -> Trace:
        """Return all neurons' Values for one sample.

        `masks` gives the factor Value of each hidden neuron's activation (dropout); None is none.
        """
        trace = Trace([], [])
        values = list(inputs)
        for index, layer in enumerate(self.layers):
            z = [neuron.preactivation(values) for neuron in layer.neurons]
            a = [apply(n.activation, v) for n, v in zip(layer.neurons, z, strict=True)]
            trace.preactivations.append(z)
            trace.activations.append(a)
            hidden = index < len(self.layers) - 1
            values = [v * masks(index, k) for k, v in enumerate(a)] if masks and hidden else a
        return trace


MLP = MultilayerPerceptron


def _activation_names(
    activation: str | Sequence[str], output_activation: str | None, n_layers: int
) -> Iterator[str]:
    names = [activation] * n_layers if isinstance(activation, str) else list(activation)
    if len(names) == n_layers - 1 and output_activation is not None:
        names.append(output_activation)
    if len(names) != n_layers:
        raise ValueError(f"activation needs a name per layer: {n_layers}, got {len(names)}")
    if output_activation is not None:
        names[-1] = output_activation
    for name in names:
        if name not in ACTIVATIONS:
            raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, got {name!r}")
        yield name
