"""How large each layer's steps are beside its weights."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.core.answers import Series
from playground.core.focus import Focus
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.decimation import smooth_geometric
from playground.ui.diagnostics.axes import Axes, draw_end_labels
from playground.ui.gradients_view import SMOOTHING_WINDOW, ramp_colour
from playground.ui.labels import MINUS, layer_name, number
from playground.ui.plot_chrome import PlotView, Right, draw_empty, draw_text, text_width
from playground.ui.theme import CAPTION_PX, DENSE_PX, ui_font

ADVISED = -3.0
"""log₁₀ of the ratio that is usually about right."""
USUAL = (-5.0, -1.0)


class RatioView(PlotView):
    """log₁₀ of ‖Δw‖/‖w‖ per layer over the epochs, with a line at −3.

    Attributes
    ----------
    ratios : (k, n_layers) log₁₀ of the ratios, not smoothed; NaN where there is none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ratios: Float64s = np.zeros((0, 0))
        self._series: Series | None = None
        self._network_id: object = None
        self.setAccessibleName("Update-to-weight ratio per layer")
        self.setToolTip(
            "log₁₀ (‖Δw‖ / ‖w‖) per layer: how large the last step was beside the weights. "
            "About −3 is usually right; far above it steps are too large, far below too small."
        )

    @property
    def wanted(self) -> Focus:
        """The ratios over the run."""
        return Focus(series=True)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the ratios up, if they were asked for; those of another network are forgotten."""
        if snapshot.network_id != self._network_id:
            self._network_id = snapshot.network_id
            self._series, self.ratios = None, np.zeros((0, 0))
            self.update()
        series = snapshot.answers.series
        if series is None:
            return
        self._series = series
        ratios = series.update_ratios
        known = np.isfinite(ratios) & (ratios > 0.0)
        self.ratios = np.log10(np.where(known, ratios, 1.0))
        self.ratios[~known] = np.nan
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plot."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        caption = ui_font(CAPTION_PX * unit)
        title = "Update-to-weight ratio, log₁₀ ‖Δw‖ / ‖w‖"
        draw_text(painter, 16 * unit, 16 * unit, title, caption, theme.ink3)
        known = self.ratios[np.isfinite(self.ratios)]
        series = self._series
        if series is None or not len(known):
            box = QRectF(self.rect()).adjusted(16 * unit, 32 * unit, -16 * unit, -16 * unit)
            draw_empty(painter, box, "No step yet", "Press Run, or step one batch", self)
            return
        area = QRectF(
            round(42 * unit),
            round(34 * unit),
            self.width() - round(160 * unit),
            self.height() - round(58 * unit),
        )
        low = min(USUAL[0], float(np.floor(known.min())))
        high = max(USUAL[1], float(np.ceil(known.max())))
        axes = Axes(area, (0.0, max(1.0, float(series.epochs[-1]))), (low, high))
        every = max(1, int(np.ceil((high - low) / max(2.0, area.height() / (20 * unit)))))
        ticks = [float(k) for k in range(int(low), int(high) + 1, every)]
        axes.paint_grid(painter, self, _whole, ticks)
        self._paint_advice(painter, axes)
        count = self.ratios.shape[1]
        lines, labels = [], []
        for k in range(count):
            column = self.ratios[:, k]
            there = np.isfinite(column)
            if not there.any():
                continue
            colour = ramp_colour(theme, k, count)
            smooth = np.full(len(column), np.nan)
            window = min(SMOOTHING_WINDOW, int(there.sum()) // 5)
            smooth[there] = np.log10(smooth_geometric(10.0 ** column[there], window))
            lines.append((smooth, colour, 1.5 * unit))
            name = layer_name(k, count - 1, short=True)
            text = f"{name}  {number(float(column[there][-1]), 1)}"
            labels.append((axes.y_of(float(smooth[there][-1])), text, colour))
        axes.paint_lines(painter, series.epochs, lines)
        draw_end_labels(painter, self, axes, labels)

    def _paint_advice(self, painter: QPainter, axes: Axes) -> None:
        unit = self.enlargement
        y = float(round(axes.y_of(ADVISED))) + 0.5
        pen = QPen(self.theme.ink2, 1.0)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(axes.area.left(), y), QPointF(axes.area.right(), y))
        font = ui_font(DENSE_PX * unit)
        right, words = axes.area.right(), "about right"
        draw_text(painter, right, axes.area.top() - 6 * unit, words, font, self.theme.ink3, Right)
        painter.setPen(pen)
        end = right - text_width(words, font) - 6 * unit
        top = axes.area.top() - 5.5 * unit
        painter.drawLine(QPointF(end - 18 * unit, top), QPointF(end, top))


def _whole(value: float) -> str:
    return f"{MINUS if value < 0 else ''}{abs(value):.0f}"
