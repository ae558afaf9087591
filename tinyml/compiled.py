"""`CompiledModel`: a model with a loss, recorded and compiled; looks at any samples with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinyml.losses import LOSSES
from tinyml.nn import Module
from tinyml.recording import RecordedModel, record_model
from tinyml.tape import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """What every neuron did with every sample; rows are neurons, layer by layer.

    Attributes
    ----------
    activations : (n_neurons, n) a = f(z).
    slopes : (n_neurons, n) f′(z).
    activation_gradients : (n_neurons, n) ∂ℓᵢ/∂a, ℓᵢ the sample's own loss (no 1/n).
    read_gradients : (n_outputs, n) ∂ℓᵢ/∂ what the loss reads: the outputs' z for a loss on logits,
        whose ∂ℓᵢ/∂a is 0, and their a for every other.
    losses : (n,) ℓᵢ.
    """

    activations: Floats
    slopes: Floats
    activation_gradients: Floats
    read_gradients: Floats
    losses: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Samples that were checked and laid out for the kernel, to be looked at again and again.

    Made by :meth:`CompiledModel.prepare`; of use to that model only, and until its loss changes.
    """

    fed: Floats
    labelled: bool
    made_for: RecordedModel


class CompiledModel:
    """A model and a loss whose recorded graph runs compiled; the model's Values are the truth.

    Parameters
    ----------
    model : any `Module` of Values.
    loss : a name of :data:`tinyml.losses.LOSSES`.

    Examples
    --------
    >>> from tinyml.nn import MLP
    >>> CompiledModel(MLP(1, [1], "linear", initializer="zeros"), "mse").evaluate([[1.0]], [3.0])
    9.0
    """

    def __init__(self, model: Module, loss: str = "mse") -> None:
        self.model = model
        self._values = model.parameters()
        self._packed_parameters = np.zeros(len(self._values))
        self._record(loss)

    def _record(self, loss: str) -> None:
        if loss not in LOSSES:
            raise ValueError(f"loss must be one of {', '.join(LOSSES)}, got {loss!r}")
        self._loss = loss
        self._recorded: RecordedModel = record_model(self.model, loss)
        self._packed_values = [self._values[k] for k in self._recorded.program.packed.tolist()]

    @property
    def n_values(self) -> int:
        """Scalar Values in the graph of one sample."""
        return len(self._recorded.tape)

    @property
    def parameters(self) -> Floats:
        """A copy of all parameters, in the order of ``model.parameters()``; assignable."""
        self._pull()
        return self._unpacked(self._packed_parameters)

    @parameters.setter
    def parameters(self, values: ArrayLike) -> None:
        array = np.asarray(values, np.float64)
        if array.shape != (len(self._values),):
            raise ValueError(f"there are {len(self._values)} parameters, got shape {array.shape}")
        for value, number in zip(self._values, array.tolist(), strict=True):
            value.data = number

    # Looking.

    def prepare(self, x: ArrayLike, y: ArrayLike | None = None) -> Samples:
        """Return samples that the methods below take in place of x and y, at less cost.

        Parameters
        ----------
        x : (n, n_inputs) inputs; y : (n,) or (n, n_outputs) targets, or None where only
            predictions and activations will be asked for.

        Raises
        ------
        ValueError
            If the shapes do not fit the model or a number is not finite.
        """
        if y is None:
            inputs = self._inputs(x)
            targets = np.zeros((len(inputs), self.model.n_outputs))
        else:
            inputs, targets = self._checked(x, y)
        return Samples(self._recorded.feed(inputs, targets), y is not None, self._recorded)

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean data loss over (x, y)."""
        return float(self.probe(x, y).losses.mean())

    def predict(self, x: ArrayLike | Samples) -> Floats:
        """Return (n, n_outputs) predictions, after the output activation."""
        values = self._examine(x, None, self._recorded.output_rows)
        return np.ascontiguousarray(values[0].T)

    def activations(self, x: ArrayLike | Samples) -> Floats:
        """Return (n_neurons, n) activations of all neurons, layer by layer."""
        return np.asarray(self._examine(x, None, self._recorded.neuron_rows)[0])

    def probe(self, x: ArrayLike | Samples, y: ArrayLike | None = None) -> Probe:
        """Return every neuron's activation, slope and gradient for every sample."""
        recorded = self._recorded
        n, end = len(recorded.neuron_rows), recorded.program.loss_row
        rows = np.concatenate((recorded.neuron_rows, recorded.read_rows, [end]))
        data, slope, grad = self._examine(x, y, rows, backward=True)
        return Probe(data[:n], slope[:n], grad[:n], grad[n:-1], data[-1])

    def sample_gradients(
        self, x: ArrayLike | Samples, y: ArrayLike | None, parameter: int
    ) -> Floats:
        """Return (n,) ∂ℓᵢ/∂w of one parameter, sample by sample; ℓᵢ has no 1/n.

        `parameter` counts ``model.parameters()``. Of w in z = … + w·x this is ∂ℓᵢ/∂z · x.
        """
        total, factor = self._recorded.parameter_rows(self._existing(parameter))
        rows = np.array([total, total if factor is None else factor])
        data, _, grad = self._examine(x, y, rows, backward=True)
        return np.array(grad[0] if factor is None else grad[0] * data[1])

    def factors(self, x: ArrayLike | Samples, parameters: Iterable[int]) -> Floats:
        """Return (m, n) what each of m parameters is multiplied with: 1 for a bias."""
        found = [self._recorded.parameter_rows(self._existing(p))[1] for p in parameters]
        rows = np.array([0 if row is None else row for row in found], np.int64)
        data = self._examine(x, None, rows)[0]
        data[[row is None for row in found]] = 1.0
        return np.asarray(data)

    def _existing(self, parameter: int) -> int:
        if not 0 <= parameter < len(self._values):
            raise ValueError(f"parameter must be 0 to {len(self._values) - 1}, got {parameter}")
        return parameter

    def _examine(
        self,
        x: ArrayLike | Samples,
        y: ArrayLike | None,
        wanted: Ints,
        *,
        backward: bool = False,
    ) -> Floats:
        samples = x if isinstance(x, Samples) else self.prepare(x, y)
        if samples.made_for is not self._recorded:
            raise ValueError("the samples were prepared for another model or loss")
        if backward and not samples.labelled:
            raise ValueError("the loss of samples without targets is not known")
        self._pull()
        return self._recorded.examine(samples.fed, backward, wanted, self._packed_parameters)

    # Between the model's Values and the kernel's arrays.

    def _inputs(self, x: ArrayLike) -> Floats:
        array = np.asarray(x, np.float64)
        if array.ndim != 2 or array.shape[1] != self.model.n_inputs or not len(array):
            raise ValueError(f"x must be (n, {self.model.n_inputs}), got shape {array.shape}")
        return array

    def _checked(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        inputs = self._inputs(x)
        targets = np.asarray(y, np.float64)
        targets = targets[:, None] if targets.ndim == 1 else targets
        if targets.shape != (len(inputs), self.model.n_outputs):
            raise ValueError(
                f"y must be ({len(inputs)}, {self.model.n_outputs}), got shape {targets.shape}"
            )
        if not (np.isfinite(inputs).all() and np.isfinite(targets).all()):
            raise ValueError("x and y must be finite numbers")
        return inputs, targets

    def _pull(self) -> bool:
        """Read the model's Values, whose `data` may have been assigned; return if any had been."""
        packed = np.array([value.data for value in self._packed_values], np.float64)
        changed = bool((packed != self._packed_parameters).any())
        self._packed_parameters[:] = packed
        return changed

    def _push(self) -> None:
        numbers = self._packed_parameters.tolist()
        for value, number in zip(self._packed_values, numbers, strict=True):
            value.data = number

    def _unpacked(self, array: Floats) -> Floats:
        out = np.empty_like(array)
        out[self._recorded.program.packed] = array
        return out
