"""Tables edited in place and points drawn on the map, in the window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.app import create_window
from playground.core import experiment as experiments
from playground.core.experiment import DatasetKind, OwnForm, Problem, Speed, presets
from playground.core.snapshot import Activity
from playground.ui.drawing_tool import DrawMode
from playground.ui.main_window import MainWindow

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window that trains moons, with its first snapshot."""
    window = create_window(presets()["moons"])
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
        window.show()
    return window


def at(window: MainWindow, x1: float, x2: float) -> QPointF:
    """Where a place of the map is in the output view."""
    area = window.right.output.map_area
    return QPointF(
        area.left() + (x1 + 6) / 12 * area.width(), area.bottom() - (x2 + 6) / 12 * area.height()
    )


def stroke(window: MainWindow, *places: tuple[float, float], button=LEFT, keys=None) -> None:
    """Press, move and release on the map."""
    view = window.right.output
    points = [at(window, *place).toPoint() for place in places]
    modifier = keys or Qt.KeyboardModifier.NoModifier
    QTest.mousePress(view, button, modifier, points[0])
    for point in points[1:]:
        QTest.mouseMove(view, point)
    QTest.mouseRelease(view, button, modifier, points[-1])


def draw(window: MainWindow, mode: DrawMode) -> None:
    """Switch drawing on, without the points that are there, in a mode."""
    panel = window.left.data
    if not panel.draw_button.isChecked():
        QTest.mouseClick(panel.draw_button, LEFT)
        QTest.mouseClick(panel.draw.clear, LEFT)
    QTest.mouseClick(panel.draw.modes[mode], LEFT)


def own(window: MainWindow):
    """The own data in force."""
    return window.controller.experiment.data.own


def chosen(window: MainWindow):
    """The places of the points that are selected."""
    tool = window.drawing.tool
    return tool.sketch.places[tool._chosen]


def test_clicks_put_points_of_the_class_of_the_button(window):
    draw(window, DrawMode.PUT)
    stroke(window, (-2, 1))
    stroke(window, (2, 1), button=RIGHT)
    stroke(window, (3, -1), keys=Qt.KeyboardModifier.ShiftModifier)
    assert own(window).y.tolist() == [0.0, 1.0, 1.0]
    assert own(window).x == pytest.approx(np.array([[-2, 1], [2, 1], [3, -1]]), abs=0.05)
    QTest.mouseClick(window.left.data.draw.classes[2], LEFT)
    stroke(window, (0, 0))
    experiment = window.controller.experiment
    assert (experiment.data.problem, experiment.network.n_outputs) == (Problem.MULTICLASS, 3)
    stroke(window, (0, 0), keys=Qt.KeyboardModifier.ControlModifier)
    assert len(own(window)) == 3
    assert window.controller.experiment.network.n_outputs == 1


def test_a_class_that_the_network_has_no_room_for_is_refused_in_words(window, monkeypatch):
    draw(window, DrawMode.PUT)
    stroke(window, (-2, 1))
    before = window.controller.experiment
    monkeypatch.setattr(experiments, "MAX_PARAMETERS", before.network.n_parameters)
    QTest.mouseClick(window.left.data.draw.classes[2], LEFT)
    stroke(window, (0, 0))
    assert window.status.message.text().startswith("Not changed: a network has at most")
    assert window.controller.experiment == before
    assert len(window.drawing.tool.sketch) == 1
    QTest.mouseClick(window.left.data.draw.classes[1], LEFT)
    stroke(window, (2, 2))
    assert own(window).y.tolist() == [0.0, 1.0]


def test_a_stroke_is_one_thing_to_undo_and_drawing_goes_on_from_there(window):
    draw(window, DrawMode.BRUSH)
    stroke(window, (-4, 0), (-3, 0), (-2, 0), (-1, 0))
    first = own(window)
    stroke(window, (1, 0), (2, 0), (3, 0), button=RIGHT)
    assert len(own(window)) > len(first)
    window.edits.undo()
    assert own(window) == first
    window.edits.undo()
    assert len(own(window)) == 0
    window.edits.undo()
    assert own(window) is None
    window.edits.redo()
    window.edits.redo()
    assert own(window) == first
    stroke(window, (4, 4))
    assert own(window).x[: len(first)].tolist() == first.x.tolist()


