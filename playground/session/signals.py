"""SIGINT and SIGTERM: the app is closed in order within a second, a second one ends it at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

LATEST_S = 0.95
"""When the process ends after the first signal, whatever it is doing."""
HANDLED = (signal.SIGINT, signal.SIGTERM)


class Signals(QObject):
    """Calls `close` in the GUI thread when the process is told to end."""

    def __init__(self, close: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._close = close
        self._ends: tuple[int, int] | None = None
        self._before = {number: signal.signal(number, self._on_signal) for number in HANDLED}
        if os.name == "posix":
            # Qt's event loop sleeps through signals; the byte that Python writes wakes it.
            self._ends = read, write = os.pipe()
            os.set_blocking(read, False)
            os.set_blocking(write, False)
            signal.set_wakeup_fd(write, warn_on_full_buffer=False)
            notifier = QSocketNotifier(read, QSocketNotifier.Type.Read, self)
            notifier.activated.connect(self._on_woken)

    def close(self) -> None:
        """Leave signals to Python again."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        ends, self._ends = self._ends, None
        if ends is not None:
            signal.set_wakeup_fd(-1)
            for notifier in self.findChildren(QSocketNotifier):
                notifier.setEnabled(False)
            for end in ends:
                os.close(end)

    def _on_woken(self) -> None:
        # Python runs the handler itself as soon as this returns to the interpreter.
        if self._ends is not None:
            os.read(self._ends[0], 64)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        for each in HANDLED:
            signal.signal(each, signal.SIG_DFL)
        timer = threading.Timer(LATEST_S, os._exit, (128 + number,))
        timer.daemon = True
        timer.start()
        self._close()
