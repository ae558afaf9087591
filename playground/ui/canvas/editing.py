"""The edits of the canvas: each makes one new experiment or one parameter edit and emits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from playground.core.experiment import Activation, Experiment, Feature, NetworkSpec
from playground.core.focus import Focus
from playground.ui.canvas import edits
from playground.ui.canvas.card import describe, place, source_name
from playground.ui.canvas.editor import ValueEditor
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import PAPER, Part, Target, point_on_edge
from playground.ui.canvas.overlay import OverlaidNetwork
from playground.ui.canvas.values import EdgeMode, matched_layers
from playground.ui.labels import layer_name, neuron_name
from playground.ui.words import ACTIVATIONS


class EditableNetwork(OverlaidNetwork):
    """Adds what a person can do to the network, without saying how (mouse, keys, menus).

    Signals
    -------
    experiment_edited(Experiment) : a person changed the network's shape.
    edit_refused(str) : why a network cannot be changed as asked, in words.
    parameters_edited(ParameterEdit) : a person changed a weight or a bias.
    neuron_hovered(tuple[int, int] | None) : layer (−1 are the features) and index.
    neuron_selected(tuple[int, int] | None) : layer (0 is the first hidden one) and index.
    neuron_inspected(tuple[int, int] | None) : the pinned neuron, else the selected one.
    parameter_chosen(ParameterAddress) : a person clicked an edge or a bias.
    edge_mode_changed(EdgeMode) : a person chose another quantity.
    zoom_changed(bool) : whether the whole network is in view now.
    focus_changed(Focus) : whether coarser maps will do.
    """

    experiment_edited = Signal(object)
    edit_refused = Signal(str)
    parameters_edited = Signal(object)
    neuron_hovered = Signal(object)
    neuron_selected = Signal(object)
    neuron_inspected = Signal(object)
    parameter_chosen = Signal(object)
    edge_mode_changed = Signal(object)
    zoom_changed = Signal(bool)
    focus_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor: ValueEditor | None = None
        self.editor_target: Target | None = None
        self.menu: QMenu | None = None
        self.edited_here = False
        """Whether the next new shape is this canvas's own edit coming back."""

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw another set-up; hover, focus and selection of parts that are gone end."""
        network, before = experiment.network, self.experiment.network
        if network != before:
            self.close_editor()
            self.hide_card()
            self.set_hovered(PAPER)
        super().show_experiment(experiment)
        sizes = network.layer_sizes
        if network != before:
            origins = matched_layers(before, network)
            if self.pinned is not None:
                self.pin(_followed(self.pinned, origins, network))
            if self.selected is not None:
                self.select(_followed(self.selected, origins, network))
        if self.focused is not None:
            layer = min(self.focused.layer, len(sizes) - 1)
            if layer != INPUTS:
                self.focused = Target(Part.TILE, layer, min(self.focused.index, sizes[layer] - 1))
            elif tuple(Feature)[self.focused.index] not in network.available_features:
                self.focus_column(INPUTS)

    def _edit(self, change: Callable[[NetworkSpec], NetworkSpec]) -> None:
        before = self.experiment
        try:
            network = change(before.network)
            edited = edits.with_network(before, network)
        except ValueError as error:  # a large network from a file leaves no room for more
            self.edit_refused.emit(f"Not changed: {error}.")
            return
        if network != before.network:
            self.edited_here = True
            self.experiment_edited.emit(edited)

    def resize_layer(self, layer: int, size: int) -> None:
        """Give a hidden layer another number of neurons."""
        self._edit(lambda network: edits.resized(network, layer, size))

    def insert_layer(self, index: int) -> None:
        """Insert a hidden layer at `index`."""
        self._edit(lambda network: edits.inserted(network, index))

    def remove_layer(self, layer: int) -> None:
        """Remove a hidden layer."""
        self._edit(lambda network: edits.removed(network, layer))

    def toggle_feature(self, index: int) -> None:
        """Switch a feature on or off; the last one stays on."""
        self._edit(lambda network: edits.toggled(network, tuple(Feature)[index]))

    def set_activation(self, layer: int, activation: Activation) -> None:
        """Give a layer another activation."""
        self._edit(lambda network: edits.activated(network, layer, activation))

    def set_edge_mode(self, mode: EdgeMode) -> None:
        """Show another quantity on the edges."""
        if mode is not self.edge_mode:
            self.edge_mode = mode
            self.reference = self.values.reference(mode)
            self.repaint_edges()
            self.edge_mode_changed.emit(mode)

    def quality_changed(self) -> None:
        """Ask for maps of the detail that can be drawn in time."""
        self.focus_changed.emit(Focus(coarse_tiles=self.quality.is_reduced))

    def select(self, neuron: tuple[int, int] | None) -> None:
        """Select a neuron, or none; its edges stay, all others are dimmed."""
        if neuron != self.selected:
            self.selected = neuron
            self.repaint_edges()
            self.neuron_selected.emit(neuron)
            if self.pinned is None:
                self.neuron_inspected.emit(neuron)

    def pin(self, neuron: tuple[int, int] | None) -> None:
        """Keep a neuron in the inspector whichever is selected; None lets it go."""
        if neuron != self.pinned:
            self.pinned = neuron
            self.refresh()
            self.neuron_inspected.emit(self.selected if neuron is None else neuron)

    def set_hovered(self, target: Target) -> None:
        """Mark what is under the pointer (or chosen by keys) and tell other views the neuron."""
        if target == self.hovered:
            return
        before, self.hovered = self._neuron(self.hovered), target
        if self._neuron(target) != before:
            self.neuron_hovered.emit(self._neuron(target))
        self.update()

    @staticmethod
    def _neuron(target: Target) -> tuple[int, int] | None:
        if target.part in (Part.TILE, Part.BIAS):
            return target.layer, target.index
        return None

    def show_card(self, target: Target, at: QPointF) -> None:
        """Show the card of a target, its leader at `at` (layout coordinates)."""
        self.card = describe(target, self.experiment, self.values)
        if self.card is not None:
            layout = self.layout_now
            inverse, _ = self._view_transform().inverted()
            view = inverse.mapRect(QRectF(self.rect()))
            if target.part is Part.EDGE:
                gap = layout.gaps[target.layer]
                at = point_on_edge(gap, target.index, target.source, at.x(), self.is_curved)
            elif (box := layout.boxes.get((target.layer, target.index))) is not None:
                at = box.rect.center()
            self.card_anchor = at
            leads = target.part is Part.EDGE
            self.card, self.card_rect = place(self.card, at, layout, view, leads)
        self.update()

    def refresh_card(self) -> None:
        """Write the newest numbers on the card that is shown."""
        if self.card is not None:
            card = describe(self.hovered, self.experiment, self.values)
            if card is not None:
                card = replace(card, is_narrow=self.card.is_narrow)
                # Digits must not come to lie outside, and a card at rest must not wander.
                width = max(card.width, self.card_rect.width())
                self.card_rect.setLeft(min(self.card_rect.left(), self.width() - width - 6))
                self.card_rect.setWidth(width)
                self.card_rect.setHeight(card.height)
            self.card = card

    def hide_card(self) -> None:
        """Take the card away."""
        if self.card is not None:
            self.card = None
            self.update()

    def can_edit(self, target: Target) -> bool:
        """Whether a weight or bias can be edited: its number must be known."""
        return target.part in (Part.EDGE, Part.BIAS) and self.values.exact

    def open_editor(self, target: Target, at: QPointF) -> None:
        """Open the number field on the card of an edge or a bias."""
        self.close_editor()
        snapshot = self.snapshot
        if not self.can_edit(target) or snapshot is None:
            return
        self.set_hovered(target)
        self.show_card(target, at)
        if self.card is None:
            return
        self.card_opacity = 1.0
        if target.part is Part.EDGE:
            value = float(snapshot.parameters.weights[target.layer][target.index, target.source])
        else:
            value = float(snapshot.parameters.biases[target.layer][target.index])
        self.editor_target = target
        self.editor = ValueEditor(self.card.title, value, self.theme, self)
        self.editor.value_edited.connect(self._on_value_edited)
        self.editor.closed.connect(self._on_editor_closed)
        self.place_editor()
        self.editor.show()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def place_editor(self) -> None:
        """Keep the number field on its card."""
        if self.editor is not None and self.card is not None:
            place_now = self._view_transform().mapRect(self.card.value_rect(self.card_rect))
            self.editor.setGeometry(place_now.toAlignedRect())

    def close_editor(self) -> None:
        """End editing of a number."""
        if self.editor is not None:
            self.editor.close_editor()

    def _on_value_edited(self, value: float) -> None:
        target, snapshot = self.editor_target, self.snapshot
        if target is None or snapshot is None or not self.values.exact:
            return
        network = self.experiment.network
        name = neuron_name(target.layer, target.index, len(network.hidden), network.n_outputs)
        parameters = snapshot.parameters
        if target.part is Part.EDGE:
            label = f"Weight {source_name(self.experiment, target)} → {name}"
            edit = edits.with_weight(
                parameters, target.layer, target.index, target.source, value, label
            )
        else:
            edit = edits.with_bias(parameters, target.layer, target.index, value, f"Bias of {name}")
        self.parameters_edited.emit(edit)

    def _on_editor_closed(self) -> None:
        editor, self.editor, self.editor_target = self.editor, None, None
        if editor is not None:
            editor.hide()
            editor.deleteLater()
        self.hide_card()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_menu(self, layer: int) -> None:
        """Open the menu of a layer's activation under its chip."""
        network = self.experiment.network
        menu = QMenu(self)
        menu.setAccessibleName(f"Activation of {layer_name(layer, len(network.hidden))}")
        group = QActionGroup(menu)
        for activation, words in ACTIVATIONS.items():
            action = QAction(words, menu)
            action.setCheckable(True)
            action.setChecked(network.activations[layer] is activation)
            action.setData(activation.value)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._on_activation_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setProperty("layer", layer)
        self.menu = menu
        chip = self.layout_now.column(layer).chip
        assert chip is not None
        corner = self._view_transform().map(chip.bottomLeft()).toPoint()
        menu.popup(self.mapToGlobal(corner + QPoint(0, 3)))

    def _on_activation_triggered(self, action: QAction) -> None:
        menu = self.menu
        if menu is not None:
            self.set_activation(int(menu.property("layer")), Activation(action.data()))

    def focus_column(self, layer: int) -> None:
        """Move the keyboard focus to the middle of a column."""
        boxes = self.layout_now.column(max(INPUTS, layer)).boxes
        box = boxes[len(boxes) // 2]
        self.focused = Target(Part.TILE, box.layer, box.index)


def _followed(
    neuron: tuple[int, int], origins: Sequence[int], network: NetworkSpec
) -> tuple[int, int] | None:
    """Return where a neuron is after an edit of the network, None if it is gone."""
    layer, index = neuron
    now = origins.index(layer) if layer in origins else INPUTS
    return (now, index) if network.has_neuron(now, index) else None
