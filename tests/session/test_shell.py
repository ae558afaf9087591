"""The app's shell: mistakes, signals, folders, settings."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QStandardPaths

from playground.session.places import app_folder, sound_settings
from playground.session.report import LOG_BYTES, LOG_FILES, Report


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return type(caught), caught, caught.__traceback__


@pytest.fixture
def report(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    report = Report(tmp_path)
    report.words = []
    report.told.connect(report.words.append)
    yield report
    report.close()


def test_a_mistake_is_logged_and_told_once_per_place(report):
    for k in range(100):
        report.take(*raised(ValueError(f"number {k}")))
    assert report.words == ["Something went wrong, the app goes on: number 0"]
    log = report.path.read_text()
    assert log.count("ValueError: number 0") == 1
    assert "came 100 times" in log


def test_mistakes_from_different_places_are_all_told(report):
    report.take(*raised(ValueError("one")))
    report.take(*raised(KeyError("two")))
    assert len(report.words) == 2


def test_out_of_memory_is_told_with_a_remedy(report):
    report.take(*raised(MemoryError()))
    assert "out of memory. Choose a smaller network" in report.words[0]


def test_the_log_is_rotated(report):
    for k in range(40):
        try:
            exec(compile(f"\n{chr(10) * k}raise ValueError('x' * 60_000)", "made up", "exec"))
        except ValueError as error:
            report.take(type(error), error, error.__traceback__)
    files = sorted(report.path.parent.glob("log.txt*"))
    assert 1 < len(files) <= LOG_FILES + 1
    assert all(path.stat().st_size <= LOG_BYTES + 70_000 for path in files)


def test_a_log_that_cannot_be_written_hurts_nobody(qapp, monkeypatch):
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    report = Report(Path("/dev/null/folder"))
    words = []
    report.told.connect(words.append)
    report.take(*raised(ValueError("x")))
    report.close()
    assert len(words) == 1


def test_mistakes_in_threads_are_taken_too(report, qtbot, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", report._take_from_thread)
    with qtbot.waitSignal(report.told):
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    assert "division by zero" in report.words[0]


def test_ctrl_c_in_python_code_ends_the_app(report):
    with pytest.raises(SystemExit):
        report.take(*raised(KeyboardInterrupt()))


def test_without_a_home_there_is_still_a_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: "/dev/null/x")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = app_folder()
    assert folder.parent == tmp_path
    assert os.access(folder, os.W_OK)


@pytest.mark.parametrize("damage", [b"\x00\x01\x02", b"[window]\ntheme=\xff\xfe\n"])
def test_damaged_settings_are_put_aside(qapp, tmp_path, damage):
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    path = Path(QSettings().fileName())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(damage)
    settings = sound_settings()
    assert settings.allKeys() == []
    assert path.with_name(path.name + ".bad").read_bytes() == damage
    settings.setValue("a", 1)
    settings.sync()
    assert path.is_file()
    path.unlink()


def test_sound_settings_are_kept(qapp, tmp_path):
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    before = QSettings()
    before.setValue("window/theme", "dark")
    before.sync()
    assert sound_settings().value("window/theme") == "dark"


STUCK = """
import os, signal, sys, time
from PySide6.QtCore import QCoreApplication, QTimer
from playground.session.signals import Signals
app = QCoreApplication([])
def hang():
    print("closing", flush=True)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.01)
signals = Signals(hang)
QTimer.singleShot(0, lambda: print("ready", flush=True))
sys.exit(app.exec())
"""


def signalled(*numbers):
    with subprocess.Popen(
        [sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(numbers[0])
        assert process.stdout.readline() == "closing\n"
        for number in numbers[1:]:
            process.send_signal(number)
        return process.wait(timeout=10)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_an_app_that_hangs_while_it_closes_is_ended():
    assert signalled(signal.SIGTERM) == 128 + signal.SIGTERM


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_second_signal_ends_the_app_at_once():
    assert signalled(signal.SIGINT, signal.SIGTERM) == -signal.SIGTERM
