"""Every edit of the canvas, by mouse and by keys: one signal, and what changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.core.experiment import (
    Activation,
    DatasetKind,
    Experiment,
    Feature,
    LayerSpec,
    NetworkSpec,
    presets,
)
from playground.core.focus import ParameterAddress
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import PAPER, Part, Target, point_on_edge, remove_centre
from playground.ui.canvas.network_view import NetworkView
from playground.ui.canvas.values import EdgeMode
from playground.ui.fonts import load_fonts
from tests.ui.snapshots import make_snapshot, spiral_experiment

LEFT = Qt.MouseButton.LeftButton

# the offscreen platform says so whenever a menu opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Recorder:
    """What a view emitted."""

    def __init__(self, view: NetworkView) -> None:
        self.experiments: list[Experiment] = []
        self.parameters = []
        self.hovered = []
        self.selected = []
        view.experiment_edited.connect(self.experiments.append)
        view.parameters_edited.connect(self.parameters.append)
        view.neuron_hovered.connect(self.hovered.append)
        view.neuron_selected.connect(self.selected.append)

    @property
    def network(self) -> NetworkSpec:
        """The network of the only experiment emitted."""
        assert len(self.experiments) == 1
        return self.experiments[0].network

    @property
    def edit(self):
        """The only edit of parameters emitted."""
        assert len(self.parameters) == 1
        return self.parameters[0]


@pytest.fixture
def view(qtbot):
    load_fonts()
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(784, 740)
    experiment = spiral_experiment()
    view.show_experiment(experiment)
    view.show_snapshot(make_snapshot(experiment))
    view.set_reduced_motion(True)
    with qtbot.waitExposed(view):
        view.show()
    return view


@pytest.fixture
def out(view):
    return Recorder(view)


def tile(view: NetworkView, layer: int, index: int) -> QPoint:
    return view.canvas.layout_now.boxes[layer, index].rect.center().toPoint()


def click(view: NetworkView, point: QPoint | QPointF) -> None:
    point = point.toPoint() if isinstance(point, QPointF) else point
    QTest.mouseClick(view.canvas, LEFT, pos=point)


def move(view: NetworkView, point: QPoint | QPointF) -> None:
    point = point.toPoint() if isinstance(point, QPointF) else point
    QTest.mouseMove(view.canvas, point)


def press_key(view: NetworkView, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view.canvas, key, modifier)


def focus(view: NetworkView, layer: int, index: int) -> None:
    view.canvas.setFocus(Qt.FocusReason.TabFocusReason)
    view.canvas.focused = Target(Part.TILE, layer, index)


def edge_point(view: NetworkView, layer: int, target: int, source: int) -> QPointF:
    """A point of an edge where it is nearest: at its arrival."""
    gap = view.canvas.layout_now.gaps[layer]
    return point_on_edge(gap, target, source, gap.x1 - 1)


def scroll(view: NetworkView, point: QPoint, notches: int, modifier=None) -> None:
    modifier = modifier or Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(point),
        QPointF(view.canvas.mapToGlobal(point)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, event)


# by mouse


def test_plus_and_minus_change_the_layer_by_one_neuron(view, out):
    handle = view.canvas.layout_now.column(1).handle
    click(view, QPointF(handle.right() - 12, handle.center().y()))
    assert [layer.size for layer in out.network.hidden] == [8, 7, 4]
    out.experiments.clear()
    click(view, QPointF(handle.left() + 12, handle.center().y()))
    assert [layer.size for layer in out.network.hidden] == [8, 5, 4]


def test_dragging_the_handle_adds_a_neuron_per_24_pixels_and_emits_once(view, out):
    canvas = view.canvas
    start = canvas.layout_now.column(2).handle.center().toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    move(view, start + QPoint(0, 10))
    move(view, start + QPoint(0, 30))
    assert canvas.dragged == (2, 5)
    assert (2, 4) in canvas.layout_now.boxes, "a ghost tile is shown"
    move(view, start + QPoint(0, 72))
    assert canvas.dragged == (2, 7)
    assert out.experiments == []
    QTest.mouseRelease(canvas, LEFT, pos=start + QPoint(0, 72))
    assert [layer.size for layer in out.network.hidden] == [8, 6, 7]
    assert out.network.hidden[2].activation is Activation.TANH


def test_a_drag_never_leaves_1_to_32_neurons(view, out):
    canvas = view.canvas
    start = canvas.layout_now.column(2).handle.center().toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    move(view, start - QPoint(0, 10))
    move(view, start - QPoint(0, 400))
    assert canvas.dragged == (2, 1)
    move(view, start + QPoint(0, 2000))
    assert canvas.dragged == (2, 32)
    press_key(view, Qt.Key.Key_Escape)
    assert canvas.dragged is None
    QTest.mouseRelease(canvas, LEFT, pos=start)
    assert out.experiments == []


def without_the_last_layer(view):
    network = view.canvas.experiment.network
    return replace(view.canvas.experiment, network=replace(network, hidden=network.hidden[:-1]))


@pytest.mark.parametrize("moved", [(), (10, 30)], ids=["pressed", "dragged"])
def test_a_handle_is_let_go_when_its_layer_is_taken_away(view, out, moved):
    canvas = view.canvas
    start = canvas.layout_now.column(2).handle.center().toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    for y in moved:
        move(view, start + QPoint(0, y))
    assert canvas.dragged == ((2, 5) if moved else None)
    view.show_experiment(without_the_last_layer(view))  # as undo does
    assert canvas.dragged is None
    canvas.grab()
    move(view, start + QPoint(0, 60))
    canvas.grab()
    QTest.mouseRelease(canvas, LEFT, pos=start + QPoint(0, 60))
    assert canvas.dragged is None
    assert out.experiments == []


def test_a_drag_goes_on_when_something_else_is_edited(view, out):
    canvas = view.canvas
    start = canvas.layout_now.column(2).handle.center().toPoint()
    QTest.mousePress(canvas, LEFT, pos=start)
    move(view, start + QPoint(0, 10))
    experiment = canvas.experiment
    fewer = replace(experiment.network, features=experiment.network.features[:2])
    view.show_experiment(replace(experiment, network=fewer, seed=3))
    move(view, start + QPoint(0, 30))
    assert canvas.dragged == (2, 5)
    QTest.mouseRelease(canvas, LEFT, pos=start + QPoint(0, 30))
    assert [layer.size for layer in out.network.hidden] == [8, 6, 5]


def test_the_disc_between_two_heads_inserts_a_layer_like_its_neighbour(view, out):
    click(view, view.canvas.layout_now.inserts[2])
    assert out.network.hidden == (
        LayerSpec(8),
        LayerSpec(6, Activation.RELU),
        LayerSpec(6, Activation.RELU),
        LayerSpec(4),
    )


def test_the_cross_beside_a_head_removes_the_layer(view, out):
    column = view.canvas.layout_now.column(1)
    move(view, QPointF(column.x, 27))
    assert view.canvas.hovered.part is Part.HEAD
    click(view, remove_centre(column, False))
    assert out.network.hidden == (LayerSpec(8), LayerSpec(4))


def test_the_chip_opens_a_menu_that_sets_the_layers_activation(view, out, qtbot):
    click(view, view.canvas.layout_now.column(0).chip.center())
    menu = view.canvas.menu
    assert menu.isVisible()
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["tanh"]
    chosen = next(action for action in menu.actions() if action.text() == "ReLU")
    assert isinstance(chosen, QAction)
    chosen.trigger()
    menu.close()
    assert out.network.hidden[0] == LayerSpec(8, Activation.RELU)
    assert out.network.hidden[1:] == spiral_experiment().network.hidden[1:]


def test_the_outputs_activation_is_set_like_any_other(view, out):
    click(view, view.canvas.layout_now.column(3).chip.center())
    menu = view.canvas.menu
    next(action for action in menu.actions() if action.text() == "sigmoid").trigger()
    menu.close()
    assert out.network.output_activation is Activation.SIGMOID


def test_a_click_on_a_feature_toggles_it(view, out):
    click(view, tile(view, INPUTS, 2))
    assert out.network.features == (
        Feature.X1,
        Feature.X2,
        Feature.X1_SQUARED,
        Feature.SIN_X1,
        Feature.SIN_X2,
    )
    out.experiments.clear()
    click(view, tile(view, INPUTS, 0))
    assert Feature.X1 not in out.network.features


def test_the_last_feature_stays_on(view, out):
    network = NetworkSpec(features=(Feature.X2,))
    view.show_experiment(Experiment(network=network))
    click(view, tile(view, INPUTS, 1))
    assert out.experiments == []


def test_a_click_on_a_neuron_selects_it_and_a_second_one_lets_go(view, out):
    click(view, tile(view, 1, 2))
    assert out.selected == [(1, 2)]
    assert view.selected == (1, 2)
    click(view, tile(view, 1, 2))
    assert out.selected == [(1, 2), None]


def test_a_click_on_paper_deselects(view, out):
    click(view, tile(view, 1, 2))
    click(view, QPoint(600, 670))
    assert out.selected == [(1, 2), None]


def test_hovering_names_the_neuron_and_leaving_it_names_none(view, out):
    move(view, tile(view, 1, 2))
    move(view, QPoint(600, 670))
    move(view, tile(view, INPUTS, 5))
    assert out.hovered == [(1, 2), None, (INPUTS, 5)]


def test_the_card_of_an_edge_says_weight_gradient_and_update(view, qtbot):
    move(view, edge_point(view, 1, 2, 3))
    qtbot.waitUntil(lambda: view.canvas.card is not None)
    layer = view.canvas.snapshot.layers[1]
    card = view.canvas.card
    assert card.title == "Hidden 1 · 4 → Hidden 2 · 3"
    assert [row.label for row in card.rows] == ["weight", "gradient", "last update"]
    shown = float(card.rows[0].value.replace("−", "-"))
    assert shown == pytest.approx(layer.weights[2, 3], abs=5e-4)


def test_the_card_hides_no_tile_where_there_is_room(view):
    canvas = view.canvas
    canvas.set_hovered(Target(Part.EDGE, 3, 0, 0))
    canvas.show_card(canvas.hovered, QPointF(640, 0))
    assert not any(
        canvas.card_rect.intersects(box.rect) for box in canvas.layout_now.boxes.values()
    )


def test_a_click_on_an_edge_or_a_bias_chooses_the_parameter(view):
    chosen = []
    view.parameter_chosen.connect(chosen.append)
    QTest.mouseClick(view.canvas, LEFT, pos=edge_point(view, 1, 2, 3).toPoint())
    bias = view.canvas.layout_now.boxes[1, 2].bias_centre.toPoint()
    QTest.mouseClick(view.canvas, LEFT, pos=bias)
    assert chosen == [ParameterAddress(1, 2, 3), ParameterAddress(1, 2)]
    assert view.selected is None


def open_editor(view: NetworkView, layer: int, target: int, source: int):
    point = edge_point(view, layer, target, source).toPoint()
    QTest.mouseDClick(view.canvas, LEFT, pos=point)
    return view.canvas.editor


def test_a_double_click_on_an_edge_edits_its_weight_by_typing(view, out):
    editor = open_editor(view, 1, 2, 3)
    editor.selectAll()
    QTest.keyClicks(editor, "-1.25")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    before = view.canvas.snapshot.parameters
    after = out.edit.parameters
    assert after.weights[1][2, 3] == -1.25
    assert not after.weights[1].flags.writeable
    assert (after.weights[1] != before.weights[1]).sum() == 1
    assert out.edit.label == "Weight Hidden 1 · 4 → Hidden 2 · 3"
    assert view.canvas.editor is None


@pytest.mark.parametrize(
    ("modifier", "step"),
    [(Qt.KeyboardModifier.NoModifier, 0.1), (Qt.KeyboardModifier.ShiftModifier, 0.01)],
)
def test_wheel_and_arrows_step_the_weight(view, out, modifier, step):
    editor = open_editor(view, 1, 2, 3)
    before = float(view.canvas.snapshot.parameters.weights[1][2, 3])
    QTest.keyClick(editor, Qt.Key.Key_Up, modifier)
    assert out.edit.parameters.weights[1][2, 3] == pytest.approx(before + step, abs=1e-6)
    out.parameters.clear()
    scroll(view, QPoint(100, 100), -2, modifier)
    assert out.edit.parameters.weights[1][2, 3] == pytest.approx(before - step, abs=1e-6)


def test_escape_takes_the_steps_of_an_edit_back(view, out):
    before = float(view.canvas.snapshot.parameters.weights[1][2, 3])
    editor = open_editor(view, 1, 2, 3)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert out.parameters[-1].parameters.weights[1][2, 3] == before
    assert view.canvas.editor is None


def test_text_that_is_no_number_changes_nothing(view, out):
    editor = open_editor(view, 1, 2, 3)
    editor.selectAll()
    QTest.keyClicks(editor, "abc")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert view.canvas.editor is editor
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert out.parameters == []


def test_a_double_click_on_a_bias_disc_edits_the_bias(view, out):
    point = view.canvas.layout_now.boxes[2, 1].bias_centre.toPoint()
    QTest.mouseDClick(view.canvas, LEFT, pos=point)
    editor = view.canvas.editor
    editor.selectAll()
    QTest.keyClicks(editor, "0.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert out.edit.parameters.biases[2][1] == 0.5
    assert out.edit.label == "Bias of Hidden 3 · 2"


def test_a_weight_cannot_be_edited_before_its_number_is_known(view, out):
    wider = replace(
        spiral_experiment(),
        network=replace(spiral_experiment().network, hidden=(LayerSpec(9), LayerSpec(4))),
    )
    view.show_experiment(wider)
    assert open_editor(view, 0, 0, 0) is None


def test_the_wheel_scrolls_a_column_that_does_not_fit(view, out):
    network = replace(spiral_experiment().network, hidden=(LayerSpec(32), LayerSpec(4)))
    view.show_experiment(replace(spiral_experiment(), network=network))
    scroll(view, tile(view, 0, 3), -2)
    column = view.canvas.layout_now.column(0)
    assert column.above == 2
    click(view, column.stub_below.center())
    assert view.canvas.layout_now.column(0).above == 2 + len(column.boxes)
    assert out.experiments == []


def test_the_folded_features_unfold_by_a_click(view, out):
    view.resize(784, 560)
    chip = view.canvas.layout_now.more
    assert view.canvas.layout_now.folded == 5
    click(view, chip.center())
    assert view.canvas.layout_now.folded == 0
    assert out.experiments == []


def test_control_and_wheel_zoom_and_the_fit_button_shows_all_again(view):
    assert not view.toolbar.fit.isEnabled()
    before = tile(view, 1, 2)
    scroll(view, before, 3, Qt.KeyboardModifier.ControlModifier)
    assert view.canvas.zoom.scale == pytest.approx(1.25**3)
    found = view.canvas.target_under(QPointF(before))
    assert found == Target(Part.TILE, 1, 2), "the point under the pointer stays"
    QTest.mouseClick(view.toolbar.fit, LEFT)
    assert view.canvas.zoom.is_fit


# by keys


def test_arrows_move_the_focus_between_tiles(view):
    focus(view, 0, 3)
    press_key(view, Qt.Key.Key_Down)
    assert view.canvas.focused == Target(Part.TILE, 0, 4)
    press_key(view, Qt.Key.Key_Right)
    assert view.canvas.focused.layer == 1
    press_key(view, Qt.Key.Key_Left)
    press_key(view, Qt.Key.Key_Left)
    assert view.canvas.focused.layer == INPUTS
    assert view.canvas.accessibleDescription()


def test_enter_selects_a_neuron_and_toggles_a_feature(view, out):
    focus(view, 1, 2)
    press_key(view, Qt.Key.Key_Return)
    assert out.selected == [(1, 2)]
    focus(view, INPUTS, 3)
    press_key(view, Qt.Key.Key_Return)
    assert Feature.X2_SQUARED in out.network.features


def test_the_focus_leaves_an_input_that_the_data_no_longer_have(view, out):
    focus(view, INPUTS, tuple(Feature).index(Feature.X2))
    curve = next(kind for kind in DatasetKind if kind.is_curve)
    view.show_experiment(presets()[curve.value])
    assert view.canvas.focused.layer == INPUTS
    there = view.canvas.experiment.network.available_features
    assert tuple(Feature)[view.canvas.focused.index] in there
    refusals = []
    view.edit_refused.connect(refusals.append)
    press_key(view, Qt.Key.Key_Return)
    assert refusals == []


def test_plus_and_minus_resize_the_focused_column(view, out):
    focus(view, 2, 0)
    press_key(view, Qt.Key.Key_Plus)
    assert out.network.hidden[2].size == 5
    out.experiments.clear()
    press_key(view, Qt.Key.Key_Minus)
    assert out.network.hidden[2].size == 3


def test_a_opens_the_activation_menu_of_the_focused_column(view, out):
    focus(view, 1, 0)
    press_key(view, Qt.Key.Key_A)
    menu = view.canvas.menu
    assert menu.isVisible()
    next(action for action in menu.actions() if action.text() == "ELU").trigger()
    menu.close()
    assert out.network.hidden[1].activation is Activation.ELU


def test_insert_adds_a_layer_after_the_focused_one(view, out):
    focus(view, INPUTS, 0)
    press_key(view, Qt.Key.Key_Insert)
    assert [layer.size for layer in out.network.hidden] == [8, 8, 6, 4]
    out.experiments.clear()
    focus(view, 3, 0)
    press_key(view, Qt.Key.Key_Insert)
    assert [layer.size for layer in out.network.hidden] == [8, 6, 4, 4]


def test_control_delete_removes_the_focused_layer(view, out):
    focus(view, 0, 0)
    press_key(view, Qt.Key.Key_Delete)
    assert out.experiments == []
    press_key(view, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert [layer.size for layer in out.network.hidden] == [6, 4]


def test_one_two_three_choose_what_the_edges_show(view, out):
    focus(view, 0, 0)
    for key, mode in zip(
        (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_1), ["gradient", "update", "weight"], strict=True
    ):
        press_key(view, key)
        assert view.edge_mode is EdgeMode(mode)
        assert tuple(EdgeMode)[view.toolbar.modes.index] is EdgeMode(mode)
    assert out.experiments == []


def test_w_then_arrows_then_typing_edits_a_weight(view, out):
    focus(view, 1, 2)
    press_key(view, Qt.Key.Key_W)
    press_key(view, Qt.Key.Key_Down)
    assert view.canvas.hovered == Target(Part.EDGE, 1, 2, 1)
    press_key(view, Qt.Key.Key_Minus)
    editor = view.canvas.editor
    QTest.keyClicks(editor, "2")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert out.edit.parameters.weights[1][2, 1] == -2
    assert out.experiments == []


def test_w_and_up_reaches_the_bias(view, out):
    focus(view, 1, 2)
    press_key(view, Qt.Key.Key_W)
    press_key(view, Qt.Key.Key_Up)
    assert view.canvas.hovered == Target(Part.BIAS, 1, 2)
    press_key(view, Qt.Key.Key_Return)
    assert view.canvas.editor is not None
    QTest.keyClick(view.canvas.editor, Qt.Key.Key_Down)
    before = float(view.canvas.snapshot.parameters.biases[1][2])
    assert out.edit.parameters.biases[1][2] == pytest.approx(before - 0.1, abs=1e-6)


def test_a_press_or_another_focus_forgets_the_edge_that_w_chose(view, out):
    focus(view, 1, 2)
    press_key(view, Qt.Key.Key_W)
    click(view, tile(view, 1, 0))
    press_key(view, Qt.Key.Key_Down)
    assert view.canvas.focused == Target(Part.TILE, 1, 1)
    press_key(view, Qt.Key.Key_W)
    view.canvas.clearFocus()
    assert view.canvas.card is None
    focus(view, 1, 1)
    press_key(view, Qt.Key.Key_Return)
    assert view.canvas.editor is None
    assert out.selected == [(1, 0), (1, 1)]


def test_escape_deselects(view, out):
    focus(view, 1, 2)
    press_key(view, Qt.Key.Key_Return)
    press_key(view, Qt.Key.Key_Escape)
    assert out.selected == [(1, 2), None]


def test_the_ninth_hidden_layer_is_refused(view, out):
    network = replace(spiral_experiment().network, hidden=(LayerSpec(2),) * 8)
    view.show_experiment(replace(spiral_experiment(), network=network))
    focus(view, 0, 0)
    press_key(view, Qt.Key.Key_Insert)
    assert out.experiments == []


def test_a_network_may_lose_its_last_hidden_layer_and_get_one_back(view, out):
    view.show_experiment(Experiment(network=NetworkSpec(hidden=())))
    click(view, view.canvas.layout_now.inserts[0])
    assert out.network.hidden == (LayerSpec(4),)


def test_each_of_several_outputs_is_named_alone(view, out):
    experiment = presets()["blobs"]
    view.show_experiment(experiment)
    view.show_snapshot(make_snapshot(experiment))
    last = len(experiment.network.hidden)
    focus(view, last, 0)
    press_key(view, Qt.Key.Key_Down)
    assert view.canvas.accessibleDescription().startswith("Output · 2, bias")
    press_key(view, Qt.Key.Key_W)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_5):
        press_key(view, key)
    QTest.keyClick(view.canvas.editor, Qt.Key.Key_Return)
    assert out.edit.label == "Bias of Output · 2"


# what other edits do to the state of the view


def test_a_removed_neuron_is_selected_and_hovered_no_longer(view, out):
    click(view, tile(view, 2, 3))
    network = replace(
        spiral_experiment().network, hidden=(LayerSpec(8), LayerSpec(6), LayerSpec(3))
    )
    view.show_experiment(replace(spiral_experiment(), network=network))
    assert view.selected is None
    assert out.selected == [(2, 3), None]
    assert view.canvas.hovered == PAPER
    assert out.hovered[-1] is None


def test_a_selected_neuron_stays_selected_when_a_layer_before_it_is_inserted(view, out):
    click(view, tile(view, 1, 2))
    first, *rest = spiral_experiment().network.hidden
    network = replace(spiral_experiment().network, hidden=(first, LayerSpec(5), *rest))
    view.show_experiment(replace(spiral_experiment(), network=network))
    assert out.selected == [(1, 2), (2, 2)]


def test_the_camera_button_asks_for_a_picture(view, qtbot):
    with qtbot.waitSignal(view.camera_requested):
        QTest.mouseClick(view.toolbar.camera, LEFT)


def test_the_narrow_card_is_taken_where_the_full_one_would_be_far_away(qtbot):
    load_fonts()
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(784, 740)
    experiment = spiral_experiment()
    network = replace(experiment.network, hidden=(LayerSpec(8),) * 3)
    experiment = replace(experiment, network=network)
    view.show_experiment(experiment)
    view.show_snapshot(make_snapshot(experiment))
    with qtbot.waitExposed(view):
        view.show()
    canvas = view.canvas
    gap = canvas.layout_now.gaps[3]
    canvas.set_hovered(Target(Part.EDGE, 3, 0, 0))
    canvas.show_card(canvas.hovered, QPointF((gap.x0 + gap.x1) / 2, 0))
    assert canvas.card.is_narrow
    assert canvas.card.heading == "H3 · 1 → Out"
    reach = canvas.card_rect.adjusted(-120, -120, 120, 120)
    assert reach.contains(canvas.card_anchor)
    assert not any(
        canvas.card_rect.intersects(box.rect) for box in canvas.layout_now.boxes.values()
    )


def test_newer_numbers_leave_a_card_where_it_is(view):
    canvas = view.canvas
    canvas.set_hovered(Target(Part.EDGE, 1, 2, 3))
    canvas.show_card(canvas.hovered, QPointF(480, 0))
    form, corner = canvas.card.is_narrow, canvas.card_rect.topLeft()
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=401))
    assert canvas.card.is_narrow == form
    assert canvas.card_rect.topLeft() == corner


def test_the_foot_says_what_the_network_costs_and_what_it_would_cost(view):
    canvas = view.canvas
    network = canvas.experiment.network
    assert canvas.facts.describe(network).startswith("127 parameters · 371 nodes · about ")
    handle = canvas.layout_now.column(0).handle
    QTest.mousePress(canvas, LEFT, pos=handle.center().toPoint())
    QTest.mouseMove(canvas, handle.center().toPoint() + QPoint(0, 30))
    QTest.mouseMove(canvas, handle.center().toPoint() + QPoint(0, 48))
    assert canvas.dragged == (0, 10)
    wider = replace(network, hidden=(LayerSpec(10), *network.hidden[1:]))
    words = canvas.facts.describe(wider)
    assert words.startswith(f"{wider.n_parameters} parameters · about ")
    assert "nodes" not in words


def test_the_keyboard_stays_on_the_network_when_a_smaller_one_arrives(view):
    experiment = view.canvas.experiment
    focus(view, len(experiment.network.hidden), 0)
    view.show_experiment(replace(experiment, network=replace(experiment.network, hidden=())))
    assert view.canvas.focused == Target(Part.TILE, 0, 0)
    press_key(view, Qt.Key.Key_Left)
    assert view.canvas.focused.layer == INPUTS


def test_p_pins_the_neuron_so_that_it_stays_inspected(view):
    inspected = []
    view.neuron_inspected.connect(inspected.append)
    click(view, tile(view, 1, 2))
    assert inspected == [(1, 2)]
    QTest.keyClick(view.canvas, Qt.Key.Key_P)
    assert view.canvas.pinned == (1, 2)
    click(view, tile(view, 0, 3))
    assert view.selected == (0, 3)
    assert inspected == [(1, 2), (1, 2)], "another may be selected meanwhile"
    click(view, tile(view, 1, 2))
    QTest.keyClick(view.canvas, Qt.Key.Key_P)
    assert view.canvas.pinned is None
    assert inspected[-1] == (1, 2)


def test_a_click_on_the_pin_of_the_selected_tile_pins_it_and_lets_it_go(view):
    click(view, tile(view, 1, 2))
    box = view.canvas.layout_now.boxes[1, 2]
    assert view.canvas.target_under(box.pin_centre) == Target(Part.PIN, 1, 2)
    click(view, box.pin_centre)
    assert view.canvas.pinned == (1, 2)
    assert view.selected == (1, 2), "the pin is not the tile"
    click(view, tile(view, 0, 3))
    inspected = []
    view.neuron_inspected.connect(inspected.append)
    click(view, box.pin_centre)
    assert view.canvas.pinned is None
    assert inspected == [(0, 3)]


def test_only_selected_and_pinned_tiles_have_a_pin(view):
    box = view.canvas.layout_now.boxes[1, 2]
    assert view.canvas.target_under(box.pin_centre).part is not Part.PIN


def test_a_pinned_neuron_that_is_removed_is_let_go(view):
    click(view, tile(view, 2, 3))
    QTest.keyClick(view.canvas, Qt.Key.Key_P)
    network = spiral_experiment().network
    hidden = (*network.hidden[:2], LayerSpec(3))
    view.show_experiment(replace(spiral_experiment(), network=replace(network, hidden=hidden)))
    assert view.canvas.pinned is None


def test_a_pinned_neuron_stays_pinned_when_a_layer_before_it_is_inserted(view):
    click(view, tile(view, 1, 2))
    QTest.keyClick(view.canvas, Qt.Key.Key_P)
    first, *rest = spiral_experiment().network.hidden
    network = replace(spiral_experiment().network, hidden=(first, LayerSpec(5), *rest))
    view.show_experiment(replace(spiral_experiment(), network=network))
    assert view.canvas.pinned == (2, 2)


NEARLY_TOO_LARGE = Experiment(network=NetworkSpec(hidden=(LayerSpec(512), LayerSpec(191))))


def test_an_edit_that_would_make_the_network_too_large_is_refused_in_words(view, out, qtbot):
    view.show_experiment(NEARLY_TOO_LARGE)
    with qtbot.waitSignal(view.edit_refused) as told:
        view.canvas.toggle_feature(tuple(Feature).index(Feature.X1_X2))
    assert told.args == ["Not changed: a network has at most 100000 parameters, got 100223."]
    assert out.experiments == []
    assert view.canvas.experiment == NEARLY_TOO_LARGE


def test_a_handle_that_is_dragged_too_far_is_drawn_where_it_was(view, out, qtbot):
    hidden = (LayerSpec(31), LayerSpec(512), LayerSpec(162))
    view.show_experiment(Experiment(network=NetworkSpec(hidden=hidden)))
    view.canvas.dragged = (0, 32)
    view.canvas.relayout()
    view.canvas.grab()
    with qtbot.waitSignal(view.edit_refused):
        view.canvas.resize_layer(0, 32)
    assert out.experiments == []
