"""The whole graph as a view for pictures: no zoom, no map, at any size, dock open or not."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.controls.base import Themed
from playground.ui.graph.view import GraphView

MARGIN = 16.0
LARGEST_SCALE = 1.5
LEAST = QSize(320, 120)
MOST = QSize(6000, 6000)


class GraphPicture(QWidget, Themed):
    """Draws what a `GraphView` has, fitted into whatever size it is given. Never shown.

    Signals
    -------
    wanted() : a picture is about to be made; the newest numbers are to be drawn.
    """

    wanted = Signal()

    def __init__(self, view: GraphView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view
        self.resize(LEAST)
        self.hide()

    def set_exporting(self, exporting: bool) -> None:
        """Take up the newest numbers, and the graph's own size."""
        if exporting:
            self.resize(self.own_size())

    def own_size(self) -> QSize:
        """Take up the newest numbers, and return the size at which their graph is drawn."""
        self.wanted.emit()
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        """Return the size at which the graph is drawn at scale 1."""
        drawing = self._view.drawing
        if drawing is None:
            return LEAST
        size = QSize(round(drawing.width + 2 * MARGIN), round(drawing.height + 2 * MARGIN))
        return size.expandedTo(LEAST).boundedTo(MOST)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the graph in the middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.paper)
        drawing = self._view.drawing
        if drawing is None:
            return
        across = (self.width() - 2 * MARGIN) / max(1.0, drawing.width)
        down = (self.height() - 2 * MARGIN) / max(1.0, drawing.height)
        scale = max(0.01, min(LARGEST_SCALE, across, down))
        painter.translate(
            (self.width() - drawing.width * scale) / 2, (self.height() - drawing.height * scale) / 2
        )
        painter.scale(scale, scale)
        self._view.paint_whole(painter, self.theme)
