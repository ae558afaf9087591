"""Brings the pointer's events from the output view to its tools, in data coordinates."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent

from playground.ui.output_tools import MapPointer, OutputTool

DEGREES_PER_NOTCH = 120.0


class MapSquare:
    """The map's square in the view and the domain that it shows."""

    def __init__(self) -> None:
        self.area = QRectF(0, 0, 1, 1)
        self.low = (-6.0, -6.0)
        self.high = (6.0, 6.0)

    def to_pixel(self, x1: float, x2: float) -> QPointF:
        """Return the place of a point of the data in the view."""
        return QPointF(
            self.area.left()
            + (x1 - self.low[0]) / (self.high[0] - self.low[0]) * self.area.width(),
            self.area.bottom()
            - (x2 - self.low[1]) / (self.high[1] - self.low[1]) * self.area.height(),
        )

    def to_data(self, place: QPointF) -> tuple[float, float]:
        """Return the data coordinates of a place in the view."""
        across = (place.x() - self.area.left()) / self.area.width()
        up = (self.area.bottom() - place.y()) / self.area.height()
        return (
            self.low[0] + across * (self.high[0] - self.low[0]),
            self.low[1] + up * (self.high[1] - self.low[1]),
        )

    @property
    def reach(self) -> float:
        """Data units along x₁ that one logical pixel covers."""
        return (self.high[0] - self.low[0]) / self.area.width()


class PointerRouter:
    """Gives every event to the first tool that takes it; the last tool is the map's own.

    Parameters
    ----------
    square : the map's place.
    changed : called after every event, to draw again.
    """

    def __init__(self, square: MapSquare, own: OutputTool, changed: Callable[[], None]) -> None:
        self._square, self._changed = square, changed
        self._own = own
        self._tool: OutputTool | None = None
        self._holder: OutputTool | None = None
        self._inside = False

    @property
    def tool(self) -> OutputTool | None:
        """The tool in use."""
        return self._tool

    def set_tool(self, tool: OutputTool | None) -> None:
        """Use a tool, or none; the one before is told that the pointer left."""
        if tool is self._tool:
            return
        if self._tool is not None:
            self._tool.left()
        if self._holder is self._tool:
            self._holder = None
        self._tool = tool
        self._changed()

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """The pointer's shape over the map."""
        shape = self._tool.cursor if self._tool is not None else None
        return shape if shape is not None else self._own.cursor

    def press(self, event: QMouseEvent) -> bool:
        """Pass on a press; return whether it was on the map."""
        pointer = self._pointer(event)
        if not pointer.inside:
            return False
        self._holder = next((tool for tool in self._tools if tool.pressed(pointer)), None)
        self._changed()
        return True

    def move(self, event: QMouseEvent) -> None:
        """Pass on a move: to the tool that holds the pointer, else to whoever takes it."""
        pointer = self._pointer(event)
        if self._holder is not None:
            self._holder.moved(pointer)
        elif pointer.inside:
            taken = False
            for tool in self._tools:
                if taken:
                    tool.left()
                else:
                    taken = tool.moved(pointer)
        elif self._inside:
            self.leave()
        else:
            return
        self._inside = pointer.inside
        self._changed()

    def release(self, event: QMouseEvent) -> None:
        """Pass on a release."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.released(self._pointer(event))
            self._changed()

    def wheel(self, event: QWheelEvent) -> bool:
        """Pass on the wheel; return whether it was taken."""
        place = event.position()
        if not self._square.area.contains(place):
            return False
        x1, x2 = self._square.to_data(place)
        pointer = MapPointer(
            x1,
            x2,
            self._square.reach,
            buttons=event.buttons(),
            modifiers=event.modifiers(),
            steps=event.angleDelta().y() / DEGREES_PER_NOTCH,
        )
        taken = any(tool.wheel(pointer) for tool in self._tools)
        if taken:
            self._changed()
        return taken

    def leave(self) -> None:
        """Tell all tools that the pointer is gone."""
        for tool in self._tools:
            tool.left()
        self._inside = False
        self._changed()

    def paint(self, painter: QPainter) -> None:
        """Draw all tools, the map's own first, clipped to the map."""
        for tool in reversed(self._tools):
            painter.save()
            painter.setClipRect(self._square.area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            tool.paint(painter, self._square.to_pixel)
            painter.restore()

    @property
    def _tools(self) -> list[OutputTool]:
        return [self._own] if self._tool is None else [self._tool, self._own]

    def _pointer(self, event: QMouseEvent) -> MapPointer:
        place = event.position()
        x1, x2 = self._square.to_data(place)
        return MapPointer(
            x1,
            x2,
            self._square.reach,
            event.button(),
            event.buttons(),
            event.modifiers(),
            inside=self._square.area.contains(place),
        )
