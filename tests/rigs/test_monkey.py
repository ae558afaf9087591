"""The monkey rig, short, and proof that it notices what it is there for."""

from dataclasses import replace

import pytest

from playground.app import create_window
from playground.core.experiment import presets
from tests.rigs.monkey import BrokenError, Monkey, play


@pytest.mark.parametrize("seed", [11, 12])
def test_six_hundred_random_events_break_nothing(qapp, seed):
    monkey = play(600, seed)
    assert monkey.kinds.total() == 600


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
