"""How long Pause and closing take while training runs.

    python -m tests.rigs.stops [--count 10000] [--closes 500] [--commands 1000] [--seed 1]

Goals: from Pause to the paused state p99 ≤ 50 ms and max ≤ 200 ms; a process whose window is
closed while it trains ends with exit code 0 within 1 s and prints nothing; New, Open, Stop, Reset
and closing keep the window at most 200 ms while it trains. `--count` is the number of stops; 0 of
anything leaves it out.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.experiment import presets
from playground.core.files import save_experiment
from playground.core.snapshot import Activity
from playground.session.controller import Controller
from tests.rigs.goals import Goals
from tests.rigs.homes import home_in
from tests.rigs.options import parser_of
from tests.rigs.waiting import turn, wait_until

ROOT = Path(__file__).parents[2]
COMMANDS_PER_WINDOW = 20
STOP_P99_MS, STOP_MAX_MS = 50, 200
COMMAND_MAX_MS = 200
CLOSE_MAX_S = 1.0
CLOSING = """
import sys, time
from PySide6.QtCore import QTimer
import playground.app as app
from playground.__main__ import main
real = app.create_window
def create_window(experiment):
    window = real(experiment)
    window.controller.play()
    def close():
        print(time.monotonic(), flush=True)
        window.close()
    QTimer.singleShot(int(sys.argv[1]), close)
    create_window.window = window
    return window
app.create_window = create_window
sys.exit(main([]))
"""


def stop_times(count: int, seed: int) -> np.ndarray:
    """Return the seconds from `count` Pause commands to the paused state."""
    chance = random.Random(seed)
    names = ("spiral", "xor-table", "circle", "hills")
    times = []
    for name in names:
        controller = Controller(presets()[name])
        controller.start()
        wait_until(
            lambda c=controller: c.snapshot is not None, controller.snapshot_changed, "start"
        )
        changed = controller.activity_changed
        for _ in range(-(-count // len(names))):
            controller.play()
            wait_until(lambda c=controller: c.activity is Activity.RUNNING, changed, "start")
            turn(chance.randrange(40))
            began = time.perf_counter()
            controller.pause()
            wait_until(lambda c=controller: c.activity is Activity.PAUSED, changed, "pause")
            times.append(time.perf_counter() - began)
        controller.shut_down()
    return np.array(times)


def command_times(count: int, seed: int) -> dict[str, np.ndarray]:
    """Return the seconds that each kind of `count` commands keeps a training window."""
    from playground.app import create_window

    chance = random.Random(seed)
    times: dict[str, list[float]] = {name: [] for name in ("new", "open", "stop", "reset", "close")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tinyml"
        save_experiment(presets()["spiral"], path)
        done = 0
        while done < count:
            window = create_window(presets()["circle"])
            controller, edits = window.controller, window.edits
            acts = {
                "new": lambda e=edits: e.replace_experiment(presets()["moons"], "new"),
                "open": lambda f=window.files: f.open_now(path),
                "stop": controller.pause,
                "reset": controller.reset,
            }
            try:
                window.show()
                wait_until(
                    lambda c=controller: c.snapshot is not None,
                    controller.snapshot_changed,
                    "start",
                )
                for _ in range(min(COMMANDS_PER_WINDOW, count - done)):
                    controller.play()
                    turn(chance.randrange(60))
                    name = chance.choice(list(acts))
                    times[name].append(_seconds(acts[name]))
                    done += 1
                controller.play()
                turn(chance.randrange(60))
            finally:
                times["close"].append(_seconds(window.close))
                window.deleteLater()
    return {name: np.array(found) for name, found in times.items()}


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def close_once(after_ms: int) -> float:
    """Open the app in a process, close its window while it trains; return how long it took (s).

    Raises
    ------
    AssertionError
        If the process did not end well or said something.
    """
    command = [sys.executable, "-c", CLOSING, str(after_ms)]
    with tempfile.TemporaryDirectory() as folder:
        home = home_in(Path(folder))
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=ROOT, env=home
        )
        ended = time.monotonic()  # the same clock as the process's own
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert done.stderr == "", done.stderr
    return ended - float(done.stdout)


def _print(name: str, seconds: np.ndarray) -> None:
    times = 1000 * seconds
    p50, p99 = np.percentile(times, [50, 99])
    print(
        f"{len(times)} × {name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {times.max():.1f} ms",
        flush=True,
    )


def main() -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--closes", type=int, default=20)
    parser.add_argument("--commands", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    application = QApplication([])
    goals = Goals()
    if options.count:
        times = stop_times(options.count, options.seed)
        _print("stop to paused", times)
        goals.at_most("stop, p99", 1000 * float(np.percentile(times, 99)), STOP_P99_MS, " ms")
        goals.at_most("stop, longest", 1000 * times.max(), STOP_MAX_MS, " ms")
    if options.commands:
        for name, found in command_times(options.commands, options.seed).items():
            if len(found):
                _print(name, found)
                goals.at_most(f"{name}, longest", 1000 * found.max(), COMMAND_MAX_MS, " ms")
    chance = random.Random(options.seed)
    closes = []
    for k in range(options.closes):
        with goals.trial(f"close {k}"):
            closes.append(close_once(chance.randrange(2500)))
    if closes:
        print(f"{len(closes)} of {options.closes} closes with exit code 0 and in silence")
        goals.at_most("close, longest", max(closes), CLOSE_MAX_S, " s")
    del application
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
