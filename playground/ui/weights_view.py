"""The Weights tab: how each layer's weights are distributed around zero."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.core.snapshot import Float64s, LayerSnapshot, Snapshot
from playground.ui.labels import layer_name, number
from playground.ui.plot_chrome import PlotView, Right, draw_text, text_width
from playground.ui.theme import CAPTION_PX, Theme, mix, ui_font

SQUARED_BELOW = 1e150
N_BINS = 15
REFERENCE_PERCENTILE = 98.5
COLUMN_GAP, NARROW_GAP, NARROW_BELOW_W = 14.5, 9.0, 380
NARROWEST_COLUMN = 58.0


@dataclass(frozen=True, slots=True, eq=False)
class WeightHistogram:
    """One layer's weights.

    Attributes
    ----------
    name : "H1" … "Out".
    counts : (N_BINS,) weights per bin.
    rms : square root of the mean square of all weights of the layer.
    limit : the bins reach from −limit to +limit.
    """

    name: str
    counts: Float64s
    rms: float
    limit: float


def weight_colour(theme: Theme, size: float, reference: float) -> QColor:
    """Return the colour of a signed weight: from `quiet` at 0 to a mark's at `reference`."""
    share = (abs(size) / reference) ** 0.6 if reference > 0 else 0.0
    return mix(theme.quiet, theme.pos if size > 0 else theme.neg, share)


class WeightsView(PlotView):
    """A signed histogram per layer, all over the same range, with the layer's rms below.

    Attributes
    ----------
    histograms : what is drawn, one per layer.
    limit : the bins reach from −limit to +limit.
    """

    TITLE = "Weights per layer"
    SAME_RANGE = True
    """Whether all layers share one range, or each has its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histograms: tuple[WeightHistogram, ...] = ()
        self.limit = 0.0
        self._reference = 0.0
        self.setAccessibleName("Weights per layer")
        self.setToolTip(
            "How many weights of each layer have which value; "
            "rms = √(mean of w²) says how large they are."
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Count the weights of `snapshot`."""
        layers = [self._known(layer) for layer in snapshot.layers]
        sizes = np.abs(np.concatenate(layers))
        self.limit = float(sizes.max(initial=0.0)) or 1.0
        self._reference = float(np.percentile(sizes, REFERENCE_PERCENTILE)) if len(sizes) else 0.0
        n_hidden = len(layers) - 1
        self.histograms = tuple(
            self._histogram(layer_name(k, n_hidden, short=True), values)
            for k, values in enumerate(layers)
        )
        self.update()

    @staticmethod
    def numbers(layer: LayerSnapshot) -> Float64s:
        """Return the numbers of a layer that are counted."""
        return layer.weights

    def _known(self, layer: LayerSnapshot) -> Float64s:
        values = self.numbers(layer)
        known: Float64s = values[np.isfinite(values)]
        return known

    def _histogram(self, name: str, values: Float64s) -> WeightHistogram:
        limit = self.limit
        if not self.SAME_RANGE:
            limit = float(np.abs(values).max(initial=0.0)) or 1.0
        unit = limit if limit > SQUARED_BELOW else 1.0
        values, end = values / unit, limit / unit
        counts = np.histogram(values, N_BINS, (-end, end))[0].astype(float)
        rms = unit * float(np.sqrt(np.mean(values**2))) if len(values) else 0.0
        return WeightHistogram(name, counts, rms, limit)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all histograms."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        font = ui_font(CAPTION_PX * unit)
        draw_text(painter, 16 * unit, 16 * unit, self.TITLE, font, theme.ink3)
        if not self.histograms:
            return
        gap = (COLUMN_GAP if self.width() >= NARROW_BELOW_W else NARROW_GAP) * unit
        free = self.width() - 32 * unit
        most = max(1, int((free + gap) / (NARROWEST_COLUMN * unit + gap)))
        n_rows = ceil(len(self.histograms) / most)
        per_row = ceil(len(self.histograms) / n_rows)
        width = (free + gap) / max(per_row, 4) - gap
        height = (self.height() - 32 * unit) / n_rows
        for k, histogram in enumerate(self.histograms):
            row, column = divmod(k, per_row)
            left = 16 * unit + column * (width + gap)
            top = 32 * unit + row * height
            self._paint_one(painter, histogram, QRectF(left, top, width, height - 4 * unit))

    def _paint_one(self, painter: QPainter, histogram: WeightHistogram, cell: QRectF) -> None:
        unit, theme = self.enlargement, self.theme
        base = round(cell.bottom() - 22 * unit)
        full = base - cell.top()
        middle = round(cell.center().x()) + 0.5
        pitch = cell.width() / N_BINS
        most = max(1.0, float(histogram.counts.max()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for k, count in enumerate(histogram.counts):
            if count > 0:
                centre = (2 * (k + 0.5) / N_BINS - 1) * histogram.limit
                reference = self._reference if self.SAME_RANGE else histogram.limit
                painter.setBrush(weight_colour(theme, centre, reference))
                tall = max(2.0, count / most * full)
                bar = QRectF(cell.left() + k * pitch, base - tall, pitch - 0.9 * unit, tall)
                painter.drawRoundedRect(bar, unit, unit)
        dotted = QPen(theme.line_strong, 1.0)
        dotted.setDashPattern([2, 2])
        painter.setPen(dotted)
        painter.drawLine(QPointF(middle, cell.top()), QPointF(middle, base))
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.drawLine(QPointF(cell.left(), base + 0.5), QPointF(cell.right(), base + 0.5))
        below = base + 12 * unit
        bold, plain = ui_font(CAPTION_PX * unit, 600), ui_font(CAPTION_PX * unit)
        used = draw_text(painter, cell.left(), below, histogram.name, bold, theme.ink2)
        figure = number(histogram.rms, 2 if self.SAME_RANGE else 4)
        text = f"rms {figure}"
        if used + 2 * unit + text_width(text, plain) > cell.width():
            text = figure
        draw_text(painter, cell.right(), below, text, plain, theme.ink3, Right)
