"""The rigs of a session, short; `--long` runs a tenth of all.

How long things take is held to a goal with `--long` only, and then to a wider one than by the rigs
themselves: the machine may have other work.
"""

import random

import numpy as np
import pytest

from tests.rigs.divergence import FAMILIES, experiment_of, watch
from tests.rigs.races import hammer
from tests.rigs.soak import FEWEST_SAMPLES, Sample, soak, summary
from tests.rigs.stops import close_once, command_times, stop_times


@pytest.fixture
def is_long(request):
    return request.config.getoption("--long")


def test_pause_takes_effect(qapp, amount, is_long):
    times = stop_times(amount(80, 10_000), seed=3)
    assert len(times) >= 80
    if is_long:
        assert np.percentile(times, 99) <= 0.2
        assert times.max() <= 1.0


def test_new_open_stop_reset_and_close_answer_while_training(qapp, amount, is_long):
    for name, times in command_times(amount(20, 1000), seed=4).items():
        assert len(times) > 0, name
        if is_long:
            assert np.percentile(times, 95) <= 0.5, name


def test_closing_while_training_ends_the_process_silently(amount, is_long):
    chance = random.Random(5)
    delays = [0, 300, 1100, *(chance.randrange(2500) for _ in range(amount(0, 500) - 3))]
    took = [close_once(after_ms) for after_ms in delays]
    if is_long:
        assert max(took) <= 3.0


def test_random_commands_leave_every_snapshot_whole(qapp, amount):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    assert hammer(amount(2000, 1_000_000), seed) > 0


def test_a_long_run_takes_no_more_memory_and_no_longer_frames(qapp, amount, is_long):
    found = soak(amount(1, 250) / 10, "spiral")
    assert found.frames > 0
    assert np.isfinite([found.slope, *found.frame_s, *found.gap_s]).all()
    if is_long:
        assert found.slope <= 10.0
        assert found.growth <= 1.5


def test_growing_memory_and_growing_frames_are_noticed():
    def sample(k, memory, work):
        return Sample(5.0 * k, memory, 100, work, 0.016)

    calm = summary([sample(k, 300.0, 0.3) for k in range(FEWEST_SAMPLES)])
    assert calm.slope == pytest.approx(0.0, abs=1e-9)
    assert (calm.growth, calm.frame_s[0]) == pytest.approx((1.0, 0.003))
    grown = summary([sample(k, 300.0 + k, 0.3 * 1.1**k) for k in range(FEWEST_SAMPLES)])
    assert grown.slope == pytest.approx(120.0)
    assert grown.growth > 1.5
    # What happens while everything warms up does not count.
    late = [sample(k, 300.0, 0.3) for k in range(10, 50)]
    assert summary([sample(1, 100.0, 9.0), *late]).slope == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("name", FAMILIES)
def test_divergence_is_seen_and_only_divergence(name, amount):
    family = FAMILIES[name]
    for seed in range(amount(6, 1000)):
        diverged, _ = watch(experiment_of(seed, family), family.edited)
        assert family.diverges in (None, diverged), seed
