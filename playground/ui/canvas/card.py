"""The floating card: what it says of an edge, bias, neuron or feature, where it goes, its paint."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from playground.core.experiment import Experiment, Feature
from playground.core.snapshot import Float64s
from playground.ui.canvas.geometry import INPUTS, Layout
from playground.ui.canvas.hit import Part, Target
from playground.ui.canvas.shadow import paint_box
from playground.ui.canvas.values import SATURATED_SHARE, NetworkValues, not_finite
from playground.ui.input_names import LONGEST_IN_LIST, LONGEST_IN_TITLE, column_names, input_name
from playground.ui.labels import neuron_name, number, signed, significant
from playground.ui.theme import Theme, math_font, ui_font

PADDING = 14.0
TITLE_H, ROW_H, TITLE_GAP = 16.0, 19.0, 8.0
WIDTH = 206.0
SYMBOL_X = 92.0
FIGURE_GAP = 10.0
NEAR = 46.0
"""The distance of a card from what it is about, where nothing is in the way."""
NARROW_COST = 90.0
"""How many pixels farther away the full form of a card may go before the narrow one is taken."""
STRETCH = 1.2
"""How much more than by its length a leader is disliked that crosses half the canvas."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: words, a symbol (upright part, italic part) and a figure."""

    label: str
    upright: str
    variable: str
    value: str

    @property
    def symbol_width(self) -> float:
        """How wide the symbol is."""
        upright = self.upright + "|" if self.upright.startswith("|") else self.upright
        sans, serif = QFontMetricsF(ui_font(12)), QFontMetricsF(math_font(14))
        return sans.horizontalAdvance(upright) + serif.horizontalAdvance(self.variable)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says."""

    title: str
    rows: tuple[Row, ...] = ()
    note: str = ""
    padding: float = PADDING
    """Space above and below the words."""
    is_narrow: bool = False
    """Whether the rows' words are left out, for places with little room."""
    short_title: str = ""

    @property
    def heading(self) -> str:
        """The title as it is shown."""
        return self.short_title if self.is_narrow and self.short_title else self.title

    @property
    def symbol_x(self) -> float:
        """Where the symbols begin."""
        if self.is_narrow:
            return PADDING
        font = QFontMetricsF(ui_font(12))
        widest = max((font.horizontalAdvance(row.label) for row in self.rows), default=0.0)
        return max(SYMBOL_X, PADDING + widest + FIGURE_GAP)

    @property
    def height(self) -> float:
        """The card's height."""
        rows = TITLE_GAP + ROW_H * len(self.rows) - 3 if self.rows else 0.0
        note = ROW_H if self.note else 0.0
        return 2 * self.padding + TITLE_H + rows + note

    @property
    def width(self) -> float:
        """The card's width: the usual one, more if words need it."""
        title = QFontMetricsF(ui_font(12, 600)).horizontalAdvance(self.heading)
        note = QFontMetricsF(ui_font(11)).horizontalAdvance(self.note)
        widest = max(title + 2 * PADDING, note + 2 * PADDING)
        if self.rows:
            figures = QFontMetricsF(ui_font(12, 600))
            rows = [
                self.symbol_x
                + row.symbol_width
                + FIGURE_GAP
                + figures.horizontalAdvance(row.value)
                + PADDING
                for row in self.rows
            ]
            widest = max(0.0 if self.is_narrow else WIDTH, widest, *rows)
        return float(round(widest))

    def value_rect(self, rect: QRectF, row: int = 0) -> QRectF:
        """Return where a row's figure is written on a card at `rect`."""
        top = rect.top() + self.padding + TITLE_H + TITLE_GAP + ROW_H * row - 2
        return QRectF(rect.right() - PADDING - 76, top, 82, ROW_H + 1)


