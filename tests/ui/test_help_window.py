"""The windows of the help menu stay open: they follow the theme and the size of text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.ui.appearance import Preference
from playground.ui.controls.base import Label
from playground.ui.help_window import AboutWindow, KeysWindow
from playground.ui.main_window import MainWindow
from playground.ui.theme import DARK, LIGHT
from tests.ui.fake_controller import FakeController


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    window.choose_theme(Preference.LIGHT)
    yield window
    window.handlers.choose_text_scale(1.0)
    window.choose_theme(Preference.LIGHT)
    window.close()


@pytest.mark.parametrize("kind", [KeysWindow, AboutWindow])
def test_an_open_help_window_follows_theme_and_size_of_text(
    window: MainWindow, kind: type[KeysWindow | AboutWindow]
) -> None:
    window.commands.keys.trigger()
    window.commands.about.trigger()
    shown = window.findChild(kind)
    label = shown.findChildren(Label)[-1]
    assert label.theme is LIGHT
    small, width = label.font().pixelSize(), label.width()
    window.choose_theme(Preference.DARK)
    window.handlers.choose_text_scale(1.5)
    QApplication.sendPostedEvents()
    assert label.theme is DARK
    assert label.font().pixelSize() == round(1.5 * small)
    assert label.width() > width


def test_the_list_of_keys_is_never_wider_than_the_screen(window: MainWindow) -> None:
    window.handlers.choose_text_scale(1.75)
    window.commands.keys.trigger()
    QApplication.sendPostedEvents()
    keys = window.findChild(KeysWindow)
    room = keys.screen().availableGeometry()
    assert keys.area.widget().sizeHint().width() > room.width()
    assert keys.minimumSizeHint().width() <= room.width()
    bar = keys.area.horizontalScrollBar()
    assert bar.isVisible()
    assert bar.maximum() >= keys.area.widget().sizeHint().width() - keys.area.width()
