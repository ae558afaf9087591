"""What all painted controls share: the theme they are drawn in, and crisp shapes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPaintEngine,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QLabel, QWidget

from playground.ui.controls.half_typed import take_up_typed
from playground.ui.theme import BODY_PX, LIGHT, RADIUS_FIELD, Theme, scaled_font

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
KEEPING_REASONS = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
)


class Themed:
    """Mixin of a widget that paints itself from a `Theme`."""

    theme: Theme = LIGHT
    focus_radius: float = RADIUS_FIELD

    def apply_theme(self, theme: Theme) -> None:
        """Take theme and size of text up; the widget is repainted."""
        self.theme = theme
        assert isinstance(self, QWidget)
        self.rescale()
        self.updateGeometry()
        self.update()

    def rescale(self) -> None:
        """Set fonts and fixed sizes for the size of text in force."""

    def focus_rect(self) -> QRectF:
        """Return the shape, in the widget's coordinates, that the focus ring goes around."""
        assert isinstance(self, QWidget)
        return QRectF(self.rect())


class KeepsKeys:
    """Mixin of a control that knows whether the keyboard brought the focus to it.

    It comes before the Qt class among the bases. With `claims_keys`, keys without modifiers are
    the control's own while it has focus, not shortcuts of the window. What is typed in another
    field is taken up before a press acts.
    """

    claims_keys: bool = True
    shows_focus: bool = False

    def event(self, event: QEvent) -> bool:
        """Claim plain keys before they become shortcuts, and note where the focus came from."""
        if isinstance(event, QFocusEvent):
            if event.gotFocus() and event.reason() not in KEEPING_REASONS:
                self.shows_focus = event.reason() in KEYBOARD_REASONS
        elif isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress:
                take_up_typed(pressed=self)
        elif (
            self.claims_keys
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and event.key() != Qt.Key.Key_F1
        ):
            event.accept()
            return True
        handled: bool = super().event(event)  # type: ignore[misc]  # the Qt class follows
        return handled


def apply_theme_below(root: QWidget, theme: Theme) -> None:
    """Give `theme` to every themed control inside `root`."""
    for child in root.findChildren(QWidget):
        if isinstance(child, Themed):
            child.apply_theme(theme)


def set_font(widget: QWidget, px: float, weight: int = 400) -> None:
    """Set a widget's font at the size of text now, so that it stays.

    Whenever Qt polishes a widget under a style sheet, with another parent too, it puts back the
    font that it noted when the first one came.
    """
    font = scaled_font(px, weight)
    widget.setFont(font)
    widget.setProperty(_NOTED_FONT, font)


_NOTED_FONT = "_q_styleSheetWidgetFont"


def kept_ratio(painter: QPainter, widget: QWidget) -> float | None:
    """Return the pixels per logical pixel that a kept picture must have to be painted here.

    None where it would not do: on vector devices, and where the picture is reduced.
    """
    engine = painter.paintEngine()
    if engine is None or engine.type() != QPaintEngine.Type.Raster:
        return None
    ratio, shown = painter.deviceTransform().m11(), widget.devicePixelRatioF()
    return max(ratio, shown) if ratio >= 1.0 else None


def empty_pixmap(
    size: QSize, ratio: float, colour: QColor | Qt.GlobalColor, kept: QPixmap | None = None
) -> QPixmap:
    """Return a pixmap of this many pixels in one colour, `ratio` of them per logical pixel.

    It is `kept` itself where that is as large: a new one of a large canvas for every frame leaves
    holes in the heap that come to megabytes.
    """
    if kept is None or kept.size() != size:
        kept = QPixmap(size)
    kept.setDevicePixelRatio(ratio)
    kept.fill(colour)
    return kept


def paint_box(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None,
    outline: QColor | None = None,
    width: float = 1.0,
) -> None:
    """Draw a rounded box whose outline lies inside `rect`, on whole pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, width) if outline else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    inset = width / 2 if outline else 0.0
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, max(0.0, radius - inset), max(0.0, radius - inset))


class Label(QLabel, Themed):
    """Plain text in one of the ink tokens.

    Parameters
    ----------
    text : shown literally, never as HTML.
    ink : name of a colour field of `Theme`.
    """

    def __init__(
        self,
        text: str = "",
        px: float = BODY_PX,
        weight: int = 400,
        ink: str = "ink2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ink = ink
        self._px, self._weight = px, weight
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.rescale()

    def rescale(self) -> None:
        """Set the font."""
        set_font(self, self._px, self._weight)

    def set_ink(self, ink: str) -> None:
        """Change the ink token of the text."""
        if ink != self._ink:
            self._ink = ink
            self.update()

    def paintEvent(self, event: object) -> None:
        """Draw the text, elided where there is no room.

        It is drawn here because a style sheet takes a palette back when the label is first shown.
        """
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(getattr(self.theme, self._ink))
        flags = int(self.alignment())
        text = self.text()
        if self.wordWrap():
            flags |= int(Qt.TextFlag.TextWordWrap)
        elif self.fontMetrics().horizontalAdvance(text) > self.width():
            text = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.contentsRect(), flags, text)


class Hairline(QWidget, Themed):
    """A 1 px separator, horizontal or vertical."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: object) -> None:
        """Fill with the line colour."""
        QPainter(self).fillRect(self.rect(), self.theme.line)
