"""The tokens, the typefaces, and that nothing else names a colour, a font or a style."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QRawFont

import playground
from playground.ui.fonts import load_fonts
from playground.ui.icons import app_icon, icon_pixmap
from playground.ui.theme import (
    DARK,
    LIGHT,
    Theme,
    field_colours,
    field_image,
    math_font,
    mix,
    ui_font,
)

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
UI = Path(playground.__file__).parent / "ui"


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def contrast(a: QColor, b: QColor) -> float:
    def luminance(colour: QColor) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_zero_is_the_first_stop_and_the_ends_are_the_last_ones(theme: Theme) -> None:
    zero, low, high = (int(c) for c in field_colours(np.array([0.0, -1.0, 1.0]), theme))
    expected = {"light": (0xFFFFFF, 0xF29D52, 0x5193D3), "dark": (0x1C2026, 0xD9813A, 0x4A90D2)}
    assert (zero & 0xFFFFFF, low & 0xFFFFFF, high & 0xFFFFFF) == expected[theme.name]


@BOTH
def test_field_stops_are_where_the_specification_puts_them(theme: Theme) -> None:
    stops = {"light": {0.5: 0xA9C9EB, -0.25: 0xFEE7D6}, "dark": {0.5: 0x345576, -0.25: 0x473730}}
    for value, expected in stops[theme.name].items():
        got = int(field_colours(np.array([value]), theme)[0])
        for shift in (0, 8, 16):
            assert abs((got >> shift & 255) - (expected >> shift & 255)) <= 2


def test_values_beyond_one_are_clamped_and_nan_is_zero() -> None:
    colours = field_colours(np.array([-7.0, 7.0, np.nan, np.inf]), LIGHT)
    assert colours.tolist() == field_colours(np.array([-1.0, 1.0, 0.0, 1.0]), LIGHT).tolist()


def test_row_zero_of_a_field_is_drawn_at_the_bottom() -> None:
    image = field_image(np.array([[-1.0, -1.0], [1.0, 1.0]]), LIGHT)
    assert image.pixelColor(0, 1) == QColor("#F29D52")
    assert image.pixelColor(0, 0) == QColor("#5193D3")


def test_a_field_image_survives_the_array_it_was_made_from() -> None:
    image = field_image(np.full((48, 48), -1.0), LIGHT)
    for _ in range(50):
        np.full((48, 48), 7, dtype=np.uint32)
    assert image.pixelColor(24, 24) == QColor("#F29D52")


@BOTH
def test_text_reaches_its_contrast_on_every_ground(theme: Theme) -> None:
    for ground in (theme.panel, theme.chrome, theme.fill, theme.paper, theme.raised):
        assert contrast(theme.ink1, ground) >= 12
        assert contrast(theme.ink2, ground) >= 7
        assert contrast(theme.ink3, ground) >= 4.4
    assert contrast(theme.on_ink, theme.ink1) >= 15
    assert contrast(theme.danger, theme.danger_soft) >= 5.8
    assert contrast(theme.edge, theme.panel) >= 3


def test_both_themes_define_every_token_differently() -> None:
    same = {
        token.name
        for token in fields(Theme)
        if token.name != "field_table" and getattr(LIGHT, token.name) == getattr(DARK, token.name)
    }
    assert same == set()


def test_mixing_ends_at_both_colours() -> None:
    assert mix(LIGHT.quiet, LIGHT.neg, 0.0) == LIGHT.quiet
    assert mix(LIGHT.quiet, LIGHT.neg, 1.0) == LIGHT.neg
    assert mix(LIGHT.quiet, LIGHT.neg, 0.5).alpha() == 255


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_inter_is_bundled_in_every_weight_with_the_signs_in_use(weight: int) -> None:
    font = ui_font(12, weight)
    assert QFontInfo(font).family().startswith("Inter")
    raw = QRawFont.fromFont(font)
    assert [c for c in "∂−·×₁₂²θΔ÷→–…±⁻³\u2009" if not raw.supportsCharacter(ord(c))] == []


@pytest.mark.parametrize("italic", [True, False])
def test_stix_two_is_bundled_with_the_signs_in_use(italic: bool) -> None:
    raw = QRawFont.fromFont(math_font(17, italic))
    assert raw.familyName() == "STIX Two Text"
    assert [c for c in "xw₁₂²θΔŷΣ" if not raw.supportsCharacter(ord(c))] == []


def test_figures_are_tabular() -> None:
    metrics = QFontMetrics(ui_font(18, 600))
    assert len({metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}) == 1


def test_each_typeface_comes_with_its_licence() -> None:
    folder = Path(playground.__file__).parent / "resources" / "fonts"
    for name in ("OFL-Inter.txt", "OFL-STIXTwoText.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / name).read_text(encoding="utf-8")


def test_every_icon_can_be_drawn() -> None:
    folder = Path(playground.__file__).parent / "resources" / "icons"
    for path in folder.glob("*.svg"):
        image = icon_pixmap(path.stem, LIGHT.ink1).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), path
    assert not app_icon().isNull()


def test_only_the_theme_names_colours_fonts_and_styles() -> None:
    forbidden = re.compile(
        r"#[0-9A-Fa-f]{6}\b|\bQFont\(|setStyleSheet\(|\bQColor\(\s*\d|setPixelSize|setPointSize"
    )
    offenders = [
        f"{path.relative_to(UI)}: {line.strip()}"
        for path in UI.rglob("*.py")
        if path.name not in ("theme.py", "style.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if forbidden.search(line) and "QColor(0, 0, 0" not in line
    ]
    assert offenders == []
