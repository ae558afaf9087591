"""The rigs of stopping, closing, racing and diverging, short; `--long` runs a tenth of all."""

import random

import numpy as np

from tests.rigs.divergence import experiment_of, watch
from tests.rigs.races import hammer
from tests.rigs.stops import close_once, command_times, stop_times


def test_pause_takes_effect_at_once(qapp, amount):
    times = stop_times(amount(80, 10_000), seed=3)
    assert np.percentile(times, 90) <= 0.2


def test_new_open_stop_reset_and_close_are_quick_while_training(qapp, amount):
    for name, times in command_times(amount(40, 1000), seed=4).items():
        assert np.median(times) <= (1.0 if name == "close" else 0.2), name


def test_closing_while_training_ends_the_process_silently(amount):
    chance = random.Random(5)
    for k in range(amount(3, 500)):
        close_once([0, 300, 1100][k] if k < 3 else chance.randrange(2500))


def test_random_commands_leave_every_snapshot_whole(qapp, amount):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    assert hammer(amount(4000, 1_000_000), seed) > 0


def test_divergence_is_seen_and_only_divergence(amount):
    for seed in range(amount(15, 1000)):
        assert watch(experiment_of(seed, diverging=True))[0], seed
        assert not watch(experiment_of(seed, diverging=False))[0], seed
