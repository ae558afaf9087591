"""Reads the rows of a CSV file by strict rules."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from playground.core.csv_detection import detect, first_rows, told_delimiter
from playground.core.csv_format import (
    MAX_CELL,
    MAX_COLUMNS,
    NAMES,
    CsvError,
    Encoding,
    Format,
    is_something,
)
from playground.core.csv_labels import column_names

MAX_BYTES = 64_000_000
MAX_ROWS = 1_000_000
KEPT_ROWS = 20_000
_SOMETHING = re.compile(rb"[^\x00\r\n\t ]")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file.

    Attributes
    ----------
    format : how it was read, nothing left to detect.
    names : of the columns.
    rows : at most `KEPT_ROWS` rows of text, in the file's order; a seeded random subset of more.
    numbers : per kept row its number in the file, counted from 1.
    n_rows : rows that the file has, without the header and without empty lines; rows of blank
        cells, as spreadsheets write them below a table, count and are kept where there is room.
    """

    format: Format
    names: tuple[str, ...]
    rows: list[list[str]]
    numbers: list[int]
    n_rows: int


def decode(data: bytes, encoding: Encoding | None = None) -> tuple[str, Encoding]:
    """Return the text of a file's bytes and the encoding.

    Raises
    ------
    CsvError
        If it is empty, has a NUL, or a byte that is not in the encoding asked for, or in none.
    """
    first = 1
    for bom, found in _BOMS:
        if data.startswith(bom) and encoding in (None, found):
            data, encoding = data[len(bom) :], Encoding(found)
            first += len(bom)
            break
    if _SOMETHING.search(data) is None:
        raise CsvError("The file is empty.")
    try:
        text = data.decode(encoding or "utf-8")
        encoding = encoding or Encoding.UTF_8
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise CsvError(f"Byte {first + error.start} is not {NAMES[encoding]}.") from None
        text, encoding = _as_windows_1252(data, first + error.start), Encoding.WINDOWS_1252
    if "\0" in text:
        raise CsvError(f"Row {_line_of(text, text.index(chr(0)))} has a NUL character.")
    return text, encoding


def _as_windows_1252(data: bytes, not_utf_8: int) -> str:
    """Return the text of bytes of which one, counted from 1, is not UTF-8."""
    try:
        return data.decode(Encoding.WINDOWS_1252)
    except UnicodeDecodeError as error:
        byte = error.start + 1
    if byte == not_utf_8:
        raise CsvError(f"Byte {byte} is neither UTF-8 nor Windows-1252.")
    raise CsvError(f"Byte {not_utf_8} is not UTF-8, and byte {byte} is not Windows-1252.")


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
    told, text = told_delimiter(text)
    delimiter = wanted.delimiter or told
    known = detect(text, replace(wanted, delimiter=delimiter, encoding=encoding))
    progress(0.1)
    assert known.delimiter is not None
    if _rows_at_least(text, known.delimiter) > MAX_ROWS:
        raise _too_many_rows()
    reader = _records(text, known.delimiter, progress)
    above: list[tuple[int, list[str]]] = []
    first_line, first = 0, [""]
    for first_line, first in reader:
        if is_something(first):
            break
        above.append((first_line, first))
    if not is_something(first):
        raise CsvError("The file is empty.")
    width = len(first)
    if width > MAX_COLUMNS:
        raise CsvError(f"The file has more than {MAX_COLUMNS} columns: {width}.")
    kept, numbers, n_filled, n_blank = [], [], 0, 0
    blank: list[tuple[int, list[str]]] = []
    names = column_names(first if known.header else [""] * width)
    chances = random.Random(seed)  # a subset, no secret

    def take(line: int, row: list[str]) -> None:
        nonlocal n_filled, n_blank
        if len(row) != width:
            raise CsvError(f"Row {line} has {_cells(len(row))}, row {first_line} has {width}.")
        if n_filled + n_blank >= MAX_ROWS:
            raise _too_many_rows()
        if not is_something(row):
            n_blank += 1
            if len(blank) < KEPT_ROWS:
                blank.append((line, row))
            return
        n_filled += 1
        if n_filled <= KEPT_ROWS:
            kept.append(row)
            numbers.append(line)
            return
        place = int(chances.random() * n_filled)
        if place < KEPT_ROWS:
            kept[place] = row
            numbers[place] = line

    if not known.header:
        # Above a header there is no table yet; without one, blank cells are its first rows.
        for line, row in [*(pair for pair in above if len(pair[1]) == width), (first_line, first)]:
            take(line, row)
    for line, row in reader:
        take(line, row)
    if not n_filled:
        raise CsvError("There is a header but no row of data.")
    # They take no place from rows that say something.
    for line, row in blank[: KEPT_ROWS - len(kept)]:
        kept.append(row)
        numbers.append(line)
    order = sorted(range(len(kept)), key=numbers.__getitem__)
    rows, numbers = [kept[k] for k in order], [numbers[k] for k in order]
    return Table(known, names, rows, numbers, n_filled + n_blank)


def _rows_at_least(text: str, delimiter: str) -> int:
    """Return how many rows a text surely has, without reading them.

    Only lines before the first and after the last quote are counted, as a quoted cell may go over
    lines; and no more of them than there are delimiters for, as empty lines are passed over.
    """
    rows = first_rows(text, delimiter)
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0
    first, last = text.find('"'), text.rfind('"')
    parts = [(0, len(text))] if first < 0 else [(0, first), (last, len(text))]
    lines = sum(max(text.count(end, *part) for end in "\n\r") for part in parts)
    delimiters = sum(text.count(delimiter, *part) for part in parts)
    # One line may be the header, and another one be cut by the quotes.
    return min(lines, delimiters // (width - 1)) - 2


def _too_many_rows() -> CsvError:
    return CsvError(f"The file has more than {MAX_ROWS:,} rows.".replace(",", " "))


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n} cells"


def _records(
    text: str, delimiter: str, progress: Callable[[float], object] = lambda share: None
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number in the file, cells); empty lines are passed over."""
    csv.field_size_limit(MAX_CELL)
    source = io.StringIO(text, newline="")
    reader = csv.reader(_lines(source, delimiter), delimiter=delimiter, strict=True)
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
        if len(row) > 1 or (row and row[0].strip()):
            yield line, row


def _lines(source: io.StringIO, delimiter: str) -> Iterator[str]:
    """Yield all lines; one that is far too wide is refused before it is split."""
    for number, line in enumerate(source, 1):
        if len(line) > 8 * MAX_CELL and '"' not in line and line.count(delimiter) >= MAX_COLUMNS:
            raise CsvError(f"Row {number} has more than {MAX_COLUMNS} columns.")
        yield line


def _explained(message: str, line: int) -> str:
    if "unexpected end of data" in message:
        return f"A quote that opens in row {line} is never closed."
    if "field limit" in message:
        return f"A cell in row {line} is longer than {MAX_CELL // 1000} kB."
    if "expected after" in message:
        return f"Row {line} has text after a closing quote."
    return f"Row {line} cannot be read: {message}."
