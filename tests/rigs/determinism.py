"""The same experiment gives the same bits: again, in pieces, from a file, on other processors.

    python -m tests.rigs.determinism [--count 100] [--machines] [--seed 1]

`--count` runs are cut into pieces, and as many are used in the real window: played, paused,
stepped, resized, drawn and looked at. Files of all optimisers are trained on by another process.
`--machines` repeats a hash in processes that simulate other processors; each compiles anew. The
exit code is 1 if any hash differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication

from playground.app import create_window
from playground.core.experiment import Experiment, Optimizer, Speed, presets
from playground.core.files import decode_experiment, encode_experiment, load_run, save_experiment
from playground.core.focus import Focus, ParameterAddress
from playground.core.run import Run
from playground.core.run_state import RunState
from playground.ui.picture import PictureSpec, picture_bytes
from tests.pictures import picture_of
from tests.rigs.goals import Goals
from tests.rigs.waiting import turn, wait_until

ROOT = Path(__file__).parents[2]
STEPS = 600
EPOCHS = 60
"""How long a run in the window is, unless it has played further."""
ACTS = 12
SLOW = (Speed.OPS_100, Speed.BATCH_1, Speed.EPOCH_1, Speed.EPOCH_4)
MACHINES: dict[str, dict[str, str]] = {
    "this one": {},
    "generic": {"NUMBA_CPU_NAME": "generic"},
    "no AVX": {"NUMBA_ENABLE_AVX": "0"},
    "O1": {"NUMBA_OPT": "1"},
    "numpy's plain loops": {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"},
    "Nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "libm without FMA": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"},
}


def experiments() -> list[Experiment]:
    """Return one experiment per optimiser, on different data."""
    names = ("spiral", "circle", "plane", "xor-table", "moons", "hills")
    made = []
    for name, optimizer in zip(names, Optimizer, strict=True):
        experiment = presets()[name]
        training = replace(experiment.training, optimizer=optimizer, learning_rate=0.01)
        made.append(replace(experiment, training=training))
    return made


def fingerprint(experiment: Experiment, state: RunState) -> str:
    """Return the SHA-256 of all a run is: parameters, losses, the optimiser's arrays, counts."""
    return hashlib.sha256(encode_experiment(experiment, state)).hexdigest()


@cache
def whole(experiment: Experiment, steps: int = STEPS) -> str:
    """Return the hash after some steps in one go."""
    run = Run(experiment)
    run.advance(steps)
    return fingerprint(experiment, run.state())


def interrupted(experiment: Experiment, chance: random.Random) -> str:
    """Return the hash after STEPS steps, cut, looked at, saved and opened on the way."""
    run = Run(experiment)
    while run.step < STEPS:
        run.advance(min(chance.randint(1, 200), STEPS - run.step))
        choice = chance.randrange(3)
        if choice == 0:
            run.snapshot()
        elif choice == 1:
            run = Run(*decode_experiment(encode_experiment(run.experiment, run.state())))
    return fingerprint(experiment, run.state())


# Another process.


def gone_on_elsewhere(made: list[Experiment], chance: random.Random) -> list[str]:
    """Return the hashes of runs that are saved after random steps and end in one new process."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for k, experiment in enumerate(made):
            run = Run(experiment)
            run.advance(chance.randrange(1, STEPS))
            paths.append(Path(folder) / f"{k}.tinyml")
            save_experiment(experiment, paths[-1], run.state())
        return _in_a_new_process(["--go-on", *map(str, paths)], {}).split()


def gone_on(path: str) -> str:
    """Return the hash of a file's run, trained to STEPS steps."""
    experiment, state = load_run(path)
    assert state is not None, f"{path} has no run"
    run = Run(experiment, state)
    run.advance(STEPS - run.step)
    return fingerprint(experiment, run.state())


def on_machine(variables: dict[str, str]) -> str:
    """Return the hash of all experiments in a process with other variables."""
    return _in_a_new_process(["--hash"], variables)


