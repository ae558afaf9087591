"""The graph's sample is chosen where samples are: on the output map and in the table's rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.experiment import DatasetKind, DataSpec, Experiment
from playground.core.scalar_graph.graph import Role
from playground.core.snapshot import Snapshot
from playground.ui.graph.dock import GraphDock
from playground.ui.main_window import MainWindow
from playground.ui.map_words import read_out
from tests.ui.fake_controller import FakeController
from tests.ui.graph.test_dock import XOR, snapshot_of

LEFT = Qt.MouseButton.LeftButton
CIRCLE = Experiment(data=DataSpec(DatasetKind.CIRCLE, n_samples=40))


def open_window(qtbot: QtBot, experiment: Experiment) -> MainWindow:
    controller = FakeController(experiment)
    controller.snapshot = snapshot_of(experiment)
    window = MainWindow(controller)  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    window.bottom.reduced_motion = True
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = open_window(qtbot, XOR)
    yield window
    window.close()


def snapshot_in(window: MainWindow) -> Snapshot:
    assert window.controller.snapshot is not None
    return window.controller.snapshot


def click_sample(window: MainWindow, sample: int, qtbot: QtBot) -> None:
    output = window.right.output
    x1, x2 = snapshot_in(window).data.x[sample].tolist()
    qtbot.mouseClick(output, LEFT, pos=output._square.to_pixel(x1, x2).toPoint())


def inputs_of(dock: GraphDock) -> list[float]:
    graph = dock.desk.graph
    assert graph is not None
    return [v.data for v, r in zip(graph.nodes, graph.roles, strict=True) if r is Role.INPUT]


def selected_rows(window: MainWindow) -> list[int]:
    return [k for k, row in enumerate(window.left.data.table.rows) if row.is_selected]


def test_a_point_on_the_map_is_the_graphs_sample(window: MainWindow, qtbot: QtBot) -> None:
    dock = window.graph.dock
    window.bottom.set_open(True)
    assert selected_rows(window) == [0]
    click_sample(window, 2, qtbot)
    assert inputs_of(dock) == [1.0, 0.0]
    assert dock.bar.samples.words == "Sample 3:"
    assert selected_rows(window) == [2]
    assert window.right.output.reader.marked == 2


def test_a_tables_row_is_the_graphs_sample(window: MainWindow, qtbot: QtBot) -> None:
    rows = window.left.data.table.rows
    window.bottom.set_open(True)
    qtbot.mouseClick(rows[1].answer, LEFT)
    assert inputs_of(window.graph.dock) == [0.0, 1.0]
    qtbot.mouseClick(rows[3].fields[0], LEFT)
    assert inputs_of(window.graph.dock) == [1.0, 1.0]
    assert selected_rows(window) == [3]
    assert window.right.output.reader.marked == 3


def test_a_sample_chosen_in_the_graph_is_selected_and_marked(window: MainWindow) -> None:
    window.bottom.set_open(True)
    window.graph.dock.choose_samples(3)
    assert selected_rows(window) == [3]
    assert window.right.output.reader.marked == 3
    window.graph.dock.choose_samples(0, 4)  # the mean of all is no sample
    assert selected_rows(window) == []
    assert window.right.output.reader.marked is None


def test_what_is_chosen_while_the_graph_is_closed_is_shown_when_it_opens(
    window: MainWindow, qtbot: QtBot
) -> None:
    dock = window.graph.dock
    window.bottom.set_open(True)
    window.bottom.set_open(False)
    click_sample(window, 1, qtbot)
    assert selected_rows(window) == [1]
    assert window.right.output.reader.marked is None
    window.bottom.set_open(True)
    assert inputs_of(dock) == [0.0, 1.0]
    assert window.right.output.reader.marked == 1


def test_the_bench_stays_and_gives_way_to_the_sample_chosen_meanwhile(
    window: MainWindow, qtbot: QtBot
) -> None:
    dock = window.graph.dock
    window.bottom.set_open(True)
    dock.bench_action.setChecked(True)
    click_sample(window, 2, qtbot)
    assert dock.desk.expression
    dock.bench_action.setChecked(False)
    assert inputs_of(dock) == [1.0, 0.0]
    assert selected_rows(window) == [2]


def test_without_a_pointer_the_map_tells_of_the_graphs_sample(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.bottom.set_open(True)
    click_sample(window, 2, qtbot)
    output, snapshot = window.right.output, snapshot_in(window)
    QApplication.sendEvent(output, QEvent(QEvent.Type.Leave))
    words = read_out(snapshot, output.reader)
    assert words.startswith("Sample 3\u2003y +1\u2003ŷ ")
    assert words.endswith(f"ℓ {snapshot.losses[2]:.4f}")


def test_a_test_sample_has_no_graph(qtbot: QtBot) -> None:
    experiment = replace(CIRCLE, data=replace(CIRCLE.data, noise=0.3))
    window = open_window(qtbot, experiment)
    data = snapshot_in(window).data
    window.bottom.set_open(True)
    click_sample(window, data.n_train, qtbot)
    assert window.right.output.reader.pin is not None
    assert window.right.output.reader.pin.sample == data.n_train
    assert window.graph.dock.sample == 0
    assert "trained on" in window.status.message.text()
    window.close()
