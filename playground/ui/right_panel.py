"""The right panel: output map, loss, and the tabs with weights, gradients, activations, neuron."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.core.experiment import Experiment
from playground.core.snapshot import Activity, Snapshot
from playground.ui.activations_view import ActivationsView
from playground.ui.controls.base import Themed
from playground.ui.gradients_view import GradientsView
from playground.ui.loss_view import LossView
from playground.ui.neuron_view import NeuronView
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import PlotView
from playground.ui.tab_bar import TabBar, tabs_height
from playground.ui.theme import RIGHT_W, Theme, scaled
from playground.ui.weights_view import WeightsView

LOSS_IN_TABS_BELOW_H = 640
OUTPUT_IN_TABS_BELOW_H = 480
AROUND_MAP_W, AROUND_MAP_H = 123, 92
LOSS_H = 158
PAGE_H, LEAST_PAGE_H = 177, 150
LOSS_PAGE_H = 223
LEAST_MAP = 120
SHARE_OF_LOSS = 0.35
"""How much of the height that is left over the loss plot takes; the open page takes the rest."""

PLOT_INTERVAL_S = 1 / 15
PAGE_INTERVAL_S = 1 / 10
LATE = 1.6
"""Intervals after which a view is redrawn although it is not its turn."""


@dataclass(slots=True)
class _Pace:
    """How often a view may be redrawn while training runs, and when it last was."""

    interval: float
    last: float = 0.0
    stale: bool = False


class RightPanel(QWidget, Themed):
    """What the network answers and how it learns.

    While training runs, each call of `show_snapshot` redraws one view, the one that has waited
    longest for its turn, or two if ticks are rare; otherwise all visible views are redrawn. Views
    that cannot be seen cost nothing and catch up when they are shown.

    Attributes
    ----------
    output, loss, weights, gradients, activations, neuron : the views.
    tabs, stack : the tab bar and its pages.

    Signals
    -------
    experiment_edited : object
        An edited `Experiment`, as from every panel.
    """

    experiment_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._activity = Activity.PAUSED
        self._lines: tuple[int, ...] = ()
        self._page_before: QWidget | None = None
        self.output = OutputView(self)
        self.loss = LossView(self)
        self.weights = WeightsView()
        self.gradients = GradientsView()
        self.activations = ActivationsView()
        self.neuron = NeuronView()
        self._names: dict[PlotView, str] = {
            self.output: "Output",
            self.loss: "Loss",
            self.weights: "Weights",
            self.gradients: "Gradients",
            self.activations: "Activations",
            self.neuron: "Neuron",
        }
        self._paces = {
            view: _Pace(PLOT_INTERVAL_S if view in (self.output, self.loss) else PAGE_INTERVAL_S)
            for view in self._names
        }
        self.tabs = TabBar(self)
        self.stack = QStackedWidget(self)
        for page in (self.weights, self.gradients, self.activations, self.neuron):
            self.tabs.addTab(self._names[page])
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.stack.currentChanged.connect(self._on_page_changed)
        self.tabs.setCurrentIndex(self.stack.indexOf(self.gradients))
        self.setAccessibleName("Output, loss and diagnostics")

    def show_experiment(self, experiment: Experiment) -> None:
        """Tell all views; only what snapshots say is drawn."""
        for view in self._names:
            view.show_experiment(experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the snapshot: in turns while training runs, at once otherwise."""
        before = self._snapshot
        self._snapshot = snapshot
        for pace in self._paces.values():
            pace.stale = True
        same_run = before is not None and before.run_id == snapshot.run_id
        same_shape = same_run and before is not None and len(before.layers) == len(snapshot.layers)
        if self._activity is Activity.RUNNING and same_shape:
            self._redraw_most_overdue()
        else:
            self._redraw_visible()

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs; when it stops, all visible views catch up."""
        self._activity = activity
        if activity is not Activity.RUNNING:
            self._redraw_visible()

    def show_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Show the map of the neuron under the pointer, (layer, index), or the output's again."""
        self.output.show_neuron(neuron)

    def select_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Fill the Neuron page with the selected neuron, (layer, index), or empty it."""
        self.neuron.show_neuron(neuron)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the panel and all views."""
        super().apply_theme(theme)
        self.tabs.apply_theme(theme)
        for view in self._names:
            view.apply_theme(theme)
        self.arrange()

    def sizeHint(self) -> QSize:
        """Return the size in the standard window."""
        return QSize(RIGHT_W - 1, 740)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the views."""
        self.arrange()

    def arrange(self) -> None:
        """Divide the height, and move Loss and Output into the tabs when it is short."""
        width, height = self.width(), self.height()
        tabs_h, loss_h = tabs_height(), scaled(LOSS_H)
        output_stays = height >= scaled(OUTPUT_IN_TABS_BELOW_H)
        loss_stays = height >= scaled(LOSS_IN_TABS_BELOW_H)
        chosen = self.stack.currentWidget()
        self._move(self.loss, not loss_stays)
        self._move(self.output, not output_stays)
        gone = chosen is not None and self.stack.indexOf(chosen) < 0
        if gone and self._page_before is not None:
            self.tabs.setCurrentIndex(self.stack.indexOf(self._page_before))
        map_side = width - scaled(AROUND_MAP_W)
        y = 0
        lines = []
        if output_stays:
            below = tabs_h + scaled(LOSS_PAGE_H)
            if loss_stays:
                below = tabs_h + loss_h + 1 + scaled(LEAST_PAGE_H)
            side = max(LEAST_MAP, min(map_side, height - below - scaled(AROUND_MAP_H)))
            y = side + scaled(AROUND_MAP_H)
            self.output.setGeometry(QRect(0, 0, width, y))
        if loss_stays:
            lines.append(y)
            spare = max(0, height - y - 1 - loss_h - tabs_h - scaled(PAGE_H))
            loss_height = loss_h + round(SHARE_OF_LOSS * spare)
            self.loss.setGeometry(QRect(0, y + 1, width, loss_height))
            y += 1 + loss_height
        self.tabs.move(0, y)
        self.tabs.fit(width)
        self.stack.setGeometry(QRect(0, y + tabs_h, width, max(1, height - y - tabs_h)))
        self._lines = tuple(lines)
        self.update()
        self._redraw_visible()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the panel was hidden."""
        super().showEvent(event)
        self._redraw_visible()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill, and draw the lines between the sections."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.panel)
        for y in self._lines:
            painter.fillRect(0, y, self.width(), 1, self.theme.line)

    def _move(self, view: PlotView, into_tabs: bool) -> None:
        """Make a view the first tab, or take it out of the tabs again."""
        index = self.stack.indexOf(view)
        if into_tabs == (index >= 0):
            return
        if into_tabs:
            if self.stack.currentWidget() not in (self.loss, self.output):
                self._page_before = self.stack.currentWidget()
            self.stack.insertWidget(0, view)
            self.tabs.insertTab(0, self._names[view])
            self.tabs.setCurrentIndex(0)
        else:
            self.stack.removeWidget(view)
            self.tabs.removeTab(index)
            view.setParent(self)
            view.show()
        if view is self.loss:
            self.loss.set_titled(not into_tabs)

    def _on_tab_changed(self, index: int) -> None:
        if 0 <= index < self.stack.count():
            self.stack.setCurrentIndex(index)

    def _on_page_changed(self, index: int) -> None:
        if self.tabs.count() == self.stack.count():
            self.tabs.setCurrentIndex(index)
        self._redraw_visible()

    def _visible_views(self) -> list[PlotView]:
        # A panel that was never shown is not hidden: its picture can be asked for.
        if self.isHidden() and self.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return []
        page = self.stack.currentWidget()
        return [view for view in self._names if view is page or self.stack.indexOf(view) < 0]

    def _redraw_visible(self) -> None:
        for view in self._visible_views():
            if self._paces[view].stale:
                self._redraw(view)

    def _redraw_most_overdue(self) -> None:
        now = perf_counter()

        def waited(view: PlotView) -> float:
            pace = self._paces[view]
            return (now - pace.last) / pace.interval

        # On a slow machine ticks are rare: then one view per tick would not be enough.
        views = sorted(self._visible_views(), key=waited, reverse=True)[:2]
        for view, limit in zip(views, (1.0, LATE), strict=False):
            if waited(view) >= limit:
                self._redraw(view)

    def _redraw(self, view: PlotView) -> None:
        assert self._snapshot is not None
        pace = self._paces[view]
        pace.last = perf_counter()
        pace.stale = False
        view.show_snapshot(self._snapshot)