def _in_a_new_process(options: list[str], variables: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rigs.determinism", *options],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        cwd=ROOT,
        env=os.environ | variables,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# The real window.


class Use:
    """Uses a window as a person might, without an edit: its run must be nothing but longer.

    The caller makes the QApplication; `close` when done.
    """

    def __init__(self, experiment: Experiment, chance: random.Random) -> None:
        self._experiment, self._chance = experiment, chance
        self._window = window = create_window(experiment)
        self._controller = controller = window.controller
        window.show()
        _wait(lambda: controller.snapshot is not None, controller.snapshot_changed, "start")
        self._acts: tuple[Callable[[], object], ...] = (
            *(self._play, self._play, controller.step_epoch, controller.step_batch),
            *(self._resize, self._draw, self._write, controller.take_state, self._look),
        )

    def train(self) -> tuple[int, str]:
        """Do random things, then step to the end of an epoch; return the steps and the hash."""
        for _ in range(ACTS):
            self._chance.choice(self._acts)()
        state = self._rested()
        goal = max(EPOCHS, state.trainer.epoch + (state.trainer.position > 0))
        for _ in range(goal - state.trainer.epoch):
            self._controller.step_epoch()
        shown = self._controller.snapshot_changed
        _wait(lambda: self._controller.snapshot.epoch >= goal, shown, f"epoch {goal}")
        state = self._rested()
        assert (state.trainer.epoch, state.trainer.position) == (goal, 0)
        return state.trainer.step, fingerprint(self._experiment, state)

    def close(self) -> None:
        """Close the window."""
        self._window.close()
        self._window.deleteLater()

    def _rested(self) -> RunState:
        """Pause and return the exact state: what was asked for before has been done or dropped."""
        controller = self._controller
        controller.pause()
        question = controller.take_state()
        _wait(lambda: controller.n_told >= question, controller.state_taken, "state")
        document = controller.last_state
        experiment = document.experiment.with_speed(self._experiment.training.speed)
        assert experiment == self._experiment
        assert document.state is not None
        return document.state

    # Acts.

    def _play(self) -> None:
        chance, controller = self._chance, self._controller
        controller.apply(self._experiment.with_speed(chance.choice(SLOW)))
        controller.play()
        for _ in range(chance.randint(1, 3)):
            turn(chance.randrange(60))
            chance.choice((self._resize, self._draw, self._look, controller.take_state))()
        controller.pause()

    def _resize(self) -> None:
        self._window.resize(self._chance.randint(400, 1900), self._chance.randint(300, 1200))

    def _draw(self) -> None:
        image = picture_of(self._window, self._random_view(), self._chance.uniform(0.5, 2.0))
        assert not image.isNull()

    def _write(self) -> None:
        ending = self._chance.choice((".png", ".svg", ".pdf"))
        size = self._chance.choice((None, (800, 600)))
        view, theme = self._window.views[self._random_view()], self._window.appearance.theme
        assert picture_bytes(view, ending, PictureSpec(size), theme)

    def _random_view(self) -> str:
        return self._chance.choice([name for name in self._window.views if name != "window"])

    def _look(self) -> None:
        weights = frozenset({ParameterAddress(0, 0, self._chance.choice((None, 0)))})
        asked = Focus(
            weights, frozenset({(0.25, -0.5)}), series=True, trails=frozenset({0}), neuron=(0, 0)
        )
        self._controller.look_at(self._chance.choice((asked, Focus())), "rig")


def _wait(true: Callable[[], bool], changed: SignalInstance, what: str) -> None:
    wait_until(true, changed, what, timeout_s=60.0)


def used(experiment: Experiment, chance: random.Random) -> tuple[int, str]:
    """Return how many steps a used window has made, and the hash of its run."""
    use = Use(experiment, chance)
    try:
        return use.train()
    finally:
        use.close()


def main() -> int:
    """Repeat and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--machines", action="store_true")
    parser.add_argument("--hash", action="store_true", help="only print the hash of all")
    parser.add_argument("--go-on", nargs="+", metavar="FILE", help="only print these runs' hashes")
    options = parser.parse_args()
    if options.hash:
        print(hashlib.sha256("".join(map(whole, experiments())).encode()).hexdigest())
        return 0
    if options.go_on:
        print(*map(gone_on, options.go_on), sep="\n")
        return 0
    print(f"seed {options.seed}", flush=True)
    chance, goals, made = random.Random(options.seed), Goals(), experiments()
    some = [made[k % len(made)] for k in range(options.count)]
    equal = sum(interrupted(experiment, chance) == whole(experiment) for experiment in some)
    goals.at_least("runs in pieces with the hash of the whole", equal, len(some))
    application = QApplication([])
    equal = sum(_is_equal_when_used(experiment, chance) for experiment in some)
    del application
    goals.at_least("runs in a used window with the hash of the whole", equal, len(some))
    found = gone_on_elsewhere(made, chance)
    equal = sum(map(str.__eq__, found, map(whole, made)))
    goals.at_least("files gone on with elsewhere with the hash of the whole", equal, len(made))
    if options.machines:
        golden = on_machine({})
        for name, variables in MACHINES.items():
            goals.at_least(f"same hash on {name}", on_machine(variables) == golden, 1)
    return goals.code


def _is_equal_when_used(experiment: Experiment, chance: random.Random) -> bool:
    steps, found = used(experiment, chance)
    is_equal = found == whole(experiment, steps)
    if not is_equal:
        print(f"{experiment.data.kind.value}: another hash after {steps} steps", flush=True)
    return is_equal


if __name__ == "__main__":
    sys.exit(main())
