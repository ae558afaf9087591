"""The output map's own tool: reads values under the pointer and pins a point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.core.snapshot import DataView, Snapshot
from playground.ui.output_tools import MapPointer, ToPixel
from playground.ui.theme import LIGHT, Theme

GRAB_PX = 7.0
"""How close to a sample the pointer must be to mean it."""
MARK_PX = 11.0
"""Radius of the ring around the sample that is marked."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that a person clicked: raw inputs, and the sample that is there, if one is."""

    inputs: tuple[float, ...]
    sample: int | None = None


def inputs_at(data: DataView, x1: float, x2: float) -> tuple[float, ...]:
    """Return the raw inputs of a place on the map, where the others are held."""
    inputs = list(data.held)
    for index, value in zip(data.shown[: data.n_inputs], (x1, x2), strict=False):
        inputs[index] = value
    return tuple(inputs)


class MapReader:
    """Follows the pointer; a click pins a place, another click there takes the pin away.

    Parameters
    ----------
    pinned : called with the new `Pin`, or None.

    Attributes
    ----------
    pointer, sample : where the pointer is, and the sample that is there.
    pin : the pinned place.
    marked : a sample that another view is about, which gets a ring.
    """

    def __init__(self, pinned: Callable[[Pin | None], None]) -> None:
        self._pinned = pinned
        self._theme: Theme = LIGHT
        self._snapshot: Snapshot | None = None
        self._places = np.zeros((0, 2))
        self._n_seen = 0
        self.pointer: MapPointer | None = None
        self.sample: int | None = None
        self.pin: Pin | None = None
        self.marked: int | None = None

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """A cross, as for reading a chart."""
        return Qt.CursorShape.CrossCursor

    def show_places(self, places: np.ndarray, n_seen: int) -> None:
        """Take up where samples are, (n, 2), NaN: nowhere; only the first `n_seen` are drawn."""
        self._places, self._n_seen = places, n_seen
        if self.pointer is not None:
            self.sample = self._nearest(self.pointer)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Read from `snapshot`; a pinned sample that is not in its data is a plain place."""
        self._snapshot = snapshot
        pin, x = self.pin, snapshot.data.x
        if pin is None:
            return
        if len(pin.inputs) != x.shape[1]:
            self.set_pin(None)
        elif pin.sample is not None and x[pin.sample : pin.sample + 1].tolist() != [[*pin.inputs]]:
            self.set_pin(Pin(pin.inputs))

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme up."""
        self._theme = theme

    def set_pin(self, pin: Pin | None) -> None:
        """Pin a place, or none."""
        if pin != self.pin:
            self.pin = pin
            self._pinned(pin)

    def pressed(self, pointer: MapPointer) -> bool:
        """Pin the place, or the sample that is there."""
        if pointer.button is not Qt.MouseButton.LeftButton or self._snapshot is None:
            return False
        self.moved(pointer)
        place = self._inputs_at(pointer)
        pin = Pin(place, self.sample)
        if self.pin is not None and self._is_at(self.pin, pointer):
            self.set_pin(None)
        else:
            self.set_pin(pin)
        return True

    def moved(self, pointer: MapPointer) -> bool:
        """Follow the pointer."""
        self.pointer = pointer
        self.sample = self._nearest(pointer)
        return True

    def released(self, pointer: MapPointer) -> bool:
        """Do nothing: the press did it."""
        return True

    def wheel(self, pointer: MapPointer) -> bool:
        """Leave the wheel to others."""
        return False

    def left(self) -> None:
        """Forget the pointer."""
        self.pointer = None
        self.sample = None

    def paint(self, painter: QPainter, to_pixel: ToPixel) -> None:
        """Mark the pinned place, the sample under the pointer and the one of another view."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.marked is not None and self.marked < len(self._places):
            place = self._places[self.marked]
            if np.isfinite(place).all():
                for colour, width in ((self._theme.paper, 4.0), (self._theme.ink1, 2.0)):
                    painter.setPen(QPen(colour, width))
                    painter.drawEllipse(to_pixel(*place), MARK_PX, MARK_PX)
        if self.sample is not None:
            centre = to_pixel(*self._places[self.sample])
            painter.setPen(QPen(self._theme.ink1, 1.5))
            painter.drawEllipse(centre, 6.5, 6.5)
        if self.pin is not None and self._snapshot is not None:
            self._paint_pin(painter, to_pixel(*self._place_of(self.pin)))

    def _paint_pin(self, painter: QPainter, centre: QPointF) -> None:
        for colour, width in ((self._theme.paper, 3.5), (self._theme.ink1, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(centre, 6.0, 6.0)
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                painter.drawLine(
                    centre + QPointF(6.0 * dx, 6.0 * dy), centre + QPointF(10.0 * dx, 10.0 * dy)
                )

    def _nearest(self, pointer: MapPointer) -> int | None:
        places = self._places[: self._n_seen]
        if not len(places):
            return None
        away = np.hypot(places[:, 0] - pointer.x1, places[:, 1] - pointer.x2)
        away = np.where(np.isfinite(away), away, np.inf)
        index = int(away.argmin())
        return index if away[index] <= GRAB_PX * pointer.reach else None

    def _inputs_at(self, pointer: MapPointer) -> tuple[float, ...]:
        assert self._snapshot is not None
        if self.sample is not None:
            return tuple(self._snapshot.data.x[self.sample].tolist())
        return inputs_at(self._snapshot.data, pointer.x1, pointer.x2)

    def _place_of(self, pin: Pin) -> tuple[float, float]:
        if pin.sample is not None and pin.sample < len(self._places):
            x1, x2 = self._places[pin.sample].tolist()
            return x1, x2
        assert self._snapshot is not None
        data = self._snapshot.data
        if data.n_inputs == 1:
            return pin.inputs[0], 0.0
        return pin.inputs[data.shown[0]], pin.inputs[data.shown[1]]

    def place_of_pin(self) -> tuple[float, float]:
        """Return where the pinned point is on the map's axes."""
        assert self.pin is not None
        return self._place_of(self.pin)

    def _is_at(self, pin: Pin, pointer: MapPointer) -> bool:
        x1, x2 = self._place_of(pin)
        return float(np.hypot(x1 - pointer.x1, x2 - pointer.x2)) <= GRAB_PX * pointer.reach
