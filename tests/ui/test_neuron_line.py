"""A neuron's zero line on the output map: what dragging, turning and keys do to its weights."""

from __future__ import annotations

from dataclasses import replace
from math import cos, hypot, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.answers import Answers, NeuronGradient
from playground.core.experiment import Activation, Experiment, Feature, LayerSpec, NetworkSpec
from playground.core.focus import NOTHING, Focus
from playground.core.parameters import with_changes
from playground.core.snapshot import BIAS, Parameters, Snapshot
from playground.session.controller import Controller
from playground.session.order import Order, Place, same
from playground.ui.drawing_tool import DrawingTool
from playground.ui.fonts import load_fonts
from playground.ui.line_geometry import Line, changes_for, columns, line_of
from playground.ui.line_tool import ARROW_MAX_PX, LineTool, Part, arrow_length
from playground.ui.main_window import MainWindow
from playground.ui.neuron_line import NeuronLine
from playground.ui.output_view import OutputView
from playground.ui.theme import LIGHT
from tests.ui.fake_controller import FakeController
from tests.ui.snapshots import make_snapshot

LEFT = Qt.MouseButton.LeftButton
NETWORK = NetworkSpec(hidden=(LayerSpec(3, Activation.RELU), LayerSpec(2)))

numbers = st.floats(-3, 3)
points = st.tuples(st.floats(-6, 6), st.floats(-6, 6))
lines = st.builds(Line, numbers, numbers, numbers).filter(lambda line: line.size > 0.05)


# geometry


@given(lines, points)
def test_a_line_shifted_through_a_point_is_zero_there_and_as_steep_as_before(line, point):
    shifted = line.through(point)
    assert shifted.value(point) == pytest.approx(0, abs=1e-12)
    assert (shifted.w1, shifted.w2) == (line.w1, line.w2)


@given(lines, points, st.floats(-pi, pi))
def test_a_turned_line_keeps_its_steepness_and_its_sum_at_the_pivot(line, pivot, angle):
    turned = line.turned(pivot, angle)
    assert turned.size == pytest.approx(line.size)
    assert turned.value(pivot) == pytest.approx(line.value(pivot), abs=1e-9)
    d1, d2 = line.direction
    wanted = cos(angle) * d1 - sin(angle) * d2, sin(angle) * d1 + cos(angle) * d2
    assert turned.direction == pytest.approx(wanted, abs=1e-9)


@given(lines, st.floats(0.5, 2))
def test_a_steeper_line_stays_where_it_is(line, factor):
    steeper = line.steepened(factor)
    assert steeper.size == pytest.approx(factor * line.size)
    assert steeper.value(line.foot((1.0, 2.0))) == pytest.approx(0, abs=1e-9)


@given(lines, st.builds(Line, numbers, numbers, numbers), points)
def test_the_arrow_is_the_way_that_the_line_goes_to_first_order(line, step, near):
    point, small = line.foot(near), 1e-6
    tiny = Line(small * step.w1, small * step.w2, small * step.b)
    moved = Line(line.w1 + tiny.w1, line.w2 + tiny.w2, line.b + tiny.b)
    # From `point` across the line, the new line is where its sum is 0 along the old normal.
    n1, n2 = line.normal
    slope = moved.w1 * n1 + moved.w2 * n2
    exact = -moved.value(point) / slope
    assert line.shift_by(tiny, point) == pytest.approx(exact, rel=1e-3, abs=1e-9)


@given(lines)
def test_the_line_of_the_parameters_that_a_line_gives_is_that_line(line):
    network = NetworkSpec(hidden=(LayerSpec(2),))
    zeros = Parameters((np.zeros((2, 2)), np.zeros((1, 2))), (np.zeros(2), np.zeros(1)))
    parameters = with_changes(zeros, changes_for(line, network, 1))
    assert line_of(parameters, network, 1) == line
    assert line_of(parameters, network, 0) is None, "no weights, no line"


