"""Long work of the GUI thread in steps, each in a turn of the event loop of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Slot

T = TypeVar("T")

Steps = Generator[None, None, T]
"""Work that yields where others may have a turn, and returns its result."""

TURN_MS = 1
"""A timer of 0 ms would come in the same turn of the event loop, before other timers."""


def at_once(steps: Steps[T]) -> T:
    """Take all steps now and return the result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


class Turns(QObject):
    """Does one work after the other, a step in a turn."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._works: deque[Steps[Any]] = deque()
        self._next = QTimer(self, singleShot=True, interval=TURN_MS)
        self._next.timeout.connect(self._on_turn)

    def take(self, steps: Steps[Any]) -> None:
        """Take the first step now, unless there is work; the others each in a turn."""
        self._works.append(steps)
        if len(self._works) == 1:
            self._on_turn()

    def close(self) -> None:
        """Let go of all work; what one has begun it takes back."""
        self._next.stop()
        while self._works:
            self._works.popleft().close()

    @Slot()
    def _on_turn(self) -> None:
        is_done = True
        try:
            next(self._works[0])
            is_done = False
        except StopIteration:
            pass
        finally:
            if is_done and self._works:  # closed meanwhile, there is none
                self._works.popleft()
            if self._works:
                self._next.start()
