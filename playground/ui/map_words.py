"""What is read under the pointer on the output map, in words; and the pinned point's card."""

from __future__ import annotations

from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from playground.core.answers import PointAnswer
from playground.core.experiment import DataSpec, Problem
from playground.core.snapshot import DataView, Snapshot
from playground.ui.input_names import source_names
from playground.ui.labels import MINUS, layer_name, number, signed
from playground.ui.map_reader import MapReader, Pin
from playground.ui.plot_chrome import draw_text, elided, text_width
from playground.ui.theme import BODY_PX, CAPTION_PX, RADIUS_CARD, Theme, ui_font
from playground.ui.ticks import THIN_SPACE
from playground.ui.words import ACTIVATIONS

CARD_W, LINE_H, CARD_PADDING = 236.0, 16.0, 10.0
MOST_FORMULA_LINES = 3
GAP = "\u2003"


def explain_map(data: DataSpec) -> tuple[str, str]:
    """Return what is drawn on the map of the output, and what discretising it does."""
    middle = "0.5" if data.is_logical else "0"
    sides = f"Paint only the side of the output: ŷ > {middle} or ŷ ≤ {middle} (D)."
    drawn = f"The prediction ŷ(x₁, x₂) over the plane; the line is ŷ = {middle}."
    if data.n_inputs == 1:
        drawn = "The prediction ŷ as a curve over its input."
        sides = "A curve has no sides to paint."
    elif data.problem is Problem.MULTICLASS:
        drawn = "How likely each class is over the plane; on a line two are equally likely."
        sides = "Paint only the likeliest class (D)."
    points = ["Filled points are trained on, hollow ones are the test set."]
    if data.is_table:
        points = []  # all of it is trained on
    if data.problem is not Problem.REGRESSION:
        points.append("A ring marks a sample in the wrong class.")
    reading = "Point to read values, click to see a prediction's formula."
    return " ".join((drawn, *points, reading)), sides


def read_out(snapshot: Snapshot, reader: MapReader) -> str:
    """Return the line of values under the pointer; "" where there is none.

    On a sample these are its own numbers. Elsewhere they are those of the nearest pixel's centre,
    whose coordinates are written, so that they are the network's and not interpolated. Without a
    pointer they are those of the sample that another view is about.
    """
    pointer, data = reader.pointer, snapshot.data
    if pointer is None or not pointer.inside:
        marked = reader.marked
        if marked is None or marked >= len(snapshot.losses):
            return ""
        return GAP.join([f"Sample {marked + 1}", *_sample(snapshot, marked)])
    if reader.sample is not None and reader.sample < len(snapshot.losses):
        k = reader.sample
        where = "train" if k < data.n_train else "test"
        return GAP.join([_inputs(data, data.x[k].tolist()), *_sample(snapshot, k), where])
    grid = len(snapshot.output_map)
    pixel = (data.high - data.low) / grid
    column = _cell(pointer.x1, data, grid)
    x1 = data.low + (column + 0.5) * pixel
    if data.n_inputs == 1:
        value = float(snapshot.output_map[0, column])
        return f"{data.input_names[0]} {number(x1, 2)}{GAP}ŷ {signed(value)}"
    row = _cell(pointer.x2, data, grid)
    x2 = data.low + (row + 0.5) * pixel
    names = [data.input_names[k] for k in data.shown]
    place = f"{names[0]} {number(x1, 2)}{GAP}{names[1]} {number(x2, 2)}"
    if len(snapshot.class_maps):
        shares = snapshot.class_maps[:, row, column]
        best = int(shares.argmax())
        chance = f"{100 * float(shares[best]):.1f}{THIN_SPACE}%"
        return f"{place}{GAP}class {data.class_names[best]} {chance}"
    value = float(snapshot.output_map[row, column])
    if snapshot.experiment.data.is_logical:
        value = (value + 1.0) / 2.0
    return f"{place}{GAP}ŷ {signed(value)}"


def _sample(snapshot: Snapshot, k: int) -> list[str]:
    return [
        f"y {_target(snapshot, float(snapshot.data.y[k]))}",
        f"ŷ {_target(snapshot, float(snapshot.predictions[k]))}",
        f"ℓ {number(float(snapshot.losses[k]), 4)}",
    ]


def _cell(value: float, data: DataView, grid: int) -> int:
    share = (value - data.low) / (data.high - data.low)
    return int(np.clip(share * grid, 0, grid - 1))


def _inputs(data: DataView, inputs: list[float]) -> str:
    shown = data.shown[: data.n_inputs]
    return GAP.join(f"{data.input_names[k]} {number(inputs[k], 2)}" for k in shown)


def _target(snapshot: Snapshot, value: float) -> str:
    problem = snapshot.experiment.data.problem
    if not isfinite(value):
        return number(value)
    if problem is Problem.MULTICLASS:
        return snapshot.data.class_names[int(value)]
    return signed(value) if value != int(value) else signed(value, 0)


