"""The left panel of a narrow window: opened over the canvas, closed with Escape."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow
from tests.ui.fake_window import active_window

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot, size=(1150, 760)) as window:
        qtbot.mouseClick(window.side.buttons["Data"], Qt.MouseButton.LeftButton)
        assert window.side.is_overlay_open
        yield window


def escape(qtbot: QtBot, window: MainWindow) -> None:
    """Press Escape where the keyboard is, or in the window where it is nowhere."""
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)


def test_escape_on_the_canvas_closes_the_panel_over_it(qtbot: QtBot, window: MainWindow) -> None:
    assert window.network.canvas.hasFocus()
    escape(qtbot, window)
    assert not window.side.is_overlay_open
    assert window.network.canvas.hasFocus()


@pytest.mark.parametrize("where", ["strip", "run", "slider"])
def test_escape_closes_the_panel_from_wherever_the_keyboard_is(
    qtbot: QtBot, window: MainWindow, where: str
) -> None:
    side = window.side
    stops: dict[str, QWidget] = {
        "strip": side.buttons["Model"],
        "run": window.run_bar.run,
        "slider": window.left.data.noise.slider,
    }
    stops[where].setFocus(Qt.FocusReason.TabFocusReason)
    escape(qtbot, window)
    assert not side.is_overlay_open
    left = side.buttons["Data"] if where == "slider" else stops[where]
    assert QApplication.focusWidget() is left
    assert window.ring.target is left


def test_the_first_escape_leaves_a_number_and_the_second_closes(
    qtbot: QtBot, window: MainWindow
) -> None:
    field = window.left.data.noise.field
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    escape(qtbot, window)
    assert window.side.is_overlay_open
    escape(qtbot, window)
    assert not window.side.is_overlay_open


def test_escape_first_deselects_on_the_canvas(qtbot: QtBot, window: MainWindow) -> None:
    canvas = window.network.canvas
    canvas.select((1, 0))
    escape(qtbot, window)
    assert canvas.selected is None
    assert window.side.is_overlay_open
    escape(qtbot, window)
    assert not window.side.is_overlay_open


def test_only_a_panel_that_is_opened_over_the_canvas_leaves_the_side(
    qtbot: QtBot, window: MainWindow
) -> None:
    side = window.side
    assert not side.isAncestorOf(side.panel)
    window.resize(1440, 900)
    assert side.isAncestorOf(side.panel)
    assert side.panel.isVisible()
    for width in (1150, 1440, 1150):
        window.resize(width, 900)
        assert side.isAncestorOf(side.panel)
        assert side.panel.isVisible() == (width == 1440)
    assert not side.is_overlay_open
    qtbot.mouseClick(side.buttons["Model"], Qt.MouseButton.LeftButton)
    assert side.is_overlay_open
    assert not side.isAncestorOf(side.panel)
    assert side.panel.width() > side.width()
    window.resize(1440, 900)
    assert side.isAncestorOf(side.panel)
    assert side.panel.isVisible()
