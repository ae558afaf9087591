"""What training a network costs: an estimate before it runs, corrected by what was measured."""

from __future__ import annotations

from playground.core.experiment import Activation, NetworkSpec

EPOCH_S = 1.2e-4
BATCH_S = 6e-7
NEURON_S = 3.4e-9
CURVED_S = 9.5e-9
PARAMETER_S = 3.1e-9
"""Seconds per epoch, per batch, and per sample and neuron, curved activation or parameter.

Fitted to runs of thirteen networks from 2-1 to 2-64-64-1 on one core of a 2020s server.
"""
STRAIGHT = (Activation.LINEAR, Activation.RELU, Activation.LEAKY_RELU)
LEAST_FACTOR, MOST_FACTOR = 0.02, 50.0


class EpochCost:
    """Estimates the seconds of an epoch; what was measured on this machine corrects it."""

    def __init__(self) -> None:
        self._factor = 1.0

    def learn(
        self, network: NetworkSpec, n_train: int, batch_size: int, epochs_per_second: float
    ) -> None:
        """Take note of the speed at which a network trained when nothing held it back."""
        if epochs_per_second > 0:
            guess = _guessed(network, n_train, batch_size)
            factor = 1.0 / (epochs_per_second * guess)
            self._factor = min(MOST_FACTOR, max(LEAST_FACTOR, factor))

    def seconds(self, network: NetworkSpec, n_train: int, batch_size: int) -> float:
        """Return about how long an epoch of `n_train` samples takes."""
        return self._factor * _guessed(network, n_train, batch_size)


def _guessed(network: NetworkSpec, n_train: int, batch_size: int) -> float:
    neurons = sum(network.layer_sizes)
    curved = sum(
        size
        for size, kind in zip(network.layer_sizes, network.activations, strict=True)
        if kind not in STRAIGHT
    )
    per_sample = (
        neurons * NEURON_S + curved * CURVED_S + (network.n_parameters + neurons) * PARAMETER_S
    )
    return EPOCH_S + -(-n_train // batch_size) * BATCH_S + n_train * per_sample
