"""Losses of one sample, built from `Value` operations; the mean is over its outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tinyml.value import Value

PerOutput = Callable[[Value, Value], Value]


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss: its name, whether it reads logits, and its Value for one sample."""

    name: str
    on_logits: bool
    function: Callable[[Sequence[Value], Sequence[Value]], Value]


def _mean_of(per_output: PerOutput) -> Callable[[Sequence[Value], Sequence[Value]], Value]:
    def function(outputs: Sequence[Value], targets: Sequence[Value]) -> Value:
        terms = [per_output(o, t) for o, t in zip(outputs, targets, strict=True)]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total if len(terms) == 1 else total * (1.0 / len(terms))

    return function


def _squared(output: Value, target: Value) -> Value:
    return (output - target) ** 2


def _half_squared(output: Value, target: Value) -> Value:
    return (output - target) ** 2 * 0.5


def _absolute(output: Value, target: Value) -> Value:
    return abs(output - target)


def _huber(output: Value, target: Value) -> Value:
    # With δ = 1: ½c² + (|e| − c), where c = min(|e|, 1) (Huber 1964).
    error = abs(output - target)
    clipped = error.minimum(1.0)
    return clipped**2 * 0.5 + (error - clipped)


def _hinge(output: Value, target: Value) -> Value:
    return (1.0 - output * target).relu()


def _bce(logit: Value, target: Value) -> Value:
    # softplus(z) − p·z with p = (y + 1)/2: no exponential of a large number, no log of 0.
    return logit.softplus() - logit * ((target + 1.0) * 0.5)


LOSSES: dict[str, Loss] = {
    "mse": Loss("mse", False, _mean_of(_squared)),
    "half_mse": Loss("half_mse", False, _mean_of(_half_squared)),
    "mae": Loss("mae", False, _mean_of(_absolute)),
    "huber": Loss("huber", False, _mean_of(_huber)),
    "hinge": Loss("hinge", False, _mean_of(_hinge)),
    "bce_logits": Loss("bce_logits", True, _mean_of(_bce)),
}


def mean_squared_error(predictions: Sequence[Value], targets: Sequence[Value]) -> Value:
    """Return the mean of (prediction − target)² over all elements."""
    return LOSSES["mse"].function(predictions, targets)
