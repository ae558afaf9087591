"""Trains a run to given epochs, for exports, and tells how far it is."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from playground.core.run import Run

REPORTS = 10
NO_SAMPLES = "there are no samples to train on"


def train_to(run: Run, epoch: int) -> Iterator[int]:
    """Train until `epoch` epochs are complete, or training diverges; yield now and then how many.

    The run stands at the very end of that epoch afterwards.

    Raises
    ------
    ValueError
        If there are epochs to train, but no samples.
    """
    first = run.epoch
    every = max(1, (epoch - first) // REPORTS)
    while run.epoch < epoch and run.divergence is None:
        goal = min(epoch, run.epoch + every)
        while run.epoch < goal and run.divergence is None:
            if run.advance(run.n_batches - run.batch) == 0 and run.divergence is None:
                raise ValueError(NO_SAMPLES)
        yield run.epoch


def tell_divergence(run: Run) -> None:
    """Write to standard error that training diverged before its end, if it did."""
    if run.divergence is not None:
        print(run.divergence.message, file=sys.stderr, flush=True)


class Teller:
    """Writes now and then to standard error how far an export is.

    Parameters
    ----------
    n_epochs : epochs that will be trained.
    n_frames : frames that will be prepared.
    """

    def __init__(self, n_epochs: int, n_frames: int = 0) -> None:
        self._n_epochs, self._n_frames = n_epochs, n_frames
        self._told = 0

    def epoch(self, done: int) -> None:
        """So many epochs are trained."""
        tenth = REPORTS * done // max(1, self._n_epochs)
        if tenth > self._told or done == self._n_epochs:
            self._told = tenth
            print(f"epoch {done} of {self._n_epochs}", file=sys.stderr, flush=True)

    def frame(self, done: int) -> None:
        """So many frames are prepared."""
        if done == self._n_frames or done % max(1, self._n_frames // REPORTS) == 0:
            print(f"frame {done} of {self._n_frames}", file=sys.stderr, flush=True)
