"""The rigs of files, kills and environments, short; `--long` runs a tenth of all."""

import random
from dataclasses import replace

import numpy as np
import pytest

from playground.core.experiment import presets
from playground.core.run import Run
from tests.rigs import environments, files, kills, used_app


def test_mutated_files_are_opened_or_refused(amount, request):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    took, outcomes = files.fuzz(amount(1500, 1_000_000), seed)
    assert outcomes["refused"] > outcomes["opened"] > 0
    if request.config.getoption("--long"):
        assert np.percentile(took, 99.9) <= files.P999_MS / 1000


def test_a_save_that_is_killed_leaves_the_old_or_the_new_file(amount):
    count = amount(30, 1000)
    found = kills.kill_saves(count, seed=random.SystemRandom().randrange(10**6))
    assert found.n_torn == 0
    assert found.n_old + found.n_new == count
    assert found.n_new + found.n_left > 0  # else they were killed before they saved


def test_a_save_that_fails_by_itself_is_no_killed_one(monkeypatch, capfd):
    def fail(_experiment, _path, state=None):
        if state is not None:
            raise OSError("no disk")

    monkeypatch.setattr(kills, "save_experiment", fail)
    monkeypatch.setattr(kills, "LONGEST_S", 2.0)
    with pytest.raises(AssertionError, match="failed by itself"):
        kills.kill_saves(3, seed=1)
    assert "OSError: no disk" in capfd.readouterr().err


@pytest.mark.parametrize("seed", [5])
def test_an_app_that_is_killed_loses_at_most_five_seconds(amount, seed):
    for k in range(amount(1, 200)):
        assert kills.kill_app(seed + k) <= kills.MOST_LOST_S


def test_only_what_was_told_of_after_the_kept_step_counts_as_lost():
    told = [(1.0, 7, 0), (5.0, 7, 10), (5.5, 7, 20), (6.0, 8, 0), (6.5, 8, 5)]
    frame = kills.SNAPSHOT_S
    assert kills.lost_seconds(told[:1], 7, 0, 5.0) == 0.0  # it rested
    assert kills.lost_seconds(told, 7, 0, 7.0) == 2.0 + frame
    assert kills.lost_seconds(told, 7, 15, 7.0) == 1.5 + frame
    assert kills.lost_seconds(told, 7, 20, 7.0) == 1.0 + frame
    assert kills.lost_seconds(told, 8, 5, 7.0) == 0.0
    # The last picture of a run may come when the next has been asked for.
    assert kills.lost_seconds([*told, (6.6, 7, 30)], 8, 5, 7.0) == 0.0
    with pytest.raises(AssertionError, match="was never there"):
        kills.lost_seconds(told, 9, 0, 7.0)


def test_an_edit_of_a_weight_counts_as_work_of_its_step():
    parameters = Run(presets()["circle"]).parameters
    assert used_app.marked_step(10, parameters) == 10
    biases = [row.copy() for row in parameters.biases]
    biases[-1][-1] = 2 * used_app.MARK
    edited = used_app.marked_step(10, replace(parameters, biases=tuple(biases)))
    assert edited == 10.002
    told = [(1.0, 7, 10.0), (4.0, 7, 10.001), (5.0, 7, 10.002)]
    assert kills.lost_seconds(told, 7, edited, 6.0) == 0.0
    assert kills.lost_seconds(told, 7, 10.001, 6.0) == 1.0 + kills.SNAPSHOT_S


SHORT = ("LANG=C", "no OpenGL in Qt")


@pytest.mark.parametrize("name", environments.PLACES)
def test_the_app_trains_in_every_environment_or_says_why_not(name, tmp_path, request):
    if name not in SHORT and not request.config.getoption("--long"):
        pytest.skip("with --long only")
    environments.start_in(name, tmp_path)
