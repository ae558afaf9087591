"""What a change of the experiment costs."""

from dataclasses import replace

import pytest

from playground.core.build import Change, change_between, make_optimizer
from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    Initializer,
    LayerSpec,
    Loss,
    Optimizer,
    Regularization,
    Speed,
    TrainingSpec,
)

BASE = Experiment()


def with_data(**fields):
    return replace(BASE, data=replace(BASE.data, **fields))


def with_network(**fields):
    return replace(BASE, network=replace(BASE.network, **fields))


def with_training(**fields):
    return replace(BASE, training=replace(BASE.training, **fields))


LIVE = [
    with_training(learning_rate=0.1),
    with_training(batch_size=7),
    with_training(regularization=Regularization.L1, regularization_rate=0.1),
    with_training(optimizer=Optimizer.ADAM),
    with_training(loss=Loss.HUBER),
    with_data(noise=0.2),
    with_data(kind=DatasetKind.SPIRAL),
    with_data(kind=DatasetKind.XOR_TABLE),
    with_data(train_share=0.8),
    with_data(seed=9),
]
PARTIAL = [
    with_network(hidden=(LayerSpec(5), LayerSpec(2))),
    with_network(hidden=(LayerSpec(4),)),
    with_network(hidden=(LayerSpec(4, Activation.RELU), LayerSpec(2))),
    with_network(features=(Feature.X1,)),
    with_network(output_activation=Activation.SIGMOID),
]
REBUILD = [
    replace(BASE, seed=1),
    with_network(initializer=Initializer.ZEROS),
    with_data(kind=DatasetKind.PLANE),
    replace(with_network(hidden=()), data=DataSpec(DatasetKind.SPIRAL)),
]


@pytest.mark.parametrize("other", LIVE)
def test_training_and_data_are_taken_up_live(other):
    assert change_between(BASE, other) is Change.LIVE


@pytest.mark.parametrize("other", PARTIAL)
def test_the_structure_keeps_weights_that_still_have_both_ends(other):
    assert change_between(BASE, other) is Change.PARTIAL


@pytest.mark.parametrize("other", REBUILD)
def test_seed_first_weights_and_the_kind_of_output_begin_a_new_run(other):
    assert change_between(BASE, other) is Change.REBUILD


def test_the_same_experiment_costs_nothing():
    assert change_between(BASE, Experiment()) is Change.NOTHING


@pytest.mark.parametrize("kind", Optimizer)
def test_every_optimizer_has_a_rule_at_the_learning_rate(kind):
    rule = make_optimizer(TrainingSpec(optimizer=kind, learning_rate=0.125))
    assert rule.learning_rate == 0.125


def test_another_speed_is_no_change_of_the_run():
    assert change_between(BASE, BASE.with_speed(Speed.BATCH_1)) is Change.SPEED
