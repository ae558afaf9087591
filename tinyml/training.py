"""`Trainer`: a model, data, a loss and an optimiser, trained on the recorded scalar graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tinyml.losses import LOSSES
from tinyml.nn import Module
from tinyml.optimizers import SGD, UPDATE_RULES, Optimizer
from tinyml.recording import record_model
from tinyml.sweeps import TRAIN, TrainingArrays, run_program
from tinyml.tape import Floats, Ints

MAX_STEPS = 2**62
_PENALTIES = {None: 0, "l1": 1, "l2": 2}


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


class Trainer:
    """Trains a model's parameters; owns the optimiser's state.

    Parameters
    ----------
    model : any `Module` of Values.
    x : (n, n_inputs) inputs; y : (n,) or (n, n_outputs) targets, any real dtype.
    loss : a name of :data:`tinyml.losses.LOSSES`; the mean over all elements is minimised.
    optimizer : a specification; None is ``SGD(0.03)``.
    batch_size : samples per step; None is all. A last partial batch is averaged over its own size.
    shuffle : whether every epoch visits the samples in another order.
    regularization : None, "l1" (r·Σ|w|) or "l2" (r·Σ½w²), on weights and not on biases.
    regularization_rate : r ≥ 0.
    schedule : learning rate of an epoch, as a function of its index; None keeps the optimiser's.
    seed : decides the order of samples, and what dropout switches off.

    Raises
    ------
    ValueError
        If shapes do not fit or a name or number is out of range.
    FloatingPointError
        From `run` and `advance` when a step is not finite; the last finite state is kept.

    Examples
    --------
    >>> from tinyml.nn import MLP
    >>> trainer = Trainer(MLP(1, [1], "linear"), [[0.0], [1.0]], [1.0, 3.0], optimizer=SGD(0.5))
    >>> trainer.run(300)
    >>> round(trainer.losses[-1], 6)
    0.0
    """

    def __init__(
        self,
        model: Module,
        x: ArrayLike,
        y: ArrayLike,
        loss: str = "mse",
        optimizer: Optimizer | None = None,
        batch_size: int | None = None,
        shuffle: bool = False,
        regularization: str | None = None,
        regularization_rate: float = 0.0,
        schedule: Callable[[int], float] | None = None,
        seed: int = 0,
    ) -> None:
        self.model = model
        self._values = model.parameters()
        self.losses: list[float] = []
        self._x, self._y = self._checked(x, y)
        n = len(self._x)
        self._seed, self._shuffle, self.schedule = seed, shuffle, schedule
        self._batch_size = n if batch_size is None else batch_size
        self._hyper, self._counters = np.zeros(9), np.zeros(6, np.int64)
        self._order, self._sums = np.arange(n), np.zeros(3)
        self._powers = np.ones(2)
        self._hyper[8] = model.dropout
        self.loss = loss
        size = len(self._values)
        self._packed_parameters = np.zeros(size)
        self._gradient, self._state = np.zeros(size), np.zeros((7, size))
        biases = {id(value) for value in model.biases()}
        weights = [float(id(value) not in biases) for value in self._values]
        self._is_weight = np.array(weights)[self._recorded.program.packed]
        self._pull()
        self._state[2] = self._packed_parameters
        self.optimizer = optimizer or SGD(0.03)
        self.batch_size = self._batch_size
        self.regularization = regularization
        self.regularization_rate = regularization_rate

    # What may be changed between calls.

    @property
    def loss(self) -> str:
        """The loss that is minimised; changing it keeps the weights and the optimiser's state."""
        return self._loss

    @loss.setter
    def loss(self, name: str) -> None:
        if name not in LOSSES:
            raise ValueError(f"loss must be one of {', '.join(LOSSES)}, got {name!r}")
        self._loss = name
        recorded = record_model(self.model, name)
        before = getattr(self, "_recorded", None)
        self._recorded = recorded
        if before is not None and (before.program.packed != recorded.program.packed).any():
            raise AssertionError("the order of parameters depends on the loss")
        self._fed = self._recorded.feed(self._x, self._y)

    @property
    def optimizer(self) -> Optimizer:
        """The update rule's specification; another kind starts with an empty state."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        before = getattr(self, "_optimizer", None)
        self._optimizer = optimizer
        self._hyper[:7] = [optimizer.learning_rate, *optimizer.coefficients, *optimizer.decays]
        if type(before) is not type(optimizer) or before.rule is not optimizer.rule:
            self._state[:2] = 0.0
            self._powers[:] = 1.0

    @property
    def learning_rate(self) -> float:
        """The step size in force."""
        return float(self._hyper[0])

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if not (np.isfinite(rate) and rate > 0):
            raise ValueError(f"learning_rate must be finite and positive, got {rate!r}")
        self._hyper[0] = rate

    @property
    def regularization(self) -> str | None:
        """None, "l1" or "l2"."""
        return self._regularization

    @regularization.setter
    def regularization(self, kind: str | None) -> None:
        if kind not in _PENALTIES:
            raise ValueError(f"regularization must be None, 'l1' or 'l2', got {kind!r}")
        self._regularization = kind

    @property
    def regularization_rate(self) -> float:
        """The factor r of the penalty."""
        return float(self._hyper[7])

    @regularization_rate.setter
    def regularization_rate(self, rate: float) -> None:
        if not (np.isfinite(rate) and rate >= 0):
            raise ValueError(f"regularization_rate must be finite and not negative, got {rate!r}")
        self._hyper[7] = rate

    @property
    def batch_size(self) -> int:
        """Samples per step; a new size is taken up when the epoch's next batch starts."""
        return self._batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        if not size >= 1:
            raise ValueError(f"batch_size must be at least 1, got {size!r}")
        self._batch_size = int(min(size, len(self._x)))

    # Training.

    def run(self, epochs: int) -> None:
        """Train for `epochs` passes over the data; `losses` grows by one number each."""
        goal = self.epoch + epochs
        while self.epoch < goal:
            self._train(MAX_STEPS, goal - self.epoch if self.schedule is None else 1)

    def advance(self, max_steps: int) -> int:
        """Train for at most `max_steps` optimiser updates and return how many were made."""
        before = self.step
        while self.step - before < max_steps:
            self._train(max_steps - (self.step - before), 1 if self.schedule else 4096)
        return self.step - before

    def _train(self, max_steps: int, max_epochs: int) -> None:
        self._pull()
        if self.schedule is not None:
            self._hyper[0] = self.schedule(self.epoch)  # a schedule may end at 0
        max_epochs = min(max_epochs, 65_536)
        log = np.zeros(max_epochs)
        run_program(
            self._recorded.program,
            self._fed,
            self._packed_parameters,
            mode=TRAIN,
            order=self._order,
            training=TrainingArrays(
                UPDATE_RULES.index(self.optimizer.rule),
                _PENALTIES[self.regularization],
                self.batch_size,
                self._shuffle,
                self._seed,
                self._hyper,
                self._is_weight,
                self._gradient,
                self._state,
                self._powers,
                self._sums,
                self._counters,
            ),
            log=log,
            max_steps=max_steps,
        )
        self.losses.extend(log[: self._counters[5]].tolist())
        self._push()
        if self._counters[4]:
            self._counters[4] = 0
            raise FloatingPointError(
                f"training diverged in epoch {self.epoch}: the loss or a weight is no longer a"
                " finite number; the last finite weights are kept, lower the learning rate"
            )

    # State.

    @property
    def step(self) -> int:
        """Optimiser updates so far."""
        return int(self._counters[0])

    @property
    def epoch(self) -> int:
        """Completed passes over the data."""
        return int(self._counters[1])

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch."""
        return -(-int(self._counters[2]) // self.batch_size)

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""
        return -(-len(self._x) // self.batch_size)

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

    @property
    def gradients(self) -> Floats:
        """(P,) the data loss's gradient over the last batch, without the penalty's."""
        return self._unpacked(self._gradient)

    @property
    def last_update(self) -> Floats:
        """(P,) what the last step added to each parameter."""
        return self._unpacked(self._packed_parameters - self._state[2])

    @property
    def optimizer_state(self) -> dict[str, Floats]:
        """The optimiser's arrays by name, each (P,)."""
        names = self.optimizer.state_names
        return {name: self._unpacked(a) for name, a in zip(names, self._state[:2], strict=False)}

    @property
    def penalty(self) -> float:
        """The regularisation term of the objective; it is not part of `losses`."""
        self._pull()
        weights = self._packed_parameters[self._is_weight > 0]
        if self.regularization == "l1":
            return self.regularization_rate * float(np.abs(weights).sum())
        if self.regularization == "l2":
            return self.regularization_rate * 0.5 * float((weights * weights).sum())
        return 0.0

    def set_data(self, x: ArrayLike, y: ArrayLike) -> None:
        """Train on other samples from now on: weights, optimiser state and counts stay."""
        self._x, self._y = self._checked(x, y)
        self._fed = self._recorded.feed(self._x, self._y)
        self._order = np.arange(len(self._x))
        self._batch_size = min(self._batch_size, len(self._x))
        self._counters[2:] = 0
        self._sums[:] = 0.0

    def continue_from(self, other: Trainer) -> None:
        """Take over the counts and losses of `other`, and its optimiser's state if it fits."""
        self._counters[:2] = other._counters[:2]
        self.losses = other.losses
        same = other._state.shape == self._state.shape
        if same and other.optimizer.rule is self.optimizer.rule:
            self._state[:2] = other._state[:2]
            self._powers[:] = other._powers

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

    def _pull(self) -> None:
        """Read the model's Values: their `data` may have been assigned between calls."""
        data = np.array([value.data for value in self._values])
        self._packed_parameters[:] = data[self._recorded.program.packed]

    def _push(self) -> None:
        values = self._unpacked(self._packed_parameters).tolist()
        for value, number in zip(self._values, values, strict=True):
            value.data = number

    def _unpacked(self, array: Floats) -> Floats:
        out = np.empty_like(array)
        out[self._recorded.program.packed] = array
        return out
