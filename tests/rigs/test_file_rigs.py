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
