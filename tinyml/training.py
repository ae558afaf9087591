"""`Trainer`: a model, data, a loss and an optimiser, trained on the recorded scalar graph."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from tinyml.compiled import CompiledModel, Probe
from tinyml.nn import Module
from tinyml.optimizers import SGD, UPDATE_RULES, Optimizer
from tinyml.regularization import PENALTIES
from tinyml.sweeps import (
    BLOCK,
    BLOCKS,
    DECAY2,
    DIVERGED,
    DONE,
    DROPOUT,
    EPOCH,
    FIRST,
    GRADIENT,
    LOGGED,
    PENALTY_RATE,
    POSITION,
    PREVIOUS,
    RATE,
    SECOND,
    STATE_ROWS,
    STATUS,
    STEP,
    TRAIN,
    UNLIMITED,
    TrainingArrays,
    run_program,
)
from tinyml.tape import Floats
from tinyml.training_state import TrainerState, sealed

__all__ = ["Probe", "Trainer"]


class Trainer(CompiledModel):
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
        super().__init__(model, loss)
        self.schedule = schedule
        self.losses: list[float] = []
        self._x, self._y = self._checked(x, y)
        self._fed = self._recorded.feed(self._x, self._y)
        self._order = np.arange(len(self._x), dtype=np.int64)
        size = len(self._values)
        biases = {id(value) for value in model.biases()}
        weights = np.array([float(id(value) not in biases) for value in self._values])
        self._arrays = TrainingArrays(
            shuffle=shuffle,
            seed=seed,
            is_weight=weights[self._recorded.program.packed],
            gradient=np.zeros(size),
            state=np.zeros((STATE_ROWS, size)),
        )
        self._arrays.hyper[DROPOUT] = model.dropout
        self._pull()
        self._arrays.state[PREVIOUS] = self._packed_parameters
        self.optimizer = optimizer or SGD(0.03)
        self.batch_size = len(self._x) if batch_size is None else batch_size
        self.regularization = regularization
        self.regularization_rate = regularization_rate

    # What may be changed between calls.

    @property
    def loss(self) -> str:
        """The loss that is minimised; changing it keeps the weights and the optimiser's state."""
        return self._loss

    @loss.setter
    def loss(self, name: str) -> None:
        before = self._recorded.program.packed
        self._record(name)
        if (before != self._recorded.program.packed).any():
            raise AssertionError("the order of parameters depends on the loss")
        self._fed = self._recorded.feed(self._x, self._y)
        self._arrays.counters[DONE] = 0

    @property
    def optimizer(self) -> Optimizer:
        """The update rule's specification; another kind starts with an empty state."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        before = getattr(self, "_optimizer", None)
        self._optimizer = optimizer
        arrays = self._arrays
        arrays.rule = UPDATE_RULES.index(optimizer.rule)
        arrays.hyper[RATE : DECAY2 + 1] = [
            optimizer.learning_rate,
            *optimizer.coefficients,
            *optimizer.decays,
        ]
        if type(before) is not type(optimizer) or before.rule is not optimizer.rule:
            arrays.state[[FIRST, SECOND]] = 0.0
            arrays.powers[:] = 1.0

    @property
    def learning_rate(self) -> float:
        """The step size in force."""
        return float(self._arrays.hyper[RATE])

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if not (np.isfinite(rate) and rate > 0):
            raise ValueError(f"learning_rate must be finite and positive, got {rate!r}")
        self._arrays.hyper[RATE] = rate

    @property
    def regularization(self) -> str | None:
        """None, "l1" or "l2"."""
        return PENALTIES[self._arrays.penalty]

    @regularization.setter
    def regularization(self, kind: str | None) -> None:
        if kind not in PENALTIES:
            raise ValueError(f"regularization must be None, 'l1' or 'l2', got {kind!r}")
        self._arrays.penalty = PENALTIES.index(kind)

    @property
    def regularization_rate(self) -> float:
        """The factor r of the penalty."""
        return float(self._arrays.hyper[PENALTY_RATE])

    @regularization_rate.setter
    def regularization_rate(self, rate: float) -> None:
        if not (np.isfinite(rate) and rate >= 0):
            raise ValueError(f"regularization_rate must be finite and not negative, got {rate!r}")
        self._arrays.hyper[PENALTY_RATE] = rate

    @property
    def batch_size(self) -> int:
        """Samples per step; a new size is taken up when the epoch's next batch starts."""
        return self._arrays.batch_size

    @batch_size.setter
    def batch_size(self, size: int) -> None:
        if not size >= 1:
            raise ValueError(f"batch_size must be at least 1, got {size!r}")
        before, self._arrays.batch_size = self._arrays.batch_size, int(min(size, len(self._x)))
        if before != self._arrays.batch_size:
            self._arrays.counters[DONE] = 0

    # Training.

    def run(self, epochs: int) -> None:
        """Train for `epochs` passes over the data; `losses` grows by one number each."""
        goal = self.epoch + epochs
        while self.epoch < goal:
            self._train(UNLIMITED, goal - self.epoch if self.schedule is None else 1)

    def advance(self, max_steps: int, max_blocks: int | None = None) -> int:
        """Train for at most `max_steps` optimiser updates and return how many were made.

        With `max_blocks`, stop also after that many blocks of samples (a step is swept in
        `blocks_per_step` of them): a step may be left half done, and the next call goes on with it.
        """
        before = self.step
        while self.step - before < max_steps:
            left = max_steps - (self.step - before)
            self._train(left, 1 if self.schedule else 4096, max_blocks or UNLIMITED)
            if max_blocks is not None:
                break
        return self.step - before

    def _train(self, max_steps: int, max_epochs: int, max_blocks: int = UNLIMITED) -> None:
        arrays, before = self._arrays, self.step
        self._pull()
        if self.schedule is not None:
            arrays.hyper[RATE] = self.schedule(self.epoch)  # a schedule may end at 0
        log = np.zeros(min(max_epochs, 65_536))
        run_program(
            self._recorded.program,
            self._fed,
            self._packed_parameters,
            mode=TRAIN,
            order=self._order,
            training=arrays,
            log=log,
            max_steps=max_steps,
            max_blocks=max_blocks,
        )
        self.losses.extend(log[: arrays.counters[LOGGED]].tolist())
        if self.step > before:
            self._push()
        if arrays.counters[STATUS] == DIVERGED:
            arrays.counters[STATUS] = 0
            arrays.counters[DONE] = 0
            raise FloatingPointError(
                f"training diverged in epoch {self.epoch}: the loss or a weight is no longer a"
                " finite number; the last finite weights are kept, lower the learning rate"
            )

    # State.

    @property
    def step(self) -> int:
        """Optimiser updates so far."""
        return int(self._arrays.counters[STEP])

    @property
    def epoch(self) -> int:
        """Completed passes over the data."""
        return int(self._arrays.counters[EPOCH])

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch, counted from its end: what is left is exact.

        After another batch size amid an epoch the samples before need not be whole batches.
        """
        left = len(self._x) - int(self._arrays.counters[POSITION])
        return self.n_batches - -(-left // self.batch_size)

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""
        return -(-len(self._x) // self.batch_size)

    @property
    def blocks(self) -> int:
        """Blocks of samples swept so far: what the time of training is proportional to."""
        return int(self._arrays.counters[BLOCKS])

    @property
    def blocks_per_step(self) -> int:
        """Blocks of samples in a full batch."""
        return -(-self.batch_size // BLOCK)

    @property
    def gradients(self) -> Floats:
        """(P,) the data loss's gradient over the last batch, without the penalty's."""
        amid_step = self._arrays.counters[DONE] > 0  # then `gradient` is a sum that still grows
        return self._unpacked(self._arrays.state[GRADIENT] if amid_step else self._arrays.gradient)

    @property
    def last_update(self) -> Floats:
        """(P,) what the last step added to each parameter."""
        return self._unpacked(self._packed_parameters - self._arrays.state[PREVIOUS])

    @property
    def optimizer_state(self) -> dict[str, Floats]:
        """The optimiser's arrays by name, each (P,)."""
        arrays = zip(self.optimizer.state_names, self._arrays.state, strict=False)
        return {name: self._unpacked(array) for name, array in arrays}

    @property
    def penalty(self) -> float:
        """The regularisation term of the objective; it is not part of `losses`."""
        self._pull()
        weights = self._packed_parameters[self._arrays.is_weight > 0]
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
        self.batch_size = self.batch_size
        self._arrays.counters[[POSITION, DONE]] = 0
        self._arrays.sums[:] = 0.0

    def continue_from(self, other: Trainer) -> None:
        """Take over the counts and losses of `other`, and its optimiser's state if it fits."""
        mine, its = self._arrays, other._arrays
        mine.counters[[STEP, EPOCH, BLOCKS]] = its.counters[[STEP, EPOCH, BLOCKS]]
        self.losses = other.losses
        if mine.state.shape == its.state.shape and mine.rule == its.rule:
            mine.state[[FIRST, SECOND]] = its.state[[FIRST, SECOND]]
            mine.powers[:] = its.powers

    def state(self) -> TrainerState:
        """Return all that `restore` needs to go on bit for bit, also amid an epoch or a step."""
        self._pull()
        arrays = self._arrays
        gradient, sums, done = arrays.gradient, arrays.sums, int(arrays.counters[DONE])
        if not (np.isfinite(gradient).all() and np.isfinite(sums).all()):
            # What a step that was not finite left is only looked at, and half of such a step is
            # made again from its start.
            done = 0
            gradient = np.where(np.isfinite(gradient), gradient, 0.0)
            sums = np.where(np.isfinite(sums), sums, 0.0)
        return TrainerState(
            parameters=sealed(self._unpacked(self._packed_parameters)),
            gradients=sealed(self._unpacked(gradient)),
            previous=sealed(self._unpacked(arrays.state[PREVIOUS])),
            first=sealed(self._unpacked(arrays.state[FIRST])),
            second=sealed(self._unpacked(arrays.state[SECOND])),
            powers=sealed(arrays.powers.copy()),
            sums=sealed(sums.copy()),
            order=sealed(self._order.copy()),
            step=self.step,
            epoch=self.epoch,
            position=int(arrays.counters[POSITION]),
            done=done,
            losses=tuple(self.losses),
            optimizer=self._rule_name,
            learning_rate=self.learning_rate,
            seed=arrays.seed,
        )

    def restore(self, state: TrainerState) -> None:
        """Go on from `state`, which a trainer of the same model, data and settings was in.

        Raises
        ------
        ValueError
            If the state does not fit or holds numbers that no run can be in; nothing is changed.
        """
        state.check(len(self._values), len(self._x), self._rule_name)
        arrays = self._arrays
        self.parameters = state.parameters
        self._pull()
        packed = self._recorded.program.packed
        arrays.gradient[:] = arrays.state[GRADIENT] = state.gradients[packed]
        for k, array in ((PREVIOUS, state.previous), (FIRST, state.first), (SECOND, state.second)):
            arrays.state[k] = array[packed]
        arrays.powers[:], arrays.sums[:], self._order[:] = state.powers, state.sums, state.order
        arrays.counters[[STEP, EPOCH]] = state.step, state.epoch
        arrays.counters[[POSITION, DONE]] = state.position, state.done
        arrays.seed, self.losses = state.seed, list(state.losses)
        arrays.hyper[RATE] = state.learning_rate

    def _pull(self) -> bool:
        changed = super()._pull()
        if changed:
            self._arrays.counters[DONE] = 0  # half a batch's gradient was that of other weights
        return changed

    @property
    def _rule_name(self) -> str:
        return UPDATE_RULES[self._arrays.rule].__name__.removeprefix("update_")
