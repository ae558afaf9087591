"""The health line: what is wrong, in words; a click explains it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QDialog, QVBoxLayout, QWidget

from playground.core.health import EXPLANATIONS, Finding
from playground.ui.controls.base import (
    KeepsKeys,
    Label,
    Themed,
    apply_theme_below,
    paint_box,
    set_font,
)
from playground.ui.theme import BODY_PX, RADIUS_FIELD, TITLE_PX, Theme

TEXT_WIDTH = 380


class HealthNote(KeepsKeys, QAbstractButton, Themed):
    """One line; it can be clicked where there is something to explain.

    Attributes
    ----------
    finding : what is wrong, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding: Finding | None = None
        self.rescale()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setEnabled(False)
        self.clicked.connect(self._on_clicked)

    def rescale(self) -> None:
        """Set the font."""
        set_font(self, BODY_PX, 500)

    def show_finding(self, finding: Finding | None, otherwise: str) -> None:
        """Say what is wrong, or something else that can not be explained."""
        self.finding = finding
        text = otherwise if finding is None else finding.words
        if text == self.text() and self.isEnabled() == (finding is not None):
            return
        self.setText(text)
        self.setEnabled(finding is not None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if finding is None else Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"Health: {text}" if text else "Health")
        self.setToolTip("What this means, and what to try" if finding is not None else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the words with a margin for the hover fill."""
        metrics = QFontMetrics(self.font())
        if not self.text():
            return QSize(0, metrics.height() + 8)
        return QSize(metrics.horizontalAdvance(self.text()) + 12, metrics.height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Return the size hint: the words are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        """Draw the words, underlined where they can be clicked."""
        painter = QPainter(self)
        theme = self.theme
        box = QRectF(self.rect())
        if self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = theme.fill_press if self.isDown() else theme.fill_hover
            paint_box(painter, box, RADIUS_FIELD, fill)
        painter.setFont(self.font())
        painter.setPen(theme.ink1)
        painter.drawText(box.adjusted(6, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, self.text())

    def _on_clicked(self) -> None:
        if self.finding is not None:
            ExplanationWindow(self.finding, self.theme, self.window()).show()


class ExplanationWindow(QDialog):
    """Says what a finding means and what to try; it never blocks."""

    def __init__(self, finding: Finding, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        title = finding.trouble.value.capitalize()
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(10)
        layout.addWidget(Label(title, TITLE_PX, 600, "ink1"))
        for text in (finding.words + ".", EXPLANATIONS[finding.trouble]):
            label = Label(text)
            label.setWordWrap(True)
            label.setFixedWidth(TEXT_WIDTH)
            layout.addWidget(label)
        apply_theme_below(self, theme)
