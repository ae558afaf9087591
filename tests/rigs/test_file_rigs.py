"""The rigs of files, kills, environments and determinism, short; `--long` runs a tenth of all."""

import random

import numpy as np
import pytest

from tests.rigs import determinism, environments, files, kills


def test_mutated_files_are_opened_or_refused(amount, request):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    took, outcomes = files.fuzz(amount(1500, 1_000_000), seed)
    assert outcomes["refused"] > outcomes["opened"] > 0
    if request.config.getoption("--long"):
        assert np.percentile(took, 99.9) <= 0.05


def test_a_save_that_is_killed_leaves_the_old_or_the_new_file(amount):
    kills.kill_saves(amount(30, 1000), seed=random.SystemRandom().randrange(10**6))


@pytest.mark.parametrize("seed", [5])
def test_an_app_that_is_killed_loses_at_most_five_seconds(amount, seed):
    for k in range(amount(1, 200)):
        assert kills.kill_app(seed + k) <= 5.0


def test_only_what_was_told_of_after_the_kept_step_counts_as_lost():
    told = [(1.0, 7, 0), (5.0, 7, 10), (5.5, 7, 20), (6.0, 8, 0), (6.5, 8, 5)]
    frame = kills.SNAPSHOT_S
    assert kills.lost_seconds(told[:1], 7, 0, 5.0) == 0.0  # it rested
    assert kills.lost_seconds(told, 7, 0, 7.0) == 2.0 + frame
    assert kills.lost_seconds(told, 7, 15, 7.0) == 1.5 + frame
    assert kills.lost_seconds(told, 7, 20, 7.0) == 1.0 + frame
    assert kills.lost_seconds(told, 8, 5, 7.0) == 0.0
    assert kills.lost_seconds(told, 9, 0, 7.0) == 0.0


SHORT = ("LANG=C", "HOME a file")


@pytest.mark.parametrize("name", environments.PLACES)
def test_the_app_trains_in_every_environment(name, tmp_path, request):
    if name not in SHORT and not request.config.getoption("--long"):
        pytest.skip("with --long only")
    environments.start_in(name, tmp_path)


@pytest.mark.parametrize("experiment", determinism.experiments(), ids=lambda e: e.data.kind.value)
def test_interrupted_runs_have_the_same_bits(experiment, amount):
    chance = random.Random(9)
    golden = determinism.whole(experiment)
    for _ in range(amount(2, 20)):
        assert determinism.interrupted(experiment, chance) == golden


def test_other_processors_give_the_same_bits(request):
    if not request.config.getoption("--long"):
        pytest.skip("compiles the kernels for each: with --long only")
    found = {name: determinism.on_machine(v) for name, v in determinism.MACHINES.items()}
    assert len(set(found.values())) == 1, found
