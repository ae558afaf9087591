"""From the cells of a CSV file to own data: what columns hold, and what is made of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from playground.core.csv_format import SET, CsvError, Decimal, parse_number
from playground.core.csv_labels import LONGEST_NAME, is_cut, label_of
from playground.core.csv_text import Table
from playground.core.own_data import MAX_CLASSES, MAX_COLUMNS, OwnData, OwnForm, Scaling

Float64s = NDArray[np.float64]

NAMED_ROWS = 5
MANY_LABELS = 50
CUT = f"cut at {LONGEST_NAME} characters"


class Missing(StrEnum):
    """What becomes of rows with a cell that has no number where one is needed."""

    DROP = "drop"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one column, over the rows that are kept.

    Attributes
    ----------
    name : its name.
    n_numbers, n_blank, n_other : cells that are numbers, are empty, are anything else.
    odd_rows : numbers of the first rows whose cell is no number.
    labels : different texts, most frequent first, cut at 64 characters; empty if there are more
        than 50.
    low, high, mean, deviation : of the numbers; 0 if there are none.
    n_cut : cells that are longer than their label.
    cut_rows : numbers of the first rows with such a cell.
    """

    name: str
    n_numbers: int
    n_blank: int
    n_other: int
    odd_rows: tuple[int, ...]
    labels: tuple[str, ...]
    low: float
    high: float
    mean: float
    deviation: float
    n_cut: int
    cut_rows: tuple[int, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether most of its cells that are not empty are numbers."""
        return self.n_numbers > 0 and self.n_numbers >= self.n_other

    @property
    def is_constant(self) -> bool:
        """Whether all its numbers are the same."""
        return self.is_numeric and self.low == self.high

    @property
    def can_be_classes(self) -> bool:
        """Whether it has two to five different texts."""
        return 2 <= len(self.labels) <= MAX_CLASSES


@dataclass(frozen=True, slots=True)
class Choice:
    """What to make of a table: columns by number, and the rules.

    Attributes
    ----------
    inputs : 1–16 columns.
    target : a column that is none of them.
    classes : whether the target's values are classes, or else numbers.
    standardise : whether inputs become (x − mean) / deviation, and number targets are brought to
        −1…1.
    missing : what becomes of rows with cells without a number.
    """

    inputs: tuple[int, ...]
    target: int
    classes: bool
    standardise: bool = True
    missing: Missing = Missing.DROP


@dataclass(frozen=True, slots=True)
class Imported:
    """Own data made from a file, and what was done to get them.

    Attributes
    ----------
    own : the samples.
    n_dropped : rows left out.
    n_filled : cells that got their column's mean.
    notes : sentences that name rows and columns.
    """

    own: OwnData
    n_dropped: int
    n_filled: int
    notes: tuple[str, ...]


def describe_columns(table: Table) -> tuple[Column, ...]:
    """Return what every column holds."""
    decimal = table.format.decimal or Decimal.POINT
    return tuple(
        _column(name, [row[k] for row in table.rows], table.numbers, decimal)
        for k, name in enumerate(table.names)
    )


def _column(name: str, cells: list[str], rows: list[int], decimal: Decimal) -> Column:
    numbers: list[float] = []
    odd: list[int] = []
    labels: Counter[str] = Counter()
    n_blank = 0
    for cell, row in zip(cells, rows, strict=True):
        value = parse_number(cell, decimal)
        if value is not None:
            numbers.append(value)
        else:
            n_blank += not cell.strip()
            if len(odd) < NAMED_ROWS:
                odd.append(row)
        if len(labels) <= MANY_LABELS and cell.strip():
            labels[label_of(cell)] += 1
    array = np.array(numbers or [0.0])
    cut = _cut_rows(cells, rows)
    return Column(
        name,
        len(numbers),
        n_blank,
        len(cells) - len(numbers) - n_blank,
        tuple(odd),
        tuple(label for label, _ in labels.most_common()) if len(labels) <= MANY_LABELS else (),
        float(array.min()),
        float(array.max()),
        *_mean_and_deviation(array),
        len(cut),
        tuple(cut[:NAMED_ROWS]),
    )


def _cut_rows(cells: list[str], rows: list[int]) -> list[int]:
    return [row for cell, row in zip(cells, rows, strict=True) if is_cut(cell)]


def _mean_and_deviation(numbers: Float64s) -> tuple[float, float]:
    return float(numbers.mean()), float(numbers.std())


def first_choice(columns: tuple[Column, ...]) -> Choice:
    """Return a likely choice: the last column that can be a target, and numbers as inputs.

    The set that a sample belongs to, which the export of samples writes last, is a target only if
    there is no other.

    Raises
    ------
    CsvError
        If no column can be an input beside another that can be the target.
    """
    numeric = [k for k, column in enumerate(columns) if column.is_numeric]
    targets = [k for k, column in enumerate(columns) if column.can_be_classes or column.is_numeric]
    for target in sorted(targets, key=lambda k: (_is_set(columns[k]), -k)):
        inputs = tuple(k for k in numeric if k != target and not columns[k].is_constant)
        inputs = inputs or tuple(k for k in numeric if k != target)
        if inputs:
            classes = columns[target].can_be_classes
            return Choice(inputs[:MAX_COLUMNS], target, classes)
    raise CsvError(
        "There must be a column of numbers as input, and another column as target:"
        " numbers, or two to five classes."
    )


def _is_set(column: Column) -> bool:
    return column.name == SET and {"train", "test"}.issuperset(column.labels)


def make_own_data(table: Table, choice: Choice, title: str = "") -> Imported:
    """Return own data from the chosen columns.

    Raises
    ------
    CsvError
        If the choice does not fit the table, or too few rows are left.
    """
    columns = range(len(table.names))
    if not 1 <= len(choice.inputs) <= MAX_COLUMNS:
        raise CsvError(f"Choose 1 to {MAX_COLUMNS} inputs, not {len(choice.inputs)}.")
    if choice.target in choice.inputs or len(set(choice.inputs)) != len(choice.inputs):
        raise CsvError("The target cannot be an input too.")
    if any(k not in columns for k in (*choice.inputs, choice.target)):
        raise CsvError("A chosen column is not in the file.")
    decimal = table.format.decimal or Decimal.POINT
    x = np.column_stack([_numbers(table, k, decimal) for k in choice.inputs])
    labels: list[str] = []
    if choice.classes:
        labels = [label_of(row[choice.target]) for row in table.rows]
        usable = np.array([bool(label) for label in labels])
        y = np.zeros(len(labels))
    else:
        y = _numbers(table, choice.target, decimal)
        usable = np.isfinite(y)
    unknown = ~np.isfinite(x)
    kept = usable & ~unknown.any(axis=1) if choice.missing is Missing.DROP else usable
    notes = _notes(table, choice, unknown, usable)
    if kept.sum() < 2:
        raise CsvError(f"Only {_rows(int(kept.sum()))} can be used: at least 2 are needed.")
    n_filled = 0
    if choice.missing is Missing.MEAN:
        n_filled = _fill(x, unknown, kept, table, choice)
    x, y = x[kept], y[kept]
    names: tuple[str, ...] = ()
    if choice.classes:
        names, y = _classes([label for label, keep in zip(labels, kept, strict=True) if keep])
    scaling: tuple[Scaling, ...] = ()
    target_scaling: Scaling = (0.0, 1.0)
    if choice.standardise:
        scaling = tuple(_standard(x[:, k]) for k in range(x.shape[1]))
        x = (x - [offset for offset, _ in scaling]) / [scale for _, scale in scaling]
        constant = [table.names[k] for k, s in zip(choice.inputs, x.T, strict=True) if not s.any()]
        if not choice.classes:
            target_scaling = _spanned(y)
            y = (y - target_scaling[0]) / target_scaling[1]
            constant += [] if y.any() else [table.names[choice.target]]
        notes += tuple(f"“{name}” is the same in all rows: its scale is 1." for name in constant)
    own = OwnData(
        x,
        y,
        tuple(table.names[k] for k in choice.inputs),
        table.names[choice.target],
        names,
        OwnForm.FILE,
        title,
        scaling,
        target_scaling,
    )
    return Imported(own, int((~kept).sum()), n_filled, notes)


def _numbers(table: Table, k: int, decimal: Decimal) -> Float64s:
    values = (parse_number(row[k], decimal) for row in table.rows)
    return np.array([np.nan if value is None else value for value in values])


def _fill(
    x: Float64s, unknown: NDArray[np.bool_], kept: NDArray[np.bool_], table: Table, choice: Choice
) -> int:
    """Put each column's mean where it has no number; return how often."""
    for k, column in enumerate(choice.inputs):
        known = x[~unknown[:, k], k]
        if not len(known):
            raise CsvError(f"“{table.names[column]}” has no number at all.")
        x[unknown[:, k], k] = known.mean()
    return int(unknown[kept].sum())


def _notes(
    table: Table, choice: Choice, unknown: NDArray[np.bool_], usable: NDArray[np.bool_]
) -> tuple[str, ...]:
    notes = []
    for k, column in enumerate(choice.inputs):
        rows = [table.numbers[r] for r in np.flatnonzero(unknown[:, k])]
        if rows:
            notes.append(f"“{table.names[column]}”: {without_number(len(rows), rows)}")
    rows = [table.numbers[r] for r in np.flatnonzero(~usable)]
    if rows:
        kind = "without a class" if choice.classes else "without a number"
        notes.append(f"“{table.names[choice.target]}”: {without_number(len(rows), rows, kind)}")
    if choice.classes:
        rows = _cut_rows([row[choice.target] for row in table.rows], table.numbers)
        if rows:
            notes.append(f"“{table.names[choice.target]}”: {without_number(len(rows), rows, CUT)}")
    return tuple(notes)


def without_number(
    n: int, rows: list[int] | tuple[int, ...], kind: str = "without a number"
) -> str:
    """Return e.g. "37 cells without a number in rows 4, 9, …"."""
    named = ", ".join(str(row) for row in rows[:NAMED_ROWS]) + (", …" if n > NAMED_ROWS else "")
    cells, word = ("1 cell", "row") if n == 1 else (f"{n} cells", "rows")
    return f"{cells} {kind} in {word} {named}"


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n} rows"


