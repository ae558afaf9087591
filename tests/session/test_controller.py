"""The controller and the worker in a real thread."""

import random
import sys
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from playground.core.experiment import DataSpec, Experiment, LayerSpec, Speed
from playground.core.focus import Focus
from playground.core.snapshot import Activity, ParameterEdit, Parameters
from playground.session import controller as controller_module
from playground.session.order import Order, Place
from tests.session.conftest import at_speed

OTHER = Experiment(data=DataSpec(noise=0.3))


def until(qtbot, signal, check):
    return qtbot.waitSignal(signal, check_params_cb=check, timeout=5000)


def running(activity):
    return activity is Activity.RUNNING


def paused(activity):
    return activity is Activity.PAUSED


def play(qtbot, controller):
    with until(qtbot, controller.activity_changed, running):
        controller.play()


def test_the_first_snapshot_comes_by_itself_and_nothing_trains(started):
    desk = started()
    assert desk.controller.snapshot.step == 0
    assert desk.controller.activity is Activity.PAUSED


def test_training_happens_in_one_other_thread(qtbot, started):
    desk = started()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step > 100):
        desk.controller.play()
    desk.controller.shut_down()
    assert len(desk.run.threads) == 1
    assert threading.get_ident() not in desk.run.threads


def test_pause_shows_the_exact_state_in_full_quality(qtbot, started):
    desk = started()
    play(qtbot, desk.controller)
    with until(qtbot, desk.controller.activity_changed, paused):
        desk.controller.pause()
    assert desk.controller.snapshot.step == desk.run.step
    assert desk.controller.snapshot.output
    assert desk.controller.snapshot.epochs_per_second == 0.0


def test_toggle_plays_and_pauses(qtbot, started):
    desk = started()
    for wanted in (running, paused, running):
        with until(qtbot, desk.controller.activity_changed, wanted):
            desk.controller.toggle()


def test_a_running_snapshot_tells_the_speed(qtbot, started):
    desk = started()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.epochs_per_second > 0):
        desk.controller.play()


def test_an_epoch_step_ends_at_the_next_epoch(qtbot, started):
    desk = started()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step == 1):
        desk.controller.step_batch()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step == 4):
        desk.controller.step_epoch()
    assert desk.controller.activity is Activity.PAUSED


def test_every_press_of_a_step_button_counts(qtbot, started):
    desk = started()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step == 12):
        for _ in range(3):
            desk.controller.step_epoch()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step == 17):
        for _ in range(5):
            desk.controller.step_batch()


def test_reset_stops_and_begins_at_zero(qtbot, started):
    desk = started()
    play(qtbot, desk.controller)
    with until(qtbot, desk.controller.activity_changed, paused):
        desk.controller.reset()
    assert desk.controller.snapshot.step == 0
    assert desk.run.calls == ["reset"]


def test_an_applied_experiment_is_in_force_at_once_and_in_the_next_snapshot(qtbot, started):
    desk = started()
    controller = desk.controller
    with qtbot.waitSignals([controller.experiment_changed, controller.snapshot_changed]):
        controller.apply(OTHER)
        assert controller.experiment == OTHER
    assert controller.snapshot.experiment == OTHER


def test_applying_the_same_experiment_does_nothing(qtbot, started):
    desk = started()
    with qtbot.assertNotEmitted(desk.controller.experiment_changed):
        desk.controller.apply(Experiment())


def test_of_many_edits_in_a_row_the_last_is_taken_up(qtbot, started):
    desk = started()
    edits = [Experiment(data=DataSpec(seed=k)) for k in range(1, 200)]
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.experiment == edits[-1]):
        for edit in edits:
            desk.controller.apply(edit)
    assert desk.run.calls[-1] == edits[-1]
    assert len(desk.run.calls) < len(edits)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("refuse", "this cannot be taken up"),
        ("too_large", "out of memory. Choose a smaller network or fewer samples"),
    ],
)
def test_an_experiment_that_cannot_be_taken_up_is_undone_and_the_next_one_is_not(
    qtbot, started, how, why
):
    desk = started(**{how: OTHER})
    with (
        qtbot.waitSignal(desk.controller.notice_raised) as notice,
        until(qtbot, desk.controller.experiment_changed, lambda e: e == Experiment()),
    ):
        desk.controller.apply(OTHER)
    assert notice.args == [f"Not changed: {why}."]
    assert desk.controller.experiment == Experiment()
    smaller = Experiment(data=DataSpec(seed=3))
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.experiment == smaller):
        desk.controller.apply(smaller)


