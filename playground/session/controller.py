"""The window's only way to the training: commands go down, snapshots come up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot

from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.core.focus import Focus, Focuses
from playground.core.run import Run
from playground.core.snapshot import Activity, ParameterEdit, Snapshot
from playground.session.frames import Frames
from playground.session.latest import Latest
from playground.session.order import Order, Refusal, Told
from playground.session.preparation import Preparation, load_kernels
from playground.session.trained import Trained
from playground.session.worker import Worker

STOP_MS = 900
"""How long closing waits for the training thread."""

_QUEUED = Qt.ConnectionType.QueuedConnection
_unfinished: list[tuple[QThread, Worker]] = []
# Destroying a running QThread aborts the process; a thread that cannot be interrupted (it
# compiles in memory) is kept here and the process ends without it.


class Controller(QObject):
    """Holds the experiment and the newest snapshot; owns the training thread. GUI thread only.

    Parameters
    ----------
    experiment : what to begin with.
    load, begin : see `Worker`; tests put stand-ins here.

    Attributes
    ----------
    is_held : whether training rests after `hold` and goes on with `release`.
    is_telling : whether views are being told of another experiment: what they ask to be edited
        meanwhile was meant for the one before.
    n_told : the number of the newest question that `state_taken` has answered.
    n_begun, n_told_begun : how many experiments were begun or opened so far, and before the run
        came to what `state_taken` told last.

    Signals
    -------
    experiment_changed(object) : the `Experiment` now in force.
    snapshot_changed(object) : the newest `Snapshot`, see `Frames`.
    panels_due(object) : the same for what stands beside the network.
    activity_changed(object) : the `Activity` now.
    notice_raised(str) : words for the user.
    refused(object) : an experiment could not be taken up, the `Experiment` before it stays.
    state_taken(object) : the `Document` that `take_state` asked for.
    loaded() : the compiled kernels are there.
    stopped() : the training thread has ended for good.
    """

    experiment_changed = Signal(object)
    snapshot_changed = Signal(object)
    panels_due = Signal(object)
    activity_changed = Signal(object)
    notice_raised = Signal(str)
    refused = Signal(object)
    state_taken = Signal(object)
    loaded = Signal()
    stopped = Signal()

    _load = Signal()
    _play = Signal()
    _pause = Signal()
    _step_epoch = Signal()
    _step_batch = Signal()
    _reset = Signal()
    _carry_out = Signal(object)
    _look = Signal(object)
    _take_state = Signal(object)
    _go_back = Signal()
    _shut_down = Signal()

    def __init__(
        self,
        experiment: Experiment | None = None,
        load: Callable[[], None] = load_kernels,
        begin: Callable[[Experiment], Trained] = Run,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._experiment = experiment if experiment is not None else Experiment()
        self._make_run = load, begin
        self._activity = Activity.PAUSED
        self._latest: Latest[Snapshot] = Latest()
        self._frames = Frames(self._latest, self)
        self._frames.shown.connect(self.snapshot_changed)
        self._frames.panels_due.connect(self.panels_due)
        self._frames.detail_changed.connect(self._on_detail_changed)
        self._thread: QThread | None = None
        self._worker: Worker | None = None
        self._loaded = False
        self._unsent: list[Order] = []
        self._n_sent = self._n_asked = self.n_told = self.n_begun = self.n_told_begun = 0
        self._opened = Told(Document(self._experiment), 0)
        self._last: Latest[Told] = Latest()
        self._focuses = Focuses()
        self.is_held = self._is_pausing = self.is_telling = False
        self._preparation = Preparation(self)
        self._preparation.finished.connect(self._on_preparation_finished)

    # State.

    @property
    def experiment(self) -> Experiment:
        """The experiment in force."""
        return self._experiment

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot, or None before the first."""
        return self._frames.snapshot

    @property
    def activity(self) -> Activity:
        """What the training thread does."""
        return self._activity

    @property
    def n_sent(self) -> int:
        """How many orders were sent to the training thread so far."""
        return self._n_sent

    @property
    def has_unfinished_thread(self) -> bool:
        """Whether a training thread could not be ended in time."""
        return bool(_unfinished)

    # Life.

    def start(self) -> None:
        """Start the training thread and make the kernels ready; the window stays usable."""
        if self._thread is not None:
            return
        # No parent: Qt must not destroy a thread because a widget goes away.
        self._thread = thread = QThread()
        self._worker = worker = Worker(self._experiment, self._latest, *self._make_run)
        worker.moveToThread(thread)
        self._load.connect(worker.load, _QUEUED)
        self._play.connect(worker.play, _QUEUED)
        self._pause.connect(worker.pause, _QUEUED)
        self._step_epoch.connect(worker.step_epoch, _QUEUED)
        self._step_batch.connect(worker.step_batch, _QUEUED)
        self._reset.connect(worker.reset, _QUEUED)
        self._carry_out.connect(worker.carry_out, _QUEUED)
        self._look.connect(worker.look_at, _QUEUED)
        self._take_state.connect(worker.take_state, _QUEUED)
        self._go_back.connect(worker.go_back, _QUEUED)
        self._shut_down.connect(worker.shut_down, _QUEUED)
        worker.loaded.connect(self._on_loaded, _QUEUED)
        worker.load_failed.connect(self._on_load_failed, _QUEUED)
        worker.activity_changed.connect(self._on_activity_changed, _QUEUED)
        worker.notice_raised.connect(self._on_notice_raised, _QUEUED)
        worker.refused.connect(self._on_refused, _QUEUED)
        # In the training thread and first, so that `last_state` is never behind `state_taken`.
        worker.state_taken.connect(self._keep_last, Qt.ConnectionType.DirectConnection)
        worker.state_taken.connect(self._on_state_taken, _QUEUED)
        thread.finished.connect(worker.deleteLater)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.shut_down)
        thread.start(QThread.Priority.LowPriority)
        self._look.emit(self._focuses.all)
        self._frames.start()
        self._preparation.start()
        unsent, self._unsent = self._unsent, []
        for order in unsent:
            self._send(order)
        if self._activity is Activity.PREPARING:  # Run was pressed before there was a thread
            self._play.emit()

    @Slot()
    def shut_down(self, wait_ms: int | None = None) -> None:
        """End the training thread, or go on without it; may be called again."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._frames.stop()
        self._preparation.stop()
        self.take_state()
        self._shut_down.emit()
        if not thread.wait(STOP_MS if wait_ms is None else wait_ms) and self._worker is not None:
            _unfinished.append((thread, self._worker))
        self._worker = None
        self.stopped.emit()

    # Commands.

    @Slot()
    def play(self) -> None:
        """Train; before the kernels are there this is remembered and starts by itself."""
        self.is_held = self._is_pausing = False
        if self._activity is Activity.PAUSED and not self._loaded:
            self._set_activity(Activity.PREPARING)
        # Whether it may play is for the worker to say: a reset may be on its way there.
        self._play.emit()

    @Slot()
    def pause(self) -> None:
        """Stop training and show the exact state."""
        self._mean_to_rest()
        self._pause.emit()

    def _mean_to_rest(self) -> None:
        self.is_held, self._is_pausing = False, True
        if self._activity is Activity.PREPARING:
            self._set_activity(Activity.PAUSED)

    def hold(self) -> None:
        """Stop training for a moment, if it runs and is meant to, until `release`."""
        if self._activity is Activity.RUNNING and not self._is_pausing:
            self.is_held = True
            self._pause.emit()

    def release(self) -> None:
        """Go on after `hold`, unless somebody paused, played or reset meanwhile."""
        if self.is_held:
            self.play()

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        plays = self._activity in (Activity.RUNNING, Activity.PREPARING)
        (self.pause if plays else self.play)()

    @Slot()
    def reset(self) -> None:
        """Begin anew with the same first weights."""
        self._mean_to_rest()
        self._reset.emit()

    @Slot()
    def step_epoch(self) -> None:
        """Train to the end of the current epoch."""
        self._step_epoch.emit()

    @Slot()
    def step_batch(self) -> None:
        """Train one step."""
        self._step_batch.emit()

    @Slot(object)
    def apply(self, experiment: Experiment) -> None:
        """Make an experiment the one in force; its cost is decided by the training thread."""
        if experiment != self._experiment:
            self.carry_out(Order(experiment))

    def open(self, document: Document) -> None:
        """Take up a file's experiment, paused, and the state of its run if it has one."""
        order = Order(document.experiment, opens=True, state=document.state)
        self.pause()
        self._send(order)
        self._take_up(document.experiment)

    def take_state(self) -> int:
        """Have `state_taken` tell the experiment and the exact state of its run.

        Returns the question's number: an answer to an earlier one may be on its way.
        """
        self._n_asked += 1
        self._take_state.emit(self._n_asked)
        return self._n_asked

    @property
    def last_state(self) -> Document:
        """What was told of or opened last; after `shut_down` the last there was.

        Edits that the training thread has not taken up are not in it.
        """
        told, opened = self._last.peek(), self._opened
        return (opened if told is None or told.number <= opened.number else told).document

    @Slot(object)
    def _keep_last(self, told: Told) -> None:
        self._last.put(told)

    @Slot()
    def go_back(self) -> None:
        """After divergence, take up the best state before it."""
        self._go_back.emit()

    @Slot(object)
    def edit_parameters(self, edit: ParameterEdit) -> None:
        """Set weights and biases by hand."""
        self.carry_out(Order(self._experiment, edit.parameters, changes=edit.changes))

    def carry_out(self, order: Order) -> None:
        """Take up an experiment, weights and biases, or both, and keep what undo needs."""
        self._send(order)
        self._take_up(order.experiment)

    def _take_up(self, experiment: Experiment) -> None:
        if experiment != self._experiment:
            self._experiment = experiment
            self.tell_again()

    def tell_again(self) -> None:
        """Have the views show the experiment in force."""
        self.is_telling = True
        self.experiment_changed.emit(self._experiment)
        self.is_telling = False

    def _send(self, order: Order) -> None:
        if self._thread is None and (order.opens or self._unsent):
            # A thread that starts begins with the experiment in force: only what is opened waits.
            self._unsent = [order] if order.opens else [*self._unsent, order]
        self._n_sent += 1
        self.n_begun += order.opens
        document = order.begins_with if order.opens else None
        if document is not None:
            self._opened = Told(document, self._n_asked)
        self._carry_out.emit(replace(order, number=self._n_sent, begun=self.n_begun))

    def look_at(self, focus: Focus, asker: str = "diagnostics") -> None:
        """Have the coming snapshots answer `focus`; it replaces what `asker` asked before.

        With training paused the answer comes in a snapshot of its own.
        """
        if self._focuses.ask(focus, asker):
            self._look.emit(self._focuses.all)

    def set_reduced_motion(self, on: bool) -> None:
        """Show at most five snapshots a second, or as many as usual."""
        self._frames.set_reduced_motion(on)

    def show(self, snapshot: Snapshot) -> None:
        """Make this the newest snapshot, e.g. one that was computed without a thread."""
        self._frames.show(snapshot)

    def in_turn(self, work: Callable[[], None]) -> None:
        """Have work that takes long done between the turns that show a snapshot."""
        self._frames.in_turn(work)

    # What the worker and the clock say.

    @Slot()
    def _on_preparation_finished(self) -> None:
        self._load.emit()

    @Slot()
    def _on_loaded(self) -> None:
        self._loaded = True
        self.loaded.emit()

    @Slot()
    def _on_load_failed(self) -> None:
        if not self._preparation.repair():
            self._set_activity(Activity.PAUSED)
            self.notice_raised.emit(
                "The compiled kernels cannot be loaded. Run python -m tinyml.kernels.warm"
                " in a terminal to see why."
            )

    @Slot(object)
    def _on_activity_changed(self, activity: Activity) -> None:
        if activity is not Activity.RUNNING:
            # The state that goes with the activity is in the mailbox already: show it first.
            self._frames.show_newest()
        self._set_activity(activity)

    @Slot(object)
    def _on_state_taken(self, told: Told) -> None:
        if self._activity is not Activity.RUNNING:
            self._frames.show_newest()  # what the state looks like, and answers asked for before it
        self.n_told, self.n_told_begun = told.number, told.begun
        self.state_taken.emit(told.document)

    @Slot(object)
    def _on_notice_raised(self, notice: str) -> None:
        self.notice_raised.emit(notice)

    @Slot(object)
    def _on_refused(self, refusal: Refusal) -> None:
        if refusal.number == self._n_sent:  # else a newer order, already on its way, decides
            self._experiment = refusal.kept
            self.refused.emit(refusal.kept)
            self.tell_again()

    @Slot(bool)
    def _on_detail_changed(self, coarse: bool) -> None:
        self.look_at(Focus(coarse=coarse), "detail")

    def _set_activity(self, activity: Activity) -> None:
        if activity is not self._activity:
            self._activity = activity
            self.activity_changed.emit(activity)
