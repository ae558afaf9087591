"""Points drawn by hand, and what the drawing tools do to them: pure functions, value to value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from playground.core.choices import Problem
from playground.core.own_data import OwnData, OwnForm
from playground.core.snapshot import DataView, Float64s

Ints = NDArray[np.int64]

MAX_POINTS = 5000
REACH = 6.0
"""How far from the middle points can be drawn, the half side of the map."""
SPRAY = 3
"""Points that the brush adds at each place."""
DRAWN_NAMES = ("+1", "−1")


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Drawn points.

    Attributes
    ----------
    places : (n, 2) along the map's axes; over one input the second is the target.
    classes : (n,) class numbers 0…4; all 0 where there are none.
    is_curve : whether these are samples of a curve over one input.
    """

    places: Float64s
    classes: Ints
    is_curve: bool = False

    def __len__(self) -> int:
        return len(self.places)


def blank(is_curve: bool = False) -> Sketch:
    """Return a sketch without points."""
    return Sketch(np.zeros((0, 2)), np.zeros(0, np.int64), is_curve)


def sketch_of(data: DataView, problem: Problem) -> Sketch:
    """Return the samples in force as a sketch to go on from; an empty one if they cannot be."""
    if data.n_inputs == 1:
        if problem is not Problem.REGRESSION:
            return blank()
        places = np.column_stack((data.x[:, 0], data.y))
        return Sketch(places, np.zeros(len(places), np.int64), True)
    if problem is Problem.REGRESSION or data.n_inputs != 2 or (data.low, data.high) != (-6.0, 6.0):
        return blank()
    classes = data.y if problem is Problem.MULTICLASS else (data.y <= 0.0) * 1
    return Sketch(data.x.copy(), np.asarray(classes, np.int64))


def own_data(sketch: Sketch) -> OwnData:
    """Return the points as own data: numbers over one input, else two to five classes."""
    if sketch.is_curve:
        x, y = sketch.places[:, :1], sketch.places[:, 1]
        return OwnData(x, y, ("x₁",), form=OwnForm.POINTS)
    n = int(sketch.classes.max(initial=1)) + 1
    names = DRAWN_NAMES if n == 2 else tuple(str(k + 1) for k in range(n))
    return OwnData(
        sketch.places, sketch.classes.astype(np.float64), class_names=names, form=OwnForm.POINTS
    )


def put(sketch: Sketch, x: float, y: float, number: int) -> Sketch:
    """Add a point of a class; nothing is added beyond `MAX_POINTS`."""
    return _with_points(sketch, np.array([[x, y]]), number)


def brushed(sketch: Sketch, x: float, y: float, number: int, radius: float) -> Sketch:
    """Add a few points of a class in a disc."""
    draws = np.random.default_rng(len(sketch))
    angle = draws.uniform(0.0, 2.0 * np.pi, SPRAY)
    away = radius * np.sqrt(draws.uniform(0.0, 1.0, SPRAY))
    return _with_points(
        sketch, np.column_stack((x + away * np.cos(angle), y + away * np.sin(angle))), number
    )


def _with_points(sketch: Sketch, places: Float64s, number: int) -> Sketch:
    places = _on_map(sketch, places[: max(0, MAX_POINTS - len(sketch))])
    numbers = np.full(len(places), 0 if sketch.is_curve else number)
    return replace(
        sketch,
        places=np.concatenate((sketch.places, places)),
        classes=np.concatenate((sketch.classes, numbers)),
    )


def _on_map(sketch: Sketch, places: Float64s) -> Float64s:
    clipped = np.clip(places, -REACH, REACH)
    if sketch.is_curve:  # the height is a number, and the map grows with it
        clipped[:, 1] = np.clip(places[:, 1], -100.0, 100.0)
    return clipped


def _away(sketch: Sketch, x: float, y: float, unit_y: float) -> Float64s:
    return np.hypot(sketch.places[:, 0] - x, (sketch.places[:, 1] - y) / unit_y)


def within(sketch: Sketch, x: float, y: float, radius: float, unit_y: float = 1.0) -> Ints:
    """Return the points in a disc; `unit_y` is how much of the height is as long as 1 across."""
    return np.flatnonzero(_away(sketch, x, y, unit_y) <= radius)


def nearest(sketch: Sketch, x: float, y: float, radius: float, unit_y: float = 1.0) -> Ints:
    """Return the nearest point if it is in a disc, else nothing; of equals the newest."""
    away = _away(sketch, x, y, unit_y)[::-1]
    if not len(away) or away.min() > radius:
        return np.zeros(0, np.int64)
    return np.array([len(away) - 1 - int(away.argmin())])


def inside(sketch: Sketch, x0: float, y0: float, x1: float, y1: float) -> Ints:
    """Return the points in a rectangle given by two opposite corners."""
    low, high = np.minimum((x0, y0), (x1, y1)), np.maximum((x0, y0), (x1, y1))
    return np.flatnonzero(((sketch.places >= low) & (sketch.places <= high)).all(axis=1))


def erased(sketch: Sketch, chosen: Ints) -> Sketch:
    """Take points away."""
    return replace(
        sketch,
        places=np.delete(sketch.places, chosen, axis=0),
        classes=np.delete(sketch.classes, chosen),
    )


def moved(sketch: Sketch, chosen: Ints, dx: float, dy: float) -> Sketch:
    """Shift points; they stay on the map."""
    return _with_places(sketch, chosen, sketch.places[chosen] + (dx, dy))


def jittered(sketch: Sketch, chosen: Ints, size: float, unit_y: float, turn: int) -> Sketch:
    """Shift points by chance, each its own way; `turn` makes every time another."""
    shifts = np.random.default_rng((len(sketch), turn)).uniform(-1.0, 1.0, (len(chosen), 2))
    return _with_places(sketch, chosen, sketch.places[chosen] + shifts * (size, size * unit_y))


def drawn_to(sketch: Sketch, chosen: Ints, x: float, y: float, share: float) -> Sketch:
    """Move points a share of their way to a place; a negative share pushes them away."""
    places = sketch.places[chosen]
    return _with_places(sketch, chosen, places + share * (np.array((x, y)) - places))


def _with_places(sketch: Sketch, chosen: Ints, places: Float64s) -> Sketch:
    changed = sketch.places.copy()
    changed[chosen] = _on_map(sketch, np.asarray(places, np.float64))
    return replace(sketch, places=changed)
