"""Sets the small formulas of the graph: names with indices, fractions of ∂, local slopes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from playground.core.scalar_graph.graph import Name
from playground.ui.labels import Run, draw_formula, formula_width

_LOW = {c: str(k) for k, c in enumerate("₀₁₂₃₄₅₆₇₈₉")} | {"﹐": ","}
_HIGH = {c: str(k) for k, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")} | {"⁻": "−"}
_WORDS = (
    "tanh", "sigmoid", "ReLU", "leaky ReLU", "ELU", "softplus", "GELU", "SiLU", "exp", "log",
    "sin", "cos", "max", "min", "sign",
)  # fmt: skip


@lru_cache(maxsize=4096)
def runs_of(text: str) -> tuple[Run, ...]:
    """Return plain text as stretches of a formula: letters slanted, figures and words upright."""
    runs: list[Run] = []

    def add(part: str, italic: bool, level: int) -> None:
        if runs and runs[-1].italic == italic and runs[-1].level == level:
            runs[-1] = Run(runs[-1].text + part, italic, level)
        else:
            runs.append(Run(part, italic, level))

    k = 0
    while k < len(text):
        word = next((w for w in _WORDS if text.startswith(w, k)), "")
        if word:
            add(word, False, 0)
            k += len(word)
            continue
        c = text[k]
        if c in _LOW:
            add(_LOW[c], False, -1)
        elif c in _HIGH:
            add(_HIGH[c], False, 1)
        else:
            add(c, c.isalpha() and c != "∂", 0)
        k += 1
    return tuple(runs)


def draw_name(painter: QPainter, name: Name, start: QPointF, px: float, colour: QColor) -> None:
    """Draw a name whose baseline begins at `start`, its two indices above each other."""
    base = runs_of(name.base)
    draw_formula(painter, base, start, px, colour)
    after = start + QPointF(formula_width(base, px), 0)
    for text, level in ((name.sup, 1), (name.sub, -1)):
        if text:
            draw_formula(painter, (Run(text, False, level),), after, px, colour)


@lru_cache(maxsize=4096)
def name_width(name: Name, px: float) -> float:
    """Return how wide `draw_name` draws."""
    indices = [formula_width((Run(text, False, -1),), px) for text in (name.sup, name.sub) if text]
    return formula_width(runs_of(name.base), px) + max(indices, default=0.0)


def draw_text(painter: QPainter, text: str, start: QPointF, px: float, colour: QColor) -> float:
    """Draw a formula on a line and return its width; an index stands under an exponent."""
    x, previous, before = 0.0, 0, 0.0
    for run in runs_of(text):
        width = formula_width((run,), px)
        stacked = previous == 1 and run.level == -1
        if stacked:
            x -= before
        draw_formula(painter, (run,), start + QPointF(x, 0), px, colour)
        before = max(width, before) if stacked else width
        x += before
        previous = run.level
    return x


def text_width(text: str, px: float) -> float:
    """Return how wide `draw_text` draws."""
    x, previous, before = 0.0, 0, 0.0
    for run in runs_of(text):
        width = formula_width((run,), px)
        if previous == 1 and run.level == -1:
            x -= before
            width = max(width, before)
        x += width
        before, previous = width, run.level
    return x


def draw_centred(painter: QPainter, text: str, middle: QPointF, px: float, colour: QColor) -> None:
    """Draw a formula around `middle`, which lies on its baseline."""
    width = text_width(text, px)
    draw_text(painter, text, middle - QPointF(width / 2, 0), px, colour)


def fraction_width(below: str, px: float) -> float:
    """Return how wide ∂L over ∂`below` is."""
    top, bottom = text_width("∂L", px), text_width(f"∂{below}", px)
    return max(top, bottom) + 6.0


def draw_fraction(
    painter: QPainter, below: str, left: float, axis: float, px: float, colour: QColor
) -> float:
    """Draw ∂L over ∂`below` with its bar at the height `axis`; return its width."""
    width = fraction_width(below, px)
    middle = left + width / 2
    draw_centred(painter, "∂L", QPointF(middle, axis - 0.30 * px), px, colour)
    draw_centred(painter, f"∂{below}", QPointF(middle, axis + 0.92 * px), px, colour)
    painter.fillRect(QRectF(left, axis, width, max(1.0, px / 16)), colour)
    return width


def fitted_px(text: str, room: float, px: float, least: float = 9.0) -> float:
    """Return the size, at most `px`, at which a formula is no wider than `room`."""
    width = text_width(text, px)
    return px if width <= room else max(least, px * room / width)


ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGN_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ALIGN_CENTRE = Qt.AlignmentFlag.AlignCenter
