"""Names what is wrong with a training, by written rules over what a snapshot says.

Each rule looks at one kind of trouble and says where it is; the first one that applies, in the
order of :class:`Trouble`, is what a person is told. The limits are rules of thumb, chosen so that
runs which learn well stay silent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from playground.core.experiment import Activation, Problem
from playground.core.snapshot import Float64s, Snapshot


class Trouble(StrEnum):
    """What can be wrong, the worst first."""

    DIVERGED = "diverged"
    EXPLODING = "exploding gradients"
    DEAD = "dead neurons"
    VANISHING = "vanishing gradients"
    SATURATED = "saturated neurons"
    OVERFITTING = "overfitting"
    PLATEAU = "plateau"


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble: its kind, a few words that name it with its numbers, and where it is.

    Attributes
    ----------
    layer : 0 is the first hidden layer; None is the whole network.
    """

    trouble: Trouble
    words: str
    layer: int | None = None


EXPLODING_NORM = 100.0
"""A layer's gradient norm above which a step is likely to overshoot."""
EXPLODING_GROWTH = 100.0
"""… or this many times its own median over the run, and above 1."""
DEAD_SHARE = 0.25
VANISHING_RATIO = 1e-3
"""Root mean square gradient of the first layer's weights over that of the last layer's."""
SATURATED_SHARE = 0.5
OVERFIT_GAP = 0.15
"""How far the test loss is above its lowest, as a share of that, while the train loss fell on."""
PLATEAU_FALL = 0.01
"""The share that the train loss has to fall in the last third of the run."""
PLATEAU_LOSS = 0.1
"""Below this share of the first loss, or above PLATEAU_ACCURACY, standing still is no trouble."""
PLATEAU_ACCURACY = 0.95
FEWEST_POINTS = 30
"""Points of the history that the rules about the course of a run need."""

EXPLANATIONS: dict[Trouble, str] = {
    Trouble.DIVERGED: (
        "The loss is no longer a finite number, or a million times the first one: steps were so"
        " large that each made things worse. Lower the learning rate and reset, or go back to the"
        " last good epoch."
    ),
    Trouble.EXPLODING: (
        "The gradient of a layer is very large. Backpropagation multiplies one factor per layer;"
        " where they are above 1 the product grows from layer to layer. Lower the learning rate,"
        " choose smaller first weights (Xavier or He), or use fewer layers."
    ),
    Trouble.DEAD: (
        "A ReLU whose sum z is below 0 for every sample answers 0 and has slope 0: no gradient"
        " reaches its weights, so it never recovers. Use leaky ReLU, He initialisation or a lower"
        " learning rate."
    ),
    Trouble.VANISHING: (
        "The first layer's gradients are a thousand times smaller than the last layer's, so it"
        " hardly learns. Each tanh or sigmoid multiplies by a slope of at most 1 or ¼. Use ReLU or"
        " ELU, better first weights, or fewer layers."
    ),
    Trouble.SATURATED: (
        "Most answers of a layer lie on the flat ends of its activation, where the slope is below"
        " 0.06 and hardly any gradient passes. Choose smaller first weights, a lower learning rate"
        " or L2, or use ReLU."
    ),
    Trouble.OVERFITTING: (
        "The test loss rises while the train loss still falls: the network learns the noise of the"
        " samples it sees. Use more samples, fewer neurons or L2, or stop at the lowest test loss."
    ),
    Trouble.PLATEAU: (
        "The loss has stopped falling although it is still high. Try a higher learning rate, Adam,"
        " more neurons or other features; or wait, some plateaus end by themselves."
    ),
}


def diagnose(snapshot: Snapshot) -> Finding | None:
    """Return the worst trouble that the rules find, or None."""
    for rule in (
        _diverged,
        _exploding,
        _dead,
        _vanishing,
        _saturated,
        _overfitting,
        _plateau,
    ):
        finding = rule(snapshot)
        if finding is not None:
            return finding
    return None


def _diverged(snapshot: Snapshot) -> Finding | None:
    divergence = snapshot.divergence
    if divergence is None:
        return None
    return Finding(Trouble.DIVERGED, f"Diverged in epoch {divergence.epoch}", divergence.layer)


