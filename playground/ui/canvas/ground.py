"""Paints what stands still while training runs: features, the grounds of neurons, ghosts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from playground.core.experiment import Feature, NetworkSpec
from playground.ui.canvas.geometry import INPUTS, Box, Layout
from playground.ui.canvas.marks import (
    OUTLINE_ALPHA,
    TILE_RADIUS,
    paint_ghost,
    paint_map,
    ring_path,
    rounded,
)
from playground.ui.canvas.tiles import TileImages
from playground.ui.input_names import label_lines
from playground.ui.labels import FEATURE_RUNS, draw_formula, formula_width
from playground.ui.theme import BODY_PX, Theme, ui_font

WASHED = 0.62
NAME_GAP, NAME_MARGIN = 8.0, 4.0


class GroundPainter:
    """Paints features and the grounds of neurons into one painter."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._outline, self._faint, self._wash = (
            QColor(c) for c in (theme.ink1, theme.ink1, theme.paper)
        )
        self._outline.setAlphaF(OUTLINE_ALPHA)
        self._faint.setAlphaF(OUTLINE_ALPHA * (1 - WASHED) * 2)
        self._wash.setAlphaF(WASHED)

    def paint(
        self,
        painter: QPainter,
        layout: Layout,
        network: NetworkSpec,
        images: TileImages,
        columns: Mapping[Feature, str],
    ) -> None:
        """Paint all tiles' grounds; neurons beyond the network's size are ghosts.

        Parameters
        ----------
        images : where the features' heat maps come from.
        columns : the names of the features that are columns of a file.
        """
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        for box in layout.boxes.values():
            if box.layer == INPUTS:
                self._paint_feature(painter, box, images.get(INPUTS, box.index), columns)
            elif not network.has_neuron(box.layer, box.index):
                paint_ghost(painter, box.rect, self.theme)
            else:
                ring = ring_path(box.rect)
                painter.fillPath(ring, self.theme.paper)
                painter.strokePath(ring, QPen(self.theme.line, 1.0))

    def _paint_feature(
        self, painter: QPainter, box: Box, image: QImage | None, columns: Mapping[Feature, str]
    ) -> None:
        theme = self.theme
        paint_map(painter, box.rect, image, theme)
        inner = rounded(box.rect, -0.5, TILE_RADIUS - 0.5)
        if box.on:
            painter.strokePath(inner, QPen(self._outline, 1.0))
        else:
            painter.fillPath(rounded(box.rect, 0, TILE_RADIUS), self._wash)
            pen = QPen(self._faint, 1.0)
            pen.setDashPattern([4, 3])
            painter.strokePath(inner, pen)
        feature = tuple(Feature)[box.index]
        colour = theme.ink1 if box.on else theme.ink3
        if feature in columns:
            self._paint_column(painter, box, columns[feature], colour)
            return
        runs = FEATURE_RUNS[feature]
        px = 17.0 if box.on and box.rect.width() > 36 else 15.0
        start = QPointF(box.rect.left() - 11 - formula_width(runs, px), box.y + 0.31 * px)
        draw_formula(painter, runs, start, px, colour)

    def _paint_column(self, painter: QPainter, box: Box, name: str, colour: QColor) -> None:
        """Write a column's name left of its tile, in two lines where one is too short."""
        font = ui_font(BODY_PX, 500)
        metrics = QFontMetricsF(font)
        right = box.rect.left() - NAME_GAP
        lines = label_lines(name, metrics, right - NAME_MARGIN)
        if len(lines) * metrics.height() > box.rect.height() + 2:
            lines = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, right - NAME_MARGIN)]
        painter.setFont(font)
        painter.setPen(colour)
        top = box.y - len(lines) * metrics.height() / 2 + metrics.ascent()
        for k, line in enumerate(lines):
            x = right - metrics.horizontalAdvance(line)
            painter.drawText(QPointF(x, top + k * metrics.height()), line)
