"""A person's own samples: drawn points, an edited table, or columns of a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

MAX_ROWS = 20_000
MAX_COLUMNS = 16
MAX_CLASSES = 5
MAX_NAME = 64
MAX_SIZE = 1e100
"""The largest number, so that no sum or square of the app's own overflows."""

Scaling = tuple[float, float]
"""(offset, scale): the number trained on is (number in the file − offset) / scale."""


class OwnForm(StrEnum):
    """Where own samples come from, and how they are edited."""

    POINTS = "points"
    TABLE = "table"
    FILE = "file"


@dataclass(frozen=True, slots=True, eq=False)
class OwnData:
    """Samples that no generator draws; it compares and hashes by value.

    Attributes
    ----------
    x : (n, d) finite inputs as trained on; 0–20 000 rows, 1–16 columns. A read-only copy.
    y : (n,) finite targets; with classes, the number 0…k−1 of each sample's class.
    input_names : d names.
    target_name : the target's name.
    class_names : 2–5 names, of which the first of two is drawn as +1; empty if `y` are numbers.
    form : where the samples come from.
    title : what they are called, e.g. the file's name; may be empty.
    scaling : per input (offset, scale) that made `x`; empty if nothing was done.
    target_scaling : the same for `y`.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is not finite, or there is too much of something.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    input_names: tuple[str, ...] = ("x₁", "x₂")
    target_name: str = "y"
    class_names: tuple[str, ...] = ()
    form: OwnForm = OwnForm.POINTS
    title: str = ""
    scaling: tuple[Scaling, ...] = ()
    target_scaling: Scaling = (0.0, 1.0)
    _digest: int = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        x, y = (np.array(a, np.float64, order="C") for a in (self.x, self.y))
        if x.ndim != 2 or y.shape != (len(x),):
            raise ValueError(f"x must be (n, d) and y (n,), got {x.shape} and {y.shape}")
        if len(x) > MAX_ROWS:
            raise ValueError(f"there must be at most {MAX_ROWS} rows, got {len(x)}")
        if not 1 <= x.shape[1] <= MAX_COLUMNS:
            raise ValueError(f"there must be 1 to {MAX_COLUMNS} inputs, got {x.shape[1]}")
        if not ((np.abs(x) <= MAX_SIZE).all() and (np.abs(y) <= MAX_SIZE).all()):
            raise ValueError("own samples must be finite numbers, at most 1e100 in size")
        if len(self.input_names) != x.shape[1]:
            raise ValueError(f"there are {x.shape[1]} inputs, got names {self.input_names}")
        if any(len(n) > MAX_NAME for n in (*self.input_names, self.target_name, self.title)) or any(
            len(n) > MAX_NAME for n in self.class_names
        ):
            raise ValueError(f"names must have at most {MAX_NAME} characters")
        self._check_classes(y)
        self._check_scaling(x.shape[1])
        # Sums of −0 and 0 are equal, so must their bytes be.
        x += 0.0
        y += 0.0
        x.flags.writeable = y.flags.writeable = False
        object.__setattr__(self, "x", x)
        object.__setattr__(self, "y", y)
        digest = hash((x.tobytes(), y.tobytes(), x.shape, self._words()))
        object.__setattr__(self, "_digest", digest)

    def _check_classes(self, y: NDArray[np.float64]) -> None:
        n = len(self.class_names)
        if n == 0:
            return
        if not 2 <= n <= MAX_CLASSES:
            raise ValueError(f"there must be 2 to {MAX_CLASSES} classes, got {n}")
        if not np.isin(y, np.arange(n)).all():
            raise ValueError(f"classes must be numbers from 0 to {n - 1}")

    def _check_scaling(self, n_inputs: int) -> None:
        if len(self.scaling) not in (0, n_inputs):
            raise ValueError(f"scaling must be given for all {n_inputs} inputs or none")
        for offset, scale in (*self.scaling, self.target_scaling):
            if not (isfinite(offset) and isfinite(scale) and scale > 0):
                raise ValueError(f"a scale must be positive and finite, got {(offset, scale)!r}")

    def _words(self) -> tuple[object, ...]:
        return (
            self.input_names,
            self.target_name,
            self.class_names,
            self.form,
            self.title,
            self.scaling,
            self.target_scaling,
        )

    def __eq__(self, other: object) -> bool:
        """Whether all samples and words are the same."""
        if not isinstance(other, OwnData):
            return NotImplemented
        if self is other:
            return True
        return (
            self._digest == other._digest
            and self._words() == other._words()
            and np.array_equal(self.x, other.x)
            and np.array_equal(self.y, other.y)
        )

    def __hash__(self) -> int:
        """Return a number that equal data share."""
        return self._digest

    def __len__(self) -> int:
        return len(self.x)
