"""Rows of numbers over a run in bounded memory: every so many epochs one row."""

from __future__ import annotations

import numpy as np

from playground.core.snapshot import Float64s

BUDGET = 1_000_000
"""Numbers that a trail holds at most (8 bytes each), so that large networks keep fewer rows."""
MOST_ROWS, FEWEST_ROWS = 512, 16


class Trail:
    """One row per kept moment; when it is full every second one is forgotten.

    Which moments are kept depends on how many were added and never on the clock.

    Parameters
    ----------
    width : numbers per row.
    """

    def __init__(self, width: int) -> None:
        rows = min(MOST_ROWS, BUDGET // max(1, width))
        self._capacity = max(FEWEST_ROWS, rows // 2 * 2)
        self._rows = np.zeros((16, width))
        self._epochs = np.zeros(16)
        self._n = 0
        self._every = 1
        self._added = 0

    @property
    def width(self) -> int:
        """Numbers per row."""
        return self._rows.shape[1]

    def __len__(self) -> int:
        return self._n

    def wants_next(self) -> bool:
        """Whether the row that would be added next would be kept."""
        return self._added % self._every == 0

    def add(self, epoch: float, row: Float64s) -> None:
        """Take note of a row; it must be given also where it is not wanted, but may be empty."""
        if self.wants_next():
            if self._n == len(self._epochs):
                self._grow()
            self._epochs[self._n], self._rows[self._n] = epoch, row
            self._n += 1
        self._added += 1
        if self._n == self._capacity:
            self._thin()

    def view(self, epoch: float, row: Float64s, columns: slice) -> tuple[Float64s, Float64s]:
        """Return epochs (k,) and rows (k, columns) as copies, the last the present's `row`.

        It stands in for one kept at the same epoch: a person may have set numbers by hand since.
        """
        n = self._n
        if n and self._epochs[n - 1] >= epoch:
            n -= 1
        epochs = np.append(self._epochs[:n], epoch)
        rows = np.concatenate((self._rows[:n, columns], row[None, columns]))
        epochs.flags.writeable = rows.flags.writeable = False
        return epochs, rows

    def _grow(self) -> None:
        size = min(2 * len(self._epochs), self._capacity)
        rows, epochs = np.zeros((size, self.width)), np.zeros(size)
        rows[: self._n], epochs[: self._n] = self._rows[: self._n], self._epochs[: self._n]
        self._rows, self._epochs = rows, epochs

    def _thin(self) -> None:
        kept = self._n // 2
        self._epochs[:kept] = self._epochs[: self._n : 2]
        self._rows[:kept] = self._rows[: self._n : 2]
        self._n = kept
        self._every *= 2
