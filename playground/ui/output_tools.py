"""Tools of the output map: what a pointer does there, and what is drawn over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

ToPixel = Callable[[float, float], QPointF]
"""From data coordinates to logical pixels of the view."""


@dataclass(frozen=True, slots=True)
class MapPointer:
    """Where the pointer is on the map, and what is held.

    Attributes
    ----------
    x1, x2 : data coordinates along the map's axes; they may lie beyond the map while dragging.
    reach : data units that one logical pixel covers.
    button : the button that went down or up; none for moves and the wheel.
    buttons, modifiers : what is held.
    steps : notches of the wheel, positive away from the person; 0 for everything else.
    inside : whether the pointer is on the map.
    """

    x1: float
    x2: float
    reach: float
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    steps: float = 0.0
    inside: bool = True


class OutputTool(Protocol):
    """Something that handles the pointer on the output map and draws over it.

    The four handlers return whether they took the event; what a tool leaves is the map's own
    (reading values, pinning a point). A press that is taken gives the tool all moves until the
    release, also beyond the map. After every event the map is drawn again with the tool on it;
    `OutputView.refresh` does so at other times.
    """

    @property
    def cursor(self) -> Qt.CursorShape | None:
        """The pointer's shape over the map now; None leaves it to the map."""
        ...

    def pressed(self, pointer: MapPointer) -> bool:
        """Handle a button that went down on the map."""
        ...

    def moved(self, pointer: MapPointer) -> bool:
        """Handle a move, with or without a button held."""
        ...

    def released(self, pointer: MapPointer) -> bool:
        """Handle the button's release."""
        ...

    def wheel(self, pointer: MapPointer) -> bool:
        """Handle the wheel."""
        ...

    def left(self) -> None:
        """Handle that the pointer left the map, or that the tool was put away."""
        ...

    def paint(self, painter: QPainter, to_pixel: ToPixel) -> None:
        """Draw over the map, clipped to it, in logical pixels of the view."""
        ...
