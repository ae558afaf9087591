"""Processes that are killed: while they save, and while they train.

    python -m tests.rigs.kills [--count 1000] [--saves 1000] [--apps 200] [--seed 1]

Goals: the file is always the old or the new one; at most 5 s of work are lost, and the next start
offers to bring the rest back. `--count` is for both, `--saves` and `--apps` are for one.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from playground.core.experiment import Experiment, presets
from playground.core.files import encode_experiment, save_experiment
from playground.core.files.disk import TEMPORARY, sweep_temporaries
from playground.core.parameters import from_flat
from playground.core.run import Run
from playground.core.run_state import RunState
from playground.session.recovery import Recovery
from tests.rigs.goals import Goals
from tests.rigs.homes import home_in
from tests.rigs.options import parser_of
from tests.rigs.used_app import marked_step

ROOT = Path(__file__).parents[2]
OLD, NEW = Experiment(), presets()["spiral"]
SNAPSHOT_S = 0.1
MOST_LOST_S = 5.0
LONGEST_S = 0.02
"""How long a process may save before it is killed."""


@dataclass
class KilledSaves:
    """What was found after the kills: files of each kind, and temporary files that were left."""

    n_old: int = 0
    n_new: int = 0
    n_torn: int = 0
    n_left: int = 0


def kill_saves(count: int, seed: int) -> KilledSaves:
    """Kill `count` processes while they save; return what they left.

    Raises
    ------
    AssertionError
        If one of them ended by itself, or left what is not swept.
    """
    chance = random.Random(seed)
    run = Run(NEW)
    run.advance(50)
    state = run.state()
    old, new = encode_experiment(OLD), encode_experiment(NEW, state)
    found = KilledSaves()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "a.tinyml"
        save_experiment(OLD, path)
        for _ in range(count):
            child = os.fork()
            if child == 0:
                _save_for_ever(path, state)
            time.sleep(chance.random() * LONGEST_S)
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            assert killed, f"saving failed by itself, status {status}"
            data = path.read_bytes()
            found.n_old += data == old
            found.n_new += data == new
            if data not in (old, new):
                found.n_torn += 1
                path.write_bytes(old)
            found.n_left += any(TEMPORARY.fullmatch(n) for n in os.listdir(folder))
            sweep_temporaries(folder)
            assert os.listdir(folder) == ["a.tinyml"], "not swept"
    return found


def _save_for_ever(path: Path, state: RunState) -> None:
    try:
        while True:
            save_experiment(NEW, path, state)
            save_experiment(OLD, path)
    except BaseException:  # noqa: BLE001  # nothing may get out into the parent's copy of this code
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(1)


def kill_app(seed: int) -> float:
    """Kill an app during random use; return the seconds of work that were lost.

    Raises
    ------
    AssertionError
        If nothing was kept, or not as the work of a killed app.
    """
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = home / "sessions"
        with subprocess.Popen(
            [sys.executable, "-m", "tests.rigs.used_app", str(folder), str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=home_in(home),
        ) as app:
            assert app.stdout is not None
            first = app.stdout.readline()
            assert first, "the app did not start"
            told = [tuple(json.loads(first))]  # it trains from here on
            time.sleep(2.5 + 7 * chance.random())
            assert app.poll() is None, f"the app ended by itself, exit code {app.returncode}"
            app.kill()
            killed_at = time.time()
            told += [tuple(json.loads(line)) for line in app.stdout if line.endswith("\n")]
        recovery = Recovery(folder)
        left = recovery.find()
        recovery.own.release()
        assert left, f"nothing was kept {recovery.failed}"
        (found,) = left
        found.slot.release()
        assert not found.note.is_clean, "a killed app says that it was closed"
        assert not recovery.failed, recovery.failed
        kept = found.document
        step = 0.0
        if kept.state is not None:
            network = kept.experiment.network
            parameters = from_flat(kept.state.trainer.parameters, network)
            step = marked_step(kept.state.trainer.step, parameters)
        return lost_seconds(told, kept.experiment.seed, step, killed_at)


def lost_seconds(
    told: list[tuple[float, int, float]], seed: int, step: float, killed_at: float
) -> float:
    """Return for how long what was kept, a step of the run of a seed, had been outdated.

    `told` is all there was: when, the run's seed, its step; a run is told of before it begins.
    While training rests nothing new is told of and nothing is lost; while it runs a snapshot is
    told of at least every SNAPSHOT_S.
    """
    order: dict[int, int] = {}
    for _, run, _ in told:
        order.setdefault(run, len(order))
    assert seed in order, f"what was kept, seed {seed}, was never there"
    newer = [when for when, run, at in told if (order[run], at) > (order[seed], step)]
    return killed_at - min(newer) + SNAPSHOT_S if newer else 0.0


def main() -> int:
    """Kill and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--count", type=int, help="processes of each kind")
    parser.add_argument("--saves", type=int, help="processes that save, else 100")
    parser.add_argument("--apps", type=int, help="apps in use, else 3")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    saves, apps = (
        next(n for n in (own, options.count, usual) if n is not None)
        for own, usual in ((options.saves, 100), (options.apps, 3))
    )
    print(f"seed {options.seed}", flush=True)
    goals = Goals()
    if saves:
        found = kill_saves(saves, options.seed)
        print(
            f"{saves} saves killed: {found.n_old} old files, {found.n_new} new files,"
            f" {found.n_left} temporaries swept",
            flush=True,
        )
        goals.at_most("torn files", found.n_torn, 0)
        if saves >= 100:
            goals.at_least("kills amid or after a save", found.n_new + found.n_left, 1)
    lost = []
    for seed in range(options.seed, options.seed + apps):
        with goals.trial(f"app of seed {seed}"):
            lost.append((kill_app(seed), seed))
    if lost:
        most, seed = max(lost)
        print(f"{apps} apps killed, the work of {len(lost)} is offered again")
        goals.at_most(f"work lost, most by seed {seed}", most, MOST_LOST_S, " s")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
