"""A window over a fake controller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow
from tests.ui.fake_controller import FakeController


@contextmanager
def active_window(
    qtbot: QtBot, controller: FakeController | None = None, size: tuple[int, int] | None = None
) -> Iterator[MainWindow]:
    """Show a window that has the keyboard, and close it afterwards."""
    window = MainWindow(controller or FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    if size is not None:
        window.resize(*size)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()
