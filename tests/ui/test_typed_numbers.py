"""A number field whose text is no number: red while it is looked at, as before when it is left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from playground.ui.controls.number_field import NumberField, parse_number
from playground.ui.main_window import MainWindow
from tests.ui.fake_controller import FakeController

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


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
