"""Names of columns and classes from the cells of a CSV file."""

from __future__ import annotations

LONGEST_NAME = 64


def column_names(cells: list[str]) -> tuple[str, ...]:
    """Return names for all columns, each another, short, and without invisible characters."""
    names: list[str] = []
    for k, cell in enumerate(cells):
        name = label_of(cell) or f"column {k + 1}"
        stem, copy = name, 2
        while name in names:
            name = f"{stem[: LONGEST_NAME - 5]} ({copy})"
            copy += 1
        names.append(name)
    return tuple(names)


def label_of(cell: str) -> str:
    """Return a cell as a label: one line of at most 64 visible characters."""
    return _visible(cell)[:LONGEST_NAME]


def is_cut(cell: str) -> bool:
    """Return whether a cell says more than its label."""
    if len(cell) <= LONGEST_NAME:
        return False
    return len(_visible(cell)) > LONGEST_NAME or bool(cell[4 * LONGEST_NAME :].strip())


def _visible(cell: str) -> str:
    visible = "".join(c if c.isprintable() else " " for c in cell[: 4 * LONGEST_NAME])
    return " ".join(visible.split())
