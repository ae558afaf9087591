"""A run that only counts, for tests of the worker and the controller."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import numpy as np

from playground.core.experiment import Experiment
from playground.core.focus import Focus
from playground.core.snapshot import Divergence, Parameters


class FakeRun:
    """Counts steps; four batches make an epoch.

    `fail_at`, `diverge_at`: the step at which `advance` raises, or training diverges.
    `refuse`: an experiment that `apply` rejects; `too_large`: one that there is no memory for.
    """

    n_batches = 4
    fail_at: int | None = None
    diverge_at: int | None = None
    refuse: Experiment | None = None
    too_large: Experiment | None = None
    n_ops = 20

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.divergence: Divergence | None = None
        self.step = self.n_resets = 0
        self.calls: list[object] = []
        self.threads = {threading.get_ident()}
        self.weight: float | None = None

    @property
    def parameters(self) -> Parameters:
        """One weight: the number of steps made, or what a person set it to."""
        weight = float(self.step) if self.weight is None else self.weight
        return Parameters((np.array([[weight]]),), (np.zeros(1),))

    @property
    def epoch(self) -> int:
        return self.step // 4

    @property
    def batch(self) -> int:
        return self.step % 4

    blocks_per_step = 1

    @property
    def blocks(self) -> int:
        return self.step

    def advance(self, max_steps: int, max_blocks: int) -> int:
        self.threads.add(threading.get_ident())
        if self.fail_at is not None and self.step + max_steps >= self.fail_at:
            self.fail_at = None
            raise RuntimeError("a mistake in a chunk")
        done = min(max_steps, 10)
        if self.diverge_at is not None and self.step + done >= self.diverge_at:
            self.divergence = Divergence(self.epoch, 0, "it diverged")
        self.step += done
        return done

    def reset(self) -> None:
        self.calls.append("reset")
        self.step, self.divergence = 0, None

    def apply(self, experiment: Experiment) -> None:
        self.calls.append(experiment)
        if experiment == self.refuse:
            raise ValueError("this cannot be taken up")
        if experiment == self.too_large:
            raise MemoryError
        self.experiment = experiment
        self.divergence = None

    def open(self, experiment: Experiment, state: object) -> None:
        self.calls.append(("open", experiment, state))
        self.experiment, self.divergence = experiment, None
        self.step = 0 if state is None else int(str(state))

    def state(self) -> int:
        return self.step

    def go_back(self) -> None:
        self.calls.append("go back")
        self.divergence = None

    def edit(self, parameters: object) -> None:
        self.calls.append(parameters)
        if parameters == "wrong":
            raise ValueError("these do not fit")
        if isinstance(parameters, Parameters):
            self.weight = float(parameters.weights[0][0, 0])

    def snapshot(
        self, *, maps: bool, output: bool, epochs_per_second: float, op: int, focus: Focus
    ) -> SimpleNamespace:
        return SimpleNamespace(
            epoch=self.epoch,
            step=self.step,
            experiment=self.experiment,
            output=output,
            epochs_per_second=epochs_per_second,
            op=op,
            focus=focus,
            divergence=self.divergence,
        )
