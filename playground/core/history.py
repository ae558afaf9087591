"""The run so far in bounded memory: buckets of epochs that double when there are too many."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from playground.core.snapshot import Float64s, HistoryView

CAPACITY = 1024
"""Buckets at which neighbours are joined; even."""

_EPOCH, _COUNT, _TOTAL, _LOW, _HIGH, _TEST, _ACCURACY, _NORMS = range(8)


@dataclass(frozen=True, slots=True)
class Point:
    """What is known at the end of an epoch (over whole sets; NaN without a set)."""

    test_loss: float
    train_accuracy: float
    gradient_norms: tuple[float, ...]


class History:
    """Series over epochs, one point per bucket; it depends on epochs alone, never on the clock.

    The training loss of every epoch goes into its bucket's minimum, mean and maximum; everything
    that needs a sweep of its own is looked at once per bucket, at its last epoch. The first point
    is epoch 0, before any training, and is no bucket.
    """

    def __init__(self, loss: float, point: Point) -> None:
        self._table = np.zeros((CAPACITY + 2, _NORMS + len(point.gradient_norms)))
        self._table[0] = self._row([loss], point, 0)
        self._n = 1
        self._open: list[float] = []
        self.size = 1

    @property
    def epoch(self) -> int:
        """The last epoch whose loss is known."""
        return int(self._table[self._n - 1, _EPOCH]) + len(self._open)

    @property
    def epochs_until_due(self) -> int:
        """How many more epochs until the open bucket is full and wants its `Point`."""
        return self.size - len(self._open)

    def extend(self, losses: list[float]) -> None:
        """Take the mean losses of the epochs that follow, at most `epochs_until_due`."""
        if len(losses) > self.epochs_until_due:
            raise ValueError(f"only {self.epochs_until_due} epochs fit, got {len(losses)}")
        self._open.extend(losses)

    def close(self, point: Point) -> None:
        """End the open bucket, which is full, with what is known at its last epoch."""
        self._set_width(len(point.gradient_norms))
        self._table[self._n] = self._row(self._open, point, self.epoch)
        self._open = []
        self._n += 1
        if self._n == CAPACITY + 1:
            self._join()

    def view(self, now: Point) -> HistoryView:
        """Return all series up to the last epoch; `now` completes an unfinished bucket."""
        self._set_width(len(now.gradient_norms))
        n = self._n
        if self._open:
            self._table[n] = self._row(self._open, now, self.epoch)
            n += 1
        columns = self._table[:n].T.copy()
        columns[_TOTAL] /= columns[_COUNT]
        norms = columns[_NORMS:].T.copy()
        for array in (columns, norms):
            array.flags.writeable = False
        return HistoryView(
            epochs=columns[_EPOCH],
            train_loss=columns[_TOTAL],
            test_loss=columns[_TEST],
            train_accuracy=columns[_ACCURACY],
            gradient_norms=norms,
            train_loss_low=columns[_LOW],
            train_loss_high=columns[_HIGH],
        )

    def _row(self, losses: list[float], point: Point, epoch: int) -> Float64s:
        ends = [epoch, len(losses), sum(losses), min(losses), max(losses)]
        return np.array([*ends, point.test_loss, point.train_accuracy, *point.gradient_norms])

    def _join(self) -> None:
        earlier, later = self._table[1 : self._n : 2], self._table[2 : self._n : 2]
        joined = later.copy()
        for column in (_COUNT, _TOTAL):
            joined[:, column] += earlier[:, column]
        joined[:, _LOW] = np.minimum(earlier[:, _LOW], later[:, _LOW])
        joined[:, _HIGH] = np.maximum(earlier[:, _HIGH], later[:, _HIGH])
        self._n = 1 + len(joined)
        self._table[1 : self._n] = joined
        self.size *= 2

    def _set_width(self, n_layers: int) -> None:
        """Start the layers' curves anew if layers were added or removed."""
        if self._table.shape[1] == _NORMS + n_layers:
            return
        table = np.full((CAPACITY + 2, _NORMS + n_layers), nan)
        table[:, :_NORMS] = self._table[:, :_NORMS]
        self._table = table
