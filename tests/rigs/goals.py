"""Prints each figure of a rig beside its goal, and says how the rig ends."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

GAPS_P99_MS, GAPS_MAX_MS = 40, 100
FEWEST_FOR_P99 = 100
"""The p99 of fewer figures is one of them, and says nothing."""


class Goals:
    """Holds figures to their goals.

    Attributes
    ----------
    missed : what does not hold, in words.
    """

    def __init__(self) -> None:
        self.missed: list[str] = []

    @property
    def code(self) -> int:
        """The exit code of the rig: 1 if a goal was missed."""
        return 1 if self.missed else 0

    def at_most(self, name: str, figure: float, most: float, unit: str = "") -> None:
        """Print a figure that may be as large as `most`; NaN misses every goal."""
        self._tell(f"{name}: {figure:,.4g}{unit}, goal ≤ {most:g}{unit}", figure <= most)

    def at_least(self, name: str, figure: float, least: float, unit: str = "") -> None:
        """Print a figure that must reach `least`; NaN misses every goal."""
        self._tell(f"{name}: {figure:,.4g}{unit}, goal ≥ {least:g}{unit}", figure >= least)

    def gaps(self, name: str, seconds: Sequence[float]) -> None:
        """Hold the gaps of an extra 16 ms timer to what a smooth window has."""
        gaps = 1000 * np.array(seconds)
        if len(gaps) >= FEWEST_FOR_P99:
            self.at_most(f"{name}, p99 gap", float(np.percentile(gaps, 99)), GAPS_P99_MS, " ms")
        self.at_most(f"{name}, longest gap", float(gaps.max()), GAPS_MAX_MS, " ms")

    @contextmanager
    def trial(self, name: str) -> Iterator[None]:
        """Print what fails inside and go on: the next trials are independent of it."""
        try:
            yield
        except (AssertionError, TimeoutError, subprocess.TimeoutExpired) as error:
            self._tell(f"{name}: {error or 'failed'}", False)

    def _tell(self, text: str, holds: bool) -> None:
        if not holds:
            self.missed.append(text)
        print(f"  {'holds ' if holds else 'MISSED'} {text}", flush=True)
