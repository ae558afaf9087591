"""What orders lead to, told without a run."""

from dataclasses import replace

import pytest

from playground.core.choices import Activation, Loss, Optimizer, Regularization
from playground.core.experiment import Experiment, LayerSpec, Speed, TrainingSpec
from playground.core.files import Document, encode_document
from playground.core.run import Run
from playground.session.order import Order, Place, same
from playground.session.pending import Pending

START = Experiment()


def trained(**settings):
    return replace(START, training=replace(START.training, **settings))


def pending(orders):
    first, *others = orders
    waiting = Pending(first)
    for order in others:
        waiting.add(order, None)
    return waiting


def outcome(orders):
    return pending(orders).outcome()


@pytest.fixture(scope="module")
def state():
    run = Run(START)
    run.advance(45)
    return run.state()


@pytest.mark.parametrize(
    "edited",
    [
        START,
        trained(learning_rate=0.5, speed=Speed.BATCH_1),
        trained(regularization=Regularization.L2, regularization_rate=0.1),
    ],
)
def test_the_foreseen_state_is_the_runs_bit_for_bit(state, edited):
    run = Run(START, state)
    run.apply(edited)
    orders = [Order(START), Order(START, opens=True, state=state), Order(edited)]
    told = Document(run.experiment, run.state())
    assert encode_document(outcome(orders)) == encode_document(told)


@pytest.mark.parametrize(
    "edited",
    [
        replace(START, network=replace(START.network, hidden=(LayerSpec(9),))),
        replace(START, data=replace(START.data, noise=0.3)),
        trained(optimizer=Optimizer.ADAM),
        trained(loss=Loss.HINGE),
        trained(batch_size=1),
    ],
)
def test_what_only_a_run_can_tell_is_not_foreseen(state, edited):
    assert outcome([Order(START, opens=True, state=state), Order(edited)]) is None


def test_what_undoing_brings_back_is_not_foreseen(state):
    place, other = Place(), START.with_seed(1)
    orders = [Order(START, opens=True, state=state), Order(other, left=place), Order(START, place)]
    assert outcome(orders) is None


def test_without_a_state_the_last_experiment_is_foreseen():
    other = START.with_seed(1)
    assert outcome([Order(START), Order(other), Order(START, Place())]) == Document(START)


def test_another_experiment_is_foreseen_to_begin_anew(state):
    orders = [Order(START, opens=True, state=state), Order(START.with_seed(1))]
    assert outcome(orders) == Document(START.with_seed(1))


def test_another_speed_leaves_a_diverged_run_as_it_is():
    network = replace(START.network, output_activation=Activation.LINEAR)
    wild = replace(START, network=network, training=TrainingSpec(learning_rate=1e4))
    run = Run(wild)
    run.advance(5000)
    state, slower = run.state(), wild.with_speed(Speed.BATCH_1)
    assert state.divergence is not None
    again = Run(wild, state)
    again.apply(slower)
    orders = [Order(wild), Order(wild, opens=True, state=state), Order(slower)]
    told = outcome(orders)
    assert told is not None
    assert told.experiment == again.experiment
    assert told.state.divergence.message == again.divergence.message == state.divergence.message


def test_data_changed_after_the_structure_keep_the_run_while_both_wait(state):
    network = replace(START.network, hidden=(LayerSpec(9),))
    grown = replace(START, network=network)
    noisy = [replace(grown, data=replace(START.data, noise=noise)) for noise in (0.2, 0.3)]
    edits = [Order(e) for e in (grown, *noisy)]
    waiting = pending([Order(START), Order(START, opens=True, state=state), *edits])
    run = Run(START)
    orders = waiting.take()
    for order in orders:
        order.carry_out(run)
    assert run.experiment == noisy[1]
    assert run.epoch == state.trainer.epoch
    assert len(orders) == 4  # of a slider's numbers only the last is taken up


def test_a_reset_that_waits_begins_anew_what_is_taken_up_before_it(state):
    waiting = pending([Order(START), Order(START, opens=True, state=state)])
    waiting.begin_anew()
    waiting.add(Order(trained(learning_rate=0.5)), None)
    assert waiting.outcome().state is None
    run = Run(START)
    for order in waiting.take():
        order.carry_out(run)
    assert (run.epoch, run.experiment) == (0, trained(learning_rate=0.5))


def test_a_reset_that_waits_counts_as_one(state):
    grown = replace(START, network=replace(START.network, hidden=(LayerSpec(9),)))
    left, reached = Place(), Place()
    edit = Order(grown, left=left, reached=reached)
    waiting = pending([Order(START), Order(START, opens=True, state=state), edit])
    waiting.begin_anew()
    waiting.add(Order(START, left, left=reached, reached=left), None)
    late = Run(START)
    for order in waiting.take():
        order.carry_out(late)
    ready, left, reached = Run(START, state), Place(), Place()
    Order(grown, left=left, reached=reached).carry_out(ready)
    ready.reset()
    Order(START, left, left=reached, reached=left).carry_out(ready)
    assert (late.experiment, late.epoch) == (START, 0)
    assert same(late.parameters, ready.parameters)