def test_other_features_bend_the_line_so_there_is_none():
    bent = NetworkSpec((Feature.X1, Feature.X2, Feature.SIN_X1), NETWORK.hidden)
    assert columns(bent) is None
    assert columns(NETWORK) == (0, 1)
    assert columns(NetworkSpec((Feature.X2,))) == (None, 0)


def test_a_larger_step_has_a_longer_arrow_up_to_a_limit():
    lengths = [arrow_length(px) for px in (0.0, 1e-4, 1e-2, 1.0, 10.0, 1e4)]
    assert lengths[0] == lengths[1] == 0
    assert lengths[1:5] == sorted(lengths[1:5])
    assert lengths[2] < lengths[3]
    assert lengths[5] == ARROW_MAX_PX


# on the map


class Desk:
    """An output map with the line of neuron 1 of the first layer on it."""

    def __init__(self, qtbot, network=NETWORK, **weights) -> None:
        load_fonts()
        self.output = OutputView()
        qtbot.addWidget(self.output)
        self.output.apply_theme(LIGHT)
        self.output.resize(404, 372)
        self.output.show()
        self.line = NeuronLine(self.output)
        self.edits, self.focuses, self.hints = [], [], []
        self.line.parameters_edited.connect(self.edits.append)
        self.line.focus_changed.connect(self.focuses.append)
        self.line.hint_raised.connect(self.hints.append)
        self.experiment = Experiment(network=network)
        self.snapshot = self.with_line(**weights)
        self.line.show_experiment(self.experiment)
        self.show(self.snapshot)
        self.line.select((0, 1))

    def with_line(self, w1=1.0, w2=0.5, b=-1.0, answers=None) -> Snapshot:
        snapshot = make_snapshot(self.experiment)
        network = self.experiment.network
        parameters = snapshot.parameters
        if columns(network) is not None and network.layer_sizes[0] > 1:
            changes = changes_for(Line(w1, w2, b), network, 1)
            parameters = with_changes(parameters, changes)
        answers = answers if answers is not None else snapshot.answers
        return replace(snapshot, parameters=parameters, answers=answers)

    def show(self, snapshot: Snapshot) -> None:
        self.output.show_snapshot(snapshot)
        self.line.show_snapshot(snapshot)

    @property
    def tool(self) -> LineTool:
        return self.line.tool

    def pixel(self, point) -> QPoint:
        area = self.output.map_area
        return QPoint(
            round(area.left() + (point[0] + 6) / 12 * area.width()),
            round(area.bottom() - (point[1] + 6) / 12 * area.height()),
        )

    def drag(self, start, *way) -> None:
        QTest.mousePress(self.output, LEFT, pos=self.pixel(start))
        for point in way:
            QTest.mouseMove(self.output, self.pixel(point))

    def release(self, point) -> None:
        QTest.mouseRelease(self.output, LEFT, pos=self.pixel(point))


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot)


def test_selecting_a_first_layer_neuron_offers_its_line_and_asks_for_its_gradient(desk):
    assert desk.output.tool is desk.tool
    assert desk.tool.line == Line(1.0, 0.5, -1.0)
    assert desk.focuses == [Focus(neuron=(0, 1))]
    assert len(desk.hints) == 1
    assert all(action.isEnabled() for action in desk.line.actions)


def test_the_hint_waits_for_a_line_that_is_on_the_map(desk):
    desk.line.select(None)
    desk.line._hinted = False
    desk.output.set_tool(DrawingTool())
    desk.line.select((0, 1))
    assert len(desk.hints) == 1
    desk.line.select(None)
    desk.output.set_tool(None)
    desk.line.select((0, 1))
    assert len(desk.hints) == 2


