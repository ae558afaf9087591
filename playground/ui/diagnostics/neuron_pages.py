"""The Neuron tab's further pages: the formula with numbers, and the past of its Values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from playground.core.answers import LayerTrail, PointAnswer
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.diagnostics.axes import Axes, value_range
from playground.ui.input_names import source_names
from playground.ui.labels import number, signed
from playground.ui.map_words import formula_terms, preactivation
from playground.ui.plot_chrome import PlotView, Right, draw_text, text_width
from playground.ui.theme import BODY_PX, CAPTION_PX, DENSE_PX, ui_font
from playground.ui.words import ACTIVATIONS

ROW_PITCH = 13.1
FIRST_ROW = 57.5


@dataclass(frozen=True, slots=True)
class Term:
    """One product of the sum: w·a, or the bias on its own (factor None)."""

    name: str
    weight: float
    factor: float | None
    product: float


@dataclass(frozen=True, slots=True)
class Formula:
    """A neuron at one point: z = b + Σ wᵢ·aᵢ and a = f(z).

    Attributes
    ----------
    terms : the bias, then the products, in the order in which they are added.
    """

    terms: tuple[Term, ...]
    z: float
    a: float
    activation: str


def neuron_formula(
    snapshot: Snapshot, answer: PointAnswer, layer: int, neuron: int
) -> Formula | None:
    """Return a neuron's formula at an answered point; None if the network has no such neuron."""
    if layer >= len(snapshot.layers) or neuron >= len(snapshot.layers[layer].biases):
        return None
    network = snapshot.experiment.network
    below = answer.features if layer == 0 else answer.activations[layer - 1]
    weights = snapshot.layers[layer].weights[neuron]
    sums = formula_terms(snapshot, answer, layer, neuron)
    terms = [Term("bias", sums[0], None, sums[0])]
    for name, w, a, product in zip(
        source_names(snapshot.experiment, layer), weights, below, sums[1:], strict=True
    ):
        terms.append(Term(name, float(w), float(a), product))
    kind = ACTIVATIONS[network.activations[layer]]
    activation = float(answer.activations[layer][neuron])
    return Formula(tuple(terms), preactivation(sums), activation, kind)


def paint_formula(painter: QPainter, view: PlotView, formula: Formula, where: str) -> None:
    """Draw the products as rows, and what they add up to."""
    unit, theme = view.enlargement, view.theme
    caption, dense = ui_font(CAPTION_PX * unit), ui_font(DENSE_PX * unit)
    left, right = 16 * unit, round(0.58 * view.width())
    columns = (left + 0.46 * (right - left), left + 0.7 * (right - left), right)
    for x, head in zip(columns, ("w", "× a", "= w·a"), strict=True):
        draw_text(painter, x, 41 * unit, head, caption, theme.ink3, Right)
    draw_text(painter, left, 41 * unit, "from", caption, theme.ink3)
    room = max(2, int((view.height() - (FIRST_ROW - 8) * unit) / (ROW_PITCH * unit)))
    terms = formula.terms
    rest: tuple[Term, ...] = ()
    if len(terms) > room:
        # The largest products, in their order; the others in one line.
        order = sorted(range(1, len(terms)), key=lambda k: -abs(terms[k].product))
        kept = {0, *order[: room - 2]}
        rest = tuple(term for k, term in enumerate(terms) if k not in kept)
        terms = tuple(term for k, term in enumerate(terms) if k in kept)
    y = FIRST_ROW * unit
    for term in terms:
        draw_text(painter, left, y, term.name, dense, theme.ink2)
        if term.factor is not None:
            draw_text(painter, columns[0], y, signed(term.weight, 2), dense, theme.ink2, Right)
            draw_text(painter, columns[1], y, signed(term.factor, 2), dense, theme.ink2, Right)
        draw_text(painter, columns[2], y, signed(term.product), dense, theme.ink1, Right)
        y += ROW_PITCH * unit
    if rest:
        words = f"{len(rest)} smaller ones"
        draw_text(painter, left, y, words, dense, theme.ink3)
        total = signed(sum(term.product for term in rest))
        draw_text(painter, columns[2], y, total, dense, theme.ink1, Right)
    _paint_result(painter, view, formula, where, right + 24 * unit)


def _paint_result(
    painter: QPainter, view: PlotView, formula: Formula, where: str, left: float
) -> None:
    unit, theme = view.enlargement, view.theme
    caption = ui_font(CAPTION_PX * unit)
    label, value = ui_font(BODY_PX * unit), ui_font(BODY_PX * unit, 600)
    right = view.width() - 16 * unit
    draw_text(painter, left, 41 * unit, where, caption, theme.ink3)
    rows = (
        ("z = b + Σ w·a", signed(formula.z)),
        (f"a = {formula.activation}(z)", signed(formula.a)),
    )
    for k, (name, text) in enumerate(rows):
        y = (62 + 20 * k) * unit
        if text_width(name, label) + text_width(text, value) + 8 * unit > right - left:
            name = name[0]
        draw_text(painter, left, y, name, label, theme.ink2)
        draw_text(painter, right, y, text, value, theme.ink1, Right)
    for k, hint in enumerate(("Click the map for", "another point")):
        draw_text(painter, left, (108 + 15 * k) * unit, hint, caption, theme.ink3)


def history_names(snapshot: Snapshot, layer: int) -> list[str]:
    """Return what of a neuron has a past that can be drawn."""
    sources = [*source_names(snapshot.experiment, layer), "bias"]
    values = [f"w from {name}" if name != "bias" else "bias b" for name in sources]
    gradients = [f"∂L/∂w from {name}" if name != "bias" else "∂L/∂b" for name in sources]
    size = f"Mean |∂L/∂{snapshot.experiment.gradient_of(layer)}|"
    return ["All weights", "All gradients", "Mean answer a", size, *values, *gradients]


def history_lines(trail: LayerTrail, neuron: int, choice: int) -> list[Float64s]:
    """Return the chosen (k,) lines of a neuron; `choice` counts `history_names`."""
    values, gradients = trail.values[:, neuron], trail.gradients[:, neuron]
    n = values.shape[1]
    if choice == 0:
        return list(values.T)
    if choice == 1:
        return list(gradients.T)
    if choice == 2:
        return [trail.activations[:, neuron]]
    if choice == 3:
        return [trail.neuron_gradients[:, neuron]]
    index = choice - 4
    return [values[:, index] if index < n else gradients[:, index - n]]


def paint_history(
    painter: QPainter, view: PlotView, epochs: Float64s, lines: list[Float64s]
) -> None:
    """Draw lines over the epochs, blue where positive now and orange where negative."""
    unit, theme = view.enlargement, view.theme
    area = QRectF(
        round(52 * unit),
        round(48 * unit),
        view.width() - round(72 * unit),
        view.height() - round(70 * unit),
    )
    axes = Axes(area, (0.0, max(1.0, float(epochs[-1]))), value_range(lines))
    axes.paint_grid(painter, view)
    coloured = []
    for line in lines:
        last = line[np.isfinite(line)]
        positive = bool(len(last)) and float(last[-1]) > 0
        coloured.append((line, theme.pos if positive else theme.neg, 1.6 * unit))
    axes.paint_lines(painter, epochs, coloured)
    if len(lines) == 1 and np.isfinite(lines[0][-1]):
        font = ui_font(CAPTION_PX * unit, 600)
        text = f"now {number(float(lines[0][-1]), 4)}"
        draw_text(painter, area.right(), area.top() - 8 * unit, text, font, theme.ink1, Right)
