"""A rig says which goal was missed, and ends with it."""

import math

import pytest

from tests.rigs.goals import Goals


def test_a_missed_goal_is_the_exit_code_and_the_rest_is_still_told(capsys):
    goals = Goals()
    goals.at_most("first", 60.0, 50, " ms")
    goals.at_most("second", 40.0, 50, " ms")
    goals.at_least("third", 95.0, 90, " %")
    assert goals.code == 1
    assert [text.split(":")[0] for text in goals.missed] == ["first"]
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["MISSED", "holds", "holds"]


def test_goals_that_are_just_reached_hold():
    goals = Goals()
    goals.at_most("most", 50, 50)
    goals.at_least("least", 90, 90)
    assert goals.code == 0


def test_what_is_no_number_reaches_no_goal():
    goals = Goals()
    goals.at_most("most", math.nan, 50)
    goals.at_least("least", math.nan, 90)
    assert len(goals.missed) == 2


def test_gaps_are_held_to_p99_and_longest():
    goals = Goals()
    goals.gaps("smooth", [0.016] * 200)
    assert goals.code == 0
    goals.gaps("rough", [0.016] * 195 + [0.05] * 5)
    goals.gaps("stuck", [0.016] * 1000 + [0.2])
    assert [text.split(":")[0] for text in goals.missed] == ["rough, p99 gap", "stuck, longest gap"]


def test_a_failed_trial_is_told_and_the_next_begins():
    goals = Goals()
    with goals.trial("one"):
        raise AssertionError("no file")
    with goals.trial("two"):
        pass
    assert goals.missed == ["one: no file"]
    with pytest.raises(KeyError), goals.trial("a mistake in the rig"):
        raise KeyError
