"""The Gradients tab: the size of each layer's gradient over time, and of each neuron's now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Experiment
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.canvas.labels import layer_name, number
from playground.ui.decimation import decimate, finite_points, smooth_geometric
from playground.ui.plot_chrome import (
    Curve,
    Left,
    PlotSurface,
    PlotView,
    Right,
    draw_text,
    log_ticks,
    plain_text,
    power_text,
)
from playground.ui.theme import CAPTION_PX, DENSE_PX, Theme, mix, ui_font

SMOOTHING_WINDOW = 9
SMALLEST_NORM = 1e-12
USUAL_RANGE = (1e-3, 1.0)
LABEL_PITCH = 11.0
ROW_PITCH, CELL_PITCH, CELL_GAP = 30.0, 17.35, 3.3
LEAST_CELL_PITCH = 3.0


@dataclass(frozen=True, slots=True, eq=False)
class NeuronRow:
    """One layer's mean |∂ℓ/∂a| per neuron, and which of its neurons are dead."""

    name: str
    gradients: Float64s
    dead: NDArray[np.bool_]


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
            "to a sample's loss."
        )

    def show_experiment(self, experiment: Experiment) -> None:
        """Do nothing: what is drawn is what was in force, which snapshots tell."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the norms so far and the neurons' present gradients."""
        self._snapshot = snapshot
        history = snapshot.history
        n_layers = len(snapshot.layers)
        n_hidden = n_layers - 1
        self._names = tuple(layer_name(k, n_hidden, short=True) for k in range(n_layers))
        if len(self.curves) < n_layers:
            self._add_curves(n_layers)
        buckets = round(self._area.width())
        lowest, highest = USUAL_RANGE
        self._ends = []
        for k, curve in enumerate(self.curves):
            curve.setVisible(k < history.gradient_norms.shape[1])
            if not curve.isVisible():
                continue
            x, y = finite_points(history.epochs, history.gradient_norms[:, k])
            y = smooth_geometric(np.maximum(y, SMALLEST_NORM), SMOOTHING_WINDOW)
            x, y = decimate(x, y, buckets)
            if len(y):
                lowest, highest = min(lowest, float(y.min())), max(highest, float(y.max()))
                self._ends.append(float(y[-1]))
            curve.setData(x, np.log10(y))
        self._range = (
            10.0 ** np.floor(np.log10(max(lowest, SMALLEST_NORM)) + 1e-9),
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
        self.rows = tuple(
            NeuronRow(self._names[k], snapshot.layers[k].activation_gradients, layer.dead)
            for k, layer in enumerate(snapshot.layers)
            if k < n_hidden or n_hidden == 0
        )
        sizes = np.concatenate([row.gradients for row in self.rows])
        self.full_bar = float(sizes.max(initial=0.0, where=np.isfinite(sizes)))
        self._surface.viewport().update()

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

    def _add_curves(self, count: int) -> None:
        while len(self.curves) < count:
            self.curves.append(Curve(segmentedLineMode="on"))
            self._box.addItem(self.curves[-1])
        self._set_pens()

    def _set_pens(self) -> None:
        count = len(self._names) or len(self.curves)
        for k, curve in enumerate(self.curves[:count]):
            curve.set_pen(ramp_colour(self.theme, k, count), 1.5 * self.enlargement)
