"""How it is measured: contenders take turns, and the median of their turns counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from tests.benchmarks.contenders import CONTENDERS, Training
from tests.benchmarks.workloads import Workload

TURN_S = 0.05
"""Time that a turn should take."""
LONGEST_S = 3.0
"""Above, fewer samples are trained on and the time is scaled up: cost is linear in samples."""
FEWER = 10


@dataclass
class Entry:
    """One contender at one workload; times are seconds per epoch."""

    contender: str
    training: Training | None
    scale: float = 1.0
    epochs: int = 1
    seconds: list[float] = field(default_factory=list)
    reason: str = ""
    loss: float = float("nan")

    @property
    def microseconds(self) -> float | None:
        """Median time of an epoch; None where the contender is not installed."""
        return 1e6 * median(self.seconds) * self.scale if self.seconds else None

    def take_turn(self) -> None:
        """Train for one turn and note the time."""
        if self.training is None or (self.seconds and self.seconds[0] * self.scale > LONGEST_S):
            return
        started = perf_counter()
        self.training(self.epochs)
        self.seconds.append((perf_counter() - started) / self.epochs)


def prepare(name: str, workload: Workload) -> Entry:
    """Set a contender up, warm it up and find how many epochs make a turn."""
    try:
        part, scale = workload, 1.0
        if name in ("micrograd", "plain twin"):
            work = workload.n_samples * workload.n_parameters * (2e-5 if name[0] == "m" else 1e-4)
            if work > LONGEST_S:
                n = max(1, min(FEWER, int(workload.n_samples * LONGEST_S / work)))
                part, scale = workload.part(n), workload.n_samples / n
        training = CONTENDERS[name](part)
    except ImportError as error:
        return Entry(name, None, reason=f"not installed ({error.name})")
    entry = Entry(name, training, scale)
    if scale == 1.0:
        entry.loss = training(1)
    epochs, seconds = 1, 0.0
    while seconds < 0.2 * TURN_S:
        epochs = epochs * 4 if seconds else 1
        training(epochs)  # JAX compiles anew for every number of epochs
        started = perf_counter()
        training(epochs)
        seconds = perf_counter() - started
    entry.epochs = max(1, round(epochs * TURN_S / seconds)) if seconds < TURN_S else epochs
    if entry.epochs != epochs and name == "JAX":
        training(entry.epochs)
    return entry


def measure(workload: Workload, turns: int) -> list[Entry]:
    """Measure every contender at one workload; they must agree on the first epoch's loss."""
    entries = [prepare(name, workload) for name in CONTENDERS]
    for _ in range(turns):
        for entry in entries:
            entry.take_turn()
    expected = entries[0].loss
    for entry in entries:
        if entry.loss == entry.loss and abs(entry.loss - expected) > 1e-9 * abs(expected):
            raise AssertionError(f"{entry.contender} computes something else at {workload.name}")
    return entries
