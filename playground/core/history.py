"""The run so far in bounded memory: buckets of epochs that double when there are too many."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, nan
from typing import Self

import numpy as np

from playground.core.snapshot import Float64s, HistoryView

CAPACITY = 512
"""Buckets at which neighbours are joined; even. Each costs a look at all samples."""
LONGEST = 1024
"""Buckets that a state may have: files of earlier versions have more of them."""

_EPOCH, _COUNT, _TOTAL, _LOW, _HIGH, _TEST, _ACCURACY, _NORMS = range(8)


@dataclass(frozen=True, slots=True)
class Point:
    """What is known at the end of an epoch (over whole sets; NaN without a set)."""

    test_loss: float
    train_accuracy: float
    gradient_norms: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HistoryState:
    """A `History` at one moment.

    Attributes
    ----------
    rows : (k, 7 + n_layers) one row per bucket, at most LONGEST + 1: last epoch, number of
        epochs, sum, least and greatest of their losses; then test loss, accuracy and gradient
        norms at the last epoch, NaN where there are none.
    size : epochs per bucket now.
    count, total, low, high : of the losses in the bucket that is still open.
    """

    rows: Float64s = field(metadata={"non_finite": True})
    size: int
    count: int
    total: float
    low: float
    high: float

    def check(self, n_layers: int, epoch: int) -> None:
        """Raise ValueError, saying what is wrong, unless no run but this could have it."""
        rows = self.rows
        if rows.ndim != 2 or rows.shape[1] != _NORMS + n_layers or not len(rows):
            raise ValueError(f"history.rows must have {_NORMS + n_layers} columns")
        if len(rows) > LONGEST + 1:
            raise ValueError(f"history.rows must be at most {LONGEST + 1}, got {len(rows)}")
        if not np.isfinite(rows[1:, :_TEST]).all():
            raise ValueError("history.rows must hold finite losses")
        ends, counts = rows[:, _EPOCH], rows[:, _COUNT]
        if ends[0] != 0 or (np.diff(ends) != counts[1:]).any() or (counts < 1).any():
            raise ValueError("history.rows must follow each other without a gap")
        if not 0 <= self.count < self.size < 2**62 or ends[-1] + self.count != epoch:
            raise ValueError(f"history must end at epoch {epoch} and its bucket be open")
        if self.low > self.high and self.count:
            raise ValueError("history.low must not be above history.high")


class History:
    """Series over epochs, one point per bucket; it depends on epochs alone, never on the clock.

    The training loss of every epoch goes into its bucket's minimum, mean and maximum; everything
    that needs a sweep of its own is looked at once per bucket, at its last epoch. The first point
    is epoch 0, before any training, and is no bucket.
    """

    def __init__(self, loss: float, point: Point) -> None:
        self._table = np.zeros((CAPACITY + 2, _NORMS + len(point.gradient_norms)))
        self._table[0] = [0, 1, loss, loss, loss, *_numbers(point)]
        self._n = 1
        self._start_bucket()
        self.size = 1

    def _start_bucket(self) -> None:
        self._count, self._total, self._low, self._high = 0, 0.0, inf, -inf

    @classmethod
    def from_state(cls, state: HistoryState) -> Self:
        """Return the history that was in `state`, which has been checked."""
        rows = state.rows
        history = cls(0.0, Point(nan, nan, (nan,) * (rows.shape[1] - _NORMS)))
        history._n = len(rows)
        history._table = np.zeros((max(CAPACITY, len(rows)) + 2, rows.shape[1]))
        history._table[: len(rows)] = rows
        history.size, history._count, history._total = state.size, state.count, state.total
        if state.count:
            history._low, history._high = state.low, state.high
        while history._n > CAPACITY:
            history._join()
        return history

    def state(self) -> HistoryState:
        """Return all there is; a copy."""
        rows = self._table[: self._n].copy()
        rows.flags.writeable = False
        low, high = (self._low, self._high) if self._count else (0.0, 0.0)
        return HistoryState(rows, self.size, self._count, self._total, low, high)

    @property
    def epoch(self) -> int:
        """The last epoch whose loss is known."""
        return int(self._table[self._n - 1, _EPOCH]) + self._count

    @property
    def epochs_until_due(self) -> int:
        """How many more epochs until the open bucket is full and wants its `Point`."""
        return self.size - self._count

    def fit(self, n_layers: int) -> None:
        """Start the layers' curves anew if layers were added or removed."""
        if self._table.shape[1] == _NORMS + n_layers:
            return
        table = np.full((len(self._table), _NORMS + n_layers), nan)
        table[:, :_NORMS] = self._table[:, :_NORMS]
        self._table = table

    def extend(self, losses: list[float]) -> None:
        """Take the mean losses of the epochs that follow, at most `epochs_until_due`."""
        if len(losses) > self.epochs_until_due:
            raise ValueError(f"only {self.epochs_until_due} epochs fit, got {len(losses)}")
        for loss in losses:
            self._total += loss
        if losses:
            self._low, self._high = min(self._low, *losses), max(self._high, *losses)
        self._count += len(losses)

    def close(self, point: Point) -> None:
        """End the open bucket, which is full, with what is known at its last epoch."""
        self.fit(len(point.gradient_norms))
        self._table[self._n] = self._row(point)
        self._start_bucket()
        self._n += 1
        if self._n == CAPACITY + 1:
            self._join()

    def view(self, now: Point) -> HistoryView:
        """Return all series up to the last epoch; `now` completes an unfinished bucket."""
        self.fit(len(now.gradient_norms))
        n = self._n
        if self._count:
            self._table[n] = self._row(now)
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

    def _row(self, point: Point) -> list[float]:
        losses = [self._count, self._total, self._low, self._high]
        return [self.epoch, *losses, *_numbers(point)]

    def _join(self) -> None:
        if self._n % 2 == 0:  # a longer history from a file: its last bucket has no neighbour
            last = self._table[self._n - 1]
            self._count += int(last[_COUNT])
            self._total += last[_TOTAL]
            self._low, self._high = min(self._low, last[_LOW]), max(self._high, last[_HIGH])
            self._n -= 1
        earlier, later = self._table[1 : self._n : 2], self._table[2 : self._n : 2]
        joined = later.copy()
        for column in (_COUNT, _TOTAL):
            joined[:, column] += earlier[:, column]
        joined[:, _LOW] = np.minimum(earlier[:, _LOW], later[:, _LOW])
        joined[:, _HIGH] = np.maximum(earlier[:, _HIGH], later[:, _HIGH])
        self._n = 1 + len(joined)
        self._table[1 : self._n] = joined
        self.size *= 2


def _numbers(point: Point) -> list[float]:
    return [point.test_loss, point.train_accuracy, *point.gradient_norms]
