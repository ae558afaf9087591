"""The Neuron tab: the selected neuron's weights, their gradients and its answers."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from playground.core.answers import LayerTrail
from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Snapshot
from playground.ui.controls.base import apply_theme_below
from playground.ui.controls.groups import SegmentedControl
from playground.ui.diagnostics.choice import ChoiceChip
from playground.ui.diagnostics.neuron_pages import (
    Formula,
    history_lines,
    history_names,
    neuron_formula,
    paint_formula,
    paint_history,
)
from playground.ui.labels import (
    number,
    signed,
)
from playground.ui.map_reader import Pin
from playground.ui.neuron_figures import Incoming, NeuronFigures, describe_neuron
from playground.ui.plot_chrome import (
    Left,
    PlotView,
    Right,
    draw_empty,
    draw_text,
    text_width,
)
from playground.ui.theme import BODY_PX, CAPTION_PX, DENSE_PX, TITLE_PX, Theme, ui_font

FIRST_ROW, ROW_PITCH = 57.5, 13.1


class NeuronView(PlotView):
    """Incoming weights as diverging bars with |∂L/∂w|, a histogram and three figures.

    Attributes
    ----------
    figures : what is drawn, None when no neuron is selected.
    formula, trail : the neuron's formula at a point, and its layer's past, once they are known.
    pages : which of the three is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figures: NeuronFigures | None = None
        self._neuron: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None
        self._point: tuple[float, ...] | None = None
        self._asked = NOTHING
        self.formula: Formula | None = None
        self.trail: LayerTrail | None = None
        self.pages = SegmentedControl(("Weights", "Formula", "Past"), "What of the neuron", self)
        self.pages.chosen.connect(self._on_page_chosen)
        self.past_chip = ChoiceChip("What of the neuron's past is drawn", self)
        self.past_chip.chosen.connect(self._on_past_chosen)
        self.setAccessibleName("Selected neuron")
        self.setToolTip(
            "a = f(b + Σ wᵢ aᵢ): the neuron's incoming weights wᵢ and bias b, each with the size "
            "of its gradient |∂L/∂w| in the last batch, and its answers a over the train set. "
            "Formula: the sum with its numbers at one point. Past: any of its Values over epochs."
        )

    @property
    def neuron(self) -> tuple[int, int] | None:
        """The selected neuron as (layer, index); layer 0 is the first hidden one."""
        return self._neuron

    @property
    def wanted(self) -> Focus:
        """The answers at a point, or the past of the neuron's layer."""
        if self._neuron is None or self._neuron[0] < 0 or self.pages.index == 0:
            return NOTHING
        if self.pages.index == 2:
            return Focus(trails=frozenset({self._neuron[0]}))
        point = self.point
        return NOTHING if point is None else Focus(points=frozenset({point}))

    @property
    def point(self) -> tuple[float, ...] | None:
        """Where the formula is worked out: the pinned point, else the first sample."""
        data = None if self._snapshot is None else self._snapshot.data
        if data is None or (self._point is not None and len(self._point) == data.n_inputs):
            return self._point
        return tuple(data.x[0].tolist()) if len(data.x) else None

    def twin(self) -> NeuronView:
        """Return a view of the same neuron."""
        view = NeuronView()
        view._neuron, view._point = self._neuron, self._point
        view.pages.set_index(self.pages.index)
        return view

    def show_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Show another neuron, or none."""
        self._neuron = neuron
        self._collect()
        self.arrange()
        self.wanted_changed.emit()

    def show_pin(self, pin: Pin | None) -> None:
        """Work the formula out at a pinned point."""
        self._point = None if pin is None else pin.inputs
        self.wanted_changed.emit()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the controls, too."""
        self.past_chip.apply_theme(theme)
        apply_theme_below(self, theme)
        super().apply_theme(theme)

    def arrange(self) -> None:
        """Place the controls."""
        shown = self.figures is not None and not self.exporting
        shown = shown and self.has_controls
        self.pages.setVisible(shown)
        self.pages.resize(self.pages.sizeHint())
        self.pages.move(self.width() - 16 - self.pages.width(), 5)
        self.past_chip.setVisible(shown and self.pages.index == 2)
        self.past_chip.resize(self.past_chip.sizeHint())
        self.past_chip.move(16, 32)

    def _on_page_chosen(self) -> None:
        self._collect()
        self.arrange()
        self.wanted_changed.emit()

    def _on_past_chosen(self) -> None:
        self.update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the neuron as it is in `snapshot`."""
        self._snapshot = snapshot
        self._collect()
        if self.wanted != self._asked:
            # The first sample, where the formula is worked out without a pin, was not known.
            self._asked = self.wanted
            self.wanted_changed.emit()

    def _collect(self) -> None:
        self.figures = None
        if self._snapshot is not None and self._neuron is not None:
            self.figures = describe_neuron(self._snapshot, *self._neuron)
        self.formula = self.trail = None
        if self.figures is not None and self._snapshot is not None and self._neuron is not None:
            layer, index = self._neuron
            answer = None if self.point is None else self._snapshot.answers.point(self.point)
            if answer is not None:
                self.formula = neuron_formula(self._snapshot, answer, layer, index)
            self.trail = self._snapshot.answers.trail(layer)
            names = history_names(self._snapshot, layer)
            self.past_chip.show_choices(names, min(self.past_chip.index, len(names) - 1))
        if self.pages.isHidden() == (self.figures is not None):
            self.arrange()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.enlargement
        painter.fillRect(self.rect(), self.theme.panel)
        if self.figures is None:
            area = QRectF(self.rect()).adjusted(16 * unit, 16 * unit, -16 * unit, -16 * unit)
            area.setHeight(min(area.height(), 120 * unit))
            draw_empty(painter, area, "No neuron selected", "Click a neuron in the network", self)
            return
        title = ui_font(TITLE_PX * unit, 600)
        x = 16 * unit
        x += draw_text(painter, x, 19 * unit, self.figures.name, title, self.theme.ink1)
        kind = ui_font(BODY_PX * unit)
        draw_text(painter, x + 9 * unit, 19 * unit, self.figures.activation, kind, self.theme.ink3)
        if self.pages.index == 1:
            if self.formula is not None and self.point is not None:
                where = "at ({})".format(", ".join(number(v, 2) for v in self.point[:2]))
                paint_formula(painter, self, self.formula, where)
            return
        if self.pages.index == 2:
            if self.trail is not None and self._neuron is not None:
                lines = history_lines(self.trail, self._neuron[1], self.past_chip.index)
                paint_history(painter, self, self.trail.epochs, lines)
            return
        split = round(0.549 * self.width())
        self._paint_incoming(painter, self.figures, split)
        self._paint_answers(painter, self.figures, split + 10 * unit)

    def _paint_incoming(self, painter: QPainter, figures: NeuronFigures, right: float) -> None:
        unit, theme = self.enlargement, self.theme
        caption, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
        right -= 10 * unit
        draw_text(painter, 16 * unit, 41 * unit, "Incoming weights", caption, theme.ink3)
        draw_text(painter, right, 41 * unit, "|∂L/∂w|", caption, theme.ink3, Right)
        free = self.height() - (FIRST_ROW - ROW_PITCH / 2 + 4) * unit
        most = max(2, int(free / (ROW_PITCH * unit)))
        rows, hidden = _largest(figures.incoming, most)
        pitch = min(free / (len(rows) + (hidden > 0)), 2.4 * ROW_PITCH * unit)
        if self.height() < 260:
            pitch = ROW_PITCH * unit
        track = 32 * unit
        value_right = right - track - 6 * unit
        left = 16 * unit + max(text_width(row.name, dense) for row in rows) + 8 * unit
        end = value_right - text_width("−0.00", caption) - 5 * unit
        zero = round((left + end) / 2) + 0.5
        reach = (end - left) / 2
        largest = max((abs(row.value) for row in rows if np.isfinite(row.value)), default=0.0)
        steepest = max(
            (abs(row.gradient) for row in rows if np.isfinite(row.gradient)), default=0.0
        )
        thick = min(7.5 * unit, 0.6 * pitch)
        top = FIRST_ROW * unit
        painter.setPen(QPen(theme.line_strong, 1.5 * unit))
        foot = top + (len(rows) - 0.5) * pitch
        painter.drawLine(QPointF(zero, top - pitch / 2), QPointF(zero, foot))
        for k, row in enumerate(rows):
            y = top + k * pitch
            draw_text(painter, 16 * unit, y, row.name, dense, theme.ink2)
            draw_text(painter, value_right, y, signed(row.value, 2), caption, theme.ink1, Right)
            painter.setPen(Qt.PenStyle.NoPen)
            if largest > 0 and np.isfinite(row.value):
                long = row.value / largest * reach
                painter.setBrush(theme.pos if long > 0 else theme.neg)
                bar = QRectF(min(zero, zero + long), y - thick / 2, abs(long), thick)
                painter.drawRoundedRect(bar, unit, unit)
            slot = QRectF(right - track, y - 2.5 * unit, track, 5 * unit)
            painter.setBrush(theme.fill)
            painter.drawRoundedRect(slot, 2.5 * unit, 2.5 * unit)
            if steepest > 0 and np.isfinite(row.gradient):
                slot.setWidth(max(2 * unit, abs(row.gradient) / steepest * track))
                round_ = min(2.5 * unit, slot.width() / 2)
                painter.setBrush(theme.grad)
                painter.drawRoundedRect(slot, round_, round_)
        if hidden:
            y = top + len(rows) * pitch
            draw_text(painter, 16 * unit, y, f"{hidden} smaller ones", dense, theme.ink3)

    def _paint_answers(self, painter: QPainter, figures: NeuronFigures, left: float) -> None:
        unit, theme = self.enlargement, self.theme
        caption, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
        right = self.width() - 16 * unit
        draw_text(painter, left, 41 * unit, "Activation over train set", caption, theme.ink3)
        extra = max(0.0, self.height() - 177 * unit)
        top, base = 53 * unit, round(101 * unit + 0.5 * extra)
        pitch = (right - left) / len(figures.counts)
        most = max(1, int(figures.counts.max()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ink3)
        for k, count in enumerate(figures.counts):
            if count > 0:
                tall = max(1.5, float(count) / most * (base - top))
                bar = QRectF(left + k * pitch, base - tall, 0.8 * pitch, tall)
                painter.drawRoundedRect(bar, 0.5 * unit, 0.5 * unit)
        painter.setPen(QPen(theme.line_strong, 1.0))
        painter.drawLine(QPointF(left, base + 0.5), QPointF(right, base + 0.5))
        y = base + 12.5 * unit
        draw_text(painter, left, y, _end_text(figures.low), dense, theme.ink3, Left)
        draw_text(painter, right, y, _end_text(figures.high), dense, theme.ink3, Right)
        label, value = ui_font(BODY_PX * unit), ui_font(BODY_PX * unit, 600)
        for k, (name, text) in enumerate(figures.figures):
            y = base + (28 + 17 * k) * unit
            draw_text(painter, left, y, name, label, theme.ink2)
            draw_text(painter, right, y, text, value, theme.ink1, Right)


def _largest(incoming: tuple[Incoming, ...], most: int) -> tuple[tuple[Incoming, ...], int]:
    """Return the rows that fit, in source order with the bias last, and how many are left out."""
    if len(incoming) <= most:
        return incoming, 0
    weights, bias = incoming[:-1], incoming[-1]
    # One line is the bias's and one tells how many are missing.
    kept = sorted(range(len(weights)), key=lambda k: -abs(weights[k].value))[: max(1, most - 2)]
    rows = (*(weights[k] for k in sorted(kept)), bias)
    return rows, len(incoming) - len(rows)


def _end_text(value: float) -> str:
    """Write an end of the histogram's range shortly."""
    text = number(value, 1)
    return text.removesuffix(".0").removeprefix("−") if text in ("0.0", "−0.0") else text
