"""What the preview of a CSV file says: what columns hold, and what an import would do."""

from __future__ import annotations

from playground.core.csv_columns import CUT, Choice, Column, without_number
from playground.core.csv_job import Summary
from playground.core.own_data import MAX_COLUMNS


def column_facts(column: Column) -> str:
    """Return what a column holds, in one line."""
    if not column.is_numeric:
        if column.labels:
            shown = ", ".join(column.labels[:4]) + (", …" if len(column.labels) > 4 else "")
            return f"{column.name}: text ({shown})"
        return f"{column.name}: text"
    facts = f"{column.name}: mean {column.mean:.4g}, deviation {column.deviation:.4g}"
    if column.is_constant:
        facts += " · always the same"
    missing = column.n_blank + column.n_other
    return f"{facts} · {without_number(missing, column.odd_rows)}" if missing else facts


def import_problem(summary: Summary, choice: Choice) -> str:
    """Return why a choice cannot be imported, or ""."""
    target = summary.columns[choice.target]
    if not choice.inputs:
        return "Choose at least one input."
    if len(choice.inputs) > MAX_COLUMNS:
        return f"Choose at most {MAX_COLUMNS} inputs, not {len(choice.inputs)}."
    if choice.classes and not target.can_be_classes:
        n = len(target.labels)
        values = "only 1 value" if n == 1 else f"{n} different values" if n else "too many values"
        return f"“{target.name}” has {values}; classes are 2 to 5."
    if not choice.classes and not target.is_numeric:
        return f"“{target.name}” does not hold numbers."
    return ""


def import_words(summary: Summary, choice: Choice) -> str:
    """Return what would be imported, and what would be done to it."""
    target = summary.columns[choice.target]
    words = [f"{summary.n_rows} rows, {len(summary.columns)} columns."]
    if summary.n_kept < summary.n_rows:
        words.append(
            f"An experiment keeps {summary.n_kept} of them, a random subset by the seed 0."
        )
    if choice.classes:
        words.append(f"Classes: {', '.join(sorted(target.labels))}.")
        if target.n_cut:
            words.append(f"“{target.name}”: {without_number(target.n_cut, target.cut_rows, CUT)}.")
    elif choice.standardise and not target.is_constant:
        words.append(f"“{target.name}” is brought from {target.low:.4g}…{target.high:.4g} to −1…1.")
    used = [summary.columns[k] for k in choice.inputs]
    if not choice.classes:
        used.append(target)
    constant = [column.name for column in used if column.is_constant]
    if constant:
        scale = ", scale 1" if choice.standardise else ""
        words.append(f"Always the same{scale}: {', '.join(constant)}.")
    return " ".join(words)
