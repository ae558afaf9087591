"""Space held over a picture moves it by dragging; Space tapped is the window's Run and Pause."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


@runtime_checkable
class Movable(Protocol):
    """A picture that a held Space lets a person move."""

    def can_be_moved(self) -> bool:
        """Whether a part of it is out of view."""

    def take_hand(self) -> None:
        """Let the next drag move the picture, whatever lies under the pointer."""

    def give_hand_back(self) -> bool:
        """Let drags do what they usually do; return whether one was begun in between."""


class SpaceHand(QObject):
    """Tells a tap on Space from a drag with Space held.

    Where nothing can be moved under the pointer, Space is answered when it is pressed; over a
    picture that can be moved it is answered when it is let go, if nothing was dragged meanwhile.

    Signals
    -------
    tapped : Space was tapped, or the action of its key was chosen from the menu.
    """

    tapped = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._held: Movable | None = None
        self._asked = False
        window.installEventFilter(self)

    def answer(self) -> None:
        """Take up that the action was triggered: at once, or after a Space that is held."""
        if self._held is None:
            self.tapped.emit()
        else:
            self._asked = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow Space, which reaches the window when no control keeps it."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyRelease):
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
                if event.type() == QEvent.Type.KeyRelease:
                    self._let_go(answers=True)
                elif event.modifiers() == Qt.KeyboardModifier.NoModifier:
                    self._hold()
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._let_go(answers=False)
        return False

    def _hold(self) -> None:
        under: object = QApplication.widgetAt(QCursor.pos())
        if isinstance(under, Movable) and under.can_be_moved():
            self._held, self._asked = under, False
            under.take_hand()

    def _let_go(self, answers: bool) -> None:
        held, self._held = self._held, None
        if held is not None:
            moved = held.give_hand_back()
            if answers and self._asked and not moved:
                self.tapped.emit()
