"""The ring around the control that the keyboard is on."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from playground.ui.controls.base import KeepsKeys, Themed

DISTANCE = 2.0
WIDTH = 2.0
REACH = 5


class FocusRing(QWidget, Themed):
    """An overlay of a window that follows the focused themed control."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._target: QWidget | None = None
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
        if self._target is not None and isValid(self._target):  # a closing window takes it away
            self._target.removeEventFilter(self)
        self._target = None
        if isinstance(new, KeepsKeys) and new.shows_focus:
            widget = cast(QWidget, new)
            if widget.window() is self.window():
                self._target = widget
                widget.installEventFilter(self)
                self._reveal(widget)
        self.refresh()

    @staticmethod
    def _reveal(widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget, 8, 24)
            parent = parent.parentWidget()

    def refresh(self) -> None:
        """Move to where the control is now."""
        target = self._target
        if target is None or not target.isVisible():
            self.hide()
            return
        themed = cast(Themed, target)
        shape = themed.focus_rect()
        corner = target.mapTo(self.window(), shape.topLeft())
        inner = QRectF(corner, shape.size())
        if inner != self._inner or not self.isVisible():
            self._inner = inner
            self._radius = themed.focus_radius
            self.setGeometry(inner.toAlignedRect().adjusted(-REACH, -REACH, REACH, REACH))
            self.raise_()
            self.show()
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the control; a repaint may mean that its focused part moved."""
        if event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
            QEvent.Type.Hide,
            QEvent.Type.Paint,
        ):
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
