"""The monkey rig, short, and proof that it notices what it is there for."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from playground.app import create_window
from playground.core.experiment import presets
from tests.rigs.monkey import BrokenError, Monkey, play

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", [11, 12])
def test_six_hundred_random_events_break_nothing(seed):
    # In a process of its own: what the monkey leaves behind must not fail the tests after it.
    command = [sys.executable, "-m", "tests.rigs.monkey", "--count", "600", "--seed", str(seed)]
    played = subprocess.run(command, capture_output=True, text=True, timeout=250, cwd=ROOT)
    assert played.returncode == 0, played.stdout + played.stderr
    assert "600 events in" in played.stdout


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20, 30))
def test_random_events_break_nothing_for_long(qapp, seed):
    play(3000, seed)


def test_the_monkey_notices_a_view_that_shows_something_else(qtbot):
    window = create_window(presets()["circle"])
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
        window.show()
    monkey = Monkey(window, 0)
    monkey.check()
    shown = window.controller.experiment
    window.left.show_experiment(replace(shown, training=replace(shown.training, batch_size=3)))
    with pytest.raises(BrokenError, match="the left shows something else"):
        monkey.check()
    window.close()
