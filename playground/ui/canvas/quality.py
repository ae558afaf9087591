"""Whether frames are drawn with less detail because they take long."""

from __future__ import annotations

SLOW_S = 0.016
EASY_S = 0.010
"""A frame of reduced detail that takes less than this is calm: a whole one may fit again."""
CALM_S = 2.0
PATIENCE = 3
"""So many slow frames in a row are needed: one may be the system's.

A frame that takes twice as long or more counts for two.
"""


class Quality:
    """Reduces detail after slow frames and restores it after a while of calm."""

    def __init__(self) -> None:
        self.is_reduced = False
        self._slow = 0
        self._calm_since: float | None = None
        self._whole = 0.0

    def note_at_rest(self, cost: float) -> None:
        """Take note that the picture at rest, which is never reduced, took `cost` seconds."""
        self._whole = cost

    def begin(self) -> bool:
        """Reduce the detail at once if a whole frame is known to take long; return whether so."""
        return not self.is_reduced and self._whole >= 2 * SLOW_S and self._become(True)

    def note(self, cost: float, now: float) -> bool:
        """Take note of a frame that took `cost` seconds; return whether the detail changes."""
        if not self.is_reduced:
            self._whole = cost
            self._slow = self._slow + min(2, int(cost / SLOW_S)) if cost > SLOW_S else 0
            if self._slow >= PATIENCE:
                return self._become(True)
            return False
        if cost > EASY_S:
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        elif now - self._calm_since >= CALM_S:
            return self._become(False)
        return False

    def restore(self) -> bool:
        """Draw in full again, because nothing moves; return whether the detail changes."""
        return self.is_reduced and self._become(False)

    def _become(self, reduced: bool) -> bool:
        self.is_reduced, self._slow, self._calm_since = reduced, 0, None
        return True