def describe(target: Target, experiment: Experiment, values: NetworkValues) -> Card | None:
    """Return the card for what is under the pointer, None where there is nothing to say."""
    network = experiment.network
    n_hidden = len(network.hidden)
    if target.part is Part.TILE and target.layer == INPUTS:
        feature = tuple(Feature)[target.index]
        if feature not in network.features:
            note = "Off. Click to use it."
        elif len(network.features) == 1:
            note = "The last feature stays on."
        else:
            note = "Click to switch it off."
        title = neuron_name(INPUTS, target.index, n_hidden)
        if (words := column_names(experiment).get(feature)) is not None:
            title = f"{title} = {words}"
        return Card(title, note=note, padding=8.0)
    if target.part not in (Part.EDGE, Part.BIAS, Part.TILE):
        return None
    if not 0 <= target.layer < len(values.layers):
        return None
    layer = values.layers[target.layer]
    if layer.snapshot is None or target.index >= layer.n_known:
        return None
    data, row = layer.snapshot, target.index
    name = neuron_name(target.layer, row, n_hidden, network.n_outputs)
    short = neuron_name(target.layer, row, n_hidden, network.n_outputs, short=True)
    if target.part is Part.EDGE:
        if target.source >= len(layer.sources) or layer.sources[target.source] < 0:
            return None
        column = int(layer.sources[target.source])
        return Card(
            f"{source_name(experiment, target)} → {name}",
            (
                Row("weight", "", "w", signed(float(data.weights[row, column]))),
                Row(
                    "gradient", "∂L/∂", "w", significant(float(data.weight_gradients[row, column]))
                ),
                Row("last update", "Δ", "w", significant(float(data.weight_updates[row, column]))),
            ),
            short_title=f"{source_name(experiment, target, True)} → {short}",
        )
    if target.part is Part.BIAS:
        return Card(
            f"{name} bias",
            (
                Row("bias", "", "b", signed(float(data.biases[row]))),
                Row("gradient", "∂L/∂", "b", significant(float(data.bias_gradients[row]))),
                Row("last update", "Δ", "b", significant(float(data.bias_updates[row]))),
            ),
            short_title=f"{short} bias",
        )
    health = ""
    if not_finite(data)[row]:
        health = "Not a number any more"
    elif data.dead[row]:
        health = "Dead: 0 on every train sample"
    elif data.saturated[row] >= SATURATED_SHARE:
        health = f"Saturated on {100 * data.saturated[row]:.0f}\u2009% of the train set"
    gradient = number(float(data.neuron_gradients[row]), 4)
    rows = (
        Row("bias", "", "b", signed(float(data.biases[row]))),
        Row("gradient", "|∂L/∂", experiment.gradient_of(target.layer), gradient),
    )
    return Card(name, rows, health)


def source_name(experiment: Experiment, edge: Target, short: bool = False) -> str:
    """Return the name of the neuron, feature or column that an edge comes from."""
    network = experiment.network
    n_hidden = len(network.hidden)
    if edge.layer == 0:
        longest = LONGEST_IN_LIST if short else LONGEST_IN_TITLE
        return input_name(experiment, network.features[edge.source], longest)
    return neuron_name(edge.layer - 1, edge.source, n_hidden, short=short)


def place(
    card: Card, anchor: QPointF, layout: Layout, view: QRectF, leads: bool = True
) -> tuple[Card, QRectF]:
    """Find the nearest place for a card in which it hides no tile (or as little as possible).

    Returns the card too, without the words of its rows where that brings it much nearer. A card
    that `leads` has a line to the anchor.
    """
    obstacles = [box.rect.adjusted(-8, -8, 8, 8) for box in layout.boxes.values()]
    obstacles += [box.rect.adjusted(-52, 0, 0, 0) for box in layout.column(INPUTS).boxes]
    obstacles += [column.head for column in layout.columns]
    obstacles += [c.handle.adjusted(0, 0, 0, 8) for c in layout.columns if c.handle is not None]
    boxes = np.array([[r.left(), r.top(), r.right(), r.bottom()] for r in obstacles])
    forms = [card, replace(card, is_narrow=True)] if card.rows else [card]
    found = [(*_nearest(form, anchor, boxes, view, leads), form) for form in forms]
    _, rect, form = min(found, key=lambda one: one[0] + NARROW_COST * one[2].is_narrow)
    return form, rect


