"""Names from files and typed words are never taken for HTML, wherever they are shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.controls.number_field import NumberField
from playground.ui.export.dialog import ExportDialog
from playground.ui.pasted_address import ChangesWindow
from playground.ui.plain_text import plain_tool_tip
from playground.ui.question_bar import QuestionBar
from playground.ui.status_line import StatusLine
from playground.ui.theme import LIGHT
from tests.ui.tool_tips import shown

TAGGED = "<b>age</b> & <img src='x'>"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age",
        "a < b",
        TAGGED,
        "&lt;b>",
        "<b>a  b\nc",
        "x\n<i>y</i>",
        "<!-- a -->",
        "<br/>",
        "<p>",
    ],
)
def test_a_tool_tip_says_exactly_the_text(text: str) -> None:
    assert shown(plain_tool_tip(text)) == text


def test_without_the_helper_tags_would_vanish() -> None:
    assert shown(TAGGED) != TAGGED


def test_words_from_files_are_plain_in_tool_tips(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    status, question = StatusLine(parent), QuestionBar(parent)
    status.show_message(TAGGED)
    question.ask(TAGGED, ("Close", question.withdraw))
    changes = ChangesWindow([TAGGED], LIGHT, parent)
    export = ExportDialog(["window"], LIGHT, parent)
    export.show_progress(TAGGED, running=False)
    labels = [status.message, question.words, export.status, *changes.notes]
    assert [shown(label.toolTip()) for label in labels] == [TAGGED] * 4


@pytest.mark.qt_log_ignore(r"does not support raise")
def test_typed_words_are_plain_in_the_reason(qtbot: QtBot) -> None:
    field = NumberField("Rate", 0, 10)
    qtbot.addWidget(field)
    field.show()
    field.selectAll()
    qtbot.keyClicks(field, "<b>1</b>")
    asked = QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), field.mapToGlobal(QPoint(2, 2)))
    for ask in (
        lambda: qtbot.keyClick(field, Qt.Key.Key_Return),
        lambda: QApplication.sendEvent(field, asked),
    ):
        ask()
        assert shown(QToolTip.text()) == "“<b>1</b>” is not a number."
        QToolTip.hideText()
