"""Which two inputs the map shows, and where it holds the others: for data of many columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.core.experiment import MAX_INPUTS, DataSpec
from playground.core.snapshot import DataView
from playground.ui.controls.base import Label, Themed
from playground.ui.controls.combo import TextCombo
from playground.ui.controls.rows import FieldRow, SliderRow
from playground.ui.controls.slider import ListScale
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import CAPTION_PX

STEPS = 100


class MapInputs(QWidget, Themed):
    """Two choices of a column, and a slider for every other column.

    Signals
    -------
    data_edited(object) : the `DataSpec` with another part of the inputs shown.
    """

    data_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = DataSpec()
        self._columns: DataView | None = None
        self.across = TextCombo("Input along the map's width")
        self.up = TextCombo("Input along the map's height")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(FieldRow("Map across", (self.across, 1), hint="Its width"))
        layout.addWidget(FieldRow("Map up", (self.up, 1), hint="Its height"))
        self.note = Label("Held on the map at", CAPTION_PX, ink="ink3")
        layout.addWidget(self.note)
        self.held: list[SliderRow] = []
        for index in range(MAX_INPUTS):
            row = SliderRow(f"Input {index + 1}", ListScale([0.0, 1.0]), -1e100, 1e100, decimals=2)
            row.value_edited.connect(self._on_held_edited)
            row.hide()
            self.held.append(row)
            layout.addWidget(row)
        self.across.index_chosen.connect(self._on_across_chosen)
        self.up.index_chosen.connect(self._on_up_chosen)

    def show_data(self, data: DataSpec, columns: DataView) -> None:
        """Show the map's inputs in `data`, whose samples are `columns`."""
        fresh = self._columns is None or columns.input_names != self._columns.input_names
        same_samples = self._data.own == data.own
        self._data, self._columns = data, columns
        if fresh:
            self.across.set_texts(columns.input_names)
            self.up.set_texts(columns.input_names)
        self.across.setCurrentIndex(data.shown[0])
        self.up.setCurrentIndex(data.shown[1])
        self.note.setVisible(columns.n_inputs > 2)
        for index, row in enumerate(self.held):
            there = index < columns.n_inputs and index not in data.shown
            row.setVisible(there)
            if not there:
                continue
            if fresh or not same_samples or row.label.text() != columns.input_names[index]:
                row.label.setText(columns.input_names[index])
                row.label.setToolTip(plain_tool_tip(columns.input_names[index]))
                numbers = columns.x[:, index] if len(columns.x) else np.zeros(1)
                ends = float(numbers.min()), float(numbers.max())
                ticks = np.linspace(*ends, STEPS + 1) if ends[1] > ends[0] else np.array(ends)
                row.slider.set_scale(ListScale(ticks.tolist()))
            row.show_value(columns.held[index])

    def _on_across_chosen(self, index: int) -> None:
        first, second = self._data.shown
        self._show((index, first if index == second else second))

    def _on_up_chosen(self, index: int) -> None:
        first, second = self._data.shown
        self._show((second if index == first else first, index))

    def _show(self, shown: tuple[int, int]) -> None:
        if shown != self._data.shown:
            self.data_edited.emit(replace(self._data, shown=shown))

    def _on_held_edited(self, value: float) -> None:
        index = next(k for k, row in enumerate(self.held) if row is self.sender())
        held = dict(self._data.held) | {index: value}
        self.data_edited.emit(replace(self._data, held=tuple(sorted(held.items()))))
