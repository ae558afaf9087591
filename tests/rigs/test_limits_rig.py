"""The rig of limits, with files a thirtieth as large: what is refused, and what that allocates."""

import pytest

from playground.core import csv_text
from playground.core.csv_text import read_table
from playground.core.files import decode_experiment
from tests.rigs import limits

SMALL = 2**20
MOST_ROWS = SMALL // 4 - 1
"""One less than a table of this size has: it is read to its end."""


@pytest.mark.parametrize(("name", "data"), [*limits.huge_requests()])
def test_a_small_file_that_asks_for_a_lot_allocates_next_to_nothing(name, data):
    assert limits.allocated(decode_experiment, data) <= limits.SMALL_MB


@pytest.mark.parametrize(
    ("act", "data"),
    [
        *((decode_experiment, data) for _, data in limits.large_files(SMALL)),
        *((read_table, data) for _, data in limits.large_tables(SMALL, MOST_ROWS)),
    ],
    ids=[name for name, _ in [*limits.large_files(0), *limits.large_tables(0)]],
)
def test_a_large_file_is_refused_without_much_memory(act, data, monkeypatch):
    monkeypatch.setattr(csv_text, "MAX_ROWS", MOST_ROWS)
    least = max(len(data) / 2**20, limits.LEAST_MB)
    assert limits.allocated(act, data) <= limits.LARGEST_SHARE * least
