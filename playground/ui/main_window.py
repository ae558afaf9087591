"""The main window: puts the views into their zones and wires them to the controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMainWindow, QSlider, QWidget

from playground.core.experiment import Experiment, presets
from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Activity, Snapshot
from playground.ui.appearance import Appearance, Preference
from playground.ui.bottom_area import BottomArea
from playground.ui.canvas.network_view import NetworkView
from playground.ui.command_handlers import CommandHandlers
from playground.ui.controls.focus_ring import FocusRing
from playground.ui.controls.half_typed import take_up_typed
from playground.ui.csv_files import CsvFiles
from playground.ui.data_gallery import thumbnail_samples
from playground.ui.drawing import Drawing
from playground.ui.export.exporter import Exporter
from playground.ui.export.options import Kind
from playground.ui.export_menu import ExportMenu
from playground.ui.file_commands import FileCommands
from playground.ui.fonts import load_fonts
from playground.ui.graph.commands import GraphCommands
from playground.ui.icons import app_icon
from playground.ui.left_panel import LeftPanel
from playground.ui.menus import Actions
from playground.ui.neuron_line import NeuronLine
from playground.ui.plot_chrome import PlotView
from playground.ui.right_panel import RightPanel
from playground.ui.run_bar import RunBar
from playground.ui.side_zone import SideZone
from playground.ui.system_wishes import SystemWishes
from playground.ui.theme import Theme
from playground.ui.undo import UndoStack
from playground.ui.window_state import WindowState
from playground.ui.zones import FIRST_SIZE, Zones, scrolling

if TYPE_CHECKING:
    from playground.session.controller import Controller

TITLE = "TinyML Playground"
LEAST_SIZE = QSize(320, 240)


class MainWindow(QMainWindow):
    """The window of the app.

    Attributes
    ----------
    controller : the only way to the training.
    views : "window", "network", "output", "loss", "weights", … to their widgets.
    commands : every action with its keys.
    zones : everything below the menus.
    bottom : the foot; ``bottom.set_dock(widget)`` puts a dock there.
    files : opens and saves, and keeps the work.
    edits : makes every edit of the experiment, and takes it back.
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        load_fonts()
        self.appearance = Appearance()
        super().__init__(parent)
        self.appearance.setParent(self)
        self.controller = controller
        self._state: WindowState | None = None
        self._wishes = SystemWishes(self)
        self.app_name = TITLE
        self.setWindowTitle(TITLE)
        self.setWindowIcon(app_icon())
        self.run_bar = RunBar()
        self.left = LeftPanel(thumbnail_samples())
        self.side = SideZone(self.left)
        self.network = NetworkView()
        self.right = RightPanel()
        self.line = NeuronLine(self.right.output)
        self.drawing = Drawing(self.left.data, self.right.output, self)
        self.bottom = BottomArea()
        self.status = self.bottom.status
        self.views: dict[str, QWidget] = {
            "window": self,
            "network": self.network,
            **self.right.views,
        }
        self.export_menu = ExportMenu(list(self.views), self)
        self.run_bar.set_export_menu(self.export_menu)
        self.edits = UndoStack(controller, self)
        self.commands = Actions(self, presets(), self.export_menu, self.edits)
        self.addActions(self.line.actions)
        self.commands.listed += self.line.actions
        self.zones = Zones(self.run_bar, self.side, self.network, self.right, self.bottom)
        self.setCentralWidget(scrolling(self.zones))
        self._connect()
        self.files = FileCommands(self)
        self.csv = CsvFiles(self)
        self.graph = GraphCommands(self)
        self.exporter = Exporter(self)
        self.pictures = self.exporter.quick
        for maker in (self.exporter, self.pictures):
            maker.message_raised.connect(self.status.show_message)
            maker.failed.connect(self.status.show_failure)
        self.right.picture_requested.connect(self.pictures.carry_out)
        self.export_menu.dialog_wanted.connect(self._on_export_wanted)
        self.right.export_requested.connect(self.exporter.open)
        self.export_menu.save_wanted.connect(self._on_save_wanted)
        self.export_menu.copy_wanted.connect(self._on_copy_wanted)
        self.handlers = CommandHandlers(self)
        self.ring = FocusRing(self)
        self.installEventFilter(self.side)
        self.edits.watch(*self.findChildren(QSlider), *self.findChildren(QLineEdit))
        self.edits.watch(self.network.canvas, self.right.output)
        self.edits.watch_below(self.right.output)
        self.edits.watch(*self.left.data.findChildren(QAbstractButton))
        self.left.data.table.row_made.connect(self.edits.watch_below)
        self.appearance.finish()
        self._apply_theme(self.appearance.theme)
        self._on_experiment_changed(controller.experiment)
        self._on_activity_changed(controller.activity)
        if controller.snapshot is not None:
            self._on_snapshot_changed(controller.snapshot)
            self._on_panels_due(controller.snapshot)
        # Without this the first button of the run bar would take Space for itself.
        self.network.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setMinimumSize(LEAST_SIZE)
        self.resize(FIRST_SIZE)

    def _connect(self) -> None:
        controller = self.controller
        for view in (self.run_bar, self.left, self.network, self.right, self.drawing):
            view.experiment_edited.connect(self.edits.edit)
        for maker in (self.network, self.left.data, self.drawing):
            maker.edit_refused.connect(self.status.show_failure)
        self.network.parameters_edited.connect(self.edits.edit_parameters)
        self.right.focus_changed.connect(controller.look_at)
        self.network.neuron_hovered.connect(self.right.show_neuron)
        self.network.neuron_inspected.connect(self.right.select_neuron)
        self.network.parameter_chosen.connect(self.right.select_parameter)
        self.network.back_requested.connect(controller.go_back)
        self.network.neuron_selected.connect(self.line.select)
        self.line.parameters_edited.connect(self.edits.edit_parameters)
        self.line.gesture_began.connect(self.edits.end_gesture)
        self.line.focus_changed.connect(self._on_line_focus_changed)
        self.line.hint_raised.connect(self.status.show_message)
        self.left.data.drawing_toggled.connect(self.line.offer_again)
        self.network.focus_changed.connect(self._on_canvas_focus_changed)
        self.network.rerun_requested.connect(self._on_rerun_requested)
        self.network.camera_requested.connect(self._on_camera_requested)
        self.run_bar.toggle_clicked.connect(controller.toggle)
        self.run_bar.reset_clicked.connect(controller.reset)
        self.run_bar.step_epoch_clicked.connect(controller.step_epoch)
        self.run_bar.step_batch_clicked.connect(controller.step_batch)
        controller.experiment_changed.connect(self._on_experiment_changed)
        controller.snapshot_changed.connect(self._on_snapshot_changed)
        controller.panels_due.connect(self._on_panels_due)
        self.network.take_turns(controller.in_turn)
        controller.activity_changed.connect(self._on_activity_changed)
        controller.notice_raised.connect(self.status.show_message)
        self.appearance.theme_changed.connect(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        for part in (self.network, self.right, self.line, self.ring, self.drawing, self.zones):
            part.apply_theme(theme)

    def _on_experiment_changed(self, experiment: Experiment) -> None:
        # The network after the right: it tells that panel where the selected neuron is now.
        for part in (self.run_bar, self.left, self.right, self.network, self.line, self.drawing):
            part.show_experiment(experiment)

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        for part in (self.run_bar, self.left, self.network):
            part.show_snapshot(snapshot)

    def _on_panels_due(self, snapshot: Snapshot) -> None:
        for part in (self.right, self.line, self.status):
            part.show_snapshot(snapshot)
        self.controller.in_turn(self.right.redraw_another)

    def _on_activity_changed(self, activity: Activity) -> None:
        for part in (self.run_bar, self.left, self.network, self.right, self.status):
            part.show_activity(activity)
        self.controller.in_turn(self.right.catch_up)

    def _on_canvas_focus_changed(self, focus: Focus) -> None:
        self.controller.look_at(focus, "canvas")

    def _on_line_focus_changed(self, focus: Focus) -> None:
        self.controller.look_at(focus, "line")

    def _on_rerun_requested(self, experiment: Experiment) -> None:
        self.edits.edit(experiment)
        self.controller.reset()
        self.controller.play()

    def _on_camera_requested(self) -> None:
        self.exporter.open("network")

    def _on_export_wanted(self, kind: str) -> None:
        self.exporter.open(kind=Kind(kind))

    def _on_save_wanted(self, view: str) -> None:
        self.pictures.ask_for_file(self.views[view], view, self.focus_of(view))

    def _on_copy_wanted(self) -> None:
        self.pictures.copy(self, "window")

    def focus_of(self, view: str) -> Focus:
        """Return what a picture of a view asks of the training, seen or not."""
        shown = self.views[view]
        if shown is self:
            return self.right.focus
        return shown.wanted if isinstance(shown, PlotView) else NOTHING

    def least_room(self) -> QSize:
        """Return the size below which the window would scroll."""
        return self.zones.minimumSize() + QSize(0, self.menuBar().sizeHint().height())

    def set_panels_visible(self, visible: bool) -> None:
        """Show or hide the side zones."""
        self.side.close_overlay()
        self.side.setVisible(visible)
        self.right.setVisible(visible)

    def remember_in(self, settings: QSettings) -> None:
        """Restore the window from `settings`, and save it there on closing."""
        self._state = WindowState(self, settings)
        self._state.restore()

    def follow_system(self) -> None:
        """Take up the system's size of text and whether it wants motion reduced."""
        self._wishes.text_scale_read.connect(self.handlers.follow_text_scale)
        self._wishes.reduced_motion_read.connect(self.commands.reduce_motion.setChecked)
        self._wishes.ask()

    def choose_theme(self, preference: Preference) -> None:
        """Use the light or the dark theme, or follow the system."""
        self.commands.themes[preference].setChecked(True)
        self.appearance.choose(preference)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window and the work, and end the training thread."""
        take_up_typed()  # it is on the screen, so it is work
        if not self.files.may_close():
            event.ignore()
            return
        if self._state is not None:
            self._state.save()
        self.hide()  # what is still being written need not be watched
        self._wishes.close()
        self.csv.close()
        self.exporter.close()
        self.graph.dock.export.writer.close()
        self.files.close()
        super().closeEvent(event)
