"""The application-wide palette and style sheet, both generated from a theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from playground.ui.theme import (
    BODY_PX,
    CAPTION_PX,
    MENU_BAR_H,
    RADIUS_BUTTON,
    RADIUS_FIELD,
    SCROLL_BAR_W,
    TITLE_PX,
    Theme,
    scaled,
    scaled_font,
)


def palette(theme: Theme) -> QPalette:
    """Return the Qt palette that stock widgets and dialogs use."""
    role = QPalette.ColorRole
    colours: dict[QPalette.ColorRole, QColor] = {
        role.Window: theme.panel,
        role.WindowText: theme.ink1,
        role.Base: theme.raised,
        role.AlternateBase: theme.fill,
        role.Text: theme.ink1,
        role.Button: theme.raised,
        role.ButtonText: theme.ink1,
        role.BrightText: theme.danger,
        role.Highlight: theme.ink1,
        role.HighlightedText: theme.on_ink,
        role.Link: theme.ink1,
        role.LinkVisited: theme.ink2,
        role.ToolTipBase: theme.ink1,
        role.ToolTipText: theme.on_ink,
        role.PlaceholderText: theme.ink3,
        role.Accent: theme.ink1,
        role.Light: theme.raised,
        role.Midlight: theme.fill,
        role.Mid: theme.line_strong,
        role.Dark: theme.edge,
        role.Shadow: theme.ink3,
    }
    result = QPalette()
    for key, colour in colours.items():
        result.setColor(key, colour)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, key, theme.ink4)
    return result


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of menus, lists, tooltips and scroll bars."""

    def name(colour: QColor) -> str:
        return colour.name()

    return f"""
    QMenuBar {{ background: {name(theme.chrome)}; color: {name(theme.ink1)};
        min-height: {scaled(MENU_BAR_H) - 1}px; max-height: {scaled(MENU_BAR_H) - 1}px;
        border-bottom: 1px solid {name(theme.line)}; padding: 0 4px; spacing: 0; }}
    QMenuBar::item {{ background: transparent; padding: 0 10px; margin: 0;
        border-radius: {RADIUS_FIELD}px; }}
    QMenuBar::item:selected, QMenuBar::item:pressed {{ background: {name(theme.fill_hover)}; }}
    QMenu {{ background: {name(theme.raised)}; color: {name(theme.ink1)};
        border: 1px solid {name(theme.line_strong)}; border-radius: {RADIUS_BUTTON}px;
        padding: 5px; font-size: {scaled(TITLE_PX)}px; }}
    QMenu::item {{ padding: 5px 28px 5px 26px; border-radius: {RADIUS_FIELD - 1}px; }}
    QMenu::item:selected {{ background: {name(theme.fill)}; }}
    QMenu::item:disabled {{ color: {name(theme.ink4)}; }}
    QMenu::separator {{ height: 1px; background: {name(theme.line)}; margin: 5px 4px; }}
    QMenu::indicator {{ width: 14px; height: 14px; left: 8px; }}
    QMenu::icon {{ left: 8px; }}
    QToolTip {{ background: {name(theme.ink1)}; color: {name(theme.on_ink)}; border: none;
        padding: 5px 8px; font-size: {scaled(CAPTION_PX)}px; }}
    QComboBox QAbstractItemView {{ background: {name(theme.raised)}; color: {name(theme.ink1)};
        border: 1px solid {name(theme.line_strong)};
        padding: 4px; outline: none; font-size: {scaled(BODY_PX)}px; }}
    QComboBox QAbstractItemView::item {{ min-height: {scaled(26)}px; padding: 0 6px;
        border-radius: {RADIUS_FIELD - 1}px; color: {name(theme.ink1)}; }}
    QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {{
        background: {name(theme.fill)}; }}
    QComboBox QAbstractItemView::item:disabled {{ color: {name(theme.ink4)}; }}
    QPlainTextEdit {{ background: transparent; border: none; color: {name(theme.ink1)};
        selection-background-color: {name(theme.ink1)}; selection-color: {name(theme.on_ink)}; }}
    FindField {{ background: transparent; border: none; padding: 0; color: {name(theme.ink1)};
        selection-background-color: {name(theme.ink1)}; selection-color: {name(theme.on_ink)}; }}
    NumberField {{ background: transparent; border: none; padding: 0; color: {name(theme.ink1)};
        selection-background-color: {name(theme.ink1)}; selection-color: {name(theme.on_ink)}; }}
    NumberField:disabled {{ color: {name(theme.ink4)}; }}
    QTreeView {{ background: {name(theme.raised)}; color: {name(theme.ink1)};
        alternate-background-color: {name(theme.panel)}; outline: none;
        border: 1px solid {name(theme.line_strong)}; font-size: {scaled(BODY_PX)}px;
        selection-background-color: {name(theme.fill)}; selection-color: {name(theme.ink1)}; }}
    QTreeView::item {{ height: {scaled(24)}px; }}
    QHeaderView::section {{ background: {name(theme.panel)}; color: {name(theme.ink3)};
        border: none; border-bottom: 1px solid {name(theme.line)}; padding: 4px 6px;
        font-size: {scaled(CAPTION_PX)}px; }}
    QSplitter::handle {{ background: {name(theme.line)}; }}
    QSplitter::handle:hover {{ background: {name(theme.line_strong)}; }}
    QScrollBar {{ background: transparent; }}
    QScrollBar:vertical {{ width: {SCROLL_BAR_W}px; margin: 2px; }}
    QScrollBar:horizontal {{ height: {SCROLL_BAR_W}px; margin: 2px; }}
    QScrollBar::handle {{ background: {name(theme.line_strong)}; border-radius: 2px;
        min-height: 24px; min-width: 24px; }}
    QScrollBar::handle:hover {{ background: {name(theme.edge)}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
        background: transparent; border: none; width: 0; height: 0; }}
    """


def apply_style(application: QApplication, theme: Theme) -> None:
    """Give the whole application a theme: Fusion, fonts, palette, style sheet."""
    apply_fonts_and_palette(application, theme)
    put_style_sheet(application, theme)


def put_style_sheet(application: QApplication, theme: Theme) -> None:
    """Give the whole application a theme's style sheet."""
    application.setStyleSheet(style_sheet(theme))


def apply_fonts_and_palette(application: QApplication, theme: Theme) -> None:
    """Give the whole application a theme but for the style sheet; there is none afterwards."""
    if not application.styleSheet() and application.style().name() != "fusion":
        application.setStyle("Fusion")
    # Without one in force a style sheet takes 40 ms for the whole window, exchanged for one 330.
    application.setStyleSheet("")
    application.setFont(scaled_font(TITLE_PX))
    application.setPalette(palette(theme))
    QToolTip.setPalette(palette(theme))
    QToolTip.setFont(scaled_font(CAPTION_PX))
