"""A picture in another theme: the window puts it on in turns, and nobody sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.appearance import Preference
from playground.ui.export import previewer as previewer_module
from playground.ui.export import quick as quick_module
from playground.ui.export.options import Kind
from playground.ui.export.unseen import drawn_in
from playground.ui.main_window import MainWindow
from playground.ui.network_table import NetworkTable
from playground.ui.picture import PictureSpec, draw_image, png_bytes
from playground.ui.theme import DARK, LIGHT, Theme
from playground.ui.turns import at_once
from tests.pictures import picture_of
from tests.ui.fake_window import active_window

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """A dark window whose pictures are light."""
    with active_window(qtbot) as window:
        window.choose_theme(Preference.DARK)
        window.export_menu.light.setChecked(True)
        window.export_menu.set_scale(1)
        yield window
        window.choose_theme(Preference.LIGHT)


class Painted(QObject):
    """Remembers in which palette anything was painted that is not drawn for a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.is_drawing = False
        self.grounds: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at paint events."""
        is_seen = event.type() == QEvent.Type.Paint and isinstance(watched, QWidget)
        if is_seen and not self.is_drawing:
            self.grounds.add(QApplication.palette().window().color().name())
        return False

    def drawing(self, draw: Callable[..., QImage], *given: object) -> QImage:
        """Draw what nobody sees."""
        self.is_drawing = True
        try:
            return draw(*given)
        finally:
            self.is_drawing = False


def copied(qtbot: QtBot, window: MainWindow) -> QImage:
    """Copy the window by its menu and return the picture."""
    with qtbot.waitSignal(window.pictures.message_raised) as said:
        window.export_menu.copy_wanted.emit()
    assert said.args[0].startswith("Copied window, ")
    return QGuiApplication.clipboard().image()


def test_a_light_picture_of_a_dark_window_takes_turns_and_is_never_seen(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, painted = ["asked"], Painted()
    real = quick_module.draw_image

    def draw(*given: object) -> QImage:
        log.append("drawn")
        return painted.drawing(real, *given)

    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: log[-1] == "turn" or log.append("turn"))
    monkeypatch.setattr(quick_module, "draw_image", draw)
    window.appearance.theme_changed.connect(
        lambda theme: log.append("light" if theme is LIGHT else "dark")
    )
    timer.start()
    QApplication.instance().installEventFilter(painted)
    try:
        copied(qtbot, window)
        log.append("told")
        qtbot.wait(50)
    finally:
        QApplication.instance().removeEventFilter(painted)
    timer.stop()
    steps = " ".join(log).replace(" turn", " |")
    assert steps == "asked | light | drawn | dark | told |"
    assert painted.grounds == {DARK.panel.name()}
    assert window.appearance.theme is DARK
    assert window.updatesEnabled()


def test_it_is_the_picture_of_a_light_window(qtbot: QtBot, window: MainWindow) -> None:
    window.choose_theme(Preference.LIGHT)
    light = png_bytes(picture_of(window, "window", 1.0))
    window.choose_theme(Preference.DARK)
    assert png_bytes(copied(qtbot, window)) == light


@pytest.mark.parametrize("chosen", [Preference.LIGHT, Preference.DARK])
@pytest.mark.parametrize("after", range(1, 8))
def test_a_theme_that_is_chosen_meanwhile_is_in_force_afterwards(
    window: MainWindow, chosen: Preference, after: int
) -> None:
    expected = png_bytes(picture_of(window, "window", 1.0, light=True))
    dressed: list[Theme] = []
    window.appearance.theme_changed.connect(dressed.append)
    steps = drawn_in(window, window, True, partial(draw_image, window, PictureSpec()))
    for _ in range(after):
        next(steps)
    other = Preference.DARK if chosen is Preference.LIGHT else Preference.LIGHT
    window.choose_theme(other)
    window.choose_theme(chosen)
    picture = at_once(steps)
    wanted = LIGHT if chosen is Preference.LIGHT else DARK
    assert png_bytes(picture) == expected
    assert window.appearance.theme is wanted
    assert dressed[-1] is wanted
    assert QApplication.palette().window().color() == wanted.panel
    assert wanted.raised.name() in QApplication.instance().styleSheet()
    assert window.updatesEnabled()


def test_the_theme_that_a_picture_wears_may_be_chosen_meanwhile(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = window.exporter.open("loss")
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    steps = drawn_in(window, window, True, partial(draw_image, window, PictureSpec()))
    with qtbot.waitSignal(window.appearance.theme_changed):
        while next(steps, None) is None and QApplication.palette().window().color() != LIGHT.panel:
            pass
        next(steps)
        next(steps)
    late = NetworkTable(window.controller.snapshot, window.appearance.theme, window)
    window.appearance.theme_changed.connect(late.apply_theme)
    assert (dialog.preview.theme, late.theme) == (DARK, DARK)
    window.choose_theme(Preference.LIGHT)
    at_once(steps)
    assert window.run_bar.theme is LIGHT
    assert (dialog.preview.theme, late.theme) == (LIGHT, LIGHT)


def test_a_picture_at_a_scale_that_only_the_window_bears_is_made(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1440, 1600)
    spec = PictureSpec(size=(756.0, 454.0), scale=12.5)
    draw = partial(draw_image, window, spec)
    image = at_once(drawn_in(window, window, True, draw, spec.scale))
    assert (image.width(), image.height()) == (9450, 5675)


@pytest.mark.parametrize("after", range(1, 8))
def test_a_picture_that_is_given_up_leaves_the_window_as_it_was(
    window: MainWindow, after: int
) -> None:
    before = png_bytes(picture_of(window, "window", 1.0))
    steps = drawn_in(window, window, True, partial(draw_image, window, PictureSpec()))
    for _ in range(after):
        next(steps)
    steps.close()
    assert window.updatesEnabled()
    assert png_bytes(picture_of(window, "window", 1.0)) == before
    assert QApplication.palette().window().color() == DARK.panel


def test_a_window_that_closes_meanwhile_closes(qtbot: QtBot, window: MainWindow) -> None:
    failures: list[str] = []
    window.pictures.failed.connect(failures.append)
    window.export_menu.copy_wanted.emit()
    qtbot.waitUntil(lambda: not window.updatesEnabled())
    window.close()
    assert window.updatesEnabled()
    assert QApplication.palette().window().color() == DARK.panel
    qtbot.wait(20)
    assert failures == []


def test_all_windows_are_painted_again_afterwards(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.exporter.open("loss")
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    qtbot.wait(300)
    painted: list[QObject] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                painted.append(watched)
            return False

    watch, parts = Watch(), (window.run_bar, dialog.preview)
    for part in parts:
        part.installEventFilter(watch)
    dialog.preview.update()  # waits, and comes when it must not be painted
    steps = drawn_in(window, window, True, lambda theme: window.run_bar.update())
    for _ in steps:
        qtbot.wait(5)
    painted.clear()
    for part in parts:
        part.update()
    qtbot.waitUntil(lambda: all(part in painted for part in parts))


def test_a_preview_that_is_asked_for_again_meanwhile_is_drawn_once_more(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[object] = []
    real = previewer_module.draw_image
    monkeypatch.setattr(
        previewer_module, "draw_image", lambda *given: drawn.append(given) or real(*given)
    )
    dialog = window.exporter.open("window")
    dialog.options.light.setChecked(True)
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    qtbot.wait(300)  # the boxes' own wishes have been met
    drawn.clear()
    for _ in range(3):
        dialog.preview_wanted.emit()
    qtbot.waitUntil(lambda: len(drawn) == 2)
    dialog.show_kind(Kind.TABLE)
    qtbot.wait(300)
    assert len(drawn) == 2
    assert dialog.preview.image is None


def test_a_preview_whose_turn_comes_after_the_dialog_is_not_drawn_and_asks_for_nothing(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = window.exporter.open("window")
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    qtbot.wait(300)
    asked: list[str] = []
    window.export_menu.copy_wanted.emit()
    qtbot.waitUntil(lambda: not window.updatesEnabled())
    dialog.preview_wanted.emit()
    dialog.reject()
    monkeypatch.setattr(
        window.controller, "look_at", lambda focus, asker="diagnostics": asked.append(asker)
    )
    with qtbot.waitSignal(window.pictures.message_raised):
        pass
    qtbot.wait(50)
    assert "preview" not in asked
