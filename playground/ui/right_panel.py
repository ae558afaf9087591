"""The right panel: output map, loss, and the tabs with weights, gradients, activations, neuron."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.core.experiment import Experiment
from playground.core.focus import NOTHING, Focus, ParameterAddress
from playground.core.snapshot import Activity, Snapshot
from playground.ui.activations_view import ActivationsView
from playground.ui.controls.base import Themed
from playground.ui.controls.buttons import IconButton
from playground.ui.diagnostics.larger import LargerWindow
from playground.ui.diagnostics.more_page import MorePage
from playground.ui.diagnostics.sample_view import SampleGradientsView
from playground.ui.gradients_view import GradientsView
from playground.ui.loss_view import LossView
from playground.ui.map_reader import Pin
from playground.ui.neuron_view import NeuronView
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import PlotView, ViewTask
from playground.ui.redraws import Redraws
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
ENLARGE_MARGIN = 10
SHARE_OF_LOSS = 0.35
"""How much of the height that is left over the loss plot takes; the open page takes the rest."""

PLOT_INTERVAL_S = 1 / 15
PAGE_INTERVAL_S = 1 / 10


@dataclass(frozen=True, slots=True, eq=False)
class ViewRequest:
    """A picture of a view that a person asked for."""

    view: PlotView
    name: str
    task: ViewTask


class RightPanel(QWidget, Themed):
    """What the network answers and how it learns.

    Views that cannot be seen cost nothing, here and in the training thread, and catch up when
    they are shown; see `Redraws`.

    Attributes
    ----------
    output, loss, weights, gradients, activations, neuron : the views.
    more : the page of further views.
    tabs, stack : the tab bar and its pages.

    Signals
    -------
    experiment_edited : object
        An edited `Experiment`, as from every panel.
    focus_changed : object
        The `Focus` of all views that can be seen.
    picture_requested : object
        A `ViewRequest` to copy or save a view.
    export_requested : str
        The name of a view, as in `views`, that is to be exported.
    """

    experiment_edited = Signal(object)
    focus_changed = Signal(object)
    picture_requested = Signal(object)
    export_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._redraws = Redraws(self._visible_views)
        self._windows: list[LargerWindow] = []
        self._experiment: Experiment | None = None
        self._focus = NOTHING
        self._lines: tuple[int, ...] = ()
        self._pages_before: dict[QWidget, QWidget | None] = {}
        self.output = OutputView(self)
        self.loss = LossView(self)
        self.weights = WeightsView()
        self.gradients = GradientsView()
        self.activations = ActivationsView()
        self.neuron = NeuronView()
        self.more = MorePage()
        self._names: dict[PlotView, str] = {
            self.output: "Output",
            self.loss: "Loss",
            self.weights: "Weights",
            self.gradients: "Gradients",
            self.activations: "Activations",
            self.neuron: "Neuron",
            self.more: "More",
        }
        for view in self._names:
            is_plot = view in (self.output, self.loss)
            self._redraws.add(view, PLOT_INTERVAL_S if is_plot else PAGE_INTERVAL_S)
        for view in (*self._names, *self.more.names):
            view.wanted_changed.connect(self._on_wanted_changed)
            view.task_requested.connect(self._on_task_requested)
        self.tabs = TabBar(self)
        self.stack = QStackedWidget(self)
        for page in (self.weights, self.gradients, self.activations, self.neuron, self.more):
            self.tabs.addTab(self._names[page])
            self.stack.addWidget(page)
        self.tabs.set_menu_tab(self.tabs.count() - 1)
        self.tabs.menu_clicked.connect(self.more.open_menu)
        self.enlarge = IconButton("fit", "Open this view larger", 24, parent=self)
        self.enlarge.clicked.connect(self._on_enlarge_clicked)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.stack.currentChanged.connect(self._on_page_changed)
        self.tabs.setCurrentIndex(self.stack.indexOf(self.gradients))
        self.output.point_pinned.connect(self._on_point_pinned)
        self.setAccessibleName("Output, loss and diagnostics")

    @property
    def views(self) -> dict[str, PlotView]:
        """All views by their names in small letters, also those behind "More"."""
        names = {**self._names, **self.more.names}
        return {name.lower(): view for view, name in names.items() if view is not self.more}

    def show_experiment(self, experiment: Experiment) -> None:
        """Tell all views; only what snapshots say is drawn."""
        self._experiment = experiment
        for view in self._all_views():
            view.show_experiment(experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the snapshot: in turns while training runs, at once otherwise."""
        self._redraws.show_snapshot(snapshot)

    def redraw_another(self) -> None:
        """Draw the newest snapshot in one more view, if one waits too long."""
        self._redraws.redraw_another()

    def catch_up(self) -> None:
        """Draw the newest snapshot in all visible views, if training rests."""
        self._redraws.catch_up_at_rest()

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs."""
        self._redraws.show_activity(activity)
        for view in self._all_views():
            if isinstance(view, LossView):
                view.show_preparing(activity is Activity.PREPARING)

    def show_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Show the map of the neuron under the pointer, (layer, index), or the output's again."""
        self.output.show_neuron(neuron)

    def select_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Fill the Neuron page with the selected neuron, (layer, index), or empty it.

        Views in windows of their own follow, too.
        """
        for view in (self.more.samples, *self._all_views()):
            if isinstance(view, NeuronView | SampleGradientsView):
                view.show_neuron(neuron)

    def select_parameter(self, address: ParameterAddress) -> None:
        """Put a weight or bias under the microscope, also where it is open in its own window."""
        for view in (self.more.samples, *self._all_views()):
            if isinstance(view, SampleGradientsView):
                view.show_parameter(address)

    @property
    def focus(self) -> Focus:
        """What the views that can be seen ask of the training thread."""
        return reduce(or_, (view.wanted for view in self._visible_views()), NOTHING)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the panel and all views."""
        super().apply_theme(theme)
        self.tabs.apply_theme(theme)
        self.enlarge.apply_theme(theme)
        for view in self._all_views():
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
        page = chosen
        while page is not None and self.stack.indexOf(page) < 0:
            page = self._pages_before.get(page)
        if page is not None and page is not chosen:
            self.tabs.setCurrentIndex(self.stack.indexOf(page))
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
        beside = ENLARGE_MARGIN + self.enlarge.width()
        self.tabs.fit(width - beside)
        self.enlarge.move(width - beside, y + (tabs_h - self.enlarge.height()) // 2)
        self.stack.setGeometry(QRect(0, y + tabs_h, width, max(1, height - y - tabs_h)))
        lines.append(y + tabs_h - 1)
        self._lines = tuple(lines)
        self.update()
        self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the panel was hidden."""
        super().showEvent(event)
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask nothing any more."""
        super().hideEvent(event)
        self._catch_up()

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
            self._pages_before[view] = self.stack.currentWidget()
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
        self._catch_up()

    def _on_point_pinned(self, pin: Pin | None) -> None:
        for view in self._all_views():
            if isinstance(view, NeuronView):
                view.show_pin(pin)

    def _on_wanted_changed(self) -> None:
        focus = self.focus
        if focus != self._focus:
            self._focus = focus
            self.focus_changed.emit(focus)

    def _catch_up(self) -> None:
        self._redraws.catch_up()
        self._on_wanted_changed()

    def _all_views(self) -> list[PlotView]:
        return [*self._names, *(window.view for window in self._windows)]

    def _visible_views(self) -> list[PlotView]:
        larger = [window.view for window in self._windows if not window.isMinimized()]
        # A panel that was never shown is not hidden: its picture can be asked for.
        if self.isHidden() and self.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return larger
        page = self.stack.currentWidget()
        mine = [view for view in self._names if view is page or self.stack.indexOf(view) < 0]
        return mine + larger

    # Views in windows of their own, and pictures.

    def _on_enlarge_clicked(self) -> None:
        page = self.stack.currentWidget()
        self.open_larger(self.more.current if page is self.more else cast(PlotView, page))

    def open_larger(self, view: PlotView) -> LargerWindow:
        """Open a window of its own with a view that shows the same as `view`."""
        twin = view.twin()
        window = LargerWindow(twin, self._name_of(view), self)
        window.closed.connect(self._on_larger_closed)
        window.state_changed.connect(self._catch_up)
        twin.wanted_changed.connect(self._on_wanted_changed)
        twin.task_requested.connect(self._on_task_requested)
        twin.apply_theme(self.theme)
        if self._experiment is not None:
            twin.show_experiment(self._experiment)
        self._windows.append(window)
        self._redraws.add(twin, PAGE_INTERVAL_S)
        window.show()
        self._catch_up()
        return window

    def _on_larger_closed(self, window: LargerWindow) -> None:
        self._windows.remove(window)
        self._redraws.remove(window.view)
        self._on_wanted_changed()

    def _name_of(self, view: PlotView) -> str:
        names = {**self._names, **self.more.names}
        kin = (name for known, name in names.items() if type(known) is type(view))
        return names.get(view) or next(kin)

    def _on_task_requested(self, task: ViewTask) -> None:
        view = cast(PlotView, self.sender())
        if task is ViewTask.ENLARGE:
            self.open_larger(view)
        elif task is ViewTask.EXPORT:
            self.export_requested.emit(self._name_of(view).lower())
        else:
            self.picture_requested.emit(ViewRequest(view, self._name_of(view), task))
