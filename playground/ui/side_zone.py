"""The left zone of the window: the panel, or in a narrow window a strip that opens it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, apply_theme_below
from playground.ui.controls.buttons import IconButton
from playground.ui.left_panel import LeftPanel
from playground.ui.theme import LEFT_W, STRIP_W, Theme, scaled

MAX_W = 360


class SideZone(QWidget, Themed):
    """Holds the left panel, or its two icons while the panel lies over the canvas or is hidden.

    It is an event filter of the window, where Escape closes the panel that lies over the canvas.
    """

    def __init__(self, panel: LeftPanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self._narrow = False
        self._around: QWidget = self
        self._strip = QWidget()
        column = QVBoxLayout(self._strip)
        column.setContentsMargins(6, 12, 6, 0)
        column.setSpacing(4)
        self.buttons = {
            "Data": IconButton("data", "Data", 30),
            "Model": IconButton("model", "Model", 30),
        }
        for button in self.buttons.values():
            button.clicked.connect(self._on_button_clicked)
            column.addWidget(button)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)
        layout.addWidget(self._strip)
        self._strip.hide()
        self.rescale()

    @property
    def is_narrow(self) -> bool:
        """Whether the strip stands in for the panel."""
        return self._narrow

    @property
    def is_overlay_open(self) -> bool:
        """Whether the panel lies over the canvas."""
        return self._narrow and self.panel.isVisible()

    def set_narrow(self, narrow: bool, around: QWidget) -> None:
        """Swap panel and strip; over the canvas the panel is a child of what is around.

        It is moved there only when it is opened: under a new parent all in it is styled again.
        """
        if narrow == self._narrow:
            return
        self._narrow, self._around = narrow, around
        self._strip.setVisible(narrow)
        if not narrow and self.panel.parentWidget() is not self:
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self.panel)
        self.panel.setVisible(not narrow)
        self.rescale()

    def rescale(self) -> None:
        """Set the widths between which the splitter may choose."""
        strip = scaled(STRIP_W) - 1
        least, most = (strip, strip) if self._narrow else (scaled(LEFT_W) - 1, scaled(MAX_W))
        self.setMinimumWidth(least)
        self.setMaximumWidth(most)
        if self.is_overlay_open:
            self._place_overlay()

    def close_overlay(self) -> None:
        """Hide the panel that lies over the canvas; the focus goes from there to what opens it."""
        if not self.is_overlay_open:
            return
        focused = self.window().focusWidget()
        if focused is not None and self.panel.isAncestorOf(focused):
            shown = isinstance(focused, KeepsKeys) and focused.shows_focus
            tab, other = Qt.FocusReason.TabFocusReason, Qt.FocusReason.OtherFocusReason
            self.buttons["Data"].setFocus(tab if shown else other)
        self.panel.hide()

    def apply_theme(self, theme: Theme) -> None:
        """Colour strip and panel."""
        apply_theme_below(self._strip, theme)
        self.panel.apply_theme(theme)
        super().apply_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the overlay on an Escape that nothing in the window has a use for."""
        if (
            self.is_overlay_open
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.close_overlay()
            return True
        return False

    def resizeEvent(self, event: object) -> None:
        """Keep an open overlay as high as the zone."""
        if self.is_overlay_open:
            self._place_overlay()

    def _place_overlay(self) -> None:
        if self.panel.parentWidget() is not self._around:
            self.panel.setParent(self._around)
        corner = self.mapTo(self._around, self.rect().topRight())
        self.panel.setGeometry(QRect(corner.x() + 2, corner.y(), scaled(LEFT_W), self.height()))
        self.panel.raise_()

    def _on_button_clicked(self) -> None:
        section = self.panel.data if self.sender() is self.buttons["Data"] else self.panel.model
        if self.is_overlay_open:
            self.close_overlay()
            return
        self._place_overlay()
        self.panel.show()
        self.panel.area.verticalScrollBar().setValue(section.y())

    def paintEvent(self, event: object) -> None:
        """Fill the strip."""
        QPainter(self).fillRect(self.rect(), self.theme.panel)
