"""Prints how long the GUI thread was kept away from an extra 16 ms precise timer.

    python -m tests.rigs.timer_gaps [--preset spiral] [--network 7-32-32-32-1] [--minutes 0.3]

Phases: from the window's first show until the kernels are there ("start"), training at full speed
("run"), and closing. The goal of the first two is p99 ≤ 40 ms and max ≤ 100 ms. For the first
start ever set NUMBA_CACHE_DIR to an empty folder.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Activation, Feature, LayerSpec, NetworkSpec
from tests.rigs.goals import Goals
from tests.rigs.options import parser_of

INTERVAL_MS = 16


class GapMeter:
    """Collects the gaps between the ticks of a precise timer."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin a phase."""
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> str:
        """End the phase and return its percentiles."""
        self._on_tick()
        self._timer.stop()
        gaps = 1000 * np.array(self.gaps)
        p50, p95, p99 = np.percentile(gaps, [50, 95, 99])
        return (
            f"{len(gaps):5d} ticks, p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms,"
            f" max {gaps.max():.0f} ms"
        )

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def shaped(network: NetworkSpec, sizes: str) -> NetworkSpec:
    """Return the network with the features and hidden layers of "7-32-32-32-1"."""
    n_features, *hidden, _ = map(int, sizes.split("-"))
    kind = network.hidden[0].activation if network.hidden else Activation.TANH
    return replace(
        network,
        features=tuple(Feature)[:n_features],
        hidden=tuple(LayerSpec(size, kind) for size in hidden),
    )


def main() -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--preset", default="spiral")
    parser.add_argument("--network", help="features, hidden sizes and 1, e.g. 7-32-32-32-1")
    parser.add_argument("--minutes", type=float, default=0.3, help="of training")
    options = parser.parse_args()
    started = time.perf_counter()
    application = QApplication([])
    from playground.app import create_window
    from playground.core.experiment import presets

    experiment = presets()[options.preset]
    if options.network:
        experiment = replace(experiment, network=shaped(experiment.network, options.network))
    window = create_window(experiment)
    controller = window.controller
    meter, goals = GapMeter(), Goals()
    loop = QEventLoop()
    window.show()
    application.processEvents()
    print(f"first paint: {time.perf_counter() - started:.2f} s after Qt's import")
    meter.start()
    if controller.snapshot is None:  # else it came while the window was first painted
        controller.snapshot_changed.connect(loop.quit)
        loop.exec()
        controller.snapshot_changed.disconnect(loop.quit)
    print("start:", meter.stop())
    goals.gaps("start", meter.gaps)
    meter.start()
    controller.play()
    QTimer.singleShot(round(60_000 * options.minutes), loop.quit)
    loop.exec()
    print("run:  ", meter.stop())
    goals.gaps("run", meter.gaps)
    speed = controller.snapshot.epochs_per_second
    print(f"       {speed:.0f} epochs/s, epoch {controller.snapshot.epoch}")
    started = time.perf_counter()
    window.close()
    print(f"close: {1000 * (time.perf_counter() - started):.0f} ms")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
