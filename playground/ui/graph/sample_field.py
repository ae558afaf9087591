"""The field that says which samples the graph is of, and the small window that chooses them."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.controls.base import KeepsKeys, Label, Themed, apply_theme_below, paint_box
from playground.ui.controls.buttons import Button
from playground.ui.controls.rows import SliderRow
from playground.ui.controls.slider import linear_scale
from playground.ui.graph.mathematics import draw_text, text_width
from playground.ui.icons import draw_icon
from playground.ui.theme import (
    BODY_PX,
    CONTROL_H,
    RADIUS_CARD,
    RADIUS_FIELD,
    Theme,
    scaled,
    scaled_font,
)


class SampleField(KeepsKeys, QAbstractButton, Themed):
    """A filled field: words, then a formula where it has room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words, self.formula = "", ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Samples of the graph")
        self.setToolTip("Choose a sample, a mini-batch or an expression")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.rescale()

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedHeight(scaled(CONTROL_H))
        self.updateGeometry()

    def show_choice(self, words: str, formula: str = "") -> None:
        """Show what the graph is of."""
        if (words, formula) != (self.words, self.formula):
            self.words, self.formula = words, formula
            self.setAccessibleDescription(f"{words} {formula}")
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room that words and formula need."""
        room = self.minimumSizeHint()
        if self.formula:
            room += QSize(ceil(6 + text_width(self.formula, scaled(BODY_PX + 2))), 0)
        return room

    def minimumSizeHint(self) -> QSize:
        """Return the room that the words need."""
        width = QFontMetricsF(scaled_font(BODY_PX, 500)).horizontalAdvance(self.words)
        return QSize(ceil(width) + 24 + scaled(14), scaled(CONTROL_H))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field."""
        painter = QPainter(self)
        theme = self.theme
        fill = theme.fill_hover if self.underMouse() else theme.fill
        paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, fill)
        painter.setFont(scaled_font(BODY_PX, 500))
        painter.setPen(theme.ink1)
        box = QRectF(10, 0, self.width(), self.height())
        has_room = self.width() >= self.sizeHint().width()
        words = self.words if has_room else self.words.rstrip(":")
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        if self.formula and has_room:
            left = 16 + QFontMetricsF(painter.font()).horizontalAdvance(self.words)
            start = QPointF(left, self.height() / 2 + scaled(9) / 2)
            draw_text(painter, self.formula, start, scaled(BODY_PX + 2), theme.ink1)
        side = scaled(14)
        mark = QRectF(self.width() - 7 - side, (self.height() - side) / 2, side, side)
        draw_icon(painter, "chevron-down", mark, theme.ink2)


class SampleChooser(QFrame, Themed):
    """The small window under the field.

    Signals
    -------
    samples_chosen(int, int) : the first, counted from 0, and how many.
    bench_chosen() : the expression bench is wanted.
    """

    samples_chosen = Signal(int, int)
    bench_chosen = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.rescale()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(4)
        layout.addWidget(Label("Graph of", BODY_PX, 600, "ink1"))
        self._n_train, self._most = -1, -1
        self._first: SliderRow | None = None
        self._count: SliderRow | None = None
        self._rows = QVBoxLayout()
        layout.addLayout(self._rows)
        self.hint = Label("Several samples: the mean of their losses.", ink="ink3")
        layout.addWidget(self.hint)
        layout.addSpacing(8)
        self.bench = Button("Expression bench", "graph")
        self.bench.clicked.connect(self._on_bench_clicked)
        layout.addWidget(self.bench)

    def show_samples(self, first: int, count: int, n_train: int, most: int) -> None:
        """Set the sliders, whose ends follow the training set and the size of the network."""
        if (n_train, most) != (self._n_train, self._most):
            self._n_train, self._most = n_train, most
            for row in (self._first, self._count):
                if row is not None:
                    self._rows.removeWidget(row)
                    row.deleteLater()
            self._first = self._row("Sample", n_train)
            self._count = self._row("How many", most)
        assert self._first is not None
        assert self._count is not None
        self._first.show_value(first + 1)
        self._count.show_value(count)
        apply_theme_below(self, self.theme)

    def _row(self, name: str, last: int) -> SliderRow:
        row = SliderRow(name, linear_scale(1, max(2, last), 1), 1, max(1, last), integer=True)
        row.setEnabled(last > 1)
        row.value_edited.connect(self._on_value_edited)
        self._rows.addWidget(row)
        return row

    def _on_value_edited(self) -> None:
        assert self._first is not None
        assert self._count is not None
        first, count = round(self._first.value), round(self._count.value)
        self.samples_chosen.emit(min(first, self._n_train) - 1, min(count, self._most))

    def _on_bench_clicked(self) -> None:
        self.hide()
        self.bench_chosen.emit()

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedWidth(scaled(320))

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        painter = QPainter(self)
        paint_box(
            painter, QRectF(self.rect()), RADIUS_CARD, self.theme.raised, self.theme.line_strong
        )
