"""When views are drawn again: in turns while training runs, at once otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from playground.core.snapshot import Activity, Snapshot
from playground.ui.plot_chrome import PlotView

LATE = 1.6
"""Intervals after which a view is redrawn although it is not its turn."""


@dataclass(slots=True)
class _Pace:
    """How often a view may be redrawn while training runs, and when it last was."""

    interval: float
    last: float = 0.0
    stale: bool = False


class Redraws:
    """Hands snapshots to views.

    While training runs, each snapshot redraws one view, the one that has waited longest for its
    turn, and another if snapshots are rare; otherwise all visible views are redrawn.
    Views that cannot be seen cost nothing and catch up when they are shown.

    Parameters
    ----------
    visible : returns the views that can be seen.
    """

    def __init__(self, visible: Callable[[], list[PlotView]]) -> None:
        self._visible = visible
        self._paces: dict[PlotView, _Pace] = {}
        self._snapshot: Snapshot | None = None
        self._activity = Activity.PAUSED

    def add(self, view: PlotView, interval: float) -> None:
        """Draw a view from now on, at most every `interval` seconds."""
        self._paces[view] = _Pace(interval, stale=self._snapshot is not None)

    def remove(self, view: PlotView) -> None:
        """Draw a view no more."""
        del self._paces[view]

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a snapshot."""
        before = self._snapshot
        self._snapshot = snapshot
        for pace in self._paces.values():
            pace.stale = True
        same_run = before is not None and before.run_id == snapshot.run_id
        same_shape = same_run and before is not None and len(before.layers) == len(snapshot.layers)
        if self._activity is Activity.RUNNING and same_shape:
            self._redraw_most_overdue()
        else:
            self.catch_up()

    def redraw_another(self) -> None:
        """Draw the newest snapshot in a view that waits too long.

        On a slow machine snapshots are rare: one view for each would not be enough. But two in one
        turn of the event loop would take more than a frame.
        """
        if self._activity is Activity.RUNNING:
            self._redraw_most_overdue(LATE)

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs."""
        self._activity = activity

    def catch_up_at_rest(self) -> None:
        """Draw the newest snapshot in all visible views that have not, unless training runs."""
        if self._activity is not Activity.RUNNING:
            self.catch_up()

    def catch_up(self) -> None:
        """Draw the newest snapshot in all visible views that have not."""
        for view in self._visible():
            if self._paces[view].stale:
                self._redraw(view)

    def _redraw_most_overdue(self, limit: float = 1.0) -> None:
        now = perf_counter()
        view = max(self._visible(), key=lambda v: self._waited(v, now), default=None)
        if view is not None and self._waited(view, now) >= limit:
            self._redraw(view)

    def _waited(self, view: PlotView, now: float) -> float:
        """How long ago a view was redrawn, in its own intervals."""
        pace = self._paces[view]
        return (now - pace.last) / pace.interval

    def _redraw(self, view: PlotView) -> None:
        assert self._snapshot is not None
        pace = self._paces[view]
        pace.last = perf_counter()
        pace.stale = False
        view.show_snapshot(self._snapshot)
