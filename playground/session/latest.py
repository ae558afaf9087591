"""A mailbox with one place: the newest thing wins, nobody waits."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Hands the newest value from one thread to another; older ones are dropped."""

    def __init__(self) -> None:
        self._place: deque[T] = deque(maxlen=1)

    def put(self, value: T) -> None:
        """Leave a value, replacing one that was not taken."""
        self._place.append(value)

    def take(self) -> T | None:
        """Return the newest value once, or None."""
        try:
            return self._place.pop()
        except IndexError:
            return None

    @property
    def is_empty(self) -> bool:
        """Whether everything was taken."""
        return not self._place
