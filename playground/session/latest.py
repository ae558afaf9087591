"""A mailbox with one place: the writer never waits and the reader sees only the newest."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Latest(Generic[Item]):
    """Hands values from one thread to another; what was not taken in time is dropped."""

    def __init__(self) -> None:
        self._place: deque[Item] = deque(maxlen=1)

    def put(self, item: Item) -> None:
        """Leave an item, replacing the one that still waits."""
        self._place.append(item)

    def peek(self) -> Item | None:
        """Return the newest item, which stays, or None."""
        try:
            return self._place[-1]
        except IndexError:
            return None

    def take(self) -> Item | None:
        """Return the newest item and empty the place, or None."""
        # One atomic call: looking first and taking then could lose a race with the writer.
        try:
            return self._place.pop()
        except IndexError:
            return None
