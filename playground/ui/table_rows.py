"""The rows of a table, edited in place, with what the network predicts for each."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.core.experiment import DatasetKind
from playground.core.snapshot import DataView, Float64s
from playground.ui.controls.base import Themed, apply_theme_below, paint_box
from playground.ui.controls.buttons import Button, IconButton
from playground.ui.controls.groups import SegmentedControl
from playground.ui.controls.number_field import NumberField
from playground.ui.theme import (
    BODY_PX,
    RADIUS_CHECK,
    RADIUS_FIELD,
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
HEAD_H, ROW_H = 22, 24
MAX_ROWS = 16
LARGEST = 1000.0
CELL_W, ANSWER_W = 44, 70


class _Head(QWidget, Themed):
    """x₁, x₂, y and ŷ over the columns."""

    def __init__(self) -> None:
        super().__init__()
        self.rescale()

    def rescale(self) -> None:
        """Set the height."""
        self.setFixedHeight(scaled(HEAD_H))

    def paintEvent(self, event: object) -> None:
        """Draw the heads and the line under them."""
        painter = QPainter(self)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(math_font(scaled(BODY_PX + 2)))
        painter.setPen(self.theme.ink3)
        cell, height = scaled(CELL_W), self.height()
        edges = [cell, 2 * cell, 3 * cell, 3 * cell + scaled(ANSWER_W)]
        for text, edge in zip(("x₁", "x₂", "y", "ŷ"), edges, strict=True):
            painter.drawText(QRectF(edge - 42, 0, 38, height), right, text)
        painter.fillRect(QRectF(0, height - 1, self.width(), 1), self.theme.line)


class _Answer(QWidget, Themed):
    """The prediction for one row: its colour and its number."""

    def __init__(self) -> None:
        super().__init__()
        self._value: float | None = None
        self.rescale()

    def rescale(self) -> None:
        """Set the size."""
        self.setFixedSize(scaled(ANSWER_W), scaled(ROW_H))

    def show_value(self, value: float | None) -> None:
        """Show a prediction on the scale 0…1, or nothing."""
        self._value = value
        self.update()

    def paintEvent(self, event: object) -> None:
        """Draw the swatch and the number."""
        if self._value is None:
            return
        painter = QPainter(self)
        theme, side = self.theme, scaled(12)
        colour = int(field_colours(np.array([2 * self._value - 1]), theme)[0])
        box = QRectF(self.width() - scaled(58), (self.height() - side) / 2, side, side)
        paint_box(painter, box, RADIUS_CHECK, QColor.fromRgb(colour), theme.line_strong)
        painter.setFont(scaled_font(BODY_PX, 500))
        painter.setPen(theme.ink1)
        text = f"{self._value:.3f}".replace("-", "\N{MINUS SIGN}")
        place = QRectF(0, 0, self.width() - 4, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


class _Row(QWidget, Themed):
    """One sample: two inputs and a target to type, the prediction, and a button that removes it."""

    edited = Signal()
    removed = Signal()
    chosen = Signal()

    def __init__(self, number: int) -> None:
        super().__init__()
        self.is_selected = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        names = (f"x₁ of row {number}", f"x₂ of row {number}", f"Target of row {number}")
        self.fields = [NumberField(name, -LARGEST, LARGEST, flat=True) for name in names]
        for field in self.fields:
            field.value_edited.connect(self.edited)
            field.installEventFilter(self)
            layout.addWidget(field)
        self.answer = _Answer()
        layout.addWidget(self.answer)
        self.remove = IconButton("close", f"Remove row {number}", 20, ink="ink3")
        self.remove.clicked.connect(self.removed)
        layout.addStretch(1)
        layout.addWidget(self.remove)
        self.setToolTip("The selected row is the sample of the graph")
        self.rescale()

    def rescale(self) -> None:
        """Set the widths of the numbers, which stand under the heads."""
        for field in self.fields:
            field.setFixedWidth(scaled(CELL_W))

    def set_selected(self, selected: bool) -> None:
        """Show whether this is the selected row."""
        if selected != self.is_selected:
            self.is_selected = selected
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select the row whose number is clicked or reached by Tab."""
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the row."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box of the selected row."""
        if self.is_selected:
            painter, theme = QPainter(self), self.theme
            box = QRectF(self.rect()).adjusted(0, 1, 0, -1)
            paint_box(painter, box, RADIUS_FIELD, theme.fill, theme.ink1, 1.5)


