"""The Gradients tab: the size of each layer's gradient over time, and of each neuron's now."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.core.snapshot import Snapshot
from playground.ui.decimation import (
    decimate,
    finite_points,
    for_log_scale,
    log_foot,
    smooth_geometric,
)
from playground.ui.gradient_cells import NeuronRow, draw_cells
from playground.ui.labels import layer_name, number
from playground.ui.plot_chrome import (
    Curve,
    Left,
    PlotSurface,
    PlotView,
    Right,
    draw_text,
)
from playground.ui.theme import CAPTION_PX, DENSE_PX, Theme, mix, ui_font
from playground.ui.ticks import dense_power_text, log_ticks, plain_text, spread

SMOOTHING_WINDOW = 9
USUAL_RANGE = (1e-3, 1.0)
LABEL_PITCH = 11.0


def ramp_colour(theme: Theme, index: int, count: int) -> QColor:
    """Return the green of layer `index` of `count`: the first layer's is the faintest."""
    position = 3 * index / (count - 1) if count > 1 else 3.0
    step = min(2, int(position))
    return mix(theme.grad_ramp[step], theme.grad_ramp[step + 1], position - step)


class GradientsView(PlotView):
    """Gradient norm per layer over the epochs, and a bar per neuron.

    Attributes
    ----------
    curves : the plotted items, one per layer; y is log₁₀ of the norm. They are made when first
        needed and reused.
    rows : the bar cells, one row per hidden layer (the output's if there is none).
    full_bar : the gradient that fills a cell.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[NeuronRow, ...] = ()
        self.full_bar = 0.0
        self._snapshot: Snapshot | None = None
        self._names: tuple[str, ...] = ()
        self._variable = "a"
        self._ends: list[float] = []
        self._area = QRectF(0, 0, 100, 100)
        self._x_range = (0.0, 1.0)
        self._range = USUAL_RANGE
        self._surface = PlotSurface(self, self._paint_behind, self._paint_before)
        self._box = self._surface.add_box()
        self.curves: list[Curve] = []
        self.setAccessibleName("Gradients per layer and neuron")
        self.setToolTip(
            "Left: the norm ‖∂L/∂w‖ of each layer's last batch gradient, on a logarithmic scale. "
            "Right: the mean over the train set of |∂ℓ/∂a|, how much each neuron's output matters "
            "to a sample's loss (of a single layer whose loss reads z, |∂ℓ/∂z|)."
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the norms so far and the neurons' present gradients."""
        self._snapshot = snapshot
        history = snapshot.history
        n_layers = len(snapshot.layers)
        n_hidden = n_layers - 1
        if len(self._names) != n_layers:
            self._names = tuple(layer_name(k, n_hidden, short=True) for k in range(n_layers))
            self._make_curves(n_layers)
        buckets = round(self._area.width())
        lowest, highest = USUAL_RANGE
        self._ends = []
        foot = log_foot(history.gradient_norms)
        for k, curve in enumerate(self.curves):
            curve.setVisible(k < history.gradient_norms.shape[1])
            if k >= history.gradient_norms.shape[1]:
                continue
            x, y = finite_points(history.epochs, history.gradient_norms[:, k])
            # A run shorter than a few windows is shown as it is.
            window = min(SMOOTHING_WINDOW, len(y) // 5)
            y = smooth_geometric(for_log_scale(y, foot), window)
            x, y = decimate(x, y, buckets)
            if len(y):
                lowest, highest = min(lowest, float(y.min())), max(highest, float(y.max()))
                self._ends.append(float(y[-1]))
            curve.setData(x, np.log10(y))
        self._range = (
            10.0 ** np.floor(np.log10(lowest) + 1e-9),
            10.0 ** np.ceil(np.log10(highest) - 1e-9),
        )
        last = float(history.epochs[-1]) if len(history.epochs) else 1.0
        self._x_range = (0.0, max(1.0, last))
        self._box.setRange(
            xRange=self._x_range,
            yRange=(float(np.log10(self._range[0])), float(np.log10(self._range[1]))),
            padding=0,
            disableAutoRange=True,
        )
        self._variable = snapshot.experiment.gradient_of(0)
        self.rows = tuple(
            NeuronRow(self._names[k], snapshot.layers[k].neuron_gradients, layer.dead)
            for k, layer in enumerate(snapshot.layers)
            if k < n_hidden or n_hidden == 0
        )
        sizes = np.concatenate([row.gradients for row in self.rows])
        self.full_bar = float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
        self._surface.redraw()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the curves."""
        self._surface.setBackground(theme.panel)
        super().apply_theme(theme)

    def arrange(self) -> None:
        """Place the plot for the present size."""
        unit = self.enlargement
        self._surface.setGeometry(self.rect())
        self._area = QRectF(
            round(42 * unit),
            round(50 * unit),
            max(20, round(0.453 * self.width() - 42 * unit)),
            max(20, round(self.height() - 81 * unit)),
        )
        self._box.setGeometry(self._area)
        self._set_pens()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def _make_curves(self, count: int) -> None:
        while len(self.curves) < count:
            self.curves.append(Curve())
            self._box.addItem(self.curves[-1])
        self._set_pens()

    def _set_pens(self) -> None:
        count = len(self._names) or len(self.curves)
        for k, curve in enumerate(self.curves[:count]):
            curve.set_pen(ramp_colour(self.theme, k, count), 1.5 * self.enlargement)

    def _paint_behind(self, painter: QPainter) -> None:
        unit, area, theme = self.enlargement, self._area, self.theme
        font, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
        draw_text(painter, 16 * unit, 16 * unit, "Gradient norm per layer", font, theme.ink3)
        text = f"Mean |∂L/∂{self._variable}| per neuron"
        draw_text(painter, self._cells_left, 16 * unit, text, font, theme.ink3)
        low, high = self._range
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for tick in log_ticks(low, high, max(2, min(8, int(area.height() / (20 * unit))))):
            y = float(round(self._y_of(tick)))
            painter.setPen(QPen(theme.line, 1.0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            words = dense_power_text(tick)
            draw_text(painter, area.left() - 6 * unit, y, words, dense, theme.ink3, Right)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = area.bottom() + 11 * unit
        last = plain_text(self._x_range[1], 1.0)
        draw_text(painter, area.left(), y, "0", dense, theme.ink3, Left)
        draw_text(painter, area.right(), y, last, dense, theme.ink3, Right)

    def _paint_before(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        unit = self.enlargement
        cells = self._cells_left + 22 * unit
        room = QRectF(cells, 38 * unit, self.width() - 16 * unit - cells, self.height() - 69 * unit)
        draw_cells(painter, room, self.rows, self.full_bar, self._growth, unit, self.theme)
        text = f"full bar = {number(self.full_bar, 3)}"
        y = self._area.bottom() + 11 * unit
        draw_text(painter, cells, y, text, ui_font(DENSE_PX * unit), self.theme.ink3)

    @property
    def _cells_left(self) -> float:
        return round(0.562 * self.width())

    @property
    def _growth(self) -> float:
        """Factor of the bar cells, which may grow more than the type."""
        width, height = self.BASE_SIZE
        factor = min(self.width() / width, self.height() / height)
        return max(1.0, factor if self.enlargement > 1 else 1.0)

    def _y_of(self, norm: float) -> float:
        low, high = self._range
        share = np.log10(norm / low) / np.log10(high / low)
        return self._area.bottom() - float(share) * self._area.height()

    def _paint_labels(self, painter: QPainter) -> None:
        if not self._ends:
            return
        unit, area = self.enlargement, self._area
        font = ui_font(DENSE_PX * unit, 600)
        wanted = [self._y_of(end) for end in self._ends]
        pitch = LABEL_PITCH * unit
        top, bottom = area.top(), area.bottom()
        most = max(2, int((bottom - top) / pitch) + 1)
        count = len(wanted)
        shown = list(range(count))
        if count > most:
            shown = sorted({round(k * (count - 1) / (most - 1)) for k in range(most)})
        middles = spread([wanted[k] for k in shown], pitch, top, bottom)
        for k, y in zip(shown, middles, strict=True):
            painter.setPen(QPen(ramp_colour(self.theme, k, count), 2 * unit))
            x = area.right() + 4 * unit
            painter.drawLine(QPointF(x, y), QPointF(x + 6 * unit, y))
            draw_text(painter, x + 9 * unit, y, self._names[k], font, self.theme.ink2)
