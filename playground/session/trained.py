"""What the training thread asks of a run."""

from __future__ import annotations

from typing import Protocol

from playground.core.experiment import Experiment
from playground.core.focus import Focus
from playground.core.run_state import RunState
from playground.core.snapshot import Divergence, Parameters, Snapshot


class Trained(Protocol):
    """What the worker needs of a run; see :class:`playground.core.run.Run`."""

    experiment: Experiment
    divergence: Divergence | None
    n_resets: int

    @property
    def epoch(self) -> int:
        """Completed epochs."""

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch."""

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""

    @property
    def n_ops(self) -> int:
        """Scalar operations of the current batch."""

    @property
    def parameters(self) -> Parameters:
        """The weights and biases in force."""

    @property
    def blocks(self) -> int:
        """Blocks of samples swept so far; time is proportional to them."""

    @property
    def blocks_per_step(self) -> int:
        """Blocks of samples in a full batch."""

    def advance(self, max_steps: int, max_blocks: int) -> int:
        """Train for at most this many steps and blocks; return how many steps were completed."""

    def reset(self) -> None:
        """Start anew."""

    def apply(self, experiment: Experiment) -> None:
        """Take up another experiment."""

    def edit(self, parameters: Parameters) -> None:
        """Take weights and biases."""

    def open(self, experiment: Experiment, state: RunState | None) -> None:
        """Begin another experiment, or go on with a run that was saved."""

    def state(self) -> RunState:
        """Return all that is needed to go on bit for bit."""

    def go_back(self) -> None:
        """After divergence, take up the best state again."""

    def snapshot(
        self, *, maps: bool, output: bool, epochs_per_second: float, op: int, focus: Focus
    ) -> Snapshot:
        """Return what is in force."""
