"""What happens to a mistake of the app's own: told once, logged, and the app goes on."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

from PySide6.QtCore import QObject, Signal

LOG_BYTES = 500_000
LOG_FILES = 3

Kind = type[BaseException]


def spoken(error: BaseException) -> str:
    """Return what a person is told of a mistake."""
    if isinstance(error, MemoryError):
        return "out of memory. Choose a smaller network or fewer samples"
    return str(error) or type(error).__name__


class Report(QObject):
    """Takes every exception that nobody caught, from any thread.

    Signals
    -------
    told(str) : words for the user, once for each place in the code.
    """

    told = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = folder / "log.txt"
        self._counts: dict[tuple[str, str, int], int] = {}
        self._log = logging.Logger("tinyml-playground")
        # A full disk must not turn one mistake into two.
        logging.raiseExceptions = False
        try:
            handler: logging.Handler = RotatingFileHandler(
                self.path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True
            )
        except OSError:
            handler = logging.NullHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
        self._log.addHandler(handler)

    def install(self) -> None:
        """Be the hook for all threads; crashes of the interpreter are told on standard error."""
        sys.excepthook = self.take
        threading.excepthook = self._take_from_thread
        if sys.stderr is not None and not faulthandler.is_enabled():
            faulthandler.enable()

    def close(self) -> None:
        """Close the log."""
        for handler in self._log.handlers:
            handler.close()

    def take(self, kind: Kind, error: BaseException, trace: TracebackType | None) -> None:
        """Log a mistake, and tell of it if it is the first from its place."""
        if issubclass(kind, KeyboardInterrupt):
            raise SystemExit(130)
        frames = extract_tb(trace)
        place = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
        key = (kind.__name__, *place)
        count = self._counts[key] = self._counts.get(key, 0) + 1
        # A failing paint event comes back sixty times a second.
        if count == 1:
            self._log.error("mistake", exc_info=(kind, error, trace))
            sys.__excepthook__(kind, error, trace)
            self.told.emit(f"Something went wrong, the app goes on: {spoken(error)}")
        elif count in (100, 10_000):
            self._log.error("%s at %s:%d came %d times", *key, count)

    def _take_from_thread(self, found: threading.ExceptHookArgs) -> None:
        error = found.exc_value
        if error is not None:
            self.take(found.exc_type, error, found.exc_traceback)
