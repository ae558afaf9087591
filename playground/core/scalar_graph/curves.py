"""The function an operation applies, as points to draw, with the tangent where it is now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from playground.core.scalar_graph.graph import ScalarGraph
from tinyml.ops import RULES, Op, domain_error

N_POINTS = 81
_REACH = 4.0
_WIDE = (
    Op.TANH,
    Op.SIGMOID,
    Op.RELU,
    Op.LEAKY_RELU,
    Op.ELU,
    Op.SOFTPLUS,
    Op.GELU,
    Op.SILU,
)


@dataclass(frozen=True, slots=True)
class Curve:
    """A function of one operand, the others held.

    Attributes
    ----------
    points : (x, y) where it is defined, left to right.
    x, y, slope : the present place, and the local derivative there.
    low, high, bottom, top : the frame.
    """

    points: tuple[tuple[float, float], ...]
    x: float
    y: float
    slope: float
    low: float
    high: float
    bottom: float
    top: float


def curve_of(graph: ScalarGraph, node: int, side: int = 0) -> Curve | None:
    """Return the operation's curve over its operand `side`; None where a number is not finite."""
    value = graph.nodes[node]
    operands = list(value.operands())
    x, y = operands[side], value.data
    slope = value.local_derivatives()[side]
    if not (isfinite(x) and isfinite(y) and isfinite(slope)):
        return None
    if value.op in _WIDE:
        low, high = min(-_REACH, x - 1.0), max(_REACH, x + 1.0)
    else:
        reach = max(1.5, 1.4 * abs(x))
        low, high = -reach, reach
    points = _points(value.op, operands, side, low, high)
    inside = [b for _, b in points] or [y]
    bottom, top = min(*inside, y), max(*inside, y)
    room = 0.08 * (top - bottom) or 1.0
    return Curve(points, x, y, slope, low, high, bottom - room, top + room)


def _points(
    op: Op, operands: list[float], side: int, low: float, high: float
) -> tuple[tuple[float, float], ...]:
    found = []
    for k in range(N_POINTS):
        x = low + (high - low) * k / (N_POINTS - 1)
        numbers = [*operands[:side], x, *operands[side + 1 :]]
        if domain_error(op, numbers[0], numbers[-1]) is None:
            y = RULES[op].forward(*numbers)
            if isfinite(y):
                found.append((x, y))
    if not found:
        return ()
    heights = sorted(y for _, y in found)
    # A pole would press everything else flat: what is far beyond the middle half is left out.
    quarter, middle, three = (heights[len(heights) * k // 4] for k in (1, 2, 3))
    reach = 6.0 * (three - quarter) + 1e-9
    return tuple([(x, y) for x, y in found if abs(y - middle) <= reach])


@lru_cache(maxsize=32)
def glyph(op: Op) -> tuple[tuple[float, float], ...]:
    """Return the little curve that stands for a function of one number, in −1…1 both ways."""
    points = [(x, RULES[op].forward(3.0 * x)) for x in [k / 10.0 for k in range(-10, 11)]]
    low, high = min(y for _, y in points), max(y for _, y in points)
    scale = high - low or 1.0
    return tuple([(x, 2.0 * (y - low) / scale - 1.0) for x, y in points])


CURVED = frozenset([*_WIDE, Op.SIN, Op.COS, Op.EXP])
"""Operations whose disc shows their curve; the others show a symbol."""


def symbol(op: Op, constant: float) -> str:
    """Return the symbol on an operation's disc."""
    if op is Op.POW_CONSTANT:
        whole = constant == int(constant)
        power = str(int(constant)) if whole else "ᶜ"
        return "x" + power.translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))
    return RULES[op].symbol