def test_any_other_neuron_and_none_have_no_line(desk):
    desk.line.select((1, 0))
    assert desk.output.tool is None
    assert desk.focuses[-1] == NOTHING
    assert not any(action.isEnabled() for action in desk.line.actions)
    desk.line.select((0, 2))
    assert desk.output.tool is desk.tool
    assert len(desk.hints) == 1, "said once"
    desk.line.select(None)
    assert desk.output.tool is None


def test_a_perceptrons_output_has_a_line(qtbot):
    desk = Desk(qtbot, NetworkSpec(hidden=()))
    desk.line.select((0, 0))
    assert desk.tool.line is not None


def test_a_neuron_with_bent_features_has_no_line(qtbot):
    desk = Desk(qtbot, NetworkSpec((Feature.X1, Feature.X1_SQUARED), NETWORK.hidden))
    assert desk.output.tool is None


def test_a_map_of_other_inputs_has_no_line(desk):
    line = desk.tool.line
    desk.drag(line.foot((0.0, 0.0)), (2.0, 2.0))
    n = len(desk.edits)
    data = desk.snapshot.data
    x = np.tile(data.x, 2)
    others = replace(data, x=x, input_names=tuple("abcd"), shown=(2, 3), held=(0.0,) * 4)
    desk.show(replace(desk.snapshot, data=others))
    assert desk.output.tool is None
    assert desk.tool.line is None
    assert len(desk.edits) == n
    assert not any(action.isEnabled() for action in desk.line.actions)
    desk.show(replace(desk.snapshot, data=replace(others, shown=(0, 1))))
    assert desk.output.tool is desk.tool
    assert desk.tool.line == line


def test_another_tool_on_the_map_is_left_alone_and_the_line_returns_after_it(desk):
    desk.line.select(None)
    other = LineTool(lambda line: None)
    desk.output.set_tool(other)
    desk.line.select((0, 1))
    assert desk.output.tool is other
    desk.output.set_tool(None)
    desk.show(desk.snapshot)
    assert desk.output.tool is desk.tool


def test_dragging_the_line_moves_it_under_the_pointer_by_the_bias_alone(desk):
    start = desk.tool.line.foot((0.0, 0.0))
    desk.drag(start, (2.0, 2.0), (3.0, 2.0))
    edit = desk.edits[-1]
    assert edit.label == "Line of Hidden 1 · 2"
    row, bias = edit.parameters.weights[0][1], edit.parameters.biases[0][1]
    assert row.tolist() == [1.0, 0.5]
    assert Line(1.0, 0.5, bias).distance((3.0, 2.0)) == pytest.approx(0, abs=0.06)
    assert {(c.layer, c.target, c.source) for c in edit.changes} == {
        (0, 1, 0),
        (0, 1, 1),
        (0, 1, BIAS),
    }
    assert desk.tool.is_held
    desk.release((3.0, 2.0))
    assert not desk.tool.is_held


def test_other_weights_are_those_that_were_shown(desk):
    desk.drag(desk.tool.line.foot((0.0, 0.0)), (2.0, 2.0))
    edited, shown = desk.edits[-1].parameters, desk.snapshot.parameters
    assert np.array_equal(edited.weights[0][[0, 2]], shown.weights[0][[0, 2]])
    assert np.array_equal(edited.weights[1], shown.weights[1])


def test_dragging_a_knob_turns_the_line_around_its_middle(desk):
    pivot, knob = desk.tool.pivot, desk.tool.knob(Part.KNOB_AHEAD)
    radius = hypot(knob[0] - pivot[0], knob[1] - pivot[1])
    desk.drag(knob, (pivot[0] + radius, pivot[1]))
    row = desk.edits[-1].parameters.weights[0][1]
    bias = desk.edits[-1].parameters.biases[0][1]
    line = Line(*row, bias)
    assert line.size == pytest.approx(Line(1.0, 0.5, 0.0).size)
    assert line.direction == pytest.approx((1.0, 0.0), abs=0.04)
    assert line.distance(pivot) == pytest.approx(0, abs=1e-9)


