"""Takes the steps: by key, button, clock or jump; the training pauses for them."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.core.snapshot import Activity
from playground.ui.graph.bar import GraphBar
from playground.ui.graph.view import GraphView


class StepControl(QObject):
    """Steps a desk's graph. A step asked for while training runs is taken once it rests.

    Signals
    -------
    pause_requested() : the training is to pause.
    beginning() : stepping begins; what changed the numbers' look is to be put away.
    moved() : another position was reached.
    direction_changed(Direction) : which way is stepped now.
    """

    pause_requested = Signal()
    beginning = Signal()
    moved = Signal()
    direction_changed = Signal(object)

    def __init__(self, desk: Desk, view: GraphView, bar: GraphBar, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._bar = desk, view, bar
        self.direction = Direction.BACKWARD
        self.activity = Activity.PAUSED
        self._wanted = 0
        self._player = QTimer(self)
        self._player.timeout.connect(self._on_player_ticked)
        bar.direction_chosen.connect(self.set_direction)
        bar.start.clicked.connect(self._on_start_clicked)
        bar.back.clicked.connect(self.step_back)
        bar.on.clicked.connect(self.step_on)
        bar.end.clicked.connect(self._on_end_clicked)
        bar.play.clicked.connect(self.toggle_playing)
        bar.speed.value_edited.connect(self._on_speed_edited)
        bar.strip.position_chosen.connect(self.seek)
        view.node_activated.connect(self.jump_to)

    @property
    def is_playing(self) -> bool:
        """Whether steps go on by themselves."""
        return self._player.isActive()

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs."""
        self.activity = activity
        if activity is Activity.RUNNING:
            self.stop_playing()
            self._wanted = 0

    def take_wanted(self) -> None:
        """Take the step that was asked for while training ran."""
        wanted, self._wanted = self._wanted, 0
        if wanted:
            self._step(wanted)

    def step_on(self) -> None:
        """Take a step."""
        self._step(1)

    def step_back(self) -> None:
        """Take the last step back."""
        self._step(-1)

    def _step(self, by: int) -> None:
        if self.activity is Activity.RUNNING:
            self._wanted = by
        stepper = self._ready()
        if stepper is not None and self._desk.folded is not None:
            self._go(stepper, stepper.next_stop(self._desk.folded.item_of, back=by < 0))

    def _ready(self) -> Stepper | None:
        """Return the steps, begun if they were not; None while training must pause first."""
        if self.activity is Activity.RUNNING:
            self.pause_requested.emit()
            return None
        if self._desk.graph is None:
            return None
        if self._desk.stepper is None:
            self.beginning.emit()
            return self._desk.begin_steps(self.direction)
        return self._desk.stepper

    def seek(self, position: int) -> None:
        """Take or undo steps until so many are taken."""
        stepper = self._ready()
        if stepper is not None:
            self._go(stepper, max(0, min(position, stepper.n_steps)))

    def _go(self, stepper: Stepper, position: int) -> None:
        stepper.seek(position)
        self._view.select_node(None)
        self._view.refresh()
        self.moved.emit()
        node = stepper.current_node
        if node is not None:
            self._view.ensure_node(node)

    def set_direction(self, direction: Direction) -> None:
        """Step forward or backward through the graph, from before the first step."""
        self.direction = direction
        self._bar.show_direction(direction)
        self.direction_changed.emit(direction)
        if self._desk.stepper is not None:
            self.stop_playing()
            self._go(self._desk.begin_steps(direction), 0)

    def toggle_direction(self) -> None:
        """Turn the direction."""
        back = self.direction is Direction.BACKWARD
        self.set_direction(Direction.FORWARD if back else Direction.BACKWARD)

    def leave(self) -> None:
        """Show the graph's numbers as they are."""
        self.stop_playing()
        self._desk.end_steps()
        self._view.refresh()
        self.moved.emit()

    def jump_to(self, node: int) -> None:
        """Take the steps up to and including a node's own.

        Of a leaf, that is where its gradient is complete, or where it is read first.
        """
        stepper = self._ready()
        if stepper is None:
            return
        step = stepper.step_of(node)
        if step is None:
            users = [stepper.step_of(user) for user in stepper.graph.consumers[node]]
            steps = [k for k in users if k is not None]
            backward = stepper.direction is Direction.BACKWARD
            step = (max(steps) if backward else min(steps)) if steps else None
        if step is not None:
            self._go(stepper, step + 1)

    # Playing.

    def toggle_playing(self) -> None:
        """Let steps go on by themselves, or stop."""
        if self._player.isActive():
            self.stop_playing()
            return
        stepper = self._ready()
        if stepper is not None and stepper.position == stepper.n_steps:
            self._go(stepper, 0)
        self._player.start(round(1000 / self._bar.speed.shown_value))
        self._bar.show_playing(True)

    def stop_playing(self) -> None:
        """Stop."""
        self._player.stop()
        self._bar.show_playing(False)

    def _on_player_ticked(self) -> None:
        if self.activity is Activity.RUNNING:
            return
        self._step(1)
        stepper = self._desk.stepper
        if stepper is None or stepper.position == stepper.n_steps:
            self.stop_playing()

    def _on_speed_edited(self, per_second: float) -> None:
        if self._player.isActive():
            self._player.start(round(1000 / per_second))

    def _on_start_clicked(self) -> None:
        self.stop_playing()
        self.seek(0)

    def _on_end_clicked(self) -> None:
        self.stop_playing()
        stepper = self._ready()
        if stepper is not None:
            self._go(stepper, stepper.n_steps)
