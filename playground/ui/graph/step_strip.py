"""The row of blocks, one per step: how far the stepping is; a click jumps there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.controls.base import Themed
from playground.ui.theme import CONTROL_H

BLOCK, GAP = 6.0, 2.0


class StepStrip(QWidget, Themed):
    """Blocks for few steps, a bar for many.

    Signals
    -------
    position_chosen(int) : steps that are to be taken.
    """

    position_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(CONTROL_H)  # the blocks are no text and do not grow
        self.setMinimumWidth(0)
        self.setMaximumWidth(300)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Steps taken")
        self.position, self.count, self.n_node_steps = 0, 0, 0

    def show_position(self, position: int, count: int, n_node_steps: int) -> None:
        """Show that `position` of `count` steps are taken; the last ones are the optimiser's."""
        if (position, count, n_node_steps) != (self.position, self.count, self.n_node_steps):
            self.position, self.count, self.n_node_steps = position, count, n_node_steps
            self.setAccessibleDescription(f"{position} of {count}")
            self.setToolTip("Click to jump to a step" if count else "")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room that a block for each step needs."""
        return QSize(round(min(300.0, self.count * (BLOCK + GAP))), CONTROL_H)

    def minimumSizeHint(self) -> QSize:
        """Return the least: the strip may go away."""
        return QSize(0, CONTROL_H)

    @property
    def _blocks_fit(self) -> bool:
        return self.count * (3.0 + GAP) <= self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the blocks or the bar."""
        if not self.count or self.width() < 12:
            return
        painter = QPainter(self)
        theme, middle = self.theme, self.height() / 2
        if not self._blocks_fit:
            painter.fillRect(QRectF(0, middle - 3, self.width(), 6), theme.fill_press)
            done = self.width() * self.position / self.count
            painter.fillRect(QRectF(0, middle - 3, done, 6), theme.grad_line)
            split = self.width() * self.n_node_steps / self.count
            painter.fillRect(QRectF(split, middle - 5, 1, 10), theme.ink3)
            painter.fillRect(QRectF(max(0.0, done - 3), middle - 5, 3, 10), theme.grad)
            return
        pitch = min(BLOCK + GAP, self.width() / self.count)
        for k in range(self.count):
            colour = theme.fill_press
            if k < self.position:
                colour = theme.grad if k == self.position - 1 else theme.grad_line
            height = 6.0 if k < self.n_node_steps else 4.0
            painter.fillRect(QRectF(k * pitch, middle - height / 2, pitch - GAP, height), colour)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the block under the pointer."""
        if not self.count or not self.width():
            return
        pitch = self.width() / self.count
        if self._blocks_fit:
            pitch = min(BLOCK + GAP, pitch)
        position = int(event.position().x() / pitch) + 1
        self.position_chosen.emit(max(0, min(self.count, position)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub while the button is held."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
