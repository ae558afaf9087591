"""The Activations tab: what the neurons of each layer answer over the train set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Activation
from playground.core.snapshot import Snapshot
from playground.ui.labels import SHORT_ACTIVATIONS, layer_name
from playground.ui.plot_chrome import PlotView, Right, draw_text
from playground.ui.theme import BODY_PX, CAPTION_PX, ui_font
from playground.ui.ticks import THIN_SPACE

NEVER_SATURATED = (Activation.LINEAR, Activation.RELU, Activation.LEAKY_RELU)
ROW_PITCH, LEAST_PITCH = 37.0, 15.5
NOTHING = "–"
ADVICE_H = 20
DEAD_SHARE, SATURATED_SHARE = 0.25, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class ActivationRow:
    """One layer's answers.

    Attributes
    ----------
    counts : (HISTOGRAM_BINS,) answers per bin, all neurons of the layer together.
    n_dead : neurons that answer 0 on every sample; None where the function cannot die.
    saturated : share of answers with |f′| < 0.06; None where the function cannot saturate.
    """

    name: str
    activation: str
    counts: NDArray[np.int64]
    n_neurons: int
    n_dead: int | None
    saturated: float | None


def advise(rows: tuple[ActivationRow, ...]) -> str:
    """Return a sentence on what to try; the worst layer's."""
    dying = max(rows, key=lambda row: (row.n_dead or 0) / row.n_neurons)
    if (dying.n_dead or 0) >= DEAD_SHARE * dying.n_neurons:
        count = f"{dying.n_dead} of {dying.n_neurons}"
        return f"{count} in {dying.name} never answer: try leaky ReLU or a lower learning rate."
    flat = max(rows[:-1] or rows, key=lambda row: row.saturated or 0.0)
    if len(rows) > 1 and (flat.saturated or 0.0) >= SATURATED_SHARE:
        return f"{flat.name} is mostly flat: try smaller first weights, L2 or ReLU."
    return "Gradients pass through every layer."


class ActivationsView(PlotView):
    """Per layer a histogram of all answers, the dead neurons and the share saturated.

    Attributes
    ----------
    rows : what is drawn, one per layer, the output last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[ActivationRow, ...] = ()
        self.setAccessibleName("Activations per layer")
        self.setToolTip(
            "All answers a = f(z) of a layer over the train set. Dead: a ReLU that is 0 on every "
            "sample; saturated: share of answers where |f′(z)| < 0.06, so hardly any gradient "
            "passes."
        )

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Sum up the layers of `snapshot`."""
        kinds = snapshot.experiment.network.activations
        n_hidden = len(snapshot.layers) - 1
        self.rows = tuple(
            ActivationRow(
                name=layer_name(k, n_hidden, short=True),
                activation=SHORT_ACTIVATIONS[kind],
                counts=layer.histogram.sum(axis=0),
                n_neurons=len(layer.dead),
                n_dead=int(layer.dead.sum()) if kind is Activation.RELU else None,
                saturated=None if kind in NEVER_SATURATED else float(np.mean(layer.saturated)),
            )
            for k, (layer, kind) in enumerate(zip(snapshot.layers, kinds, strict=True))
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the heads and as many rows as there is room for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit, theme = self.enlargement, self.theme
        painter.fillRect(self.rect(), theme.panel)
        font = ui_font(CAPTION_PX * unit)
        right = self.width() - 16 * unit
        middle = 16 * unit
        draw_text(painter, 16 * unit, middle, "Activations over the train set", font, theme.ink3)
        draw_text(painter, right - 70 * unit, middle, "dead", font, theme.ink3, Right)
        draw_text(painter, right, middle, "saturated", font, theme.ink3, Right)
        if not self.rows:
            return
        advice = advise(self.rows)
        draw_text(painter, 16 * unit, self.height() - 11 * unit, advice, font, theme.ink2)
        free = self.height() - (30 + ADVICE_H) * unit
        room = max(2, int(free / (LEAST_PITCH * unit)))
        shown = self.rows if len(self.rows) <= room else self.rows[: room - 1]
        n_lines = min(len(self.rows), room)
        pitch = free / n_lines
        pitch = min(pitch, ROW_PITCH * unit if self.height() < 260 else pitch)
        for k, row in enumerate(shown):
            centre = 30 * unit + (k + 0.5) * pitch
            self._paint_row(painter, row, centre, pitch - (10 if pitch > 24 * unit else 3) * unit)
        if len(shown) < len(self.rows):
            text = f"{len(self.rows) - len(shown)} more layers"
            draw_text(
                painter, 16 * unit, 30 * unit + (n_lines - 0.5) * pitch, text, font, theme.ink3
            )

    def _paint_row(
        self, painter: QPainter, row: ActivationRow, middle: float, height: float
    ) -> None:
        unit, theme = self.enlargement, self.theme
        bold, plain = ui_font(CAPTION_PX * unit, 600), ui_font(CAPTION_PX * unit)
        draw_text(painter, 16 * unit, middle, row.name, bold, theme.ink2)
        draw_text(painter, 42 * unit, middle, row.activation, plain, theme.ink3)
        area = QRectF(90 * unit, middle - height / 2, self.width() - 242 * unit, height)
        most = max(1, int(row.counts.max()))
        pitch = area.width() / len(row.counts)
        base = round(area.bottom())
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.drawLine(QPointF(area.left(), base + 0.5), QPointF(area.right(), base + 0.5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ink3)
        for k, count in enumerate(row.counts):
            if count > 0:
                tall = max(1.5, float(count) / most * height)
                bar = QRectF(area.left() + k * pitch, base - tall, 0.75 * pitch, tall)
                painter.drawRoundedRect(bar, 0.5 * unit, 0.5 * unit)
        value = ui_font(BODY_PX * unit, 600)
        right = self.width() - 16 * unit
        dead = NOTHING if row.n_dead is None else f"{row.n_dead} of {row.n_neurons}"
        saturated = NOTHING if row.saturated is None else f"{100 * row.saturated:.0f}{THIN_SPACE}%"
        draw_text(painter, right - 70 * unit, middle, dead, value, theme.ink1, Right)
        draw_text(painter, right, middle, saturated, value, theme.ink1, Right)
