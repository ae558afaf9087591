"""The message over the canvas foot when training has diverged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.core.snapshot import Divergence
from playground.ui.controls.base import Themed, apply_theme_below, paint_box
from playground.ui.controls.buttons import Button
from playground.ui.icons import draw_icon
from playground.ui.theme import BODY_PX, RADIUS_CARD, Theme, scaled, scaled_font

HEIGHT = 52
MARGIN = 16
TEXT_X = 40.0
BUTTON_ROOM = 12


class DivergedBanner(QWidget, Themed):
    """Says what happened in bold and what helps below it, with buttons that do it.

    Signals
    -------
    back_clicked() : a person wants the best state before it.
    slower_clicked() : a person wants a rerun with a tenth of the learning rate.
    """

    back_clicked = Signal()
    slower_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = "", ""
        self.back = Button("Back to epoch 0", padding=12, height=32, parent=self)
        self.back.clicked.connect(self._on_back_clicked)
        self.slower = Button("Rate ÷ 10, rerun", padding=12, height=32, parent=self)
        self.slower.clicked.connect(self._on_slower_clicked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 10, 0)
        layout.setSpacing(8)
        layout.addStretch(1)
        layout.addWidget(self.back)
        layout.addWidget(self.slower)
        self.hide()

    @property
    def text(self) -> str:
        """What the banner says."""
        return " ".join(self._lines).strip()

    def show_divergence(self, divergence: Divergence | None, *, can_rerun: bool) -> None:
        """Say why training stopped, or hide."""
        if divergence is not None:
            first, _, rest = divergence.message.partition(". ")
            self._lines = (first.rstrip(".") + ".", rest)
            self.setAccessibleName(divergence.message)
            self.back.setText(f"Back to epoch {divergence.good_epoch}")
            self.back.setAccessibleName(self.back.text())
            self.back.setVisible(can_rerun and divergence.good_epoch is not None)
            self.slower.setVisible(can_rerun)
            self.arrange()
            self.update()
        self.setVisible(divergence is not None)

    def arrange(self) -> None:
        """Take the place at the foot of the parent, as wide as the words need."""
        parent = self.parentWidget()
        if parent is None:
            return
        bold, plain = QFontMetricsF(scaled_font(BODY_PX, 600)), QFontMetricsF(scaled_font(BODY_PX))
        words = max(bold.horizontalAdvance(self._lines[0]), plain.horizontalAdvance(self._lines[1]))
        buttons = [b for b in (self.back, self.slower) if b.isVisibleTo(self)]
        room = sum(b.sizeHint().width() + BUTTON_ROOM for b in buttons)
        width = min(parent.width() - 2 * MARGIN, round(TEXT_X + words + 24 + room))
        x = (parent.width() - width) // 2
        height = scaled(HEIGHT)
        self.setGeometry(x, parent.height() - height - MARGIN, width, height)

    def _on_back_clicked(self) -> None:
        self.back_clicked.emit()

    def _on_slower_clicked(self) -> None:
        self.slower_clicked.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Take a theme up, the button too."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)
        self.arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the sign and the words."""
        painter = QPainter(self)
        theme = self.theme
        paint_box(painter, QRectF(self.rect()), RADIUS_CARD, theme.danger_soft, theme.danger)
        draw_icon(painter, "warning", QRectF(14, (self.height() - 16) / 2, 16, 16), theme.danger)
        painter.setPen(theme.ink1)
        first = next((b for b in (self.back, self.slower) if b.isVisibleTo(self)), None)
        room = (self.width() if first is None else first.x()) - TEXT_X - 8
        for k, (line, weight) in enumerate(zip(self._lines, (600, 400), strict=True)):
            painter.setFont(scaled_font(BODY_PX, weight))
            box = QRectF(TEXT_X, scaled(8 + 18 * k), room, scaled(18))
            words = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
