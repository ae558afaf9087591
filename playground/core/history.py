"""The run's series in bounded memory: buckets of epochs that double in width when they run out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.core.snapshot import Float64s, HistoryView

CAPACITY = 1024


class History:
    """Losses, accuracy and gradient norms over the epochs of one run.

    Train losses come for every epoch; what costs a sweep of its own (test loss, accuracy, norms)
    comes when it is measured, and stands until it is measured again.
    """

    def __init__(self) -> None:
        self._width = 1
        self._epochs: list[int] = []
        self._train: list[tuple[float, int]] = []
        self._measured: list[tuple[float, ...]] = []

    def add_losses(self, first_epoch: int, losses: Sequence[float]) -> None:
        """Add the mean train losses of epochs first_epoch, first_epoch + 1, …"""
        for epoch, loss in enumerate(losses, first_epoch):
            if self._epochs and (epoch - 1) // self._width == (self._epochs[-1] - 1) // self._width:
                total, count = self._train[-1]
                self._train[-1] = (total + loss, count + 1)
                self._epochs[-1] = epoch
            else:
                self._epochs.append(epoch)
                self._train.append((loss, 1))
                self._measured.append(self._measured[-1] if self._measured else ())
                if len(self._epochs) > CAPACITY:
                    self._double()

    def measure(
        self, test_loss: float | None, accuracy: float | None, norms: Sequence[float]
    ) -> None:
        """Set the newest bucket's test loss, train accuracy and gradient norms."""
        if self._measured:
            numbers = [np.nan if v is None else v for v in (test_loss, accuracy)]
            self._measured[-1] = (*numbers, *norms)

    def view(self, n_layers: int) -> HistoryView:
        """Return the series as read-only arrays."""
        blank = (np.nan,) * (2 + n_layers)
        rows = [row if len(row) == len(blank) else (*row[:2], *blank[2:]) if row else blank
                for row in self._measured]
        measured = np.array(rows).reshape(-1, len(blank))
        train = np.array([total / count for total, count in self._train])
        arrays = (np.array(self._epochs, np.float64), train, *measured.T[:2], measured[:, 2:])
        return HistoryView(*(_read_only(array) for array in arrays))

    def _double(self) -> None:
        self._width *= 2
        epochs, train, measured = self._epochs, self._train, self._measured
        self._epochs, self._train, self._measured = [], [], []
        for epoch, (total, count), row in zip(epochs, train, measured, strict=True):
            if self._epochs and (epoch - 1) // self._width == (self._epochs[-1] - 1) // self._width:
                previous = self._train[-1]
                self._epochs[-1] = epoch
                self._train[-1] = (previous[0] + total, previous[1] + count)
                self._measured[-1] = row
            else:
                self._epochs.append(epoch)
                self._train.append((total, count))
                self._measured.append(row)


def _read_only(array: Float64s) -> Float64s:
    copy = np.ascontiguousarray(array)
    copy.flags.writeable = False
    return copy
