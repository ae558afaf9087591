"""The left panel: data over model, scrolling when the window is low."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.core.experiment import DatasetKind, Experiment
from playground.core.snapshot import Activity, DataView, Snapshot
from playground.ui.controls.base import Hairline, Themed
from playground.ui.controls.scroll_area import OverlayScrollArea
from playground.ui.data_panel import DataPanel
from playground.ui.model_panel import ModelPanel
from playground.ui.theme import LEFT_W, Theme, scaled


class LeftPanel(QWidget, Themed):
    """Data and model.

    Parameters
    ----------
    samples : what each generator's thumbnail shows.

    Signals
    -------
    experiment_edited(object) : the edited `Experiment`.
    """

    experiment_edited = Signal(object)

    def __init__(
        self, samples: Mapping[DatasetKind, DataView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.data = DataPanel(samples)
        self.model = ModelPanel()
        self.rescale()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._line = Hairline()
        for part in (self.data, self._line, self.model):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            column.addWidget(part)
        column.addStretch(1)
        self.area = OverlayScrollArea(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        self.data.experiment_edited.connect(self.experiment_edited)
        self.model.experiment_edited.connect(self.experiment_edited)

    def rescale(self) -> None:
        """Set the least width."""
        self.setMinimumWidth(scaled(LEFT_W) - 1)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show an experiment."""
        self.data.show_experiment(experiment)
        self.model.show_experiment(experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what is measured."""
        self.data.show_snapshot(snapshot)

    def show_activity(self, activity: Activity) -> None:
        """Lock what cannot change while training."""
        self.data.show_activity(activity)
        self.model.show_activity(activity)

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        self.data.apply_theme(theme)
        self.model.apply_theme(theme)
        self._line.apply_theme(theme)
        for child in self.area.findChildren(QWidget):
            if isinstance(child, Themed) and child.parent() is self.area:
                child.apply_theme(theme)

    def paintEvent(self, event: object) -> None:
        """Fill the panel."""
        QPainter(self).fillRect(self.rect(), self.theme.panel)
