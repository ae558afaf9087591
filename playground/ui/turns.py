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
        self._is_stepping = self._is_closed = False
        self._next = QTimer(self, singleShot=True, interval=TURN_MS)
        self._next.timeout.connect(self._on_turn)

    def take(self, steps: Steps[Any]) -> None:
        """Take the first step now, unless there is work; the others each in a turn."""
        if self._is_closed:
            steps.close()
            return
        self._works.append(steps)
        if len(self._works) == 1:
            self._on_turn()

    def close(self) -> None:
        """Do no more: work that has begun undoes what it did, now or after the step it is in."""
        self._is_closed = True
        self._next.stop()
        while self._works and not self._is_stepping:
            self._works.popleft().close()

    @Slot()
    def _on_turn(self) -> None:
        self._is_stepping = True
        try:
            next(self._works[0])
        except StopIteration:
            self._works.popleft()
        except BaseException:
            self._works.popleft()
            raise
        finally:
            self._is_stepping = False
            if self._is_closed:
                self.close()
            elif self._works:
                self._next.start()
