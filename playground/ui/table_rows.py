"""The four rows of a truth table, with what the network predicts for each."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.experiment import DatasetKind
from playground.core.snapshot import DataView, Float64s
from playground.ui.controls.base import Themed, paint_box
from playground.ui.controls.groups import SegmentedControl
from playground.ui.theme import (
    BODY_PX,
    RADIUS_CHECK,
    Theme,
    field_colours,
    math_font,
    scaled,
    scaled_font,
)

TABLES = (
    DatasetKind.XOR_TABLE,
    DatasetKind.AND_TABLE,
    DatasetKind.OR_TABLE,
    DatasetKind.NAND_TABLE,
)
HEAD_H, ROW_H = 22, 21


class _Rows(QWidget, Themed):
    """The painted table: x₁, x₂, y and ŷ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self.setAccessibleName("Truth table")
        self._data: DataView | None = None
        self._predictions: Float64s | None = None

    def rescale(self) -> None:
        """Set the height."""
        self.setFixedHeight(scaled(HEAD_H) + 4 * scaled(ROW_H))

    def show_rows(self, data: DataView, predictions: Float64s) -> None:
        """Show inputs, targets and predictions."""
        self._data, self._predictions = data, predictions
        lines = [
            f"{x1:g} {x2:g}: target {y:g}, prediction {p:.3f}"
            for (x1, x2), y, p in zip(data.x, data.y, predictions, strict=True)
        ]
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw the heads and the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.theme
        head_h, row_h, room = scaled(HEAD_H), scaled(ROW_H), scaled(60)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        edges = [self.width() * share for share in (0.16, 0.38, 0.6)] + [self.width() - 8.0]
        painter.setFont(math_font(scaled(BODY_PX + 2)))
        painter.setPen(theme.ink3)
        for text, edge in zip(("x₁", "x₂", "y", "ŷ"), edges, strict=True):
            painter.drawText(QRectF(edge - room, 0, room, head_h), right, text)
        painter.fillRect(QRectF(0, head_h - 1, self.width(), 1), theme.line)
        if self._data is None or self._predictions is None:
            return
        rows = zip(self._data.x, self._data.y, self._predictions, strict=True)
        for index, ((x1, x2), y, prediction) in enumerate(rows):
            top = head_h + index * row_h
            painter.setFont(scaled_font(BODY_PX, 500))
            painter.setPen(theme.ink2)
            for value, edge in ((x1, edges[0]), (x2, edges[1]), (y, edges[2])):
                painter.drawText(QRectF(edge - room, top, room, row_h), right, f"{value:g}")
            colour = int(field_colours(2 * self._predictions[index : index + 1] - 1, theme)[0])
            swatch = QRectF(edges[3] - room + 2, top + row_h / 2 - 6, 12, 12)
            paint_box(painter, swatch, RADIUS_CHECK, QColor.fromRgb(colour), theme.line_strong)
            painter.setPen(theme.ink1)
            text = f"{prediction:.3f}".replace("-", "\N{MINUS SIGN}")
            painter.drawText(QRectF(edges[3] - room, top, room, row_h), right, text)


class TableRows(QWidget, Themed):
    """Which table, and its rows.

    Signals
    -------
    kind_chosen(object) : the `DatasetKind` of the table a person chose.
    """

    kind_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(2)
        names = [kind.value.removesuffix("-table").upper() for kind in TABLES]
        self.choice = SegmentedControl(names, "Truth table")
        self.choice.chosen.connect(self._on_chosen)
        self.rows = _Rows()
        layout.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.rows)

    def show_kind(self, kind: DatasetKind) -> None:
        """Mark the table in force."""
        self.choice.set_index(TABLES.index(kind))

    def show_rows(self, data: DataView, predictions: Float64s) -> None:
        """Show inputs, targets and predictions."""
        self.rows.show_rows(data, predictions)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the rows."""
        super().apply_theme(theme)
        self.rows.apply_theme(theme)

    def _on_chosen(self, index: int) -> None:
        self.kind_chosen.emit(TABLES[index])
