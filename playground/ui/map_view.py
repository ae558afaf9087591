"""The pointer on the output map: tools, reading values, pinning a point."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Snapshot
from playground.ui.map_pointer import MapSquare, PointerRouter
from playground.ui.map_reader import MapReader, Pin
from playground.ui.map_words import describe_point, read_out
from playground.ui.output_tools import OutputTool
from playground.ui.plot_chrome import PlotView


class MapView(PlotView):
    """A view with a map that tools and the map's own reader share; a subclass draws it.

    Attributes
    ----------
    reader : what is read under the pointer and pinned by a click.

    Signals
    -------
    point_pinned(object) : the `Pin` a person set, or None.
    """

    point_pinned = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._square = MapSquare()
        self.reader = MapReader(self._on_pinned)
        self._pointers = PointerRouter(self._square, self.reader, self.refresh)
        self.setMouseTracking(True)

    def redraw(self) -> None:
        """Draw again what lies over the map."""
        self.update()

    def _show_range(self, low: tuple[float, float], high: tuple[float, float]) -> None:
        """Let the map be of another part of the plane; a resting pointer stays where it is."""
        pointer, square = self.reader.pointer, self._square
        at = None if pointer is None else square.to_pixel(pointer.x1, pointer.x2)
        square.low, square.high = low, high
        if pointer is not None and at is not None:
            x1, x2 = square.to_data(at)
            self.reader.pointer = replace(pointer, x1=x1, x2=x2, reach=square.reach)

    @property
    def wanted(self) -> Focus:
        """The answers at the pinned point."""
        pin = self.reader.pin
        return NOTHING if pin is None else Focus(points=frozenset({pin.inputs}))

    def mark_sample(self, sample: int | None) -> None:
        """Ring the sample that another view is about, or none."""
        if sample != self.reader.marked:
            self.reader.marked = sample
            self.redraw()

    def _on_pinned(self, pin: Pin | None) -> None:
        self.point_pinned.emit(pin)
        self.wanted_changed.emit()
        self.redraw()

    @property
    def read_out(self) -> str:
        """The values under the pointer, in words."""
        return "" if self._snapshot is None else read_out(self._snapshot, self.reader)

    @property
    def card(self) -> list[tuple[str, bool]]:
        """The lines about the pinned point, and whether each is a title; [] without an answer."""
        pin, snapshot = self.reader.pin, self._snapshot
        if pin is None or snapshot is None:
            return []
        answer = snapshot.answers.point(pin.inputs)
        return [] if answer is None else describe_point(snapshot, pin, answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the pin away with Esc."""
        if event.key() == Qt.Key.Key_Escape and self.reader.pin is not None:
            self.reader.set_pin(None)
        else:
            super().keyPressEvent(event)

    @property
    def tool(self) -> OutputTool | None:
        """The tool in use on the map."""
        return self._pointers.tool

    def set_tool(self, tool: OutputTool | None) -> None:
        """Give the pointer on the map to a tool first; None leaves it to the map's own."""
        self._pointers.set_tool(tool)

    def refresh(self) -> None:
        """Draw again: what a tool paints has changed."""
        shape = self._pointers.cursor
        if shape is None or self.reader.pointer is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)
        self.redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass a press on the map to the tools."""
        if not self._pointers.press(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass a move to the tools."""
        self._pointers.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass a release to the tools."""
        self._pointers.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the wheel to the tools."""
        if not self._pointers.wheel(event):
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the tools that the pointer is gone."""
        self._pointers.leave()
        super().leaveEvent(event)
