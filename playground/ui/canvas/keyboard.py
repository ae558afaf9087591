"""The canvas under the keyboard: one stop in the tab order, with arrows inside."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Feature
from playground.ui.canvas.geometry import INPUTS, Layout
from playground.ui.canvas.hit import PAPER, Part, Target
from playground.ui.canvas.pointer import PointedNetwork
from playground.ui.canvas.values import EdgeMode
from playground.ui.input_names import input_name
from playground.ui.labels import neuron_name

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
MODES = {
    Qt.Key.Key_1: EdgeMode.WEIGHT,
    Qt.Key.Key_2: EdgeMode.GRADIENT,
    Qt.Key.Key_3: EdgeMode.UPDATE,
}
FIGURES = frozenset("0123456789.,-+")
"""What a number can begin with."""


def begins_number(event: QKeyEvent) -> bool:
    """Whether a key without Ctrl types what a number can begin with."""
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return event.text() in FIGURES and not control


def neighbour(layout: Layout, focused: Target, dx: int, dy: int) -> Target:
    """Return the tile an arrow key leads to: in the column, or nearest in the next one."""
    column = layout.column(focused.layer)
    boxes = column.boxes
    place = next((k for k, box in enumerate(boxes) if box.index == focused.index), 0)
    if dy:
        box = boxes[min(len(boxes) - 1, max(0, place + dy))]
    else:
        layer = min(len(layout.columns) - 2, max(INPUTS, focused.layer + dx))
        y = boxes[place].y
        box = min(layout.column(layer).boxes, key=lambda other: abs(other.y - y))
        if layer == focused.layer:
            box = boxes[place]
    return Target(Part.TILE, box.layer, box.index)


class NetworkCanvas(PointedNetwork):
    """The canvas, complete: painted, edited by mouse and by keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network")
        self.letter_keys = True
        self._choosing: int | None = None
        """The incoming edge of the focused neuron that W has chosen; past the last: the bias."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is when it came by keys."""
        super().focusInEvent(event)
        if self.focused is None:
            self.focus_column(0)
        if event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        ):
            self.focus_visible = True
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus mark and forget a chosen edge."""
        super().focusOutEvent(event)
        self._stop_choosing()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Forget the edge that was chosen by keys."""
        self._stop_choosing()
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep figures from the window's shortcuts while they are meant for a chosen edge."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._choosing is not None
            and begins_number(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, edit; keys with no meaning here go on to the window."""
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.focused is None:
            self.focus_column(0)
        assert self.focused is not None
        layer = self.focused.layer
        is_hidden = INPUTS < layer < len(self.experiment.network.hidden)
        if key == Qt.Key.Key_Escape and self._escape():
            return
        if self._choosing is not None and self._choose(event):
            return
        if event.text().isalnum() and not (control or self.letter_keys):
            event.ignore()
        elif key in ARROWS and not control:
            self._move_focus(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activate(self.focused)
        elif control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1.25)
        elif control and key == Qt.Key.Key_Minus:
            self.zoom_by(1 / 1.25)
        elif control and key == Qt.Key.Key_0:
            self.fit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal) and is_hidden:
            self.resize_layer(layer, self._size(layer) + (-1 if key == Qt.Key.Key_Minus else 1))
        elif key == Qt.Key.Key_Insert:
            self.insert_layer(min(layer + 1, len(self.experiment.network.hidden)))
        elif key == Qt.Key.Key_Delete and control and is_hidden:
            self.remove_layer(layer)
        elif key == Qt.Key.Key_A and not control and layer != INPUTS:
            self.open_menu(layer)
        elif key == Qt.Key.Key_P and not control and layer != INPUTS:
            self.toggle_pin((layer, self.focused.index))
        elif key == Qt.Key.Key_W and not control and layer != INPUTS:
            self._choosing = 0
            self._show_choice()
        elif key in MODES and not control:
            self.set_edge_mode(MODES[key])
        else:
            event.ignore()

    def _escape(self) -> bool:
        """Undo the innermost state: drag, choice of an edge, card, selection."""
        if self.dragged is not None:
            self.dragged = None
            self._pressed = None
            self.relayout()
        elif self._choosing is not None:
            self._stop_choosing()
        elif self.card is not None:
            self.hide_card()
        elif self.selected is not None:
            self.select(None)
        else:
            return False
        return True

    def _move_focus(self, dx: int, dy: int) -> None:
        assert self.focused is not None
        layout = self.layout_now
        layer = self.focused.layer
        target = neighbour(layout, self.focused, dx, dy)
        if dy and target == self.focused:
            column = layout.column(layer)
            if (column.below and dy > 0) or (column.above and dy < 0):
                self.scroll_column(layer, dy)
                target = Target(Part.TILE, layer, self.focused.index + dy)
        self.focused = target
        self.focus_visible = True
        self.setAccessibleDescription(self._describe(target))
        self.update()

    def _describe(self, target: Target) -> str:
        network = self.experiment.network
        name = neuron_name(target.layer, target.index, len(network.hidden), network.n_outputs)
        if target.layer == INPUTS:
            feature = tuple(Feature)[target.index]
            on = feature in network.features
            name = input_name(self.experiment, feature)
            return f"{name}, {'on' if on else 'off'}"
        layer = self.values.layers[target.layer]
        if layer.snapshot is None or target.index >= layer.n_known:
            return name
        return f"{name}, bias {float(layer.snapshot.biases[target.index]):.3f}"

    def _stop_choosing(self) -> None:
        if self._choosing is not None:
            self._choosing = None
            self.clear_hover()

    def _choose(self, event: QKeyEvent) -> bool:
        """Choose an incoming edge by arrows; a digit or Enter opens its editor."""
        assert self.focused is not None
        assert self._choosing is not None
        key = Qt.Key(event.key())
        n_sources = len(self.values.layers[self.focused.layer].sources)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Right) else -1
            self._choosing = (self._choosing + step) % (n_sources + 1)
            self._show_choice()
            return True
        typed = begins_number(event)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or typed:
            target = self._choice()
            self._choosing = None
            self.open_editor(target, self._choice_point(target))
            if self.editor is not None and typed:
                self.editor.clear()
                self.editor.insert(event.text())
            return True
        return False

    def _choice(self) -> Target:
        assert self.focused is not None
        assert self._choosing is not None
        layer, index = self.focused.layer, self.focused.index
        if self._choosing < len(self.values.layers[layer].sources):
            return Target(Part.EDGE, layer, index, self._choosing)
        return Target(Part.BIAS, layer, index)

    def _choice_point(self, target: Target) -> QPointF:
        gap = self.layout_now.gaps[target.layer]
        return QPointF((gap.x0 + gap.x1) / 2, 0.0)

    def _show_choice(self) -> None:
        target = self._choice()
        gap = self.layout_now.gaps[target.layer]
        if target.part is Part.EDGE and target.source not in gap.sources:
            self.set_hovered(PAPER)
            return
        self.set_hovered(target)
        self.show_card(target, self._choice_point(target))
        self.card_opacity = 1.0
        self.update()
