"""Files at and beyond the limits of size: how soon they are refused, and what that allocates.

    python -m tests.rigs.limits [--count 3] [--megabytes 31]

Goals: refused within 300 ms; never more memory than a few times the file, and next to none where
a number in the file asks for a lot. `--count` tries each file that often and takes the fastest.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator

from playground.core.csv_format import CsvError
from playground.core.csv_text import MAX_ROWS, read_table
from playground.core.experiment import Experiment
from playground.core.files import ExperimentFileError, decode_experiment, encode_experiment
from playground.core.files.syntax import MAX_COMMAS, MAX_ESCAPES, MAX_QUOTES
from tests.rigs.goals import Goals

REFUSED_MS = 300
LARGEST_SHARE = 12
LEAST_MB = 5.0
"""Bytes allocated for each byte of a file that is refused while it is read, if it is this large."""
SMALL_MB = 2.0
"""What may be allocated for a small file, whatever its numbers ask for."""

GOOD = encode_experiment(Experiment())


def huge_requests() -> Iterator[tuple[str, bytes]]:
    """Yield small files that ask for a lot."""
    size = b'"size": 4'
    assert size in GOOD
    yield "a layer of 10⁹ neurons", GOOD.replace(size, b'"size": 1000000000', 1)
    yield "a layer of 513 neurons", GOOD.replace(size, b'"size": 513', 1)
    layer = b'{"size": 512, "activation": "tanh"}'
    hidden = b'"hidden": ['
    assert hidden in GOOD
    yield "100 layers", GOOD.replace(hidden, hidden + b",".join([layer] * 100) + b",", 1)
    yield "16 layers of 512", GOOD.replace(hidden, hidden + b",".join([layer] * 14) + b",", 1)
    samples = b'"n_samples": '
    assert samples in GOOD
    yield "10¹² samples", GOOD.replace(samples, samples + b"1000000000000", 1)
    shape = b'{"shape": [1000000000, 1000000000], "values": []}'
    yield "an array of 10¹⁸ numbers", GOOD.replace(b'"own": null', b'"own": {"x": ' + shape + b"}")


def large_files(n_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield files of about a size that are refused for what they hold, most of them at the end."""
    start = GOOD.rstrip().removesuffix(b"}").rstrip() + b', "more": '
    room = n_bytes - len(start)
    yield "one byte too many", b"{" + b" " * (33 * 2**20)
    yield "no JSON", b"{" + b"x" * room
    yield "open brackets", b"{" + b"[" * room
    yield "a number of digits only", start + b"1" * room
    yield "zeros, cut", start + b"[" + b"0," * (room // 2)
    numbers = b"1234.5678," * min(room // 10, MAX_COMMAS - 100)
    yield "numbers, cut", start + b"[" + numbers
    yield "numbers, the last too large", start + b"[" + numbers + b"1e999]}"
    yield "numbers, the last not finite", start + b"[" + numbers + b"NaN]}"
    n_texts = MAX_QUOTES // 2 - 100
    texts = b",".join([b'"' + b"x" * (room // n_texts) + b'"'] * n_texts)
    yield "texts, cut", start + b"[" + texts
    keys = b",".join(b'"%d":0' % k for k in range(n_texts))
    yield "keys, the last twice", start + b"{" + keys + b',"0":0}}'
    escaped = b'"' + rb"\u00e4" * (MAX_ESCAPES - 100)
    yield "escapes, the last a lone half", start + escaped + rb'\ud800"}'
    yield "not UTF-8 at the end", start + b'"' + b"x" * (room - 10) + b'\xff"}'


def large_tables(n_bytes: int, most_rows: int = MAX_ROWS) -> Iterator[tuple[str, bytes]]:
    """Yield tables that are refused for their size, one of them where rows are limited so."""
    yield "65 columns", b",".join([b"a"] * 65) + b"\n" + b",".join([b"1"] * 65) * (n_bytes // 130)
    yield "a row of nothing but cells", b"," * n_bytes
    yield "too many rows", b"a,b\n" + b"1,2\n" * max(most_rows + 1, n_bytes // 4)
    yield "a cell without an end", b'a,b\n1,"' + b"x" * n_bytes
    yield "a cell of 200 kB", b"a,b\n1," + b"x" * 200_000 + b"\n" + b"1,2\n" * (n_bytes // 40)


def refused(act: Callable[[bytes], object], data: bytes) -> tuple[float, float, str]:
    """Return seconds until a file is refused, MB that were allocated, and the words.

    Raises
    ------
    AssertionError
        If it is not refused.
    """
    began = time.perf_counter()
    words = _words(act, data)
    took = time.perf_counter() - began
    return took, allocated(act, data), words  # Once more: counting takes its time.


def allocated(act: Callable[[bytes], object], data: bytes) -> float:
    """Return MB that were allocated until a file is refused.

    Raises
    ------
    AssertionError
        If it is not refused.
    """
    tracemalloc.start()
    try:
        _words(act, data)
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _words(act: Callable[[bytes], object], data: bytes) -> str:
    try:
        act(data)
    except (ExperimentFileError, CsvError) as error:
        return str(error)
    raise AssertionError("it was not refused")


def check(goals: Goals, n_bytes: int, count: int) -> None:
    """Try all files and hold them to the goals."""
    for name, data in huge_requests():
        _, peak, words = refused(decode_experiment, data)
        goals.at_most(f"{name} ({words})", peak, SMALL_MB, " MB")
    for act, files in (
        (decode_experiment, [*large_files(n_bytes)]),
        (read_table, [*large_tables(n_bytes)]),
    ):
        for name, data in files:
            tries = [refused(act, data) for _ in range(count)]
            took, peak, words = min(tries)
            goals.at_most(f"{name}: {words}", 1000 * took, REFUSED_MS, " ms")
            share = peak / max(len(data) / 2**20, LEAST_MB)
            goals.at_most(f"{name}, allocated", share, LARGEST_SHARE, " ×")


def main() -> None:
    """Try and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--megabytes", type=float, default=31.0)
    options = parser.parse_args()
    goals = Goals()
    check(goals, int(options.megabytes * 2**20), options.count)
    sys.exit(goals.code)


if __name__ == "__main__":
    main()
