"""The same experiment gives the same bits: again, in pieces, from a file, on other processors.

    python -m tests.rigs.determinism [--count 100] [--machines] [--seed 1]

`--machines` repeats a hash in processes that simulate other processors; each compiles anew.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
from dataclasses import replace

from playground.core.experiment import Experiment, Optimizer, presets
from playground.core.files import decode_experiment, encode_experiment
from playground.core.run import Run

STEPS = 600
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
    for name, optimizer in zip(names, Optimizer, strict=False):
        experiment = presets()[name]
        training = replace(experiment.training, optimizer=optimizer, learning_rate=0.01)
        made.append(replace(experiment, training=training))
    return made


def fingerprint(run: Run) -> str:
    """Return the SHA-256 of all a run is."""
    return hashlib.sha256(encode_experiment(run.experiment, run.state())).hexdigest()


def whole(experiment: Experiment) -> str:
    """Return the hash after STEPS steps in one go."""
    run = Run(experiment)
    run.advance(STEPS)
    return fingerprint(run)


def interrupted(experiment: Experiment, chance: random.Random) -> str:
    """Return the hash after as many steps, cut, looked at, saved and opened on the way."""
    run = Run(experiment)
    while run.step < STEPS:
        run.advance(min(chance.randint(1, 200), STEPS - run.step))
        choice = chance.randrange(3)
        if choice == 0:
            run.snapshot()
        elif choice == 1:
            run = Run(*decode_experiment(encode_experiment(run.experiment, run.state())))
    return fingerprint(run)


def on_machine(variables: dict[str, str]) -> str:
    """Return the hash of all experiments in a process with other variables."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rigs.determinism", "--hash"],
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
        env=os.environ | variables,
    )
    return done.stdout.strip()


def main() -> None:
    """Repeat and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--machines", action="store_true")
    parser.add_argument("--hash", action="store_true", help="only print the hash of all")
    options = parser.parse_args()
    if options.hash:
        print(hashlib.sha256("".join(map(whole, experiments())).encode()).hexdigest())
        return
    print(f"seed {options.seed}", flush=True)
    chance = random.Random(options.seed)
    golden = {experiment: whole(experiment) for experiment in experiments()}
    for k in range(options.count):
        experiment = list(golden)[k % len(golden)]
        assert interrupted(experiment, chance) == golden[experiment], experiment
    print(f"{options.count} interrupted runs, all equal to the uninterrupted ones", flush=True)
    if options.machines:
        found = {name: on_machine(variables) for name, variables in MACHINES.items()}
        for name, digest in found.items():
            print(f"{name}: {digest[:16]}", flush=True)
        assert len(set(found.values())) == 1


if __name__ == "__main__":
    main()
