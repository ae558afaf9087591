"""Each parameter of a layer as a line over the epochs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.core.answers import LayerTrail
from playground.core.focus import Focus
from playground.core.snapshot import Snapshot
from playground.ui.diagnostics.axes import Axes, value_range
from playground.ui.diagnostics.layer_view import LayerView
from playground.ui.plot_chrome import Right, draw_text
from playground.ui.theme import CAPTION_PX, ui_font

MOST_LINES = 96
"""Lines at most; of larger layers those that moved farthest are drawn."""


class ParameterLinesView(LayerView):
    """All weights and biases of one layer over the run: blue where positive now, orange where not.

    Attributes
    ----------
    trail : what is drawn; None before it is known.
    shown : (k,) of all the layer's parameters, neuron by neuron, those that are drawn.
    """

    CHIP_NAME = "Layer whose parameters are drawn"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trail: LayerTrail | None = None
        self._network_id: object = None
        self.shown = np.zeros(0, np.intp)
        self.setAccessibleName("Parameters over epochs")
        self.setToolTip(
            "Every weight w and bias b of a layer over the epochs. Blue lines are positive now, "
            "orange ones negative; biases are thinner. Flat lines have stopped learning."
        )

    @property
    def wanted(self) -> Focus:
        """The past of the chosen layer."""
        return Focus(trails=frozenset({self.layer}))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take the lines up, if they were asked for; those of another network are forgotten."""
        if snapshot.network_id != self._network_id:
            self._network_id, self.trail = snapshot.network_id, None
            self.update()
        trail = snapshot.answers.trail(self.layer)
        if trail is None:
            return
        self.trail = trail
        flat = trail.values.reshape(len(trail.epochs), -1)
        self.shown = np.arange(flat.shape[1])
        if flat.shape[1] > MOST_LINES:
            moved = np.nan_to_num(np.ptp(flat, axis=0), nan=0.0, posinf=0.0)
            self.shown = np.sort(np.argsort(-moved, kind="stable")[:MOST_LINES])
        self.update()

    def choose_layer(self, layer: int) -> None:
        """Ask for another layer's past."""
        self.trail = None
        super().choose_layer(layer)
        self.wanted_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines."""
        painter = QPainter(self)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        font = ui_font(CAPTION_PX * unit)
        draw_text(painter, 16 * unit, 16 * unit, "Weights and biases", font, theme.ink3)
        trail = self.trail
        if trail is None:
            return
        flat = trail.values.reshape(len(trail.epochs), -1)[:, self.shown]
        n_in = trail.values.shape[2]
        area = QRectF(
            round(48 * unit),
            round(34 * unit),
            self.width() - round(68 * unit),
            self.height() - round(58 * unit),
        )
        axes = Axes(area, (0.0, max(1.0, float(trail.epochs[-1]))), value_range([flat.ravel()]))
        axes.paint_grid(painter, self)
        lines = []
        for k, index in enumerate(self.shown):
            is_bias = index % n_in == n_in - 1
            width = (1.0 if is_bias else 1.6) * unit
            lines.append((flat[:, k], self._colour(float(flat[-1, k])), width))
        axes.paint_lines(painter, trail.epochs, lines)
        left_out = trail.values[0].size - len(self.shown)
        if left_out > 0:
            text = f"{left_out} that moved less are left out"
            y = area.bottom() + 11 * unit
            draw_text(painter, area.center().x() + 90 * unit, y, text, font, theme.ink3, Right)

    def _colour(self, value: float) -> QColor:
        return self.theme.pos if value > 0 else self.theme.neg
