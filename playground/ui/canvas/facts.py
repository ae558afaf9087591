"""The line at the canvas's foot: the size of the network and about how long an epoch takes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from playground.core.cost import EpochCost
from playground.core.experiment import NetworkSpec, Speed
from playground.core.snapshot import Snapshot
from playground.ui.canvas.geometry import Layout
from playground.ui.labels import counted, duration
from playground.ui.theme import CAPTION_PX, PANEL_PADDING, Theme, ui_font

FOOT = 12
"""Distance of the line from the canvas's lower edge."""


class NetworkFacts:
    """Knows the samples in force and the speed measured, and puts a network's cost into words."""

    def __init__(self) -> None:
        self._cost = EpochCost()
        self._n_train = 0
        self._batch_size = 1
        self._n_values: tuple[NetworkSpec, int] | None = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take up the data, the size of the graph and, at full speed, the speed."""
        experiment = snapshot.experiment
        self._n_train = snapshot.data.n_train
        self._batch_size = experiment.training.batch_size
        self._n_values = experiment.network, snapshot.n_values
        if experiment.training.speed is Speed.FULL:
            self._cost.learn(
                experiment.network, self._n_train, self._batch_size, snapshot.epochs_per_second
            )

    def describe(self, network: NetworkSpec) -> str:
        """Return the line: parameters, scalar nodes of one sample, about the time of an epoch."""
        parts = [counted(network.n_parameters, "parameter")]
        if self._n_values is not None and self._n_values[0] == network:
            parts.append(counted(self._n_values[1], "node"))
        if self._n_train:
            seconds = self._cost.seconds(network, self._n_train, self._batch_size)
            parts.append(f"about {duration(seconds)} per epoch")
        return " · ".join(parts)


def paint_facts(painter: QPainter, words: str, layout: Layout, theme: Theme) -> None:
    """Write the line at the lower left, unless the network needs that place."""
    font = ui_font(CAPTION_PX)
    metrics = QFontMetricsF(font)
    height = metrics.height()
    box = QRectF(
        PANEL_PADDING,
        layout.height - FOOT - height,
        metrics.horizontalAdvance(words) + 2,
        height,
    )
    taken = [c.handle.adjusted(-4, -4, 4, 12) for c in layout.columns if c.handle is not None]
    taken += [tile.rect.adjusted(-8, -8, 8, 8) for tile in layout.boxes.values()]
    if layout.more is not None:
        taken.append(layout.more)
    if any(box.intersects(rect) for rect in taken):
        return
    painter.setFont(font)
    painter.setPen(theme.ink3)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
