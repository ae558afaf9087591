"""What every test relies on: no screen, and nothing left running."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QStandardPaths, QThread, QTimer
from shiboken6 import getAllValidWrappers

from playground.session.garbage import collected_here
from tests.traced_threads import trace_qt_threads

trace_qt_threads()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`."""
    parser.addoption("--long", action="store_true", help="rigs run a tenth of their full counts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let rigs take their time with `--long`."""
    if config.getoption("--long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture
def amount(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often a rig does its thing: (short, full) gives `short`, or a tenth of `full`."""
    is_long = bool(request.config.getoption("--long"))
    return lambda short, full: full // 10 if is_long else short


@pytest.fixture(autouse=True, scope="session")
def _no_real_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep every test, and every process it starts, away from the person's own files."""
    QStandardPaths.setTestModeEnabled(True)
    folder = str(tmp_path_factory.mktemp("settings"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(tmp_path_factory.mktemp(name.lower()))
    for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
        QSettings.setPath(QSettings.Format.NativeFormat, scope, folder)
        QSettings.setPath(QSettings.Format.IniFormat, scope, folder)


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread or a timer running; collect no garbage in a thread.

    What an earlier test left may hold Qt objects, which a collection in another thread would
    destroy there: Qt crashes then, seldom and later.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    before = set(map(id, _running()))
    with collected_here():
        yield
        assert not gc.isenabled(), "the garbage collector was put on"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [thing for thing in _running() if id(thing) not in before]
    if left:
        # Widgets that only wait for the collector are no leak.
        gc.collect()
        left = [thing for thing in _running() if id(thing) not in before]
    assert not left, f"left running: {[(t, t.parent()) for t in left]}"
    assert gc.get_freeze_count() == 0, "a garbage policy is left"


def _running() -> list[QThread | QTimer]:
    # Asking the binding takes 2 ms; going through all that the collector knows takes 60, and
    # misses what it was told to leave alone.
    things = list(getAllValidWrappers())
    timers = [thing for thing in things if isinstance(thing, QTimer) and thing.isActive()]
    threads = [thing for thing in things if isinstance(thing, QThread) and thing.isRunning()]
    return [*timers, *(thread for thread in threads if thread is not QThread.currentThread())]


pytest_plugins = ["tests.desks"]
