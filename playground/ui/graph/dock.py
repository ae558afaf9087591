"""The graph dock: its bar, the graph, the pane of the step, the bench; what they do together."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.expressions import ExpressionError
from playground.core.scalar_graph.folding import Level
from playground.core.scalar_graph.graph import Group, Role
from playground.core.scalar_graph.stepping import Direction
from playground.core.snapshot import Activity, Snapshot
from playground.ui.controls.base import Themed
from playground.ui.graph.bar import GraphBar
from playground.ui.graph.beat import Beat
from playground.ui.graph.bench import Bench
from playground.ui.graph.check_control import CheckControl
from playground.ui.graph.check_pane import CheckPane
from playground.ui.graph.export import GraphExport
from playground.ui.graph.narrator import Narrator
from playground.ui.graph.pane import StepPane
from playground.ui.graph.sample_field import SampleChooser
from playground.ui.graph.step_control import StepControl
from playground.ui.graph.view import GraphView
from playground.ui.labels import number, signed
from playground.ui.theme import PANE_W, Theme, scaled

REFRESH_S = 0.096
"""Average time between two refreshes while training runs: ten a second, and a little to spare."""


class GraphDock(QWidget, Themed):
    """The whole dock.

    Signals
    -------
    pause_requested() : a person steps while the training runs.
    close_requested() : the dock is to be closed.
    neuron_marked(object) : (layer, neuron, words) of the step taken last, or None.
    sample_shown(object) : the training sample that the graph is of now, counted from 0; None if it
        is of several or of an expression.
    message_raised(str), failed(str) : words for the status line.
    """

    pause_requested = Signal()
    close_requested = Signal()
    neuron_marked = Signal(object)
    sample_shown = Signal(object)
    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Computation graph")
        self.desk = Desk()
        self.view = GraphView(self.desk)
        self._menu = QMenu(self)
        self.bar = GraphBar(self._menu)
        self.pane = StepPane()
        self.check_pane = CheckPane()
        self.bench = Bench()
        self.chooser = SampleChooser(self)
        self.export = GraphExport(self.view, self.desk, self)
        self.steps = StepControl(self.desk, self.view, self.bar, self)
        self.narrator = Narrator(self.desk, self.bar, self.pane, self)
        self.checks = CheckControl(self.desk, self.view, self.check_pane, self)
        self._side = QStackedWidget()
        self._side.addWidget(self.pane)
        self._side.addWidget(self.check_pane)
        self._side.setFixedWidth(self.pane.width())
        self._snapshot: Snapshot | None = None
        self._waiting: Snapshot | None = None
        self._beat = Beat(REFRESH_S)
        self._selected: int | None = None
        self._found: tuple[str, int] = ("", -1)
        self._is_rechosen = False
        self._lay_out()
        self._fill_menu()
        self._connect()
        self.bench.hide()
        self.narrator.tell_step()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.bench)
        row.addWidget(self.view, 1)
        row.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(row, 1)

    def _fill_menu(self) -> None:
        self.check_action = QAction("Check gradients", self)
        self.check_action.setCheckable(True)
        self.bench_action = QAction("Expression bench", self)
        self.bench_action.setCheckable(True)
        self._menu.addAction(self.check_action)
        self._menu.addAction(self.bench_action)
        self._menu.addSeparator()
        for action in self.export.actions_of_menu:
            self._menu.addAction(action)

    def _connect(self) -> None:
        bar, view = self.bar, self.view
        bar.fold.clicked.connect(self.close_requested)
        bar.close_button.clicked.connect(self.close_requested)
        bar.samples.clicked.connect(self._on_samples_clicked)
        bar.level_chosen.connect(self._on_level_chosen)
        bar.search.wanted.connect(self.find_node)
        bar.fit.clicked.connect(view.fit)
        view.node_clicked.connect(self._on_node_clicked)
        view.group_clicked.connect(self._on_group_clicked)
        view.fold_requested.connect(self._on_fold_requested)
        view.level_requested.connect(self._on_level_chosen)
        self.pane.jump.clicked.connect(self._on_jump_clicked)
        self.pane.fold.clicked.connect(self._on_fold_clicked)
        self.chooser.samples_chosen.connect(self.choose_samples)
        self.chooser.bench_chosen.connect(self._on_bench_chosen)
        self.bench.changed.connect(self._show_expression)
        self.bench.left.connect(self._on_bench_left)
        self.check_action.toggled.connect(self._on_check_toggled)
        self.bench_action.toggled.connect(self._on_bench_toggled)
        self.checks.refused.connect(self.message_raised)
        self.narrator.neuron_marked.connect(self.neuron_marked)
        self.steps.pause_requested.connect(self.pause_requested)
        self.steps.direction_changed.connect(self._on_direction_chosen)
        self.steps.beginning.connect(self._on_steps_beginning)
        self.steps.moved.connect(self._on_steps_moved)
        self.export.message_raised.connect(self.message_raised)
        self.export.failed.connect(self.failed)

    # What is shown.

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the state of the training up: at once when it rests, ten times a second else."""
        self._snapshot = self._waiting = snapshot
        rests = self.steps.activity is not Activity.RUNNING
        if self.isVisible() and (rests or self._beat.is_due(monotonic())):
            self.take_waiting()

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs; steps asked for while it ran are taken now."""
        self.steps.show_activity(activity)
        if activity is not Activity.RUNNING and self.isVisible():
            self.take_waiting()
            self.steps.take_wanted()

    def showEvent(self, event: QShowEvent) -> None:
        """Take up what was missed while the dock was closed."""
        super().showEvent(event)
        self.take_waiting()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop playing, and take the mark off the canvas."""
        self.steps.stop_playing()
        self.neuron_marked.emit(None)
        super().hideEvent(event)

    def take_waiting(self) -> None:
        """Show the newest state of the training that is not shown yet."""
        snapshot, self._waiting = self._waiting, None
        if snapshot is None and not self._is_rechosen:
            return
        stepped = self.desk.stepper is not None
        try:
            is_new = snapshot is not None and self.desk.show_snapshot(snapshot)
            if self._is_rechosen:
                self._is_rechosen = False
                self.desk.choose_samples(self.desk.first_sample, self.desk.n_samples)
                is_new = self.desk.graph is not None
        except ValueError as error:  # a network too large to be drawn
            self.failed.emit(f"No graph: {error}")
            return
        if is_new:
            self._show_graph()
        else:
            self.view.refresh()
            if stepped and self.desk.stepper is None:
                self.steps.stop_playing()
                self.narrator.tell_step()
            elif self._selected is not None and not stepped:
                self._tell_node(self._selected)
        if not self.desk.expression and not self.desk.checks and self.check_action.isChecked():
            self._check_again()
        self._show_samples()

    def _show_graph(self) -> None:
        """Draw another graph."""
        self.steps.stop_playing()
        self._selected = None
        self.view.show_graph()
        self._show_levels()
        self.narrator.tell_step()
        self._show_samples()

    def _show_levels(self) -> None:
        desk = self.desk
        if desk.graph is not None:
            self.bar.show_levels(desk.folding.level, desk.level_counts(), len(desk.graph))

    def _show_samples(self) -> None:
        desk, snapshot = self.desk, self._snapshot
        self.sample_shown.emit(self.sample)
        if desk.expression:
            self.bar.samples.show_choice("Expression")
            return
        graph = desk.graph
        if graph is None or snapshot is None:
            return
        count = len(graph.samples)
        if count > 1:
            first, last = graph.samples[0] + 1, graph.samples[-1] + 1
            self.bar.samples.show_choice(f"Mean of {count} samples: {first} to {last}")
            return
        inputs = [k for k, role in enumerate(graph.roles) if role is Role.INPUT]
        x = ", ".join(_short(graph.nodes[k].data) for k in inputs)
        targets = [k for k, role in enumerate(graph.roles) if role is Role.TARGET]
        y = ", ".join(_short(graph.nodes[k].data) for k in targets)
        open_, close = ("(", ")") if len(inputs) > 1 else ("", "")
        formula = f"x = {open_}{x}{close}, y = {y}"
        self.bar.samples.show_choice(f"Sample {graph.samples[0] + 1}:", formula)

    @property
    def sample(self) -> int | None:
        """The training sample that the graph is of; None if it is of several or of none."""
        desk = self.desk
        return desk.first_sample if desk.n_samples == 1 and not desk.expression else None

    def point_out(self, sample: int) -> None:
        """Show the graph of a sample that was chosen elsewhere.

        A closed dock shows it when it opens; the bench stays until it is left.
        """
        if self.isVisible() and not self.desk.expression:
            self.choose_samples(sample)
            return
        self.desk.first_sample, self.desk.n_samples = sample, 1
        self._is_rechosen = not self.desk.expression
        self.sample_shown.emit(self.sample)

    def choose_samples(self, first: int, count: int = 1) -> None:
        """Show the graph of a training sample, counted from 0, or of the mean over `count`."""
        self._set_bench(on=False)
        self.steps.stop_playing()
        self.desk.choose_samples(first, count)
        if self.desk.graph is not None:
            self._show_graph()

    # Steps.

    def _on_steps_beginning(self) -> None:
        self.check_action.setChecked(False)

    def _on_direction_chosen(self, direction: Direction) -> None:
        self.export.direction = direction

    def _on_steps_moved(self) -> None:
        self._selected = None
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_step()

    # Nodes and groups.

    def _on_node_clicked(self, node: int | None) -> None:
        self._selected = node
        self.view.select_node(node)
        if node is None:
            self.narrator.tell_step()
        else:
            self._tell_node(node)

    def _tell_node(self, node: int) -> None:
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_node(node)

    def _on_jump_clicked(self) -> None:
        if self._selected is not None:
            self.steps.jump_to(self._selected)

    def _on_fold_clicked(self) -> None:
        if self._selected is not None:
            self._on_fold_requested(self._selected)

    def _on_group_clicked(self, group: Group) -> None:
        item = self.desk.item_of_group(group)
        self.desk.toggle(group)
        self.view.refold(item.rows[-1] if item is not None and item.rows else None)

    def _on_fold_requested(self, node: int) -> None:
        graph = self.desk.graph
        if graph is None:
            return
        open_groups = [g for g in graph.paths[node] if self.desk.is_open(g)]
        if open_groups:
            self.desk.toggle(open_groups[-1])
            self._selected = None
            self.view.refold(node)
            self.narrator.tell_step()

    def _on_level_chosen(self, level: Level) -> None:
        stepper = self.desk.stepper
        anchor = self._selected if stepper is None else stepper.current_node
        self.desk.set_level(level)
        self.view.refold(anchor)
        self._show_levels()

    def find_node(self, text: str) -> None:
        """Go to the next node of that name or operation, unfolding what hides it."""
        found = self.desk.find(text)
        if not found:
            self.message_raised.emit(f"No node is called “{text}”." if text.strip() else "")
            return
        before, last = self._found
        index = (last + 1) % len(found) if before == text else 0
        self._found = text, index
        node = found[index]
        self.desk.reveal(node)
        self.view.refold(node)
        self._on_node_clicked(node)
        self.view.ensure_node(node)

    # Samples and the bench.

    def _on_samples_clicked(self) -> None:
        desk, field = self.desk, self.bar.samples
        self.chooser.show_samples(
            desk.first_sample, desk.n_samples, max(1, desk.n_train), desk.most_samples
        )
        self.chooser.apply_theme(self.theme)
        self.chooser.adjustSize()
        corner = field.mapToGlobal(field.rect().bottomLeft())
        screen = self.screen().availableGeometry()
        y = min(corner.y() + 4, screen.bottom() - self.chooser.height() - 4)
        self.chooser.move(corner.x(), y)
        self.chooser.show()

    def _on_bench_chosen(self) -> None:
        self.bench_action.setChecked(True)

    def _on_bench_left(self) -> None:
        self.bench_action.setChecked(False)

    def _set_bench(self, *, on: bool) -> None:
        self.bench.setVisible(on)
        if self.bench_action.isChecked() is not on:
            self.bench_action.blockSignals(True)
            self.bench_action.setChecked(on)
            self.bench_action.blockSignals(False)

    def _on_bench_toggled(self, on: bool) -> None:
        self.bench.setVisible(on)
        if on:
            self._show_expression()
        else:
            self.desk.choose_samples(self.desk.first_sample, self.desk.n_samples)
            if self.desk.graph is not None:
                self._show_graph()

    def _show_expression(self) -> None:
        shape = self.desk.graph.parents if self.desk.graph is not None else ()
        was_expression = self.desk.expression
        try:
            self.desk.show_expression(self.bench.expression, self.bench.leaves)
        except ExpressionError as error:
            self.bench.say(str(error))
            return
        self.bench.say("")
        graph = self.desk.graph
        assert graph is not None
        if was_expression and graph.parents == shape and self.view.drawing is not None:
            self.view.refold(len(graph) - 1)
            self.narrator.tell_step()
        else:
            self._show_graph()
        if self.check_action.isChecked():
            self._check_again()
        self._show_samples()

    # Checks.

    def _on_check_toggled(self, on: bool) -> None:
        if on:
            self._check_again()
            return
        self.checks.clear()
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_step()

    def _check_again(self) -> None:
        """Check, once the training rests."""
        if self.steps.activity is Activity.RUNNING:
            self.pause_requested.emit()
        elif self.checks.check():
            self.narrator.tell_step()
            self._side.setCurrentWidget(self.check_pane)
        else:
            self.check_action.setChecked(False)

    # Look.

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        for part in (self.bar, self.view, self.pane, self.check_pane, self.bench, self.chooser):
            part.apply_theme(theme)
        self._side.setFixedWidth(scaled(PANE_W))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill what no part covers."""
        QPainter(self).fillRect(self.rect(), self.theme.paper)


def _short(value: float) -> str:
    if value == int(value) and abs(value) < 100:
        return signed(value, 0) if value else "0"
    return number(value, 2)
