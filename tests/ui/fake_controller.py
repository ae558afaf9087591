"""A controller without a worker: remembers what it was asked for and answers at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.core.focus import Focus
from playground.core.snapshot import Activity, ParameterEdit, Snapshot
from playground.session.order import Order
from tests.ui.snapshots import make_snapshot, spiral_experiment


class FakeController(QObject):
    """Stands in for `Controller` in the tests of views.

    `calls` lists the names of the methods called, `edits` the experiments and parameter edits,
    `orders` what came through the undo stack.
    """

    experiment_changed = Signal(object)
    snapshot_changed = Signal(object)
    panels_due = Signal(object)
    activity_changed = Signal(object)
    notice_raised = Signal(object)
    refused = Signal(object)
    state_taken = Signal(object)

    def __init__(self, experiment: Experiment | None = None) -> None:
        super().__init__()
        self.snapshot_changed.connect(self.panels_due)
        self.experiment = experiment or spiral_experiment()
        self.snapshot: Snapshot | None = make_snapshot(self.experiment)
        self.activity = Activity.PAUSED
        self.calls: list[str] = []
        self.edits: list[Experiment | ParameterEdit] = []
        self.orders: list[Order] = []
        self.opened: list[Document] = []
        self.focuses: list[Focus] = []

    def set_activity(self, activity: Activity) -> None:
        self.activity = activity
        self.activity_changed.emit(activity)

    def apply(self, experiment: Experiment) -> None:
        self.edits.append(experiment)
        self.experiment = experiment
        self.snapshot = make_snapshot(experiment)
        self.tell_again()
        self.snapshot_changed.emit(self.snapshot)

    def in_turn(self, work: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, work)

    def edit_parameters(self, edit: ParameterEdit) -> None:
        self.edits.append(edit)

    def carry_out(self, order: Order) -> None:
        self.orders.append(order)
        if order.wanted is not None:
            self.edits.append(ParameterEdit(order.wanted, ""))
        if order.experiment != self.experiment:
            self.apply(order.experiment)

    def open(self, document: Document) -> None:
        self.opened.append(document)
        self.apply(document.experiment)

    n_told = n_sent = 0

    def take_state(self) -> int:
        self.calls.append("take_state")
        self.state_taken.emit(Document(self.experiment))
        return 0

    def go_back(self) -> None:
        self.calls.append("go_back")

    def look_at(self, focus: Focus, asker: str = "diagnostics") -> None:
        self.focuses.append(focus)

    is_held = is_telling = False

    def tell_again(self) -> None:
        self.is_telling = True
        self.experiment_changed.emit(self.experiment)
        self.is_telling = False

    def hold(self) -> None:
        self.calls.append("hold")

    def release(self) -> None:
        self.calls.append("release")

    def play(self) -> None:
        self.set_activity(Activity.RUNNING)

    def pause(self) -> None:
        self.set_activity(Activity.PAUSED)

    def toggle(self) -> None:
        self.calls.append("toggle")

    def reset(self) -> None:
        self.calls.append("reset")

    def step_epoch(self) -> None:
        self.calls.append("step_epoch")

    def step_batch(self) -> None:
        self.calls.append("step_batch")

    def set_reduced_motion(self, on: bool) -> None:
        self.calls.append(f"reduced motion {on}")

    def shut_down(self, wait_ms: int = 0) -> None:
        self.calls.append("shut_down")
