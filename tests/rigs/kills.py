"""Processes that are killed: while they save, and while they train.

    python -m tests.rigs.kills [--saves 1000] [--apps 200] [--seed 1]

Goals: the file is always the old or the new one; at most 5 s of work are lost, and the next start
offers to bring the rest back.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playground.core.experiment import Experiment, presets
from playground.core.files import load_experiment, save_experiment
from playground.core.files.disk import TEMPORARY, sweep_temporaries
from playground.core.run import Run
from playground.session.recovery import Recovery

OLD, NEW = Experiment(), presets()["spiral"]
SNAPSHOT_S = 0.1

APP = """
import json, os, random, sys, time
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from playground.app import create_window
from playground.core.experiment import presets
chance = random.Random(int(sys.argv[2]))
application = QApplication([])
window = create_window(presets()["circle"])
window.files.keep_in(Path(sys.argv[1]))
controller = window.controller
def act():
    choice = chance.randrange(6)
    if choice < 3:
        controller.play()
    elif choice == 3:
        controller.pause()
    else:
        window.edits.edit(replace(controller.experiment, seed=chance.randrange(2**32)))
        controller.play()
    timer.start(chance.randrange(100, 1500))
timer = QTimer(singleShot=True, timeout=act)
def tell(snapshot):
    try:
        print(json.dumps([time.time(), snapshot.experiment.seed, snapshot.step]), flush=True)
    except BrokenPipeError:
        os._exit(1)  # the rig has been killed itself
def begin(snapshot):
    controller.snapshot_changed.disconnect(begin)
    act()
controller.snapshot_changed.connect(tell)
controller.snapshot_changed.connect(begin)
window.show()
application.exec()
"""


def kill_saves(count: int, seed: int) -> int:
    """Kill `count` processes while they save; return how many left a temporary file."""
    chance = random.Random(seed)
    run = Run(NEW)
    run.advance(50)
    state = run.state()
    left = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.tinyml"
        save_experiment(OLD, path)
        for _ in range(count):
            child = os.fork()
            if child == 0:
                try:
                    while True:
                        save_experiment(NEW, path, state)
                        save_experiment(OLD, path)
                finally:
                    os._exit(1)
            time.sleep(chance.random() * 0.02)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            found = load_experiment(path)
            assert found in (OLD, NEW), "torn"
            left += any(TEMPORARY.fullmatch(n) for n in os.listdir(folder))
            sweep_temporaries(folder)
            assert os.listdir(folder) == ["a.tinyml"], "not swept"
    return left


def kill_app(seed: int) -> float:
    """Kill an app during random use; return the seconds of work that were lost."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        with subprocess.Popen(
            [sys.executable, "-c", APP, name, str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as app:
            assert app.stdout is not None
            told = [tuple(json.loads(app.stdout.readline()))]  # it trains from here on
            time.sleep(2.5 + 7 * chance.random())
            app.kill()
            killed_at = time.time()
            told += [tuple(json.loads(line)) for line in app.stdout if line.endswith("\n")]
        recovery = Recovery(folder)
        left = recovery.find()
        recovery.own.release()
        assert left, "nothing was kept"
        (found,) = left
        assert not found.note.is_clean, "a killed app says that it was closed"
        assert not recovery.failed, recovery.failed
        found.slot.release()
        kept = found.document
        step = 0 if kept.state is None else kept.state.trainer.step
        return lost_seconds(told, kept.experiment.seed, step, killed_at)


def lost_seconds(
    told: list[tuple[float, int, int]], seed: int, step: int, killed_at: float
) -> float:
    """Return for how long what was kept, a step of the run of a seed, had been outdated.

    `told` are all snapshots: when, the run's seed, its step. While training rests nothing new is
    told of and nothing is lost; while it runs a snapshot is told of at least every SNAPSHOT_S.
    """
    own = [k for k, (_, run, _) in enumerate(told) if run == seed]
    if not own:
        return 0.0  # it was kept before anything was told of it
    beyond = [k for k in own if told[k][2] > step]
    first = beyond[0] if beyond else own[-1] + 1
    return killed_at - told[first][0] + SNAPSHOT_S if first < len(told) else 0.0


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--saves", type=int, default=100)
    parser.add_argument("--apps", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    left = kill_saves(options.saves, options.seed)
    print(f"{options.saves} saves killed, 0 torn files, {left} temporaries swept", flush=True)
    seeds = range(options.seed, options.seed + options.apps)
    lost = [(kill_app(seed), seed) for seed in seeds]
    if lost:
        most, seed = max(lost)
        print(
            f"{len(lost)} apps killed, all offered again, at most {most:.1f} s lost (seed {seed})"
        )


if __name__ == "__main__":
    main()
