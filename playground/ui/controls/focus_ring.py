"""The ring around the control that the keyboard is on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from playground.ui.controls.base import KeepsKeys, Themed

DISTANCE = 2.0
WIDTH = 2.0
REACH = 5


class FocusRing(QWidget, Themed):
    """An overlay of a window that follows the focused themed control.

    What is scrolled out of view has no ring, or the part of it that is still beside the control.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._inner = QRectF()
        self._radius = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    @property
    def target(self) -> QWidget | None:
        """The control the ring is around."""
        return self._target

    def _on_focus_changed(self, old: object, new: object) -> None:
        for watched in self._watched:
            if isValid(watched):  # a closing window takes it away
                watched.removeEventFilter(self)
        self._target, self._watched = None, []
        if isinstance(new, KeepsKeys) and new.shows_focus:
            widget = cast(QWidget, new)
            if widget.window() is self.window():
                self._target = widget
                self._watched = [widget, *_parents(widget)]
                for watched in self._watched:
                    watched.installEventFilter(self)
                self._reveal(widget)
        self.refresh()

    @staticmethod
    def _reveal(widget: QWidget) -> None:
        for parent in _parents(widget):
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget, 8, 24)

    def refresh(self) -> None:
        """Move to where the control is now."""
        target = self._target
        if target is None or not isValid(target) or not target.isVisible():
            self.hide()
            return
        themed = cast(Themed, target)
        shape = themed.focus_rect()
        corner = target.mapTo(self.window(), shape.topLeft())
        inner = QRectF(corner, shape.size())
        place = self._in_view(target, inner.toAlignedRect())
        if place.isEmpty():
            self.hide()
        elif inner != self._inner or place != self.geometry() or not self.isVisible():
            self._inner = inner
            self._radius = themed.focus_radius
            self.setGeometry(place)
            self.raise_()
            self.show()
            self.update()

    def _in_view(self, target: QWidget, inner: QRect) -> QRect:
        """Return the place of the ring, cut where the control is scrolled out of view."""
        place = inner.adjusted(-REACH, -REACH, REACH, REACH)
        for parent in _parents(target):
            if isinstance(parent, QScrollArea):
                view = parent.viewport()
                room = QRect(view.mapTo(self.window(), QPoint(0, 0)), view.size())
                if not room.contains(inner):
                    place = place.intersected(room)
        return place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control and what it lies in; a repaint may mean that its part moved."""
        moved = event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
        )
        if moved or (event.type() == QEvent.Type.Paint and watched is self._target):
            self.refresh()
        return False

    def paintEvent(self, event: object) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.ink1, WIDTH))
        grow = DISTANCE + WIDTH / 2
        ring = self._inner.translated(-self.x(), -self.y()).adjusted(-grow, -grow, grow, grow)
        painter.drawRoundedRect(ring, self._radius + grow, self._radius + grow)


def _parents(widget: QWidget) -> Iterator[QWidget]:
    """Go through what a widget lies in, up to its window."""
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = None if parent.isWindow() else parent.parentWidget()
