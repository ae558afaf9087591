"""Drags something over a window and lets go."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def dropped(window: QWidget, data: QMimeData) -> tuple[bool, bool]:
    """Return whether the window takes what enters it, and what is let go."""
    place, buttons = QPoint(40, 40), Qt.MouseButton.LeftButton
    action, keys = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, action, data, buttons, keys)
    drop = QDropEvent(place.toPointF(), action, data, buttons, keys)
    for event in (enter, drop):
        event.ignore()
        QApplication.sendEvent(window, event)
    return enter.isAccepted(), drop.isAccepted()
