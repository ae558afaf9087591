"""Decides when the newest snapshot is shown, so that showing never fills the GUI thread's time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.core.snapshot import Snapshot
from playground.session.detail import Detail
from playground.session.latest import Latest

FRAME_MS = 33
CALM_FRAME_MS = 200
"""The same where motion is reduced: five frames a second."""
BUSY_SHARE = 0.75
"""Share of the GUI thread's time that showing snapshots may take; frames are skipped beyond it."""


class Frames(QObject):
    """Takes snapshots from the mailbox, at most every FRAME_MS. GUI thread only.

    Each of `shown` and `panels_due` has a turn of the event loop to itself, and so has what others
    ask for: the next comes when what the one before asked to be painted has been.

    Parameters
    ----------
    latest : where the training thread leaves snapshots.

    Attributes
    ----------
    snapshot : the newest that was shown, or None before the first.

    Signals
    -------
    shown(object) : the newest `Snapshot`.
    panels_due(object) : the same for what stands beside the network.
    detail_changed(bool) : whether coarser maps will do, because showing takes too long.
    """

    shown = Signal(object)
    panels_due = Signal(object)
    detail_changed = Signal(bool)

    def __init__(self, latest: Latest[Snapshot], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest = latest
        self.snapshot: Snapshot | None = None
        self._detail = Detail()
        self._turn_at = self._busy = self._rest_until = 0.0
        self._shows = False
        self._to_come: deque[Callable[[], None]] = deque()
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._on_frame)
        # A zero timer comes after the paint events that showing has posted.
        self._painted = QTimer(self, singleShot=True, interval=0)
        self._painted.timeout.connect(self._on_painted)
        # Another one lets what has waited for the painting go first: the pointer, other timers.
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._on_turn)

    def start(self) -> None:
        """Begin to look for snapshots."""
        self._clock.start()

    def stop(self) -> None:
        """Show nothing more."""
        self._to_come.clear()
        self._clock.stop()
        self._painted.stop()
        self._turn.stop()

    def set_reduced_motion(self, on: bool) -> None:
        """Show at most five snapshots a second, or as many as usual."""
        self._clock.setInterval(CALM_FRAME_MS if on else FRAME_MS)

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot now, everywhere."""
        self.snapshot = snapshot
        self.shown.emit(snapshot)
        if self._show_panels in self._to_come:
            self._to_come.remove(self._show_panels)
        self._show_panels()

    def show_newest(self) -> None:
        """Show what was left in the mailbox last: the network now, the panels in their turn."""
        snapshot = self._latest.take()
        if snapshot is not None:
            self.snapshot = snapshot
            self.shown.emit(snapshot)
            if self._show_panels not in self._to_come:
                self.in_turn(self._show_panels)

    def in_turn(self, work: Callable[[], None]) -> None:
        """Do `work` in a turn of its own, after those that wait already."""
        self._to_come.append(work)
        if not self._is_showing:
            self._turn.start()

    @property
    def _is_showing(self) -> bool:
        return self._painted.isActive() or self._turn.isActive()

    def _show_network(self) -> None:
        self.shown.emit(self.snapshot)

    def _show_panels(self) -> None:
        self.panels_due.emit(self.snapshot)

    def _give_turn(self, work: Callable[[], None]) -> None:
        self._turn_at = monotonic()
        self._shows = work in (self._show_network, self._show_panels)
        self._painted.start()
        work()

    @Slot()
    def _on_frame(self) -> None:
        if self._is_showing or monotonic() < self._rest_until:
            return
        snapshot = self._latest.take()
        if snapshot is not None:
            self.snapshot = snapshot
            self._to_come.append(self._show_panels)
            self._give_turn(self._show_network)

    @Slot()
    def _on_painted(self) -> None:
        now = monotonic()
        self._busy += now - self._turn_at
        if self._shows and self._detail.learn(now - self._turn_at, now):
            self.detail_changed.emit(self._detail.coarse)
        if self._to_come:
            self._turn.start()
        else:
            self._rest_until = now + self._busy * (1.0 / BUSY_SHARE - 1.0)
            self._busy = 0.0

    @Slot()
    def _on_turn(self) -> None:
        if self._to_come:  # else what waited has been shown meanwhile
            self._give_turn(self._to_come.popleft())
