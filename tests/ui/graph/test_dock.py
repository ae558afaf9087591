"""The dock: what it shows is the engine's, and stepping changes nothing but what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from playground.core.experiment import (
    DatasetKind,
    Experiment,
    Initializer,
    LayerSpec,
    NetworkSpec,
    presets,
)
from playground.core.own_data import OwnData
from playground.core.run import Run
from playground.core.scalar_graph.finding import find_nodes
from playground.core.scalar_graph.folding import Level
from playground.core.scalar_graph.folds import Folds
from playground.core.scalar_graph.network import network_graph
from playground.core.scalar_graph.stepping import Direction
from playground.core.snapshot import Activity, Snapshot
from playground.ui.fonts import load_fonts
from playground.ui.graph.dock import GraphDock
from playground.ui.graph.looks import UNKNOWN, Look, Mark
from playground.ui.graph.pane import StepPane
from playground.ui.labels import number
from playground.ui.main_window import MainWindow
from playground.ui.theme import DARK, LIGHT, PANE_W
from tests.pictures import picture_of
from tests.ui.fake_controller import FakeController
from tests.ui.painted_text import texts_of
from tests.ui.test_text_fits import faults
from tests.ui.tool_tips import shown

XOR = replace(
    presets()[DatasetKind.XOR_TABLE.value],
    network=NetworkSpec(hidden=(LayerSpec(2),), initializer=Initializer.XAVIER_UNIFORM),
)
WIDE = Experiment(network=NetworkSpec(hidden=(LayerSpec(8), LayerSpec(8))))


def snapshot_of(experiment: Experiment, steps: int = 7) -> Snapshot:
    run = Run(experiment)
    run.advance(steps)
    return run.snapshot(maps=False, output=False)


@pytest.fixture
def dock(qtbot: QtBot) -> GraphDock:
    load_fonts()
    dock = GraphDock()
    qtbot.addWidget(dock)
    dock.resize(1440, 366)
    dock.show()
    dock.show_snapshot(snapshot_of(XOR))
    return dock


def cells(dock: GraphDock) -> dict[int, tuple[float | None, float | None]]:
    return {c.node: (c.data, c.grad) for look in dock.view.looks() for c in look.cells}


def named(dock: GraphDock, name: str) -> Look:
    for look in dock.view.looks():
        if str(look.cells[0].name) == name:
            return look
    raise AssertionError(name)


def folds(dock: GraphDock) -> Folds:
    assert dock.desk.folds is not None
    return dock.desk.folds


def node(dock: GraphDock, name: str) -> int:
    assert dock.desk.graph is not None
    return find_nodes(dock.desk.graph, name)[0]


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("samples", [(0, 1), (2, 9)])
def test_each_number_on_screen_is_the_engines_at_every_level(
    dock: GraphDock, level: Level, samples: tuple[int, int]
) -> None:
    snapshot = snapshot_of(WIDE)
    dock.show_snapshot(snapshot)
    dock.desk.choose_samples(*samples)
    folds(dock).set_level(level)
    dock.view.show_graph()
    first, count = samples
    own = network_graph(WIDE, snapshot.parameters, range(first, first + count))
    own.root.backward()
    shown = cells(dock)
    assert shown
    for k, (data, grad) in shown.items():
        assert (data, grad) == (own.nodes[k].data, own.nodes[k].grad)
    for look in dock.view.looks():
        for cell in look.cells:
            assert cell.data_text == number(own.nodes[cell.node].data)
            assert cell.grad_text == number(own.nodes[cell.node].grad)


def test_a_running_training_refreshes_the_numbers(dock: GraphDock) -> None:
    before = cells(dock)
    dock.show_activity(Activity.RUNNING)
    later = snapshot_of(XOR, 60)
    dock.show_snapshot(later)
    own = network_graph(XOR, later.parameters, [0])
    own.root.backward()
    after = cells(dock)
    assert after != before
    assert after == {k: (v.data, v.grad) for k, v in enumerate(own.nodes)}


@pytest.mark.parametrize("frame_s", [0.016, 0.033, 0.036, 0.050, 0.066, 0.080])
def test_a_running_training_is_refreshed_ten_times_a_second_whatever_the_frames(
    dock: GraphDock, monkeypatch: pytest.MonkeyPatch, frame_s: float
) -> None:
    clock = [100.0]
    monkeypatch.setattr("playground.ui.graph.dock.monotonic", lambda: clock[0])
    run = Run(XOR)
    dock.show_activity(Activity.RUNNING)
    n_refreshes = 0
    while clock[0] < 110.0:
        before = cells(dock)
        run.advance(1)
        dock.show_snapshot(run.snapshot(maps=False, output=False))
        n_refreshes += cells(dock) != before
        clock[0] += frame_s
    assert 100 <= n_refreshes <= 106
    dock.show_activity(Activity.PAUSED)  # the last state is shown, on the beat or not
    own = network_graph(XOR, run.parameters, [0])
    own.root.backward()
    assert cells(dock) == {k: (v.data, v.grad) for k, v in enumerate(own.nodes)}


def test_backward_reveals_gradients_one_node_at_a_time(dock: GraphDock) -> None:
    dock.steps.step_on()
    assert named(dock, "L").mark is Mark.CURRENT
    assert named(dock, "ŷ").cells[0].grad_text == UNKNOWN
    assert dock.bar.count.text() == "Step 1 of 26"
    for _ in range(2):
        dock.steps.step_on()
    assert named(dock, "ŷ").mark is Mark.CURRENT
    assert named(dock, "s").mark is Mark.RECEIVING
    assert named(dock, "h₁").cells[0].grad_text == UNKNOWN
    told = dock.pane.explanation
    assert told is not None
    assert told.flows[0].amount == dock.desk.grad(node(dock, "s"))
    assert dock.pane.title == "tanh in Output"


@pytest.mark.parametrize("height", [326, 210, 133, 110])
def test_the_pane_of_a_low_dock_leaves_out_what_has_no_room(
    dock: GraphDock, qtbot: QtBot, height: int
) -> None:
    pane = StepPane()
    qtbot.addWidget(pane)
    pane.resize(PANE_W, height)
    pane.show()
    for _ in range(20):
        dock.steps.step_on()
        told = dock.pane.explanation
        assert told is not None
        pane.show_step(told, dock.pane.title)
        texts = texts_of(pane)
        assert faults(texts) == []
        written = " ".join(text.words for text in texts)
        assert (told.sentence in written) == (told.sentence[:12] in written)


def test_stepping_there_and_back_restores_every_number(dock: GraphDock) -> None:
    at_rest = cells(dock)
    dock.steps.seek(0)
    seen = []
    for position in range(27):
        dock.steps.seek(position)
        seen.append(cells(dock))
    for position in range(26, -1, -1):
        dock.steps.seek(position)
        assert cells(dock) == seen[position]
    dock.steps.leave()
    assert cells(dock) == at_rest


def test_the_steps_end_is_what_backward_gives(dock: GraphDock) -> None:
    at_rest = cells(dock)
    dock.steps.seek(17)
    assert cells(dock) == at_rest


def test_forward_computes_one_node_at_a_time(dock: GraphDock) -> None:
    dock.steps.set_direction(Direction.FORWARD)
    dock.steps.step_on()
    assert named(dock, "L").cells[0].data_text == UNKNOWN
    assert named(dock, "x₁").cells[0].data == 0.0
    while dock.desk.stepper is not None and dock.desk.stepper.position < 17:
        dock.steps.step_on()
    assert named(dock, "L").mark is Mark.CURRENT
    assert named(dock, "L").cells[0].data is not None


def test_after_the_last_node_the_optimiser_steps_every_parameter(dock: GraphDock) -> None:
    snapshot = snapshot_of(XOR)
    before = dock.desk.data(node(dock, "c"))
    gradient = dock.desk.grad(node(dock, "c"))
    dock.steps.seek(26)
    assert dock.pane.explanation is not None
    assert dock.pane.explanation.phase == "update"
    rate = snapshot.experiment.training.learning_rate
    assert before is not None
    assert gradient is not None
    assert dock.desk.data(node(dock, "c")) == before - rate * gradient


def test_a_step_asked_for_while_training_pauses_it_first(dock: GraphDock, qtbot: QtBot) -> None:
    dock.show_activity(Activity.RUNNING)
    with qtbot.waitSignal(dock.pause_requested):
        dock.steps.step_on()
    assert dock.desk.stepper is None
    dock.show_activity(Activity.PAUSED)
    assert dock.desk.stepper is not None
    assert dock.desk.stepper.position == 1


def test_the_same_state_shown_again_keeps_the_steps(dock: GraphDock) -> None:
    dock.steps.seek(5)
    dock.show_snapshot(snapshot_of(XOR))
    assert dock.desk.stepper is not None
    dock.show_snapshot(snapshot_of(XOR, 8))
    assert dock.desk.stepper is None


def test_the_neuron_of_a_step_is_told_to_the_canvas(dock: GraphDock, qtbot: QtBot) -> None:
    marks: list[object] = []
    dock.neuron_marked.connect(marks.append)
    dock.steps.jump_to(node(dock, "h1"))
    assert marks[-1] == (0, 0, "backward: tanh")


def test_playing_stops_at_the_end(dock: GraphDock, qtbot: QtBot) -> None:
    dock.bar.speed.show_value(10)
    dock.steps.seek(25)
    dock.steps.toggle_playing()
    assert dock.bar.play.text() == "Pause"
    qtbot.waitUntil(lambda: not dock.steps.is_playing)
    assert dock.desk.stepper is not None
    assert dock.desk.stepper.position == 26


def test_a_folded_neuron_unfolds_by_a_click_and_folds_by_the_right_button(
    dock: GraphDock, qtbot: QtBot
) -> None:
    dock.show_snapshot(snapshot_of(WIDE))
    assert folds(dock).level is Level.NEURONS
    drawing = dock.view.drawing
    assert drawing is not None
    before = len(drawing.boxes)
    index = next(k for k, item in enumerate(drawing.folded.items) if item.n_values == 8)
    place = drawing.boxes[index].center() * dock.view.scale + dock.view.origin
    qtbot.mouseClick(dock.view, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert dock.view.drawing is not None
    assert len(dock.view.drawing.boxes) == before + 7
    dock.nodes.fold_over(drawing.folded.items[index].rows[0])
    assert len(dock.view.drawing.boxes) == before


def test_clicking_a_value_says_what_it_is(dock: GraphDock, qtbot: QtBot) -> None:
    drawing = dock.view.drawing
    assert drawing is not None
    assert dock.desk.folded is not None
    index = dock.desk.folded.item_of[node(dock, "h1")]
    place = drawing.boxes[index].center() * dock.view.scale + dock.view.origin
    qtbot.mouseClick(dock.view, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert dock.pane.title == "h₁ in Hidden 1 · 1"
    assert dock.pane.figures == (dock.desk.data(node(dock, "h1")), dock.desk.grad(node(dock, "h1")))
    qtbot.mouseClick(dock.pane.jump, Qt.MouseButton.LeftButton)
    assert dock.desk.stepper is not None
    assert dock.desk.stepper.current_node == node(dock, "h1")


def test_zooming_goes_from_values_to_neurons_to_layers_and_back(
    dock: GraphDock, qtbot: QtBot
) -> None:
    dock.show_snapshot(snapshot_of(WIDE))
    wanted: list[Level] = []
    dock.view.level_requested.connect(wanted.append)
    counts = folds(dock).counts()
    assert counts[Level.LAYERS] < counts[Level.NEURONS] < counts[Level.VALUES] == 303
    for steps, level in ((-40, Level.LAYERS), (40, Level.NEURONS), (40, Level.VALUES)):
        for _ in range(abs(steps)):
            wheel(dock, qtbot, 1 if steps > 0 else -1)
            if wanted:
                break
        assert wanted == [level]
        assert folds(dock).level is level
        wanted.clear()
        dock.view.fit()


def wheel(dock: GraphDock, qtbot: QtBot, by: int) -> None:
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtGui import QWheelEvent

    middle = QPointF(dock.view.rect().center())
    event = QWheelEvent(
        middle,
        middle,
        QPoint(),
        QPoint(0, 120 * by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(dock.view, event)


def is_saved(text: str) -> bool:
    """Whether a message tells of a file that was made."""
    return "Saved" in text


def tip(dock: GraphDock, place: QPoint) -> str:
    """Rest the pointer on the graph, and return what is told."""
    asked = QHelpEvent(QEvent.Type.ToolTip, place, dock.view.mapToGlobal(place))
    QApplication.sendEvent(dock.view, asked)
    return shown(QToolTip.text())


@pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")
def test_a_tip_tells_the_number_of_now_and_nothing_over_blank_paper(
    dock: GraphDock, qtbot: QtBot
) -> None:
    view, root = dock.view, node(dock, "L")
    assert view.drawing is not None
    assert dock.desk.folded is not None
    box = view.drawing.boxes[dock.desk.folded.item_of[root]]
    place = (box.center() * view.scale + view.origin).toPoint()
    qtbot.mouseMove(view, place)
    before = dock.desk.data(root)
    assert f"data {before}" in tip(dock, place)
    dock.show_snapshot(snapshot_of(XOR, steps=50))
    assert dock.desk.data(root) != before
    assert f"data {dock.desk.data(root)}" in tip(dock, place)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: QToolTip.text() == "")
    qtbot.mouseMove(view, QPoint(3, 3))
    assert tip(dock, QPoint(3, 3)) == ""


def test_finding_a_node_selects_it_and_unfolds_what_hides_it(dock: GraphDock) -> None:
    dock.show_snapshot(snapshot_of(WIDE))
    dock.bar.search.setText("w1 12")
    dock.bar.search.wanted.emit("w112")
    assert dock.pane.title.startswith("w¹₁₂")
    assert dock.desk.folded is not None
    assert dock.desk.folded.item_at(node(dock, "w112")).group is None


def test_the_check_marks_every_parameter(dock: GraphDock) -> None:
    before = cells(dock)
    dock.check_action.setChecked(True)
    assert dock.check_pane.summary.text() == "9 of 9 agree"
    checked = [look for look in dock.view.looks() if look.check is not None]
    assert len(checked) == 9
    assert cells(dock) == before
    dock.check_pane.distance_chosen.emit(1e-3)
    assert dock.check_pane.plot.h == 1e-3
    assert len(dock.check_pane.plot.points) > 20
    dock.check_action.setChecked(False)
    assert all(look.check is None for look in dock.view.looks())


def test_training_goes_on_with_the_check_on_and_is_checked_when_it_rests(
    dock: GraphDock, qtbot: QtBot
) -> None:
    dock.check_action.setChecked(True)
    with qtbot.assertNotEmitted(dock.pause_requested):
        dock.show_activity(Activity.RUNNING)
        dock.show_snapshot(snapshot_of(XOR, steps=20))
    assert dock.pane.isVisible()
    assert dock.check_action.isChecked()
    dock.show_activity(Activity.PAUSED)
    assert dock.check_pane.isVisible()
    assert len(dock.desk.checks) == 9


def test_the_check_stays_in_front_when_the_numbers_it_was_made_of_are_told_again(
    dock: GraphDock,
) -> None:
    dock.bar.search.wanted.emit("w11")
    dock.check_action.setChecked(True)
    dock.show_activity(Activity.RUNNING)
    rested = snapshot_of(XOR, steps=20)
    dock.show_snapshot(rested)
    dock.show_activity(Activity.PAUSED)
    assert dock.nodes.selected == node(dock, "w11")
    assert dock.check_pane.isVisible()
    dock.show_snapshot(rested)
    assert dock.check_pane.isVisible()


def test_a_check_asked_for_while_training_runs_is_made_when_it_rests(
    dock: GraphDock, qtbot: QtBot
) -> None:
    dock.show_activity(Activity.RUNNING)
    with qtbot.waitSignal(dock.pause_requested):
        dock.check_action.setChecked(True)
    assert not dock.desk.checks
    dock.show_activity(Activity.PAUSED)
    assert dock.check_pane.isVisible()
    assert len(dock.desk.checks) == 9


def test_the_bench_follows_its_text_and_its_leaves(dock: GraphDock) -> None:
    dock.bench_action.setChecked(True)
    assert dock.bench.isVisible()
    dock.bench.show_example("Two branches")
    assert dock.bar.samples.words == "Expression"
    graph = dock.desk.graph
    assert graph is not None
    assert len(graph) == 6
    dock.bench.rows["a"].slider.value_edited.emit(3.0)
    assert dock.bench.leaves["a"] == 3.0
    assert named(dock, "a").cells[0].data == 3.0
    dock.bench.editor.setPlainText("a * (")
    assert "complete" in dock.bench.error.text()
    assert dock.desk.graph is not None
    dock.bench.editor.setPlainText("log(a)")
    dock.bench.rows["a"].slider.value_edited.emit(-1.0)
    assert "positive" in dock.bench.error.text()
    dock.steps.step_on()
    dock.bench.left.emit()
    assert not dock.desk.expression
    assert named(dock, "L").cells[0].data is not None


def test_the_bench_can_be_left_before_there_is_a_training(qtbot: QtBot) -> None:
    dock = GraphDock()
    qtbot.addWidget(dock)
    dock.show()
    dock.bench_action.setChecked(True)
    assert dock.desk.graph is not None
    dock.bench.left.emit()
    assert dock.desk.graph is None, "the expression's graph is not the training's"
    assert dock.bar.samples.words == "No graph"
    dock.steps.step_on()
    dock.check_action.setChecked(True)
    dock.check_action.setChecked(False)
    dock.choose_samples(2)
    dock.show_snapshot(snapshot_of(XOR))
    assert dock.sample == 2
    assert named(dock, "L").cells[0].data is not None


def test_samples_are_chosen_alone_and_together(dock: GraphDock) -> None:
    dock.choose_samples(2)
    assert dock.bar.samples.words == "Sample 3:"
    assert named(dock, "x₁").cells[0].data == 1.0
    dock.chooser.show_samples(0, 1, 4, dock.desk.most_samples)
    dock.chooser._count.value_edited.emit(1.0)
    assert dock.bar.samples.words == "Sample 1:"
    dock.chooser._count.show_value(4)
    dock.chooser._count.value_edited.emit(4.0)
    assert (dock.bar.samples.words, dock.bar.samples.formula) == ("Mean of 4 samples:", "1–4")
    assert dock.desk.graph is not None
    assert len(dock.desk.graph.samples) == 4


@pytest.mark.parametrize("ending", ["png", "svg", "pdf", "dot"])
def test_the_whole_graph_is_saved(
    dock: GraphDock, qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"graph.{ending}"
    with qtbot.waitSignal(dock.message_raised, timeout=60_000) as told:
        dock.export._on_path_chosen(path)
    assert told.args == [f"Saved {path.name}"]
    if ending == "png":
        image = QImage(str(path))
        assert image.size() == dock.export.size() * 2
        pixels = {image.pixel(x, image.height() // 2) for x in range(image.width())}
        assert len(pixels) > 5
    elif ending == "svg":
        renderer = QSvgRenderer(str(path))
        assert renderer.isValid()
        assert renderer.viewBoxF().size().toSize() == dock.export.size()
    elif ending == "pdf":
        assert path.read_bytes().startswith(b"%PDF")
    else:
        assert path.read_text().startswith("digraph")


@pytest.mark.parametrize("ending", ["gif", "webp", "apng"])
@pytest.mark.parametrize("stepping", [True, False])
def test_a_stepping_is_saved_as_an_animation_and_left_where_it_was(
    dock: GraphDock, qtbot: QtBot, tmp_path: Path, ending: str, stepping: bool
) -> None:
    if stepping:
        dock.steps.seek(4)
    before = cells(dock)
    path = tmp_path / f"stepping.{ending}"
    with qtbot.waitSignal(dock.message_raised, check_params_cb=is_saved, timeout=60_000):
        dock.export._on_path_chosen(path)
    with Image.open(path) as film:
        assert film.n_frames == 27
    assert cells(dock) == before
    assert (dock.desk.stepper is not None) is stepping


def test_an_animation_asked_for_while_training_runs_shows_the_moment_it_rests(
    dock: GraphDock, qtbot: QtBot, tmp_path: Path
) -> None:
    dock.show_activity(Activity.RUNNING)
    path = tmp_path / "stepping.gif"
    with qtbot.waitSignal(dock.pause_requested):
        dock.export._on_path_chosen(path)
    assert dock.export.film is None
    rested = snapshot_of(XOR, steps=20)
    dock.show_snapshot(rested)
    dock.show_activity(Activity.PAUSED)
    assert dock.export.film is not None
    with qtbot.waitSignal(dock.message_raised, check_params_cb=is_saved, timeout=60_000):
        pass
    assert dock.desk.data(node(dock, "w11")) == rested.parameters.weights[0][0, 0]


@pytest.mark.parametrize("is_rate", [True, False])
def test_an_animation_ends_where_other_numbers_come(
    dock: GraphDock, qtbot: QtBot, tmp_path: Path, is_rate: bool
) -> None:
    path = tmp_path / "stepping.gif"
    dock.export._on_path_chosen(path)
    assert dock.export.film is not None
    training = replace(XOR.training, learning_rate=0.5)
    other = replace(XOR, training=training) if is_rate else XOR
    with qtbot.waitSignal(dock.failed, timeout=60_000) as told:
        dock.show_snapshot(snapshot_of(other, steps=7 if is_rate else 8))
    assert told.args == ["stepping.gif could not be saved: the numbers have changed meanwhile"]
    assert not path.exists()
    assert dock.export.film is None


def test_an_animation_that_is_drawn_is_written_although_its_window_closes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    dock = GraphDock()
    dock.resize(1440, 366)
    dock.show()
    dock.show_snapshot(snapshot_of(XOR))
    path = tmp_path / "stepping.gif"
    dock.export._on_path_chosen(path)
    film = dock.export.film
    assert film is not None
    with qtbot.waitSignal(film.finished, timeout=60_000):
        pass
    dock.export.writer.close()
    dock.close()
    dock.deleteLater()
    with Image.open(path) as written:
        assert written.n_frames == 27


def test_a_file_that_cannot_be_written_is_told(
    dock: GraphDock, qtbot: QtBot, tmp_path: Path
) -> None:
    with qtbot.waitSignal(dock.failed) as told:
        dock.export._on_path_chosen(tmp_path / "missing" / "graph.svg")
    assert told.args[0].startswith("graph.svg: Not saved: the folder is not there any more.")
    assert "\n" not in told.args[0]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_two_pictures_of_one_state_are_the_same(dock: GraphDock, theme: object) -> None:
    dock.apply_theme(theme)  # type: ignore[arg-type]  # one of the two themes
    dock.steps.seek(6)
    assert dock.grab().toImage() == dock.grab().toImage()


# In the window.


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    controller = FakeController(XOR)
    controller.snapshot = snapshot_of(XOR)
    window = MainWindow(controller)  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    window.bottom.reduced_motion = True
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield window
    window.close()


def test_g_opens_and_closes_the_graph(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert window.bottom.is_open
    assert window.graph.dock.desk.graph is not None
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert not window.bottom.is_open


def test_arrows_step_f_turns_and_o_steps_too(window: MainWindow, qtbot: QtBot) -> None:
    dock = window.graph.dock
    qtbot.keyClick(window, Qt.Key.Key_G)
    qtbot.keyClick(dock.view, Qt.Key.Key_Right)
    qtbot.keyClick(dock.view, Qt.Key.Key_Right)
    assert dock.desk.stepper is not None
    assert dock.desk.stepper.position == 2
    qtbot.keyClick(dock.view, Qt.Key.Key_Left)
    assert dock.desk.stepper.position == 1
    qtbot.keyClick(window, Qt.Key.Key_O)
    assert dock.desk.stepper.position == 2
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert dock.desk.stepper.position == 1
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert dock.steps.direction is Direction.FORWARD
    assert dock.desk.stepper.position == 0


def test_the_run_bars_op_opens_the_graph_and_steps(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.run_bar.steps.cells["Op"], Qt.MouseButton.LeftButton)
    dock = window.graph.dock
    qtbot.waitUntil(lambda: dock.desk.stepper is not None and dock.desk.stepper.position == 1)
    dock.steps.jump_to(node(dock, "h2"))
    assert window.network.canvas.graph_mark == (0, 1, "backward: tanh")
    window.bottom.set_open(False)
    assert window.network.canvas.graph_mark is None


def test_stepping_leaves_the_training_alone(window: MainWindow, qtbot: QtBot) -> None:
    controller = window.controller
    snapshot = controller.snapshot
    assert snapshot is not None
    before = [w.copy() for w in (*snapshot.parameters.weights, *snapshot.parameters.biases)]
    qtbot.keyClick(window, Qt.Key.Key_G)
    window.graph.dock.steps.seek(26)
    after = (*snapshot.parameters.weights, *snapshot.parameters.biases)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    assert controller.edits == []  # type: ignore[attr-defined]  # the fake's


def test_the_graph_can_be_pictured_with_the_dock_closed(window: MainWindow) -> None:
    image = picture_of(window, "graph", 1.0)
    assert window.graph.dock.desk.graph is not None
    assert image.size() == window.graph.picture.sizeHint()
    colours = {
        image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    }
    assert len(colours) > 50


def test_a_picture_of_a_closed_dock_marks_no_neuron(window: MainWindow, qtbot: QtBot) -> None:
    dock, canvas = window.graph.dock, window.network.canvas
    qtbot.keyClick(window, Qt.Key.Key_G)
    dock.view.node_clicked.emit(node(dock, "h2"))
    assert canvas.graph_mark == (0, 1, "h₂")
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert canvas.graph_mark is None
    dock.show_snapshot(snapshot_of(XOR, 8))
    picture_of(window, "graph", 1.0)
    assert canvas.graph_mark is None
    dock.show_snapshot(snapshot_of(XOR, 9))
    qtbot.keyClick(window, Qt.Key.Key_G)
    assert canvas.graph_mark == (0, 1, "h₂")


def assert_shows_no_graph(dock: GraphDock, why: str) -> None:
    assert dock.desk.graph is None
    assert dock.view.looks() == []
    assert dock.view.drawing is None
    assert (dock.pane.title, why in dock.pane.hint) == ("No graph", True)
    for button in (dock.bar.start, dock.bar.back, dock.bar.on, dock.bar.end, dock.bar.play):
        assert not button.isEnabled()
    assert not dock.check_action.isChecked()


def test_without_samples_no_graph_is_shown_and_the_next_one_is_of_the_first(
    dock: GraphDock,
) -> None:
    dock.show_snapshot(snapshot_of(XOR))
    dock.check_action.setChecked(True)
    dock.desk.begin_steps(Direction.BACKWARD)
    nothing = OwnData(np.zeros((0, 2)), np.zeros(0), class_names=("+1", "−1"))
    dock.show_snapshot(snapshot_of(XOR.with_data(replace(XOR.data, own=nothing)), 0))
    assert_shows_no_graph(dock, "no training sample")
    dock.steps.step_on()
    dock.choose_samples(1)
    dock.nodes.find("w")
    assert_shows_no_graph(dock, "no training sample")
    dock.choose_samples(0)
    dock.show_snapshot(snapshot_of(XOR))
    assert dock.desk.graph is not None
    assert dock.desk.graph.samples == (0,)
    assert dock.bar.on.isEnabled()
    assert dock.bar.play.isEnabled()
