"""Brings views into the state their pictures are drawn in, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QStackedWidget, QWidget

from playground.ui.controls.focus_ring import FocusRing

NESTED_LAYOUTS = 3
"""How often layouts are asked until the innermost ones have answered: zones, bars, groups."""


@runtime_checkable
class LeavesOutControls(Protocol):
    """A view that can leave out its controls for a picture of it alone."""

    def set_exporting(self, exporting: bool) -> None:
        """Leave the controls out, or show them again."""
        ...


@runtime_checkable
class LeavesOutLegend(Protocol):
    """A view whose legend need not be in its picture."""

    def set_legend_shown(self, shown: bool) -> None:
        """Show the legend or leave it out, while controls are left out."""
        ...


@runtime_checkable
class NeedsRoom(Protocol):
    """A view that is cut off below some size: its picture is drawn larger and shown smaller."""

    def least_room(self) -> QSize:
        """Return the size below which something is cut off."""
        ...


@runtime_checkable
class HasOwnSize(Protocol):
    """A view that no window shows: its picture is as large as what it draws."""

    def own_size(self) -> QSize:
        """Return the size at which the newest numbers are drawn."""
        ...


@contextmanager
def _brought_to_front(widget: QWidget) -> Iterator[None]:
    """Make `widget` part of a laid-out window, if need be one that no screen shows."""
    window = widget.window()
    summoned = not window.isVisible()
    if summoned:
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
    pages: list[tuple[QStackedWidget, int]] = []
    child, parent = widget, widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QStackedWidget):
            pages.append((parent, parent.currentIndex()))
            parent.setCurrentWidget(child)
        child, parent = parent, parent.parentWidget()
    _settle_layouts()
    try:
        yield
    finally:
        for stack, index in pages:
            stack.setCurrentIndex(index)
        if summoned:
            window.hide()
            window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)


def shown_size(widget: QWidget) -> tuple[int, int]:
    """Return the width and height a view has where it is shown, also if it was never seen."""
    if isinstance(widget, HasOwnSize):
        size = widget.own_size()
        return size.width(), size.height()
    if widget.isVisible():
        _settle_layouts()
        return widget.width(), widget.height()
    with _brought_to_front(widget):
        return widget.width(), widget.height()


def _settle_layouts() -> None:
    # Layouts learn of a hidden or changed child by a posted event, which may still be waiting.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


def fit(widget: QWidget, size: QSize | None) -> None:
    """Give a view the size of its picture, if it is to have another; a window arranges itself."""
    if size is not None and size != widget.size():
        widget.resize(size)
        if widget.isWindow():
            for _ in range(NESTED_LAYOUTS):
                _settle_layouts()
                for area in widget.findChildren(QAbstractScrollArea):
                    QCoreApplication.sendPostedEvents(area)  # its bars come and go by these


@contextmanager
def staged(widget: QWidget, size: QSize | None, legend: bool = True) -> Iterator[None]:
    """Show a widget as its picture wants it: its size, no controls, no focus marks."""
    with _brought_to_front(widget):
        before = widget.geometry()
        if isinstance(widget, LeavesOutLegend):
            widget.set_legend_shown(legend)
        if isinstance(widget, LeavesOutControls):
            widget.set_exporting(True)
        # Before the view gets its size: layouts around it would take it back.
        _settle_layouts()
        fit(widget, size)
        rings = [ring for ring in widget.findChildren(FocusRing) if ring.isVisible()]
        for ring in rings:
            ring.hide()
        try:
            yield
        finally:
            for ring in rings:
                ring.show()
            if isinstance(widget, LeavesOutLegend):
                widget.set_legend_shown(True)
            if isinstance(widget, LeavesOutControls):
                widget.set_exporting(False)
            if widget.geometry() != before:
                widget.setGeometry(before)
