"""Buttons: outlined, primary (run), icon only, chip, and the check box."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, paint_box, set_font
from playground.ui.icons import draw_icon
from playground.ui.theme import (
    BODY_PX,
    CONTROL_H,
    RADIUS_BUTTON,
    RADIUS_CHECK,
    TITLE_PX,
    TOOLBAR_CONTROL_H,
    mix,
    scaled,
)

ICON, SMALL_ICON = 16, 14


class Button(KeepsKeys, QAbstractButton, Themed):
    """An outlined button: an icon, a text, a drop-down mark, each optional.

    Parameters
    ----------
    icon : name of an icon, or "".
    menu_mark : whether a chevron at the right says that a menu opens.
    """

    focus_radius = RADIUS_BUTTON

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        *,
        px: float = BODY_PX,
        height: int = CONTROL_H,
        padding: int = 8,
        gap: int = 6,
        menu_mark: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._padding = padding
        self._gap = gap
        self._menu_mark = menu_mark
        self._icon_px = SMALL_ICON if menu_mark or (text and px <= BODY_PX) else ICON
        self._px, self._weight, self._box_height = px, 500, height
        self.setText(text)
        self.rescale()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text:
            self.setAccessibleName(text)

    @property
    def icon_name(self) -> str:
        """The icon shown."""
        return self._icon_name

    def rescale(self) -> None:
        """Set font, icon and height."""
        self._icon_size = scaled(self._icon_px)
        set_font(self, self._px, self._weight)
        self.setFixedHeight(scaled(self._box_height))

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        self._icon_name = name
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of padding, icon, text and mark at the fixed height."""
        parts = []
        if self._icon_name:
            parts.append(self._icon_size)
        if self.text():
            parts.append(QFontMetrics(self.font()).horizontalAdvance(self.text()))
        if self._menu_mark:
            parts.append(self._icon_size)
        width = sum(parts) + self._gap * (len(parts) - 1) + 2 * self._padding
        return QSize(width, self.height())

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: a button is never narrower than its text."""
        return self.sizeHint()

    def _box_colours(self) -> tuple[QColor, QColor | None, QColor, QColor]:
        """Return fill, outline, text and icon colours for the present state."""
        theme = self.theme
        if not self.isEnabled():
            return theme.panel, theme.line, theme.ink4, theme.ink4
        fill = theme.raised
        if self.isDown():
            fill = theme.fill_press
        elif self.underMouse():
            fill = theme.fill_hover
        outline = theme.ink1 if self.isChecked() else theme.line_strong
        tint = theme.ink1 if self._menu_mark else theme.ink2
        return fill, outline, theme.ink1, tint

    def paintEvent(self, event: object) -> None:
        """Draw the box, then icon, text and mark centred as one group."""
        painter = QPainter(self)
        fill, outline, ink, tint = self._box_colours()
        width = 1.5 if self.isChecked() else 1.0
        paint_box(painter, QRectF(self.rect()), RADIUS_BUTTON, fill, outline, width)
        text_width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        spare = self.width() - (self.sizeHint().width() - 2 * self._padding)
        x, middle = spare / 2, self.height() / 2
        if self._icon_name:
            side = self._icon_size
            draw_icon(
                painter, self._icon_name, QRectF(round(x), middle - side / 2, side, side), tint
            )
            x += side + self._gap
        if self.text():
            painter.setFont(self.font())
            painter.setPen(ink)
            box = QRectF(round(x), 0, text_width + 2, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
            x += text_width + self._gap
        if self._menu_mark:
            side = self._icon_size
            mark = QRectF(round(x), middle - side / 2, side, side)
            draw_icon(painter, "chevron-down", mark, self.theme.ink2 if self.isEnabled() else tint)


class PrimaryButton(Button):
    """The one filled button, in ink: Run or Pause."""

    def __init__(self, text: str, icon: str, width: int, parent: QWidget | None = None) -> None:
        self._box_width = width
        super().__init__(
            text, icon, px=TITLE_PX, height=TOOLBAR_CONTROL_H, gap=8, padding=12, parent=parent
        )

    def rescale(self) -> None:
        """Set font and size; the width does not follow the text."""
        self._weight = 600
        super().rescale()
        self.setFixedWidth(scaled(self._box_width))

    def _box_colours(self) -> tuple[QColor, QColor | None, QColor, QColor]:
        theme = self.theme
        if not self.isEnabled():
            return theme.fill, None, theme.ink4, theme.ink4
        share = 0.14 if self.isDown() else 0.08 if self.underMouse() else 0.0
        return mix(theme.ink1, theme.on_ink, share), None, theme.on_ink, theme.on_ink


class IconButton(Button):
    """A button that is only an icon, framed or (ghost) without a box until hovered.

    Parameters
    ----------
    wide : whether it is at least, not just, a square.
    """

    def __init__(
        self,
        icon: str,
        name: str,
        size: int = 28,
        *,
        ghost: bool = True,
        ink: str = "ink2",
        wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self._wide = wide
        super().__init__("", icon, height=size, parent=parent)
        self._ghost, self._tint = ghost, ink
        self.setAccessibleName(name)
        self.setToolTip(name)

    def rescale(self) -> None:
        """Set the square; a wide one takes the width that a layout gives it."""
        super().rescale()
        if self._wide:
            self.setMinimumWidth(scaled(self._box_height))
        else:
            self.setFixedWidth(scaled(self._box_height))

    def _box_colours(self) -> tuple[QColor, QColor | None, QColor, QColor]:
        fill, outline, ink, tint = super()._box_colours()
        if self.isEnabled():
            tint = getattr(self.theme, self._tint)
        if self._ghost:
            outline = None
            if not (self.isDown() or self.underMouse()) or not self.isEnabled():
                fill = QColor(0, 0, 0, 0)
        return fill, outline, ink, tint


class Chip(Button):
    """A small pill with a drop-down mark: a layer's activation."""

    focus_radius = 10

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(
            text, px=BODY_PX, height=20, padding=8, gap=2, menu_mark=True, parent=parent
        )

    def paintEvent(self, event: object) -> None:
        """Draw the pill with text and a small chevron."""
        painter = QPainter(self)
        theme = self.theme
        fill = theme.fill
        if self.isDown():
            fill = theme.fill_press
        elif self.underMouse() and self.isEnabled():
            fill = theme.fill_hover
        ink = theme.ink1 if self.isEnabled() else theme.ink4
        paint_box(painter, QRectF(self.rect()), self.height() / 2, fill)
        painter.setFont(self.font())
        painter.setPen(ink)
        side = self._icon_size
        box = QRectF(9, 0, self.width() - side - 10, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
        mark = QRectF(self.width() - side - 6, (self.height() - side) / 2, side, side)
        draw_icon(painter, "chevron-down", mark, theme.ink2)


class CheckBox(KeepsKeys, QCheckBox, Themed):
    """A 14 px box with a tick, and its text."""

    focus_radius = RADIUS_CHECK + 1

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        self.rescale()

    def rescale(self) -> None:
        """Set font and height."""
        set_font(self, BODY_PX)
        self.setFixedHeight(scaled(24))

    def sizeHint(self) -> QSize:
        """Return box, gap and text."""
        text = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(scaled(14) + 7 + text + 1, scaled(24))

    def minimumSizeHint(self) -> QSize:
        """Return the size hint."""
        return self.sizeHint()

    def focus_rect(self) -> QRectF:
        """Return the box only."""
        side = scaled(14)
        return QRectF(0, (self.height() - side) / 2, side, side)

    def paintEvent(self, event: object) -> None:
        """Draw the box, the tick and the text."""
        painter = QPainter(self)
        theme = self.theme
        on, enabled = self.isChecked(), self.isEnabled()
        box = self.focus_rect()
        if on:
            paint_box(painter, box, RADIUS_CHECK, theme.ink1 if enabled else theme.ink4)
            draw_icon(painter, "check", box, theme.on_ink)
        else:
            outline = theme.ink2 if self.underMouse() and enabled else theme.edge
            paint_box(painter, box, RADIUS_CHECK, theme.raised, outline if enabled else theme.ink4)
        painter.setFont(self.font())
        painter.setPen(theme.ink2 if enabled else theme.ink4)
        text = QRectF(box.width() + 7, 0, self.width() - box.width() - 7, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())
