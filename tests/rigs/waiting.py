"""Ways for a rig to let the GUI thread run until something is true."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer, SignalInstance


def turn(milliseconds: int) -> None:
    """Handle events for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(
    true: Callable[[], bool], changed: SignalInstance, what: str, timeout_s: float = 20.0
) -> None:
    """Handle events until `true()`, asked again after each `changed` signal.

    Raises
    ------
    TimeoutError
        If it is not so in time; the message says `what` was waited for.
    """
    ends = time.monotonic() + timeout_s
    loop = QEventLoop()
    clock = QTimer()
    clock.timeout.connect(loop.quit)
    clock.start(1000)
    changed.connect(loop.quit)
    try:
        while not true():
            if time.monotonic() > ends:
                raise TimeoutError(f"no {what} within {timeout_s:g} s")
            loop.exec()
    finally:
        clock.stop()
        changed.disconnect(loop.quit)
