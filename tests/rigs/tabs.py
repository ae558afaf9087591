"""Prints how smooth the window is with each diagnostic open in turn, and over a long run.

    python -m tests.rigs.tabs [--preset spiral] [--minutes 1] [--steps 10000000]

For each tab and each view behind "More", training at full speed: the gaps of an extra 16 ms
precise timer in the GUI thread, and the time that showing a snapshot takes. The goal is p99 ≤ 40 ms
and max ≤ 100 ms for each; `--minutes` is for each. Then a run of many steps on the XOR table: the
time to show a snapshot and the process's memory after each tenth of it, which must not grow.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.rigs.goals import Goals
from tests.rigs.options import parser_of
from tests.rigs.timer_gaps import GapMeter


def main() -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--preset", default="spiral")
    parser.add_argument("--minutes", type=float, default=1.0, help="per tab")
    parser.add_argument("--steps", type=int, default=10_000_000, help="of the long run")
    options = parser.parse_args()
    application = QApplication([])
    from playground.app import create_window
    from playground.core.experiment import presets

    window = create_window(presets()[options.preset])
    controller, panel = window.controller, window.right
    loop = QEventLoop()
    shown: list[float] = []
    inner = window._on_snapshot_changed

    def timed(snapshot: object) -> None:
        started = time.perf_counter()
        inner(snapshot)
        shown.append(1000 * (time.perf_counter() - started))

    controller.snapshot_changed.disconnect()
    controller.snapshot_changed.connect(timed)
    window.show()
    application.processEvents()
    controller.snapshot_changed.connect(loop.quit)
    loop.exec()
    controller.snapshot_changed.disconnect(loop.quit)
    panel.select_neuron((0, 0))
    controller.play()
    meter, goals = GapMeter(), Goals()
    for name, place in _pages(panel):
        place()
        _wait(loop, 0.5)
        shown.clear()
        meter.start()
        _wait(loop, 60 * options.minutes)
        print(f"{name:24s} {meter.stop()}; showing {_percentiles(shown)}", flush=True)
        goals.gaps(name, meter.gaps)
    if options.steps:
        controller.pause()
        table = presets()["xor-table"]
        window.edits.edit(table)
        while controller.snapshot.experiment != table:
            _wait(loop, 0.1)
        controller.play()
        with goals.trial("long run"):
            _long_run(controller, loop, shown, options.steps)
    window.close()
    return goals.code


def _pages(panel: object) -> list[tuple[str, object]]:
    pages: list[tuple[str, object]] = [
        (name, lambda view=view: panel.stack.setCurrentWidget(view))
        for view, name in panel._names.items()
        if panel.stack.indexOf(view) >= 0 and view is not panel.more
    ]

    def open_more(view: object) -> None:
        panel.stack.setCurrentWidget(panel.more)
        panel.more.stack.setCurrentWidget(view)

    pages += [(name, lambda view=view: open_more(view)) for view, name in panel.more.names.items()]
    formula = panel.neuron.pages
    for index, name in ((1, "Neuron, formula"), (2, "Neuron, past")):

        def open_neuron(index: int = index) -> None:
            panel.stack.setCurrentWidget(panel.neuron)
            formula._group.button(index).click()

        pages.append((name, open_neuron))
    return pages


def _long_run(controller: object, loop: QEventLoop, shown: list[float], steps: int) -> None:
    for tenth in range(1, 11):
        shown.clear()
        deadline = time.perf_counter() + 300.0
        while controller.snapshot.step < tenth * steps // 10:
            _wait(loop, 0.2)
            if time.perf_counter() > deadline:
                raise TimeoutError("no progress; the training thread is stuck or diverged")
        _wait(loop, 1.0)
        buckets = len(controller.snapshot.history.epochs)
        print(
            f"step {controller.snapshot.step:12,d}: showing {_percentiles(shown)},"
            f" {buckets} points, {_memory_mb():.0f} MB",
            flush=True,
        )


def _percentiles(times: list[float]) -> str:
    if not times:
        return "nothing"
    p50, p99 = np.percentile(times, [50, 99])
    return f"p50 {p50:.1f} p99 {p99:.1f} ms ({len(times)} frames)"


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _wait(loop: QEventLoop, seconds: float) -> None:
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
