"""The foot of the window: a status line that becomes a dock and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.bottom_area import BottomArea
from playground.ui.main_window import MainWindow
from tests.ui.fake_controller import FakeController


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    qtbot.addWidget(window)
    window.bottom.reduced_motion = True
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


@pytest.fixture
def dock(window: MainWindow) -> QWidget:
    dock = QWidget()
    window.bottom.set_dock(dock)
    return dock


def test_without_a_dock_the_name_is_no_button(qtbot: QtBot) -> None:
    area = BottomArea()
    qtbot.addWidget(area)
    area.show()
    qtbot.mouseClick(area.status.opener, Qt.MouseButton.LeftButton)
    assert not area.is_open
    assert (area.height(), area.status.height()) == (30, 30)


def test_the_name_opens_the_dock_in_the_place_of_the_status_line(
    window: MainWindow, dock: QWidget, qtbot: QtBot
) -> None:
    main_h = window.zones.splitter.height()
    with qtbot.waitSignal(window.bottom.open_changed) as opened:
        qtbot.mouseClick(window.status.opener, Qt.MouseButton.LeftButton)
    assert opened.args == [True]
    qtbot.waitUntil(lambda: window.zones.splitter.height() == main_h - 336)
    assert (window.bottom.height(), dock.height()) == (366, 366)
    assert dock.isVisible()
    assert not window.status.isVisible()
    window.bottom.set_open(False)
    qtbot.waitUntil(lambda: window.zones.splitter.height() == main_h)
    assert window.status.isVisible()
    assert not dock.isVisible()


def test_the_dock_glides_open_when_motion_is_not_reduced(
    window: MainWindow, dock: QWidget, qtbot: QtBot
) -> None:
    window.bottom.reduced_motion = False
    window.bottom.set_open(True)
    assert window.bottom.height() < 366
    qtbot.waitUntil(lambda: window.bottom.height() == 366)
    window.bottom.set_open(False)
    qtbot.waitUntil(lambda: window.bottom.height() == 30 and not dock.isVisible())


def test_dragging_its_upper_edge_changes_the_height_down_to_260(
    window: MainWindow, dock: QWidget, qtbot: QtBot
) -> None:
    window.bottom.set_open(True)
    grip = window.bottom.childAt(window.bottom.grip_centre())
    assert grip is not None
    for dy, height in ((-50, 416), (30, 386), (400, 260)):
        qtbot.mousePress(grip, Qt.MouseButton.LeftButton, pos=QPoint(20, 3))
        qtbot.mouseMove(grip, QPoint(20, 3 + dy))
        qtbot.mouseRelease(grip, Qt.MouseButton.LeftButton)
        assert window.bottom.height() == height


def test_a_low_window_keeps_room_above_the_dock(
    window: MainWindow, dock: QWidget, qtbot: QtBot
) -> None:
    window.bottom.set_open(True)
    window.bottom.set_open_height(800)
    window.resize(1440, 660)
    qtbot.waitUntil(lambda: window.zones.splitter.height() >= 180)
    assert window.bottom.height() >= 260


def test_a_message_is_shown_over_the_open_dock(
    window: MainWindow, dock: QWidget, qtbot: QtBot
) -> None:
    window.bottom.set_open(True)
    window.status.show_message("Saved.")
    assert window.status.isVisible()
    assert window.status.geometry().bottom() == window.bottom.height() - 1
    window.status._timer.timeout.emit()
    assert not window.status.isVisible()


def test_the_edge_stays_at_the_pointer_after_it_went_past_a_limit(
    window: MainWindow, dock: QWidget
) -> None:
    bottom = window.bottom
    bottom.set_open(True)
    QApplication.sendPostedEvents()
    grip, first = bottom.childAt(bottom.grip_centre()), bottom.height()
    assert grip is not None
    start = QPointF(grip.mapToGlobal(QPoint(20, 3)))

    def send(kind: QEvent.Type, up: int) -> None:
        place = start - QPointF(0, up)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        inside = grip.mapFromGlobal(place)
        QApplication.sendEvent(grip, QMouseEvent(kind, inside, place, left, left, none))
        QApplication.sendPostedEvents()

    send(QEvent.Type.MouseButtonPress, 0)
    for beyond in (2000, -2000):
        send(QEvent.Type.MouseMove, beyond)
        assert bottom.height() != first + beyond
        send(QEvent.Type.MouseMove, 40)
        assert bottom.height() == first + 40
    send(QEvent.Type.MouseButtonRelease, 40)
    send(QEvent.Type.MouseMove, 10)
    assert bottom.height() == first + 40
