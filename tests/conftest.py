"""What every test relies on: no screen, and nothing left running."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings, QStandardPaths

from playground.session.garbage import collected_here
from tests.leaks import Leaks, collect_seldom
from tests.traced_threads import trace_qt_threads

trace_qt_threads()

FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`."""
    parser.addoption("--long", action="store_true", help="rigs run a tenth of their full counts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let rigs take their time with `--long`."""
    if config.getoption("--long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(3600))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a test has failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


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


@pytest.fixture(autouse=True, scope="session")
def _processes_keep_bytecode() -> None:
    """Let the hundred processes that tests start not each compile every module anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves anything behind, see `Leaks`; collect no garbage in a thread.

    What an earlier test left may hold Qt objects, which a collection in another thread would
    destroy there: Qt crashes then, seldom and later.
    """
    with_qt = "qapp" in request.fixturenames
    leaks = Leaks(with_qt)
    if with_qt:
        with collected_here():
            yield
            assert not gc.isenabled(), "the garbage collector was put on"
    else:
        yield
    left = leaks.left()
    # The traceback of a test that failed keeps what the test has made.
    assert request.node.stash.get(FAILED, False) or not left, f"left behind: {left}"
    assert gc.get_freeze_count() == 0, "a garbage policy is left"
    if with_qt:
        collect_seldom()


pytest_plugins = ["tests.desks"]
