"""A vertical scroll area whose 5 px thumb floats over the content."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QScreen
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from playground.ui.controls.base import Themed, paint_box

THUMB_W = 5
GRAB_W = 9
MIN_THUMB_H = 32


class _Thumb(QWidget, Themed):
    """The floating thumb; it can be dragged."""

    def __init__(self, area: OverlayScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._grab = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def paintEvent(self, event: object) -> None:
        """Draw the thumb."""
        colour = self.theme.edge if self.underMouse() else self.theme.line_strong
        box = QRectF(GRAB_W - THUMB_W - 2, 0, THUMB_W, self.height())
        paint_box(QPainter(self), box, THUMB_W / 2, colour)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start dragging."""
        self._grab = event.position().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scroll with the pointer."""
        bar = self._area.verticalScrollBar()
        room = max(1, self._area.height() - self.height())
        top = self.y() + event.position().y() - self._grab
        bar.setValue(round(top / room * bar.maximum()))


class OverlayScrollArea(QScrollArea, Themed):
    """Scrolls its widget vertically; the content keeps the full width."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        self.setWidget(content)
        self._thumb = _Thumb(self)
        content.installEventFilter(self)
        self.verticalScrollBar().valueChanged.connect(self._place_thumb)
        self.verticalScrollBar().rangeChanged.connect(self._place_thumb)

    def show_all_of(self, content: QWidget, screen: QScreen, share: float) -> None:
        """Be as wide as the content, up to the screen's width, and as high, up to a share of it."""
        room, wish = screen.availableGeometry(), content.sizeHint()
        policy = Qt.ScrollBarPolicy
        fits = wish.width() <= room.width()
        self.setHorizontalScrollBarPolicy(
            policy.ScrollBarAlwaysOff if fits else policy.ScrollBarAsNeeded
        )
        self.setMinimumWidth(min(wish.width(), room.width()))
        self.setMinimumHeight(min(wish.height(), round(share * room.height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the content's height."""
        if event.type() == QEvent.Type.Resize:
            self._place_thumb()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the area's height."""
        super().resizeEvent(event)
        self._place_thumb()

    def _place_thumb(self) -> None:
        bar = self.verticalScrollBar()
        needed = bar.maximum() > 0
        self._thumb.setVisible(needed)
        if needed:
            share = self.height() / (self.height() + bar.maximum())
            height = max(MIN_THUMB_H, round((self.height() - 12) * share))
            top = 6 + round((self.height() - 12 - height) * bar.value() / bar.maximum())
            self._thumb.setGeometry(self.width() - GRAB_W, top, GRAB_W, height)
            self._thumb.raise_()
