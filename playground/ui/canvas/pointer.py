"""The canvas under the mouse: hover, clicks, handle drags, wheel, double-click, cards at rest."""

from __future__ import annotations

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPointF,
    Qt,
    QTimer,
    QVariantAnimation,
)
from PySide6.QtGui import QHideEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Experiment
from playground.core.focus import ParameterAddress
from playground.core.snapshot import Snapshot
from playground.ui.canvas.edits import MAX_HAND_NEURONS
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import PAPER, Part, Target, pin_at, target_at
from playground.ui.canvas.navigation import NavigableNetwork
from playground.ui.canvas.zoom import STEP

CARD_DELAY_MS = 120
CARD_FADE_MS = 80
DRAG_PX_PER_NEURON = 24.0
HANDS = frozenset(Part) - {Part.PAPER, Part.HEAD, Part.EDGE}


class PointedNetwork(NavigableNetwork):
    """Turns what the mouse does into edits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self._pressed: Target | None = None
        self._press_y = 0.0
        self._pan_from: QPointF | None = None
        self._has_hand = self._hand_used = False
        self._at = QPointF()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest_reached)
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.setDuration(CARD_FADE_MS)
        self._fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fade.valueChanged.connect(self._on_fade_advanced)

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw another set-up; what was pressed or dragged of other layers than now is let go."""
        if experiment.network.hidden != self.experiment.network.hidden:
            self.dragged = self._pressed = None
        super().show_experiment(experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw a newer step, the card's figures too."""
        super().show_snapshot(snapshot)
        self.refresh_card()

    def _to_layout(self, position: QPointF) -> QPointF:
        inverse, _ = self._view_transform().inverted()
        return inverse.map(position)

    def target_under(self, position: QPointF) -> Target:
        """Find what lies at a position of the widget."""
        layout, place = self.layout_now, self._to_layout(position)
        pin = pin_at(layout, (self.selected, self.pinned), place)
        return pin or target_at(layout, place, self.is_curved)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, drag a handle or pan (the paper, or anything with Space held)."""
        position = event.position()
        if self._pan_from is not None:
            shift = position - self._pan_from
            self._pan_from = position
            self._move(shift.x(), shift.y())
        elif self.dragged is not None:
            self._drag_to(position.y())
        elif self._pressed is not None and self._pressed.part is Part.GRIP:
            if abs(position.y() - self._press_y) > 3:
                self.dragged = self._pressed.layer, self._size(self._pressed.layer)
                self._drag_to(position.y())
        elif self.editor is None and not self._has_hand:
            self._hover(position)

    def _hover(self, position: QPointF) -> None:
        target = self.target_under(position)
        self._at = self._to_layout(position)
        if target != self.hovered:
            self.hide_card()
            self._rest.stop()
            if target.part in (Part.EDGE, Part.TILE, Part.BIAS):
                self._rest.start(0 if self.reduced_motion else CARD_DELAY_MS)
            self.set_hovered(target)
            self._show_cursor()

    def _show_cursor(self) -> None:
        part = self.hovered.part
        if self._pan_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._has_hand:
            shape = Qt.CursorShape.OpenHandCursor
        elif part is Part.GRIP:
            shape = Qt.CursorShape.SizeVerCursor
        else:
            hand = part in HANDS
            shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def can_be_moved(self) -> bool:
        """Whether a part of the network is out of view."""
        return not self.zoom.is_fit

    def take_hand(self) -> None:
        """Let the next drag move the picture, whatever lies under the pointer."""
        self._has_hand, self._hand_used = True, False
        self.clear_hover()
        self._show_cursor()

    def give_hand_back(self) -> bool:
        """Let drags do what they usually do; return whether one was begun in between."""
        self._has_hand = False
        self._show_cursor()
        return self._hand_used

    def _on_rest_reached(self) -> None:
        self.show_card(self.hovered, self._at)
        if self.card is None:
            return
        if self.reduced_motion:
            self.card_opacity = 1.0
        else:
            self.card_opacity = 0.0
            self._fade.start()

    def _on_fade_advanced(self, opacity: float) -> None:
        self.card_opacity = float(opacity)
        self.update()

    def _size(self, layer: int) -> int:
        return self.experiment.network.hidden[layer].size

    def _drag_to(self, y: float) -> None:
        assert self.dragged is not None
        layer, before = self.dragged
        size = self._size(layer)
        most = max(MAX_HAND_NEURONS, size)
        steps = round((y - self._press_y) / self.zoom.scale / DRAG_PX_PER_NEURON)
        after = min(most, max(1, size + steps))
        self.dragged = layer, after
        if after != before:
            self.relayout()
            self._glide()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag or a pan."""
        self.focus_visible = False
        self.close_editor()
        self._rest.stop()
        button = Qt.MouseButton.LeftButton if self._has_hand else Qt.MouseButton.MiddleButton
        if event.button() == button and not self.zoom.is_fit:
            self._pan_from = event.position()
            self._hand_used = self._has_hand
            self._show_cursor()
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._hover(event.position())
        target = self._pressed = self.target_under(event.position())
        self._press_y = event.position().y()
        if target.part is Part.PAPER and not self.zoom.is_fit:
            self._pan_from = event.position()
        if target.part is Part.CHIP:
            self._pressed = None
            self.hide_card()
            self.open_menu(target.layer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        pressed, self._pressed = self._pressed, None
        self._pan_from = None
        self._show_cursor()
        if self.dragged is not None:
            layer, size = self.dragged
            self.dragged = None
            self.relayout()
            self.resize_layer(layer, size)
            self._hover(event.position())
            return
        if event.button() == Qt.MouseButton.LeftButton and pressed is not None:
            if pressed == self.target_under(event.position()):
                self.activate(pressed)
            self._hover(event.position())

    def toggle_pin(self, neuron: tuple[int, int]) -> None:
        """Pin a neuron, or let it go if it is pinned."""
        self.pin(None if neuron == self.pinned else neuron)

    def activate(self, target: Target) -> None:
        """Do what a click on `target` does."""
        layer = target.layer
        if target.part is Part.TILE and layer == INPUTS:
            self.toggle_feature(target.index)
        elif target.part is Part.TILE:
            neuron = (layer, target.index)
            self.focused = target
            self.select(None if neuron == self.selected else neuron)
        elif target.part is Part.EDGE:
            self.parameter_chosen.emit(ParameterAddress(layer, target.index, target.source))
        elif target.part is Part.BIAS:
            self.parameter_chosen.emit(ParameterAddress(layer, target.index))
        elif target.part is Part.PIN:
            self.toggle_pin((layer, target.index))
        elif target.part is Part.MINUS:
            self.resize_layer(layer, self._size(layer) - 1)
        elif target.part is Part.PLUS:
            self.resize_layer(layer, self._size(layer) + 1)
        elif target.part is Part.INSERT:
            self.insert_layer(layer)
        elif target.part is Part.REMOVE:
            self.remove_layer(layer)
        elif target.part is Part.MORE:
            self.fold_features(not self.layout_now.folded)
        elif target.part in (Part.STUB_ABOVE, Part.STUB_BELOW):
            page = len(self.layout_now.column(layer).boxes)
            self.scroll_column(layer, -page if target.part is Part.STUB_ABOVE else page)
        elif target.part is Part.PAPER:
            self.select(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the editor of an edge or a bias; elsewhere it is a second click."""
        target = self.target_under(event.position())
        left = event.button() == Qt.MouseButton.LeftButton and not self._has_hand
        if left and self.can_edit(target):
            self._pressed = None
            self._rest.stop()
            self.open_editor(target, self._to_layout(event.position()))
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll a long column, with Ctrl zoom, over an open editor step its value."""
        notches = event.angleDelta().y() / 120
        if self.editor is not None:
            self.editor.wheelEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(STEP**notches, event.position())
        else:
            x = self._to_layout(event.position()).x()
            layout = self.layout_now
            for column in layout.columns:
                if abs(column.x - x) < layout.spacing / 2 and column.above + column.below:
                    self.scroll_column(column.layer, -round(notches))
                    event.accept()
                    return
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the hover."""
        super().leaveEvent(event)
        if self.editor is None and self.dragged is None:
            self.clear_hover()

    def clear_hover(self) -> None:
        """Take hover marks and cards away (also before the canvas is exported)."""
        self._rest.stop()
        self._fade.stop()
        self.stop_gliding()
        self.hide_card()
        self.set_hovered(PAPER)

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop every timer while nothing can be seen."""
        self._edge_layer.stop()
        self.clear_hover()
        super().hideEvent(event)
