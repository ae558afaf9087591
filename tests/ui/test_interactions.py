"""Every way to act on the window: the index of the tests that do it, and the keys left over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
from pytestqt.qtbot import QtBot

from playground.ui.canvas.values import EdgeMode
from playground.ui.help_window import KeysWindow
from playground.ui.main_window import MainWindow
from tests.ui.fake_controller import FakeController

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
TESTS = Path(__file__).parent.parent
CANVAS, SHELL, HAND = "ui/test_canvas_editing.py", "ui/test_shell.py", "ui/test_space_hand.py"
HERE, DOCK, UNDO = "ui/test_interactions.py", "ui/graph/test_dock.py", "ui/test_undo.py"
FILES = "files/test_file_commands.py"

ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "run or pause, reset; step an epoch, a batch": (
        (SHELL, "test_run_bar_and_keys_ask_the_controller"),
    ),
    "step an operation": (
        (DOCK, "test_the_run_bars_op_opens_the_graph_and_steps"),
        (DOCK, "test_arrows_step_f_turns_and_o_steps_too"),
    ),
    "speed": ((SHELL, "test_speed_changes_by_slider_and_keys"),),
    "add or remove a neuron": (
        (CANVAS, "test_dragging_the_handle_adds_a_neuron_per_24_pixels_and_emits_once"),
        (CANVAS, "test_plus_and_minus_change_the_layer_by_one_neuron"),
        (CANVAS, "test_plus_and_minus_resize_the_focused_column"),
    ),
    "insert or remove a layer": (
        (CANVAS, "test_the_disc_between_two_heads_inserts_a_layer_like_its_neighbour"),
        (CANVAS, "test_the_cross_beside_a_head_removes_the_layer"),
        (CANVAS, "test_insert_adds_a_layer_after_the_focused_one"),
        (CANVAS, "test_control_delete_removes_the_focused_layer"),
    ),
    "activation of a layer": (
        (CANVAS, "test_the_chip_opens_a_menu_that_sets_the_layers_activation"),
        (CANVAS, "test_a_opens_the_activation_menu_of_the_focused_column"),
    ),
    "toggle a feature": (
        (CANVAS, "test_a_click_on_a_feature_toggles_it"),
        (CANVAS, "test_enter_selects_a_neuron_and_toggles_a_feature"),
    ),
    "inspect, select, pin": (
        (CANVAS, "test_hovering_names_the_neuron_and_leaving_it_names_none"),
        (CANVAS, "test_a_click_on_a_neuron_selects_it_and_a_second_one_lets_go"),
        (CANVAS, "test_a_click_on_the_pin_of_the_selected_tile_pins_it_and_lets_it_go"),
        (CANVAS, "test_arrows_move_the_focus_between_tiles"),
        (CANVAS, "test_p_pins_the_neuron_so_that_it_stays_inspected"),
    ),
    "edit a weight or bias": (
        (CANVAS, "test_a_double_click_on_an_edge_edits_its_weight_by_typing"),
        (CANVAS, "test_a_double_click_on_a_bias_disc_edits_the_bias"),
        (CANVAS, "test_wheel_and_arrows_step_the_weight"),
        (CANVAS, "test_w_then_arrows_then_typing_edits_a_weight"),
        (HERE, "test_w_then_a_number_sets_the_weight_to_that_number"),
    ),
    "edge encoding": (
        (HERE, "test_the_segmented_control_chooses_what_edges_show"),
        (CANVAS, "test_one_two_three_choose_what_the_edges_show"),
        (SHELL, "test_edge_keys_and_toolbar_show_the_same_mode"),
    ),
    "test points, discretise, log loss": (
        (HERE, "test_the_check_boxes_are_switched_by_the_mouse"),
        (SHELL, "test_check_boxes_and_their_keys_stay_the_same"),
    ),
    "graph, step, direction": (
        (DOCK, "test_g_opens_and_closes_the_graph"),
        (DOCK, "test_arrows_step_f_turns_and_o_steps_too"),
    ),
    "zoom and fit": (
        (CANVAS, "test_control_and_wheel_zoom_and_the_fit_button_shows_all_again"),
        (HERE, "test_control_with_plus_minus_and_nought_zooms_and_fits"),
        (HAND, "test_space_dragged_over_a_tile_moves_the_zoomed_network_and_edits_nothing"),
        (HAND, "test_space_dragged_over_the_graph_moves_it_and_clicks_no_node"),
        (DOCK, "test_zooming_goes_from_values_to_neurons_to_layers_and_back"),
    ),
    "copy a picture, export": (
        (CANVAS, "test_the_camera_button_asks_for_a_picture"),
        (HERE, "test_control_shift_c_copies_the_window"),
        (HERE, "test_control_e_opens_the_export"),
    ),
    "new, open, save, save as": (
        (FILES, "test_an_edit_is_marked_in_the_title_and_asked_about_before_new"),
        (FILES, "test_what_is_saved_opens_with_the_same_weights"),
        (FILES, "test_save_as_asks_for_a_name_without_blocking"),
    ),
    "help, keys": ((HERE, "test_f1_lists_the_keys"),),
    "hide panels": ((HERE, "test_control_backslash_hides_the_panels_and_brings_them_back"),),
    "undo, redo": ((UNDO, "test_keys_and_menu_undo_and_name_the_edit"),),
    "cancel a drag, close a card, deselect": (
        (CANVAS, "test_a_drag_never_leaves_1_to_32_neurons"),
        (CANVAS, "test_a_click_on_paper_deselects"),
        (CANVAS, "test_escape_deselects"),
        (HERE, "test_escape_closes_the_card_before_it_deselects"),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_of_the_interaction_table_has_its_tests(row: str) -> None:
    for module, name in ROWS[row]:
        text = (TESTS / module).read_text(encoding="utf-8")
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), (module, name)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    window.commands.reduce_motion.setChecked(True)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()


pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


def test_the_segmented_control_chooses_what_edges_show(window: MainWindow, qtbot: QtBot) -> None:
    toolbar = window.network.toolbar
    for name, mode in (("Gradient", 1), ("Update", 2), ("Weight", 0)):
        button = next(b for b in toolbar.modes.findChildren(QAbstractButton) if b.text() == name)
        qtbot.mouseClick(button, LEFT)
        assert window.network.edge_mode is tuple(EdgeMode)[mode]
        assert window.commands.edges[mode].isChecked()


def test_the_check_boxes_are_switched_by_the_mouse(window: MainWindow, qtbot: QtBot) -> None:
    right = window.right
    for box in (right.output.test_box, right.output.discrete_box, right.loss.log_box):
        before = box.isChecked()
        qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
        assert box.isChecked() is not before
    assert not right.output.test_points.isVisible()


def test_w_then_a_number_sets_the_weight_to_that_number(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.network.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    with qtbot.waitSignal(canvas.parameters_edited) as told:
        for key in "2.5\r":
            qtbot.keyClick(QApplication.focusWidget(), key)
    assert told.args[0].parameters.weights[0][canvas.focused.index, 0] == 2.5
    assert window.network.edge_mode is EdgeMode.WEIGHT


def test_control_with_plus_minus_and_nought_zooms_and_fits(
    window: MainWindow, qtbot: QtBot
) -> None:
    canvas = window.network.canvas
    for focused in (canvas, window.run_bar):
        qtbot.keyClick(focused, Qt.Key.Key_Plus, CONTROL)
        qtbot.keyClick(focused, Qt.Key.Key_Plus, CONTROL)
        assert canvas.zoom.scale == pytest.approx(1.25**2)
        qtbot.keyClick(focused, Qt.Key.Key_Minus, CONTROL)
        assert canvas.zoom.scale == pytest.approx(1.25)
        qtbot.keyClick(focused, Qt.Key.Key_0, CONTROL)
        assert canvas.zoom.is_fit


def test_control_shift_c_copies_the_window(window: MainWindow, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    with qtbot.waitSignal(window.pictures.message_raised, timeout=60_000):
        qtbot.keyClick(window, Qt.Key.Key_C, CONTROL | SHIFT)
    image = clipboard.image()
    assert not image.isNull()
    assert image.width() % window.width() == 0


def opened(window: MainWindow) -> list[QDialog]:
    return [w for w in window.findChildren(QDialog) if w.isVisible()]


def test_control_e_opens_the_export(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, CONTROL)
    (dialog,) = opened(window)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert opened(window) == []


def test_f1_lists_the_keys(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (dialog,) = opened(window)
    assert isinstance(dialog, KeysWindow)
    dialog.close()


def test_control_backslash_hides_the_panels_and_brings_them_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Backslash, CONTROL)
    assert not window.right.isVisible()
    assert not window.side.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Backslash, CONTROL)
    QApplication.sendPostedEvents()
    assert window.right.isVisible()
    assert window.side.isVisible()


def test_escape_closes_the_card_before_it_deselects(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.network.canvas
    place = canvas.layout_now.boxes[1, 2].rect.center().toPoint()
    qtbot.mouseClick(canvas, LEFT, pos=place)
    canvas.show_card(canvas.hovered, place.toPointF())
    assert canvas.card is not None
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.card is None
    assert canvas.selected == (1, 2)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.selected is None
