"""The tabs of the right panel: plain words, the chosen one underlined."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, set_font
from playground.ui.icons import draw_icon
from playground.ui.theme import DENSE_PX, TITLE_PX, scaled, scaled_font, text_scale, ui_font

HEIGHT = 33
MARGIN = 16.0
WIDEST_GAP, NARROWEST_GAP = 21.0, 9.0
UNDERLINE = 2.0
SIZES = (
    (TITLE_PX, False),
    (TITLE_PX - 1, False),
    (TITLE_PX - 2, False),
    (TITLE_PX - 2, True),
    (DENSE_PX, True),
    (DENSE_PX - 1, True),
    (DENSE_PX - 2, True),
)
"""Type and whether the tabs are crowded, from comfortable to tight: the last are for large text."""
CHEVRON = 14.0


def tabs_height() -> int:
    """Return the height of the tabs at the size of text in force."""
    return scaled(HEIGHT)


@lru_cache(maxsize=256)
def _width_of(word: str, px: float) -> float:
    """Return the width of a word in type of `px` pixels; kept, because it is asked for often."""
    return QFontMetricsF(ui_font(px, 600)).horizontalAdvance(word)


class TabBar(KeepsKeys, QTabBar, Themed):
    """Tabs that share the width: their gaps, and if need be their type, become smaller.

    One tab may have a menu: a chevron follows its word, and a click opens the menu, too.

    Signals
    -------
    menu_clicked(object) : where the menu should open, a QPoint of the screen.
    """

    focus_radius = 4
    claims_keys = False
    menu_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = WIDEST_GAP
        self._px = TITLE_PX
        self._menu_tab = -1
        self._is_crowded = False
        """Whether the right margin is small and the tab with the menu is only its chevron."""
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Diagnostics")

    def set_menu_tab(self, index: int) -> None:
        """Give a tab, the last, a menu."""
        self._menu_tab = index
        self.tabBarClicked.connect(self._on_clicked)

    def tabInserted(self, index: int) -> None:
        """Follow the tab with the menu."""
        if 0 <= index <= self._menu_tab:
            self._menu_tab += 1

    def tabRemoved(self, index: int) -> None:
        """Follow the tab with the menu."""
        if 0 <= index < self._menu_tab:
            self._menu_tab -= 1

    def _on_clicked(self, index: int) -> None:
        if index == self._menu_tab and index >= 0:
            place = self._text_rect(index).bottomLeft().toPoint()
            self.menu_clicked.emit(self.mapToGlobal(place))

    def fit(self, width: float) -> None:
        """Choose gaps and type so that all tabs fit into a panel of this width."""
        for px, self._is_crowded in SIZES:
            free = width - MARGIN * text_scale() * (1.25 if self._is_crowded else 2)
            used = sum(self._text_width(k, px) for k in range(self.count()))
            gap = (free - used) / max(1, self.count() - 1)
            if gap >= NARROWEST_GAP:
                break
        self._px, self._gap = px, max(4.0, min(WIDEST_GAP, gap))
        self.setGeometry(0, self.y(), round(width), tabs_height())
        # A new font makes QTabBar ask for the tabs' sizes again.
        set_font(self, px, 500)
        self.setIconSize(QSize(0, round(self._gap * 8)))

    def _word(self, index: int) -> str:
        return "" if self._is_crowded and index == self._menu_tab else self.tabText(index)

    def _text_width(self, index: int, px: float) -> float:
        chevron = CHEVRON if index == self._menu_tab else 0.0
        return _width_of(self._word(index), px * text_scale()) + chevron

    def _text_rect(self, index: int) -> QRectF:
        """Where the text of a tab is, widened to the whole gap on both sides by `tabRect`."""
        left = MARGIN * text_scale() + sum(
            self._text_width(k, self._px) + self._gap for k in range(index)
        )
        return QRectF(left, 0, self._text_width(index, self._px), tabs_height())

    def tabSizeHint(self, index: int) -> QSize:
        """Return text and gap; the first and the last tab reach to the margin."""
        left = 0.0 if index == 0 else self._text_rect(index).left() - self._gap / 2
        right = self._text_rect(index).right() + self._gap / 2
        return QSize(round(right) - round(left), tabs_height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Return the size hint: tabs are never squeezed."""
        return self.tabSizeHint(index)

    def focus_rect(self) -> QRectF:
        """Return the chosen tab's text."""
        return self._text_rect(max(0, self.currentIndex())).adjusted(-3, 5, 3, -6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, the underline and the line below."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(self.rect(), theme.panel)
        painter.fillRect(0, tabs_height() - 1, self.width(), 1, theme.line)
        pointed = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index in range(self.count()):
            chosen = index == self.currentIndex()
            rect = self._text_rect(index)
            painter.setFont(scaled_font(self._px, 600 if chosen else 500))
            painter.setPen(theme.ink1 if chosen else theme.ink2 if index == pointed else theme.ink3)
            has_menu = index == self._menu_tab
            place = rect.adjusted(-2, 0, 2 - (CHEVRON if has_menu else 0.0), -2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._word(index))
            if has_menu:
                mark = QRectF(rect.right() - CHEVRON + 2, (tabs_height() - 2 - CHEVRON) / 2, 14, 14)
                draw_icon(painter, "chevron-down", mark, theme.ink2)
            if chosen:
                line = QRectF(
                    rect.left() - 1, tabs_height() - UNDERLINE, rect.width() + 2, UNDERLINE
                )
                painter.fillRect(line.toAlignedRect(), theme.ink1)
