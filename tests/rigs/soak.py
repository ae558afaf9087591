"""Trains in the window for a long time and prints memory and frame time as they go.

    python -m tests.rigs.soak [--minutes 25] [--preset spiral]

Goals: memory slope ≤ 1 MB per 10 minutes after warm-up, the same frame time at the end as at the
start, within 20 %. The frame time is what the GUI thread works per snapshot shown, in its own
processor time; the gaps of an extra 16 ms timer are printed beside it. Linux only: memory is read
from /proc.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.session.controller import Controller
from tests.rigs.goals import Goals
from tests.rigs.options import parser_of
from tests.rigs.timer_gaps import GapMeter
from tests.rigs.waiting import turn, wait_until

SAMPLE_S = 5.0
FEWEST_SAMPLES = 12
WARM_SHARE = 0.2
"""The part of the time that counts as warm-up."""
SLOPE_MB, GROWTH = 1.0, 1.2


@dataclass(frozen=True)
class Sample:
    """A few seconds of training: when they ended, memory then, and what the GUI thread did."""

    at_s: float
    memory_mb: float
    frames: int
    work_s: float
    gap_s: float


@dataclass(frozen=True)
class Soaked:
    """What the samples after warm-up say; of pairs, the first third and the last third."""

    frames: int
    slope: float
    frame_s: tuple[float, float]
    gap_s: tuple[float, float]

    @property
    def growth(self) -> float:
        """The frame time of the last third per that of the first."""
        return self.frame_s[1] / self.frame_s[0]


def resident_mb() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def soak(minutes: float, preset: str) -> Soaked:
    """Train in the window for some minutes."""
    from playground.app import create_window
    from playground.core.experiment import presets

    window = create_window(presets()[preset])
    try:
        window.show()
        return summary(_samples(window.controller, minutes))
    finally:
        window.close()
        window.deleteLater()


def _samples(controller: Controller, minutes: float) -> list[Sample]:
    changed = controller.snapshot_changed
    wait_until(lambda: controller.snapshot is not None, changed, "start")
    shown: list[int] = []  # only numbers: what holds snapshots takes memory
    changed.connect(lambda snapshot: shown.append(snapshot.epoch))
    controller.play()
    began = time.monotonic()
    samples: list[Sample] = []
    meter = GapMeter()
    length_s = min(SAMPLE_S, 60 * minutes / FEWEST_SAMPLES)
    while time.monotonic() - began < 60 * minutes:
        shown.clear()
        worked = time.thread_time()
        meter.start()
        turn(round(1000 * length_s))
        meter.stop()
        worked = time.thread_time() - worked
        at, gap = time.monotonic() - began, float(np.median(meter.gaps))
        samples.append(Sample(at, resident_mb(), len(shown), worked, gap))
        if shown and len(samples) % 12 == 0:
            epoch, memory = shown[-1], samples[-1].memory_mb
            print(f"{at / 60:5.1f} min, epoch {epoch:,}, {memory:.1f} MB", flush=True)
    return samples


def summary(samples: list[Sample]) -> Soaked:
    """Return what the samples after warm-up say."""
    warm = [s for s in samples if s.at_s >= WARM_SHARE * samples[-1].at_s]
    third = max(1, len(warm) // 3)
    ends = warm[:third], warm[-third:]
    slope = np.polyfit([s.at_s for s in warm], [s.memory_mb for s in warm], 1)[0]
    first, last = (sum(s.work_s for s in e) / max(1, sum(s.frames for s in e)) for e in ends)
    gaps = [float(np.mean([s.gap_s for s in e])) for e in ends]
    frames = sum(s.frames for s in warm)
    return Soaked(frames, 600.0 * float(slope), (first, last), (gaps[0], gaps[1]))


def main() -> int:
    """Soak and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--preset", default="spiral")
    options = parser.parse_args()
    application = QApplication([])
    found = soak(options.minutes, options.preset)
    frame, gap = (1000 * np.array(pair) for pair in (found.frame_s, found.gap_s))
    print(f"{found.frames} frames after warm-up; from the first third to the last:")
    print(f"GUI thread's work per frame {frame[0]:.2f} → {frame[1]:.2f} ms")
    print(f"median timer gap {gap[0]:.1f} → {gap[1]:.1f} ms")
    goals = Goals()
    goals.at_most("memory after warm-up, per 10 minutes", found.slope, SLOPE_MB, " MB")
    goals.at_most("frame time, end per start", found.growth, GROWTH)
    del application
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
