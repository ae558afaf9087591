"""Making kernels ready before training."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QProcess

from playground.core.snapshot import Activity
from playground.session import preparation
from playground.session.preparation import Preparation


@pytest.fixture
def helper(monkeypatch, tmp_path):
    """Put a script in the place of the compiling helper, and a folder in that of the cache."""
    # The real one is everybody's: emptied, every later window would compile its kernels again.
    monkeypatch.setattr(preparation, "cache_folder", lambda: tmp_path)
    scripts = []
    real = QProcess.start
    monkeypatch.setattr(
        QProcess, "start", lambda self, program, _: real(self, program, ["-c", scripts[0]])
    )
    return scripts


def test_a_full_cache_needs_no_helper(qtbot, monkeypatch):
    monkeypatch.setattr(preparation, "is_warm", lambda: True)
    made = Preparation()
    with qtbot.waitSignal(made.finished):
        made.start()


def test_where_nothing_can_be_kept_the_worker_compiles(qtbot, monkeypatch):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    monkeypatch.setattr(preparation, "cache_folder", lambda: None)
    made = Preparation()
    with qtbot.waitSignal(made.finished):
        made.start()


@pytest.mark.parametrize("script", ["pass", "raise SystemExit(3)"])
def test_the_helper_is_waited_for_however_it_ends(qtbot, monkeypatch, helper, script):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    helper.append(script)
    made = Preparation()
    with qtbot.waitSignal(made.finished):
        made.start()


def test_a_helper_that_cannot_start_is_no_obstacle(qtbot, monkeypatch):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    monkeypatch.setattr(preparation.sys, "executable", "/nowhere/python")
    made = Preparation()
    with qtbot.waitSignal(made.finished):
        made.start()


def test_run_pressed_while_preparing_starts_by_itself(qtbot, desk, monkeypatch, helper):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    helper.append("input()")
    controller = desk.controller
    controller.start()
    controller.play()
    assert controller.activity is Activity.PREPARING
    with qtbot.waitSignal(
        controller.activity_changed,
        timeout=60_000,  # the kernels may be compiled in it
        check_params_cb=lambda a: a is Activity.RUNNING,
    ):
        controller._preparation._process.closeWriteChannel()


def test_run_pressed_and_taken_back_while_preparing_stays_paused(qtbot, desk, monkeypatch, helper):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    helper.append("input()")
    controller = desk.controller
    controller.start()
    controller.play()
    controller.toggle()
    assert controller.activity is Activity.PAUSED
    with qtbot.waitSignal(controller.snapshot_changed):
        controller._preparation._process.closeWriteChannel()
    assert controller.activity is Activity.PAUSED
    assert desk.run.step == 0


def test_steps_asked_for_while_preparing_are_made_later(qtbot, desk, monkeypatch, helper):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    helper.append("input()")
    controller = desk.controller
    controller.start()
    controller.step_epoch()
    controller.step_epoch()
    with qtbot.waitSignal(controller.snapshot_changed, check_params_cb=lambda s: s.step == 8):
        controller._preparation._process.closeWriteChannel()


def test_closing_while_preparing_ends_the_helper(qtbot, desk, monkeypatch, helper):
    monkeypatch.setattr(preparation, "is_warm", lambda: False)
    helper.append("input()")
    desk.controller.start()
    process = desk.controller._preparation._process
    process.waitForStarted()
    desk.controller.shut_down()
    assert process.state() == QProcess.ProcessState.NotRunning
    assert desk.runs == []


def test_kernels_that_do_not_load_are_compiled_anew_once(qtbot, desk, helper, tmp_path):
    helper.append("pass")
    (tmp_path / "damaged").touch()
    desk.load_error = EOFError("a damaged cache")
    with qtbot.waitSignal(desk.controller.notice_raised) as notice:
        desk.controller.start()
    assert desk.loads == 2
    assert list(tmp_path.iterdir()) == []
    assert "tinyml.kernels.warm" in notice.args[0]


def test_a_damaged_cache_that_was_mended_trains(qtbot, desk, helper, monkeypatch):
    helper.append("pass")
    desk.load_error = EOFError("a damaged cache")
    repair = desk.controller._preparation.repair

    def mend():
        desk.load_error = None
        return repair()

    monkeypatch.setattr(desk.controller._preparation, "repair", mend)
    with qtbot.waitSignal(desk.controller.snapshot_changed):
        desk.controller.start()
    assert desk.loads == 2


def test_the_helper_module_can_be_run():
    done = subprocess.run(
        [sys.executable, "-m", "tinyml.kernels.warm"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