def test_undoing_within_a_stroke_ends_it_and_nothing_of_it_comes_back(window, qtbot):
    draw(window, DrawMode.PUT)
    stroke(window, (3, 3))
    draw(window, DrawMode.BRUSH)
    view = window.right.output
    QTest.mousePress(view, LEFT, pos=at(window, -3, 0).toPoint())
    qtbot.waitUntil(lambda: len(own(window)) > 1)
    QTest.mouseMove(view, at(window, -1, 0).toPoint())
    window.edits.undo()
    assert len(own(window)) == 1
    QTest.mouseMove(view, at(window, 1, 0).toPoint())
    QTest.mouseRelease(view, LEFT, pos=at(window, 1, 0).toPoint())
    assert len(own(window)) == 1
    draw(window, DrawMode.PUT)
    stroke(window, (0, -3))
    assert own(window).x == pytest.approx(np.array([[3, 3], [0, -3]]), abs=0.05)


def test_a_stroke_ends_when_drawing_is_put_away(window):
    panel, view = window.left.data, window.right.output
    draw(window, DrawMode.BRUSH)
    QTest.mousePress(view, LEFT, pos=at(window, -3, 0).toPoint())
    QTest.mouseMove(view, at(window, -1, 0).toPoint())
    panel.stop_drawing()
    assert len(own(window)) == 6, "nothing of it is lost"
    QTest.mouseRelease(view, LEFT, pos=at(window, -1, 0).toPoint())
    window.edits.edit(presets()["circle"])
    QTest.mouseClick(panel.draw_button, LEFT)
    assert len(window.drawing.tool.sketch) == 500
    QTest.mouseMove(view, at(window, 1, 0).toPoint())
    QTest.mouseMove(view, at(window, 3, 0).toPoint())
    assert len(window.drawing.tool.sketch) == 500, "no button is held"
    QTest.mouseClick(panel.draw.modes[DrawMode.PUT], LEFT)
    stroke(window, (0, 0))
    assert len(own(window)) == 501


def test_a_stroke_goes_on_while_other_settings_change(window, qtbot):
    draw(window, DrawMode.BRUSH)
    view = window.right.output
    QTest.mousePress(view, LEFT, pos=at(window, -3, 0).toPoint())
    qtbot.waitUntil(lambda: len(own(window)) > 0)
    QTest.mouseMove(view, at(window, -1, 0).toPoint())
    window.edits.edit(window.controller.experiment.with_speed(Speed.EPOCH_1))
    QTest.mouseMove(view, at(window, 1, 0).toPoint())
    QTest.mouseRelease(view, LEFT, pos=at(window, 1, 0).toPoint())
    assert len(own(window)) == 9


def test_only_the_points_that_were_chosen_stay_chosen(window):
    panel, tool = window.left.data, window.drawing.tool
    QTest.mouseClick(panel.draw_button, LEFT)
    QTest.mouseClick(panel.draw.modes[DrawMode.SELECT], LEFT)
    stroke(window, (-5.9, 5.9), (5.9, -5.9))
    x1, x2 = tool.sketch.places[0]
    stroke(window, (x1, x2), (x1 + 0.5, x2))
    assert chosen(window).tolist() == own(window).x.tolist()
    window.edits.edit(window.controller.experiment.with_speed(Speed.EPOCH_1))
    assert len(chosen(window)) == 500
    window.edits.edit(presets()["circle"])
    assert len(tool.sketch) == 500
    assert len(chosen(window)) == 0
    stroke(window, (-5.9, 5.9), (5.9, -5.9))
    x1, x2 = tool.sketch.places[0]
    stroke(window, (x1, x2), keys=Qt.KeyboardModifier.ControlModifier)
    assert len(tool.sketch) == 499
    assert len(chosen(window)) == 0


def test_the_other_tools_move_and_erase_what_they_reach(window):
    draw(window, DrawMode.PUT)
    for x in (-3, 0, 3):
        stroke(window, (x, 0))
    draw(window, DrawMode.SELECT)
    stroke(window, (-4, 1), (1, -1))
    stroke(window, (0, 0), (0, 2))
    assert own(window).x[:, 1] == pytest.approx([2, 2, 0], abs=0.06)
    draw(window, DrawMode.MAGNET)
    stroke(window, (2.6, 0), (2.5, 0))
    assert own(window).x[2, 0] < 2.97
    draw(window, DrawMode.JITTER)
    before = own(window).x
    stroke(window, (0, 2), (0.1, 2))
    assert own(window).x[1].tolist() != before[1].tolist()
    assert own(window).x[2].tolist() == before[2].tolist()
    draw(window, DrawMode.ERASE)
    stroke(window, (-3, 2), (-2.9, 2))
    assert len(own(window)) == 2


