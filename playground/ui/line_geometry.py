"""The zero line of a neuron over the inputs x₁ and x₂, and what edits do to its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, hypot, isfinite, sin

from playground.core.experiment import Feature, NetworkSpec
from playground.core.snapshot import BIAS, ParameterChange, Parameters

Point = tuple[float, float]
STRAIGHT = (Feature.X1, Feature.X2)
"""The features over which a neuron's sum is 0 along a straight line."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where w₁x₁ + w₂x₂ + b is 0; the neuron's sum grows towards `normal`."""

    w1: float
    w2: float
    b: float

    @property
    def size(self) -> float:
        """The length of the weights: how steeply the sum grows across the line."""
        return hypot(self.w1, self.w2)

    @property
    def exists(self) -> bool:
        """Whether there is a line: weights that are all 0 have none."""
        return isfinite(self.size) and isfinite(self.b) and self.size > 1e-12

    @property
    def normal(self) -> Point:
        """The unit vector across the line, to the side where the sum is positive."""
        return self.w1 / self.size, self.w2 / self.size

    @property
    def direction(self) -> Point:
        """The unit vector along the line, the positive side on its right."""
        n1, n2 = self.normal
        return -n2, n1

    def value(self, point: Point) -> float:
        """Return the neuron's sum at a point."""
        return self.w1 * point[0] + self.w2 * point[1] + self.b

    def distance(self, point: Point) -> float:
        """Return how far a point is from the line, positive on the positive side."""
        return self.value(point) / self.size

    def foot(self, point: Point) -> Point:
        """Return the line's point nearest to `point`."""
        away, (n1, n2) = self.distance(point), self.normal
        return point[0] - away * n1, point[1] - away * n2

    def through(self, point: Point) -> Line:
        """Shift the line so that it passes through a point; only the bias changes."""
        return Line(self.w1, self.w2, self.b - self.value(point))

    def turned(self, pivot: Point, angle: float) -> Line:
        """Turn the weights by `angle` (radians, counter-clockwise); `pivot` keeps its sum."""
        c, s = cos(angle), sin(angle)
        turned = Line(c * self.w1 - s * self.w2, s * self.w1 + c * self.w2, 0.0)
        return Line(turned.w1, turned.w2, self.value(pivot) - turned.value(pivot))

    def steepened(self, factor: float) -> Line:
        """Make the sum grow faster or slower across the line, which stays where it is."""
        return Line(factor * self.w1, factor * self.w2, factor * self.b)

    def shift_by(self, step: Line, point: Point) -> float:
        """Return how far a small step of the parameters moves the line across `point`.

        To first order: a point p of the line goes to p + δ·normal with δ = −Δz(p) / |w|.
        """
        return -step.value(point) / self.size


def columns(network: NetworkSpec) -> tuple[int | None, int | None] | None:
    """Return where x₁ and x₂ stand in the first weights; None if another feature is in use."""
    if any(feature not in STRAIGHT for feature in network.features):
        return None
    places = [network.features.index(f) if f in network.features else None for f in STRAIGHT]
    return places[0], places[1]


def line_of(parameters: Parameters, network: NetworkSpec, index: int) -> Line | None:
    """Return the zero line of neuron `index` of the first layer, None where there is none."""
    places = columns(network)
    if places is None or index >= len(parameters.biases[0]):
        return None
    row = parameters.weights[0][index]
    w1, w2 = (0.0 if place is None else float(row[place]) for place in places)
    line = Line(w1, w2, float(parameters.biases[0][index]))
    return line if line.exists else None


def changes_for(line: Line, network: NetworkSpec, index: int) -> tuple[ParameterChange, ...]:
    """Return the weights and the bias that give neuron `index` of the first layer this line."""
    places = columns(network)
    assert places is not None
    weights = tuple(
        ParameterChange(0, index, place, value)
        for place, value in zip(places, (line.w1, line.w2), strict=True)
        if place is not None
    )
    return (*weights, ParameterChange(0, index, BIAS, line.b))
