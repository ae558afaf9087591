"""Writes the samples in force as CSV text."""

from __future__ import annotations

import csv
import io

from playground.core.csv_format import SET, parse_number
from playground.core.experiment import Problem
from playground.core.sample_numbers import class_numbers
from playground.core.snapshot import DataView

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\N{MINUS SIGN}")


def csv_text(data: DataView, problem: Problem) -> str:
    """Return a header and a row per sample: the inputs, the target, and the set it belongs to.

    Numbers are written so that they read back bit for bit. A text that a spreadsheet would take for
    a formula gets a ' in front of it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([neutral(name) for name in (*data.input_names, data.target_name, SET)])
    targets: list[str] = [repr(y) for y in data.y.tolist()]
    if problem is not Problem.REGRESSION:
        names = [neutral(name) for name in data.class_names]
        targets = [names[k] for k in class_numbers(data, problem).tolist()]
    for k, (row, target) in enumerate(zip(data.x.tolist(), targets, strict=True)):
        role = "train" if k < data.n_train else "test"
        writer.writerow([*(repr(value) for value in row), target, role])
    return out.getvalue()


def neutral(label: str) -> str:
    """Return a label that no spreadsheet evaluates; numbers stay numbers."""
    plain = label.replace("\N{MINUS SIGN}", "-")
    value = parse_number(plain)
    if value is not None:
        return plain.removeprefix("+")
    return "'" + label if label.startswith(FORMULA_STARTS) else label
