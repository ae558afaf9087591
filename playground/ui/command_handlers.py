"""What the window's actions do: each asks the controller or a view for one thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox

from playground.core.experiment import Experiment, presets
from playground.ui.appearance import Preference
from playground.ui.canvas.values import EdgeMode
from playground.ui.help_window import AboutWindow, KeysWindow
from playground.ui.network_table import NetworkTable
from playground.ui.space_hand import SpaceHand
from playground.ui.speed_control import SPEEDS

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow


class CommandHandlers(QObject):
    """Connects the actions of a window; its child."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        commands, controller = window.commands, window.controller
        commands.new.triggered.connect(self._on_new_triggered)
        for name, action in commands.presets.items():
            action.setData(name)
            action.triggered.connect(self._on_preset_triggered)
        commands.export.triggered.connect(self._on_export_triggered)
        commands.quit.triggered.connect(window.close)
        self.hand = SpaceHand(window)
        self.hand.tapped.connect(controller.toggle)
        commands.toggle.triggered.connect(self.hand.answer)
        commands.reset.triggered.connect(controller.reset)
        commands.step_epoch.triggered.connect(controller.step_epoch)
        commands.step_batch.triggered.connect(controller.step_batch)
        commands.faster.triggered.connect(self._on_faster_triggered)
        commands.slower.triggered.connect(self._on_slower_triggered)
        for mode, action in zip(EdgeMode, commands.edges, strict=True):
            action.setData(mode.value)
            action.triggered.connect(self._on_edges_triggered)
        network = window.network
        network.canvas.edge_mode_changed.connect(self._on_edge_mode_changed)
        commands.log_rings.toggled.connect(network.set_log_rings)
        commands.sign_marks.toggled.connect(network.set_sign_marks)
        commands.reduce_motion.toggled.connect(self._on_reduce_motion_toggled)
        commands.zoom_in.triggered.connect(network.zoom_in)
        commands.zoom_out.triggered.connect(network.zoom_out)
        commands.fit.triggered.connect(network.fit)
        self._tie(commands.test_points, window.right.output.test_box)
        self._tie(commands.discretise, window.right.output.discrete_box)
        self._tie(commands.log_loss, window.right.loss.log_box)
        commands.themes[window.appearance.preference].setChecked(True)
        for preference, action in commands.themes.items():
            action.setData(preference.value)
            action.triggered.connect(self._on_theme_triggered)
        self.chosen_text_scale = 0.0
        self._system_scale = 1.0
        for scale, action in commands.text_sizes.items():
            action.setData(scale)
            action.triggered.connect(self._on_text_size_triggered)
        commands.letter_keys.toggled.connect(self._on_letter_keys_toggled)
        commands.table.triggered.connect(self._on_table_triggered)
        commands.hide_panels.toggled.connect(self._on_hide_panels_toggled)
        commands.keys.triggered.connect(self._on_keys_triggered)
        commands.about.triggered.connect(self._on_about_triggered)

    @staticmethod
    def _tie(action: QAction, box: QCheckBox) -> None:
        """Keep a menu's check mark and a check box the same."""
        action.setChecked(box.isChecked())
        action.toggled.connect(box.setChecked)
        box.toggled.connect(action.setChecked)

    def _sender_data(self) -> str:
        sender = self.sender()
        assert isinstance(sender, QAction)
        return str(sender.data())

    def _on_new_triggered(self) -> None:
        self._window.files.start_new(self._as_fast(Experiment()), "new experiment")

    def _on_preset_triggered(self) -> None:
        name = self._sender_data()
        text = f"preset {self._window.commands.presets[name].text()}"
        self._window.files.start_new(self._as_fast(presets()[name]), text)

    def _as_fast(self, experiment: Experiment) -> Experiment:
        """Return the experiment at the speed now chosen: that belongs to the person watching."""
        return experiment.with_speed(self._window.controller.experiment.training.speed)

    def _on_export_triggered(self) -> None:
        self._window.exporter.open()

    def _on_faster_triggered(self) -> None:
        self._shift_speed(1)

    def _on_slower_triggered(self) -> None:
        self._shift_speed(-1)

    def _shift_speed(self, steps: int) -> None:
        controller = self._window.controller
        experiment = controller.experiment
        index = SPEEDS.index(experiment.training.speed) + steps
        if 0 <= index < len(SPEEDS):
            training = replace(experiment.training, speed=SPEEDS[index])
            self._window.edits.edit(replace(experiment, training=training))

    def _on_edges_triggered(self) -> None:
        self._window.network.set_edge_mode(EdgeMode(self._sender_data()))

    def _on_edge_mode_changed(self, mode: EdgeMode) -> None:
        self._window.commands.edges[tuple(EdgeMode).index(mode)].setChecked(True)

    def _on_theme_triggered(self) -> None:
        self._window.choose_theme(Preference(self._sender_data()))

    def choose_text_scale(self, scale: float) -> None:
        """Draw text at one of the sizes of the menu; 0 follows the system."""
        offered = self._window.commands.text_sizes
        if scale not in offered:
            scale = 0.0
        self.chosen_text_scale = scale
        offered[scale].setChecked(True)
        self._window.appearance.choose_text_scale(scale or self._system_scale)

    def follow_text_scale(self, scale: float) -> None:
        """Take up the system's size of text, unless a person chose one."""
        self._system_scale = scale
        self.choose_text_scale(self.chosen_text_scale)

    def _on_text_size_triggered(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.choose_text_scale(float(sender.data()))

    def _on_letter_keys_toggled(self, on: bool) -> None:
        self._window.commands.set_letter_keys(on)
        self._window.network.canvas.letter_keys = on

    def _on_hide_panels_toggled(self, hidden: bool) -> None:
        self._window.set_panels_visible(not hidden)

    def _on_reduce_motion_toggled(self, on: bool) -> None:
        self._window.network.set_reduced_motion(on)
        self._window.bottom.reduced_motion = on
        self._window.controller.set_reduced_motion(on)

    def _on_table_triggered(self) -> None:
        window, snapshot = self._window, self._window.controller.snapshot
        if snapshot is None:
            return
        table = NetworkTable(snapshot, window.appearance.theme, window)
        window.controller.panels_due.connect(table.show_snapshot)
        window.appearance.theme_changed.connect(table.apply_theme)
        table.parameters_edited.connect(window.edits.edit_parameters)
        table.show()

    def _on_keys_triggered(self) -> None:
        window = self._window
        keys = KeysWindow(window.commands, window.appearance.theme, window)
        window.appearance.theme_changed.connect(keys.apply_theme)
        keys.show()

    def _on_about_triggered(self) -> None:
        window = self._window
        about = AboutWindow(window.app_name, window.appearance.theme, window)
        window.appearance.theme_changed.connect(about.apply_theme)
        about.show()
