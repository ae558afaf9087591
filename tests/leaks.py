"""What is alive in this process and should not outlive a test."""

from __future__ import annotations

import gc
import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import (
    QAbstractAnimation,
    QCoreApplication,
    QEvent,
    QObject,
    QProcess,
    QThread,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import getAllValidWrappers, getCppPointer

RUNNERS = (QTimer, QThread, QAbstractAnimation, QProcess)
MANY_WRAPPERS = 8000
"""Ten times as many as there are before the first window; each leaves five hundred."""
_wrappers_left = 0
GRACE_S = 2.0
"""How long a thread or a process that was told to end may take."""


class Leaks:
    """Remembers what is alive now; `left` says what has come since and is still there.

    Parameters
    ----------
    with_qt : whether timers, threads, animations, processes and windows of Qt are looked at.
    """

    def __init__(self, with_qt: bool) -> None:
        self._threads = set(threading.enumerate())
        self._children = children()
        self._running = {place(thing) for thing in running()} if with_qt else None
        self._windows = {place(window) for window in windows()} if with_qt else set()

    def left(self) -> list[str]:
        """Describe what was left; deleted are first the widgets that only wait for it."""
        found = [f"thread {thread.name}" for thread in self._new_threads()]
        found += [f"process {child}: {command(child)}" for child in self._new_children()]
        if self._running is None:
            return found
        delete_deferred()
        for collect in (None, lambda: gc.collect(0), gc.collect):
            # Widgets that only wait for the collector are no leak. What a test has made is young,
            # for nothing was collected meanwhile; a full collection takes twenty times as long.
            qt = self._new_qt_things(collect)
            if not qt:
                break
        return found + qt

    def _new_qt_things(self, collect: Callable[[], object] | None) -> list[str]:
        assert self._running is not None
        if collect is not None:
            collect()
            delete_deferred()
        things = [thing for thing in running() if place(thing) not in self._running]
        shown = [window for window in windows() if place(window) not in self._windows]
        return [
            *(f"running {thing} of {thing.parent()}" for thing in things),
            *(f"{'shown' if window.isVisible() else 'hidden'} {window}" for window in shown),
        ]

    def _new_threads(self) -> list[threading.Thread]:
        # A dummy stands for a thread that Qt has started, and may outlive it.
        new = [
            thread
            for thread in threading.enumerate()
            if thread not in self._threads and not isinstance(thread, threading._DummyThread)
        ]
        for thread in new:
            thread.join(GRACE_S)
        return [thread for thread in new if thread.is_alive()]

    def _new_children(self) -> list[int]:
        return [child for child in children() - self._children if not has_ended(child, GRACE_S)]


def place(thing: object) -> int:
    """Return the address of Qt's object: its wrapper may be made anew."""
    return int(getCppPointer(thing)[0])


def running() -> list[QObject]:
    """Return all that Qt runs in this process, but for the thread that asks."""
    # Going through all that the collector knows takes longer, and misses what it is told to leave.
    return [
        thing
        for thing in list(getAllValidWrappers())
        if isinstance(thing, RUNNERS) and is_running(thing)
    ]


def is_running(thing: QObject) -> bool:
    """Whether one of the `RUNNERS` runs, but is not the thread that asks."""
    if isinstance(thing, QTimer):
        return thing.isActive()
    if isinstance(thing, QThread):
        return thing.isRunning() and thing is not QThread.currentThread()
    if isinstance(thing, QAbstractAnimation):
        return thing.state() is QAbstractAnimation.State.Running
    return isinstance(thing, QProcess) and thing.state() is not QProcess.ProcessState.NotRunning


def collect_seldom() -> None:
    """Collect the closed windows of many tests at once.

    A window that was shown is old: only a full collection finds it, which takes a fifth of a
    second. Without any, the dead would slow down all that asks for what is alive.
    """
    global _wrappers_left
    if len(getAllValidWrappers()) > max(MANY_WRAPPERS, 2 * _wrappers_left):
        gc.collect()
        _wrappers_left = len(getAllValidWrappers())


def windows() -> list[QWidget]:
    """Return all widgets that are windows, hidden ones too."""
    return QApplication.topLevelWidgets()


def delete_deferred() -> None:
    """Delete all that waits to be deleted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def children() -> set[int]:
    """Return the processes that this one has started and that were not waited for; Linux only."""
    # A thread that ends hands its processes to another one, which may have been read before.
    before, now = None, _children_once()
    while now != before:
        before, now = now, _children_once()
    return now


def _children_once() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # The thread has ended meanwhile.
            found.update(int(number) for number in task.read_text().split())
    return found


def has_ended(child: int, patience_s: float) -> bool:
    """Wait a moment until a child has ended; it need not have been waited for."""
    try:
        handle = os.pidfd_open(child)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], patience_s)[0])
    finally:
        os.close(handle)


def command(process: int) -> str:
    """Return what was started, as far as it can be told."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return "?"
    return b" ".join(words).decode(errors="replace")[:200]
