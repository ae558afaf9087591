"""Says where and why training left the finite numbers, and what to do about it."""

from __future__ import annotations

import numpy as np

from playground.core.experiment import Experiment, Optimizer
from playground.core.parameters import split
from playground.core.snapshot import Divergence, Float64s


def describe(
    experiment: Experiment, epoch: int, parameters: Float64s, gradients: Float64s
) -> Divergence:
    """Return the epoch, the layer whose numbers went first, and words that name a remedy."""
    layer = _guilty_layer(experiment, parameters, gradients)
    n_hidden = len(experiment.network.hidden)
    place = f"hidden layer {layer + 1}" if layer < n_hidden else "the output layer"
    rate = experiment.training.learning_rate
    remedy = f"Lower the learning rate (it is {rate:g}) and reset."
    if experiment.training.optimizer is not Optimizer.SGD and rate <= 1e-3:
        remedy = "Choose smaller first weights or another activation, and reset."
    return Divergence(epoch, layer, f"Training diverged in epoch {epoch}, in {place}. {remedy}")


def _guilty_layer(experiment: Experiment, parameters: Float64s, gradients: Float64s) -> int:
    """Return the first layer that is not finite, else the one with the greatest gradient."""
    weights, _ = split(parameters, experiment.network)
    slopes, _ = split(gradients, experiment.network)
    with np.errstate(over="ignore"):
        sizes = [
            float(np.abs(g).max() + np.abs(w).max()) for g, w in zip(slopes, weights, strict=True)
        ]
    broken = [k for k, size in enumerate(sizes) if not np.isfinite(size)]
    return broken[0] if broken else int(np.argmax(sizes))
