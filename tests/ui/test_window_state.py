"""What the window remembers, what it reads from the system, and what its pixels are."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QProcess, QRect, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import DatasetKind, Experiment, on_dataset, presets
from playground.ui.appearance import Preference
from playground.ui.controls.base import Themed
from playground.ui.main_window import MainWindow
from playground.ui.system_wishes import SystemWishes
from playground.ui.theme import DARK, LIGHT, Theme, text_scale
from playground.ui.window_state import WindowState
from tests.pictures import picture_of
from tests.ui.fake_controller import FakeController


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = make(qtbot)
    yield window
    window.handlers.choose_text_scale(1.0)
    window.choose_theme(Preference.LIGHT)
    window.close()


def make(qtbot: QtBot) -> MainWindow:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    return window


def zone(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def reopened(qtbot: QtBot, window: MainWindow, settings: QSettings) -> MainWindow:
    window.close()
    settings.sync()
    again = make(qtbot)
    again.remember_in(settings)
    return again


def test_text_size_dock_and_switches_come_back(
    window: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    window.remember_in(settings)
    window.commands.text_sizes[1.5].trigger()
    window.commands.sign_marks.trigger()
    window.commands.letter_keys.trigger()
    window.bottom.set_open_height(300)
    again = reopened(qtbot, window, settings)
    assert text_scale() == 1.5
    assert again.commands.text_sizes[1.5].isChecked()
    assert again.network.canvas.sign_marks
    assert not again.commands.letter_keys.isChecked()
    assert again.bottom.open_height == 300
    again.close()


def test_a_window_left_far_outside_is_brought_back_to_the_screen(
    window: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    window.remember_in(settings)
    window.show()
    window.setGeometry(5000, 4000, 3000, 2500)
    again = reopened(qtbot, window, settings)
    room = again.screen().availableGeometry()
    assert room.contains(again.geometry().topLeft())
    assert again.width() <= room.width()
    assert again.height() <= room.height()
    again.close()


@pytest.mark.parametrize("damage", ["text", "dock", "geometry", "zones", "theme"])
def test_damaged_settings_are_as_good_as_none(
    window: MainWindow, settings: QSettings, damage: str
) -> None:
    settings.setValue(f"window/{damage}", "\x00 nonsense")
    window.remember_in(settings)
    assert text_scale() == 1.0
    assert window.zones.splitter.count() == 3


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400", "-1", "1e300", "two", ""])
def test_no_number_in_the_settings_prevents_the_start(
    window: MainWindow, settings: QSettings, value: str
) -> None:
    keys = ["text", "dock", "geometry", "zones", "theme"]
    for key in [f"window/{key}" for key in keys] + [
        f"view/{name}" for name in window.commands.remembered
    ]:
        settings.setValue(key, value)
    window.remember_in(settings)
    assert text_scale() == 1.0
    window.resize(1000, 700)
    window.show()
    assert 0 < window.bottom.open_height < 10_001
    assert window.bottom.height() <= window.height()


def test_the_systems_size_of_text_is_followed_until_a_person_chooses(window: MainWindow) -> None:
    wishes = SystemWishes(window)
    wishes.text_scale_read.connect(window.handlers.follow_text_scale)
    wishes.reduced_motion_read.connect(window.commands.reduce_motion.setChecked)
    wishes.take("text-scaling-factor", "1.3\n")
    assert text_scale() == 1.3
    wishes.take("text-scaling-factor", "225", 100)
    assert text_scale() == 1.75
    wishes.take("text-scaling-factor", "rubbish")
    assert text_scale() == 1.75
    window.commands.text_sizes[1.25].trigger()
    wishes.take("text-scaling-factor", "1.5")
    assert text_scale() == 1.25
    wishes.take("enable-animations", "false\n")
    assert window.commands.reduce_motion.isChecked()
    assert window.network.canvas.reduced_motion


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked in the registry")
def test_a_window_that_is_closed_waits_for_no_answer(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    slow = tmp_path / "gsettings"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    window.show()
    window.follow_system()
    (process,) = window._wishes.findChildren(QProcess)
    qtbot.waitUntil(lambda: process.state() is QProcess.ProcessState.Running)
    window.close()
    # Else Qt complains of it when the window is deleted.
    assert process.state() is QProcess.ProcessState.NotRunning
    assert not window.commands.reduce_motion.isChecked()


@pytest.mark.parametrize("scale", [1.25, 1.5, 1.75])
def test_zones_keep_their_proportions_with_larger_text(window: MainWindow, scale: float) -> None:
    window.handlers.choose_text_scale(scale)
    width, height = round(1440 * scale), round(900 * scale)
    window.resize(width, height)
    window.show()
    QApplication.sendPostedEvents()
    menu, bar, foot = round(28 * scale), round(56 * scale), round(30 * scale)
    left, right = round(252 * scale), round(404 * scale)
    expected = {
        window.run_bar: (0, menu, width, bar),
        window.side: (0, menu + bar, left, height - menu - bar - foot),
        window.right: (width - right, menu + bar, right, height - menu - bar - foot),
        window.status: (0, height - foot, width, foot),
    }
    for widget, rectangle in expected.items():
        for got, want in zip(zone(window, widget).getRect(), rectangle, strict=True):
            assert abs(got - want) <= 1, (type(widget).__name__, zone(window, widget), rectangle)


@pytest.mark.parametrize(
    ("theme", "preference"), [(LIGHT, Preference.LIGHT), (DARK, Preference.DARK)]
)
@pytest.mark.parametrize("ratio", [1, 2])
def test_named_pixels_have_their_tokens(
    window: MainWindow, theme: Theme, preference: Preference, ratio: int
) -> None:
    window.choose_theme(preference)
    window.resize(1440, 900)
    window.show()
    image = picture_of(window, "window", ratio)
    size = (image.width(), image.height())
    assert size == (1440 * ratio, 900 * ratio)

    def pixel(x: float, y: float) -> str:
        return image.pixelColor(int(x * ratio), int(y * ratio)).name()

    run = zone(window, window.run_bar.run)
    base = zone(window, window.network.toolbar.modes)
    field = zone(window, window.left.model.loss)
    button = zone(window, window.run_bar.export)
    named = {
        "menu bar": (pixel(900, 13), theme.chrome),
        "run bar": (pixel(800, 40), theme.panel),
        "run bar's lower line": (pixel(800, 83.2), theme.line),
        "run button": (pixel(run.left() + 12, run.center().y()), theme.ink1),
        "left panel": (pixel(6, 500), theme.panel),
        "canvas": (pixel(262, 400), theme.paper),
        "canvas toolbar": (pixel(262, 100), theme.paper),
        "right panel": (pixel(1436, 110), theme.panel),
        "status line": (pixel(700, 885), theme.chrome),
        "status line's upper edge": (pixel(700, 870.2), theme.line),
        "field": (pixel(field.left() + 4, field.center().y()), theme.fill),
        "segmented base": (pixel(base.right() - 4, base.center().y()), theme.fill),
        "button": (pixel(button.left() + 5, button.center().y()), theme.raised),
        "splitter": (pixel(251, 500), theme.line),
    }
    wrong = {name: got for name, (got, token) in named.items() if got != token.name()}
    assert wrong == {}


def test_two_windows_in_the_same_state_are_painted_the_same(
    window: MainWindow, qtbot: QtBot
) -> None:
    other = make(qtbot)

    def picture(of: MainWindow) -> bytes:
        of.resize(1280, 720)
        of.show()
        image = picture_of(of, "window", 2).convertToFormat(QImage.Format.Format_RGB32)
        return bytes(image.constBits())

    first = picture(window)
    assert picture(window) == first
    assert picture(other) == first
    other.close()


# Choosing a dataset.


def test_who_only_chooses_a_dataset_gets_a_network_that_learns_it() -> None:
    spiral = on_dataset(Experiment(), DatasetKind.SPIRAL)
    assert spiral == presets()["spiral"]
    assert on_dataset(spiral, DatasetKind.CIRCLE) == presets()["circle"]
    for kind in DatasetKind:
        assert on_dataset(spiral, kind).network == presets()[kind.value].network


def test_a_network_that_a_person_shaped_is_kept_on_other_data(
    window: MainWindow, qtbot: QtBot
) -> None:
    shaped = window.controller.experiment
    assert on_dataset(shaped, DatasetKind.MOONS).network == shaped.network
    thumbnail = window.left.data.thumbnails[DatasetKind.XOR]
    window.show()
    qtbot.mouseClick(thumbnail, Qt.MouseButton.LeftButton)
    assert window.controller.experiment.data.kind is DatasetKind.XOR
    assert window.controller.experiment.network == shaped.network


def test_noise_and_seeds_that_a_person_chose_stay_with_another_dataset() -> None:
    base = Experiment(seed=4)
    noisy = replace(base, data=replace(base.data, noise=0.2, seed=9))
    chosen = on_dataset(noisy, DatasetKind.SPIRAL)
    assert (chosen.data.noise, chosen.data.seed, chosen.seed) == (0.2, 9, 4)
    assert chosen.network == presets()["spiral"].network


def test_the_number_of_classes_that_a_person_chose_stays_with_another_dataset() -> None:
    rings = presets()["rings"]
    five = rings.with_data(replace(rings.data, n_classes=5))
    circle = on_dataset(five, DatasetKind.CIRCLE)
    assert circle.network == presets()["circle"].network
    blobs = on_dataset(circle, DatasetKind.BLOBS)
    assert (blobs.data.n_classes, blobs.network.n_outputs) == (5, 5)
    assert blobs.network.hidden == presets()["blobs"].network.hidden
    assert on_dataset(five, DatasetKind.BLOBS) == blobs


def test_text_keeps_its_size_when_the_theme_changes(window: MainWindow) -> None:
    window.show()
    window.choose_theme(Preference.LIGHT)
    window.handlers.choose_text_scale(1.5)
    sizes = {
        widget: widget.font().pixelSize()
        for widget in window.findChildren(QWidget)
        if not widget.objectName().startswith("qt_")  # Qt's own inner parts hold no text
    }
    assert sizes[window.left.data.samples.label] == 18
    window.choose_theme(Preference.DARK)
    assert {widget: widget.font().pixelSize() for widget in sizes} == sizes


def test_text_keeps_its_size_when_output_and_loss_move_into_the_tabs(window: MainWindow) -> None:
    right = window.right
    window.show()
    window.handlers.choose_text_scale(1.5)
    right.resize(right.width(), 1300)
    sizes = {widget: widget.font().pixelSize() for widget in right.output.findChildren(QWidget)}
    assert 18 in sizes.values()
    right.resize(right.width(), 300)
    assert right.stack.indexOf(right.output) == 0
    assert {widget: widget.font().pixelSize() for widget in sizes} == sizes
    right.resize(right.width(), 1300)
    assert right.stack.indexOf(right.output) < 0
    assert {widget: widget.font().pixelSize() for widget in sizes} == sizes


def test_a_panel_out_of_sight_takes_up_the_size_of_text(window: MainWindow) -> None:
    window.show()
    gallery = window.left.data.gallery
    plain = gallery.sizeHint()
    window.handlers.choose_text_scale(1.5)
    large = gallery.sizeHint()
    assert large.height() > plain.height()
    window.left.hide()
    window.handlers.choose_text_scale(1.0)
    assert gallery.sizeHint() == plain
    window.handlers.choose_text_scale(1.5)
    assert gallery.sizeHint() == large


def test_larger_text_stays_as_large_in_another_theme_and_after_a_light_picture(
    window: MainWindow,
) -> None:
    window.show()
    window.choose_theme(Preference.DARK)
    window.handlers.choose_text_scale(1.75)
    widgets = [w for w in window.findChildren(QWidget) if isinstance(w, Themed)]

    def fonts() -> list[tuple[int, int]]:
        return [(w.font().pixelSize(), w.font().weight()) for w in widgets]

    before = fonts()
    assert window.run_bar.run.font().pixelSize() == round(13 * 1.75)
    window.choose_theme(Preference.LIGHT)
    assert fonts() == before
    window.choose_theme(Preference.DARK)
    picture_of(window, "window", 1.0, light=True)
    assert fonts() == before


def dragged(window: MainWindow) -> list[int]:
    """Show the window and drag its zones to other widths than it would choose."""
    window.show()
    QApplication.sendPostedEvents()
    left, canvas, right = window.zones.splitter.sizes()
    window.zones.splitter.setSizes([left + 20, canvas - 60, right + 40])
    widths = window.zones.splitter.sizes()
    assert widths == [left + 20, canvas - 60, right + 40]
    return widths


def test_the_widths_a_person_dragged_stay_in_another_theme(window: MainWindow) -> None:
    window.choose_theme(Preference.LIGHT)
    widths = dragged(window)
    window.choose_theme(Preference.DARK)
    assert window.zones.splitter.sizes() == widths
    picture_of(window, "window", 1.0, light=True)
    assert window.zones.splitter.sizes() == widths
    window.handlers.follow_text_scale(1.0)
    assert window.zones.splitter.sizes() == widths


@pytest.fixture
def large_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WindowState, "_room", lambda _: QRect(0, 0, 2000, 1200))


def shown_again(
    qtbot: QtBot, window: MainWindow, settings: QSettings, width: int, scale: float = 1.0
) -> MainWindow:
    """Close the window and show its successor at a width of its own."""
    window.close()
    settings.remove("window/geometry")  # Qt would not go beyond the screen of the tests
    again = make(qtbot)
    again.resize(width, 760)
    again.remember_in(settings)
    again.handlers.follow_text_scale(scale)
    again.show()
    QApplication.sendPostedEvents()
    return again


@pytest.mark.usefixtures("large_screen")
@pytest.mark.parametrize("width", [1440, 1300])
@pytest.mark.parametrize("hidden", [False, True])
def test_the_widths_a_person_dragged_come_back(
    window: MainWindow, settings: QSettings, qtbot: QtBot, width: int, hidden: bool
) -> None:
    window.remember_in(settings)
    window.resize(width, 760)
    widths = dragged(window)
    if hidden:
        window.commands.hide_panels.trigger()
    again = shown_again(qtbot, window, settings, width)
    assert again.zones.splitter.sizes() == widths
    again.close()


@pytest.mark.usefixtures("large_screen")
def test_widths_of_large_text_wait_until_the_systems_size_is_known(
    window: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    window.remember_in(settings)
    window.handlers.follow_text_scale(1.25)
    window.resize(1600, 900)
    widths = dragged(window)
    again = shown_again(qtbot, window, settings, 1600)
    assert again.zones.splitter.sizes() != widths
    again.handlers.follow_text_scale(1.25)
    assert again.zones.splitter.sizes() == widths
    again.close()


@pytest.mark.usefixtures("large_screen")
def test_a_smaller_screen_arranges_the_zones_for_itself(
    window: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    window.remember_in(settings)
    window.resize(1440, 760)
    dragged(window)
    again = shown_again(qtbot, window, settings, 1150)
    fresh = make(qtbot)
    fresh.resize(1150, 760)
    fresh.show()
    QApplication.sendPostedEvents()
    assert again.zones.splitter.sizes() == fresh.zones.splitter.sizes()
    side, canvas = zone(again, again.side), zone(again, again.network)
    assert canvas.left() - side.right() <= 2
    fresh.close()
    again.close()
