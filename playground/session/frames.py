"""Decides when the newest snapshot is shown, so that showing never fills the GUI thread's time."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from playground.core.snapshot import Snapshot
from playground.session.detail import Detail
from playground.session.latest import Latest

FRAME_MS = 33
CALM_FRAME_MS = 200
"""The same where motion is reduced: five frames a second."""
BUSY_SHARE = 0.6
"""Share of the GUI thread's time that showing snapshots may take; frames are skipped beyond it."""


class Frames(QObject):
    """Takes snapshots from the mailbox, at most every FRAME_MS. GUI thread only.

    Parameters
    ----------
    latest : where the training thread leaves snapshots.

    Attributes
    ----------
    snapshot : the newest that was shown, or None before the first.
    is_running : whether training runs; then what stands beside the network waits half a frame, so
        that no turn of the event loop draws everything.

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
        self.is_running = False
        self._latest = latest
        self.snapshot: Snapshot | None = None
        self._detail = Detail()
        self._shown_at = self._rest_until = 0.0
        self._clock = QTimer(self)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._on_frame)
        self._panels = QTimer(self)
        self._panels.setSingleShot(True)
        self._panels.setInterval(FRAME_MS // 2)
        self._panels.timeout.connect(self._on_panels_due)

    def start(self) -> None:
        """Begin to look for snapshots."""
        self._clock.start()

    def stop(self) -> None:
        """Show nothing more."""
        self._clock.stop()
        self._panels.stop()

    def set_reduced_motion(self, on: bool) -> None:
        """Show at most five snapshots a second, or as many as usual."""
        self._clock.setInterval(CALM_FRAME_MS if on else FRAME_MS)

    def show(self, snapshot: Snapshot) -> None:
        """Show a snapshot now."""
        self.snapshot = snapshot
        self.shown.emit(snapshot)
        if self.is_running:
            self._panels.start()
        else:
            self.panels_due.emit(snapshot)

    def show_latest(self) -> bool:
        """Show the snapshot that waits in the mailbox; return whether there was one."""
        snapshot = self._latest.take()
        if snapshot is not None:
            self.show(snapshot)
        return snapshot is not None

    def catch_up(self) -> None:
        """Show everywhere what was left in the mailbox last."""
        self.show_latest()
        if self._panels.isActive():
            self._panels.stop()
            self.panels_due.emit(self.snapshot)

    @Slot()
    def _on_frame(self) -> None:
        self._shown_at = monotonic()
        rested = self._shown_at >= self._rest_until and not self._panels.isActive()
        if rested and self.show_latest():
            # A zero timer comes after the paint events that showing has posted.
            QTimer.singleShot(0, self, self._on_painted)

    @Slot()
    def _on_panels_due(self) -> None:
        self._shown_at = monotonic()
        self.panels_due.emit(self.snapshot)
        QTimer.singleShot(0, self, self._on_painted)

    @Slot()
    def _on_painted(self) -> None:
        now = monotonic()
        if self._detail.learn(now - self._shown_at, now):
            self.detail_changed.emit(self._detail.coarse)
        self._rest_until = now + (now - self._shown_at) * (1.0 / BUSY_SHARE - 1.0)
