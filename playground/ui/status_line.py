"""The line at the window's foot: the size of the graph, health, activity, short messages."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from playground.core.health import diagnose
from playground.core.snapshot import Activity, Snapshot
from playground.ui.controls.base import (
    KeepsKeys,
    Label,
    Themed,
    apply_theme_below,
    paint_box,
    set_font,
)
from playground.ui.diagnostics.health_note import HealthNote
from playground.ui.icons import draw_icon
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import (
    BODY_PX,
    PANEL_PADDING,
    RADIUS_FIELD,
    STATUS_H,
    Theme,
    scaled,
)

MESSAGE_MS = 8000
PATIENCE_MS = 1000
GAP = 24
SATURATED_SHARE = 0.5


class _Mark(QWidget, Themed):
    """A 16 px icon in one ink."""

    def __init__(self, icon: str, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._ink = icon, ink
        self.setFixedSize(16, 16)

    def paintEvent(self, event: object) -> None:
        """Draw the icon."""
        colour = getattr(self.theme, self._ink)
        draw_icon(QPainter(self), self._icon, QRectF(self.rect()), colour)


class _Opener(KeepsKeys, QAbstractButton, Themed):
    """The name of the graph; once there is a dock to open, a button with a chevron."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText("Computation graph")
        self.setAccessibleName("Open the computation graph")
        self.setToolTip("Show every Value of the network and step through backpropagation (G)")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rescale()

    def rescale(self) -> None:
        """Set the font."""
        set_font(self, BODY_PX, 500)

    def _chevron_w(self) -> int:
        return 24 if self.isEnabled() else 0

    def sizeHint(self) -> QSize:
        """Return the width of chevron, icon and text, with a margin for the hover fill."""
        metrics = QFontMetrics(self.font())
        width = self._chevron_w() + 24 + metrics.horizontalAdvance(self.text())
        return QSize(width + 12, metrics.height() + 8)

    def paintEvent(self, event: object) -> None:
        """Draw chevron, icon and text."""
        painter = QPainter(self)
        theme = self.theme
        if self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = theme.fill_press if self.isDown() else theme.fill_hover
            paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, fill)
        x, top = 6.0, round((self.height() - 16) / 2)
        if self.isEnabled():
            draw_icon(painter, "chevron-right", QRectF(x, top, 16, 16), theme.ink2)
            x += self._chevron_w()
        draw_icon(painter, "graph", QRectF(x, top, 16, 16), theme.ink2)
        painter.setFont(self.font())
        painter.setPen(theme.ink1)
        box = QRectF(x + 24, 0, self.width() - x - 24, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())


def describe_health(snapshot: Snapshot) -> str:
    """Count dead and saturated neurons in words; "" when all is well."""
    dead = sum(int(layer.dead.sum()) for layer in snapshot.layers)
    saturated = sum(int((layer.saturated >= SATURATED_SHARE).sum()) for layer in snapshot.layers)
    parts = [f"{dead} dead"] if dead else []
    parts += [f"{saturated} saturated"] if saturated else []
    return " · ".join(parts)


