"""Schedules: the learning rate of an epoch, as ``Trainer(…, schedule=CosineSchedule(0.1, 200))``.

Each is called with the index of an epoch, 0 for the first, and returns its rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from tinyml.kernels.angles import cos
from tinyml.kernels.powers import power

PI = 3.141592653589793


def _check(name: str, value: float, low: float, high: float = float("inf")) -> None:
    if not (isfinite(value) and low <= value <= high):
        bounds = f"at least {low:g}" if high == float("inf") else f"{low:g} to {high:g}"
        raise ValueError(f"{name} must be {bounds}, got {value!r}")


@dataclass(frozen=True, slots=True)
class ConstantSchedule:
    """The same rate always."""

    rate: float

    def __post_init__(self) -> None:
        if not (isfinite(self.rate) and self.rate > 0):
            raise ValueError(f"rate must be finite and positive, got {self.rate!r}")

    def __call__(self, epoch: int) -> float:
        """Return the rate of an epoch."""
        return self.rate


@dataclass(frozen=True, slots=True)
class StepSchedule(ConstantSchedule):
    """The rate times `factor` after every `every` epochs.

    Examples
    --------
    >>> schedule = StepSchedule(0.5, every=10, factor=0.5)
    >>> schedule(9), schedule(10)
    (0.5, 0.25)
    """

    every: int = 100
    factor: float = 0.1

    def __post_init__(self) -> None:
        ConstantSchedule.__post_init__(self)
        _check("every", self.every, 1)
        _check("factor", self.factor, 0.0, 1.0)

    def __call__(self, epoch: int) -> float:
        """Return rate·factor^⌊epoch/every⌋."""
        return self.rate * power(self.factor, float(epoch // self.every))


@dataclass(frozen=True, slots=True)
class ExponentialSchedule(ConstantSchedule):
    """The rate times `decay` after every epoch."""

    decay: float = 0.99

    def __post_init__(self) -> None:
        ConstantSchedule.__post_init__(self)
        _check("decay", self.decay, 0.0, 1.0)

    def __call__(self, epoch: int) -> float:
        """Return rate·decay^epoch."""
        return self.rate * power(self.decay, float(epoch))


@dataclass(frozen=True, slots=True)
class _Falling(ConstantSchedule):
    """From `rate` to `final` in `epochs` epochs, and `final` from then on."""

    epochs: int = 100
    final: float = 0.0

    def __post_init__(self) -> None:
        ConstantSchedule.__post_init__(self)
        _check("epochs", self.epochs, 1)
        _check("final", self.final, 0.0, self.rate)

    def _progress(self, epoch: int) -> float:
        return min(epoch / self.epochs, 1.0)


@dataclass(frozen=True, slots=True)
class CosineSchedule(_Falling):
    """Half a cosine from `rate` to `final` in `epochs` epochs (Loshchilov & Hutter 2017, SGDR)."""

    def __call__(self, epoch: int) -> float:
        """Return final + (rate − final)·(1 + cos(π·epoch/epochs))/2."""
        return self.final + (self.rate - self.final) * 0.5 * (1.0 + cos(PI * self._progress(epoch)))


@dataclass(frozen=True, slots=True)
class LinearSchedule(_Falling):
    """A straight line from `rate` to `final` in `epochs` epochs; micrograd's is (1, 100, 0.1).

    Examples
    --------
    >>> schedule = LinearSchedule(1.0, epochs=100, final=0.1)
    >>> schedule(0), round(schedule(50), 12), schedule(200)
    (1.0, 0.55, 0.1)
    """

    def __call__(self, epoch: int) -> float:
        """Return rate − (rate − final)·epoch/epochs."""
        done = self._progress(epoch)
        return self.final if done == 1.0 else self.rate - (self.rate - self.final) * done
