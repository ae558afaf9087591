"""The monkey rig, short, and proof that it notices what it is there for."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from playground.app import create_window
from playground.core.experiment import presets
from playground.ui.main_window import MainWindow
from tests.rigs.monkey import BrokenError, Monkey, play

ROOT = Path(__file__).parents[2]
FULL = 300_000
FIRST_SEED = 11
CAMPAIGN_S = 250


def pytest_generate_tests(metafunc):
    """Play two short campaigns; with `--long` a tenth of all events, in long ones."""
    if "n_events" in metafunc.fixturenames:
        is_long = metafunc.config.getoption("--long")
        n_events, n_campaigns = (1500, FULL // 10 // 1500) if is_long else (400, 2)
        seeds = range(FIRST_SEED, FIRST_SEED + n_campaigns)
        metafunc.parametrize(("n_events", "seed"), [(n_events, seed) for seed in seeds])


def test_random_events_break_nothing(n_events, seed):
    # In a process of its own: what the monkey leaves behind must not fail the tests after it.
    given = ["--count", str(n_events), "--seed", str(seed)]
    command = [sys.executable, "-m", "tests.rigs.monkey", *given]
    played = subprocess.run(command, capture_output=True, text=True, timeout=CAMPAIGN_S, cwd=ROOT)
    assert played.returncode == 0, played.stdout + played.stderr
    assert f"{n_events} events in" in played.stdout


@pytest.fixture
def monkey(qtbot):
    window = create_window(presets()["circle"])
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
        window.show()
    yield Monkey(window, 0)
    window.close()


def test_the_monkey_notices_a_view_that_shows_something_else(monkey):
    monkey.check()
    shown = monkey.window.controller.experiment
    other = replace(shown, training=replace(shown.training, batch_size=3))
    monkey.window.left.show_experiment(other)
    with pytest.raises(BrokenError, match="the left shows something else"):
        monkey.check()


@pytest.mark.parametrize("page", ["weights", "gradients", "activations"])
def test_the_monkey_notices_a_tab_of_another_state(monkey, page):
    window, snapshot = monkey.window, monkey.window.controller.snapshot
    view = getattr(window.right, page)
    window.right.tabs.setCurrentIndex(window.right.stack.indexOf(view))
    monkey.check()
    first = snapshot.layers[0]
    wrong = replace(
        first,
        weights=first.weights + 1.0,
        neuron_gradients=first.neuron_gradients + 1.0,
        histogram=first.histogram + 1,
    )
    view.show_snapshot(replace(snapshot, layers=(wrong, *snapshot.layers[1:])))
    with pytest.raises(BrokenError, match=r"of layer 0: \[?\d"):
        monkey.check()


def test_the_monkey_notices_a_figure_that_is_not_true(monkey):
    window = monkey.window
    monkey.check()  # all true, and shown everywhere
    window.run_bar.train.show_value("0.1234")
    window.status.nodes.setText("1 sample = 7 scalar nodes")
    with pytest.raises(BrokenError, match=r"train loss: 0\.1234 is shown.*\n.*nodes: 7 is shown"):
        monkey.check()


def test_the_monkey_notices_a_graph_of_another_state(monkey):
    window, snapshot = monkey.window, monkey.window.controller.snapshot
    window.bottom.reduced_motion = True
    window.bottom.set_open(True)
    monkey.check()
    weights = (snapshot.parameters.weights[0] + 1.0, *snapshot.parameters.weights[1:])
    other = replace(snapshot, parameters=replace(snapshot.parameters, weights=weights))
    window.graph.dock.show_snapshot(other)
    with pytest.raises(BrokenError, match="parameters of the graph"):
        monkey.check()


def test_the_monkey_notices_what_goes_wrong_while_the_window_closes(qapp, monkeypatch):
    close = MainWindow.closeEvent

    def complain(window, event):
        qWarning("not like this")
        close(window, event)

    monkeypatch.setattr(MainWindow, "closeEvent", complain)
    with pytest.raises(BrokenError, match=r"on closing\n.*not like this"):
        play(1, 0)
