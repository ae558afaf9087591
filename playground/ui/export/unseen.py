"""Views are drawn in the theme that a picture wants, and no open window is seen to change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from playground.ui.theme import LIGHT, Theme
from playground.ui.turns import Steps, at_once

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

T = TypeVar("T")


def drawn_in(
    window: MainWindow,
    view: QWidget,
    light: bool,
    draw: Callable[[Theme], T],
    scale: float | None = None,
) -> Steps[T]:
    """Return what `draw` makes of a view in the theme in force, or in the light one.

    The window itself takes turns: to put another theme on, to be drawn, to put its own on, and to
    be painted. Each is as long as a frame or two.

    Parameters
    ----------
    light : whether the light theme is wanted.
    scale : pixels per logical pixel; None makes nothing ready for them.
    """
    appearance = window.appearance
    theme = LIGHT if light else appearance.theme
    if view is not window:
        return _drawn_alone(window, view, theme, draw)
    with _frozen(window):
        try:
            yield from appearance.wear(theme)
            yield
            if scale is not None:
                window.left.data.gallery.keep_pictures(scale)
                yield
            at_once(appearance.wear(theme))  # another may have been chosen meanwhile
            drawn = _drawn_frozen(window, theme, draw)
            yield
            yield from appearance.wear_own()
        finally:
            at_once(appearance.wear_own())
        yield
    yield  # painting the window has had its turn
    return drawn


@contextmanager
def _frozen(window: MainWindow) -> Iterator[None]:
    """Keep on the screen what it shows of all windows that are open."""
    frozen = {window, *(other for other in QApplication.topLevelWidgets() if other.isVisible())}
    for other in frozen:
        other.setUpdatesEnabled(False)
    try:
        yield
    finally:
        for other in frozen:
            if isValid(other):
                other.setUpdatesEnabled(True)
                # An update that came meanwhile is lost, and Qt waits for it before it asks again.
                other.repaint()


def _drawn_frozen(window: MainWindow, theme: Theme, draw: Callable[[Theme], T]) -> T:
    """Draw a frozen window: Qt would leave out what must not be painted."""
    window.setUpdatesEnabled(True)
    window.network.clear_hover()
    try:
        return draw(theme)
    finally:
        window.setUpdatesEnabled(False)


def _drawn_alone(window: MainWindow, view: QWidget, theme: Theme, draw: Callable[[Theme], T]) -> T:
    """Draw a view; another theme is put on that view only, without any style sheet."""
    own = window.appearance.theme
    window.network.clear_hover()
    if theme is own:
        return draw(theme)
    _put_on(window, view, theme)
    try:
        return draw(theme)
    finally:
        _put_on(window, view, own)


def _put_on(window: MainWindow, view: QWidget, theme: Theme) -> None:
    view.apply_theme(theme)  # type: ignore[attr-defined]  # every view but the window has it
    if view is window.right.output:
        # Two guests paint on the map.
        window.line.apply_theme(theme)
        window.drawing.apply_theme(theme)
