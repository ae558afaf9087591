"""Tools on the output map get the pointer in data coordinates, before the map does."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.ui.fonts import load_fonts
from playground.ui.output_tools import MapPointer, OutputTool, ToPixel
from playground.ui.output_view import OutputView
from playground.ui.theme import LIGHT
from tests.ui.snapshots import make_snapshot

LEFT = Qt.MouseButton.LeftButton


class Recorder:
    """A tool that takes what it is told to take and remembers everything."""

    cursor: Qt.CursorShape | None = Qt.CursorShape.OpenHandCursor

    def __init__(self, takes: bool = True) -> None:
        self.takes = takes
        self.calls: list[tuple[str, MapPointer | None]] = []
        self.corner = QPointF()

    def _note(self, name: str, pointer: MapPointer | None) -> bool:
        self.calls.append((name, pointer))
        return self.takes

    def pressed(self, pointer: MapPointer) -> bool:
        return self._note("pressed", pointer)

    def moved(self, pointer: MapPointer) -> bool:
        return self._note("moved", pointer)

    def released(self, pointer: MapPointer) -> bool:
        return self._note("released", pointer)

    def wheel(self, pointer: MapPointer) -> bool:
        return self._note("wheel", pointer)

    def left(self) -> None:
        self._note("left", None)

    def paint(self, painter: QPainter, to_pixel: ToPixel) -> None:
        self.corner = to_pixel(-6.0, 6.0)


@pytest.fixture
def view(qtbot: QtBot) -> OutputView:
    load_fonts()
    output = OutputView()
    qtbot.addWidget(output)
    output.apply_theme(LIGHT)
    output.resize(404, 372)
    output.show()
    output.show_snapshot(make_snapshot())
    return output


def place(view: OutputView, x1: float, x2: float) -> QPoint:
    area = view.map_area
    return QPoint(
        round(area.left() + (x1 + 6) / 12 * area.width()),
        round(area.bottom() - (x2 + 6) / 12 * area.height()),
    )


def test_a_tool_gets_the_pointer_in_data_coordinates(view: OutputView, qtbot: QtBot) -> None:
    tool: OutputTool = Recorder()
    assert isinstance(tool, Recorder)
    view.set_tool(tool)
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(view, LEFT, shift, place(view, 3.0, -1.5))
    name, pointer = tool.calls[0]
    assert name == "pressed"
    assert pointer is not None
    assert (pointer.x1, pointer.x2) == pytest.approx((3.0, -1.5), abs=pointer.reach)
    assert pointer.reach == pytest.approx(12 / view.map_area.width())
    assert (pointer.button, pointer.modifiers) == (LEFT, shift)


def test_a_drag_stays_with_its_tool_beyond_the_map(view: OutputView, qtbot: QtBot) -> None:
    tool = Recorder()
    view.set_tool(tool)
    qtbot.mousePress(view, LEFT, pos=place(view, 5.0, 0.0))
    qtbot.mouseMove(view, QPoint(view.width() - 2, place(view, 5.0, 0.0).y()))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(view.width() - 2, 10))
    assert [name for name, _ in tool.calls] == ["pressed", "moved", "released"]
    moved = tool.calls[1][1]
    assert moved is not None
    assert moved.x1 > 6.0
    assert not moved.inside
    assert view.reader.pin is None


def test_what_a_tool_leaves_is_the_maps(view: OutputView, qtbot: QtBot) -> None:
    tool = Recorder(takes=False)
    view.set_tool(tool)
    qtbot.mouseMove(view, place(view, -2.0, 2.0))
    assert view.reader.pointer is not None
    with qtbot.waitSignal(view.point_pinned) as caught:
        qtbot.mouseClick(view, LEFT, pos=place(view, -5.5, 5.5))
    assert caught.args[0].inputs == pytest.approx((-5.5, 5.5), abs=0.05)
    assert [name for name, _ in tool.calls][:2] == ["moved", "pressed"]


def test_the_wheel_goes_to_the_tool_in_notches(view: OutputView) -> None:
    tool = Recorder()
    view.set_tool(tool)
    where = QPointF(place(view, 0.0, 0.0))
    event = QWheelEvent(
        where,
        where,
        QPoint(),
        QPoint(0, -240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)
    assert tool.calls[0][0] == "wheel"
    assert tool.calls[0][1] is not None
    assert tool.calls[0][1].steps == -2.0


def test_a_tool_is_told_when_the_pointer_or_the_tool_goes(view: OutputView, qtbot: QtBot) -> None:
    tool = Recorder()
    view.set_tool(tool)
    qtbot.mouseMove(view, place(view, 0.0, 0.0))
    assert view.cursor().shape() in (Qt.CursorShape.OpenHandCursor, Qt.CursorShape.ArrowCursor)
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.set_tool(None)
    assert [name for name, _ in tool.calls] == ["moved", "left", "left"]


def test_a_tool_paints_in_pixels_of_the_view(view: OutputView) -> None:
    tool = Recorder()
    view.set_tool(tool)
    view.grab()
    assert tool.corner == view.map_area.topLeft()


def test_a_click_on_a_sample_pins_that_sample(view: OutputView, qtbot: QtBot) -> None:
    data = make_snapshot().data
    away = np.hypot(*(data.x[:, None] - data.x[None]).T) + 99 * np.eye(len(data.x))
    lonely = int(away.min(axis=0).argmax())
    pins: list[object] = []
    view.point_pinned.connect(pins.append)
    x1, x2 = data.x[lonely].tolist()
    qtbot.mouseClick(view, LEFT, pos=place(view, x1, x2))
    assert view.reader.pin is not None
    assert view.reader.pin.sample == lonely
    assert view.reader.pin.inputs == (x1, x2)
    qtbot.mouseClick(view, LEFT, pos=place(view, x1, x2))
    assert pins[-1] is None
