"""Where axes are marked and how the marks are written; labels that keep their distance."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, isfinite, log10

import numpy as np

MINUS = "−"
THIN_SPACE = "\u2009"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def nice_step(span: float, intervals: int) -> float:
    """Return the smallest of 1, 2, 5 × 10ᵏ that divides `span` into at most `intervals`."""
    if not (isfinite(span) and span > 0):
        return 1.0
    raw = span / max(1, intervals)
    power = 10.0 ** floor(log10(raw))
    for factor in (1.0, 2.0, 5.0):
        if raw <= factor * power * (1 + 1e-9):
            return factor * power
    return 10.0 * power


def linear_ticks(low: float, high: float, intervals: int) -> list[float]:
    """Return round values within low…high, at most `intervals` + 1 of them."""
    step = nice_step(high - low, intervals)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten within low…high (every second, third, … if they are too many).

    A range with fewer than two of them is marked at 1, 2 and 5 times the powers instead.
    """
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    if last - first < 1:
        fine = [f * 10.0**k for k in range(first - 1, last + 1) for f in (1.0, 2.0, 5.0)]
        return [v for v in fine if low * (1 - 1e-9) <= v <= high * (1 + 1e-9)][-most:]
    step = ceil((last - first + 1) / max(2, most))
    return [10.0**k for k in range(last, first - 1, -step)][::-1]


def snap_log_range(low: float, high: float) -> tuple[float, float]:
    """Widen a positive range to steps of 1, 2, 5 × 10ᵏ, leaving room below, none above."""
    return _snap(low / 2, floor), _snap(high, ceil)


def _snap(value: float, towards: Callable[[float], int]) -> float:
    steps = np.array([1.0, 2.0, 5.0, 10.0]) * 10.0 ** floor(log10(value))
    inside = steps[steps <= value * (1 + 1e-9)] if towards is floor else steps[steps >= value]
    return float(inside[-1] if towards is floor else inside[0])


def power_text(value: float) -> str:
    """Write a tick: 1, 0.1, 0.01, 0.001, then 10⁻⁴; and 10⁴ from there up."""
    exponent = floor(log10(value) + 1e-9)
    if -3 <= exponent < 4:
        return f"{value:.{max(0, -exponent)}f}"
    factor = round(value / 10.0**exponent)
    power = "10" + str(exponent).translate(_SUPERSCRIPTS)
    return power if factor == 1 else f"{factor}×{power}"


def dense_power_text(value: float) -> str:
    """Write a power of ten where room is scarce: 1, .1, .01, 10⁻³."""
    exponent = round(log10(value))
    if -2 <= exponent < 3:
        return power_text(value).removeprefix("0")
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def plain_text(value: float, step: float) -> str:
    """Write a tick of a linear axis with the decimals its step needs and a true minus."""
    decimals = max(0, -floor(log10(step) + 1e-9))
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN_SPACE)
    return (MINUS if value < 0 and float(f"{value:.{decimals}f}") != 0 else "") + text


def spread(wanted: list[float], pitch: float, top: float, bottom: float) -> list[float]:
    """Move heights apart to at least `pitch`, each as little as the order from top allows.

    Groups of labels that would overlap are stacked around their common middle, as in a legend,
    and kept within top…bottom where there is room for all of them.
    """
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    groups: list[tuple[list[int], float]] = []
    for k in order:
        members, middle = [k], max(top, min(bottom, wanted[k]))
        while groups:
            above, its_middle = groups[-1]
            if middle - its_middle >= pitch * (len(above) + len(members)) / 2:
                break
            groups.pop()
            total = len(above) + len(members)
            middle = (its_middle * len(above) + middle * len(members)) / total
            members = above + members
            reach = pitch * (len(members) - 1) / 2
            middle = max(top + reach, min(bottom - reach, middle))
        groups.append((members, middle))
    placed = [0.0] * len(wanted)
    for members, middle in groups:
        for place, k in enumerate(members):
            placed[k] = middle + pitch * (place - (len(members) - 1) / 2)
    return placed
