"""Which samples an experiment has: a generator's, a table's, or a person's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Self

from playground.core.choices import DatasetKind, Problem
from playground.core.own_data import MAX_CLASSES, OwnData, OwnForm

MAX_SAMPLES = 20_000


def require(condition: bool, message: str) -> None:
    """Raise ValueError with a message unless the condition holds."""
    if not condition:
        raise ValueError(message)


def require_range(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless a number is finite and in its range."""
    require(
        isfinite(value) and low <= value <= high,
        f"{name} must be between {low:g} and {high:g}, got {value!r}",
    )


@dataclass(frozen=True, slots=True)
class DataSpec:
    """Which samples there are, and which part of the input space the maps show.

    Attributes
    ----------
    kind : the generator or table; where there are own data, what to go back to.
    n_samples : how many samples are drawn, 4–5000; tables and own data ignore it.
    noise : 0–0.5, as the reference's slider divided by 100; tables and own data ignore it.
    train_share : 0.1–1, the part of the samples that is trained on; tables train on all.
    seed : the draw; *Regenerate* changes it and nothing else.
    balance : 0.1–0.9, the share of class +1 among samples of two classes; 0.5 is as drawn.
    n_classes : 3–5, how many classes the generators of several classes draw.
    own : samples that take the place of the generator's.
    shown : the two inputs that span the maps (data of one input have only the first).
    held : (input, value) of inputs that the maps hold at a value other than their mean.
    """

    kind: DatasetKind = DatasetKind.CIRCLE
    n_samples: int = 500
    noise: float = 0.0
    train_share: float = 0.5
    seed: int = 0
    balance: float = 0.5
    n_classes: int = 3
    own: OwnData | None = None
    shown: tuple[int, int] = (0, 1)
    held: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        require_range("n_samples", self.n_samples, 4, MAX_SAMPLES)
        require_range("noise", self.noise, 0.0, 0.5)
        require_range("train_share", self.train_share, 0.1, 1.0)
        require_range("data seed", self.seed, 0, 2**32 - 1)
        require_range("balance", self.balance, 0.1, 0.9)
        require_range("n_classes", self.n_classes, 3, MAX_CLASSES)
        last = max(2, self.n_inputs)
        require(
            len(set(self.shown)) == 2 and all(0 <= k < last for k in self.shown),
            f"shown must be two different inputs of {last}, got {self.shown!r}",
        )
        for index, value in self.held:
            require(
                0 <= index < self.n_inputs and isfinite(value),
                f"held must be inputs and finite values, got {(index, value)!r}",
            )

    @property
    def problem(self) -> Problem:
        """What there is to learn from these samples."""
        if self.own is None:
            return self.kind.problem
        if self.own.class_names:
            return Problem.CLASSIFICATION if len(self.own.class_names) == 2 else Problem.MULTICLASS
        return Problem.CLASSIFICATION if self.is_logical else Problem.REGRESSION

    @property
    def name(self) -> str:
        """What the samples are called where plain letters are due, e.g. in a file's name."""
        return self.kind.value if self.own is None else self.own.form.value

    @property
    def is_table(self) -> bool:
        """Whether these are rows to be edited one by one: no noise, no test set."""
        return self.kind.is_table if self.own is None else self.own.form is OwnForm.TABLE

    @property
    def is_logical(self) -> bool:
        """Whether the targets are the truth values 0 and 1 of a table."""
        if self.own is None:
            return self.kind.is_table
        return self.is_table and bool(((self.own.y == 0.0) | (self.own.y == 1.0)).all())

    @property
    def n_inputs(self) -> int:
        """Numbers that each sample has as inputs, 1–16."""
        if self.own is not None:
            return int(self.own.x.shape[1])
        return 1 if self.kind.is_curve else 2

    @property
    def n_outputs(self) -> int:
        """Output neurons that learning these samples takes: 1, or the number of classes 3–5."""
        if self.problem is not Problem.MULTICLASS:
            return 1
        return self.n_classes if self.own is None else len(self.own.class_names)

    @property
    def is_drawn(self) -> bool:
        """Whether the samples are drawn by a generator, which noise and number then govern."""
        return self.own is None and not self.kind.is_table

    def without_view(self) -> Self:
        """Return what decides the samples, whatever part of the input space is shown."""
        return replace(self, shown=(0, 1), held=())

    def of_kind(self, kind: DatasetKind) -> Self:
        """Return the samples of a generator or table, own data put away."""
        return replace(self, kind=kind, own=None, shown=(0, 1), held=())
