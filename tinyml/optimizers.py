"""Optimisers: specifications of how a gradient becomes a step; their state lives in the Trainer.

Each update rule is one plain function of floats, used by the compiled kernel and its twin:
``rule(weight, gradient, first, second, learning_rate, c0, c1, c2, c3, correction1, correction2,
step) -> (weight, first, second)``. Definitions and defaults are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

from tinyml.kernels.primitives import square_root

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
    return weight - learning_rate * gradient / (square_root(total) + c0), total, second


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
    return weight - learning_rate * gradient / (square_root(average) + c1), average, second


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
    denominator = square_root(v) / square_root(correction2) + c2
    return decayed - (learning_rate / correction1) * m / denominator, m, v


UPDATE_RULES = (update_sgd, update_momentum, update_adagrad, update_rmsprop, update_adam)
"""Update rules by the number the kernel knows them by."""


def _check_positive(name: str, value: float) -> None:
    if not (isfinite(value) and value > 0):
        raise ValueError(f"{name} must be finite and positive, got {value!r}")


def _check(name: str, value: float, low: float, high: float = inf) -> None:
    if not (isfinite(value) and low <= value < high):
        raise ValueError(f"{name} must be in [{low:g}, {high:g}), got {value!r}")


@dataclass(frozen=True, slots=True)
class Optimizer:
    """What all optimisers share: a learning rate, a rule, and what the rule needs.

    An optimiser is a specification; its state (`state_names` says what there is) is a Trainer's,
    which shows it as ``trainer.optimizer_state``.

    Attributes
    ----------
    learning_rate : the step size α.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    learning_rate: float = 0.03

    def __post_init__(self) -> None:
        _check_positive("learning_rate", self.learning_rate)

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
    """Stochastic gradient descent, w ← w − α·g, with `momentum` in [0, 1) if wanted.

    Momentum keeps a velocity v ← momentum·v + g, from v = g at the first step, and takes w ← w −
    α·v; `nesterov` takes w ← w − α·(g + momentum·v) (Sutskever et al. 2013, as PyTorch writes it).
    """

    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        Optimizer.__post_init__(self)
        _check("momentum", self.momentum, 0.0, 1.0)
        if self.nesterov and self.momentum == 0.0:
            raise ValueError("nesterov needs a momentum above 0, got 0")

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
    """Adagrad (Duchi et al. 2011): s ← s + g², w ← w − α·g/(√s + ε)."""

    learning_rate: float = 0.01
    epsilon: float = 1e-10

    def __post_init__(self) -> None:
        Optimizer.__post_init__(self)
        _check_positive("epsilon", self.epsilon)

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
    """RMSprop (Tieleman & Hinton 2012): s ← decay·s + (1 − decay)·g², w ← w − α·g/(√s + ε)."""

    learning_rate: float = 0.01
    decay: float = 0.99
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        Optimizer.__post_init__(self)
        _check("decay", self.decay, 0.0, 1.0)
        _check_positive("epsilon", self.epsilon)

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
    """Adam (Kingma & Ba 2015, algorithm 1).

    m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², both corrected for their start at 0,
    w ← w − α·m̂/(√v̂ + ε).
    """

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
        _check_positive("epsilon", self.epsilon)

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
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).

    Every parameter, biases included, first shrinks by the factor 1 − α·weight_decay.
    """

    weight_decay: float = 0.01

    def __post_init__(self) -> None:
        Adam.__post_init__(self)
        _check("weight_decay", self.weight_decay, 0.0)

    @property
    def coefficients(self) -> tuple[float, float, float, float]:
        """Betas, epsilon and the decoupled decay."""
        return (self.beta1, self.beta2, self.epsilon, self.weight_decay)
