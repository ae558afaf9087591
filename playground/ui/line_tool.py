"""The tool with which a neuron's zero line is moved and turned on the output map."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, hypot, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from playground.ui.labels import MINUS
from playground.ui.line_geometry import Line, Point
from playground.ui.output_tools import MapPointer, ToPixel
from playground.ui.theme import LIGHT, Theme, ui_font

GRAB_PX, KNOB_GRAB_PX = 8.0, 12.0
KNOB_SHARE = 0.26
"""How far the knobs are from the middle, as a share of the map's side."""
RIM_SHARE = 0.06
KNOB_RADIUS = 5.5
STEEPER, FINELY_STEEPER = 1.1, 1.02
ARROW_MIN_PX, ARROW_MAX_PX, ARROW_PX_PER_DECADE = 8.0, 36.0, 9.0
SMALLEST_SHIFT_PX = 1e-3
"""A step that moves the line by less is drawn as an arrow of no length, hence not at all."""
HEAD_PX = 6.0
SIGN_PX = 12.0


class Part(StrEnum):
    """What of the line can be held."""

    LINE = "line"
    KNOB_AHEAD = "knob ahead"
    KNOB_BEHIND = "knob behind"


class LineTool:
    """Moves a line where it is held and turns it at its knobs; the wheel makes it steeper.

    Parameters
    ----------
    edited : called with the line that a person wants, again and again while it is dragged.
    """

    def __init__(self, edited: Callable[[Line], None]) -> None:
        self._edited = edited
        self._theme: Theme = LIGHT
        self._line: Line | None = None
        self._turns = True
        self._low, self._high = -6.0, 6.0
        self._step: Line | None = None
        self._pivot: Point | None = None
        self._hovered: Part | None = None
        self._held: Part | None = None
        self._first: Line | None = None
        self._grip = 0.0

    @property
    def line(self) -> Line | None:
        """The line drawn."""
        return self._line

    @property
    def is_held(self) -> bool:
        """Whether the line is being dragged."""
        return self._held is not None

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """A hand over the line and its knobs."""
        if self._held is not None:
            return Qt.CursorShape.ClosedHandCursor
        return None if self._hovered is None else Qt.CursorShape.OpenHandCursor

    def show(self, line: Line | None, low: float, high: float, turns: bool) -> None:
        """Draw a line; while one is held it stays under the pointer.

        `turns` is False where only one of x₁ and x₂ is an input.
        """
        self._low, self._high, self._turns = low, high, turns
        if line is None:
            self._line = self._pivot = self._held = self._hovered = None
        elif self._held is None:
            self._line = line
            self._keep_pivot()

    def show_step(self, step: Line | None) -> None:
        """Draw where this step of the parameters would move the line."""
        self._step = step

    def forget_pivot(self) -> None:
        """Begin with another neuron: its knobs are around the line's middle."""
        self._pivot = None

    def apply_theme(self, theme: Theme) -> None:
        """Draw in a theme."""
        self._theme = theme

    # Geometry.

    @property
    def _side(self) -> float:
        return self._high - self._low

    @property
    def pivot(self) -> Point:
        """The middle between the knobs, on the line (or at the map's rim if that is outside)."""
        assert self._line is not None
        if self._pivot is None:
            self._keep_pivot()
        assert self._pivot is not None
        return self._pivot

    def _keep_pivot(self) -> None:
        """Keep the knobs where they are along the line, as far as that is on the map."""
        line = self._line
        assert line is not None
        middle = (self._low + self._high) / 2
        before = self._pivot if self._pivot is not None else (middle, middle)
        pivot = line.foot(before)
        if not self._is_inside(pivot, RIM_SHARE):
            pivot = line.foot((middle, middle))
        low, high = self._low + RIM_SHARE * self._side, self._high - RIM_SHARE * self._side
        self._pivot = min(max(pivot[0], low), high), min(max(pivot[1], low), high)

    def _is_inside(self, point: Point, inset: float) -> bool:
        low, high = self._low + inset * self._side, self._high - inset * self._side
        return all(low <= x <= high for x in point)

    @property
    def _is_on_map(self) -> bool:
        assert self._line is not None
        return abs(self._line.distance(self.pivot)) < 1e-6 * self._side

    def knob(self, part: Part) -> Point:
        """Return where a knob is."""
        assert self._line is not None
        sign = 1 if part is Part.KNOB_AHEAD else -1
        d1, d2 = self._line.direction
        reach = sign * KNOB_SHARE * self._side
        return self.pivot[0] + reach * d1, self.pivot[1] + reach * d2

    def _knobs(self) -> list[Part]:
        return [Part.KNOB_AHEAD, Part.KNOB_BEHIND] if self._turns and self._is_on_map else []

    def _part_at(self, pointer: MapPointer) -> Part | None:
        line, at = self._line, (pointer.x1, pointer.x2)
        if line is None:
            return None
        for part in self._knobs():
            x1, x2 = self.knob(part)
            if hypot(x1 - at[0], x2 - at[1]) <= KNOB_GRAB_PX * pointer.reach:
                return part
        if self._is_on_map:
            near = abs(line.distance(at)) <= GRAB_PX * pointer.reach
        else:
            x1, x2 = self.pivot
            near = hypot(x1 - at[0], x2 - at[1]) <= KNOB_GRAB_PX * pointer.reach
        return Part.LINE if near else None

    # The pointer.

    def pressed(self, pointer: MapPointer) -> bool:
        """Take hold of the line or a knob."""
        part = self._part_at(pointer)
        if pointer.button is not Qt.MouseButton.LeftButton or part is None:
            return False
        assert self._line is not None
        self._held = self._hovered = part
        self._first = self._line
        on_map = self._is_on_map
        self._grip = self._line.distance((pointer.x1, pointer.x2)) if on_map else 0.0
        return True

    def moved(self, pointer: MapPointer) -> bool:
        """Drag what is held, or mark what could be."""
        if self._held is None:
            self._hovered = self._part_at(pointer)
            return self._hovered is not None
        assert self._line is not None
        at = pointer.x1, pointer.x2
        if self._held is Part.LINE:
            n1, n2 = self._line.normal
            at = at[0] - self._grip * n1, at[1] - self._grip * n2
            self._pivot = self._line.foot(self.pivot)
            self._change(self._line.through(at))
            self._keep_pivot()
        else:
            pivot = self.pivot
            knob = self.knob(self._held)
            if hypot(at[0] - pivot[0], at[1] - pivot[1]) > 0.01 * self._side:
                angle = atan2(at[1] - pivot[1], at[0] - pivot[0])
                angle -= atan2(knob[1] - pivot[1], knob[0] - pivot[0])
                self._change(self._line.turned(pivot, angle))
        return True

    def released(self, pointer: MapPointer) -> bool:
        """Let go."""
        self._held = None
        self._hovered = self._part_at(pointer)
        return True

    def wheel(self, pointer: MapPointer) -> bool:
        """Over the line, change how steeply the neuron's sum grows across it."""
        if self._line is None or (self._held or self._part_at(pointer)) is None:
            return False
        fine = bool(pointer.modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._change(self._line.steepened((FINELY_STEEPER if fine else STEEPER) ** pointer.steps))
        return True

    def left(self) -> None:
        """Forget the pointer."""
        self._hovered = self._held = None

    def cancel(self) -> None:
        """Put a line that is held back where it was."""
        if self._held is not None and self._first is not None:
            self._held = self._hovered = None
            self._change(self._first)

    def turn(self, angle: float) -> None:
        """Turn the line around its middle."""
        if self._line is not None and self._turns:
            self._change(self._line.turned(self.pivot, angle))

    def push(self, share: float) -> None:
        """Move the line towards its positive side by a share of the map's side."""
        if self._line is not None:
            (n1, n2), (p1, p2) = self._line.normal, self._line.foot(self.pivot)
            reach = share * self._side
            self._change(self._line.through((p1 + reach * n1, p2 + reach * n2)))
            self._keep_pivot()

    def _change(self, line: Line) -> None:
        if line.exists and line != self._line:
            self._line = line
            self._edited(line)

    # Paint.

    def paint(self, painter: QPainter, to_pixel: ToPixel) -> None:
        """Draw the line, its knobs, the signs of its sides and the arrows of a step."""
        line = self._line
        if line is None:
            return
        theme, active = self._theme, self._held is not None or self._hovered is not None
        if not self._is_on_map:
            self._paint_beyond(painter, to_pixel, line)
            return
        (d1, d2), (p1, p2), far = line.direction, self.pivot, 2 * self._side
        ends = [to_pixel(p1 + s * far * d1, p2 + s * far * d2) for s in (-1, 1)]
        halo = QColor(theme.paper)
        halo.setAlphaF(0.85)
        for colour, width in ((halo, 5.5), (theme.ink1, 2.6 if active else 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(*ends)
        self._paint_step(painter, to_pixel, line)
        for part in self._knobs():
            hot = part in (self._held, self._hovered)
            self._paint_knob(painter, to_pixel(*self.knob(part)), hot)
        self._paint_knob(painter, to_pixel(p1, p2), self._held is Part.LINE, 3.5)
        self._paint_signs(painter, to_pixel, line)

    def _paint_knob(
        self, painter: QPainter, centre: QPointF, hot: bool, radius: float = KNOB_RADIUS
    ) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.paper, 4.0))
        painter.setBrush(theme.paper)
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(QPen(theme.ink1, 2.0))
        painter.setBrush(theme.ink1 if hot else theme.paper)
        painter.drawEllipse(centre, radius, radius)

    def _paint_beyond(self, painter: QPainter, to_pixel: ToPixel, line: Line) -> None:
        """Draw a grip at the rim with which a line outside the map is fetched."""
        centre = to_pixel(*self.pivot)
        foot = to_pixel(*line.foot(self.pivot))
        away = foot - centre
        length = max(1e-9, hypot(away.x(), away.y()))
        self._paint_knob(painter, centre, self._hovered is not None, 7.0)
        unit = QPointF(away.x() / length, away.y() / length)
        ink = self._theme.paper if self._hovered is not None else self._theme.ink1
        _paint_arrow(painter, centre - unit * 4.0, centre + unit * 4.0, ink, 1.5, 3.5)

    def _paint_signs(self, painter: QPainter, to_pixel: ToPixel, line: Line) -> None:
        """Write on which side of the line the sum is positive, between the middle and a knob."""
        (d1, d2), (n1, n2) = line.direction, line.normal
        reach = 0.5 * KNOB_SHARE * self._side
        base = to_pixel(self.pivot[0] + reach * d1, self.pivot[1] + reach * d2)
        tip = to_pixel(self.pivot[0] + reach * d1 + n1, self.pivot[1] + reach * d2 + n2)
        across = tip - base
        length = max(1e-9, hypot(across.x(), across.y()))
        painter.setFont(ui_font(12, 700))
        for text, sign, colour in (("+", 1, self._theme.pos), (MINUS, -1, self._theme.neg)):
            centre = base + across * (sign * SIGN_PX / length)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.paper)
            painter.drawEllipse(centre, 7.0, 7.0)
            painter.setPen(colour)
            box = QRectF(centre.x() - 8, centre.y() - 8.5, 16, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_step(self, painter: QPainter, to_pixel: ToPixel, line: Line) -> None:
        """Draw arrows across the line: which way, and on a logarithmic scale how far."""
        if self._step is None or not isfinite_line(self._step):
            return
        points = [self.pivot, *(self.knob(part) for part in self._knobs())]
        reach = abs(to_pixel(self._side, 0.0).x() - to_pixel(0.0, 0.0).x()) / self._side
        shifts = [line.shift_by(self._step, point) for point in points]
        largest = max(map(abs, shifts))
        longest = arrow_length(largest * reach)
        if longest == 0.0:
            return
        n1, n2 = line.normal
        for (x1, x2), shift in zip(points, shifts, strict=True):
            length = longest * shift / largest
            if abs(length) < ARROW_MIN_PX:
                continue
            start = to_pixel(x1, x2)
            end = start + QPointF(n1 * length, -n2 * length)
            _paint_arrow(painter, start, end, self._theme.paper, 6.0, HEAD_PX + 2.0)
            _paint_arrow(painter, start, end, self._theme.grad, 2.6, HEAD_PX)


def isfinite_line(step: Line) -> bool:
    """Whether all three numbers are."""
    return abs(step.w1) + abs(step.w2) + abs(step.b) < float("inf")


def arrow_length(shift_px: float) -> float:
    """Return the length of the arrow for a step that moves the line by `shift_px` pixels."""
    if not shift_px > SMALLEST_SHIFT_PX:
        return 0.0
    length = ARROW_MIN_PX + ARROW_PX_PER_DECADE * log10(shift_px / SMALLEST_SHIFT_PX)
    return min(ARROW_MAX_PX, length)


def _paint_arrow(
    painter: QPainter, start: QPointF, end: QPointF, colour: QColor, width: float, head: float
) -> None:
    along = end - start
    length = max(1e-9, hypot(along.x(), along.y()))
    unit = QPointF(along.x() / length, along.y() / length)
    across = QPointF(-unit.y(), unit.x())
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(start, end - unit * head * 0.8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    base = end - unit * head
    tip = end + unit * (width - 2.6) * 0.5
    wing = across * head * 0.8
    painter.drawPolygon(QPolygonF([tip, base + wing, base - wing]))