def formula_terms(snapshot: Snapshot, answer: PointAnswer, layer: int, neuron: int) -> list[float]:
    """Return bias and every wᵢ·aᵢ of a neuron at a point, in the order in which they are added."""
    below = answer.features if layer == 0 else answer.activations[layer - 1]
    numbers = snapshot.layers[layer]
    products = [float(w) * float(a) for w, a in zip(numbers.weights[neuron], below, strict=True)]
    return [float(numbers.biases[neuron]), *products]


def preactivation(terms: list[float]) -> float:
    """Return z: the terms added one after the other, as the scalar graph does."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def describe_point(snapshot: Snapshot, pin: Pin, answer: PointAnswer) -> list[tuple[str, bool]]:
    """Return the lines of the pinned point's card, and whether each is a title."""
    data = snapshot.data
    sample = pin.sample if pin.sample is not None and pin.sample < len(snapshot.losses) else None
    title = "Prediction here"
    if sample is not None:
        kind = "Train" if sample < data.n_train else "Test"
        title = f"{kind} sample {sample + 1}"
    lines = [(title, True), (_inputs(data, list(pin.inputs)), False)]
    outputs = answer.activations[-1]
    several = len(outputs) > 1
    if several:
        powers = np.exp(outputs - outputs.max())
        for name, share, z in zip(data.class_names, powers / powers.sum(), outputs, strict=False):
            words = f"class {name} {100 * float(share):.1f}{THIN_SPACE}%{GAP}z {signed(float(z))}"
            lines.append((words, False))
    else:
        words = f"ŷ {signed(answer.prediction)}"
        if snapshot.experiment.data.problem is Problem.CLASSIFICATION and data.class_names:
            middle = 0.5 if snapshot.experiment.data.is_logical else 0.0
            words += f"{GAP}class {data.class_names[0 if answer.prediction > middle else 1]}"
        lines.append((words, True))
    if sample is not None:
        target = _target(snapshot, float(data.y[sample]))
        loss = number(float(snapshot.losses[sample]), 4)
        lines.append((f"target y {target}{GAP}loss ℓ {loss}", False))
    if not several:
        lines += [(line, False) for line in _formula(snapshot, answer)]
    return lines


def _formula(snapshot: Snapshot, answer: PointAnswer) -> list[str]:
    """Return the output neuron's formula with its numbers, in lines of a card's width."""
    network = snapshot.experiment.network
    layer = len(network.hidden)
    below = answer.features if layer == 0 else answer.activations[layer - 1]
    numbers = snapshot.layers[layer]
    z = preactivation(formula_terms(snapshot, answer, layer, 0))
    words = [f"z = {number(float(numbers.biases[0]), 2)}"]
    for w, a in zip(numbers.weights[0], below, strict=True):
        sign = MINUS if w < 0 else "+"
        factor = number(float(a), 2)
        factor = f"({factor})" if factor.startswith(MINUS) else factor
        words.append(f"{sign} {number(abs(float(w)), 2)}·{factor}")
    words.append(f"= {number(z)}")
    font = ui_font(CAPTION_PX)
    lines = _wrapped(words, font, CARD_W - 2 * CARD_PADDING)
    if len(lines) > MOST_FORMULA_LINES:
        names = source_names(snapshot.experiment, layer)
        short = layer_name(layer - 1, layer, short=True) if layer else "inputs"
        lines = [f"z = b + Σ wᵢ·aᵢ over {len(names)} of {short} = {number(z)}"]
    kind = ACTIVATIONS[network.output_activation]
    output = number(float(answer.activations[-1][0]))
    return [*lines, f"a = {kind}(z) = {output}"]


def _wrapped(words: list[str], font: QFont, width: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if text_width(longer, font) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def paint_card(
    painter: QPainter,
    area: QRectF,
    at: QPointF,
    lines: list[tuple[str, bool]],
    unit: float,
    theme: Theme,
) -> None:
    """Draw the card in a corner of the map that is away from the pinned point."""
    width = min(CARD_W * unit, area.width() - 16 * unit)
    height = (len(lines) * LINE_H + 2 * CARD_PADDING - 2) * unit
    on_top = at.y() > area.center().y()
    on_left = at.x() > area.center().x()
    margin = 8 * unit
    left = area.left() + margin if on_left else area.right() - margin - width
    top = area.top() + margin if on_top else area.bottom() - margin - height
    card = QRectF(left, top, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.line_strong, 1.0))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(card, RADIUS_CARD, RADIUS_CARD)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setClipRect(card.adjusted(2, 2, -CARD_PADDING * unit / 2, -2))
    y = top + (CARD_PADDING + LINE_H / 2 - 1) * unit
    room = width - 1.5 * CARD_PADDING * unit
    for text, is_title in lines:
        font = ui_font(BODY_PX * unit, 600) if is_title else ui_font(CAPTION_PX * unit)
        ink = theme.ink1 if is_title else theme.ink2
        draw_text(painter, left + CARD_PADDING * unit, y, elided(text, font, room), font, ink)
        y += LINE_H * unit
    painter.restore()
