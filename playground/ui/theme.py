"""Every colour, font and size of the window, as two frozen themes.

Nothing else in the app names a colour, builds a `QFont` or writes a style sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QFont, QImage

from playground.core.snapshot import Float64s

SANS_FAMILY = "Inter"
MATH_FAMILY = "STIX Two Text"

EPOCH_PX = 20
READOUT_PX = 18
TITLE_PX = 13
BODY_PX = 12
CAPTION_PX = 11
DENSE_PX = 10
MATH_PX = 17

RADIUS_CHECK = 3
RADIUS_FIELD = 6
RADIUS_BUTTON = 7
RADIUS_CARD = 8

MENU_BAR_H = 28
RUN_BAR_H = 56
STATUS_H = 30
PANE_W = 292
DOCK_H = 366
DOCK_LEAST_H = 260
LEFT_W = 252
RIGHT_W = 404
RIGHT_W_NARROW = 348
NARROW_BELOW_W = 1360
STRIP_BELOW_W = 1180
STRIP_W = 44
TOOLBAR_H = 50
PANEL_PADDING = 16
SLIDER_ROW_H = 29
FIELD_ROW_H = 33
CONTROL_H = 26
TOOLBAR_CONTROL_H = 34
SCROLL_BAR_W = 9
MINIMUM_W = 1120
MINIMUM_H = 660

_STOPS = (0.0, 0.125, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Theme:
    """The tokens of one appearance (see the interface specification, section 4).

    Attributes
    ----------
    name : "light" or "dark".
    chrome … danger_soft : colours by role; `neg` and `pos` are marks, `grad` is gradient size.
    grad_ramp : one green per layer for line plots, first layer first.
    field_table : (256,) uint32 0xAARRGGBB of the diverging map, for v = (index − 128) / 127.
    classes : mark colours of classes 3–5.
    """

    name: str
    chrome: QColor
    panel: QColor
    paper: QColor
    raised: QColor
    fill: QColor
    fill_hover: QColor
    fill_press: QColor
    line: QColor
    line_strong: QColor
    edge: QColor
    ink1: QColor
    ink2: QColor
    ink3: QColor
    ink4: QColor
    on_ink: QColor
    neg: QColor
    pos: QColor
    quiet: QColor
    grad: QColor
    grad_soft: QColor
    grad_line: QColor
    danger: QColor
    danger_soft: QColor
    shadow: QColor
    segment: QColor
    grad_ramp: tuple[QColor, QColor, QColor, QColor]
    classes: tuple[QColor, QColor, QColor]
    field_table: NDArray[np.uint32]

    @property
    def is_dark(self) -> bool:
        """Whether this is the dark theme."""
        return self.name == "dark"


def _rgb(name: str) -> tuple[int, int, int]:
    value = int(name[1:], 16)
    return value >> 16, value >> 8 & 255, value & 255


def _field_table(negative: tuple[str, ...], positive: tuple[str, ...]) -> NDArray[np.uint32]:
    """Interpolate the stops in sRGB; entry 128 is exactly zero, entries 0 and 1 are both −1."""
    values = (np.arange(256) - 128) / 127
    positions = [-p for p in reversed(_STOPS[1:])] + list(_STOPS)
    colours = np.array([_rgb(c) for c in (*reversed(negative[1:]), *positive)], dtype=float)
    table = np.full(256, 255 << 24, dtype=np.uint32)
    for channel, shift in enumerate((16, 8, 0)):
        levels = np.rint(np.interp(values, positions, colours[:, channel])).astype(np.uint32)
        table |= levels << np.uint32(shift)
    table.flags.writeable = False
    return table


def _with_alpha(name: str, alpha: float) -> QColor:
    colour = QColor(name)
    colour.setAlphaF(alpha)
    return colour


_COLOURS = {
    "chrome": ("#F3F4F6", "#0E1013"),
    "panel": ("#FAFBFC", "#16191E"),
    "paper": ("#FFFFFF", "#111418"),
    "raised": ("#FFFFFF", "#20242B"),
    "fill": ("#ECEEF1", "#23282F"),
    "fill_hover": ("#E2E5E9", "#2C323A"),
    "fill_press": ("#D5D9DF", "#363D47"),
    "line": ("#E3E6EA", "#262B32"),
    "line_strong": ("#C6CBD3", "#3A414B"),
    "edge": ("#868F9C", "#6F7885"),
    "ink1": ("#15181D", "#ECEEF1"),
    "ink2": ("#444C58", "#B7BEC8"),
    "ink3": ("#646D7A", "#8D96A3"),
    "ink4": ("#A3ABB6", "#59616D"),
    "on_ink": ("#FFFFFF", "#111418"),
    "neg": ("#BE5400", "#FFA452"),
    "pos": ("#0D5CA8", "#6DB3FF"),
    "quiet": ("#D5DAE1", "#2D333B"),
    "grad": ("#08775B", "#3CCFA4"),
    "grad_soft": ("#DDF2EA", "#12342B"),
    "grad_line": ("#8FCDB9", "#23705B"),
    "danger": ("#B3162C", "#FF7A85"),
    "danger_soft": ("#FCE8EA", "#3A1A1F"),
    "segment": ("#FFFFFF", "#363D47"),
}
"""Token to its colour in the light and in the dark theme."""


def _theme(
    name: str,
    column: int,
    shadow: QColor,
    grad_ramp: tuple[str, ...],
    classes: tuple[str, ...],
    negative: tuple[str, ...],
    positive: tuple[str, ...],
) -> Theme:
    ramp, more = [QColor(c) for c in grad_ramp], [QColor(c) for c in classes]
    return Theme(
        name=name,
        shadow=shadow,
        grad_ramp=(ramp[0], ramp[1], ramp[2], ramp[3]),
        classes=(more[0], more[1], more[2]),
        field_table=_field_table(negative, positive),
        **{token: QColor(pair[column]) for token, pair in _COLOURS.items()},
    )


LIGHT = _theme(
    "light",
    0,
    _with_alpha("#15181D", 0.14),
    ("#8ACBB6", "#3FA587", "#08775B", "#06533F"),
    ("#6B3FA0", "#8A6D00", "#A0326E"),
    ("#FFFFFF", "#FFF3EA", "#FEE7D6", "#FBCFAC", "#F7B681", "#F29D52"),
    ("#FFFFFF", "#E9F1FA", "#D4E4F5", "#A9C9EB", "#7EAEDF", "#5193D3"),
)

DARK = _theme(
    "dark",
    1,
    _with_alpha("#000000", 0.55),
    ("#1E6B55", "#2C9A7A", "#3CCFA4", "#A5F0DA"),
    ("#B794F6", "#E0C04A", "#F28CC0"),
    ("#1C2026", "#312C2B", "#473730", "#754F37", "#A6683A", "#D9813A"),
    ("#1C2026", "#222D39", "#283A4D", "#345576", "#3F72A3", "#4A90D2"),
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


TEXT_SCALES = (1.0, 1.25, 1.5, 1.75)
"""The sizes of text that the View menu offers."""
_text_scale = 1.0


def text_scale() -> float:
    """Return how much larger than usual text is drawn, 1–1.75."""
    return _text_scale


def set_text_scale(scale: float) -> None:
    """Choose the size of text; `Appearance` then has everything drawn anew."""
    global _text_scale  # one size for the whole application
    _text_scale = min(TEXT_SCALES[-1], max(TEXT_SCALES[0], scale))


def scaled(px: float) -> int:
    """Return a length that belongs to text (a row's height, a label's room) at its size now."""
    return round(px * _text_scale)


def scaled_font(px: float, weight: int = 400) -> QFont:
    """Return the font of controls and panels at the size of text now; see `ui_font`."""
    return ui_font(px * _text_scale, weight)


@lru_cache(maxsize=64)
def _sans(px: int, weight: int) -> QFont:
    font = QFont(SANS_FAMILY)
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache(maxsize=32)
def _serif(px: int, italic: bool) -> QFont:
    font = QFont([MATH_FAMILY, SANS_FAMILY])
    font.setPixelSize(px)
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def ui_font(px: float, weight: int = 400) -> QFont:
    """Return the window's sans-serif at `px` pixels, with tabular figures; weight 400–700.

    The size is that of the picture: canvas and plots enlarge themselves with the text.
    """
    return QFont(_sans(round(px), weight))


def math_font(px: float, italic: bool = True) -> QFont:
    """Return the serif for variables (x₁, w, Δw); what it lacks (∂) is drawn sans-serif."""
    return QFont(_serif(round(px), italic))


def mix(low: QColor, high: QColor, share: float) -> QColor:
    """Blend two colours in sRGB, `share` 0…1 of the second; the result is opaque."""
    share = min(1.0, max(0.0, share))
    return QColor(
        round(low.red() + (high.red() - low.red()) * share),
        round(low.green() + (high.green() - low.green()) * share),
        round(low.blue() + (high.blue() - low.blue()) * share),
    )


def field_colours(values: NDArray[np.floating], theme: Theme) -> NDArray[np.uint32]:
    """Return the ARGB colour of each value; beyond ±1 is clamped and NaN is drawn as 0."""
    clipped = np.clip(values, -1.0, 1.0)
    missing = np.isnan(clipped)
    if missing.any():
        clipped[missing] = 0.0
    colours: NDArray[np.uint32] = theme.field_table[
        np.rint(clipped * 127.0 + 128.0).astype(np.uint8)
    ]
    return colours


class FieldImage(QImage):
    """A `QImage` that keeps the array it is a view of alive."""

    def __init__(self, pixels: NDArray[np.uint32]) -> None:
        height, width = pixels.shape
        super().__init__(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        self._pixels = pixels


def field_image(values: NDArray[np.floating] | Float64s, theme: Theme) -> QImage:
    """Colour an (h, w) array of values in −1…1; row 0 is drawn at the bottom."""
    return FieldImage(np.ascontiguousarray(field_colours(values[::-1], theme)))


def field_images(values: NDArray[np.floating], theme: Theme) -> list[QImage]:
    """Colour (n, h, w) values like `field_image`, all at once, which costs as much as two."""
    colours = field_colours(values[:, ::-1], theme)
    return [FieldImage(np.ascontiguousarray(image)) for image in colours]