def _classes(labels: list[str]) -> tuple[tuple[str, ...], Float64s]:
    """Return class names in order and every sample's number; of two, the later is class +1."""
    names = sorted(set(labels), key=_sorting)
    if len(names) < 2:
        raise CsvError(f"All rows are of one class, “{names[0]}”: at least 2 classes are needed.")
    if len(names) > MAX_CLASSES:
        raise CsvError(f"The target has {len(names)} classes: at most {MAX_CLASSES} can be shown.")
    if len(names) == 2:
        names.reverse()  # 1 of 0 and 1, "yes" of "no" and "yes"
    place = {name: float(k) for k, name in enumerate(names)}
    return tuple(names), np.array([place[label] for label in labels])


def _sorting(label: str) -> tuple[bool, float, str]:
    value = parse_number(label)
    return value is None, value or 0.0, label


def _standard(numbers: Float64s) -> Scaling:
    """Return mean and deviation; 1 instead of a deviation of nothing but rounding."""
    mean, deviation = _mean_and_deviation(numbers)
    if numbers.min() == numbers.max():
        return float(numbers[0]), 1.0
    return mean, deviation if deviation > 0 else 1.0


def _spanned(numbers: Float64s) -> Scaling:
    """Return the middle and half the range, which bring numbers to −1…1."""
    low, high = float(numbers.min()), float(numbers.max())
    return (low + high) / 2, (high - low) / 2 or 1.0  # half of the smallest number is none
