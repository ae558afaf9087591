"""What the optimiser remembers of every parameter: momentum, or m and v."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Experiment
from playground.core.parameters import split
from playground.core.snapshot import Float64s, OptimizerState, Snapshot
from playground.ui.diagnostics.choice import ChoiceChip
from playground.ui.input_names import source_names
from playground.ui.labels import layer_name, number
from playground.ui.plot_chrome import (
    PlotView,
    Right,
    draw_empty,
    draw_text,
    text_width,
)
from playground.ui.theme import CAPTION_PX, DENSE_PX, Theme, field_image, ui_font
from playground.ui.words import OPTIMIZERS

NAMES = {
    "m": "m, mean gradient",
    "v": "v, mean square",
    "sum of squares": "sum of squared gradients",
    "mean square": "mean squared gradient",
}
SQUARES = frozenset(("v", "sum of squares", "mean square"))
"""The arrays that are never negative."""


@dataclass(frozen=True, slots=True, eq=False)
class StateGrid:
    """One array of the layer: (n_out, n_in + 1), biases last; `limit` has the strongest colour."""

    name: str
    values: Float64s
    limit: float


class OptimizerView(PlotView):
    """A cell per parameter of a layer for every array the optimiser keeps.

    Attributes
    ----------
    grids : what is drawn.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grids: tuple[StateGrid, ...] = ()
        self._images: list[QImage] = []
        self._places: list[QRectF] = []
        self._state: OptimizerState | None = None
        self._layer = 0
        self._experiment: Experiment | None = None
        self._pointed: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.chip = ChoiceChip("Layer whose optimiser state is shown", self)
        self.chip.chosen.connect(self._on_layer_chosen)
        self.setAccessibleName("Optimiser state per parameter")
        self.setToolTip(
            "One cell per parameter: a row per neuron, a column per input, the bias last. "
            "Momentum: u ← µu + g. Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², "
            "w ← w − η·m̂/(√v̂ + ε)."
        )

    def twin(self) -> OptimizerView:
        """Return a view of the same layer."""
        view = OptimizerView()
        view._layer = self._layer
        return view

    def show_experiment(self, experiment: Experiment) -> None:
        """Offer the layers of the experiment's network."""
        self._experiment = experiment
        n_layers = len(experiment.network.layer_sizes)
        self._layer = min(self._layer, n_layers - 1)
        self.chip.show_choices([layer_name(k, n_layers - 1) for k in range(n_layers)], self._layer)
        self.arrange()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the arrays up."""
        self._state, self._experiment = snapshot.optimizer_state, snapshot.experiment
        self._collect()

    def _collect(self) -> None:
        grids = []
        state, experiment = self._state, self._experiment
        if state is not None and experiment is not None:
            for name, array in zip(state.names, (state.first, state.second), strict=False):
                weights, biases = split(array, experiment.network)
                if self._layer >= len(weights):
                    continue
                values = np.column_stack((weights[self._layer], biases[self._layer]))
                sizes = np.abs(values[np.isfinite(values)])
                grids.append(StateGrid(name, values, float(sizes.max(initial=0.0))))
        self.grids = tuple(grids)
        self._paint_images()
        self.update()

    def _paint_images(self) -> None:
        self._images = []
        for grid in self.grids:
            scaled = np.nan_to_num(grid.values / (grid.limit or 1.0), nan=0.0)
            # field_image puts row 0 at the bottom; neurons count from the top.
            self._images.append(field_image(np.ascontiguousarray(scaled[::-1]), self.theme))

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the chip and the cells."""
        self.chip.apply_theme(theme)
        super().apply_theme(theme)
        self._paint_images()

    def arrange(self) -> None:
        """Place the chip."""
        self.chip.setVisible(self.has_controls)
        self.chip.resize(self.chip.sizeHint())
        self.chip.move(self.width() - 16 - self.chip.width(), 6)

    def _on_layer_chosen(self, layer: int) -> None:
        self._layer = layer
        self.arrange()
        self._collect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name the parameter under the pointer."""
        pointed = None
        for grid, place in zip(self.grids, self._places, strict=False):
            if place.contains(event.position()):
                rows, columns = grid.values.shape
                row = int((event.position().y() - place.top()) / place.height() * rows)
                column = int((event.position().x() - place.left()) / place.width() * columns)
                pointed = min(row, rows - 1), min(column, columns - 1)
        if pointed != self._pointed:
            self._pointed = pointed
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Name nothing."""
        self._pointed = None
        self.update()

    def describe(self, row: int, column: int) -> str:
        """Return a parameter's name and its numbers in all arrays."""
        assert self._experiment is not None
        network = self._experiment.network
        names = [*source_names(self._experiment, self._layer), "bias"]
        short = layer_name(self._layer, len(network.hidden), short=True)
        numbers = "   ".join(f"{g.name} {number(float(g.values[row, column]))}" for g in self.grids)
        return f"{names[column]} → {short}·{row + 1}   {numbers}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all grids side by side."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        caption, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
        name = "–"
        if self._experiment is not None:
            name = OPTIMIZERS[self._experiment.training.optimizer]
        text = f"Optimiser state · {name}"
        draw_text(painter, 16 * unit, 16 * unit, text, caption, theme.ink3)
        if self._state is None:
            return
        if not self.grids:
            box = QRectF(self.rect()).adjusted(16 * unit, 34 * unit, -16 * unit, -16 * unit)
            words = "Choose Momentum, Adagrad, RMSprop or Adam"
            draw_empty(painter, box, f"{name} remembers nothing", words, self)
            return
        gap = 20 * unit
        width = (self.width() - 32 * unit - gap * (len(self.grids) - 1)) / len(self.grids)
        self._places = []
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for k, (grid, image) in enumerate(zip(self.grids, self._images, strict=True)):
            rows, columns = grid.values.shape
            left, top = 16 * unit + k * (width + gap), 50 * unit
            side = min(width / columns, (self.height() - 76 * unit) / rows, 22 * unit)
            place = QRectF(left, top, side * columns, side * rows)
            self._places.append(place)
            painter.drawImage(place, image)
            painter.setPen(theme.line_strong)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
            title = NAMES.get(grid.name, grid.name)
            draw_text(painter, left, 40 * unit, title, dense, theme.ink2)
            limit = ("≤ " if grid.name in SQUARES else "± ") + number(grid.limit)
            x = left + max(
                place.width(), text_width(title, dense) + 8 * unit + text_width(limit, dense)
            )
            draw_text(painter, x, 40 * unit, limit, dense, theme.ink3, Right)
            if self._pointed is not None:
                self._mark(painter, place, side)
        if self._pointed is not None:
            row, column = self._pointed
            rows, columns = self.grids[0].values.shape
            if row < rows and column < columns:
                y = self.height() - 12 * unit
                words = self.describe(row, column)
                draw_text(painter, 16 * unit, y, words, caption, theme.ink1)

    def _mark(self, painter: QPainter, place: QRectF, side: float) -> None:
        assert self._pointed is not None
        row, column = self._pointed
        corner = QPointF(place.left() + column * side, place.top() + row * side)
        painter.setPen(self.theme.ink1)
        painter.drawRect(QRectF(corner.x(), corner.y(), side, side))
