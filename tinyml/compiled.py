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
    losses : (n,) ℓᵢ.
    """

    activations: Floats
    slopes: Floats
    activation_gradients: Floats
    losses: Floats


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

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> float:
        """Return the mean data loss over (x, y)."""
        return float(self.probe(x, y).losses.mean())

    def predict(self, x: ArrayLike) -> Floats:
        """Return (n, n_outputs) predictions, after the output activation."""
        values = self._examine(self._inputs(x), None, self._recorded.output_rows)
        return np.ascontiguousarray(values[0].T)

    def activations(self, x: ArrayLike) -> Floats:
        """Return (n_neurons, n) activations of all neurons, layer by layer."""
        values = self._examine(self._inputs(x), None, self._recorded.neuron_rows)
        return np.asarray(values[0])

    def probe(self, x: ArrayLike, y: ArrayLike) -> Probe:
        """Return every neuron's activation, slope and gradient for every sample."""
        inputs, targets = self._checked(x, y)
        rows = np.append(self._recorded.neuron_rows, self._recorded.program.loss_row)
        data, slope, grad = self._examine(inputs, targets, rows)
        return Probe(data[:-1], slope[:-1], grad[:-1], data[-1])

    def sample_gradients(self, x: ArrayLike, y: ArrayLike, parameter: int) -> Floats:
        """Return (n,) ∂ℓᵢ/∂w of one parameter, sample by sample; ℓᵢ has no 1/n.

        `parameter` counts ``model.parameters()``. Of w in z = … + w·x this is ∂ℓᵢ/∂z · x.
        """
        inputs, targets = self._checked(x, y)
        total, factor = self._recorded.parameter_rows(self._existing(parameter))
        rows = np.array([total, total if factor is None else factor])
        data, _, grad = self._examine(inputs, targets, rows)
        return np.array(grad[0] if factor is None else grad[0] * data[1])

    def factors(self, x: ArrayLike, parameters: Iterable[int]) -> Floats:
        """Return (m, n) what each of m parameters is multiplied with: 1 for a bias."""
        inputs = self._inputs(x)
        found = [self._recorded.parameter_rows(self._existing(p))[1] for p in parameters]
        rows = np.array([0 if row is None else row for row in found], np.int64)
        data = self._examine(inputs, None, rows)[0]
        data[[row is None for row in found]] = 1.0
        return np.asarray(data)

    def _existing(self, parameter: int) -> int:
        if not 0 <= parameter < len(self._values):
            raise ValueError(f"parameter must be 0 to {len(self._values) - 1}, got {parameter}")
        return parameter

    def _examine(self, x: Floats, y: Floats | None, wanted: Ints) -> Floats:
        self._pull()
        return self._recorded.examine(x, y, wanted, self._packed_parameters)

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
        n = len(self._values)
        data = np.fromiter((value.data for value in self._values), np.float64, n)
        packed = data[self._recorded.program.packed]
        changed = not np.array_equal(packed, self._packed_parameters)
        self._packed_parameters[:] = packed
        return changed

    def _push(self) -> None:
        values = self._unpacked(self._packed_parameters).tolist()
        for value, number in zip(self._values, values, strict=True):
            value.data = number

    def _unpacked(self, array: Floats) -> Floats:
        out = np.empty_like(array)
        out[self._recorded.program.packed] = array
        return out
