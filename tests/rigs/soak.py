"""Trains in the window for a long time and prints memory and frame time as they go.

    python -m tests.rigs.soak [--minutes 25] [--preset spiral]

Goals: memory slope ≤ 1 MB per 10 minutes after warm-up, the same frame time at the end as at the
start. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from tests.rigs.timer_gaps import GapMeter
from tests.rigs.waiting import turn, wait_until

SAMPLE_S = 5.0
WARM_SHARE = 0.2
"""The part of the time that counts as warm-up."""


def resident_mb() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def soak(minutes: float, preset: str) -> tuple[float, float, float]:
    """Train for some minutes; return MB per 10 minutes, and frame gap medians at start and end."""
    from playground.app import create_window
    from playground.core.experiment import presets

    window = create_window(presets()[preset])
    window.show()
    controller = window.controller
    wait_until(lambda: controller.snapshot is not None, controller.snapshot_changed, "start")
    controller.play()
    began = time.monotonic()
    times, memory, gaps = [], [], []
    meter = GapMeter()
    while time.monotonic() - began < 60 * minutes:
        meter.start()
        turn(round(1000 * SAMPLE_S))
        meter.stop()
        gaps.append(float(np.median(meter.gaps)))
        times.append(time.monotonic() - began)
        memory.append(resident_mb())
        if len(times) % 12 == 0:
            epoch = controller.snapshot.epoch
            print(f"{times[-1] / 60:5.1f} min, epoch {epoch:,}, {memory[-1]:.1f} MB", flush=True)
    window.close()
    window.deleteLater()
    warm = np.array(times) >= WARM_SHARE * times[-1]
    slope = np.polyfit(np.array(times)[warm], np.array(memory)[warm], 1)[0]
    third = max(1, len(gaps) // 3)
    return 600.0 * float(slope), float(np.mean(gaps[:third])), float(np.mean(gaps[-third:]))


def main() -> None:
    """Soak and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--preset", default="spiral")
    options = parser.parse_args()
    application = QApplication([])
    slope, first, last = soak(options.minutes, options.preset)
    print(f"memory: {slope:+.2f} MB per 10 minutes after warm-up")
    print(f"frame gap median: {1000 * first:.1f} ms at the start, {1000 * last:.1f} ms at the end")
    del application


if __name__ == "__main__":
    main()