def _nearest(
    card: Card, anchor: QPointF, boxes: Float64s, view: QRectF, leads: bool
) -> tuple[float, QRectF]:
    """Return the best place of one form of a card and what it costs, in pixels."""
    width, height = card.width, card.height
    left, top = view.left() + 6, view.top() + 6
    xs = np.append(np.arange(left, view.right() - width - 6, 8.0), view.right() - width - 6)
    ys = np.append(np.arange(top, view.bottom() - height - 6, 8.0), view.bottom() - height - 6)
    x, y = (grid.ravel() for grid in np.meshgrid(np.maximum(xs, left), np.maximum(ys, top)))
    wide = np.minimum(x[:, None] + width, boxes[:, 2]) - np.maximum(x[:, None], boxes[:, 0])
    tall = np.minimum(y[:, None] + height, boxes[:, 3]) - np.maximum(y[:, None], boxes[:, 1])
    hidden = (np.maximum(wide, 0.0) * np.maximum(tall, 0.0)).sum(1)
    over_x = np.maximum(np.maximum(x - anchor.x(), anchor.x() - x - width), 0.0)
    over_y = np.maximum(np.maximum(y - anchor.y(), anchor.y() - y - height), 0.0)
    distance = np.hypot(over_x, over_y)
    off_centre = np.abs(x + width / 2 - anchor.x())
    far = STRETCH * np.maximum(0.0, distance - 3 * NEAR) if leads else 0.0
    cost = 40.0 * hidden + np.abs(distance - NEAR) + far + 0.25 * off_centre
    cost += 400.0 * (distance < 18)
    best = int(np.argmin(cost))
    rect = QRectF(round(float(x[best])), round(float(y[best])), width, height)
    return float(cost[best]), rect


def paint_leader(painter: QPainter, rect: QRectF, anchor: QPointF, theme: Theme) -> None:
    """Paint the line from the card to a ringed point."""
    start = QPointF(
        min(max(anchor.x(), rect.left() + 12), rect.right() - 12),
        min(max(anchor.y(), rect.top() + 12), rect.bottom() - 12),
    )
    if rect.left() < anchor.x() < rect.right():
        start.setX(anchor.x())
    painter.setPen(QPen(theme.ink1, 1.0))
    painter.drawLine(start, anchor)
    painter.setPen(QPen(theme.ink1, 1.5))
    painter.setBrush(theme.paper)
    painter.drawEllipse(anchor, 3.6, 3.6)


def paint_card(painter: QPainter, card: Card, rect: QRectF, theme: Theme) -> None:
    """Paint shadow, box and words of a card."""
    paint_box(painter, rect, theme)
    painter.setPen(theme.ink1)
    painter.setFont(ui_font(12, 600))
    middle = Qt.AlignmentFlag.AlignVCenter
    left, width = rect.left() + PADDING, rect.width() - 2 * PADDING
    y = rect.top() + card.padding
    painter.drawText(QRectF(left, y, width + 4, TITLE_H), middle, card.heading)
    y += TITLE_H + (TITLE_GAP if card.rows else 2.0)
    for row in card.rows:
        line = QRectF(left, y - 1, width, ROW_H - 1)
        painter.setFont(ui_font(12))
        painter.setPen(theme.ink2)
        if not card.is_narrow:
            painter.drawText(line, middle, row.label)
        painter.setPen(theme.ink3)
        _draw_symbol(painter, row, QPointF(rect.left() + card.symbol_x, line.center().y() + 4.5))
        painter.setFont(ui_font(12, 600))
        painter.setPen(theme.ink1)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, row.value)
        y += ROW_H
    if card.note:
        painter.setFont(ui_font(11))
        painter.setPen(theme.ink3)
        painter.drawText(QRectF(left, y - 2, width + 4, ROW_H), middle, card.note)


def _draw_symbol(painter: QPainter, row: Row, baseline: QPointF) -> None:
    sans, serif = ui_font(12), math_font(14)
    painter.setFont(sans)
    painter.drawText(baseline, row.upright)
    x = baseline.x() + QFontMetricsF(sans).horizontalAdvance(row.upright)
    painter.setFont(serif)
    painter.drawText(QPointF(x, baseline.y()), row.variable)
    if row.upright.startswith("|"):
        x += QFontMetricsF(serif).horizontalAdvance(row.variable)
        painter.setFont(sans)
        painter.drawText(QPointF(x, baseline.y()), "|")
