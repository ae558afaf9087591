"""What part of a drawing is in view: zoom, pan, fit, and the small map of the whole."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.scalar_graph.folding import FOLDED_ABOVE
from playground.ui.controls.base import Themed
from playground.ui.graph.drawing import Drawing
from playground.ui.graph.overview import Overview
from playground.ui.theme import Theme

MARGIN = 16.0
LEAST, MOST = 0.04, 3.0
FEW_HIDDEN = 2
"""Nodes of a small graph that the map may hide."""
READABLE = 0.62
"""The scale at which a graph that does not fit is first shown, at least."""


class Viewport(QWidget, Themed):
    """A widget that shows a `Drawing` at some scale, moved by `origin`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing: Drawing | None = None
        self.scale = 1.0
        self.origin = QPointF(0, 0)
        self._fitted = True
        self._corner = 0
        self.overview = Overview(self)
        self.overview.moved.connect(self.centre_on)
        self.overview.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self.overview.apply_theme(theme)

    def fit(self) -> None:
        """Show the whole graph."""
        if self.drawing is None:
            return
        self.scale = self._fitting_scale()
        self._centre()
        self._fitted = True
        self._moved()

    def first_fit(self) -> None:
        """Show the whole graph if it can be read then, else its end: the loss."""
        if self.drawing is None:
            self.update()
            return
        scale = self._fitting_scale()
        self._fitted = True
        if scale >= READABLE:
            self.fit()
            return
        self.scale = max(scale, READABLE)
        self._centre()
        width = self.drawing.width * self.scale
        if width > self.width() - 2 * MARGIN:
            self.origin.setX(self.width() - MARGIN - width)
        height = self.drawing.height * self.scale
        if height > self.height() - 2 * MARGIN and self.drawing.boxes:
            box = self.drawing.boxes[-1]
            self.origin.setY(self.height() / 2 - box.center().y() * self.scale)
        self._moved()

    def _fits_now(self) -> bool:
        return self._fitted and self._fitting_scale() >= READABLE

    def _fitting_scale(self) -> float:
        assert self.drawing is not None
        across = (self.width() - 2 * MARGIN) / max(1.0, self.drawing.width)
        down = (self.height() - 2 * MARGIN) / max(1.0, self.drawing.height)
        return max(LEAST, min(1.0, across, down))

    def _centre(self) -> None:
        assert self.drawing is not None
        size = QPointF(self.drawing.width, self.drawing.height) * self.scale
        self.origin = QPointF((self.width() - size.x()) / 2, (self.height() - size.y()) / 2)

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Magnify by `factor`; the place `around` (the middle) stays where it is."""
        around = around or QPointF(self.width() / 2, self.height() / 2)
        scale = max(LEAST, min(MOST, self.scale * factor))
        self.origin = around - (around - self.origin) * (scale / self.scale)
        self.scale = scale
        self._fitted = False
        self._keep_in_sight()

    def pan(self, by: QPointF) -> None:
        """Move the graph on the screen."""
        self.origin += by
        self._fitted = False
        self._keep_in_sight()

    def centre_on(self, place: QPointF) -> None:
        """Bring a place of the drawing to the middle."""
        self.origin = QPointF(self.width() / 2, self.height() / 2) - place * self.scale
        self._fitted = False
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        if self.drawing is not None:
            least = 60.0
            width, height = self.drawing.width * self.scale, self.drawing.height * self.scale
            x = min(max(self.origin.x(), least - width), self.width() - least)
            y = min(max(self.origin.y(), least - height), self.height() - least)
            self.origin = QPointF(x, y)
        self._moved()

    def _moved(self) -> None:
        self._show_overview()
        self.update()

    def ensure_node(self, node: int) -> None:
        """Move the graph as little as needed to have a node's item, and what it reads, in view."""
        if self.drawing is None:
            return
        folded = self.drawing.folded
        area = self.drawing.boxes[folded.item_of[node]]
        for parent in folded.graph.parents[node][:2]:
            other = self.drawing.boxes[folded.item_of[parent]]
            joined = area.united(other)
            if joined.width() * self.scale < 0.8 * self.width() and (
                joined.height() * self.scale < 0.9 * self.height()
            ):
                area = joined
        seen = self.visible_area()
        room = 14.0 / self.scale
        dx = min(0.0, seen.right() - area.right() - room) or max(
            0.0, seen.left() + room - area.left()
        )
        dy = min(0.0, seen.bottom() - area.bottom() - room) or max(
            0.0, seen.top() + room - area.top()
        )
        if dx or dy:
            self.pan(QPointF(dx, dy) * self.scale)

    def visible_area(self) -> QRectF:
        """Return what part of the drawing is in view."""
        corner = -self.origin / self.scale
        return QRectF(corner.x(), corner.y(), self.width() / self.scale, self.height() / self.scale)

    def _show_overview(self) -> None:
        if self.drawing is None:
            self.overview.hide()
            return
        whole = self.visible_area().contains(self.drawing.bounds)
        self.overview.setVisible(not whole)
        if not whole:
            self._place_overview(self.drawing)
            self.overview.show_part(self.drawing, self.visible_area())

    def _place_overview(self, drawing: Drawing) -> None:
        """Put the map into the corner where it hides least, and leave it there if it can stay."""
        hidden = []
        for corner in range(4):
            place = self.overview.place_in(corner, self.width(), self.height())
            area = QRectF(
                (QPointF(place.topLeft()) - self.origin) / self.scale,
                QSizeF(place.size()) / self.scale,
            )
            hidden.append(len(drawing.items_in(area)) - 0.5 * (corner == self._corner))
        self._corner = hidden.index(min(hidden))
        if min(hidden) >= FEW_HIDDEN and len(drawing.boxes) <= FOLDED_ABOVE:
            self.overview.hide()
        self.overview.setGeometry(self.overview.place_in(self._corner, self.width(), self.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, or keep what is in the middle there."""
        if self._fitted:
            self.first_fit()
        else:
            grown = event.size() - event.oldSize()
            self.pan(QPointF(grown.width() / 2, grown.height() / 2))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """Return the size in the usual window."""
        return QSize(1148, 326)

    def _screen_place(self, node: int) -> QPointF | None:
        if self.drawing is None or node >= len(self.drawing.folded.item_of):
            return None
        box = self.drawing.boxes[self.drawing.folded.item_of[node]]
        return box.center() * self.scale + self.origin
