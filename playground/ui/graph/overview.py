"""A small map of the whole graph in the corner, with a frame around what is in view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from playground.ui.controls.base import Themed, empty_pixmap, paint_box
from playground.ui.graph.drawing import Drawing
from playground.ui.theme import RADIUS_FIELD, Theme

WIDTH, HEIGHT = 160, 90
INSET, CORNER = 6.0, 12


class Overview(QWidget, Themed):
    """Shows where in the graph one is; dragging moves there.

    Signals
    -------
    moved(QPointF) : the place of the drawing that is to be in the middle.
    """

    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Overview of the graph")
        self._drawing: Drawing | None = None
        self._area = QRectF()
        self._map: QPixmap | None = None

    @staticmethod
    def place_in(corner: int, width: int, height: int) -> QRect:
        """Return its place in a corner: lower right, lower left, upper right, upper left."""
        left = CORNER if corner % 2 else width - WIDTH - CORNER
        top = CORNER if corner > 1 else height - HEIGHT - CORNER
        return QRect(left, top, WIDTH, HEIGHT)

    def show_part(self, drawing: Drawing, area: QRectF) -> None:
        """Frame the part of `drawing` that is in view."""
        if drawing is not self._drawing:
            self._drawing, self._map = drawing, None
        self._area = area
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        self._map = None

    def _frame(self) -> tuple[float, QPointF]:
        """Return the map's scale and where the drawing's corner is on it."""
        assert self._drawing is not None
        across = (WIDTH - 2 * INSET) / max(1.0, self._drawing.width)
        down = (HEIGHT - 2 * INSET) / max(1.0, self._drawing.height)
        scale = min(across, down)
        size = QPointF(self._drawing.width, self._drawing.height) * scale
        return scale, QPointF((WIDTH - size.x()) / 2, (HEIGHT - size.y()) / 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the map and the frame."""
        if self._drawing is None:
            return
        ratio = self.devicePixelRatioF()
        if self._map is None or self._map.devicePixelRatio() != ratio:
            self._map = self._paint_map(self._drawing, ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._map)
        scale, corner = self._frame()
        frame = QRectF(self._area.topLeft() * scale + corner, self._area.size() * scale)
        frame = frame.intersected(QRectF(2, 2, WIDTH - 4, HEIGHT - 4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.ink1, 1.5))
        painter.drawRoundedRect(frame, 3, 3)

    def _paint_map(self, drawing: Drawing, ratio: float) -> QPixmap:
        pixmap = empty_pixmap(self.size() * ratio, ratio, Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_box(
            painter, QRectF(0, 0, WIDTH, HEIGHT), RADIUS_FIELD, self.theme.raised,
            self.theme.line_strong,
        )  # fmt: skip
        scale, corner = self._frame()
        painter.translate(corner)
        painter.scale(scale, scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.edge)
        painter.drawRects(drawing.boxes)
        painter.end()
        return pixmap

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move there."""
        self._move_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while it is pressed."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move_to(event.position())

    def _move_to(self, place: QPointF) -> None:
        if self._drawing is not None:
            scale, corner = self._frame()
            self.moved.emit((place - corner) / scale)
