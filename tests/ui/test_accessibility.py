"""Everything can be reached, read and done without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from playground.core.experiment import LayerSpec, presets
from playground.core.snapshot import ParameterEdit
from playground.ui.controls.base import KeepsKeys, Label
from playground.ui.controls.buttons import CheckBox
from playground.ui.help_window import KeysWindow
from playground.ui.main_window import MainWindow
from playground.ui.network_model import Column
from playground.ui.network_table import NetworkTable
from tests.ui.fake_controller import FakeController
from tests.ui.fake_window import active_window
from tests.ui.snapshots import make_snapshot


@pytest.fixture
def controller(qapp: QApplication) -> FakeController:
    return FakeController()


@pytest.fixture
def window(qtbot: QtBot, controller: FakeController) -> Iterator[MainWindow]:
    with active_window(qtbot, controller) as window:
        yield window


def stops(window: MainWindow) -> list[QWidget]:
    """Return what Tab visits, in order."""
    found: list[QWidget] = []
    widget = window.nextInFocusChain()
    while widget is not window:
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if reachable and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def test_tab_goes_through_run_bar_left_canvas_right_and_foot(window: MainWindow) -> None:
    zones = [window.run_bar, window.left, window.network, window.right, window.bottom]
    order = [
        next(k for k, zone in enumerate(zones) if zone.isAncestorOf(widget) or zone is widget)
        for widget in stops(window)
    ]
    assert order == sorted(order)
    assert set(order) >= {0, 1, 2, 3}


def test_everything_tab_reaches_has_a_name(window: MainWindow) -> None:
    nameless = [
        widget
        for widget in stops(window)
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert nameless == []


def test_every_field_tells_its_value(window: MainWindow) -> None:
    for widget in stops(window):
        interface = QAccessible.queryAccessibleInterface(widget)
        if isinstance(widget, QSlider):
            assert interface.valueInterface() is not None
        elif isinstance(widget, QLineEdit):
            assert interface.text(QAccessible.Text.Value) == widget.text()
        elif isinstance(widget, QCheckBox):
            assert interface.state().checkable
        elif isinstance(widget, QComboBox):
            assert interface.text(QAccessible.Text.Value) == widget.currentText()


def test_the_read_outs_tell_their_values(window: MainWindow) -> None:
    for read_out in (window.run_bar.epoch, window.run_bar.train, window.run_bar.accuracy):
        assert read_out.accessibleName()
        assert read_out.accessibleDescription() == read_out.value


def test_the_ring_shows_for_keys_and_not_for_the_mouse(window: MainWindow, qtbot: QtBot) -> None:
    field = window.left.model.seed
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.ring.isVisible()
    assert window.ring.target is field
    window.network.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is field
    assert not window.ring.isVisible()


def test_every_control_that_tab_reaches_has_a_ring(window: MainWindow) -> None:
    canvas = window.network.canvas
    for widget in stops(window):
        if widget is canvas:  # it marks the tile that has the focus itself
            continue
        assert isinstance(widget, KeepsKeys), widget
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        assert window.ring.target is widget


def test_keys_lists_every_action_that_has_one(window: MainWindow) -> None:
    window.commands.keys.trigger()
    keys = window.findChild(KeysWindow)
    texts = {label.text() for label in keys.findChildren(QLabel)}
    for action in window.commands.listed:
        assert window.commands.keys_of(action) in texts
    for what in ("Choose the activation of a layer", "Edit a weight or bias"):
        assert what in texts
    keys.close()


def test_single_letter_keys_can_be_switched_off(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    window.commands.keys.trigger()
    keys = window.findChild(KeysWindow)
    box = keys.findChild(CheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.focus_rect().center().toPoint())
    assert not window.commands.letter_keys.isChecked()
    keys.close()
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas = window.network.canvas
    canvas.setFocus(Qt.FocusReason.OtherFocusReason)
    mode = window.network.edge_mode
    for key in (Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_B, Qt.Key.Key_2, Qt.Key.Key_A):
        qtbot.keyClick(canvas, key)
    assert controller.calls == []
    assert window.network.edge_mode is mode
    assert canvas.menu is None
    qtbot.keyClick(canvas, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert controller.calls == ["reset"]
    assert window.commands.keys_of(window.commands.toggle) == "Space"
    window.commands.letter_keys.setChecked(True)
    assert window.commands.toggle.shortcut() == QKeySequence("Space")


def test_reduced_motion_reaches_canvas_dock_and_display(
    window: MainWindow, controller: FakeController
) -> None:
    window.commands.reduce_motion.trigger()
    assert window.network.canvas.reduced_motion
    assert window.bottom.reduced_motion
    assert controller.calls == ["reduced motion True"]


def test_sign_marks_and_log_rings_reach_the_canvas(window: MainWindow) -> None:
    window.commands.sign_marks.trigger()
    window.commands.log_rings.trigger()
    assert (window.network.canvas.sign_marks, window.network.canvas.log_rings) == (True, True)


# The network as a table.


@pytest.fixture
def table(window: MainWindow) -> NetworkTable:
    window.commands.table.trigger()
    found = window.findChild(NetworkTable)
    assert isinstance(found, NetworkTable)
    return found


def cell(table: NetworkTable, column: Column, *place: int) -> QModelIndex:
    index = QModelIndex()
    for depth, row in enumerate(place):
        last = depth == len(place) - 1
        index = table.model.index(row, column if last else 0, index)
    return index


def test_the_table_holds_every_parameter_of_the_snapshot(
    table: NetworkTable, controller: FakeController
) -> None:
    model, snapshot = table.model, controller.snapshot
    assert snapshot is not None
    assert model.rowCount() == len(snapshot.layers)
    for layer, weights in enumerate(snapshot.parameters.weights):
        assert model.rowCount(cell(table, Column.NAME, layer)) == len(weights)
        for neuron in range(len(weights)):
            owner = cell(table, Column.NAME, layer, neuron)
            assert model.rowCount(owner) == weights.shape[1] + 1
            assert model.parent(model.index(0, 0, owner)) == owner
            edits = [
                float(str(cell(table, Column.VALUE, layer, neuron, row).data(2)).replace("−", "-"))
                for row in range(weights.shape[1] + 1)
            ]
            truth = [snapshot.parameters.biases[layer][neuron], *weights[neuron]]
            assert np.allclose(edits, truth, rtol=1e-9)


def test_the_table_tells_gradients_updates_and_states(table: NetworkTable) -> None:
    layer = table.model.snapshot.layers[1]
    dead = int(np.flatnonzero(layer.dead)[0])
    assert cell(table, Column.STATE, 1, dead).data() == "dead"
    assert cell(table, Column.NAME, 0, 2, 1).data() == "weight from x₁"
    assert cell(table, Column.NAME, 0, 2, 0).data() == "bias"
    assert cell(table, Column.GRADIENT, 0, 2, 1).data()[0] in "+−0"
    spoken = cell(table, Column.VALUE, 0, 2, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("weight from x₁, Value: ")


def test_typing_into_the_table_edits_one_weight(
    table: NetworkTable, controller: FakeController, qtbot: QtBot
) -> None:
    tree = table.tree
    index = cell(table, Column.VALUE, 0, 2, 1)
    tree.expand(cell(table, Column.NAME, 0, 2))
    tree.setCurrentIndex(index)
    with qtbot.waitActive(table):
        table.activateWindow()
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "-1,25")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(controller.edits))
    edit = controller.edits[-1]
    assert isinstance(edit, ParameterEdit)
    assert edit.parameters.weights[0][2, 0] == -1.25
    assert [change.value for change in controller.orders[-1].changes] == [-1.25]
    assert table.parent().edits.undoText() == "change weight x₁ → Hidden 1 · 3"


def test_the_table_refuses_what_is_no_number_and_says_why(
    table: NetworkTable, controller: FakeController
) -> None:
    n_edits = len(controller.edits)
    assert not table.model.setData(cell(table, Column.VALUE, 0, 0, 0), "inf")
    assert len(controller.edits) == n_edits
    assert table.hint.text() == "“inf” is not a number."


def test_the_table_follows_training_and_structure(
    table: NetworkTable, controller: FakeController, qtbot: QtBot
) -> None:
    newer = make_snapshot(controller.experiment)
    with qtbot.waitSignal(table.model.dataChanged):
        table.tree.setCurrentIndex(cell(table, Column.VALUE, 0, 0, 0))
        table.show_snapshot(newer)
    assert table.model.snapshot is newer
    other = presets()["circle"]
    with qtbot.waitSignal(table.model.modelReset):
        table.show_snapshot(make_snapshot(other))
    assert table.model.rowCount() == 3
    assert other.network.hidden == (LayerSpec(4), LayerSpec(2))
    assert cell(table, Column.STATE, 0).data() == "4 neurons, tanh"


def test_labels_never_interpret_markup(window: MainWindow) -> None:
    for label in window.findChildren(Label):
        assert label.textFormat() is Qt.TextFormat.PlainText
