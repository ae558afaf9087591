"""Which theme is in force: light, dark, or what the system uses."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLayout

from playground.ui.style import apply_fonts_and_palette, apply_style, put_style_sheet
from playground.ui.theme import DARK, LIGHT, Theme, set_text_scale, text_scale
from playground.ui.turns import Steps, at_once


class Preference(StrEnum):
    """What a person chose in View ▸ Theme."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Appearance(QObject):
    """Turns the preference and the system's colour scheme into one theme.

    Signals
    -------
    theme_changed(object) : the `Theme` that everything is to be drawn in.
    """

    theme_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        self._preference = Preference.SYSTEM
        self._theme = self._worn = self._wanted()
        self._is_changing = False  # while the style sheet and the signal of `_worn` are to come
        self._scale = text_scale()
        apply_fonts_and_palette(application, self._theme)
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def finish(self) -> None:
        """Put the style sheet on what was made since.

        Under a sheet every widget is styled anew each time it, or one above it, gets a parent:
        making the window would take half as long again.
        """
        put_style_sheet(self._application, self._theme)

    @property
    def theme(self) -> Theme:
        """The theme in force, also while a picture shows another."""
        return self._theme

    @property
    def preference(self) -> Preference:
        """What was chosen."""
        return self._preference

    def choose(self, preference: Preference) -> None:
        """Follow another preference from now on."""
        self._preference = preference
        scheme = {
            Preference.SYSTEM: Qt.ColorScheme.Unknown,
            Preference.LIGHT: Qt.ColorScheme.Light,
            Preference.DARK: Qt.ColorScheme.Dark,
        }[preference]
        self._application.styleHints().setColorScheme(scheme)
        self._take_up(self._wanted())

    def choose_text_scale(self, scale: float) -> None:
        """Draw text at `scale` times its usual size, 1–1.75."""
        set_text_scale(scale)
        if text_scale() == self._scale:
            return
        self._scale = text_scale()
        apply_style(self._application, self._worn)
        self.theme_changed.emit(self._worn)
        # A layout inside another one keeps its old size hints while its widget is out of sight.
        for window in self._application.topLevelWidgets():
            for layout in window.findChildren(QLayout):
                layout.invalidate()

    def wear(self, theme: Theme) -> Steps[None]:
        """Have everything drawn in a theme, also another than the one in force, which stays."""
        if theme is not self._worn or self._is_changing:
            self._worn, self._is_changing = theme, True
            apply_fonts_and_palette(self._application, theme)
            yield
            if self._worn is not theme:
                return  # another has been put on meanwhile
            put_style_sheet(self._application, theme)
            yield
            if self._worn is not theme:
                return
            self._is_changing = False
            self.theme_changed.emit(theme)

    def wear_own(self) -> Steps[None]:
        """Have everything drawn in the theme in force again."""
        return self.wear(self._theme)

    def _wanted(self) -> Theme:
        if self._preference is Preference.SYSTEM:
            scheme = self._application.styleHints().colorScheme()
            return DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        return DARK if self._preference is Preference.DARK else LIGHT

    def _on_scheme_changed(self) -> None:
        self._take_up(self._wanted())

    def _take_up(self, theme: Theme) -> None:
        is_worn, was = self._worn is theme and not self._is_changing, self._theme
        self._theme = theme
        at_once(self.wear(theme))
        if is_worn and was is not theme:
            # A picture wears it already, but what was opened meanwhile does not.
            self.theme_changed.emit(theme)
