"""Nothing is painted twice, and nothing that has not changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import Experiment
from playground.ui.canvas.toolbar import CanvasToolbar
from playground.ui.fonts import load_fonts
from playground.ui.neuron_line import NeuronLine
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import PlotSurface
from playground.ui.right_panel import RightPanel
from playground.ui.theme import LIGHT
from tests.ui.snapshots import make_snapshot

PANEL = (403, 740)


def _settle() -> None:
    """Handle all events and what they lead to: a second painting comes from the first."""
    for _ in range(5):
        QCoreApplication.processEvents()


class Paintings(QObject):
    """Counts how often widgets are painted."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[int, str] = {}
        self.counts: Counter[str] = Counter()

    def watch(self, widget: QWidget, name: str) -> None:
        """Count a widget's paintings."""
        self._names[id(widget)] = name
        widget.installEventFilter(self)

    @contextmanager
    def counted(self) -> Iterator[Counter[str]]:
        """Count what is done here asks for, and nothing from before."""
        _settle()
        self.counts.clear()
        yield self.counts
        _settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and id(watched) in self._names:
            self.counts[self._names[id(watched)]] += 1
        return False


@pytest.fixture
def paintings(qapp: QApplication) -> Paintings:
    load_fonts()
    return Paintings()


def shown(qtbot: QtBot, widget: QWidget, size: tuple[int, int]) -> None:
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.show()
    qtbot.waitExposed(widget)


def test_a_snapshot_has_each_plot_painted_once(qtbot: QtBot, paintings: Paintings) -> None:
    panel = RightPanel()
    panel.apply_theme(LIGHT)
    shown(qtbot, panel, PANEL)
    panel.show_snapshot(make_snapshot(epoch=10))
    for name in ("output", "loss", "gradients"):
        (surface,) = panel.views[name].findChildren(PlotSurface)
        paintings.watch(surface.viewport(), name)
    with paintings.counted() as counts:
        panel.show_snapshot(make_snapshot(epoch=90))  # the axes of epochs move
    assert counts == {"output": 1, "loss": 1, "gradients": 1}


def test_the_map_is_left_alone_while_no_line_lies_on_it(qtbot: QtBot, paintings: Paintings) -> None:
    output = OutputView()
    output.apply_theme(LIGHT)
    shown(qtbot, output, (404, 372))
    line = NeuronLine(output)
    experiment = Experiment()
    snapshot = make_snapshot(experiment)
    output.show_snapshot(snapshot)
    line.show_experiment(experiment)
    (surface,) = output.findChildren(PlotSurface)
    paintings.watch(surface.viewport(), "map")
    with paintings.counted() as counts:
        line.show_snapshot(make_snapshot(experiment, epoch=90))
    assert not counts
    with paintings.counted() as counts:
        line.select((0, 1))
    assert output.tool is line.tool
    assert counts == {"map": 1}
    with paintings.counted() as counts:
        line.show_snapshot(make_snapshot(experiment, epoch=95))
    assert counts == {"map": 1}
    with paintings.counted() as counts:
        line.select(None)
    assert output.tool is None
    assert counts == {"map": 1}


def test_the_legend_is_painted_for_another_figure_only(qtbot: QtBot, paintings: Paintings) -> None:
    toolbar = CanvasToolbar()
    toolbar.apply_theme(LIGHT)
    shown(qtbot, toolbar, (784, 40))
    toolbar.show_reference(2.31)
    paintings.watch(toolbar, "toolbar")
    with paintings.counted() as counts:
        toolbar.show_reference(2.32)  # both are written 2.3
    assert not counts
    with paintings.counted() as counts:
        toolbar.show_reference(2.4)
    assert counts == {"toolbar": 1}
