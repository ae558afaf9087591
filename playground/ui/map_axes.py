"""What the axes of the output map show: two inputs of the data, or one input and the output."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from playground.core.snapshot import DataView, Float32s
from playground.ui.labels import Run
from playground.ui.theme import Theme

CURVE_MARGIN = 0.25
"""What is left free above and below the samples of a curve, as a share of their range."""
LEAST_SPAN = 1e-6
NAME_LENGTH = 22
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


@dataclass(frozen=True, slots=True)
class MapAxes:
    """The ranges of the map's two axes and their names.

    Attributes
    ----------
    x, y : (low, high) along the map's width and height.
    x_name, y_name : the names as formulas.
    is_curve : whether the height is the output over one input, and not a second input.
    """

    x: tuple[float, float] = (-6.0, 6.0)
    y: tuple[float, float] = (-6.0, 6.0)
    x_name: tuple[Run, ...] = (Run("x"), Run("1", False, -1))
    y_name: tuple[Run, ...] = (Run("x"), Run("2", False, -1))
    is_curve: bool = False


def map_axes(data: DataView) -> MapAxes:
    """Return the axes of the map of `data`."""
    x = (data.low, data.high)
    if data.n_inputs == 1:
        low, high = (float(data.y.min()), float(data.y.max())) if len(data.y) else (-1.0, 1.0)
        middle, half = (low + high) / 2, max((high - low) / 2, LEAST_SPAN)
        half *= 1 + 2 * CURVE_MARGIN
        names = variable(data.input_names[0]), variable(data.target_name)
        return MapAxes(x, (middle - half, middle + half), *names, is_curve=True)
    names = (variable(data.input_names[data.shown[0]]), variable(data.input_names[data.shown[1]]))
    return MapAxes(x, x, *names)


def variable(name: str) -> tuple[Run, ...]:
    """Return a name as a formula: x₁ in italics with its index, a column's words upright."""
    stem, index = name[:1], name[1:]
    if stem.isalpha() and index and all(letter in "₀₁₂₃₄₅₆₇₈₉" for letter in index):
        return Run(stem), Run(index.translate(_SUBSCRIPTS), False, -1)
    if len(name) == 1:
        return (Run(name),)
    return (Run(name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…", False),)


def class_field(maps: Float32s, theme: Theme) -> np.ndarray:
    """Return (rows, columns, 4) uint8: every place blends towards its likeliest class.

    The blend is nothing where that class is no likelier than the others are on average, and the
    class's whole field colour where it is certain.
    """
    k = len(maps)
    winner = maps.argmax(axis=0)
    confidence = (np.take_along_axis(maps, winner[None], axis=0)[0] - 1 / k) / (1 - 1 / k)
    share = np.nan_to_num(np.clip(confidence, 0.0, 1.0))[..., None]
    ends = np.array([_channels(colour) for colour in field_colours_of_classes(theme)])
    paper = np.array(_channels(int(theme.field_table[128])))
    blended = paper + (ends[winner] - paper) * share
    image = np.full((*winner.shape, 4), 255, np.uint8)
    image[..., :3] = np.rint(blended)
    return image


def field_colours_of_classes(theme: Theme) -> tuple[int, ...]:
    """Return 0xRRGGBB of a certain class 0…4: the ends of the map's two sides, then mixtures."""
    paper = np.array(_channels(int(theme.field_table[128])))
    strength = 0.62
    further = []
    for colour in theme.classes:
        mark = np.array([colour.red(), colour.green(), colour.blue()])
        red, green, blue = np.rint(paper + (mark - paper) * strength).astype(int).tolist()
        further.append(red << 16 | green << 8 | blue)
    return int(theme.field_table[255]), int(theme.field_table[0]), *further


def _channels(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255
