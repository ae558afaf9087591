"""The network view: the toolbar over the canvas, and the signals they send to the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QMetaMethod, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.experiment import Experiment
from playground.core.snapshot import Activity, Divergence, Snapshot
from playground.ui.canvas.banner import DivergedBanner
from playground.ui.canvas.keyboard import NetworkCanvas
from playground.ui.canvas.toolbar import CanvasToolbar
from playground.ui.canvas.values import EdgeMode
from playground.ui.theme import Theme


class NetworkView(QWidget):
    """Shows and edits the network.

    Signals
    -------
    experiment_edited(Experiment) : a person changed the network's shape.
    parameters_edited(ParameterEdit) : a person changed a weight or a bias.
    neuron_hovered(tuple[int, int] | None) : layer (−1 are the features, with their place in
        `Feature`) and index of the neuron under the pointer.
    neuron_selected(tuple[int, int] | None) : layer (0 is the first hidden one) and index.
    neuron_inspected(tuple[int, int] | None) : the pinned neuron, else the selected one.
    parameter_chosen(ParameterAddress) : a person clicked an edge or a bias.
    camera_requested() : the camera button was pressed.
    back_requested() : after a divergence a person wants the best state before it.
    focus_changed(Focus) : whether coarser maps will do, because drawing takes long.
    edit_refused(str) : why a network cannot be changed as asked, in words.
    rerun_requested(Experiment) : after a divergence a person wants to begin anew with this.
    """

    experiment_edited = Signal(object)
    edit_refused = Signal(str)
    parameters_edited = Signal(object)
    neuron_hovered = Signal(object)
    neuron_selected = Signal(object)
    neuron_inspected = Signal(object)
    parameter_chosen = Signal(object)
    camera_requested = Signal()
    focus_changed = Signal(object)
    back_requested = Signal()
    rerun_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._legend_shown = True
        self._divergence: Divergence | None = None
        self.toolbar = CanvasToolbar(self)
        self.canvas = NetworkCanvas(self)
        self.banner = DivergedBanner(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.canvas, 1)
        self.canvas.experiment_edited.connect(self.experiment_edited)
        self.canvas.edit_refused.connect(self.edit_refused)
        self.canvas.parameters_edited.connect(self.parameters_edited)
        self.canvas.neuron_hovered.connect(self.neuron_hovered)
        self.canvas.neuron_selected.connect(self.neuron_selected)
        self.canvas.neuron_inspected.connect(self.neuron_inspected)
        self.canvas.parameter_chosen.connect(self.parameter_chosen)
        self.canvas.focus_changed.connect(self.focus_changed)
        self.canvas.edge_mode_changed.connect(self._on_edge_mode_changed)
        self.canvas.zoom_changed.connect(self._on_zoom_changed)
        self.toolbar.mode_chosen.connect(self.set_edge_mode)
        self.toolbar.camera_clicked.connect(self.camera_requested)
        self.toolbar.fit_clicked.connect(self.fit)
        self.banner.back_clicked.connect(self.back_requested)
        self.banner.slower_clicked.connect(self._on_slower_clicked)

    @property
    def edge_mode(self) -> EdgeMode:
        """What the edges show."""
        return self.canvas.edge_mode

    @property
    def selected(self) -> tuple[int, int] | None:
        """The selected neuron."""
        return self.canvas.selected

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw a set-up."""
        self.canvas.show_experiment(experiment)
        self.toolbar.show_reference(self.canvas.reference)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the numbers of a step."""
        self.canvas.show_snapshot(snapshot)
        self.toolbar.show_reference(self.canvas.reference)
        if snapshot.divergence != self._divergence:
            self._divergence = snapshot.divergence
            wired = QMetaMethod.fromSignal(self.rerun_requested)
            self.banner.show_divergence(self._divergence, can_rerun=self.isSignalConnected(wired))
            self._show_covered()

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs."""
        self.canvas.show_activity(activity)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in a theme."""
        self.toolbar.apply_theme(theme)
        self.canvas.apply_theme(theme)
        self.banner.apply_theme(theme)

    def set_edge_mode(self, mode: EdgeMode) -> None:
        """Choose what the edges show."""
        self.canvas.set_edge_mode(mode)

    def select_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Select a neuron, or none."""
        self.canvas.select(neuron)

    def fit(self) -> None:
        """Show the whole network."""
        self.canvas.fit()

    def zoom_in(self) -> None:
        """Magnify."""
        self.canvas.zoom_by(1.25)

    def zoom_out(self) -> None:
        """Take magnification back."""
        self.canvas.zoom_by(1 / 1.25)

    def set_log_rings(self, on: bool) -> None:
        """Fill the gradient rings by four decades instead of linearly."""
        self.canvas.log_rings = on
        self.canvas.refresh()

    def set_sign_marks(self, on: bool) -> None:
        """Dash negative edges and write signs on the bias discs, for greyscale projectors."""
        self.canvas.sign_marks = on
        self.canvas.repaint_edges()

    def set_reduced_motion(self, on: bool) -> None:
        """Show cards at once."""
        self.canvas.reduced_motion = on

    def take_turns(self, in_turn: Callable[[Callable[[], None]], None]) -> None:
        """Paint very many edges in turns of the event loop that `in_turn` gives."""
        self.canvas.take_turns(in_turn)

    def mark_neuron(self, mark: tuple[int, int, str] | None) -> None:
        """Mark the neuron (layer, index, words) that the scalar graph is at, or none."""
        self.canvas.graph_mark = mark
        self.canvas.update()

    def set_exporting(self, exporting: bool) -> None:
        """Leave out what only serves editing, for a picture of the network, or show it again."""
        self.toolbar.set_exporting(exporting)
        self.toolbar.setVisible(self._legend_shown or not exporting)
        self.canvas.exporting = exporting
        self.canvas.update()
        self._arrange()

    def set_legend_shown(self, shown: bool) -> None:
        """Show the key of edges and marks in pictures, or leave it out."""
        self._legend_shown = shown

    def _arrange(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def clear_hover(self) -> None:
        """Take hover marks away, before the view is exported."""
        self.canvas.clear_hover()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the banner at the foot."""
        super().resizeEvent(event)
        self.banner.arrange()
        self._show_covered()

    def _show_covered(self) -> None:
        is_shown = self.banner.isVisibleTo(self)
        self.canvas.show_covered(self.height() - self.banner.y() if is_shown else 0)

    def _on_slower_clicked(self) -> None:
        experiment = self.canvas.experiment
        rate = experiment.training.learning_rate / 10
        training = replace(experiment.training, learning_rate=rate)
        self.rerun_requested.emit(replace(experiment, training=training))

    def _on_edge_mode_changed(self, mode: EdgeMode) -> None:
        self.toolbar.show_mode(mode)
        self.toolbar.show_reference(self.canvas.reference)

    def _on_zoom_changed(self, is_fit: bool) -> None:
        self.toolbar.fit.setEnabled(not is_fit)