def test_edited_parameters_reach_the_run(qtbot, started):
    desk = started()
    with qtbot.waitSignal(desk.controller.snapshot_changed):
        desk.controller.edit_parameters(ParameterEdit("parameters", "edit a weight"))
    assert desk.run.calls == ["parameters"]


def test_an_order_keeps_the_exact_parameters_on_both_sides_while_training_runs(qtbot, started):
    desk = started()
    controller = desk.controller
    play(qtbot, controller)
    left, reached = Place(), Place()
    by_hand = Parameters((np.array([[-7.5]]),), (np.zeros(1),))
    with until(qtbot, controller.snapshot_changed, lambda s: s.step > 100):
        pass
    with qtbot.waitSignal(controller.snapshot_changed):
        controller.carry_out(Order(Experiment(), by_hand, left, reached))
    qtbot.waitUntil(lambda: reached.parameters is not None)
    assert left.parameters.weights[0][0, 0] >= 100
    assert reached.parameters.weights[0][0, 0] == -7.5


def test_an_edit_that_leaves_the_weights_alone_keeps_no_parameters(qtbot, started):
    desk = started()
    controller = desk.controller
    left, reached = Place(), Place()
    with until(qtbot, controller.snapshot_changed, lambda s: s.experiment == OTHER):
        controller.carry_out(Order(OTHER, None, left, reached))
    assert left.parameters is None
    assert reached.parameters is None


def test_edits_of_the_structure_are_all_made_one_after_the_other(qtbot, started):
    desk = started()
    base = Experiment()
    edits = [
        replace(base, network=replace(base.network, hidden=(LayerSpec(k),))) for k in range(1, 30)
    ]
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.experiment == edits[-1]):
        for edit in edits:
            desk.controller.apply(edit)
    assert desk.run.calls == edits


def test_parameters_that_do_not_fit_raise_a_notice_and_training_goes_on(qtbot, started):
    desk = started()
    play(qtbot, desk.controller)
    with qtbot.waitSignal(desk.controller.notice_raised) as notice:
        desk.controller.edit_parameters(ParameterEdit("wrong", "edit a weight"))
    assert notice.args == ["Not changed: these do not fit."]
    assert desk.controller.activity is Activity.RUNNING


def test_divergence_stops_training_with_a_word(qtbot, started):
    desk = started(diverge_at=50)
    controller = desk.controller
    with (
        until(qtbot, controller.activity_changed, lambda a: a is Activity.DIVERGED),
        qtbot.waitSignal(controller.notice_raised) as notice,
    ):
        controller.play()
    assert notice.args == ["it diverged"]
    assert controller.snapshot.divergence is not None
    controller.play()
    with until(qtbot, controller.activity_changed, paused):
        controller.reset()


def test_a_mistake_in_a_chunk_is_reported_and_the_thread_lives_on(qtbot, started, monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: told.append(error[1]))
    desk = started(fail_at=50)
    with qtbot.waitSignal(desk.controller.notice_raised) as notice:
        desk.controller.play()
    assert notice.args == ["Training stopped: a mistake in a chunk"]
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step > 100):
        desk.controller.play()
    assert [str(error) for error in told] == ["a mistake in a chunk"]


@pytest.mark.parametrize("speed", [Speed.BATCH_1, Speed.EPOCH_1, Speed.EPOCH_4, Speed.EPOCH_16])
def test_frame_speeds_make_their_steps_per_frame(qtbot, started, speed):
    per_frame = {Speed.BATCH_1: 1, Speed.EPOCH_1: 4, Speed.EPOCH_4: 16, Speed.EPOCH_16: 64}[speed]
    desk = started()
    desk.controller.apply(at_speed(speed))
    began = time.monotonic()
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step >= 6 * per_frame):
        desk.controller.play()
    frames = (time.monotonic() - began) * 30
    with until(qtbot, desk.controller.activity_changed, paused):
        desk.controller.pause()
    assert desk.run.step <= (frames + 4) * per_frame


