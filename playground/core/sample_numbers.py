"""The class of every sample, however its target is written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from playground.core.choices import Problem
from playground.core.snapshot import DataView


def class_numbers(data: DataView, problem: Problem) -> NDArray[np.int64]:
    """Return every sample's class: 0 is +1 (or 1 in a table), 1 is −1 (or 0)."""
    if problem is Problem.MULTICLASS:
        return np.asarray(data.y, np.int64)
    middle = 0.5 if data.y.size and data.y.min() >= 0.0 and 0.0 in data.y else 0.0
    return np.asarray(data.y <= middle, np.int64)
