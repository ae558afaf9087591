"""Python's cyclic garbage collector, in the GUI thread only.

A collection that happens in the training thread would destroy Qt objects there, which crashes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 200
FULL_EVERY = 50
"""Every so many young collections everything that is not frozen is looked at."""


@contextmanager
def collected_here() -> Iterator[None]:
    """Keep Python from collecting in a thread that works meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class GarbagePolicy(QObject):
    """While at least one of these is active, collections come from a timer of this thread."""

    _active: ClassVar[set[int]] = set()
    _was_enabled: ClassVar[bool] = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Take over; what exists now is never looked at, which keeps collections short."""
        if not self._active:
            GarbagePolicy._was_enabled = gc.isenabled()
        gc.disable()
        self._active.add(id(self))
        self.freeze()
        self._timer.start()

    @Slot()
    def freeze(self) -> None:
        """Never look again at what exists now; for when much has come that stays."""
        if id(self) in self._active:
            gc.freeze()

    @Slot()
    def stop(self) -> None:
        """Hand back to Python's automatic collector, if it was on, when the last policy stops."""
        self._timer.stop()
        was_active = id(self) in self._active
        self._active.discard(id(self))
        if was_active and not self._active:
            gc.unfreeze()
            if self._was_enabled:
                gc.enable()

    @Slot()
    def _on_timeout(self) -> None:
        self._ticks += 1
        gc.collect(2 if self._ticks % FULL_EVERY == 0 else 1)
