"""The sizes that the dock must bear; run with -m slow on a quiet machine."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from playground.core.experiment import Experiment, LayerSpec, NetworkSpec
from playground.core.run import Run
from playground.core.scalar_graph.folding import Level
from playground.session.garbage import GarbagePolicy
from playground.ui.fonts import load_fonts
from playground.ui.graph.dock import GraphDock

FRAME_S = 1 / 30


@pytest.fixture
def dock(qtbot: QtBot) -> Iterator[GraphDock]:
    """A dock that lives until its last paint event, with the collector kept back as in the app."""
    load_fonts()
    dock = GraphDock()
    policy = GarbagePolicy(dock)
    policy.start()
    qtbot.addWidget(dock)
    dock.resize(1440, 366)
    dock.show()
    yield dock
    policy.stop()
    dock.hide()


def shown(dock: GraphDock, *hidden: int) -> None:
    network = NetworkSpec(hidden=tuple(LayerSpec(n) for n in hidden))
    dock.show_snapshot(Run(Experiment(network=network)).snapshot(maps=False, output=False))


def seconds_per_pan(dock: GraphDock) -> float:
    start = perf_counter()
    for k in range(30):
        dock.view.pan(QPointF(3.0 if k % 2 else -3.0, 1.0))
        dock.view.repaint()
    return (perf_counter() - start) / 30


@pytest.mark.slow
def test_65_000_nodes_open_folded_within_a_second_and_pan_at_30_frames(dock: GraphDock) -> None:
    shown(dock, 16, 16)
    start = perf_counter()
    dock.choose_samples(0, 100)
    dock.view.repaint()
    assert perf_counter() - start < 1.0
    assert dock.desk.graph is not None
    assert len(dock.desk.graph) > 65_000
    for level in Level:
        dock.bar.level_chosen.emit(level)
        assert seconds_per_pan(dock) < FRAME_S
        dock.view.fit()
        assert seconds_per_pan(dock) < FRAME_S


@pytest.mark.slow
def test_nearly_5_000_nodes_unfolded_stay_usable(dock: GraphDock) -> None:
    shown(dock, 32, 32, 14)
    start = perf_counter()
    dock.bar.level_chosen.emit(Level.VALUES)
    dock.view.repaint()
    assert perf_counter() - start < 1.0
    assert dock.view.drawing is not None
    assert len(dock.view.drawing.boxes) > 4_500
    dock.view.fit()
    assert seconds_per_pan(dock) < FRAME_S
    for scale in (0.15, 0.4, 0.8, 1.5):
        dock.view.zoom_by(scale / dock.view.scale)
        assert seconds_per_pan(dock) < FRAME_S
    start = perf_counter()
    dock.steps.step_on()
    assert perf_counter() - start < 0.5
    start = perf_counter()
    for _ in range(10):
        dock.steps.step_on()
        dock.view.repaint()
    assert (perf_counter() - start) / 10 < 0.1
