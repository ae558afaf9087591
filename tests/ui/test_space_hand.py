"""Space held moves a picture under the pointer; Space tapped runs and pauses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.ui.main_window import MainWindow
from tests.ui.fake_controller import FakeController

SPACE = Qt.Key.Key_Space
LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def controller(qapp: QApplication) -> FakeController:
    return FakeController()


@pytest.fixture
def window(qtbot: QtBot, controller: FakeController) -> Iterator[MainWindow]:
    window = MainWindow(controller)  # type: ignore[arg-type]  # a fake with the same methods
    qtbot.addWidget(window)
    window.commands.reduce_motion.setChecked(True)
    window.setGeometry(0, 0, 790, 790)  # the pointer never leaves the offscreen screen of 800²
    controller.calls.clear()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.close()


def point_at(widget: QWidget) -> QPoint:
    """Put the pointer on a place of a widget that is on the screen; return it."""
    place = widget.visibleRegion().boundingRect().topLeft() + QPoint(80, 20)
    QCursor.setPos(widget.mapToGlobal(place))
    assert QApplication.widgetAt(QCursor.pos()) is not None
    return place


def drag(widget: QWidget, start: QPoint, by: QPoint) -> None:
    QTest.mousePress(widget, LEFT, pos=start)
    QTest.mouseMove(widget, start + by)
    QTest.mouseRelease(widget, LEFT, pos=start + by)


def test_space_dragged_over_a_tile_moves_the_zoomed_network_and_edits_nothing(
    window: MainWindow, controller: FakeController
) -> None:
    canvas = window.network.canvas
    window.network.zoom_in()
    window.network.zoom_in()
    point_at(canvas)
    place = canvas.layout_now.boxes[1, 2].rect.center()
    start = canvas._view_transform().map(place).toPoint()
    x, y = canvas.zoom.x, canvas.zoom.y
    QTest.keyPress(canvas, SPACE)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(canvas, start, QPoint(-30, 20))
    assert (canvas.zoom.x, canvas.zoom.y) == (x - 30, y + 20)
    QTest.keyRelease(canvas, SPACE)
    assert controller.calls == []
    assert canvas.selected is None
    assert canvas.cursor().shape() != Qt.CursorShape.OpenHandCursor
    QTest.mouseClick(canvas, LEFT, pos=start + QPoint(-30, 20))
    assert canvas.selected == (1, 2), "without Space a click is a click again"


def test_space_tapped_over_a_zoomed_network_runs_when_it_is_let_go(
    window: MainWindow, controller: FakeController
) -> None:
    canvas = window.network.canvas
    window.network.zoom_in()
    point_at(canvas)
    QTest.keyPress(canvas, SPACE)
    assert controller.calls == []
    QTest.keyRelease(canvas, SPACE)
    assert controller.calls == ["toggle"]


def test_space_runs_at_once_where_nothing_can_be_moved(
    window: MainWindow, controller: FakeController
) -> None:
    point_at(window.network.canvas)
    QTest.keyPress(window.network.canvas, SPACE)
    assert controller.calls == ["toggle"]
    QTest.keyRelease(window.network.canvas, SPACE)
    window.network.zoom_in()
    point_at(window.run_bar)
    QTest.keyPress(window.network.canvas, SPACE)
    QTest.keyRelease(window.network.canvas, SPACE)
    assert controller.calls == ["toggle", "toggle"]


def test_the_menu_runs_at_once_although_the_pointer_is_over_a_zoomed_network(
    window: MainWindow, controller: FakeController
) -> None:
    window.network.zoom_in()
    point_at(window.network.canvas)
    window.commands.toggle.trigger()
    assert controller.calls == ["toggle"]


def test_another_window_in_front_takes_the_hand_and_nothing_runs(
    window: MainWindow, controller: FakeController
) -> None:
    canvas = window.network.canvas
    window.network.zoom_in()
    point_at(canvas)
    QTest.keyPress(canvas, SPACE)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    QTest.keyRelease(canvas, SPACE)
    assert controller.calls == []
    assert canvas.cursor().shape() != Qt.CursorShape.OpenHandCursor


def test_space_switched_off_still_moves_and_never_runs(
    window: MainWindow, controller: FakeController
) -> None:
    canvas = window.network.canvas
    window.commands.letter_keys.setChecked(False)
    window.network.zoom_in()
    start = point_at(canvas)
    x = canvas.zoom.x
    QTest.keyPress(canvas, SPACE)
    drag(canvas, start, QPoint(-10, 0))
    QTest.keyRelease(canvas, SPACE)
    QTest.keyClick(canvas, SPACE)
    assert canvas.zoom.x == x - 10
    assert controller.calls == []


def test_space_dragged_over_the_graph_moves_it_and_clicks_no_node(
    window: MainWindow, controller: FakeController, qtbot: QtBot
) -> None:
    window.bottom.set_open(True)
    view = window.graph.dock.view
    qtbot.waitUntil(lambda: view.drawing is not None and view.mapTo(window, QPoint()).y() < 700)
    point_at(view)
    drawing = view.drawing
    assert drawing is not None
    item = drawing.boxes[-1].center() * view.scale + view.origin
    clicked: list[object] = []
    view.node_clicked.connect(clicked.append)
    origin = view.origin.toPoint()
    QTest.keyPress(view, SPACE)
    drag(view, item.toPoint(), QPoint(-20, -6))
    QTest.keyRelease(view, SPACE)
    assert view.origin.toPoint() == origin + QPoint(-20, -6)
    assert clicked == []
    assert controller.calls == []
    QTest.keyClick(view, SPACE)
    assert controller.calls == ["toggle"]
