"""The training thread's object: trains in short chunks and leaves snapshots in a mailbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import get_native_id
from time import monotonic

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from playground.core.experiment import Experiment, Speed
from playground.core.files import Document
from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Activity, Divergence, Snapshot
from playground.session.latest import Latest
from playground.session.order import Order, Refusal, Told
from playground.session.pace import (
    EPOCHS_PER_FRAME,
    FRAME_S,
    OPS_PER_SECOND,
    ChunkSize,
    OpClock,
    SpeedMeter,
)
from playground.session.pending import Pending
from playground.session.report import spoken
from playground.session.trained import Trained

NICENESS = 5
"""How far the training thread stands back behind the window's where cores are short (Linux)."""
LOOKING_SHARE = 0.12
"""Share of the thread's time that making snapshots may take."""


class Worker(QObject):
    """Trains one experiment in the thread it lives in.

    All slots are commands that run between two chunks; nothing here blocks for longer than a
    chunk, except taking up a new network.

    Parameters
    ----------
    experiment : what to train first.
    latest : where snapshots go.
    load : makes compiled kernels ready; may raise.
    begin : makes the run of an experiment.

    Signals
    -------
    loaded() : kernels are there; the first snapshot follows.
    load_failed() : `load` raised; the cache may be damaged.
    activity_changed(object) : the `Activity` now.
    notice_raised(object) : words for the user.
    refused(object) : the `Refusal` of an order that could not be taken up.
    state_taken(object) : what `take_state` asked for, a `Told`.
    """

    loaded = Signal()
    load_failed = Signal()
    activity_changed = Signal(object)
    notice_raised = Signal(object)
    refused = Signal(object)
    state_taken = Signal(object)

    def __init__(
        self,
        experiment: Experiment,
        latest: Latest[Snapshot],
        load: Callable[[], None],
        begin: Callable[[Experiment], Trained],
    ) -> None:
        super().__init__()
        self._pending = Pending(Order(experiment))
        self._latest, self._load, self._begin = latest, load, begin
        self._run: Trained | None = None
        self._activity = Activity.PAUSED
        self._ready = False
        self._play_at_once = False
        self._epoch_goal: int | None = None
        self._steps_left = self._epochs_asked = 0
        self._frame_at = self._publish_at = 0.0
        self._even = False
        self._question: int | None = None
        self._n_begun = 0
        self._focus = NOTHING
        self._chunk, self._ops, self._meter = ChunkSize(), OpClock(), SpeedMeter()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer)

    # Commands: queued slots.

    @Slot()
    def load(self) -> None:
        """Load the compiled kernels and begin the run."""
        self._guarded(self._load_kernels)

    @Slot()
    def play(self) -> None:
        """Train until told otherwise."""
        if not self._ready:
            self._play_at_once = True
        elif self._activity is Activity.PAUSED and self._run is not None:
            self._forget_steps()
            self._meter.clear()
            self._frame_at = 0.0
            self._set_activity(Activity.RUNNING)
            self._timer.start(0)

    @Slot()
    def pause(self) -> None:
        """Stop training and show the exact state."""
        self._play_at_once = False
        self._forget_steps()
        if self._activity is Activity.RUNNING:
            self._guarded(self._publish_in_full)
            self._set_activity(Activity.PAUSED)

    @Slot()
    def step_epoch(self) -> None:
        """Train to the end of the current epoch."""
        if self._activity is Activity.PAUSED:
            self._epochs_asked += 1
            self._go_on()

    @Slot()
    def step_batch(self) -> None:
        """Train one step."""
        if self._activity is Activity.PAUSED:
            self._steps_left += 1
            self._go_on()

    @Slot()
    def reset(self) -> None:
        """Begin anew with the same first weights, paused."""
        self._forget_steps()
        self._play_at_once = False
        self._guarded(self._reset_run)

    @Slot(object)
    def carry_out(self, order: Order) -> None:
        """Do what is ordered before the next chunk."""
        self._n_begun = order.begun
        self._pending.add(order, None if self._run is None else self._run.experiment)
        self._go_on()

    @Slot(object)
    def take_state(self, number: int) -> None:
        """Tell the experiment and the exact state of its run, as soon as both are known."""
        self._question = number
        self._guarded(self._tell_state)

    @Slot()
    def go_back(self) -> None:
        """Leave divergence for the best state before it, paused."""
        self._guarded(self._go_back)

    @Slot(object)
    def look_at(self, focus: Focus) -> None:
        """Answer `focus` in the snapshots from now on; at once if nothing else makes one."""
        self._focus = focus
        if self._activity is not Activity.RUNNING and focus != NOTHING:
            self._guarded(self._publish_answers)

    @Slot()
    def shut_down(self) -> None:
        """Stop everything and end the thread's event loop."""
        self._timer.stop()
        self._ready = False
        self._run = None
        QThread.currentThread().quit()

    # One chunk.

    @Slot()
    def _on_timer(self) -> None:
        self._guarded(self._work)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # noqa: BLE001  # the thread must outlive any mistake in a chunk
            self._forget_steps()
            self._set_activity(Activity.PAUSED)
            if not self._ready:
                self.load_failed.emit()
                return
            self.notice_raised.emit(f"Training stopped: {spoken(error)}")
            sys.excepthook(type(error), error, error.__traceback__)

    def _load_kernels(self) -> None:
        _give_way()
        self._load()
        self._ready = True
        self.loaded.emit()
        self._take_up()
        self._tell_state()
        if self._play_at_once:
            self._play_at_once = False
            self.play()
        elif self._has_steps:
            self._go_on()

    @property
    def _has_steps(self) -> bool:
        return self._steps_left > 0 or self._epochs_asked > 0 or self._epoch_goal is not None

    def _forget_steps(self) -> None:
        self._steps_left, self._epochs_asked, self._epoch_goal = 0, 0, None

    def _go_on(self) -> None:
        """Have `_work` called soon; before the kernels are there, what is asked for waits."""
        if self._ready:
            self._timer.start(0)

    def _work(self) -> None:
        self._take_up()
        run = self._run
        if run is None:
            return
        if self._epochs_asked:  # from the run's epoch: what was ordered may have changed it
            goal = run.epoch if self._epoch_goal is None else self._epoch_goal
            self._epoch_goal, self._epochs_asked = goal + self._epochs_asked, 0
        now = monotonic()
        steps, wait_s = self._allowance(run, now)
        if steps > 0:
            started = monotonic()
            blocks = run.blocks
            done = run.advance(min(steps, self._chunk_steps(run)), self._chunk.blocks)
            wait_s = wait_s if done else FRAME_S  # there are no samples yet: look again soon
            now = monotonic()
            self._chunk.learn(run.blocks - blocks, now - started)
            self._steps_left = max(0, self._steps_left - done)
            if self._epoch_goal is not None and run.epoch >= self._epoch_goal:
                self._epoch_goal = None
        if run.divergence is not None:
            self._stop_diverged(run.divergence)
            return
        if self._activity is Activity.RUNNING:
            if now >= self._publish_at:
                self._publish()
            self._timer.start(round(1000 * wait_s))
        elif self._has_steps:
            self._timer.start(0)
        elif steps > 0:
            self._publish_in_full()

    def _allowance(self, run: Trained, now: float) -> tuple[int, float]:
        """Return how many steps may be made now, and the seconds until asking again."""
        if self._activity is not Activity.RUNNING:
            return self._steps_asked_for(run), 0.0
        speed = run.experiment.training.speed
        if speed is Speed.FULL:
            return self._chunk_steps(run), 0.0
        if self._steps_asked_for(run) == 0:
            if now < self._frame_at:
                return 0, self._frame_at - now
            self._frame_at = max(self._frame_at + FRAME_S, now)
            if speed in OPS_PER_SECOND:
                self._steps_left = int(self._ops.tick(speed, run.n_ops))
            elif speed in EPOCHS_PER_FRAME:
                self._epoch_goal = run.epoch + EPOCHS_PER_FRAME[speed]
            else:
                self._steps_left = 1
        steps = self._steps_asked_for(run)
        rest = steps - self._chunk_steps(run)
        return steps, 0.0 if rest > 0 else max(0.0, self._frame_at - now)

    def _chunk_steps(self, run: Trained) -> int:
        return self._chunk.steps(run.blocks_per_step)

    def _steps_asked_for(self, run: Trained) -> int:
        if self._epoch_goal is not None:
            # After a change of batch size this may be one step short, never too many.
            return max(1, (self._epoch_goal - run.epoch) * run.n_batches - run.batch)
        return self._steps_left

    def _take_up(self) -> None:
        orders = self._pending.take()
        if not orders:
            return
        for order in orders:
            try:
                self._carry_out(order)
            except (ValueError, MemoryError) as error:
                self.notice_raised.emit(f"Not changed: {spoken(error)}.")
                if self._run is not None:
                    self.refused.emit(Refusal(order.number, self._run.experiment))
        self._ops.clear()
        if self._activity is Activity.DIVERGED:
            self._set_activity(Activity.PAUSED)
        by_hand = any(order.wanted is not None for order in orders)
        if self._activity is not Activity.RUNNING or by_hand:
            self._publish_in_full()

    def _carry_out(self, order: Order) -> None:
        if self._run is None:
            self._run = self._begin(order.experiment)
        order.carry_out(self._run)

    def _reset_run(self) -> None:
        if self._ready:
            self._take_up()
        if self._run is None:
            self._pending.begin_anew()
            return
        self._run.reset()
        self._ops.clear()
        self._publish_in_full()
        self._set_activity(Activity.PAUSED)

    def _go_back(self) -> None:
        if self._run is not None and self._activity is Activity.DIVERGED:
            self._run.go_back()
            self._publish_in_full()
            self._set_activity(Activity.PAUSED)

    def _tell_state(self) -> None:
        if self._ready:
            self._take_up()
        if self._question is None:
            return
        if self._run is not None:
            document: Document | None = Document(self._run.experiment, self._run.state())
        else:
            document = self._pending.outcome()
        if document is not None:
            self.state_taken.emit(Told(document, self._question, self._n_begun))
            self._question = None

    def _stop_diverged(self, divergence: Divergence) -> None:
        self._forget_steps()
        self._publish_in_full()
        self._set_activity(Activity.DIVERGED)
        self.notice_raised.emit(divergence.message)

    def _set_activity(self, activity: Activity) -> None:
        if activity is not self._activity:
            self._activity = activity
            self.activity_changed.emit(activity)

    # Snapshots.

    def _publish(self) -> None:
        self._even = not self._even
        self._put(output=self._even, speed=True)

    def _publish_in_full(self) -> None:
        self._put(output=True, speed=False)

    def _publish_answers(self) -> None:
        self._put(output=False, speed=False, maps=False)

    def _put(self, output: bool, speed: bool, maps: bool = True) -> None:
        run = self._run
        if run is None:
            return
        started = monotonic()
        done = run.epoch + run.batch / run.n_batches
        rate = self._meter.measure(started, done) if speed else 0.0
        self._latest.put(
            run.snapshot(
                maps=maps,
                output=output,
                epochs_per_second=rate,
                op=self._ops.op,
                focus=self._focus if speed else self._focus.whole,
            )
        )
        cost = monotonic() - started
        self._publish_at = started + max(FRAME_S, cost / LOOKING_SHARE)


def _give_way() -> None:
    """Let the scheduler prefer the window's thread to this one where cores are short."""
    # Linux has a niceness per thread; Qt's thread priorities do nothing there.
    if sys.platform == "linux":
        number = get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, number, NICENESS)
