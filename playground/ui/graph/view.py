"""The graph itself: one painted widget that is zoomed, panned, pointed at and stepped through."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.folding import Level
from playground.ui.graph.drawing import Drawing
from playground.ui.graph.looks import Look, StepMarks, item_title, look_of, place_words, step_marks
from playground.ui.graph.painter import GraphPainter
from playground.ui.graph.viewport import LEAST, Viewport
from playground.ui.labels import number
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import LIGHT, Theme

COARSER_BELOW, FINER_ABOVE = 0.34, 2.2
"""Scales at which wheel zooming goes on to another level of detail."""
DRAG = 4.0


class GraphView(Viewport):
    """Shows a `Desk`'s graph.

    Signals
    -------
    node_clicked(int) : a Value was clicked, by its node.
    node_activated(int) : a Value was double-clicked.
    group_clicked(Group) : a folded group was clicked.
    fold_requested(int) : a Value's neuron is to be folded.
    level_requested(Level) : zooming went on to another level.
    """

    node_clicked = Signal(object)
    node_activated = Signal(object)
    group_clicked = Signal(object)
    fold_requested = Signal(object)
    level_requested = Signal(object)
    focus_radius = 4.0

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.marks = StepMarks()
        self.selected = -1
        self._painter = GraphPainter(LIGHT)
        self._hovered = -1
        self._pressed: QPointF | None = None
        self._panned = False
        self._has_hand = self._hand_used = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Computation graph")

    # What is shown.

    def show_graph(self) -> None:
        """Draw the desk's graph anew, after it was built or folded differently."""
        folded = self.desk.folded
        self.drawing = Drawing(folded) if folded is not None else None
        self._hovered = self.selected = -1
        self.marks = step_marks(self.desk)
        self.first_fit()

    def refold(self, anchor: int | None = None) -> None:
        """Draw the graph folded differently; the node `anchor` stays where it is on the screen."""
        folded = self.desk.folded
        if folded is None or self.drawing is None:
            self.show_graph()
            return
        place = self._screen_place(anchor) if anchor is not None else None
        selected = self._node_of(self.selected)
        self.drawing = Drawing(folded)
        self._hovered = -1
        self.selected = folded.item_of[selected] if selected is not None else -1
        self.marks = step_marks(self.desk)
        if place is None or anchor is None or self._fits_now():
            self.first_fit()
            return
        box = self.drawing.boxes[folded.item_of[anchor]]
        self.origin = place - box.center() * self.scale
        self._keep_in_sight()

    def refresh(self) -> None:
        """Show the desk's present numbers."""
        self.marks = step_marks(self.desk)
        self.update()

    def select_node(self, node: int | None) -> None:
        """Mark a node's item."""
        folded = self.desk.folded
        self.selected = folded.item_of[node] if folded is not None and node is not None else -1
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self._painter = GraphPainter(theme)

    def looks(self) -> list[Look]:
        """Return what every item shows now."""
        if self.drawing is None:
            return []
        return [look_of(self.desk, k, self.marks) for k in range(len(self.drawing.boxes))]

    def _node_of(self, item: int) -> int | None:
        if self.drawing is None or not 0 <= item < len(self.drawing.boxes):
            return None
        rows = self.drawing.folded.items[item].rows
        return rows[0] if rows else None

    # Pointer.

    def _item_under(self, place: QPointF) -> int:
        if self.drawing is None:
            return -1
        found = self.drawing.item_at((place - self.origin) / self.scale)
        return -1 if found is None else found

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; beyond the ends go on to a coarser or finer level."""
        pixels = event.pixelDelta()
        if not pixels.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(QPointF(pixels))
            return
        steps = event.angleDelta().y() / 120.0
        if not steps:
            return
        at = event.position()
        folds = self.desk.folds
        if folds is None:
            return
        level = folds.level
        if steps < 0 and self.scale * 1.15**steps < min(COARSER_BELOW, self._least_useful()):
            if level > Level.LAYERS and folds.can_show(Level(level - 1)):
                self.level_requested.emit(Level(level - 1))
                return
        elif steps > 0 and self.scale * 1.15**steps > FINER_ABOVE and level < Level.VALUES:
            if folds.can_show(Level(level + 1)):
                self.level_requested.emit(Level(level + 1))
            return
        self.zoom_by(1.15**steps, at)

    def _least_useful(self) -> float:
        """Return the scale below which there is nothing more to see of the present drawing."""
        return self._fitting_scale() * 0.8 if self.drawing is not None else LEAST

    def can_be_moved(self) -> bool:
        """Whether there is a graph, which can be dragged even if all of it is in view."""
        return self.drawing is not None

    def take_hand(self) -> None:
        """Let the next drag move the graph, and click nothing."""
        self._has_hand, self._hand_used = True, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def give_hand_back(self) -> bool:
        """Let a press be a click again; return whether a drag was begun in between."""
        self._has_hand = False
        self.unsetCursor()
        return self._hand_used

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag, or to click."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._panned = event.position(), self._has_hand
            self._hand_used = self._has_hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the paper, or point at an item."""
        if self._pressed is not None:
            moved = event.position() - self._pressed
            if self._panned or moved.manhattanLength() > DRAG:
                self._panned = True
                self._pressed = event.position()
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.pan(moved)
            return
        if self._has_hand:
            return
        hovered = self._item_under(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            if hovered < 0:
                QToolTip.hideText()
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if hovered >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click an item, unless the paper was dragged."""
        pressed, self._pressed = self._pressed, None
        self.unsetCursor()
        if self._has_hand:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        if pressed is None or self._panned or event.button() != Qt.MouseButton.LeftButton:
            return
        item = self._item_under(event.position())
        if item < 0 or self.drawing is None:
            self.node_clicked.emit(None)
            return
        group = self.drawing.folded.items[item].group
        if group is not None:
            self.group_clicked.emit(group)
        else:
            self.node_clicked.emit(self.drawing.folded.items[item].rows[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Jump to a Value's step."""
        item = self._item_under(event.position())
        if item >= 0 and self.drawing is not None and not self._has_hand:
            found = self.drawing.folded.items[item]
            if found.group is None:
                self.node_activated.emit(found.rows[0])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Fold what the item under the pointer belongs to."""
        item = self._item_under(QPointF(event.pos()))
        node = self._node_of(item)
        if node is not None:
            self.fold_requested.emit(node)

    def leaveEvent(self, event: object) -> None:
        """Forget what was pointed at."""
        self._hovered = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell of the item under the pointer, with its numbers of this moment."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self._describe(self._item_under(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), plain_tool_tip(words), self)
            return True
        return super().event(event)

    def _describe(self, item: int) -> str:
        """Return the words of an item's tooltip: its exact numbers and what it waits for."""
        if item < 0 or self.drawing is None:
            return ""
        found, graph = self.drawing.folded.items[item], self.drawing.folded.graph
        if found.group is not None:
            return f"{item_title(self.desk, found)}\nClick to unfold"
        node = found.rows[0]
        place = place_words(self.desk, node)
        lines = [graph.title(node) + (f" in {place}" if place else "")]
        data, grad = self.desk.data(node), self.desk.grad(node)
        if data is not None:
            lines.append(f"data {data!r}".replace("-", "−"))
        if grad is not None:
            lines.append(f"grad {grad!r}".replace("-", "−"))
        if self.desk.stepper is not None:
            waits = self.desk.stepper.waits_for(node)
            lines += [waits] if waits else []
        check = self.desk.checks.get(node)
        if check is not None:
            lines.append(f"centred difference {number(check.check.numeric, 6)}")
        return "\n".join(lines)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is in view."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.paper)
        if self.drawing is None:
            return
        painter.translate(self.origin)
        painter.scale(self.scale, self.scale)
        self._painter.paint(
            painter,
            self.desk,
            self.drawing,
            self.visible_area(),
            self.scale,
            self.marks,
            self._hovered,
            self.selected,
        )

    def paint_whole(self, painter: QPainter, theme: Theme, scale: float = 1.0) -> None:
        """Draw the whole graph from the painter's origin, without hover, for a picture."""
        if self.drawing is not None:
            GraphPainter(theme).paint(
                painter, self.desk, self.drawing, self.drawing.bounds, max(scale, 1.0), self.marks
            )