def test_with_one_input_the_line_moves_but_does_not_turn(qtbot):
    desk = Desk(qtbot, NetworkSpec((Feature.X1,), NETWORK.hidden))
    assert desk.tool.line == Line(1.0, 0.0, -1.0)
    desk.drag((1.0, 0.0), (3.0, 1.0))
    assert desk.tool.line.distance((3.0, 0.0)) == pytest.approx(0, abs=0.06)
    before = desk.tool.line
    desk.line.actions[0].trigger()
    assert desk.tool.line == before
    assert len(desk.edits[-1].changes) == 2


def test_the_wheel_over_the_line_makes_it_steeper_where_it_is(desk):
    place = QPointF(desk.pixel(desk.tool.line.foot((0.0, 0.0))))
    event = QWheelEvent(
        place,
        place,
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(desk.output, event)
    line = desk.tool.line
    assert line == Line(1.1, 0.55, -1.1) or line.size == pytest.approx(1.1 * 1.25**0.5)
    assert line.distance(Line(1.0, 0.5, -1.0).foot((0, 0))) == pytest.approx(0, abs=1e-9)


def test_away_from_the_line_the_map_reads_values_as_ever(desk):
    away = (-4.0, 4.0)
    QTest.mouseMove(desk.output, desk.pixel(away))
    QTest.mouseClick(desk.output, LEFT, pos=desk.pixel(away))
    assert not desk.edits
    assert desk.output.reader.pin is not None


def test_a_line_outside_the_map_is_fetched_by_its_grip_at_the_rim(qtbot):
    desk = Desk(qtbot, b=-40.0)
    grip = desk.tool.pivot
    assert all(-6 <= x <= 6 for x in grip)
    desk.drag(grip, (0.0, 0.0))
    assert desk.tool.line.distance((0.0, 0.0)) == pytest.approx(0, abs=0.06)


def test_a_held_line_is_held_against_the_training(desk):
    start = desk.tool.line.foot((0.0, 0.0))
    desk.drag(start, (2.0, 2.0))
    held, n = desk.tool.line, len(desk.edits)
    desk.show(desk.with_line(b=0.3))
    assert desk.tool.line == held
    assert len(desk.edits) == n + 1
    assert desk.edits[-1].parameters.biases[0][1] == held.b
    desk.release((2.0, 2.0))
    desk.show(desk.with_line(b=0.3))
    assert desk.tool.line == Line(1.0, 0.5, 0.3), "training has it again"
    assert len(desk.edits) == n + 1


def test_escape_puts_a_held_line_back(desk):
    desk.drag(desk.tool.line.foot((0.0, 0.0)), (2.0, 2.0))
    desk.output.activateWindow()
    desk.line._escape.activated.emit()
    assert desk.edits[-1].parameters.biases[0][1] == -1.0
    assert not desk.tool.is_held


def test_a_neuron_that_goes_away_while_held_lets_the_line_go(desk):
    desk.drag(desk.tool.line.foot((0.0, 0.0)), (2.0, 2.0))
    n = len(desk.edits)
    desk.line.show_experiment(replace(desk.experiment, network=NetworkSpec(hidden=())))
    QTest.mouseMove(desk.output, desk.pixel((3.0, 3.0)))
    assert desk.tool.line is None
    assert len(desk.edits) == n


def test_keys_turn_and_move_the_line(desk):
    left, right, up, down = desk.line.actions
    before = desk.tool.line
    left.trigger()
    assert desk.tool.line.size == pytest.approx(before.size)
    assert desk.tool.line.direction != pytest.approx(before.direction)
    right.trigger()
    assert desk.tool.line.direction == pytest.approx(before.direction)
    up.trigger()
    assert before.distance(desk.tool.line.foot((0.0, 0.0))) == pytest.approx(0.24)
    down.trigger()
    assert desk.tool.line.b == pytest.approx(before.b)
    assert len(desk.edits) == 4
    assert [a.shortcut().toString() for a in desk.line.actions] == [
        "Alt+Left",
        "Alt+Right",
        "Alt+Up",
        "Alt+Down",
    ]


def test_the_step_drawn_is_the_rate_times_minus_the_gradient(desk):
    gradient = NeuronGradient((0, 1), np.array([0.5, -1.0]), 2.0)
    desk.show(desk.with_line(answers=Answers(neuron=gradient)))
    rate = desk.experiment.training.learning_rate
    assert desk.tool._step == Line(-0.5 * rate, 1.0 * rate, -2.0 * rate)
    other = NeuronGradient((0, 2), np.array([0.5, -1.0]), 2.0)
    desk.show(desk.with_line(answers=Answers(neuron=other)))
    assert desk.tool._step is None, "another neuron's"


def test_the_line_and_its_arrows_are_drawn_on_the_map(desk):
    before = desk.output.grab().toImage()
    gradient = NeuronGradient((0, 1), np.array([0.5, -1.0]), 2.0)
    desk.show(desk.with_line(answers=Answers(neuron=gradient)))
    with_arrows = desk.output.grab().toImage()
    assert with_arrows != before
    desk.line.select(None)
    assert desk.output.grab().toImage() != before


# in the window, and while training runs


def test_each_drag_is_one_undo_and_keys_that_follow_quickly_are_one(qtbot):
    controller = FakeController(Experiment(network=NETWORK))
    window = MainWindow(controller)
    qtbot.addWidget(window)
    window.show()
    window.network.select_neuron((0, 1))
    output, tool = window.right.output, window.line.tool
    assert tool.line is not None
    assert controller.focuses[-1] == Focus(neuron=(0, 1))

    def pixel(point):
        return output._square.to_pixel(*point).toPoint()

    for _ in range(2):
        start = tool.pivot
        QTest.mousePress(output, LEFT, pos=pixel(start))
        for step in (0.4, 0.8, 1.2):
            QTest.mouseMove(output, pixel((start[0] + step, start[1] - step)))
        QTest.mouseRelease(output, LEFT, pos=pixel(start))
    assert window.edits.count() == 2
    assert window.edits.undoText() == "change line of Hidden 1 · 2"
    for _ in range(3):
        window.line.actions[0].trigger()
    assert window.edits.count() == 3
    assert set(window.line.actions) <= set(window.commands.listed)


def test_the_line_makes_way_for_drawing_and_is_back_after_it(qtbot):
    window = MainWindow(FakeController(Experiment(network=NETWORK)))
    qtbot.addWidget(window)
    window.show()
    window.network.select_neuron((0, 1))
    output, line = window.right.output, window.line
    assert output.tool is line.tool
    draw = window.left.data.draw_button
    draw.click()
    assert output.tool is window.drawing.tool
    assert not any(action.isEnabled() for action in line.actions)
    draw.click()
    assert output.tool is line.tool
    assert all(action.isEnabled() for action in line.actions)


def test_setting_some_numbers_while_training_runs_leaves_all_others_to_the_training(qtbot):
    controller = Controller(Experiment(network=NETWORK))
    try:
        with qtbot.waitSignal(controller.snapshot_changed, timeout=60_000):
            controller.start()
        first = controller.snapshot
        controller.play()
        qtbot.waitUntil(lambda: controller.snapshot.epoch > 20, timeout=20_000)
        changes = changes_for(Line(1.0, 2.0, 3.0), NETWORK, 1)
        seen = with_changes(first.parameters, changes)
        before, after = Place(), Place()
        controller.carry_out(Order(controller.experiment, seen, before, after, changes))
        qtbot.waitUntil(lambda: after.parameters is not None, timeout=20_000)
        controller.pause()
        assert same(after.parameters, with_changes(before.parameters, changes))
        assert not same(before.parameters, first.parameters), "training went on"
    finally:
        controller.shut_down()
