"""Losses of one sample, built from `Value` operations.

Class targets may be written ±1 or 0/1, or as a probability in between: whatever is not positive
counts as class 0. So tables with 0/1 targets and clouds with ±1 targets share every loss.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tinyml.value import Value

PerSample = Callable[[Sequence[Value], Sequence[Value]], Value]


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss: its name, whether it reads logits, and its Value for one sample.

    `on_logits` means that the outputs to give it are the last preactivations.
    """

    name: str
    on_logits: bool
    function: PerSample


def _sum(terms: Sequence[Value]) -> Value:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _mean_of(per_output: Callable[[Value, Value], Value]) -> PerSample:
    def function(outputs: Sequence[Value], targets: Sequence[Value]) -> Value:
        terms = [per_output(o, t) for o, t in zip(outputs, targets, strict=True)]
        if len(terms) == 1:
            return terms[0]
        # Each part, not the sum, is divided: the sum may overflow where the mean does not.
        return _sum([term * (1.0 / len(terms)) for term in terms])

    return function


def _probability(target: Value) -> Value:
    return target.maximum(0.0)


def _squared(output: Value, target: Value) -> Value:
    return (output - target) ** 2


def _half_squared(output: Value, target: Value) -> Value:
    # In this order the value and both halves of the slope are finite wherever the truth is.
    error = output - target
    return error * 0.5 * error


def _absolute(output: Value, target: Value) -> Value:
    return abs(output - target)


def _huber(output: Value, target: Value) -> Value:
    # δ = 1: ½c² + (|e| − c) with c = min(|e|, 1) is e²/2 inside and |e| − ½ outside.
    error = abs(output - target)
    clipped = error.minimum(1.0)
    return clipped**2 * 0.5 + (error - clipped)


def _hinge(output: Value, target: Value) -> Value:
    return (1.0 - output * (_probability(target) * 2.0 - 1.0)).relu()


def _cross_entropy(logit: Value, target: Value) -> Value:
    # −p·ln σ(z) − (1 − p)·ln(1 − σ(z)), each logarithm as a softplus: exact in saturation.
    p = _probability(target)
    return p * (-logit).softplus() + (1.0 - p) * logit.softplus()


def _softmax_cross_entropy(logits: Sequence[Value], targets: Sequence[Value]) -> Value:
    largest = logits[0]
    for logit in logits[1:]:
        largest = largest.maximum(logit)
    log_sum = _sum([(logit - largest).exp() for logit in logits]).log()
    chosen = [_probability(t) * z for z, t in zip(logits, targets, strict=True)]
    # A small logarithm would drown in a large logit: these two are subtracted first.
    return log_sum + (largest - _sum(chosen))


LOSSES: dict[str, Loss] = {
    "mse": Loss("mse", False, _mean_of(_squared)),
    "half_mse": Loss("half_mse", False, _mean_of(_half_squared)),
    "mae": Loss("mae", False, _mean_of(_absolute)),
    "huber": Loss("huber", False, _mean_of(_huber)),
    "hinge": Loss("hinge", False, _mean_of(_hinge)),
    "bce_logits": Loss("bce_logits", True, _mean_of(_cross_entropy)),
    "softmax_ce": Loss("softmax_ce", True, _softmax_cross_entropy),
}
"""By name. `mse` (ŷ − y)², `half_mse` half of it, `mae` |ŷ − y|, `huber` with δ = 1 (Huber 1964),
`hinge` max(0, 1 − ŷ·y) (Cortes & Vapnik 1995), `bce_logits` the cross-entropy of σ(logit): means
over the outputs. `softmax_ce` is the cross-entropy of softmax(logits) with one-hot targets."""


def mean_squared_error(predictions: Sequence[Value], targets: Sequence[Value]) -> Value:
    """Return the mean of (prediction − target)² over all elements."""
    return LOSSES["mse"].function(predictions, targets)
