"""Text that a person typed but did not enter yet: taken up before anything else acts, or dropped.

A press of a button and the keys of a command leave the focus where it is. Without this they would
act on another number than the one on the screen.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QApplication


@runtime_checkable
class HalfTyped(Protocol):
    """A field for text that counts only once it is entered."""

    def take_up(self) -> None:
        """Enter what is typed, if it is valid; the focus stays."""

    def drop_typed(self) -> None:
        """Show again what is in force."""


def take_up_typed(pressed: object = None) -> None:
    """Enter what is typed in the field with the focus, unless that field is what is `pressed`."""
    field: object = QApplication.focusWidget()
    if field is not pressed and isinstance(field, HalfTyped):
        field.take_up()


def drop_typed() -> None:
    """Forget what is typed in the field with the focus; no other one can hold such text."""
    field: object = QApplication.focusWidget()
    if isinstance(field, HalfTyped):
        field.drop_typed()
