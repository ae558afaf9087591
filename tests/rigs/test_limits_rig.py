"""The rig of limits, with files a thirtieth as large: what is refused, and what that allocates."""

import pytest

from playground.core.csv_text import read_table
from playground.core.files import decode_experiment
from tests.rigs import limits

SMALL = 2**20


@pytest.mark.parametrize(("name", "data"), [*limits.huge_requests()])
def test_a_small_file_that_asks_for_a_lot_allocates_next_to_nothing(name, data):
    _, peak, words = limits.refused(decode_experiment, data)
    assert peak <= limits.SMALL_MB, words


@pytest.mark.parametrize(
    ("act", "data"),
    [
        *((decode_experiment, data) for _, data in limits.large_files(SMALL)),
        *((read_table, data) for _, data in limits.large_tables(SMALL)),
    ],
    ids=[name for name, _ in [*limits.large_files(0), *limits.large_tables(0)]],
)
def test_a_large_file_is_refused_without_much_memory(act, data):
    _, peak, words = limits.refused(act, data)
    assert peak <= limits.LARGEST_SHARE * max(len(data) / 2**20, limits.LEAST_MB), words
