"""Work that is done a step in a turn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from playground.ui.turns import Steps, Turns, at_once


def work(log: list[str], name: str, steps: int) -> Steps[str]:
    """Log each step, and how it ended."""
    try:
        for step in range(steps):
            log.append(f"{name}{step}")
            yield
        log.append(f"{name} done")
    finally:
        log.append(f"{name} left")
    return name


def test_at_once_takes_all_steps_and_returns_the_result() -> None:
    log: list[str] = []
    assert at_once(work(log, "a", 2)) == "a"
    assert log == ["a0", "a1", "a done", "a left"]


def test_the_first_step_is_taken_now_and_the_others_each_after_a_turn(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: log[-1] == "turn" or log.append("turn"))
    timer.start()
    turns.take(work(log, "a", 3))
    assert log == ["a0"]
    qtbot.waitUntil(lambda: "a left" in log)
    timer.stop()
    assert log[:8] == ["a0", "turn", "a1", "turn", "a2", "turn", "a done", "a left"]


def test_one_work_comes_after_the_other_in_a_turn_of_its_own(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()
    turns.take(work(log, "a", 1))
    turns.take(work(log, "b", 1))
    turns.take(work(log, "c", 0))
    assert log == ["a0"]
    qtbot.waitUntil(lambda: "c left" in log)
    assert log == ["a0", "a done", "a left", "b0", "b done", "b left", "c done", "c left"]


def test_work_may_ask_for_more_work(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()

    def asking() -> Steps[None]:
        turns.take(work(log, "b", 0))
        log.append("a")
        yield from ()

    turns.take(asking())
    assert log == ["a"]
    qtbot.waitUntil(lambda: "b left" in log)


@pytest.mark.qt_no_exception_capture
def test_an_error_ends_its_work_and_no_other(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()

    def failing() -> Steps[None]:
        turns.take(work(log, "b", 0))
        raise RuntimeError("broken")
        yield

    with pytest.raises(RuntimeError, match="broken"):
        turns.take(failing())
    assert log == []
    qtbot.waitUntil(lambda: "b left" in log)


def test_closing_takes_back_what_was_begun_and_begins_nothing(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()
    turns.take(work(log, "a", 3))
    turns.take(work(log, "b", 3))
    turns.close()
    assert log == ["a0", "a left"]
    qtbot.wait(20)
    assert log == ["a0", "a left"]
    turns.take(work(log, "c", 0))
    assert log == ["a0", "a left"]


def test_closing_in_a_step_takes_back_what_that_began_when_it_ends(qtbot: QtBot) -> None:
    log, turns = list[str](), Turns()

    def closing() -> Steps[None]:
        try:
            yield
            turns.take(work(log, "b", 1))
            turns.close()
            log.append("closed")
            yield
        finally:
            log.append("left")
            turns.take(work(log, "c", 1))

    turns.take(closing())
    qtbot.waitUntil(lambda: "left" in log)
    qtbot.wait(20)
    assert log == ["closed", "left"]
