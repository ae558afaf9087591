"""Reads the text of a CSV file by strict rules: encoding, delimiter, decimal mark, rows."""

from __future__ import annotations

import csv
import io
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

MAX_BYTES = 64_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 64
MAX_CELL = 131_072
KEPT_ROWS = 20_000
LONGEST_NAME = 64
LARGEST = 1e100
SNIFFED_LINES = 60
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class CsvError(ValueError):
    """A CSV file that cannot be taken, in words for the person."""


class Delimiter(StrEnum):
    """What stands between cells."""

    COMMA = ","
    SEMICOLON = ";"
    TAB = "\t"
    BAR = "|"


class Decimal(StrEnum):
    """What stands between a number's whole part and its fraction."""

    POINT = "."
    COMMA = ","


class Encoding(StrEnum):
    """How characters are written as bytes."""

    UTF_8 = "utf-8"
    UTF_16_LE = "utf-16-le"
    UTF_16_BE = "utf-16-be"
    WINDOWS_1252 = "cp1252"


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is to be read; None is detected."""

    delimiter: Delimiter | None = None
    decimal: Decimal | None = None
    header: bool | None = None
    encoding: Encoding | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file.

    Attributes
    ----------
    format : how it was read, nothing left to detect.
    names : of the columns.
    rows : at most `KEPT_ROWS` rows of text, in the file's order; a seeded random subset of more.
    numbers : per kept row its number in the file, counted from 1.
    n_rows : rows that the file has, without the header.
    """

    format: Format
    names: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    n_rows: int


def parse_number(text: str, decimal: Decimal = Decimal.POINT) -> float | None:
    """Return the number a cell spells, or None; nothing but the written grammar is a number.

    Digits 0–9, at most one decimal mark, a sign and an exponent; no thousands marks, underscores,
    hexadecimals, infinities or other scripts' digits; at most 1e100 in size.
    """
    text = text.strip(" \t")
    if decimal is Decimal.COMMA:
        if "." in text:
            return None
        text = text.replace(",", ".", 1)
    if _NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if abs(value) <= LARGEST else None


def decode(data: bytes, encoding: Encoding | None = None) -> tuple[str, Encoding]:
    """Return the text of a file's bytes and the encoding.

    Raises
    ------
    CsvError
        If it is empty, has a NUL, or is not in the encoding asked for.
    """
    for bom, found in _BOMS:
        if data.startswith(bom) and encoding in (None, found):
            data, encoding = data[len(bom) :], Encoding(found)
            break
    if not data.strip(b"\x00\r\n\t "):
        raise CsvError("The file is empty.")
    try:
        text = data.decode(encoding or "utf-8")
        encoding = encoding or Encoding.UTF_8
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise CsvError(f"Byte {error.start + 1} is not {NAMES[encoding]}.") from None
        encoding = Encoding.WINDOWS_1252
        text = data.decode(encoding, "replace")
    if "\0" in text:
        raise CsvError(f"Row {_line_of(text, text.index(chr(0)))} has a NUL character.")
    return text, encoding


NAMES = {
    Encoding.UTF_8: "UTF-8",
    Encoding.UTF_16_LE: "UTF-16",
    Encoding.UTF_16_BE: "UTF-16 (big-endian)",
    Encoding.WINDOWS_1252: "Windows-1252",
}


def _line_of(text: str, place: int) -> int:
    before = text[:place].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1


