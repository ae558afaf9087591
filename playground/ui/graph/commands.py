"""Puts the graph dock into the main window: its place, its keys, what it is told and tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence

from playground.core.snapshot import Activity
from playground.ui.graph.dock import GraphDock
from playground.ui.graph.picture import GraphPicture
from playground.ui.map_reader import Pin

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow


class GraphCommands(QObject):
    """The window's graph; its child.

    Attributes
    ----------
    dock : the dock.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.dock = dock = GraphDock()
        window.bottom.set_dock(dock)
        self.picture = picture = GraphPicture(dock.view, window)
        window.views["graph"] = picture
        controller, commands = window.controller, window.commands
        controller.panels_due.connect(dock.show_snapshot)
        controller.activity_changed.connect(self._on_activity_changed)
        window.appearance.theme_changed.connect(dock.apply_theme)
        window.appearance.theme_changed.connect(picture.apply_theme)
        picture.wanted.connect(dock.take_waiting)
        window.bottom.open_changed.connect(self._on_open_changed)
        dock.pause_requested.connect(controller.pause)
        dock.close_requested.connect(self._on_close_requested)
        dock.neuron_marked.connect(window.network.mark_neuron)
        dock.sample_shown.connect(self._on_sample_shown)
        window.right.output.point_pinned.connect(self._on_point_pinned)
        window.left.data.table.row_chosen.connect(dock.point_out)
        self._on_sample_shown(dock.sample)
        dock.message_raised.connect(window.status.show_message)
        dock.failed.connect(window.status.show_failure)
        commands.graph.triggered.connect(window.bottom.toggle)
        commands.graph_direction.triggered.connect(self._on_direction_triggered)
        commands.step_op.triggered.connect(self._on_step_triggered)
        commands.step_op_back.triggered.connect(self._on_step_back_triggered)
        window.run_bar.steps.cells["Op"].clicked.connect(self._on_step_triggered)
        commands.listed.append(self._arrow("Next step of the graph", Qt.Key.Key_Right, 1))
        commands.listed.append(self._arrow("Step before", Qt.Key.Key_Left, -1))
        dock.show_activity(controller.activity)
        for part in (dock, picture):
            part.apply_theme(window.appearance.theme)
        if controller.snapshot is not None:
            dock.show_snapshot(controller.snapshot)

    def _on_activity_changed(self, activity: Activity) -> None:
        snapshot = self._window.controller.snapshot
        if activity is not Activity.RUNNING and snapshot is not None:
            # Steps that were asked for begin now, before the panels have their turn.
            self.dock.show_snapshot(snapshot)
        self.dock.show_activity(activity)

    def _arrow(self, text: str, key: Qt.Key, by: int) -> QAction:
        """Return an action whose key works while the graph has the focus."""
        steps = self.dock.steps
        action = QAction(text, self.dock.view)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(steps.step_on if by > 0 else steps.step_back)
        self.dock.view.addAction(action)
        return action

    def _on_sample_shown(self, sample: int | None) -> None:
        self._window.left.data.table.show_selected(sample)
        self._window.right.output.mark_sample(sample if self._window.bottom.is_open else None)

    def _on_point_pinned(self, pin: Pin | None) -> None:
        snapshot = self._window.controller.snapshot
        if pin is None or pin.sample is None or snapshot is None:
            return
        if pin.sample < snapshot.data.n_train:
            self.dock.point_out(pin.sample)
        elif self._window.bottom.is_open:
            self._window.status.show_message("The graph is of samples that are trained on.")

    def _on_open_changed(self, is_open: bool) -> None:
        self._on_sample_shown(self.dock.sample)
        if is_open:
            self.dock.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._window.network.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_close_requested(self) -> None:
        self._window.bottom.set_open(False)

    def _on_direction_triggered(self) -> None:
        if self._window.bottom.is_open:
            self.dock.steps.toggle_direction()

    def _on_step_triggered(self) -> None:
        self._step(1)

    def _on_step_back_triggered(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        if not self._window.bottom.is_open:
            self._window.bottom.set_open(True)
            # The graph is built when the dock shows; the step follows its first frame.
            steps = self.dock.steps
            QTimer.singleShot(0, steps, steps.step_on if by > 0 else steps.step_back)
            return
        if by > 0:
            self.dock.steps.step_on()
        else:
            self.dock.steps.step_back()
