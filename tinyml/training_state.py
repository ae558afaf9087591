"""`TrainerState`: everything a run needs to go on bit for bit, also in the middle of an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tinyml.tape import Floats, Ints

Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class TrainerState:
    """A run between two calls; its arrays are copies and read-only.

    A `Trainer` with the same model, data and settings that takes it up with ``restore`` goes on
    with the same bits as the one that it was taken from.

    Attributes
    ----------
    parameters : (P,) weights and biases, in the order of ``model.parameters()``.
    gradients, previous : (P,) sums of the running or last batch; parameters before the last step.
    first, second : (P,) the optimiser's arrays; zeros where the rule has none.
    powers : (2,) β₁ᵗ and β₂ᵗ.
    sums : (3,) the running epoch's and the running batch's summed loss, the last batch's mean.
    order : (n,) the running epoch's order of samples.
    step, epoch : optimiser updates and passes over the data so far.
    position, done : samples of this epoch before the running batch, and of that batch.
    losses : per completed epoch, as far as the trainer still holds them.
    optimizer : the update rule, "sgd", "momentum", "adagrad", "rmsprop" or "adam".
    learning_rate : the step size in force.
    seed : decides the orders and the dropout that are still to come.
    """

    parameters: Floats
    gradients: Floats
    previous: Floats
    first: Floats
    second: Floats
    powers: Floats
    sums: Floats
    order: Ints
    step: int
    epoch: int
    position: int
    done: int
    losses: tuple[float, ...]
    optimizer: str
    learning_rate: float
    seed: int

    def check(self, n_parameters: int, n_samples: int, optimizer: str) -> None:
        """Raise ValueError, saying what is wrong, unless a trainer of this kind can take it up."""
        names = ("parameters", "gradients", "previous", "first", "second", "powers", "sums")
        sizes = dict.fromkeys(names, n_parameters) | {"powers": 2, "sums": 3}
        for name in names:
            array = getattr(self, name)
            if array.dtype != np.float64 or array.shape != (sizes[name],):
                raise ValueError(f"{name} must be {sizes[name]} floats, got {_kind(array)}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name} must be finite numbers")
        if (self.second < 0.0).any() or not ((self.powers >= 0.0) & (self.powers <= 1.0)).all():
            raise ValueError("second must not be negative, and powers must be from 0 to 1")
        if self.order.dtype != np.int64 or self.order.shape != (n_samples,):
            raise ValueError(f"order must be {n_samples} integers, got {_kind(self.order)}")
        if not (np.sort(self.order) == np.arange(n_samples)).all():
            raise ValueError("order must name every sample once")
        for name in ("step", "epoch", "position", "done", "seed"):
            number = getattr(self, name)
            low = -(2**62) if name == "seed" else 0
            if not low <= number < 2**62:
                raise ValueError(f"{name} must be from {low} to 2⁶², got {number!r}")
        if not self.position + self.done < n_samples:
            raise ValueError(f"position and done must be below {n_samples} together")
        if not (np.isfinite(self.losses).all() and len(self.losses) <= self.epoch):
            raise ValueError("losses must be finite, at most one per epoch")
        if self.optimizer != optimizer:
            raise ValueError(f"the state belongs to {self.optimizer}, the trainer has {optimizer}")
        if not (np.isfinite(self.learning_rate) and self.learning_rate >= 0.0):
            raise ValueError(f"learning_rate must be finite, got {self.learning_rate!r}")


def sealed(array: NDArray[Number]) -> NDArray[Number]:
    """Make an array that nobody else has read-only, and return it."""
    array.flags.writeable = False
    return array


def _kind(array: Floats | Ints) -> str:
    return f"{array.dtype} of shape {array.shape}"
