"""The ring around what the keyboard is on stays with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow
from tests.ui.fake_window import active_window

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    with active_window(qtbot, size=(1440, 660)) as window:
        yield window


def test_the_ring_goes_with_a_control_that_is_scrolled_out_of_view(window: MainWindow) -> None:
    thumbnail = next(iter(window.left.data.thumbnails.values()))
    area, bar = window.left.area, window.left.area.verticalScrollBar()
    assert bar.maximum() > thumbnail.height() + 60
    thumbnail.setFocus(Qt.FocusReason.TabFocusReason)
    bar.setValue(0)
    QApplication.sendPostedEvents()
    whole = window.ring.geometry()
    view = QRect(area.mapTo(window, QPoint(0, 0)), area.size())
    assert window.ring.isVisible()
    assert view.contains(whole)
    down = thumbnail.mapTo(window, QPoint(0, 0)).y() - view.top()
    bar.setValue(down + thumbnail.height() // 2)
    assert window.ring.geometry().top() == view.top()
    assert 0 < window.ring.height() < whole.height()
    bar.setValue(bar.maximum())
    assert not window.ring.isVisible()
    bar.setValue(0)
    assert window.ring.geometry() == whole
    assert window.ring.isVisible()
