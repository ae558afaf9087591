"""Is a gradient right? Compare it with the slope that two nearby function values give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan, nan

from tinyml.value import Value

STEP = 6e-6
"""About the cube root of 2⁻⁵³: rounding and truncation of a central difference meet there."""
INTERVALS = 16
"""On each side, when a kink is looked for."""


def central_difference(
    function: Callable[[], Value], value: Value, step: float | None = None
) -> float:
    """Return (f(x + h) − f(x − h))/2h for one Value x that `function` reads.

    Parameters
    ----------
    function : computes the result afresh from the Values' present data.
    value : its data is changed meanwhile, and restored.
    step : h; None is 6e-6·max(1, |x|).

    Returns
    -------
    float
        nan if the function is not defined on both sides.
    """
    h = STEP * max(1.0, abs(value.data)) if step is None else step
    high, low = value.data + h, value.data - h
    above, below = _at(function, value, high), _at(function, value, low)
    return (above - below) / (high - low)


def _at(function: Callable[[], Value], value: Value, x: float) -> float:
    before = value.data
    value.data = x
    try:
        return function().data
    except ValueError:
        return nan
    finally:
        value.data = before


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One Value's gradient beside the central difference.

    Attributes
    ----------
    name : the Value's label, or its place in the list.
    data : where it was checked.
    analytic, numeric : the gradient by `backward`, and by the central difference.
    error : their difference.
    allowed : how large it may be.
    kink : the slope jumps here, or the function ends: there is no derivative to compare with.
    """

    name: str
    data: float
    analytic: float
    numeric: float
    error: float
    allowed: float
    kink: bool

    @property
    def passed(self) -> bool:
        """Whether the two agree, or cannot be compared because of a kink."""
        return self.kink or self.error <= self.allowed

    def __str__(self) -> str:
        verdict = "kink" if self.kink else ("ok" if self.passed else "WRONG")
        return (
            f"{self.name:>12} = {self.data:<13.6g} analytic {self.analytic:<13.6g}"
            f" numeric {self.numeric:<13.6g} error {self.error:.1e}  {verdict}"
        )


@dataclass(frozen=True, slots=True)
class GradientReport:
    """All Values' checks; true in a condition if all passed, readable as text."""

    checks: tuple[GradientCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        wrong = sum(not check.passed for check in self.checks)
        kinks = sum(check.kink for check in self.checks)
        head = f"{len(self.checks)} gradients: {wrong} wrong, {kinks} at a kink"
        return "\n".join([head, *map(str, self.checks)])


def check_gradients(
    function: Callable[..., Value], values: Sequence[Value], tolerance: float = 1e-5
) -> GradientReport:
    """Compare the gradient of `function` with central differences, Value by Value.

    Parameters
    ----------
    function : called as ``function(*values)``; must compute the result afresh.
    values : leaves; their `data` and `grad` are as before when this returns.
    tolerance : error allowed, relative to the gradient's size and to the rounding error that the
        size of the result brings.

    Returns
    -------
    GradientReport
        True in a condition if all agree; ``print`` it to see the numbers.

    Examples
    --------
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> print(check_gradients(lambda a, b: a * b + b.tanh(), [a, b]))
    2 gradients: 0 wrong, 0 at a kink
               a = 2             analytic 3             numeric 3             error 0.0e+00  ok
               b = 3             analytic 2.00987       numeric 2.00987       error 7.1e-12  ok
    """
    gradients_before = [value.grad for value in values]
    for value in values:
        value.grad = 0.0
    root = function(*values)
    root.backward()
    analytic = [value.grad for value in values]
    for value, gradient in zip(values, gradients_before, strict=True):
        value.grad = gradient
    checks = []
    for k, (value, gradient) in enumerate(zip(values, analytic, strict=True)):
        numeric = central_difference(lambda: function(*values), value)
        h = STEP * max(1.0, abs(value.data))
        error = abs(gradient - numeric)
        size = max(abs(gradient), abs(numeric))
        allowed = tolerance * max(1.0, size) + 1e-15 * abs(root.data) / h
        kink = not error <= allowed and _has_kink(lambda: function(*values), value, h, allowed)
        checks.append(
            GradientCheck(
                value.label or f"value {k}", value.data, gradient, numeric, error, allowed, kink
            )
        )
    return GradientReport(tuple(checks))


def _has_kink(function: Callable[[], Value], value: Value, h: float, allowed: float) -> bool:
    """Whether the function ends within ±h, or its slope changes there in a jump.

    A smooth function's slope changes by about the same from each small interval to the next; at a
    kink nearly all of the change is at one place, in one interval or between two.
    """
    places = [value.data + h * k / INTERVALS for k in range(-INTERVALS, INTERVALS + 1)]
    heights = [_at(function, value, x) for x in places]
    if any(isnan(height) for height in heights):
        return True
    slopes = [
        (heights[k + 1] - heights[k]) / (places[k + 1] - places[k]) for k in range(2 * INTERVALS)
    ]
    change = max(slopes) - min(slopes)
    jump = max(abs(slopes[k + 2] - slopes[k]) for k in range(len(slopes) - 2))
    return change > allowed and jump > 0.5 * change
