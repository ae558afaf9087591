"""Lets coverage see what Qt's threads do; without coverage it changes nothing."""

from __future__ import annotations

import sys
import threading

from PySide6.QtCore import QThread


class _TracedThread(QThread):
    """A thread whose loop is entered from Python, so that the trace function stays set."""

    def run(self) -> None:
        sys.settrace(threading.gettrace())
        self.exec()


def trace_qt_threads() -> None:
    """Make the session start traced threads, if a tool traces Python's own ones."""
    if threading.gettrace() is not None:
        from playground.session import controller, scribe

        controller.QThread = scribe.QThread = _TracedThread  # type: ignore[attr-defined]
