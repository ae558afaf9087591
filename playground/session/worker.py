"""The worker: trains in short chunks in its own thread; commands run between chunks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from playground.core.experiment import Experiment
from playground.core.session import Session
from playground.core.snapshot import Activity, ParameterEdit, Snapshot
from playground.session.latest import Latest
from playground.session.pace import FRAME_S, Pace

log = logging.getLogger(__name__)


class Worker(QObject):
    """Owns the training session; lives in a thread of its own.

    Signals
    -------
    activity_changed(object) : the `Activity` it is in now.
    failed(object) : a message (str) about an error that stopped the training.
    finished() : after `shut_down`.
    """

    activity_changed = Signal(object)
    failed = Signal(object)
    finished = Signal()

    def __init__(
        self,
        mailbox: Latest[Snapshot],
        experiment: Experiment,
        make_session: Callable[[Experiment], Session] = Session,
    ) -> None:
        super().__init__()
        self._mailbox = mailbox
        self._experiment = experiment
        self._make_session = make_session
        self._session: Session | None = None
        self._playing = False
        self._pace = Pace()
        self._published = 0.0
        self._rate_mark = (0.0, 0)
        self._rate = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_chunk_due)

    @Slot()
    def load(self) -> None:
        """Load the compiled kernels and start the session."""
        self._guarded(self._load)

    def _load(self) -> None:
        self._session = self._make_session(self._experiment)
        self._publish(force=True)
        self._announce()
        if self._playing:
            self._resume()

    @Slot()
    def play(self) -> None:
        """Train until told otherwise; before loading it is remembered."""
        self._playing = True
        if self._session is not None and self._session.divergence is None:
            self._announce()
            self._resume()

    def _resume(self) -> None:
        self._pace.restart()
        self._rate_mark = (time.monotonic(), self._session.epoch if self._session else 0)
        self._timer.start(0)

    @Slot()
    def pause(self) -> None:
        """Stop training and publish the state at full quality."""
        self._playing = False
        self._timer.stop()
        self._rate = 0.0
        self._guarded(lambda: self._publish(force=True))
        self._announce()

    @Slot()
    def reset(self) -> None:
        """Begin again from the same first weights, paused."""
        self._playing = False
        self._timer.stop()
        self._pace.op = 0

        def reset() -> None:
            if self._session is not None:
                self._session.reset()
                self._publish(force=True)

        self._guarded(reset)
        self._announce()

    @Slot(object)
    def step(self, batches: int) -> None:
        """Do `batches` steps, or an epoch's rest if 0, then publish."""

        def step() -> None:
            session = self._session
            if session is None or self._playing:
                return
            todo = batches or session.n_batches - session.batch
            session.advance(todo)
            self._publish(force=True)

        self._guarded(step)
        self._announce()

    @Slot(object)
    def apply(self, experiment: Experiment) -> None:
        """Take up an edited experiment."""
        self._experiment = experiment

        def apply() -> None:
            if self._session is not None:
                self._session.apply(experiment)
                self._publish(force=True)

        self._guarded(apply)
        self._announce()

    @Slot(object)
    def edit_parameters(self, edit: ParameterEdit) -> None:
        """Take up weights that a person edited."""

        def set_parameters() -> None:
            if self._session is not None:
                self._session.set_parameters(edit.parameters)
                self._publish(force=True)

        self._guarded(set_parameters)

    @Slot()
    def shut_down(self) -> None:
        """Stop everything in this thread."""
        self._playing = False
        self._timer.stop()
        self.finished.emit()
        self.thread().quit()

    @Slot()
    def _on_chunk_due(self) -> None:
        self._guarded(self._train_chunk)

    def _train_chunk(self) -> None:
        session = self._session
        if session is None or not self._playing:
            return
        speed = session.experiment.training.speed
        started = time.monotonic()
        steps = self._pace.due(speed, started, session.n_batches, session.n_ops)
        session.op = self._pace.op
        if steps:
            done = session.advance(steps)
            self._pace.measured(done, time.monotonic() - started)
        if session.divergence is not None:
            self._playing = False
            self._publish(force=True)
            self._announce()
            return
        self._publish(force=False)
        self._timer.start(round(1000 * self._pace.wait(speed, time.monotonic())))

    def _publish(self, *, force: bool) -> None:
        session, now = self._session, time.monotonic()
        if session is None:
            return
        if not force and (now - self._published < FRAME_S or not self._mailbox.is_empty):
            return
        self._measure_rate(now)
        self._published = now
        snapshot = session.observe(running=self._playing, epochs_per_second=self._rate)
        self._mailbox.put(snapshot)

    def _measure_rate(self, now: float) -> None:
        then, epoch = self._rate_mark
        reached = self._session.epoch if self._session else 0
        if self._playing and now - then >= 0.5:
            self._rate = max(reached - epoch, 0) / (now - then)
            self._rate_mark = (now, reached)

    def _announce(self) -> None:
        session = self._session
        if session is None:
            activity = Activity.PREPARING
        elif session.divergence is not None:
            activity = Activity.DIVERGED
        else:
            activity = Activity.RUNNING if self._playing else Activity.PAUSED
        self.activity_changed.emit(activity)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001  # the one place where a bug must not end the thread
            log.exception("the worker failed")
            self._playing = False
            self._timer.stop()
            self.failed.emit(f"Training stopped by an error: {error}")
            self._announce()