def _exploding(snapshot: Snapshot) -> Finding | None:
    norms = snapshot.history.gradient_norms
    if not len(norms) or norms.shape[1] != len(snapshot.layers):
        return None
    for layer, column in enumerate(norms.T):
        known = column[np.isfinite(column)]
        if not len(known):
            continue
        last = float(known[-1])
        grown = len(known) >= FEWEST_POINTS and last > EXPLODING_GROWTH * float(np.median(known))
        if last > EXPLODING_NORM or (grown and last > 1.0):
            words = f"Exploding gradients in {_name(snapshot, layer)}: norm {last:,.0f}"
            return Finding(Trouble.EXPLODING, words, layer)
    return None


def _dead(snapshot: Snapshot) -> Finding | None:
    shares = [float(layer.dead.mean()) for layer in snapshot.layers]
    worst = int(np.argmax(shares))
    if shares[worst] < DEAD_SHARE:
        return None
    dead = snapshot.layers[worst].dead
    where = _name(snapshot, worst)
    words = f"{int(dead.sum())} of {len(dead)} neurons dead in {where}"
    if dead.all():
        words = f"All outputs of {where} are 0: every neuron is dead"
    return Finding(Trouble.DEAD, words, worst)


def _vanishing(snapshot: Snapshot) -> Finding | None:
    if len(snapshot.layers) < 3 or snapshot.step == 0 or _has_learnt(snapshot):
        return None
    first, last = (_rms(snapshot.layers[k].weight_gradients) for k in (0, -1))
    if not last > 0.0 or first >= VANISHING_RATIO * last:
        return None
    words = "Vanishing gradients: Hidden 1 gets "
    words += "none" if first == 0.0 else f"1/{last / first:,.0f} of the output's"
    return Finding(Trouble.VANISHING, words, 0)


def _saturated(snapshot: Snapshot) -> Finding | None:
    kinds = snapshot.experiment.network.activations
    hidden = [
        float(layer.saturated.mean()) if kind in (Activation.TANH, Activation.SIGMOID) else 0.0
        for layer, kind in zip(snapshot.layers[:-1], kinds, strict=False)
    ]
    if not hidden or max(hidden) < SATURATED_SHARE or _has_learnt(snapshot):
        return None
    worst = int(np.argmax(hidden))
    words = f"{_name(snapshot, worst)} is {100 * hidden[worst]:.0f}\u2009% saturated"
    return Finding(Trouble.SATURATED, words, worst)


def _overfitting(snapshot: Snapshot) -> Finding | None:
    history = snapshot.history
    known = np.isfinite(history.test_loss) & np.isfinite(history.train_loss)
    test, train = history.test_loss[known], history.train_loss[known]
    if len(test) < FEWEST_POINTS:
        return None
    best = int(test.argmin())
    # The last tenth of the run, so that one noisy epoch says nothing.
    tail = max(3, len(test) // 10)
    now, now_train = float(np.median(test[-tail:])), float(np.median(train[-tail:]))
    risen = now > (1.0 + OVERFIT_GAP) * float(test[best])
    if len(test) - best <= tail or not risen or now_train >= float(train[best]):
        return None
    epoch = int(history.epochs[known][best])
    words = f"Overfitting: the test loss was lowest at epoch {epoch}"
    return Finding(Trouble.OVERFITTING, words)


def _plateau(snapshot: Snapshot) -> Finding | None:
    losses = snapshot.history.train_loss
    losses = losses[np.isfinite(losses)]
    if len(losses) < FEWEST_POINTS or _has_learnt(snapshot):
        return None
    third = len(losses) // 3
    before = float(np.median(losses[-third : -third + third // 3]))
    now = float(np.median(losses[-(third // 3) :]))
    if now < (1.0 - PLATEAU_FALL) * before:
        return None
    start = int(snapshot.history.epochs[-third])
    return Finding(Trouble.PLATEAU, f"Plateau: the loss has hardly fallen since epoch {start}")


def _has_learnt(snapshot: Snapshot) -> bool:
    losses = snapshot.history.train_loss
    first = float(losses[0]) if len(losses) else 0.0
    if snapshot.experiment.data.problem is not Problem.REGRESSION:
        accuracy = snapshot.train_accuracy
        return accuracy is not None and accuracy >= PLATEAU_ACCURACY
    return snapshot.train_loss <= PLATEAU_LOSS * first


def _name(snapshot: Snapshot, layer: int) -> str:
    return "the output" if layer == len(snapshot.layers) - 1 else f"Hidden {layer + 1}"


def _rms(values: Float64s) -> float:
    with np.errstate(over="ignore"):
        return float(np.sqrt(np.mean(values**2)))
