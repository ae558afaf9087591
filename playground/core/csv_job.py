"""Reading a CSV file in a process of its own: ``python -m playground.core.csv_job``.

A request is a line with one JSON object on standard input. Answers are lines on standard output:
``p 0.4`` is progress, ``r {…}`` the result and ``e words`` an error. The window's interpreter only
ever sees a summary, and the numbers that an experiment keeps.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.csv_columns import (
    Choice,
    Column,
    Imported,
    Missing,
    describe_columns,
    make_own_data,
)
from playground.core.csv_format import CsvError, Decimal, Delimiter, Encoding, Format
from playground.core.csv_labels import label_of
from playground.core.csv_text import MAX_BYTES, Table, read_table
from playground.core.own_data import OwnData, OwnForm

PREVIEW_ROWS = 12
CHUNK = 4_000_000


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person sees of a file before it is imported.

    Attributes
    ----------
    format : how it is read.
    columns : what they hold.
    preview : the first kept rows, cells cut at 64 characters.
    n_rows, n_kept : rows in the file, and rows that an experiment would keep.
    """

    format: Format
    columns: tuple[Column, ...]
    preview: tuple[tuple[str, ...], ...]
    n_rows: int
    n_kept: int


def read_file(path: Path) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    CsvError
        If it is no regular file, is too large, cannot be read, or changes meanwhile.
    """
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):
            raise CsvError("This is not a regular file.")
        if before.st_size > MAX_BYTES:
            raise CsvError(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
            after = os.fstat(file.fileno())
        now = path.stat()
    except OSError as error:
        raise CsvError(f"The file cannot be read: {error.strerror or error}.") from None
    marks = {(s.st_size, s.st_mtime_ns, s.st_ino) for s in (before, after, now)}
    if len(marks) > 1 or len(data) != before.st_size:
        raise CsvError("The file changed while it was read. Try again.")
    return data


def request_json(path: str, wanted: Format, choice: Choice | None, title: str) -> str:
    """Return the request that `main` reads."""
    return json.dumps(
        {
            "path": path,
            "format": asdict(wanted),
            "choice": None if choice is None else asdict(choice),
            "title": title,
        }
    )


def main() -> int:
    """Answer requests until there are no more; return 0 also for files that cannot be taken."""
    reader = TableReader()
    for line in iter(sys.stdin.readline, ""):
        try:
            result = _answer(json.loads(line), reader)
        except CsvError as error:
            _say(f"e {error}")
        except MemoryError:
            _say("e There is not enough memory to read this file.")
        else:
            _say(f"r {json.dumps(result)}")
    return 0


class TableReader:
    """Reads files and keeps the last table, so that what was previewed is what is imported."""

    def __init__(self) -> None:
        self._path = ""
        self._table: Table | None = None

    def table(self, path: str, wanted: Format) -> Table:
        """Return a file's table; it is read again only if it was not just read in this way."""
        table = self._table
        if table is None or (path, wanted) != (self._path, table.format):
            self._table = None
            data = read_file(Path(path))
            table = read_table(data, wanted, progress=lambda share: _say(f"p {share:.3f}"))
            self._path, self._table = path, table
        return table


def _say(line: str) -> None:
    sys.stdout.buffer.write(line.encode() + b"\n")
    sys.stdout.buffer.flush()


def _answer(request: dict[str, Any], reader: TableReader) -> dict[str, Any]:
    table = reader.table(request["path"], _format(request["format"]))
    _say("p 0.75")
    if request["choice"] is None:
        columns = describe_columns(table)
        preview = [[label_of(cell) for cell in row] for row in table.rows[:PREVIEW_ROWS]]
        return {
            "format": asdict(table.format),
            "columns": [asdict(column) for column in columns],
            "preview": preview,
            "n_rows": table.n_rows,
            "n_kept": len(table.rows),
        }
    chosen = request["choice"]
    choice = Choice(
        tuple(chosen["inputs"]),
        chosen["target"],
        chosen["classes"],
        chosen["standardise"],
        Missing(chosen["missing"]),
    )
    made = make_own_data(table, choice, label_of(request["title"]))
    own = made.own
    return {
        "shape": list(own.x.shape),
        "x": base64.b64encode(own.x.tobytes()).decode(),
        "y": base64.b64encode(own.y.tobytes()).decode(),
        "input_names": own.input_names,
        "target_name": own.target_name,
        "class_names": own.class_names,
        "title": own.title,
        "scaling": own.scaling,
        "target_scaling": own.target_scaling,
        "n_dropped": made.n_dropped,
        "n_filled": made.n_filled,
        "notes": made.notes,
    }


def _format(fields: dict[str, Any]) -> Format:
    return Format(
        None if fields["delimiter"] is None else Delimiter(fields["delimiter"]),
        None if fields["decimal"] is None else Decimal(fields["decimal"]),
        fields["header"],
        None if fields["encoding"] is None else Encoding(fields["encoding"]),
    )


def summary_from(text: str) -> Summary:
    """Return the summary that a result line holds."""
    tree = json.loads(text)
    columns = []
    for column in tree["columns"]:
        lists = {name: tuple(column[name]) for name in ("odd_rows", "labels", "cut_rows")}
        columns.append(Column(**(column | lists)))
    preview = tuple(tuple(row) for row in tree["preview"])
    return Summary(_format(tree["format"]), tuple(columns), preview, tree["n_rows"], tree["n_kept"])


def imported_from(text: str) -> Imported:
    """Return the own data that a result line holds."""
    tree = json.loads(text)
    x, y = (np.frombuffer(base64.b64decode(tree[name])) for name in ("x", "y"))
    offset, scale = tree["target_scaling"]
    own = OwnData(
        x.reshape(tree["shape"]),
        y,
        tuple(tree["input_names"]),
        tree["target_name"],
        tuple(tree["class_names"]),
        OwnForm.FILE,
        tree["title"],
        tuple((a, b) for a, b in tree["scaling"]),
        (offset, scale),
    )
    return Imported(own, tree["n_dropped"], tree["n_filled"], tuple(tree["notes"]))


if __name__ == "__main__":
    sys.exit(main())
