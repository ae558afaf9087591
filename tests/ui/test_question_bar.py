"""The question under the run bar: it takes the focus from nothing and gives it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow
from tests.ui.fake_window import active_window

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot) as window:
        yield window


def ask(window: MainWindow) -> None:
    question = window.files.question
    question.ask("Is it?", ("Yes", question.withdraw), ("No", question.withdraw))


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Escape])
def test_a_question_answered_by_keyboard_gives_the_focus_back_and_resets_nothing(
    qtbot: QtBot, window: MainWindow, key: Qt.Key
) -> None:
    canvas = window.network.canvas
    canvas.setFocus(Qt.FocusReason.OtherFocusReason)
    ask(window)
    assert canvas.hasFocus()
    button = window.files.question.buttons[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.assertNotEmitted(window.run_bar.reset_clicked):
        qtbot.keyClick(button, key)
        assert QApplication.focusWidget() is canvas
        qtbot.keyClick(canvas, Qt.Key.Key_Space)


def test_the_control_that_the_keyboard_was_on_has_its_ring_again(
    qtbot: QtBot, window: MainWindow
) -> None:
    slider = window.left.model.learning_rate.slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    ask(window)
    button = window.files.question.buttons[1]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ask(window)  # once more, while its button has the focus
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is slider
    assert window.ring.target is slider


def test_nothing_has_the_focus_where_what_had_it_is_gone(qtbot: QtBot, window: MainWindow) -> None:
    slider = window.left.model.learning_rate.slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    ask(window)
    button = window.files.question.buttons[0]
    button.setFocus(Qt.FocusReason.TabFocusReason)
    slider.setEnabled(False)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is None


def test_another_question_with_fewer_answers_keeps_the_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    question = window.files.question
    ask(window)
    question.buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    question.ask("It failed.", ("Close", question.withdraw), failure=True)
    assert QApplication.focusWidget() is question.buttons[0]