def read_table(
    data: bytes,
    wanted: Format | None = None,
    seed: int = 0,
    progress: Callable[[float], object] = lambda share: None,
) -> Table:
    """Return the cells of a CSV file.

    Parameters
    ----------
    wanted : what is not to be detected.
    seed : decides which rows are kept of more than `KEPT_ROWS`.
    progress : called with the share that is done.

    Raises
    ------
    CsvError
        If it cannot be read; the message names the row.
    """
    if len(data) > MAX_BYTES:
        raise CsvError(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    wanted = wanted or Format()
    text, encoding = decode(data, wanted.encoding)
    known = detect(text, replace(wanted, encoding=encoding))
    progress(0.1)
    assert known.delimiter is not None
    reader = _records(text, known.delimiter, progress)
    first_line, first = next(reader, (0, []))
    if not first:
        raise CsvError("The file is empty.")
    width = len(first)
    if width > MAX_COLUMNS:
        raise CsvError(f"The file has more than {MAX_COLUMNS} columns: {width}.")
    kept, numbers, n_rows = [], [], 0
    names = column_names(first if known.header else [""] * width)
    chances = random.Random(seed)  # a subset, no secret

    def take(row: list[str], line: int) -> None:
        nonlocal n_rows
        if len(row) != width:
            raise CsvError(f"Row {line} has {_cells(len(row))}, row {first_line} has {width}.")
        n_rows += 1
        if n_rows > MAX_ROWS:
            raise CsvError(f"The file has more than {MAX_ROWS:,} rows.".replace(",", " "))
        if n_rows <= KEPT_ROWS:
            kept.append(row)
            numbers.append(line)
            return
        place = int(chances.random() * n_rows)
        if place < KEPT_ROWS:
            kept[place] = row
            numbers[place] = line

    if not known.header:
        take(first, first_line)
    for line, row in reader:
        take(row, line)
    if not n_rows:
        raise CsvError("There is a header but no row of data.")
    order = sorted(range(len(kept)), key=numbers.__getitem__)
    return Table(known, names, [kept[k] for k in order], [numbers[k] for k in order], n_rows)


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n} cells"


def _records(
    text: str, delimiter: str, progress: Callable[[float], object] = lambda share: None
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number in the file, cells); empty lines are passed over."""
    csv.field_size_limit(MAX_CELL)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CsvError(_explained(str(error), line)) from None
        number += 1
        if number % 20_000 == 0:
            progress(0.1 + 0.6 * source.tell() / max(1, len(text)))
        if row and any(cell.strip() for cell in row):
            yield line, row


def _explained(message: str, line: int) -> str:
    if "unexpected end of data" in message:
        return f"A quote that opens in row {line} is never closed."
    if "field limit" in message:
        return f"A cell in row {line} is longer than {MAX_CELL // 1000} kB."
    if "expected after" in message:
        return f"Row {line} has text after a closing quote."
    return f"Row {line} cannot be read: {message}."


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
    visible = "".join(c if c.isprintable() else " " for c in cell[: 4 * LONGEST_NAME])
    return " ".join(visible.split())[:LONGEST_NAME]


def detect(text: str, wanted: Format) -> Format:
    """Return `wanted` with everything it leaves open detected from the first lines."""
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


def _head(text: str) -> str:
    """Return the first lines, in which no delimiter can be told from another's text."""
    lines = text[:200_000].replace("\r\n", "\n").replace("\r", "\n").split("\n", SNIFFED_LINES)
    return "\n".join(lines[:SNIFFED_LINES])


def _loose_rows(head: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MAX_CELL)
    rows: list[list[str]] = []
    with suppress(csv.Error):  # what was read until then tells enough
        rows.extend(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))
    return [row for row in rows if any(cell.strip() for cell in row)]


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
    if delimiter is Delimiter.COMMA and comma <= point:
        return Decimal.POINT
    return Decimal.COMMA if comma > point else Decimal.POINT


def _has_header(rows: list[list[str]], decimal: Decimal) -> bool:
    """Whether the first row names the columns: words over numbers, or words that never return."""
    if len(rows) < 2:
        return bool(rows) and all(parse_number(cell, decimal) is None for cell in rows[0])
    first, others = rows[0], rows[1:]
    if any(parse_number(cell, decimal) is not None for cell in first):
        return False
    for k, cell in enumerate(first):
        below = [row[k] for row in others if k < len(row) and row[k].strip()]
        numbers = sum(parse_number(value, decimal) is not None for value in below)
        if cell.strip() and below and numbers * 2 >= len(below):
            return True
    return len(set(first)) == len(first) and not any(
        cell in {row[k] for row in others if k < len(row)} for k, cell in enumerate(first)
    )