class StatusLine(QWidget, Themed):
    """Facts at the left and right, and for a while a message between them.

    Where not all of it has room the nodes go first, then the speed, then health under a message.

    Signals
    -------
    message_changed() : a message came or went.
    """

    message_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self._activity = Activity.PAUSED
        self._speed = 0.0
        self._is_slow = False
        self.nodes = Label("", BODY_PX, 400, "ink3")
        self.message = Label("", BODY_PX, 400, "ink1")
        self.message.setAccessibleName("Message")
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.health = HealthNote()
        self.activity = Label("Paused", BODY_PX, 400, "ink3")
        self._health_mark = _Mark("warning", "ink1")
        self._health_mark.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING - 6, 1, PANEL_PADDING, 0)
        layout.setSpacing(0)
        self.opener = _Opener()
        self.set_can_open(False)
        layout.addWidget(self.opener)
        layout.addSpacing(6)
        layout.addWidget(self.nodes)
        layout.addSpacing(GAP)
        layout.addWidget(self.message, 1)
        layout.addSpacing(GAP)
        layout.addWidget(self._health_mark)
        layout.addSpacing(4)
        layout.addWidget(self.health)
        layout.addSpacing(GAP)
        layout.addWidget(self.activity)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MESSAGE_MS)
        self._timer.timeout.connect(self._on_message_expired)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_ended)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the graph's size, the neurons' health and the speed."""
        count = f"{snapshot.n_values:,}".replace(",", "\N{THIN SPACE}")
        self._set(self.nodes, f"1 sample = {count} scalar nodes")
        self.health.show_finding(diagnose(snapshot), describe_health(snapshot))
        self._speed = snapshot.epochs_per_second
        self._fit()

    def show_activity(self, activity: Activity) -> None:
        """Show what the worker does."""
        if activity is Activity.PREPARING:
            self._patience.start()
        else:
            self._patience.stop()
            self._is_slow = False
        self._activity = activity
        self._fit()

    def rescale(self) -> None:
        """Set the height."""
        self.setFixedHeight(scaled(STATUS_H))

    @property
    def has_message(self) -> bool:
        """Whether a message is shown now."""
        return bool(self.message.text())

    def set_can_open(self, can_open: bool) -> None:
        """Make the graph's name a button, or only a name."""
        self.opener.setEnabled(can_open)
        self.opener.updateGeometry()

    def show_message(self, text: str) -> None:
        """Show a sentence for a few seconds."""
        self._show(text, "ink1")

    def show_failure(self, text: str) -> None:
        """Show for a few seconds what went wrong."""
        self._show(text, "danger")

    def _show(self, text: str, ink: str) -> None:
        self.message.set_ink(ink)
        self.message.setText(text)
        self.message.setToolTip(plain_tool_tip(text))
        self._timer.start()
        self._fit()
        self.message_changed.emit()

    def _on_message_expired(self) -> None:
        self.message.clear()
        self._fit()
        self.message_changed.emit()

    def _on_patience_ended(self) -> None:
        self._is_slow = True
        self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)
        self._fit()  # the size of text may have changed with the theme

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what has room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        words, speed = self._activity_words()
        metrics = self.activity.fontMetrics()
        fixed = self.opener.sizeHint().width() + metrics.horizontalAdvance(words) + 3 * GAP
        nodes = 6 + self.nodes.sizeHint().width()
        spoken = metrics.horizontalAdvance(speed)
        health = 20 + self.health.sizeHint().width() if self.health.text() else 0
        message = self.message.fontMetrics().horizontalAdvance(self.message.text())
        room = self.contentsRect().width() - 2 * PANEL_PADDING - fixed - message
        self.nodes.setVisible(nodes + spoken + health <= room)
        is_told = not message or health <= room
        self.health.setVisible(is_told)
        self._health_mark.setVisible(is_told and bool(health))
        self._set(self.activity, words + speed if spoken + health <= room else words)

    def _activity_words(self) -> tuple[str, str]:
        words = {
            Activity.PREPARING: "Preparing (first start only)" if self._is_slow else "Preparing",
            Activity.PAUSED: "Paused",
            Activity.DIVERGED: "Stopped",
            Activity.RUNNING: "Running",
        }[self._activity]
        if self._activity is not Activity.RUNNING or self._speed <= 0:
            return words, ""
        speed = f"{self._speed:.1f}" if self._speed < 10 else f"{self._speed:,.0f}"
        return words, f" · {speed} epochs/s".replace(",", "\N{THIN SPACE}")

    @staticmethod
    def _set(label: Label, text: str) -> None:
        if label.text() != text:
            label.setText(text)

    def paintEvent(self, event: object) -> None:
        """Fill the line and draw its upper edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.chrome)
        painter.fillRect(0, 0, self.width(), 1, self.theme.line)
