"""How long Pause and closing take while training runs.

    python -m tests.rigs.stops [--count 10000] [--closes 500] [--seed 1]

Goals: from Pause to the paused state p99 ≤ 50 ms and max ≤ 200 ms; a process whose window is
closed while it trains ends with exit code 0 within 1 s and prints nothing.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.experiment import presets
from playground.core.snapshot import Activity
from playground.session.controller import Controller
from tests.rigs.waiting import turn, wait_until

CLOSING = """
import os, sys, time
from PySide6.QtCore import QTimer
import playground.app as app
real = app.create_window
def create_window(experiment):
    window = real(experiment)
    window.controller.play()
    def close():
        window.close()
    QTimer.singleShot(int(sys.argv[1]), close)
    create_window.window = window
    return window
app.create_window = create_window
began = time.monotonic()
def end(code, leave):
    print(code, time.monotonic() - began - int(sys.argv[1]) / 1000, flush=True)
    leave(code)
leave_at_once = os._exit
os._exit = lambda code: end(code, leave_at_once)  # while kernels are still being loaded
end(app.run(), sys.exit)
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


def close_once(after_ms: int) -> float:
    """Open the app in a process, close its window while it trains; return how long it took (s).

    Raises
    ------
    AssertionError
        If the process did not end well or said something.
    """
    done = subprocess.run(
        [sys.executable, "-c", CLOSING, str(after_ms)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert done.stderr == "", done.stderr
    return float(done.stdout.split()[1])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--closes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    application = QApplication([])
    times = 1000 * stop_times(options.count, options.seed)
    p50, p99 = np.percentile(times, [50, 99])
    print(f"{len(times)} stops: p50 {p50:.1f} ms, p99 {p99:.1f} ms, max {times.max():.1f} ms")
    chance = random.Random(options.seed)
    closes = [close_once(chance.randrange(2500)) for _ in range(options.closes)]
    if closes:
        print(f"{len(closes)} closes, all exit 0 and silent, longest {1000 * max(closes):.0f} ms")
    del application


if __name__ == "__main__":
    main()
