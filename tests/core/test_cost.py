"""The estimate of an epoch's time."""

import pytest

from playground.core.cost import EpochCost
from playground.core.experiment import Activation, LayerSpec, NetworkSpec

SMALL = NetworkSpec(hidden=(LayerSpec(4),))
LARGE = NetworkSpec(hidden=(LayerSpec(32), LayerSpec(32)))


def test_more_neurons_more_samples_and_smaller_batches_cost_more():
    cost = EpochCost()
    assert cost.seconds(LARGE, 250, 10) > cost.seconds(SMALL, 250, 10)
    assert cost.seconds(SMALL, 500, 10) > cost.seconds(SMALL, 250, 10)
    assert cost.seconds(SMALL, 250, 1) > cost.seconds(SMALL, 250, 10)


def test_curved_activations_cost_more_than_straight_ones():
    relu = NetworkSpec(hidden=(LayerSpec(32, Activation.RELU), LayerSpec(32, Activation.RELU)))
    cost = EpochCost()
    assert cost.seconds(LARGE, 250, 10) > cost.seconds(relu, 250, 10)


def test_a_measured_speed_is_the_estimate_of_that_network_and_scales_the_others():
    cost = EpochCost()
    ratio = cost.seconds(LARGE, 250, 10) / cost.seconds(SMALL, 250, 10)
    cost.learn(SMALL, 250, 10, epochs_per_second=400.0)
    assert cost.seconds(SMALL, 250, 10) == pytest.approx(1 / 400)
    assert cost.seconds(LARGE, 250, 10) == pytest.approx(ratio / 400)


def test_a_speed_not_yet_known_teaches_nothing():
    cost = EpochCost()
    before = cost.seconds(SMALL, 250, 10)
    cost.learn(SMALL, 250, 10, epochs_per_second=0.0)
    assert cost.seconds(SMALL, 250, 10) == before
