"""Words and numbers of the canvas: names of layers, activations, features; signed figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import floor, isfinite, log10

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from playground.core.experiment import MAX_INPUTS, Activation, Feature
from playground.ui.canvas.geometry import INPUTS
from playground.ui.theme import math_font
from playground.ui.words import ACTIVATIONS

MINUS = "−"
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FURTHER = {k: Feature(f"x{k}") for k in range(3, MAX_INPUTS + 1)}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

SHORT_ACTIVATIONS = {**ACTIVATIONS, Activation.LEAKY_RELU: "leaky"}

FEATURE_WORDS = {
    Feature.X1: "x₁",
    Feature.X2: "x₂",
    Feature.X1_SQUARED: "x₁²",
    Feature.X2_SQUARED: "x₂²",
    Feature.X1_X2: "x₁x₂",
    Feature.SIN_X1: "sin x₁",
    Feature.SIN_X2: "sin x₂",
    Feature.COS_X1: "cos x₁",
    Feature.COS_X2: "cos x₂",
    **{feature: f"x{k}".translate(_SUBSCRIPTS) for k, feature in _FURTHER.items()},
}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a formula: upright or italic, on the line, below (−1) or above (+1) it."""

    text: str
    italic: bool = True
    level: int = 0


def _variable(name: str, index: str) -> tuple[Run, ...]:
    return Run(name), Run(index, False, -1)


_X1, _X2 = _variable("x", "1"), _variable("x", "2")
_SIN, _COS = Run("sin ", False), Run("cos ", False)
_SQUARE = Run("2", False, 1)

FEATURE_RUNS: dict[Feature, tuple[Run, ...]] = {
    Feature.X1: _X1,
    Feature.X2: _X2,
    Feature.X1_SQUARED: (*_X1, _SQUARE),
    Feature.X2_SQUARED: (*_X2, _SQUARE),
    Feature.X1_X2: (*_X1, *_X2),
    Feature.SIN_X1: (_SIN, *_X1),
    Feature.SIN_X2: (_SIN, *_X2),
    Feature.COS_X1: (_COS, *_X1),
    Feature.COS_X2: (_COS, *_X2),
    **{feature: _variable("x", str(k)) for k, feature in _FURTHER.items()},
}


def _run_font(run: Run, px: float) -> tuple[float, float]:
    """Return the size of a run and how far its baseline is shifted down."""
    return (px, 0.0) if run.level == 0 else (0.64 * px, 0.17 * px if run.level < 0 else -0.36 * px)


def formula_width(runs: tuple[Run, ...], px: float) -> float:
    """Return the width of a formula set at `px` pixels."""
    return sum(_run_width(run, px) for run in runs)


@lru_cache(maxsize=1024)
def _run_width(run: Run, px: float) -> float:
    font = math_font(_run_font(run, px)[0], run.italic)
    return QFontMetricsF(font).horizontalAdvance(run.text)


def draw_formula(
    painter: QPainter, runs: tuple[Run, ...], start: QPointF, px: float, colour: QColor
) -> None:
    """Set a formula whose baseline begins at `start`."""
    painter.setPen(colour)
    x = start.x()
    for run in runs:
        size, shift = _run_font(run, px)
        painter.setFont(math_font(size, run.italic))
        painter.drawText(QPointF(x, start.y() + shift), run.text)
        x += _run_width(run, px)


def layer_name(layer: int, n_hidden: int, short: bool = False) -> str:
    """Return "Inputs", "Hidden 2" or "Output"."""
    if layer == INPUTS:
        return "In" if short else "Inputs"
    if layer == n_hidden:
        return "Out" if short else "Output"
    return f"H{layer + 1}" if short else f"Hidden {layer + 1}"


def neuron_name(
    layer: int, index: int, n_hidden: int, n_outputs: int = 1, short: bool = False
) -> str:
    """Return "Hidden 2 · 3" (short: "H2 · 3"), "Output" or a feature's symbol."""
    if layer == INPUTS:
        return FEATURE_WORDS[tuple(Feature)[index]]
    name = layer_name(layer, n_hidden, short)
    return name if layer == n_hidden and n_outputs == 1 else f"{name} · {index + 1}"


def number(value: float, decimals: int = 3) -> str:
    """Write a figure with fixed decimals and a true minus; powers of ten outside 10⁻⁴…10⁴."""
    if not isfinite(value):
        return "NaN" if value != value else ("∞" if value > 0 else MINUS + "∞")
    size = abs(value)
    if size != 0 and not 1e-4 <= size < 1e4:
        exponent = floor(log10(size))
        digits = f"{size / 10.0**exponent:.1f}"
        if digits == "10.0":
            digits, exponent = "1.0", exponent + 1
        text = f"{digits}×10{str(exponent).translate(_SUPERSCRIPTS)}"
    else:
        text = f"{size:.{decimals}f}"
    return (MINUS if value < 0 else "") + text


def signed(value: float, decimals: int = 3) -> str:
    """Write a figure like `number`, with its sign always shown."""
    text = number(value, decimals)
    return text if text[0] in (MINUS, "N") else "+" + text


def significant(value: float) -> str:
    """Write a small quantity (a gradient, an update) with its sign and two leading digits."""
    if not isfinite(value) or value == 0:
        return signed(value, 4) if value else "0"
    decimals = min(6, max(3, 1 - floor(log10(abs(value)))))
    return signed(value, decimals)


def legend_figure(value: float) -> str:
    """Write the end of the edge legend: two leading digits, without sign."""
    if not isfinite(value) or value <= 0:
        return "0"
    return number(value, max(0, 1 - floor(log10(value))) if value < 10 else 0)


def counted(count: int, noun: str) -> str:
    """Write "1 neuron", "1 200 neurons"."""
    figure = f"{count:,}".replace(",", "\N{THIN SPACE}")
    return f"{figure} {noun}" if count == 1 else f"{figure} {noun}s"


def duration(seconds: float) -> str:
    """Write a time with as few digits as an estimate deserves: "0.3 ms", "12 ms", "1.5 s"."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        figure = seconds / size
        if figure >= 0.0995 or unit == "µs":
            digits = 0 if figure >= (10 if unit == "s" else 1) else 1
            rounded = round(figure, 1 - floor(log10(figure))) if figure >= 10 else figure
            return f"{rounded:,.{digits}f}\N{THIN SPACE}{unit}".replace(",", "\N{THIN SPACE}")
    raise AssertionError("the last unit takes everything")
