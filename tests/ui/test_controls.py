"""The window's own controls: what a person does becomes one signal, wrong input becomes none."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Initializer,
    Loss,
    Optimizer,
    Regularization,
)
from playground.ui import words
from playground.ui.controls.buttons import Button, CheckBox
from playground.ui.controls.combo import ComboBox
from playground.ui.controls.focus_ring import FocusRing
from playground.ui.controls.groups import SegmentedControl, StepGroup
from playground.ui.controls.number_field import NumberField, format_fixed, parse_number
from playground.ui.controls.read_out import ReadOut
from playground.ui.controls.rows import SliderRow
from playground.ui.controls.slider import LogScale, Slider, linear_scale
from playground.ui.controls.thumbnail import DatasetThumbnail
from playground.ui.fonts import load_fonts
from playground.ui.run_bar import format_epoch, format_loss, format_share
from tests.ui.snapshots import make_data


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("0,01", 0.01),
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (" .5 ", 0.5),
        ("5.", 5.0),
        ("+2", 2.0),
        ("−0.25", -0.25),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert parse_number(text, -1e6, 1e6) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Type a number."),
        ("abc", "is not a number"),
        ("1..2", "is not a number"),
        ("1,000.5", "is not a number"),
        ("nan", "is not a number"),
        ("inf", "is not a number"),
        ("1e999", "must be between"),
        pytest.param("9" * 400, "must be between", id="400 digits"),
        ("0x10", "is not a number"),
        ("5000", "must be between 0 and 100"),
    ],
)
def test_what_is_no_number_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_number(text, 0, 100)


def test_only_a_percentage_ends_with_its_sign() -> None:
    assert parse_number("67 %", 0, 100, percent=True) == 67.0
    with pytest.raises(ValueError, match="“5%” is not a number"):
        parse_number("5%", 0, 100)


@pytest.mark.qt_log_ignore("does not support raise")
@pytest.mark.parametrize("text", ["4,000", "4.000", "4.", "2,5"])
def test_a_whole_number_field_refuses_marks_that_may_mean_two_things(
    qtbot: QtBot, text: str
) -> None:
    field = NumberField("Samples", 0, 5000, integer=True)
    qtbot.addWidget(field)
    field.set_value(300)
    with qtbot.assertNotEmitted(field.value_edited):
        type_into(qtbot, field, text)
    assert field.reason == "This must be a whole number, without a comma or point."
    assert field.value == 300
    type_into(qtbot, field, "4e3")
    assert (field.value, field.reason) == (4000, "")


def test_a_whole_number_field_refuses_fractions() -> None:
    with pytest.raises(ValueError, match="whole number"):
        parse_number("2.5", 0, 100, integer=True)
    with pytest.raises(ValueError, match="must be between 0 and 100"):
        parse_number("3e333", 0, 100, integer=True)


def type_into(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_typed_number_is_one_signal(qtbot: QtBot) -> None:
    field = NumberField("Rate", 0, 10)
    qtbot.addWidget(field)
    field.set_value(1.0)
    with qtbot.waitSignal(field.value_edited) as signal:
        type_into(qtbot, field, "1e-3")
    assert signal.args == [0.001]
    assert field.text() == "0.001"


@pytest.mark.qt_log_ignore(r"does not support raise")
def test_a_wrong_number_is_marked_and_the_old_one_kept(qtbot: QtBot) -> None:
    field = NumberField("Rate", 0, 10)
    qtbot.addWidget(field)
    field.set_value(1.0)
    with qtbot.assertNotEmitted(field.value_edited):
        type_into(qtbot, field, "fast")
    assert field.reason
    assert field.accessibleDescription() == field.reason
    assert field.value == 1.0
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.reason) == ("1", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0123456789, "0.0123"),
        (5.843333333333333, "5.8433"),
        (-1 / 3, "−0.333"),
        (1234.5678, "1234.6"),
        (0.5, "0.50"),
    ],
)
def test_digits_that_do_not_fit_are_rounded_away_until_one_types(
    qtbot: QtBot, value: float, text: str
) -> None:
    field = NumberField("Held", -1e9, 1e9, decimals=2, flat=True)
    qtbot.addWidget(field)
    field.setFixedWidth(48)
    edits: list[float] = []
    field.value_edited.connect(edits.append)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    field.clearFocus()
    field.set_value(value)
    assert field.text() == text
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert field.text() == format_fixed(value, 2)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    field.clearFocus()
    assert field.text() == text
    assert field.value == value
    assert edits == []


def test_the_same_number_again_is_no_edit(qtbot: QtBot) -> None:
    field = NumberField("Rate", 0, 10)
    qtbot.addWidget(field)
    field.set_value(0.5)
    with qtbot.assertNotEmitted(field.value_edited):
        type_into(qtbot, field, "0,50")


def test_a_percentage_is_typed_in_hundredths(qtbot: QtBot) -> None:
    field = NumberField("Share", 0.1, 0.9, percent=True)
    qtbot.addWidget(field)
    field.set_value(0.5)
    with qtbot.waitSignal(field.value_edited) as signal:
        type_into(qtbot, field, "67")
    assert signal.args == [pytest.approx(0.67)]


def test_a_log_scale_reads_back_its_own_values() -> None:
    scale = LogScale(1e-5, 10)
    assert scale.value(0) == 1e-5
    assert scale.value(scale.last) == 10
    assert all(scale.position(scale.value(i)) == i for i in range(scale.last + 1))


def test_a_slider_moves_where_it_is_clicked(qtbot: QtBot) -> None:
    slider = Slider("Noise", linear_scale(0, 0.5, 0.01))
    qtbot.addWidget(slider)
    slider.resize(112, 25)
    with qtbot.waitSignal(slider.value_edited) as signal:
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(56, 12))
    assert signal.args == [0.25]


def test_a_slider_follows_arrow_keys(qtbot: QtBot) -> None:
    slider = Slider("Noise", linear_scale(0, 0.5, 0.01))
    qtbot.addWidget(slider)
    slider.show_value(0.2)
    with qtbot.waitSignal(slider.value_edited) as signal:
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert signal.args == [0.21]


def test_showing_a_value_is_no_edit(qtbot: QtBot) -> None:
    row = SliderRow("Noise", linear_scale(0, 0.5, 0.01), 0, 0.5)
    qtbot.addWidget(row)
    with qtbot.assertNotEmitted(row.value_edited):
        row.show_value(0.333)
    assert row.value == 0.333
    assert row.field.text() == "0.333"


def test_slider_and_field_of_a_row_follow_each_other(qtbot: QtBot) -> None:
    row = SliderRow("Noise", linear_scale(0, 0.5, 0.01), 0, 0.5)
    qtbot.addWidget(row)
    type_into(qtbot, row.field, "0.4")
    assert row.slider.shown_value == 0.4
    qtbot.keyClick(row.slider, Qt.Key.Key_Left)
    assert row.field.text() == "0.39"


def test_a_combo_tells_the_member_a_person_chose(qtbot: QtBot) -> None:
    combo = ComboBox("Optimiser", list(words.OPTIMIZERS.items()))
    qtbot.addWidget(combo)
    combo.show_choice(Optimizer.SGD)
    with qtbot.waitSignal(combo.choice_edited) as signal:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert signal.args == [Optimizer.MOMENTUM]


def test_a_combo_can_say_that_the_state_is_none_of_its_choices(qtbot: QtBot) -> None:
    combo = ComboBox("Activation", list(words.ACTIVATIONS.items()))
    qtbot.addWidget(combo)
    combo.show_choice(None, "Mixed (per layer)")
    assert combo.shown_text == "Mixed (per layer)"
    combo.show_choice(Activation.RELU)
    assert combo.shown_text == "ReLU"


def test_a_segmented_control_is_chosen_by_mouse_and_arrow_keys(qtbot: QtBot) -> None:
    control = SegmentedControl(["Weight", "Gradient", "Update"], "Edges")
    qtbot.addWidget(control)
    segments = control.findChildren(QWidget)
    with qtbot.waitSignal(control.chosen) as signal:
        qtbot.mouseClick(segments[1], Qt.MouseButton.LeftButton)
    assert signal.args == [1]
    with qtbot.waitSignal(control.chosen) as signal:
        qtbot.keyClick(segments[1], Qt.Key.Key_Right)
    assert signal.args == [2]
    assert control.index == 2


def test_each_cell_of_the_step_group_is_one_step(qtbot: QtBot) -> None:
    group = StepGroup((("Epoch", "Step one epoch"), ("Batch", "Step one batch")))
    qtbot.addWidget(group)
    with qtbot.waitSignal(group.step_clicked) as signal:
        qtbot.mouseClick(group.cells["Batch"], Qt.MouseButton.LeftButton)
    assert signal.args == ["Batch"]


def test_a_read_out_does_not_shift_its_neighbours(qtbot: QtBot) -> None:
    read_out = ReadOut("Train loss", "0.0000", "solid")
    qtbot.addWidget(read_out)
    width = read_out.width()
    for value in ("0.1111", "0.8888", "–"):
        read_out.show_value(value)
        assert read_out.width() == width
    assert read_out.accessibleDescription() == "–"


def test_space_on_a_focused_button_is_the_buttons_own(qtbot: QtBot) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    button, box = Button("Regenerate"), CheckBox("Log scale")
    layout.addWidget(button)
    layout.addWidget(box)
    shortcut = QShortcut(QKeySequence("Space"), window)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for control in (button, box):
        control.setFocus(Qt.FocusReason.TabFocusReason)
        with qtbot.assertNotEmitted(shortcut.activated), qtbot.waitSignal(control.clicked):
            qtbot.keyClick(control, Qt.Key.Key_Space)


def test_the_ring_surrounds_what_the_keyboard_is_on(qtbot: QtBot) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    button, field = Button("Regenerate"), NumberField("Seed", 0, 9, integer=True)
    layout.addWidget(button)
    layout.addWidget(field)
    ring = FocusRing(window)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    assert not ring.isVisible()
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()
    assert ring.geometry().adjusted(5, 5, -5, -5) == button.geometry()
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring.isVisible()
    field.clearFocus()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.target is field


@pytest.mark.parametrize("kind", [DatasetKind.SPIRAL, DatasetKind.PLANE])
def test_a_thumbnail_shows_its_data(qtbot: QtBot, kind: DatasetKind) -> None:
    thumbnail = DatasetThumbnail(kind, words.DATASETS[kind], make_data(DataSpec(kind)))
    qtbot.addWidget(thumbnail)
    thumbnail.apply_theme(thumbnail.theme)
    image = thumbnail.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(6, 50) for y in range(6, 50)}
    assert len(colours) > 20
    assert thumbnail.accessibleName() == words.DATASETS[kind]


def test_every_choice_of_an_experiment_has_a_name() -> None:
    for enumeration, names in (
        (DatasetKind, words.DATASETS),
        (Activation, words.ACTIVATIONS),
        (Loss, words.LOSSES),
        (Optimizer, words.OPTIMIZERS),
        (Initializer, words.INITIALIZERS),
        (Regularization, words.REGULARIZATIONS),
    ):
        assert set(names) == set(enumeration)
        assert len(set(names.values())) == len(names)


def test_numbers_are_written_without_shifting_digits() -> None:
    assert format_fixed(0.03, 3) == "0.030"
    assert format_fixed(0.00012, 3) == "0.00012"
    assert format_fixed(1e-5, 3) == "1e−5"
    assert format_fixed(-2.5, 1) == "−2.5"
    assert parse_number(format_fixed(1e-5, 3), 0, 1) == 1e-5


def test_losses_have_four_decimals_or_a_power_of_ten() -> None:
    assert format_loss(0.0129) == "0.0129"
    assert format_loss(0.0) == "0.0000"
    assert format_loss(1.24e-5) == "1.2×10⁻⁵"
    assert format_loss(31234.0) == "3.1×10⁴"
    assert format_loss(2169.7508) == "2169.75"
    assert format_loss(None) == "–"
    assert format_loss(float("nan")) == "NaN"
    assert format_epoch(9_999_999) == "9999999"
    assert format_epoch(12_345_678) == "12.35\u2009M"
    assert format_share(0.983) == "98.3\u2009%"
