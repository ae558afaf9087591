"""A slider with a thin groove, over linear, logarithmic or listed values."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, paint_box

THUMB = 13.5
GROOVE = 3.0
HEIGHT = 25


class Scale(Protocol):
    """Maps slider positions 0…`last` to values."""

    last: int

    def value(self, position: int) -> float:
        """Return the value at a position."""
        ...

    def position(self, value: float) -> int:
        """Return the position nearest to a value."""
        ...


class ListScale:
    """Positions are the items of a sorted list of values."""

    def __init__(self, values: Sequence[float]) -> None:
        self._values = tuple(values)
        self.last = len(self._values) - 1

    def value(self, position: int) -> float:
        """Return the value at a position."""
        return self._values[position]

    def position(self, value: float) -> int:
        """Return the position nearest to a value."""
        return min(range(self.last + 1), key=lambda i: abs(self._values[i] - value))


def linear_scale(low: float, high: float, step: float) -> ListScale:
    """Make a scale of equal steps, each rounded so that it reads well."""
    count = round((high - low) / step)
    return ListScale([round(low + step * i, 9) for i in range(count + 1)])


class LogScale:
    """Positions are spread evenly over decades; values have two significant digits."""

    def __init__(self, low: float, high: float, steps_per_decade: int = 20) -> None:
        self._low = log10(low)
        self._per_decade = steps_per_decade
        self.last = round((log10(high) - self._low) * steps_per_decade)

    def value(self, position: int) -> float:
        """Return the value at a position."""
        return float(f"{10 ** (self._low + position / self._per_decade):.2g}")

    def position(self, value: float) -> int:
        """Return the position nearest to a value."""
        steps = (log10(value) - self._low) * self._per_decade
        return max(0, min(self.last, round(steps)))


class Slider(KeepsKeys, QSlider, Themed):
    """A horizontal slider over a `Scale`; clicking the groove moves the thumb there.

    Signals
    -------
    value_edited(float) : a person moved the thumb to another value.
    """

    value_edited = Signal(float)
    focus_radius = 9
    claims_keys = False

    def __init__(
        self, name: str, scale: Scale, *, ticks: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale = scale
        self._ticks = ticks
        self.setAccessibleName(name)
        self.setRange(0, scale.last)
        self.setPageStep(max(1, scale.last // 10))
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(64)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shown = scale.value(0)
        self._quiet = False
        self.valueChanged.connect(self._on_position_changed)

    def set_scale(self, scale: Scale) -> None:
        """Take another scale; the thumb stays until another value is shown."""
        self._quiet = True
        self._scale = scale
        self.setRange(0, scale.last)
        self.setPageStep(max(1, scale.last // 10))
        self._quiet = False

    @property
    def shown_value(self) -> float:
        """The value in force, which may lie between two positions."""
        return self._shown

    def show_value(self, value: float) -> None:
        """Move the thumb to `value` without a signal."""
        self._quiet = True
        self._shown = value
        self.setValue(self._scale.position(value))
        self._quiet = False

    def _on_position_changed(self, position: int) -> None:
        if not self._quiet:
            self._shown = self._scale.value(position)
            self.value_edited.emit(self._shown)

    def sizeHint(self) -> QSize:
        """Return a comfortable width."""
        return QSize(92, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest usable width."""
        return QSize(64, HEIGHT)

    def _thumb_centre(self) -> QPointF:
        share = self.value() / max(1, self.maximum())
        return QPointF(THUMB / 2 + share * (self.width() - THUMB), self.height() / 2)

    def _move_to(self, x: float) -> None:
        share = (x - THUMB / 2) / max(1.0, self.width() - THUMB)
        self.setSliderPosition(round(min(1.0, max(0.0, share)) * self.maximum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the thumb to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            if abs(event.position().x() - self._thumb_centre().x()) > THUMB / 2:
                self._move_to(event.position().x())
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the thumb."""
        if self.isSliderDown():
            self._move_to(event.position().x())
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the thumb go."""
        self.setSliderDown(False)
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel's scrolling unless the slider has focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def focus_rect(self) -> QRectF:
        """Return the thumb."""
        centre = self._thumb_centre()
        return QRectF(centre.x() - THUMB / 2, centre.y() - THUMB / 2, THUMB, THUMB)

    def paintEvent(self, event: object) -> None:
        """Draw groove, filled part, ticks and thumb."""
        painter = QPainter(self)
        theme = self.theme
        enabled = self.isEnabled()
        centre = self._thumb_centre()
        middle = centre.y()
        groove = QRectF(0, middle - GROOVE / 2, self.width(), GROOVE)
        paint_box(painter, groove, GROOVE / 2, theme.line_strong)
        filled = QRectF(0, middle - GROOVE / 2, centre.x(), GROOVE)
        paint_box(painter, filled, GROOVE / 2, theme.ink2 if enabled else theme.ink4)
        if self._ticks:
            for index in range(self.maximum() + 1):
                x = THUMB / 2 + index / self.maximum() * (self.width() - THUMB)
                painter.fillRect(QRectF(round(x), middle + 7, 1, 3), theme.line_strong)
        if enabled and (self.isSliderDown() or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.fill_press)
            painter.drawEllipse(centre, 10.5, 10.5)
        painter.setPen(QPen(theme.ink1 if enabled else theme.ink4, 1.5))
        painter.setBrush(theme.raised)
        painter.drawEllipse(centre, THUMB / 2 - 0.75, THUMB / 2 - 0.75)
