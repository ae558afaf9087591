"""Trains a run to given epochs, for exports."""

from __future__ import annotations

from collections.abc import Iterator

from playground.core.run import Run

REPORTS = 10


def train_to(run: Run, epoch: int) -> Iterator[int]:
    """Train until `epoch` epochs are complete, or training diverges; yield now and then how many.

    The run stands at the very end of that epoch afterwards.
    """
    first = run.epoch
    every = max(1, (epoch - first) // REPORTS)
    while run.epoch < epoch and run.divergence is None:
        goal = min(epoch, run.epoch + every)
        while run.epoch < goal and run.divergence is None:
            run.advance(run.n_batches - run.batch)
        yield run.epoch