class TableRows(QWidget, Themed):
    """Which table, and its rows.

    Signals
    -------
    kind_chosen(object) : the `DatasetKind` of the table a person chose.
    rows_edited(object) : the rows as a person changed them, (n, 3): x₁, x₂ and the target.
    row_chosen(int) : a person selected a row.
    row_made(QWidget) : a row was needed for the first time.
    """

    kind_chosen = Signal(object)
    rows_edited = Signal(object)
    row_chosen = Signal(int)
    row_made = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers = np.zeros((0, 3))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(2)
        names = [kind.value.removesuffix("-table").upper() for kind in TABLES]
        self.choice = SegmentedControl(names, "Truth table")
        self.choice.chosen.connect(self._on_chosen)
        layout.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        self.head = _Head()
        layout.addWidget(self.head)
        self.rows: list[_Row] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(2)
        layout.addLayout(self._column)
        self.add = Button("Add row", "plus", gap=5)
        self.add.clicked.connect(self._on_add_clicked)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName("Table of samples")

    def show_kind(self, kind: DatasetKind) -> None:
        """Mark the table that is in force or was begun with."""
        if kind in TABLES:
            self.choice.set_index(TABLES.index(kind))

    def show_numbers(self, data: DataView) -> None:
        """Show the inputs and targets."""
        self._numbers = np.column_stack((data.x, data.y))[:MAX_ROWS]
        n = len(self._numbers)
        while len(self.rows) < n:
            self._make_row()
        for row, numbers in zip(self.rows, self._numbers.tolist(), strict=False):
            for field, value in zip(row.fields, numbers, strict=True):
                field.set_value(value)
            row.remove.setEnabled(n > 1)
        for k, row in enumerate(self.rows):
            row.setVisible(k < n)
            if k >= n:
                row.answer.show_value(None)
        self.add.setEnabled(n < MAX_ROWS)

    def _make_row(self) -> None:
        row = _Row(len(self.rows) + 1)
        row.edited.connect(self._on_edited)
        row.removed.connect(self._on_removed)
        row.chosen.connect(self._on_row_chosen)
        self._column.addWidget(row)
        before: QWidget | None = self.add.previousInFocusChain()
        while before is not None and before.focusPolicy() is Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        assert before is not None, "the choice above takes the focus"
        for stop in (*row.fields, row.remove):
            QWidget.setTabOrder(before, stop)
            before = stop
        row.apply_theme(self.theme)
        apply_theme_below(row, self.theme)
        self.rows.append(row)
        self.row_made.emit(row)

    def show_selected(self, index: int | None) -> None:
        """Mark the selected row, or none."""
        for k, row in enumerate(self.rows):
            row.set_selected(k == index)

    def show_predictions(self, data: DataView, predictions: Float64s) -> None:
        """Show what the network answers for the rows of `data`."""
        if len(data.y) != len(self._numbers):
            return
        lines = []
        rows = zip(self.rows, data.x, data.y, predictions, strict=False)
        for row, (x1, x2), y, prediction in rows:
            row.answer.show_value(float(prediction))
            lines.append(f"{x1:g} {x2:g}: target {y:g}, prediction {prediction:.3f}")
        self.setAccessibleDescription("; ".join(lines))

    def _on_chosen(self, index: int) -> None:
        self.kind_chosen.emit(TABLES[index])

    def _on_row_chosen(self) -> None:
        self.row_chosen.emit(next(k for k, row in enumerate(self.rows) if row is self.sender()))

    def _on_edited(self) -> None:
        rows = self.rows[: len(self._numbers)]
        self.rows_edited.emit(np.array([[f.value for f in row.fields] for row in rows]))

    def _on_removed(self) -> None:
        gone = [k for k, row in enumerate(self.rows) if row is self.sender()]
        self.rows_edited.emit(np.delete(self._numbers, gone, axis=0))

    def _on_add_clicked(self) -> None:
        self.rows_edited.emit(np.vstack((self._numbers, [0.5, 0.5, 0.5])))
