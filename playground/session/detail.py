"""Decides how finely the output map is computed: by how long showing a frame takes."""

from __future__ import annotations

SLOW_S = 0.016
"""Time that showing a frame may take."""
SLOW_FRAMES = 3
"""Slow frames in a row after which the map becomes coarser: one alone is chance."""
CALM_S = 2.0
"""Time without a slow frame after which it becomes fine again."""


class Detail:
    """Whether a coarser map will do."""

    def __init__(self) -> None:
        self.coarse = False
        self._slow = 0
        self._slow_at = 0.0

    def learn(self, cost: float, now: float) -> bool:
        """Take note that showing a frame took `cost` seconds; return whether `coarse` changed."""
        before = self.coarse
        if cost > SLOW_S:
            self._slow += 1
            self._slow_at = now
            self.coarse = self.coarse or self._slow >= SLOW_FRAMES
        else:
            self._slow = 0
            if now - self._slow_at >= CALM_S:
                self.coarse = False
        return self.coarse is not before