def test_drawing_begins_with_the_points_that_are_there(window):
    panel = window.left.data
    QTest.mouseClick(panel.draw_button, LEFT)
    stroke(window, (5, 5))
    assert len(own(window)) == 501
    assert window.controller.experiment.data.train_share == 1.0
    QTest.mouseClick(panel.thumbnails[DatasetKind.MOONS], LEFT)
    assert own(window) is None
    assert not panel.draw_button.isChecked()


def test_the_network_follows_what_is_drawn_while_it_trains(window, qtbot):
    controller = window.controller
    draw(window, DrawMode.PUT)
    controller.play()
    qtbot.waitUntil(lambda: controller.activity is Activity.RUNNING, timeout=20_000)
    assert controller.snapshot.epoch == 0, "without points nothing is trained"
    for x in (-4, -3, 3, 4):
        stroke(window, (x, 0), button=LEFT if x < 0 else RIGHT)
    seen = lambda s: len(s.data.y) == 4 and s.train_accuracy == 1.0  # noqa: E731  # a check
    with qtbot.waitSignal(controller.snapshot_changed, check_params_cb=seen, timeout=20_000):
        pass
    assert controller.activity is Activity.RUNNING


def test_points_of_a_curve_are_drawn_over_its_input(window):
    panel = window.left.data
    window.edits.edit(presets()["sine"])
    QTest.mouseClick(panel.draw_button, LEFT)
    QTest.mouseClick(panel.draw.clear, LEFT)
    stroke(window, (0, 0))
    assert own(window).x.shape == (1, 1)
    assert not own(window).class_names
    assert window.controller.experiment.data.problem is Problem.REGRESSION


def test_points_of_a_curve_keep_the_order_they_were_drawn_in(window):
    window.edits.edit(presets()["sine"])
    draw(window, DrawMode.PUT)
    for x in (-3, -1, 1, 3):
        stroke(window, (x, 0))
    data = window.controller.experiment.data
    window.edits.edit(window.controller.experiment.with_data(replace(data, train_share=0.5)))
    drawn = own(window).x.tolist()
    stroke(window, (5, 0))
    assert own(window).x[:4].tolist() == drawn


def test_a_tables_cells_and_rows_are_edited_in_place(window, qtbot):
    panel = window.left.data
    QTest.mouseClick(panel.table_button, LEFT)
    field = panel.table.rows[0].fields[2]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert own(window).form is OwnForm.TABLE
    assert own(window).y.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert window.controller.experiment.data.is_logical
    QTest.mouseClick(panel.table.add, LEFT)
    QTest.mouseClick(panel.table.add, LEFT)
    assert own(window).x.shape == (6, 2)
    assert window.controller.experiment.data.problem is Problem.REGRESSION
    window.edits.undo()
    assert len(own(window)) == 5, "every row is undone by itself"
    QTest.mouseClick(panel.table.rows[4].remove, LEFT)
    assert own(window).y.tolist() == [1.0, 1.0, 1.0, 0.0]
    panel.table.choice.chosen.emit(0)
    assert own(window) is None


def test_rows_line_up_whatever_the_size_of_text_was_when_they_were_made(window):
    panel = window.left.data
    QTest.mouseClick(panel.table_button, LEFT)
    window.handlers.choose_text_scale(1.5)
    QTest.mouseClick(panel.table.add, LEFT)
    rows = panel.table.rows
    widths = {field.width() for row in rows for field in row.fields}
    window.handlers.choose_text_scale(1.0)
    assert len(rows) == 5
    assert widths == {66}
    assert {field.width() for row in rows for field in row.fields} == {44}


def test_tab_goes_through_the_rows_and_on_to_the_button_below_them(window, qtbot):
    panel = window.left.data
    QTest.mouseClick(panel.table_button, LEFT)
    rows = panel.table.rows
    stops = [stop for row in rows for stop in (*row.fields, row.remove)]
    stops[0].setFocus()
    for stop in [*stops, panel.table.add]:
        assert window.focusWidget() is stop
        qtbot.keyClick(stop, Qt.Key.Key_Tab)


def test_a_fresh_draw_changes_the_seed_of_the_data_only(window):
    before = window.controller.experiment
    QTest.mouseClick(window.left.data.regenerate, LEFT)
    after = window.controller.experiment
    assert after == replace(before, data=replace(before.data, seed=before.data.seed + 1))
