"""The page behind "More": one of several views, chosen from a menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from playground.core.experiment import Experiment
from playground.core.focus import Focus
from playground.core.snapshot import Snapshot
from playground.ui.diagnostics.gradient_histograms import GradientHistogramsView
from playground.ui.diagnostics.lines_view import ParameterLinesView
from playground.ui.diagnostics.optimizer_view import OptimizerView
from playground.ui.diagnostics.ratio_view import RatioView
from playground.ui.diagnostics.sample_view import SampleGradientsView
from playground.ui.plot_chrome import PlotView
from playground.ui.theme import Theme


class MorePage(PlotView):
    """Shows one view at a time; the others cost nothing.

    Attributes
    ----------
    lines, ratios, histograms, optimizer, samples : the views.
    stack : what holds them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = ParameterLinesView()
        self.ratios = RatioView()
        self.histograms = GradientHistogramsView()
        self.optimizer = OptimizerView()
        self.samples = SampleGradientsView()
        self.names: dict[PlotView, str] = {
            self.lines: "Parameter lines",
            self.ratios: "Update-to-weight ratio",
            self.histograms: "Gradient histograms",
            self.optimizer: "Optimiser state",
            self.samples: "Per-sample gradients",
        }
        self._snapshot: Snapshot | None = None
        self.stack = QStackedWidget(self)
        for view in self.names:
            self.stack.addWidget(view)
            view.wanted_changed.connect(self._on_wanted_changed)
        self.stack.currentChanged.connect(self._on_current_changed)
        self.setAccessibleName("More diagnostics")

    @property
    def current(self) -> PlotView:
        """The view that is shown."""
        return next(v for v in self.names if v is self.stack.currentWidget())

    @property
    def wanted(self) -> Focus:
        """What the shown view asks for."""
        return self.current.wanted

    def make_choice(self) -> QMenu:
        """Return the menu of all views, the shown one checked."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for index, (view, name) in enumerate(self.names.items()):
            action = QAction(name, menu, checkable=True)
            action.setData(index)
            action.setChecked(view is self.current)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._on_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def open_menu(self, place: QPoint) -> None:
        """Open the menu with its top left corner at a place of the screen."""
        self.make_choice().popup(place)

    def show_experiment(self, experiment: Experiment) -> None:
        """Tell all views."""
        for view in self.names:
            view.show_experiment(experiment)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Tell the shown view."""
        self._snapshot = snapshot
        self.current.show_snapshot(snapshot)

    def set_exporting(self, exporting: bool) -> None:
        """Tell the shown view."""
        self.current.set_exporting(exporting)

    def apply_theme(self, theme: Theme) -> None:
        """Tell all views."""
        super().apply_theme(theme)
        for view in self.names:
            view.apply_theme(theme)

    def arrange(self) -> None:
        """Give the stack all the room."""
        self.stack.setGeometry(self.rect())

    def _on_triggered(self, action: QAction) -> None:
        self.stack.setCurrentIndex(int(action.data()))

    def _on_wanted_changed(self) -> None:
        self.wanted_changed.emit()

    def _on_current_changed(self) -> None:
        if self._snapshot is not None:
            self.current.show_snapshot(self._snapshot)
        self.wanted_changed.emit()