def test_at_op_speeds_ops_pass_and_then_the_batch_is_done(qtbot, started):
    desk = started()
    desk.controller.apply(at_speed(Speed.OPS_100))
    ops = []
    desk.controller.snapshot_changed.connect(lambda s: ops.append((s.step, s.op)))
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step == 2):
        desk.controller.play()
    assert ops == sorted(ops)
    assert len({op for step, op in ops if step == 0}) >= 2
    assert max(op for _, op in ops) < 20


def test_speed_changes_while_training(qtbot, started):
    desk = started()
    play(qtbot, desk.controller)
    for speed in (Speed.OPS_1, Speed.FULL, Speed.EPOCH_1, Speed.OPS_10, Speed.FULL):
        experiment = at_speed(speed)
        with until(
            qtbot, desk.controller.snapshot_changed, lambda s, e=experiment: s.experiment == e
        ):
            desk.controller.apply(replace(experiment))
    goal = desk.run.step + 1000
    with until(qtbot, desk.controller.snapshot_changed, lambda s: s.step > goal):
        pass
    assert desk.controller.activity is Activity.RUNNING


def test_closing_while_running_takes_less_than_a_second(qtbot, started):
    desk = started()
    play(qtbot, desk.controller)
    began = time.monotonic()
    with qtbot.waitSignal(desk.controller.stopped):
        desk.controller.shut_down()
    assert time.monotonic() - began < 1.0
    desk.controller.shut_down()
    assert not desk.controller.has_unfinished_thread


def test_a_thread_that_cannot_be_ended_is_given_up_and_not_destroyed(qtbot, started, monkeypatch):
    release = threading.Event()
    desk = started()
    monkeypatch.setattr(desk.run, "reset", lambda: release.wait(10))
    monkeypatch.setattr(controller_module, "STOP_MS", 20)
    desk.controller.reset()
    desk.controller.shut_down()
    assert desk.controller.has_unfinished_thread
    thread, _worker = controller_module._unfinished.pop()
    release.set()
    assert thread.wait(5000)


def test_commands_after_shut_down_do_nothing(started):
    desk = started()
    desk.controller.shut_down()
    desk.controller.play()
    desk.controller.step_epoch()
    desk.controller.reset()
    desk.controller.apply(OTHER)


def test_ten_thousand_random_commands_leave_a_legal_state(qtbot, started):
    dice = random.Random(7)
    desk = started()
    controller = desk.controller
    commands = [
        controller.play,
        controller.pause,
        controller.toggle,
        controller.reset,
        controller.step_epoch,
        controller.step_batch,
        lambda: controller.apply(Experiment(data=DataSpec(seed=dice.randrange(100)))),
        lambda: controller.edit_parameters(ParameterEdit("parameters", "edit")),
    ]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10_000):
            dice.choice(commands)()
        last = replace(controller.experiment, seed=99)
        controller.reset()
        with until(qtbot, controller.snapshot_changed, lambda s: s.experiment == last):
            controller.apply(last)
        with until(qtbot, controller.snapshot_changed, lambda s: s.step > 0):
            controller.play()
    finally:
        sys.setswitchinterval(before)
    assert controller.experiment == last
    assert desk.run.experiment == last


def test_a_paused_run_answers_what_views_ask(qtbot, started):
    controller, one, two = (
        started().controller,
        Focus(series=True),
        Focus(points=frozenset({(1.0, 2.0)})),
    )
    with qtbot.waitSignal(controller.snapshot_changed) as caught:
        controller.look_at(one)
    assert caught.args[0].focus == one
    with qtbot.waitSignal(controller.snapshot_changed) as caught:
        controller.look_at(two, "graph")
    assert caught.args[0].focus == Focus(points=frozenset({(1.0, 2.0)}), series=True)
    controller.look_at(Focus(), "graph")
    with qtbot.waitSignal(controller.snapshot_changed) as caught:
        controller.step_batch()
    assert caught.args[0].focus == one
