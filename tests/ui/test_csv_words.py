"""What the preview of a CSV file says before anything is imported."""

from __future__ import annotations

import pytest

from playground.core.csv_columns import Choice, describe_columns
from playground.core.csv_job import Summary
from playground.core.csv_text import read_table
from playground.ui.csv_words import column_facts, import_problem, import_words


def summary(text: str) -> Summary:
    """Return what the dialog knows of a file."""
    table = read_table(text.encode())
    return Summary(table.format, describe_columns(table), (), table.n_rows, len(table.rows))


FOUR = summary("a,b,name,y\n1,7,p,5\n2,7,q,5\n,7,r,5\n4,7,s,5\n")


def test_a_target_that_is_always_the_same_is_not_said_to_be_stretched() -> None:
    words = import_words(FOUR, Choice((0,), 3, classes=False))
    assert words == "4 rows, 4 columns. Always the same, scale 1: y."
    words = import_words(FOUR, Choice((0, 1), 3, classes=False))
    assert words.endswith(" Always the same, scale 1: b, y.")


def test_a_scale_is_only_told_where_there_is_one() -> None:
    words = import_words(FOUR, Choice((1,), 3, classes=False, standardise=False))
    assert words == "4 rows, 4 columns. Always the same: b, y."
    words = import_words(FOUR, Choice((1,), 0, classes=False))
    assert words == (
        "4 rows, 4 columns. “a” is brought from 1…4 to −1…1. Always the same, scale 1: b."
    )


def test_classes_are_listed() -> None:
    words = import_words(FOUR, Choice((0,), 2, classes=True))
    assert words == "4 rows, 4 columns. Classes: p, q, r, s."


def test_of_many_rows_both_counts_are_said() -> None:
    many = summary("x,y\n" + "".join(f"{k},{k % 2}\n" for k in range(20_500)))
    assert import_words(many, Choice((0,), 1, classes=True)) == (
        "20500 rows, 2 columns. An experiment keeps 20000 of them, a random subset by the seed 0."
        " Classes: 0, 1."
    )


@pytest.mark.parametrize(
    ("choice", "problem"),
    [
        (Choice((0, 1), 2, classes=True), ""),
        (Choice((0, 1), 3, classes=False), ""),
        (Choice((), 3, classes=False), "Choose at least one input."),
        (Choice(tuple(range(17)), 3, classes=False), "Choose at most 16 inputs, not 17."),
        (Choice((0,), 3, classes=True), "“y” has only 1 value; classes are 2 to 5."),
        (Choice((0,), 2, classes=False), "“name” does not hold numbers."),
    ],
)
def test_what_cannot_be_imported_says_why(choice: Choice, problem: str) -> None:
    assert import_problem(FOUR, choice) == problem


@pytest.mark.parametrize(("n", "values"), [(7, "7 different values"), (60, "too many values")])
def test_too_many_classes_are_counted_as_far_as_that_helps(n: int, values: str) -> None:
    found = summary("x,y\n" + "".join(f"{k},k{k}\n" for k in range(n)))
    words = f"“y” has {values}; classes are 2 to 5."
    assert import_problem(found, Choice((0,), 1, classes=True)) == words


def test_columns_are_described_in_one_line() -> None:
    assert [column_facts(column) for column in FOUR.columns] == [
        "a: mean 2.333, deviation 1.247 · 1 cell without a number in row 4",
        "b: mean 7, deviation 0 · always the same",
        "name: text (p, q, r, s)",
        "y: mean 5, deviation 0 · always the same",
    ]
    wordy = summary("x,y\n" + "".join(f"{k},k{k}\n" for k in range(60))).columns[1]
    assert column_facts(wordy) == "y: text"
    assert column_facts(summary("x,y\n1,e\n2,d\n3,c\n4,b\n5,a\n").columns[1]).endswith(", …)")
