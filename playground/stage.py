"""A window that no screen shows, on which what is made without a display is drawn."""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QApplication, QWidget

from playground.app import build_window
from playground.core.experiment import Experiment
from playground.core.focus import Focus
from playground.core.snapshot import Snapshot
from playground.session.controller import Controller
from playground.ui.appearance import Preference
from playground.ui.canvas.network_view import NetworkView
from playground.ui.main_window import MainWindow
from playground.ui.plot_chrome import PlotView
from playground.ui.theme import Theme

_ready: list[MainWindow] = []


@cache
def _application() -> QCoreApplication:
    return QApplication.instance() or QApplication(sys.argv[:1])


def make_ready() -> None:
    """Build the window of the next picture before it is asked for."""
    _ready.append(_new_window(Experiment()))


def _new_window(experiment: Experiment) -> MainWindow:
    _application()
    return build_window(Controller(experiment))


class Stage:
    """A window that no screen shows, ready to draw one view.

    Attributes
    ----------
    view, theme : what is drawn, and in which theme.

    Raises
    ------
    KeyError
        If the window has no view of that name.
    """

    def __init__(
        self,
        experiment: Experiment,
        view: str,
        theme: Preference,
        size: tuple[int, int],
        neuron: tuple[int, int] | None = None,
    ) -> None:
        if _ready:
            self.window = _ready.pop()
            self.window.controller.apply(experiment)
        else:
            self.window = _new_window(experiment)
        self.window.choose_theme(theme)
        self.window.setMinimumSize(1, 1)
        if view == "window":
            self.window.resize(QSize(*size))
        if view not in self.window.views:
            known = ", ".join(self.window.views)
            self.window.close()
            raise KeyError(f"there is no view {view!r}; the views are: {known}")
        self._name = view
        self._is_told = False
        self.view: QWidget = self.window.views[view]
        self.theme: Theme = self.window.appearance.theme
        if neuron is not None:
            self.window.network.select_neuron(neuron)
            self.window.right.select_neuron(neuron)

    @property
    def focus(self) -> Focus:
        """What the view asks of the training."""
        return self.window.focus_of(self._name)

    def show(self, snapshot: Snapshot) -> None:
        """Show a moment of the run."""
        if self._is_told and isinstance(self.view, NetworkView | PlotView):
            self.view.show_snapshot(snapshot)  # nobody sees the others
        else:
            self._is_told = True
            self.window.controller.show(snapshot)
        QApplication.processEvents()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
