"""The optimiser's step, with penalties, over all parameters at once."""

from __future__ import annotations

from tinyml import optimizers
from tinyml.kernels.compiler import inner
from tinyml.kernels.intrinsics import register_all
from tinyml.regularization import L1, NONE, penalty_slope, stopped_at_zero
from tinyml.sweeps import DECAY1, DECAY2, PENALTY_RATE
from tinyml.tape import Floats, Ints

register_all()

_sgd, _momentum, _adagrad, _rmsprop, _adam = optimizers.UPDATE_RULES


@inner
def apply_rule(
    rule: int,
    weight: Floats,
    gradient: Floats,
    first: Floats,
    second: Floats,
    hyper: Floats,
    correction1: float,
    correction2: float,
    step: float,
    out: Floats,
    out_first: Floats,
    out_second: Floats,
) -> bool:
    """Set the three outs to an update of `weight` and its state; False if that is not finite.

    A moment may be infinite where the weight is not: a weight would rest for ever then.
    """
    rate, c0, c1, c2, c3 = hyper[0], hyper[1], hyper[2], hyper[3], hyper[4]
    k1, k2 = correction1, correction2
    n_bad = 0
    for p in range(weight.size):
        w, g, m, v = weight[p], gradient[p], first[p], second[p]
        if rule == 0:
            w, m, v = _sgd(w, g, m, v, rate, c0, c1, c2, c3, k1, k2, step)
        elif rule == 1:
            w, m, v = _momentum(w, g, m, v, rate, c0, c1, c2, c3, k1, k2, step)
        elif rule == 2:
            w, m, v = _adagrad(w, g, m, v, rate, c0, c1, c2, c3, k1, k2, step)
        elif rule == 3:
            w, m, v = _rmsprop(w, g, m, v, rate, c0, c1, c2, c3, k1, k2, step)
        else:
            w, m, v = _adam(w, g, m, v, rate, c0, c1, c2, c3, k1, k2, step)
        out[p], out_first[p], out_second[p] = w, m, v
        n_bad += (w - w) + (m - m) + (v - v) != 0.0
    return n_bad == 0


@inner
def update(
    rule: int,
    penalty: int,
    is_weight: Floats,
    weight: Floats,
    gradient: Floats,
    state: Floats,
    hyper: Floats,
    powers: Floats,
    step: float,
) -> bool:
    """Update `weight` and its state in place; False, with nothing changed, if that is not finite.

    `state` is (8, n): both moments, the weights before this update, its gradient, and scratch.
    `powers` holds β₁ᵗ and β₂ᵗ of the step before. The L1 part of a step stops at zero: where the
    update with it lands on the other side of zero than the update without it, the weight becomes
    exactly zero.
    """
    n = weight.size
    power1, power2 = powers[0] * hyper[DECAY1], powers[1] * hyper[DECAY2]
    k1, k2 = 1.0 - power1, 1.0 - power2
    first, second, previous, used = state[0], state[1], state[2], state[3]
    plain, new, m, v, penalised = state[4], state[5], state[6], state[7], state[5]
    slope = gradient
    if penalty != NONE:
        slope = penalised
        for p in range(n):
            part = (hyper[PENALTY_RATE] * is_weight[p]) * penalty_slope(penalty, weight[p])
            penalised[p] = gradient[p] + part
    if penalty == L1:
        apply_rule(rule, weight, gradient, first, second, hyper, k1, k2, step, plain, m, v)
    if not apply_rule(rule, weight, slope, first, second, hyper, k1, k2, step, new, m, v):
        return False
    for p in range(n):
        previous[p] = weight[p]
        used[p] = gradient[p]
        stops = (penalty == L1) & (is_weight[p] > 0.0)
        weight[p] = stopped_at_zero(plain[p], new[p]) if stops else new[p]
        first[p] = m[p]
        second[p] = v[p]
    powers[0], powers[1] = power1, power2
    return True


@inner
def shuffle(order: Ints, seed: int, epoch: int) -> None:
    """Permute `order` in place from (seed, epoch) (Fisher–Yates with splitmix64, Steele 2014)."""
    state = seed * 0x9E3779B1 + epoch * 0x85EBCA77
    for k in range(order.size):
        order[k] = k
    for k in range(order.size - 1, 0, -1):
        state = state + 0x1E3779B97F4A7C15
        mixed = (state ^ ((state >> 30) & 0x3FFFFFFFF)) * 0x3F58476D1CE4E5B9
        mixed = (mixed ^ ((mixed >> 27) & 0x1FFFFFFFFF)) * 0x14D049BB133111EB
        mixed = (mixed ^ ((mixed >> 31) & 0x1FFFFFFFF)) & 0x7FFFFFFF
        chosen = mixed % (k + 1)
        order[k], order[chosen] = order[chosen], order[k]
