"""Detects how a CSV file is written: delimiter, decimal mark, and whether there is a header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from contextlib import suppress
from itertools import pairwise

from playground.core.csv_format import (
    MAX_CELL,
    MAX_COLUMNS,
    Decimal,
    Delimiter,
    Format,
    is_something,
    parse_number,
)

SNIFFED_LINES = 60
YEARS = range(1900, 2101)
NO_NUMBER = ("na", "n/a", "nan", "null", "none", "missing", "?", "-", ".", "inf", "-inf")
"""What stands in a cell in place of a number; it names no column of numbers."""
_TOLD = re.compile(r'"?sep=(.)"?[ \t]*(?=[\r\n]|$)', re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_GROUPED_TWICE = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")


def told_delimiter(text: str) -> tuple[Delimiter | None, str]:
    """Return the delimiter that a first line like sep=; tells, and the text with that line empty.

    Spreadsheets read such a line as a word to them; to others it would be a row of the table.
    """
    told = _TOLD.match(text)
    if told is None or told[1] not in tuple(Delimiter):
        return None, text
    return Delimiter(told[1]), text[told.end() :]


def detect(text: str, wanted: Format) -> Format:
    """Return `wanted` with everything it leaves open detected from the first lines.

    The decimal mark is the one with which more cells are numbers. Where it may be a thousands mark
    it is no decimal comma, so that no number is wrong by a thousand in silence: if every number
    with a comma is like 1,234, and anything but semicolons stands between the cells, or a cell like
    1,234,567 is there. Between semicolons 1,234 alone has a decimal comma.
    """
    delimiter, decimal, header = wanted.delimiter, wanted.decimal, wanted.header
    head = _head(text)
    if delimiter is None:
        delimiter = max(Delimiter, key=lambda d: _likelihood(head, d, decimal))
    rows = _loose_rows(head, delimiter)
    if decimal is None:
        decimal = _likelier_decimal(rows, delimiter)
    if header is None:
        header = _has_header(rows, decimal)
    return Format(delimiter, decimal, header, wanted.encoding)


def first_rows(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows of the first lines, as far as they can be read, without blank ones."""
    return _loose_rows(_head(text), delimiter)


def _head(text: str) -> str:
    """Return the first lines, in which no delimiter can be told from another's text."""
    lines = text[:200_000].replace("\r\n", "\n").replace("\r", "\n").split("\n", SNIFFED_LINES)
    return "\n".join(lines[:SNIFFED_LINES])


def _loose_rows(head: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_CELL)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what was read until then tells enough
        rows.extend(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    return [row[: MAX_COLUMNS + 1] for row in rows if is_something(row)]


def _likelihood(head: str, delimiter: Delimiter, decimal: Decimal | None) -> float:
    """Return how well a delimiter explains the lines: equal numbers of cells, many numbers."""
    rows = _loose_rows(head, delimiter)
    if not rows:
        return 0.0
    width, n = Counter(map(len, rows)).most_common(1)[0]
    if width < 2:
        return 0.01
    marks = [decimal] if decimal else [Decimal.POINT, Decimal.COMMA]
    return n / len(rows) * (1.0 + max(_number_share(rows, mark) for mark in marks))


def _number_share(rows: list[list[str]], decimal: Decimal) -> float:
    cells = [cell for row in rows for cell in row if cell.strip()]
    if not cells:
        return 0.0
    return sum(parse_number(cell, decimal) is not None for cell in cells) / len(cells)


def _likelier_decimal(rows: list[list[str]], delimiter: Delimiter) -> Decimal:
    point, comma = (_number_share(rows, mark) for mark in (Decimal.POINT, Decimal.COMMA))
    if comma <= point:
        return Decimal.POINT
    marked = [cell.strip() for row in rows for cell in row if "," in cell]
    is_proved = any(
        _GROUPED.fullmatch(cell) is None and parse_number(cell, Decimal.COMMA) is not None
        for cell in marked
    )
    doubtful = delimiter is not Delimiter.SEMICOLON or any(map(_GROUPED_TWICE.fullmatch, marked))
    return Decimal.POINT if doubtful and not is_proved else Decimal.COMMA


def _has_header(rows: list[list[str]], decimal: Decimal) -> bool:
    """Whether the first row names the columns: words over numbers, or words that never return.

    Numbers among its words are names where they count up, as those that pandas gives do, or years.
    """
    if len(rows) < 2:
        return bool(rows) and all(parse_number(cell, decimal) is None for cell in rows[0])
    first, others = rows[0], rows[1:]
    columns = [[r[k] for r in others if k < len(r) and r[k].strip()] for k in range(len(first))]
    numbers = [parse_number(cell, decimal) for cell in first]
    values = [value for value in numbers if value is not None]
    if values:
        counts = all(b - a == 1.0 for a, b in pairwise(values)) and len(values) < len(first)
        words = [
            below
            for cell, value, below in zip(first, numbers, columns, strict=True)
            if value is None and cell not in below and cell.strip().lower() not in NO_NUMBER
        ]
        if counts and len(values) > 1 and values[0] in YEARS:
            return bool(words)
        return counts and values[0] in (0.0, 1.0) and any(_numbers_only(b, decimal) for b in words)
    for cell, below in zip(first, columns, strict=True):
        n_numbers = sum(parse_number(value, decimal) is not None for value in below)
        if cell.strip() and below and n_numbers * 2 >= len(below):
            return True
    return len(set(first)) == len(first) and not any(
        cell in below for cell, below in zip(first, columns, strict=True)
    )


def _numbers_only(cells: list[str], decimal: Decimal) -> bool:
    return bool(cells) and all(parse_number(cell, decimal) is not None for cell in cells)
