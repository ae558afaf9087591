"""The result as a picture: one row per workload, one dot per contender, a logarithmic axis."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any
from xml.sax.saxutils import escape

from tests.benchmarks.report import number

INK, MUTED, RULE, PAPER = "#1d2433", "#5b6472", "#dfe3e8", "#ffffff"
COLOURS = {
    "tinyml": "#c4511d",
    "JAX": "#2f6db5",
    "numpy": "#3d8b63",
    "PyTorch": "#8a5aa8",
    "micrograd": "#8c8f98",
    "plain twin": "#b9bcc4",
}
WIDTH, LEFT, RIGHT, TOP, ROW = 920, 250, 30, 92, 46


def svg(rows: list[dict[str, Any]]) -> str:
    """Return the picture of a benchmark as SVG text."""
    times = [
        cell["us_per_epoch"]
        for row in rows
        for cell in row["contenders"].values()
        if cell["us_per_epoch"] is not None
    ]
    low, high = floor(log10(min(times))), ceil(log10(max(times)))
    height = TOP + ROW * len(rows) + 44
    scale = (WIDTH - LEFT - RIGHT) / (high - low)

    def x(time: float) -> float:
        return LEFT + (log10(time) - low) * scale

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" font-family="Inter, Helvetica, Arial, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{PAPER}"/>',
        _text(24, 32, "Time of one training epoch", INK, size=17, weight=600),
        _text(24, 52, "float64, one thread, further left is faster", MUTED),
    ]
    at = LEFT
    for name, colour in COLOURS.items():
        parts.append(f'<circle cx="{at}" cy="72" r="5.5" fill="{colour}"/>')
        parts.append(_text(at + 11, 76.5, name, INK))
        at += 34 + 8 * len(name)
    bottom = TOP + ROW * len(rows)
    for power in range(low, high + 1):
        gx = LEFT + (power - low) * scale
        parts.append(f'<path d="M{gx:.1f} {TOP}V{bottom}" stroke="{RULE}"/>')
        parts.append(_text(gx, bottom + 20, _time(power), MUTED, anchor="middle"))
    for k, row in enumerate(rows):
        parts += _row(row, TOP + ROW * (k + 0.5), x)
    return "\n".join([*parts, "</svg>", ""])


def _row(row: dict[str, Any], y: float, x: Any) -> list[str]:
    name, _, detail = row["workload"].partition(", ")
    parts = [_text(24, y - 1, name, INK, weight=600), _text(24, y + 15, detail, MUTED, size=12)]
    found = {
        name: cell["us_per_epoch"]
        for name, cell in row["contenders"].items()
        if cell["us_per_epoch"] is not None
    }
    ends = [x(time) for time in found.values()]
    parts.append(
        f'<path d="M{min(ends):.1f} {y}H{max(ends):.1f}" stroke="{RULE}" stroke-width="2"/>'
    )
    for contender in found:  # tinyml first: a peer at the same place stands upon its larger dot
        radius = 8 if contender == "tinyml" else 5
        colour, place = COLOURS[contender], x(found[contender])
        parts.append(
            f'<circle cx="{place:.1f}" cy="{y}" r="{radius}" fill="{colour}" stroke="{PAPER}"'
            ' stroke-width="1.5"/>'
        )
    own = found["tinyml"]
    label = f"{number(own)} µs" if own < 1000 else f"{number(own / 1000)} ms"
    parts.append(_text(x(own), y - 12, label, COLOURS["tinyml"], anchor="middle", size=12))
    return parts


def _time(power: int) -> str:
    value, unit = (
        (power, "µs") if power < 3 else ((power - 3, "ms") if power < 6 else (power - 6, "s"))
    )
    return f"{10.0**value:g} {unit}"


def _text(
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    size: int = 13,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" font-weight="{weight}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )
