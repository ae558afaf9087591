"""The drawing tool of the output map: points are put, sprayed, moved and erased there."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen

from playground.core import sketch as edits
from playground.core.sketch import Ints, Sketch
from playground.ui.output_tools import MapPointer, ToPixel
from playground.ui.theme import LIGHT, Theme

LIVE_MS = 33
"""How often, at most, the network is told of a stroke that is still being drawn."""
GRAB_PX = 9.0
BRUSH_STEP = 0.35
"""How far the brush moves, in radii, before it adds points again."""
PULL = 0.12
_CONTROL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class DrawMode(StrEnum):
    """What the pointer does to points."""

    PUT = "put"
    BRUSH = "brush"
    JITTER = "jitter"
    MAGNET = "magnet"
    SELECT = "select"
    ERASE = "erase"


ROUND_MODES = (DrawMode.BRUSH, DrawMode.JITTER, DrawMode.MAGNET, DrawMode.ERASE)
"""Modes that work within the circle around the pointer."""


class DrawingTool(QObject):
    """An `OutputTool` that edits a sketch.

    Attributes
    ----------
    mode, number, radius : what is drawn with: the mode, the class, and the circle's radius.
    sketch : the points as they are now.

    Signals
    -------
    sketched(object) : the `Sketch` after a part of a stroke, at most every LIVE_MS, and at its end.
    """

    sketched = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mode, self.number, self.radius = DrawMode.PUT, 0, 0.8
        self.sketch = self._told = edits.blank()
        self.unit_y = 1.0
        self._theme: Theme = LIGHT
        self._pointer: MapPointer | None = None
        self._last: tuple[float, float] | None = None
        self._number = 0
        self._chosen: Ints = np.zeros(0, np.int64)
        self._frame: tuple[float, float] | None = None
        self._turn = 0
        self._changed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LIVE_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def is_drawing(self) -> bool:
        """Whether a button is held for a stroke."""
        return self._last is not None

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """An arrow for choosing, a cross for drawing."""
        if self.mode is DrawMode.SELECT:
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.CrossCursor

    def show_sketch(self, sketch: Sketch, unit_y: float = 1.0) -> None:
        """Take up the points in force; a stroke goes on if they are those that it told last.

        `unit_y` is how much of the map's height is as long as 1 across.
        """
        if not _same(sketch, self._told):
            self._timer.stop()
            self._frame = self._last = None
            self._changed = False
            self._chosen = self._chosen[:0]
        elif self.is_drawing:
            return
        self.sketch = self._told = sketch
        self.unit_y = unit_y

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme up."""
        self._theme = theme

    def clear(self) -> None:
        """Take all points away."""
        self._set(edits.blank(self.sketch.is_curve))
        self._tell()

    # The pointer.

    def pressed(self, pointer: MapPointer) -> bool:
        """Begin a stroke: left draws the class, right (or Shift) the other one."""
        if pointer.button not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return False
        other = pointer.button is Qt.MouseButton.RightButton or bool(pointer.modifiers & _SHIFT)
        self._number = self.number if not other else int(self.number == 0)
        self._pointer, self._last = pointer, (pointer.x1, pointer.x2)
        place = (pointer.x1, pointer.x2, GRAB_PX * pointer.reach, self.unit_y)
        if pointer.modifiers & _CONTROL:
            self._last = None
            self._set(edits.erased(self.sketch, edits.nearest(self.sketch, *place)))
            self._tell()
        elif self.mode is DrawMode.SELECT:
            hit = edits.nearest(self.sketch, *place)
            if other and len(hit):
                self._last = None
                gone = self._chosen if hit[0] in self._chosen else hit
                self._set(edits.erased(self.sketch, gone))
                self._tell()
            elif not len(hit):
                self._chosen, self._frame = self._chosen[:0], (pointer.x1, pointer.x2)
            elif hit[0] not in self._chosen:
                self._chosen = hit
        else:
            self._act(pointer)
        return True

    def moved(self, pointer: MapPointer) -> bool:
        """Go on with the stroke; without one, follow the pointer."""
        self._pointer = pointer
        if self._last is None:
            return True
        if self.mode is DrawMode.SELECT:
            if self._frame is not None:
                self._chosen = edits.inside(self.sketch, *self._frame, pointer.x1, pointer.x2)
            elif len(self._chosen):
                shift = pointer.x1 - self._last[0], pointer.x2 - self._last[1]
                self._set(edits.moved(self.sketch, self._chosen, *shift))
            self._last = (pointer.x1, pointer.x2)
        elif self.mode is not DrawMode.PUT:
            away = np.hypot(pointer.x1 - self._last[0], (pointer.x2 - self._last[1]) / self.unit_y)
            if self.mode is not DrawMode.BRUSH or away >= BRUSH_STEP * self.radius:
                self._act(pointer)
                self._last = (pointer.x1, pointer.x2)
        return True

    def released(self, pointer: MapPointer) -> bool:
        """End the stroke."""
        self.end_stroke()
        return True

    def end_stroke(self) -> None:
        """Tell what is drawn, if a stroke is: all of it is one thing to undo."""
        self._frame = self._last = None
        self._tell()

    def wheel(self, pointer: MapPointer) -> bool:
        """Leave the wheel to others."""
        return False

    def left(self) -> None:
        """Forget the pointer."""
        self._pointer = None

    def _act(self, pointer: MapPointer) -> None:
        x, y, sketch = pointer.x1, pointer.x2, self.sketch
        if self.mode is DrawMode.PUT:
            self._set(edits.put(sketch, x, y, self._number))
            return
        if self.mode is DrawMode.BRUSH:
            self._set(edits.brushed(sketch, x, y, self._number, self.radius))
            return
        reached = edits.within(sketch, x, y, self.radius, self.unit_y)
        if not len(reached):
            return
        if self.mode is DrawMode.ERASE:
            self._set(edits.erased(sketch, reached))
        elif self.mode is DrawMode.JITTER:
            self._turn += 1
            size = 0.12 * self.radius
            self._set(edits.jittered(sketch, reached, size, self.unit_y, self._turn))
        elif self.mode is DrawMode.MAGNET:
            share = -PULL if self._number != self.number else PULL
            self._set(edits.drawn_to(sketch, reached, x, y, share))

    def _set(self, sketch: Sketch) -> None:
        if sketch is self.sketch:
            return
        if len(sketch) < len(self.sketch):
            self._chosen = self._chosen[:0]
        self.sketch = sketch
        self._changed = True
        if not self._timer.isActive():
            self._timer.start()

    def _tell(self) -> None:
        self._timer.stop()
        if self._changed:
            self._changed = False
            self._told = self.sketch
            self.sketched.emit(self.sketch)

    # On the map.

    def paint(self, painter: QPainter, to_pixel: ToPixel) -> None:
        """Draw the circle that the tool works in, the selection and its frame."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pointer = self._pointer
        if pointer is not None and self.mode in ROUND_MODES:
            centre = to_pixel(pointer.x1, pointer.x2)
            radius = self.radius / pointer.reach
            for colour, width in ((self._theme.paper, 3.0), (self._theme.ink1, 1.2)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(centre, radius, radius)
        if self.mode is not DrawMode.SELECT:
            return
        for x, y in self.sketch.places[self._chosen].tolist():
            painter.setPen(QPen(self._theme.ink1, 1.5))
            painter.drawEllipse(to_pixel(x, y), 6.5, 6.5)
        if self._frame is not None and pointer is not None:
            corner: QPointF = to_pixel(*self._frame)
            pen = QPen(self._theme.ink1, 1.0)
            pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawRect(QRectF(corner, to_pixel(pointer.x1, pointer.x2)).normalized())


def _same(one: Sketch, other: Sketch) -> bool:
    return (
        np.array_equal(one.places, other.places)
        and np.array_equal(one.classes, other.classes)
        and one.is_curve == other.is_curve
    )
