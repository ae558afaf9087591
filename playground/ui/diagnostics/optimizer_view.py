"""What the optimiser remembers of every parameter: momentum, or m and v."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core.parameters import split
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.diagnostics.layer_view import LayerView
from playground.ui.input_names import source_names
from playground.ui.labels import layer_name, number
from playground.ui.plot_chrome import Right, draw_empty, draw_text, text_width
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


class OptimizerView(LayerView):
    """A cell per parameter of a layer for every array the optimiser keeps.

    Attributes
    ----------
    grids : what is drawn.
    """

    CHIP_NAME = "Layer whose optimiser state is shown"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grids: tuple[StateGrid, ...] = ()
        self._images: list[QImage] = []
        self._places: list[QRectF] = []
        self._snapshot: Snapshot | None = None
        self._pointed: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("Optimiser state per parameter")
        self.setToolTip(
            "One cell per parameter: a row per neuron, a column per input, the bias last. "
            "Momentum: u ← µu + g. Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², "
            "w ← w − η·m̂/(√v̂ + ε)."
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the arrays up."""
        self._snapshot = snapshot
        self._collect()

    def _collect(self) -> None:
        grids = []
        if self._snapshot is not None and self._snapshot.optimizer_state is not None:
            state, network = self._snapshot.optimizer_state, self._snapshot.experiment.network
            for name, array in zip(state.names, (state.first, state.second), strict=False):
                weights, biases = split(array, network)
                if self.layer >= len(weights):
                    continue
                values = np.column_stack((weights[self.layer], biases[self.layer]))
                sizes = np.abs(values[np.isfinite(values)])
                grids.append(StateGrid(name, values, float(sizes.max(initial=0.0))))
        self.grids = tuple(grids)
        if self._pointed is not None and not self._has(*self._pointed):
            self._pointed = None
        self._paint_images()
        self.update()

    def _has(self, row: int, column: int) -> bool:
        shape = self.grids[0].values.shape if self.grids else (0, 0)
        return bool(row < shape[0] and column < shape[1])

    def _paint_images(self) -> None:
        self._images = []
        for grid in self.grids:
            scaled = np.nan_to_num(grid.values / (grid.limit or 1.0), nan=0.0)
            # field_image puts row 0 at the bottom; neurons count from the top.
            self._images.append(field_image(np.ascontiguousarray(scaled[::-1]), self.theme))

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the chip and the cells."""
        super().apply_theme(theme)
        self._paint_images()

    def choose_layer(self, layer: int) -> None:
        """Show another layer's arrays."""
        super().choose_layer(layer)
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
        assert self._snapshot is not None
        experiment = self._snapshot.experiment
        names = [*source_names(experiment, self.layer), "bias"]
        short = layer_name(self.layer, len(experiment.network.hidden), short=True)
        numbers = "   ".join(f"{g.name} {number(float(g.values[row, column]))}" for g in self.grids)
        return f"{names[column]} → {short}·{row + 1}   {numbers}"

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all grids side by side."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        caption, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
        if self._snapshot is None:
            draw_text(painter, 16 * unit, 16 * unit, "Optimiser state", caption, theme.ink3)
            return
        name = OPTIMIZERS[self._snapshot.experiment.training.optimizer]
        text = f"Optimiser state · {name}"
        draw_text(painter, 16 * unit, 16 * unit, text, caption, theme.ink3)
        state = self._snapshot.optimizer_state
        if state is not None and not state.names:
            box = QRectF(self.rect()).adjusted(16 * unit, 34 * unit, -16 * unit, -16 * unit)
            words = "Choose Momentum, Adagrad, RMSprop or Adam"
            draw_empty(painter, box, f"{name} remembers nothing", words, self)
        if not self.grids:  # or the layer is one that the newest numbers do not have yet
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
                row, column = self._pointed
                painter.setPen(theme.ink1)
                painter.drawRect(QRectF(left + column * side, top + row * side, side, side))
        if self._pointed is not None:
            y = self.height() - 12 * unit
            draw_text(painter, 16 * unit, y, self.describe(*self._pointed), caption, theme.ink1)
