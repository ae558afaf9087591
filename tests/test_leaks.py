"""The fixture that looks for what a test leaves behind sees every kind of it, and nothing else."""

import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import QEventLoop, QProcess, QThread, QTimer, QVariantAnimation
from PySide6.QtWidgets import QWidget

from tests import leaks
from tests.leaks import Leaks, children, delete_deferred, has_ended

IDLE = "import sys; print(flush=True); sys.stdin.read()"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(leaks, "GRACE_S", 0.05)


def run_in_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


def start_until(stop):
    while not stop.is_set():
        threads = [threading.Thread(target=time.sleep, args=(k * 1e-4,)) for k in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def test_a_thread_is_left_until_it_ends(impatient):
    before = Leaks(with_qt=False)
    go = threading.Event()
    thread = threading.Thread(target=go.wait, name="straggler")
    thread.start()
    assert before.left() == ["thread straggler"]
    go.set()
    assert before.left() == []


def test_a_process_is_left_until_it_ends(impatient):
    if sys.platform != "linux":
        pytest.skip("only Linux tells the children of a process")
    before = Leaks(with_qt=False)
    with subprocess.Popen([sys.executable, "-c", IDLE], stdin=subprocess.PIPE) as process:
        (left,) = before.left()
        assert left.startswith(f"process {process.pid}: ")
        process.kill()
        assert has_ended(process.pid, 10.0)
        assert before.left() == []  # nobody has waited for it yet


def test_a_process_is_seen_once_the_thread_that_started_it_has_ended():
    if sys.platform != "linux":
        pytest.skip("only Linux tells the children of a process")
    started: list[subprocess.Popen[bytes]] = []

    def start():
        started.append(subprocess.Popen([sys.executable, "-c", IDLE], stdin=subprocess.PIPE))

    run_in_thread(start)
    with started[0] as process:
        assert process.pid in children()
        process.kill()


def test_threads_that_end_meanwhile_do_not_disturb_the_look_at_processes():
    before, stop = children(), threading.Event()
    short_lived = threading.Thread(target=start_until, args=(stop,))
    short_lived.start()
    try:
        assert all(children() == before for _ in range(1000))
    finally:
        stop.set()
        short_lived.join()


def test_a_thread_of_qt_is_left_until_it_ends(qapp):
    before = Leaks(with_qt=True)
    thread = QThread()
    thread.start()
    (left,) = before.left()
    assert "running" in left
    thread.quit()
    assert thread.wait(10_000)
    assert before.left() == []


@pytest.mark.parametrize("kind", [QTimer, QVariantAnimation])
def test_what_ticks_is_left_until_it_stops(qapp, kind):
    before = Leaks(with_qt=True)
    ticking = kind()
    if kind is QVariantAnimation:
        ticking.setDuration(60_000)
        ticking.setStartValue(0)
        ticking.setEndValue(1)
    assert before.left() == []
    ticking.start()
    (left,) = before.left()
    assert kind.__name__ in left
    ticking.stop()
    assert before.left() == []


def test_a_process_of_qt_is_left_until_it_ends(qapp, impatient):
    before = Leaks(with_qt=True)
    process = QProcess()
    process.start(sys.executable, ["-c", IDLE])
    assert process.waitForStarted(10_000)
    assert any("QProcess" in left for left in before.left())
    process.kill()
    assert process.waitForFinished(10_000)
    assert before.left() == []


def test_a_window_is_left_until_it_is_deleted(qapp):
    before = Leaks(with_qt=True)
    window = QWidget()
    window.show()
    (left,) = before.left()
    assert left.startswith("shown ")
    window.close()
    (left,) = before.left()
    assert left.startswith("hidden ")
    window.deleteLater()
    assert before.left() == []


def test_a_window_that_waits_for_the_collector_is_not_left(qapp):
    before = Leaks(with_qt=True)
    window = QWidget()
    window.itself = window
    assert len(before.left()) == 1
    del window
    assert before.left() == []


def test_what_was_there_before_is_not_left(qapp):
    window, timer = QWidget(), QTimer()
    timer.start(60_000)
    assert Leaks(with_qt=True).left() == []
    timer.stop()
    window.deleteLater()
    delete_deferred()


def test_a_loop_of_events_leaves_nothing(qapp):
    before = Leaks(with_qt=True)
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()
    assert before.left() == []
