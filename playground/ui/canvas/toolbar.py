"""The strip above the canvas: what edges show, the legend, the key of the marks, camera and fit."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.ui.canvas.edges import edge_colour, edge_width
from playground.ui.canvas.marks import paint_badge, ring_path
from playground.ui.canvas.values import EdgeMode
from playground.ui.controls.base import Themed, apply_theme_below
from playground.ui.controls.buttons import IconButton
from playground.ui.controls.groups import SegmentedControl
from playground.ui.labels import MINUS, legend_figure
from playground.ui.theme import BODY_PX, CAPTION_PX, TOOLBAR_H, Theme, scaled, scaled_font

PADDING = 16
LABEL_W = 46
WEDGE_W = 75.0
KEY_NEEDS_W = 760
"""Below this width the key of ring, dead and saturated is left out."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class CanvasToolbar(QWidget, Themed):
    """Edges: Weight | Gradient | Update, legend, key, camera, fit.

    Signals
    -------
    mode_chosen(EdgeMode) : a person chose what the edges show.
    camera_clicked(), fit_clicked() : the buttons at the right.
    """

    mode_chosen = Signal(object)
    camera_clicked = Signal()
    fit_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = legend_figure(0.0)
        self._exporting = False
        self.modes = SegmentedControl(["Weight", "Gradient", "Update"], "Edges show", self)
        self.camera = IconButton("camera", "Copy or save a picture of the network", 26, parent=self)
        self.fit = IconButton("fit", "Show the whole network (Ctrl+0)", 26, parent=self)
        self.fit.setEnabled(False)
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(2)
        layout.addWidget(self.modes)
        layout.addStretch(1)
        layout.addWidget(self.camera)
        layout.addWidget(self.fit)
        self.modes.chosen.connect(self._on_mode_chosen)
        self.camera.clicked.connect(self._on_camera_clicked)
        self.fit.clicked.connect(self._on_fit_clicked)
        self.rescale()

    def rescale(self) -> None:
        """Set the height and the room of the first word."""
        self.setFixedHeight(scaled(TOOLBAR_H))
        self._row.setContentsMargins(PADDING + scaled(LABEL_W), 0, 11, 0)

    def _on_mode_chosen(self, index: int) -> None:
        self.mode_chosen.emit(tuple(EdgeMode)[index])

    def _on_camera_clicked(self) -> None:
        self.camera_clicked.emit()

    def _on_fit_clicked(self) -> None:
        self.fit_clicked.emit()

    def show_mode(self, mode: EdgeMode) -> None:
        """Mark the mode in force."""
        self.modes.set_index(tuple(EdgeMode).index(mode))

    def show_reference(self, reference: float) -> None:
        """Write the size of the widest edges at the ends of the legend."""
        figure = legend_figure(reference)
        if figure != self._figure:
            self._figure = figure
            self.update()

    def set_exporting(self, exporting: bool) -> None:
        """Write the chosen mode instead of the controls, for a picture, or show them again."""
        self._exporting = exporting
        for control in (self.modes, self.camera, self.fit):
            control.setVisible(not exporting)

    def apply_theme(self, theme: Theme) -> None:
        """Take a theme up, the controls too."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw paper, label, legend and key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        painter.fillRect(self.rect(), theme.paper)
        middle = self.height() / 2
        painter.setPen(theme.ink3)
        painter.setFont(scaled_font(BODY_PX))
        words, left, right = "Edges", self.modes.geometry().right() + 18.0, self.camera.x() - 13.0
        needed = scaled(KEY_NEEDS_W)
        if self._exporting:
            words = f"Edges: {tuple(EdgeMode)[self.modes.index].value}"
            left = PADDING + QFontMetricsF(scaled_font(BODY_PX)).horizontalAdvance(words) + 14.0
            right = self.width() - PADDING
            needed -= self.modes.width()
        painter.drawText(QRectF(PADDING, 0, left, self.height()), LEFT, words)
        self._paint_legend(painter, left, right, middle)
        if self.width() >= needed:
            self._paint_key(painter, right, middle)

    def _paint_legend(self, painter: QPainter, x: float, right: float, middle: float) -> None:
        """Draw the legend, if it ends before `right`."""
        theme = self.theme
        font = scaled_font(CAPTION_PX)
        metrics = QFontMetricsF(font)
        figure = self._figure
        low = MINUS + figure if figure != "0" else figure
        high = "+" + figure if figure != "0" else figure
        painter.setFont(font)
        painter.setPen(theme.ink3)
        width = metrics.horizontalAdvance(low)
        if x + width + 5 + WEDGE_W + 7 + metrics.horizontalAdvance(high) > right:
            return
        painter.drawText(QRectF(x, 0, width + 2, self.height()), LEFT, low)
        x = round(x + width + 5)
        painter.setPen(Qt.PenStyle.NoPen)
        steps = 25
        for k in range(steps):
            signed_share = 2 * (k + 0.5) / steps - 1
            share = abs(signed_share)
            half = edge_width(share) / 2
            box = QRectF(x + k * WEDGE_W / steps, middle - half, WEDGE_W / steps, 2 * half)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(edge_colour(theme, share, signed_share < 0))
            painter.drawPolygon(QPolygonF(box))
        x += WEDGE_W
        painter.setPen(theme.ink3)
        painter.drawText(QRectF(x + 7, 0, scaled(80), self.height()), LEFT, high)

    def _paint_key(self, painter: QPainter, right: float, middle: float) -> None:
        """Draw the key from right to left, so that it ends before the buttons."""
        theme = self.theme
        font = scaled_font(CAPTION_PX)
        metrics = QFontMetricsF(font)
        x = right
        for text, glyph in (("saturated", "S"), ("dead", MINUS), ("gradient", "")):
            x -= metrics.horizontalAdvance(text)
            painter.setFont(font)
            painter.setPen(theme.ink3)
            painter.drawText(QRectF(x, 0, scaled(90), self.height()), LEFT, text)
            x -= 6
            if glyph:
                paint_badge(painter, QPointF(x - 7, middle), glyph, theme, 7.0)
                x -= 14 + 16
            else:
                self._paint_ring(painter, QRectF(x - 16, middle - 8, 16, 16))

    def _paint_ring(self, painter: QPainter, rect: QRectF) -> None:
        ring = ring_path(rect.adjusted(5, 5, -5, -5), radius=5.0)
        painter.strokePath(ring, QPen(self.theme.line_strong, 1.0))
        pen = QPen(self.theme.grad, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        length = ring.length() / 2.4
        pen.setDashPattern([length * 0.62, length * 2])
        painter.strokePath(ring, pen)
