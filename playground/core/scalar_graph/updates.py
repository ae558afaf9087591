"""The optimiser's step of every parameter, number by number, as the kernel makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.core.build import make_optimizer
from playground.core.experiment import Optimizer, Regularization, TrainingSpec
from playground.core.snapshot import OptimizerState
from tinyml.regularization import L1, PENALTIES, penalty_slope, stopped_at_zero


@dataclass(frozen=True, slots=True)
class Update:
    """One parameter's step.

    Attributes
    ----------
    before, after : the parameter.
    gradient : that of the data loss.
    penalty : what the weight penalty adds to the gradient.
    first, second : the optimiser's two numbers for this parameter, before and after.
    """

    before: float
    after: float
    gradient: float
    penalty: float
    first: tuple[float, float]
    second: tuple[float, float]

    @property
    def change(self) -> float:
        """What the step adds to the parameter."""
        return self.after - self.before


def next_updates(
    training: TrainingSpec,
    state: OptimizerState | None,
    parameters: Sequence[float],
    gradients: Sequence[float],
    is_weight: Sequence[bool],
) -> list[Update]:
    """Return the step that the optimiser would make now with these gradients.

    `state` is the optimiser's at present, None before its first step. The operations and their
    order are those of :mod:`tinyml.kernels.update`.
    """
    rule = make_optimizer(training)
    c0, c1, c2, c3 = rule.coefficients
    penalised = training.regularization is not Regularization.NONE
    kind = PENALTIES.index(training.regularization.value if penalised else None)
    powers = state.powers if state is not None else (1.0, 1.0)
    step = float(state.step + 1) if state is not None else 1.0
    corrections = [1.0 - p * d for p, d in zip(powers, rule.decays, strict=True)]
    fixed = (rule.learning_rate, c0, c1, c2, c3, *corrections, step)
    updates = []
    for k, (weight, gradient) in enumerate(zip(parameters, gradients, strict=True)):
        first = float(state.first[k]) if state is not None else 0.0
        second = float(state.second[k]) if state is not None else 0.0
        rate = training.regularization_rate * float(is_weight[k])
        pull = rate * penalty_slope(kind, weight)
        after, m, v = rule.rule(weight, gradient + pull, first, second, *fixed)
        if kind == L1 and is_weight[k]:
            plain, _, _ = rule.rule(weight, gradient, first, second, *fixed)
            after = stopped_at_zero(plain, after)
        updates.append(Update(weight, after, gradient, pull, (first, m), (second, v)))
    return updates


def update_formula(optimizer: Optimizer) -> str:
    """Return the rule as a line of mathematics."""
    match optimizer:
        case Optimizer.SGD:
            return "w ← w − α·g"
        case Optimizer.MOMENTUM:
            return "w ← w − α·v,  v ← β·v + g"
        case Optimizer.ADAGRAD:
            return "w ← w − α·g/(√s + ε),  s ← s + g²"
        case Optimizer.RMSPROP:
            return "w ← w − α·g/(√s + ε)"
        case Optimizer.ADAM:
            return "w ← w − α·m̂/(√v̂ + ε)"
        case Optimizer.ADAMW:
            return "w ← w − α·λ·w − α·m̂/(√v̂ + ε)"


def state_letters(optimizer: Optimizer) -> tuple[str, ...]:
    """Return the letters of the numbers that the optimiser keeps per parameter."""
    return {
        Optimizer.SGD: (),
        Optimizer.MOMENTUM: ("v",),
        Optimizer.ADAGRAD: ("s",),
        Optimizer.RMSPROP: ("s",),
        Optimizer.ADAM: ("m", "v"),
        Optimizer.ADAMW: ("m", "v"),
    }[optimizer]
