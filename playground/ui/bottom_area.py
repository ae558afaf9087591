"""The foot of the window: the status line, and over it a dock that can be opened."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.ui.controls.base import Themed
from playground.ui.status_line import StatusLine
from playground.ui.theme import DOCK_H, DOCK_LEAST_H, Theme, scaled

OPENING_MS = 140
GRIP_H = 7
LEAST_MAIN_H = 230
"""What an open dock leaves of the zones above it."""


class _Grip(QWidget):
    """The upper edge of the open dock; dragging it changes the height.

    Signals
    -------
    taken() : it was taken hold of.
    dragged(int) : by how much it was moved up since then; beyond a limit it waits for the pointer.
    """

    taken = Signal()
    dragged = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._from: int | None = None
        self.setCursor(Qt.CursorShape.SplitVCursor)
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._from = round(event.globalPosition().y())
        self.taken.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell by how much the edge was moved up."""
        if self._from is not None:
            self.dragged.emit(self._from - round(event.globalPosition().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._from = None


class BottomArea(QWidget, Themed):
    """Closed it is the status line; opened, a dock takes its place.

    A message of the status line is shown over the foot of an open dock.

    Attributes
    ----------
    status : the status line.
    reduced_motion : whether the dock opens at once.

    Signals
    -------
    open_changed(bool) : the dock was opened or closed.
    """

    open_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reduced_motion = False
        self.status = StatusLine(self)
        self.dock: QWidget | None = None
        self._is_open = False
        self._open_h = DOCK_H
        self._wish = 0
        self._grip = _Grip(self)
        self._height_taken = 0
        self._grip.taken.connect(self._on_grip_taken)
        self._grip.dragged.connect(self._on_grip_dragged)
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(OPENING_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide_advanced)
        self._glide.finished.connect(self._arrange)
        self.status.message_changed.connect(self._arrange)
        self.status.opener.clicked.connect(self.toggle)
        self.setFixedHeight(self.status.height())

    @property
    def is_open(self) -> bool:
        """Whether the dock is open."""
        return self._is_open

    @property
    def open_height(self) -> int:
        """How high the dock is when it is open and there is room."""
        return self._open_h

    def set_dock(self, dock: QWidget) -> None:
        """Put a dock here; `toggle` and the name on the status line open it."""
        self.dock = dock
        dock.setParent(self)
        dock.hide()
        self.status.set_can_open(True)
        self._arrange()

    def toggle(self) -> None:
        """Open or close the dock."""
        self.set_open(not self._is_open)

    def set_open(self, is_open: bool) -> None:
        """Open or close the dock."""
        if self.dock is None or is_open == self._is_open:
            return
        self._is_open = is_open
        start = self.height()
        if is_open:
            self.dock.show()
        self._glide.stop()
        if self.reduced_motion or not self.isVisible():
            self._set_height(self._target())
            self._arrange()
        else:
            self._glide.setStartValue(start)
            self._glide.setEndValue(self._target())
            self._glide.start()
        self.open_changed.emit(is_open)

    def set_open_height(self, height: int) -> None:
        """Choose how high the open dock is; a window not yet laid out limits it only later."""
        most = self._most() if self.isVisible() else height
        self._open_h = max(DOCK_LEAST_H, min(height, most))
        if self._is_open and self._glide.state() is not QVariantAnimation.State.Running:
            self._set_height(self._target())

    def fit(self) -> None:
        """Leave the zones above their room, after the window has changed its height."""
        if self._glide.state() is not QVariantAnimation.State.Running:
            self._set_height(self._target())

    def _most(self) -> int:
        parent = self.parentWidget()
        layout = parent.layout() if parent is not None else None
        first = layout.itemAt(0) if layout is not None else None
        if parent is None or layout is None or first is None:
            return DOCK_H
        others = layout.minimumSize().height() - self.minimumHeight()
        above = first.geometry().height() + scaled(LEAST_MAIN_H)
        return max(DOCK_LEAST_H, parent.height() - max(others, above))

    def _target(self) -> int:
        return min(self._open_h, self._most()) if self._is_open else self.status.height()

    def _set_height(self, height: int) -> None:
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _on_glide_advanced(self, height: int) -> None:
        self._set_height(height)

    def _on_grip_taken(self) -> None:
        self._height_taken = self.height()

    def _on_grip_dragged(self, up: int) -> None:
        self.set_open_height(self._height_taken + up)

    def _arrange(self) -> None:
        width, height, line = self.width(), self.height(), self.status.height()
        moving = self._glide.state() is QVariantAnimation.State.Running
        shows_dock = self.dock is not None and (self._is_open or moving)
        self.status.setGeometry(0, height - line, width, line)
        self.status.setVisible(not self._is_open or self.status.has_message)
        if self.dock is not None:
            self.dock.setVisible(shows_dock)
            self.dock.setGeometry(0, 0, width, max(height, DOCK_LEAST_H))
        self._grip.setVisible(self._is_open)
        self._grip.setGeometry(0, 0, width, GRIP_H)
        self._grip.raise_()
        self.status.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place dock and status line."""
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Follow the status line's own height, which grows with the text."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
            self._arrange()
        return super().event(event)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the status line; the dock is coloured by whoever put it here."""
        super().apply_theme(theme)
        self.status.apply_theme(theme)
        self.fit()
        self._arrange()

    def grip_centre(self) -> QPoint:
        """Return where the dock's upper edge can be taken hold of."""
        return self._grip.geometry().center()
