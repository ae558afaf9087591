"""When what is refreshed more rarely than frames come is refreshed."""

from __future__ import annotations


class Beat:
    """Lets some of many frames through, so that their average rate is kept.

    A frame seldom falls on a beat. That one comes late does not move the beats that follow, or
    rounding up to whole frames would make every interval longer; beats that were missed by more
    than an interval are not made up for.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._next = 0.0

    def is_due(self, now: float) -> bool:
        """Return whether the frame at `now` (in seconds) is let through."""
        if now < self._next:
            return False
        self._next = max(self._next + self._interval, now)
        return True
