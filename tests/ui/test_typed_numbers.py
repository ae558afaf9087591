"""A number field whose text is no number: red while it is looked at, as before when it is left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import presets
from playground.ui.canvas.editor import ValueEditor
from playground.ui.controls.half_typed import drop_typed, take_up_typed
from playground.ui.controls.number_field import NumberField, parse_number
from playground.ui.main_window import MainWindow
from playground.ui.theme import LIGHT
from tests.ui.fake_controller import FakeController

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints|grabbing)")


@pytest.mark.parametrize("text", ["١٢", "१२", "１２", "1e٣", "0.٥"])
def test_other_digits_than_0_to_9_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text, 0, 100)


def is_framed(field: NumberField) -> bool:
    """Whether the danger colour goes along the field's upper edge."""
    image = field.grab().toImage()
    middle = range(image.width() // 4, image.width() // 2)
    above = {image.pixelColor(x, y).name() for x in middle for y in range(4)}
    return field.theme.danger.name() in above


@pytest.mark.parametrize("typed", ["inf", "", "9" * 400, "-1", "fast"])
def test_26_a_wrong_number_is_framed_and_the_old_one_is_back_when_the_field_is_left(
    qtbot: QtBot, typed: str
) -> None:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    field, other = window.left.data.noise.field, window.left.data.share.field
    field.setFocus()
    value, text = field.value, field.text()
    assert not is_framed(field)
    with qtbot.assertNotEmitted(field.value_edited):
        qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(field, Qt.Key.Key_Delete)
        qtbot.keyClicks(field, typed)
        assert field.reason
        assert is_framed(field)
        other.setFocus()
    assert (field.text(), field.value, field.reason) == (text, value, "")
    assert not is_framed(field)
    window.close()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield window
    window.close()


def type_rate(qtbot: QtBot, window: MainWindow, text: str) -> NumberField:
    """Type into the learning rate without entering it."""
    field = window.left.model.learning_rate.field
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    qtbot.keyClicks(field, text)
    return field


def rate_of(window: MainWindow) -> float:
    return window.controller.experiment.training.learning_rate


def test_undo_of_the_menu_takes_back_what_was_typed(qtbot: QtBot, window: MainWindow) -> None:
    before = rate_of(window)
    field = type_rate(qtbot, window, "0.5")
    menu = window.menuBar().actions()[1].menu()
    assert isinstance(menu, QMenu)
    menu.popup(window.mapToGlobal(QPoint(100, 30)))
    assert rate_of(window) == 0.5
    window.commands.undo.trigger()
    menu.close()
    assert (rate_of(window), field.value) == (before, before)


def test_a_run_begins_with_what_is_typed(qtbot: QtBot, window: MainWindow) -> None:
    type_rate(qtbot, window, "0.5")
    rates = []
    window.run_bar.toggle_clicked.connect(lambda: rates.append(rate_of(window)))
    qtbot.mouseClick(window.run_bar.run, Qt.MouseButton.LeftButton)
    type_rate(qtbot, window, "0.25")
    window.run_bar.step_epoch_clicked.connect(lambda: rates.append(rate_of(window)))
    qtbot.mouseClick(window.run_bar.steps.cells["Epoch"], Qt.MouseButton.LeftButton)
    assert rates == [0.5, 0.25]


def test_a_wrong_number_is_not_taken_up_by_a_button(qtbot: QtBot, window: MainWindow) -> None:
    field, before = type_rate(qtbot, window, "0.5x"), rate_of(window)
    qtbot.mouseClick(window.run_bar.run, Qt.MouseButton.LeftButton)
    assert (field.text(), rate_of(window)) == ("0.5x", before)
    assert is_framed(field)


def test_a_press_into_the_text_leaves_it_half_typed(qtbot: QtBot, window: MainWindow) -> None:
    field, before = type_rate(qtbot, window, "0.5"), rate_of(window)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert (field.text(), rate_of(window)) == ("0.5", before)


def test_what_is_typed_is_never_set_on_another_experiment(qtbot: QtBot, window: MainWindow) -> None:
    field = type_rate(qtbot, window, "0.9")
    window.files.start_new(presets()["xor"], "new experiment")
    if window.files.question.text:
        window.files.question.answer(1)
    wanted = presets()["xor"].training.learning_rate
    assert rate_of(window) == wanted
    window.network.canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert (rate_of(window), field.value) == (wanted, wanted)


def test_the_keys_of_new_ask_about_the_number_that_is_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    field = type_rate(qtbot, window, "0.9")
    qtbot.keyClick(field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert "unsaved edits" in window.files.question.text
    assert rate_of(window) == 0.9
    window.files.question.answer(1)
    assert field.text() != "0.9"
    assert rate_of(window) != 0.9


def test_a_weight_that_is_typed_on_its_card_is_taken_up_too(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    editor = ValueEditor("Weight", 1.0, LIGHT, parent)
    values: list[float] = []
    editor.value_edited.connect(values.append)
    with qtbot.waitExposed(parent):
        parent.show()
    parent.activateWindow()
    editor.setFocus()
    qtbot.keyClicks(editor, "0.25")
    take_up_typed()
    assert values == [0.25]
    qtbot.keyClicks(editor, "7")
    drop_typed()
    assert (editor.text(), values) == ("0.25", [0.25])


def test_a_slider_moved_after_typing_beside_it_wins(qtbot: QtBot, window: MainWindow) -> None:
    field, slider = type_rate(qtbot, window, "0.5x"), window.left.model.learning_rate.slider
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(20, slider.height() // 2))
    moved = rate_of(window)
    assert moved == slider.shown_value
    assert (field.value, field.isModified(), field.reason) == (moved, False, "")
    field.setFocus()
    window.network.canvas.setFocus()
    assert rate_of(window) == moved


def in_context_menu(qtbot: QtBot, field: NumberField, entry: str) -> None:
    """Open the field's context menu, choose an entry, or none for "", and close the menu."""

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        chosen = [a for a in menu.actions() if a.text().replace("&", "").startswith(entry)]
        if entry:
            chosen[0].trigger()
        menu.close()

    place = QPoint(5, 5)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(field, QContextMenuEvent(reason, place, field.mapToGlobal(place)))
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    choose()


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_the_context_menu_of_a_number_copies_and_pastes_and_edits_nothing_itself(
    qtbot: QtBot, window: MainWindow, by_keyboard: bool
) -> None:
    field, before = type_rate(qtbot, window, "0.5"), rate_of(window)
    field.shows_focus = by_keyboard
    in_context_menu(qtbot, field, "")
    assert (field.text(), rate_of(window)) == ("0.5", before)
    assert field.selectedText() == ""
    field.selectAll()
    in_context_menu(qtbot, field, "Copy")
    assert QApplication.clipboard().text() == "0.5"
    QApplication.clipboard().setText("0.125")
    in_context_menu(qtbot, field, "Paste")
    assert (field.text(), rate_of(window)) == ("0.125", before)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert rate_of(window) == 0.125
