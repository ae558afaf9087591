"""What the window remembers from one start to the next."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRect, QSettings, QSize

from playground.ui.appearance import Preference

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow

FRAME_H = 40
"""Room for the title bar that a window manager adds."""
MOST_DOCK_H = 10_000
SCALE_OF_SYSTEM = 0.0
"""Saved in place of a size of text that follows the system."""


class WindowState(QObject):
    """Restores size, zones, theme, text and switches from settings, and saves them on closing."""

    def __init__(self, window: MainWindow, settings: QSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings

    def restore(self) -> None:
        """Take up what was saved; what is missing or damaged stays as it is."""
        window, settings = self._window, self._settings
        name = settings.value("window/theme")
        if name in tuple(Preference):
            window.choose_theme(Preference(str(name)))
        window.handlers.choose_text_scale(self._number("window/text", SCALE_OF_SYSTEM))
        geometry = settings.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
            window.resize(window.size().boundedTo(self._room().size()))
        self._bring_on_screen()
        zones, arrangement = settings.value("window/zones"), settings.value("window/arrangement")
        if isinstance(zones, QByteArray) and isinstance(arrangement, str):
            window.zones.restore_widths(arrangement, zones)
        dock = self._number("window/dock", window.bottom.open_height)
        window.bottom.set_open_height(round(min(max(dock, 0), MOST_DOCK_H)))
        for name, action in window.commands.remembered.items():
            if settings.contains(f"view/{name}"):
                action.setChecked(settings.value(f"view/{name}") in (True, "true"))

    def save(self) -> None:
        """Keep everything for the next start."""
        window, settings = self._window, self._settings
        settings.setValue("window/geometry", window.saveGeometry())
        settings.setValue("window/zones", window.zones.splitter.saveState())
        settings.setValue("window/arrangement", window.zones.arrangement)
        settings.setValue("window/theme", window.appearance.preference.value)
        settings.setValue("window/text", window.handlers.chosen_text_scale)
        settings.setValue("window/dock", window.bottom.open_height)
        for name, action in window.commands.remembered.items():
            settings.setValue(f"view/{name}", action.isChecked())

    def _number(self, key: str, default: float) -> float:
        """Return a finite number from the settings, or else `default`."""
        try:
            number = float(str(self._settings.value(key, default)))
        except ValueError:
            return default
        return number if isfinite(number) else default

    def _room(self) -> QRect:
        room = self._window.screen().availableGeometry()
        return room.adjusted(0, FRAME_H, 0, 0)

    def _bring_on_screen(self) -> None:
        """Clamp a window that was left on a screen which is no longer there, or was larger."""
        window, room = self._window, self._room()
        if window.isMaximized() or window.isFullScreen():
            return
        size = window.size().boundedTo(room.size()).expandedTo(QSize(1, 1))
        if size != window.size():
            window.resize(size)
        x = max(room.left(), min(window.x(), room.right() - size.width() + 1))
        y = max(room.top(), min(window.y(), room.bottom() - size.height() + 1))
        if (x, y) != (window.x(), window.y()) and not room.contains(window.geometry()):
            window.move(x, y)
