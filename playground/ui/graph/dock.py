"""The graph dock: its bar, the graph, the pane of the step, the bench; what they do together."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from playground.core.scalar_graph.desk import Desk
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
from playground.ui.graph.node_control import NodeControl
from playground.ui.graph.pane import StepPane
from playground.ui.graph.sample_control import SampleControl
from playground.ui.graph.sample_field import SampleChooser
from playground.ui.graph.step_control import StepControl
from playground.ui.graph.view import GraphView
from playground.ui.theme import PANE_W, Theme, scaled

REFRESH_S = 0.096
"""Average time between two refreshes while training runs: ten a second, and a little to spare."""


class GraphDock(QWidget, Themed):
    """The whole dock.

    Signals
    -------
    pause_requested() : a person steps, checks or films while the training runs.
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
        self.nodes = NodeControl(self.desk, self.view, self.bar, self.pane, self)
        self._side = QStackedWidget()
        self._side.addWidget(self.pane)
        self._side.addWidget(self.check_pane)
        self._side.setFixedWidth(self.pane.width())
        self._snapshot: Snapshot | None = None
        self._waiting: Snapshot | None = None
        self._beat = Beat(REFRESH_S)
        self._lay_out()
        self._fill_menu()
        field = self.bar.samples
        self.samples = SampleControl(
            self.desk, field, self.chooser, self.bench, self.bench_action, self
        )
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
        bar.fit.clicked.connect(view.fit)
        self.nodes.node_chosen.connect(self._on_node_chosen)
        self.nodes.jump_requested.connect(self.steps.jump_to)
        self.nodes.message_raised.connect(self.message_raised)
        self.samples.graph_built.connect(self._show_graph)
        self.samples.expression_shown.connect(self._on_expression_shown)
        self.samples.sample_shown.connect(self.sample_shown)
        self.check_action.toggled.connect(self._on_check_toggled)
        self.checks.refused.connect(self.message_raised)
        self.narrator.neuron_marked.connect(self._on_neuron_marked)
        self.steps.pause_requested.connect(self.pause_requested)
        self.steps.direction_changed.connect(self._on_direction_chosen)
        self.steps.beginning.connect(self._on_steps_beginning)
        self.steps.moved.connect(self._on_steps_moved)
        self.export.pause_requested.connect(self.pause_requested)
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
            self._check_if_due()
            self.steps.take_wanted()
        self.export.show_activity(activity)

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
        if snapshot is None and not self.samples.is_rechosen:
            return
        stepped = self.desk.stepper is not None
        is_new = snapshot is not None and self.desk.show_snapshot(snapshot)
        if self.samples.is_rechosen:
            is_new = self.samples.catch_up()
        if is_new:
            self._show_graph()
        else:
            self.view.refresh()
            if stepped and self.desk.stepper is None:
                self.steps.stop_playing()
                self.narrator.tell_step()
            elif self.nodes.selected is not None and not stepped and not self.desk.checks:
                self._on_node_chosen(self.nodes.selected)
        self._check_if_due()
        self.samples.show_choice()

    def _show_graph(self) -> None:
        """Draw another graph, or none."""
        self.steps.stop_playing()
        if self.desk.graph is None:
            self.check_action.setChecked(False)
        self.view.show_graph()
        self.nodes.show_graph()
        self.narrator.tell_step()
        self.samples.show_choice()

    @property
    def sample(self) -> int | None:
        """The training sample that the graph is of; None if it is of several or of none."""
        return self.samples.sample

    def point_out(self, sample: int) -> None:
        """Show the graph of a sample that was chosen elsewhere.

        A closed dock shows it when it opens; the bench stays until it is left.
        """
        if self.isVisible() and not self.desk.expression:
            self.choose_samples(sample)
            return
        self.samples.remember(sample)

    def choose_samples(self, first: int, count: int = 1) -> None:
        """Show the graph of a training sample, counted from 0, or of the mean over `count`."""
        self.samples.choose(first, count)

    def _on_expression_shown(self, is_new: bool) -> None:
        graph = self.desk.graph
        assert graph is not None
        if is_new or self.view.drawing is None:
            self._show_graph()
        else:
            self.view.refold(len(graph) - 1)
            self.narrator.tell_step()
            self.samples.show_choice()
        if self.check_action.isChecked():
            self._check_again()

    def _on_neuron_marked(self, mark: tuple[int, int, str] | None) -> None:
        if self.isVisible():  # a picture of a closed dock tells of its node, too
            self.neuron_marked.emit(mark)

    # Steps.

    def _on_steps_beginning(self) -> None:
        self.check_action.setChecked(False)

    def _on_direction_chosen(self, direction: Direction) -> None:
        self.export.direction = direction

    def _on_steps_moved(self) -> None:
        self.nodes.selected = None
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_step()

    def _on_node_chosen(self, node: int | None) -> None:
        if node is None:
            self.narrator.tell_step()
            return
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_node(node)

    # Checks.

    def _on_check_toggled(self, on: bool) -> None:
        if on:
            if self.steps.activity is Activity.RUNNING:
                self.pause_requested.emit()
            self._check_again()
            return
        self.checks.clear()
        self._side.setCurrentWidget(self.pane)
        self.narrator.tell_step()

    def _check_if_due(self) -> None:
        """Check the training's graph if it is to be checked and has other numbers now."""
        if not self.desk.expression and not self.desk.checks and self.check_action.isChecked():
            self._check_again()

    def _check_again(self) -> None:
        """Check; while training runs, nothing is checked and the pane shows the graph again."""
        if self.steps.activity is Activity.RUNNING:
            self._side.setCurrentWidget(self.pane)
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
