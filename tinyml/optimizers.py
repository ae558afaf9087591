"""Optimisers: specifications of how a gradient becomes a step; their state lives in the Trainer.

Each update rule is one plain function of floats, used by the compiled kernel and its twin:
``rule(weight, gradient, first, second, learning_rate, c0, c1, c2, c3, correction1, correction2,
step) -> (weight, first, second)``. Definitions and defaults are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from tinyml.kernels import elementary as el

Rule = Callable[..., tuple[float, float, float]]


def update_sgd(
    weight: float,
    gradient: float,
    first: float,
    second: float,
    learning_rate: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    correction1: float,
    correction2: float,
    step: float,
) -> tuple[float, float, float]:
    """Plain descent: w ← w − α·g."""
    return weight - learning_rate * gradient, first, second


def update_momentum(
    weight: float,
    gradient: float,
    first: float,
    second: float,
    learning_rate: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    correction1: float,
    correction2: float,
    step: float,
) -> tuple[float, float, float]:
    """Momentum c0, Nesterov's if c1 is 1: b ← c0·b + g (Sutskever et al. 2013)."""
    velocity = gradient if step == 1.0 else c0 * first + gradient
    direction = gradient + c0 * velocity if c1 == 1.0 else velocity
    return weight - learning_rate * direction, velocity, second


def update_adagrad(
    weight: float,
    gradient: float,
    first: float,
    second: float,
    learning_rate: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    correction1: float,
    correction2: float,
    step: float,
) -> tuple[float, float, float]:
    """Adagrad with epsilon c0 (Duchi et al. 2011)."""
    total = first + gradient * gradient
    return weight - learning_rate * gradient / (el.square_root(total) + c0), total, second


def update_rmsprop(
    weight: float,
    gradient: float,
    first: float,
    second: float,
    learning_rate: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    correction1: float,
    correction2: float,
    step: float,
) -> tuple[float, float, float]:
    """RMSprop with decay c0 and epsilon c1 (Tieleman & Hinton 2012)."""
    average = c0 * first + (1.0 - c0) * (gradient * gradient)
    return weight - learning_rate * gradient / (el.square_root(average) + c1), average, second


def update_adam(
    weight: float,
    gradient: float,
    first: float,
    second: float,
    learning_rate: float,
    c0: float,
    c1: float,
    c2: float,
    c3: float,
    correction1: float,
    correction2: float,
    step: float,
) -> tuple[float, float, float]:
    """Adam, betas c0 and c1, epsilon c2, decoupled decay c3 (Kingma & Ba 2015; Loshchilov 2019)."""
    decayed = weight - learning_rate * c3 * weight
    m = c0 * first + (1.0 - c0) * gradient
    v = c1 * second + (1.0 - c1) * (gradient * gradient)
    denominator = el.square_root(v) / el.square_root(correction2) + c2
    return decayed - (learning_rate / correction1) * m / denominator, m, v


UPDATE_RULES = (update_sgd, update_momentum, update_adagrad, update_rmsprop, update_adam)
"""Update rules by the number the kernel knows them by."""


def _check(name: str, value: float, low: float, high: float) -> None:
    if not (isfinite(value) and low <= value < high):
        raise ValueError(f"{name} must be in [{low:g}, {high:g}), got {value!r}")


@dataclass(frozen=True, slots=True)
class Optimizer:
    """What all optimisers share.

    Attributes
    ----------
    learning_rate : the step size α; finite and positive.
    """

    learning_rate: float = 0.03

    def __post_init__(self) -> None:
        if not (isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(
                f"learning_rate must be finite and positive, got {self.learning_rate!r}"
            )

    @property
    def rule(self) -> Rule:
        """The update rule, a plain function of floats."""
        return update_sgd

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the state arrays hold, for display."""
        return ()

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """The constants c0…c3 of the update rule."""
        return (0.0, 0.0, 0.0, 0.0)

    @property
    def decays(self) -> tuple[float, float]:
        """β₁ and β₂ whose powers correct the start-up bias; 0 where there is none."""
        return (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum in [0, 1) and Nesterov's form on demand."""

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        Optimizer.__post_init__(self)
        _check("momentum", self.momentum, 0.0, 1.0)

    @property
    def rule(self) -> Rule:
        """Plain descent, or the momentum rule."""
        return update_momentum if self.momentum > 0.0 else update_sgd

    @property
    def state_names(self) -> tuple[str, ...]:
        """The velocity, where there is momentum."""
        return ("momentum",) if self.momentum > 0.0 else ()

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Momentum and whether it is Nesterov's."""
        return (self.momentum, 1.0 if self.nesterov else 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Adagrad(Optimizer):
    """Adagrad (Duchi et al. 2011): each weight's rate shrinks with its summed squared gradient."""

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    @property
    def rule(self) -> Rule:
        """The update rule."""
        return update_adagrad

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the state arrays hold."""
        return ("sum of squares",)

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Epsilon."""
        return (self.epsilon, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RMSprop(Optimizer):
    """RMSprop (Tieleman & Hinton 2012): steps scaled by a running mean of squared gradients."""

    learning_rate: float = 0.01
    decay: float = 0.99
    epsilon: float = 1e-8

    @property
    def rule(self) -> Rule:
        """The update rule."""
        return update_rmsprop

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the state arrays hold."""
        return ("mean square",)

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Decay and epsilon."""
        return (self.decay, self.epsilon, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Adam(Optimizer):
    """Adam (Kingma & Ba 2015)."""

    learning_rate: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    @property
    def rule(self) -> Rule:
        """The update rule."""
        return update_adam

    @property
    def state_names(self) -> tuple[str, ...]:
        """What the state arrays hold."""
        return ("m", "v")

    def __post_init__(self) -> None:
        Optimizer.__post_init__(self)
        _check("beta1", self.beta1, 0.0, 1.0)
        _check("beta2", self.beta2, 0.0, 1.0)

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Betas and epsilon; no decoupled decay."""
        return (self.beta1, self.beta2, self.epsilon, 0.0)

    @property
    def decays(self) -> tuple[float, float]:
        """β₁ and β₂."""
        return (self.beta1, self.beta2)


@dataclass(frozen=True, slots=True)
class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019)."""

    weight_decay: float = 0.01

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Betas, epsilon and the decoupled decay."""
        return (self.beta1, self.beta2, self.epsilon, self.weight_decay)
