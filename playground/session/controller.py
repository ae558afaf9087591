"""The controller: the window's side of the worker, all in the GUI thread."""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, Qt, QThread, QTimer, Signal, Slot

from playground.core.experiment import Experiment
from playground.core.session import Session
from playground.core.snapshot import Activity, ParameterEdit, Snapshot
from playground.session.latest import Latest
from playground.session.worker import Worker
from tinyml.kernels.compiler import cache_folder, is_warm

FRAME_MS = 33


class Controller(QObject):
    """Takes a person's wishes to the worker and the newest snapshot back to the views.

    Signals
    -------
    experiment_changed(object) : the `Experiment` now set up.
    snapshot_changed(object) : the newest `Snapshot`, at most one per display frame.
    activity_changed(object) : the `Activity` of the worker.
    notice_raised(object) : a sentence (str) for the person.
    """

    experiment_changed = Signal(object)
    snapshot_changed = Signal(object)
    activity_changed = Signal(object)
    notice_raised = Signal(object)

    _play = Signal()
    _pause = Signal()
    _reset = Signal()
    _step = Signal(object)
    _apply = Signal(object)
    _edit = Signal(object)
    _load = Signal()
    _shut_down = Signal()

    def __init__(
        self, experiment: Experiment, make_session: Callable[[Experiment], Session] = Session
    ) -> None:
        super().__init__()
        self._experiment = experiment
        self._snapshot: Snapshot | None = None
        self._activity = Activity.PREPARING
        self._mailbox: Latest[Snapshot] = Latest()
        self._thread = QThread()
        self._thread.setObjectName("training")
        self._worker = Worker(self._mailbox, experiment, make_session)
        self._worker.moveToThread(self._thread)
        self._preparation: QProcess | None = None
        self._closed = False
        queued = Qt.ConnectionType.QueuedConnection
        for signal, slot in (
            (self._play, self._worker.play),
            (self._pause, self._worker.pause),
            (self._reset, self._worker.reset),
            (self._step, self._worker.step),
            (self._apply, self._worker.apply),
            (self._edit, self._worker.edit_parameters),
            (self._load, self._worker.load),
            (self._shut_down, self._worker.shut_down),
        ):
            signal.connect(slot, queued)
        self._worker.activity_changed.connect(self._on_activity_changed, queued)
        self._worker.failed.connect(self._on_worker_failed, queued)
        self._thread.finished.connect(self._worker.deleteLater)
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._on_frame_due)

    @property
    def experiment(self) -> Experiment:
        """The experiment that is set up."""
        return self._experiment

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot; None before the first."""
        return self._snapshot

    @property
    def activity(self) -> Activity:
        """What the worker said it is doing."""
        return self._activity

    def start(self) -> None:
        """Start the thread and the display timer, and prepare the kernels."""
        self._thread.start()
        self._frames.start()
        if is_warm() or cache_folder() is None:
            self._load.emit()
            return
        self._preparation = QProcess(self)
        self._preparation.finished.connect(self._on_prepared)
        self._preparation.errorOccurred.connect(self._on_prepared)
        self._preparation.start(sys.executable, ["-m", "tinyml.kernels.warm"])

    @Slot()
    def _on_prepared(self) -> None:
        # A helper that failed is no reason to stop: the worker then compiles by itself.
        if self._preparation is not None:
            self._preparation.deleteLater()
            self._preparation = None
            if not self._closed:
                self._load.emit()

    def play(self) -> None:
        """Train until paused; before the kernels are ready it is remembered."""
        self._play.emit()

    def pause(self) -> None:
        """Stop training."""
        self._pause.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self._activity is Activity.RUNNING:
            self.pause()
        else:
            self.play()

    def reset(self) -> None:
        """Begin again from the same first weights."""
        self._reset.emit()

    def step_epoch(self) -> None:
        """Train to the end of the epoch, once."""
        self._step.emit(0)

    def step_batch(self) -> None:
        """Train one batch."""
        self._step.emit(1)

    def apply(self, experiment: Experiment) -> None:
        """Set up an edited experiment; training goes on where it can."""
        if experiment == self._experiment:
            return
        self._experiment = experiment
        self.experiment_changed.emit(experiment)
        self._apply.emit(experiment)

    def edit_parameters(self, edit: ParameterEdit) -> None:
        """Set weights and biases by hand."""
        self._edit.emit(edit)

    def shut_down(self) -> None:
        """Stop the worker and its thread; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        self._frames.stop()
        if self._preparation is not None:
            self._preparation.kill()
            self._preparation.waitForFinished(500)
        if self._thread.isRunning():
            self._shut_down.emit()
            self._thread.wait()

    @Slot()
    def _on_frame_due(self) -> None:
        snapshot = self._mailbox.take()
        if snapshot is None:
            return
        if snapshot.divergence is not None and (
            self._snapshot is None or self._snapshot.divergence is None
        ):
            self.notice_raised.emit(snapshot.divergence.message)
        self._snapshot = snapshot
        self.snapshot_changed.emit(snapshot)

    @Slot(object)
    def _on_activity_changed(self, activity: Activity) -> None:
        if activity is not self._activity:
            self._activity = activity
            self.activity_changed.emit(activity)

    @Slot(object)
    def _on_worker_failed(self, message: str) -> None:
        self.notice_raised.emit(message)
