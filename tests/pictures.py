"""Pictures as the app makes them, drawn at once and carrying nothing."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from playground.ui.export.unseen import drawn_in
from playground.ui.main_window import MainWindow
from playground.ui.picture import PictureSpec, draw_image
from playground.ui.theme import LIGHT, Theme
from playground.ui.turns import at_once


def picture_of(window: MainWindow, view: str, scale: float = 1.0, *, light: bool = False) -> QImage:
    """Return the picture of a view of a window, in the theme in force or the light one."""
    shown = window.views[view]
    draw = partial(draw_image, shown, PictureSpec(scale=scale))
    return at_once(drawn_in(window, shown, light, draw, scale))


def drawn(
    widget: QWidget,
    scale: float = 1.0,
    size: tuple[float, float] | None = None,
    theme: Theme = LIGHT,
) -> QImage:
    """Return the picture of a widget as it is, where it leaves something out on a theme's panel."""
    return draw_image(widget, PictureSpec(size, scale), theme)
