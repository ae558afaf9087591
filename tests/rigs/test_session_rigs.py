"""The rigs of stopping, closing and racing, short."""

import numpy as np
import pytest

from tests.rigs.races import hammer
from tests.rigs.stops import close_once, stop_times


def test_pause_takes_effect_at_once(qapp):
    times = stop_times(80, seed=3)
    assert np.percentile(times, 90) <= 0.2


@pytest.mark.parametrize("after_ms", [0, 300, 1100])
def test_closing_while_training_ends_the_process_silently(after_ms):
    close_once(after_ms)


@pytest.mark.parametrize("seed", [1, 2])
def test_two_thousand_commands_leave_every_snapshot_whole(qapp, seed):
    assert hammer(2000, seed) > 0
