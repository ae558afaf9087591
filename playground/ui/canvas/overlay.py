"""What comes and goes over the network: hover, focus, the card, the handle being dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from playground.ui.canvas.canvas import PaintedNetwork
from playground.ui.canvas.card import Card, paint_card, paint_leader
from playground.ui.canvas.columns import drag_card_place
from playground.ui.canvas.edges import paint_hovered, shown_matrix
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import PAPER, Part, Target
from playground.ui.canvas.marks import paint_focus, paint_graph_mark, paint_outline
from playground.ui.labels import counted


class OverlaidNetwork(PaintedNetwork):
    """Paints feedback over the cached picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hovered: Target = PAPER
        self.focused: Target | None = None
        self.focus_visible = False
        self.card: Card | None = None
        self.card_rect = QRectF()
        self.card_anchor = QPointF()
        self.card_opacity = 1.0
        self.graph_mark: tuple[int, int, str] | None = None
        """The neuron that the scalar graph is at, and words for it."""

    def _paint_overlay(self, painter: QPainter) -> None:
        theme, layout, hovered = self._theme, self._shown.layout, self.hovered
        network = self.experiment.network
        if hovered.part is Part.EDGE:
            self._paint_hovered_edge(painter, hovered)
        box = layout.boxes.get((hovered.layer, hovered.index))
        if box is not None and hovered.part in (Part.TILE, Part.BIAS):
            if (hovered.layer, hovered.index) != self.selected:
                distance = 8.5 if hovered.layer != INPUTS else 4.5
                paint_outline(painter, box.rect, theme.ink3, 1.5, distance)
        elif self.dragged is None:
            self._furniture.columns.paint_hover(painter, layout, network, hovered)
        if self.graph_mark is not None and self.graph_mark[:2] in layout.boxes:
            paint_graph_mark(
                painter, layout.boxes[self.graph_mark[:2]].rect, self.graph_mark[2], theme
            )
        focused = self.focused
        if focused is not None and self.focus_visible and self.hasFocus():
            self._paint_focus(painter, focused)
        if self.dragged is not None:
            self._paint_drag(painter, *self.dragged)
        elif self.card is not None:
            painter.setOpacity(self.card_opacity)
            if hovered.part is Part.EDGE:
                paint_leader(painter, self.card_rect, self.card_anchor, theme)
            paint_card(painter, self.card, self.card_rect, theme)
            painter.setOpacity(1.0)

    def _paint_hovered_edge(self, painter: QPainter, edge: Target) -> None:
        path = self._shown.find(edge.layer, edge.index, edge.source)
        if path is None:
            return
        gap = self.layout_now.gaps[edge.layer]
        row, column = gap.targets.index(edge.index), gap.sources.index(edge.source)
        value = float(shown_matrix(gap, self.values, self.edge_mode)[row, column])
        share = abs(value) / self.reference if self.reference > 0 else 0.0
        paint_hovered(painter, path, self._theme, share if share == share else 0.0, value < 0)

    def _paint_focus(self, painter: QPainter, focused: Target) -> None:
        layout = self._shown.layout
        box = layout.boxes.get((focused.layer, focused.index))
        if box is not None:
            paint_focus(painter, box.rect, 12.5 if box.layer != INPUTS else 6.0, self._theme)
        if INPUTS < focused.layer < len(self.experiment.network.hidden):
            hot = self.hovered == Target(Part.REMOVE, focused.layer)
            self._furniture.columns.paint_remove(painter, layout, focused.layer, hot)

    def _paint_drag(self, painter: QPainter, layer: int, size: int) -> None:
        layout, theme = self._shown.layout, self._theme
        handle = layout.column(layer).handle
        if handle is None:
            return
        self._furniture.columns.paint_handle(painter, handle, size, Part.GRIP)
        before = self.experiment.network.hidden[layer].size
        if size == before:
            return
        title = f"Hidden {layer + 1}: {before} → {counted(size, 'neuron')}"
        kept = "Trained weights are kept" if size > before else "All other weights are kept"
        card = Card(title, note=kept, padding=4.0)
        width = max(190.0, card.width)
        corner = drag_card_place(handle, width, layout)
        rect = QRectF(corner, QSizeF(width, card.height))
        paint_card(painter, card, rect, theme)
