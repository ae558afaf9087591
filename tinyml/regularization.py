"""What holds a network back from learning by heart: weight penalties and dropout.

The functions work on plain floats and ints, raise nothing and are fit for compilation, so that the
kernel and its twin share them.
"""

from __future__ import annotations

PENALTIES = (None, "l1", "l2")
"""No penalty, r·Σ|w|, r·Σ½w²; over weights, not biases. The index is the `kind` below."""
NONE, L1, L2 = range(3)


def penalty(kind: int, weight: float) -> float:
    """Return one weight's penalty at rate 1: 0, |w| or ½w²."""
    return abs(weight) if kind == L1 else (0.5 * weight * weight if kind == L2 else 0.0)


def penalty_slope(kind: int, weight: float) -> float:
    """Return its derivative: 0, the sign of w (0 at 0), or w."""
    sign = 1.0 if weight > 0.0 else (-1.0 if weight < 0.0 else 0.0)
    return sign if kind == L1 else (weight if kind == L2 else 0.0)


def stopped_at_zero(unpenalised: float, penalised: float) -> float:
    """Return a weight after a step with an L1 penalty.

    `unpenalised` is the weight after the same step without the penalty. Where the penalty alone
    carried the weight through zero, it becomes exactly zero; the next step may let it grow again.
    """
    crossed = (unpenalised > 0.0 and penalised < 0.0) or (unpenalised < 0.0 and penalised > 0.0)
    return 0.0 if crossed else penalised


def _mixed(h: int) -> int:
    """Stir 32 bits (a finaliser of the xor-shift-multiply kind, constants by C. Wellons 2018)."""
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 0x846CA68B) & 0xFFFFFFFF
    return h ^ (h >> 16)


def dropout_factor(rate: float, seed: int, step: int, sample: int, neuron: int) -> float:
    """Return what a hidden activation is multiplied by: 0 with probability `rate`, or 1/(1 − rate).

    A hash of (seed, step, sample, neuron): no state, so every engine finds the same mask. `neuron`
    counts through all hidden layers; the ints are not negative, their lower 32 bits count.
    """
    h = _mixed(seed & 0xFFFFFFFF)
    h = _mixed((h + step) & 0xFFFFFFFF)
    h = _mixed((h + sample) & 0xFFFFFFFF)
    h = _mixed((h + neuron) & 0xFFFFFFFF)
    return 0.0 if h * 2.3283064365386963e-10 < rate else 1.0 / (1.0 - rate)
