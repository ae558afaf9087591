"""Training speed while the real window animates: ``python -m tests.benchmarks.beside_window``.

Prints JSON: epochs per second of the training thread without a window, and beside one.
"""

from __future__ import annotations

import json
import os
import sys
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from playground.app import create_window
from playground.core.experiment import Experiment, presets
from playground.core.run import Run
from playground.core.snapshot import Activity
from playground.session.pace import ChunkSize
from playground.session.preparation import load_or_compile_kernels

SECONDS = 5.0


def without_window(experiment: Experiment) -> float:
    """Return epochs per second of a run that nobody looks at, in the same chunks."""
    run, chunk = Run(experiment), ChunkSize()
    begun, epoch = perf_counter(), 0
    warm = False
    while perf_counter() - begun < SECONDS:
        started, blocks = perf_counter(), run.blocks
        run.advance(chunk.steps(run.blocks_per_step), chunk.blocks)
        chunk.learn(run.blocks - blocks, perf_counter() - started)
        if not warm and perf_counter() - begun > 0.2 * SECONDS:
            warm, begun, epoch = True, perf_counter(), run.epoch
    return (run.epoch - epoch) / (perf_counter() - begun)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def beside_window(experiment: Experiment) -> tuple[float, float]:
    """Return epochs and snapshots shown per second while the window is open and playing."""
    window = create_window(experiment)
    window.resize(1440, 900)
    window.show()
    controller = window.controller
    controller.play()
    while controller.snapshot is None or controller.activity is not Activity.RUNNING:
        _wait(20)
    _wait(1000)
    shown = 0

    def count(_: object) -> None:
        nonlocal shown
        shown += 1

    controller.snapshot_changed.connect(count)
    started, epoch = perf_counter(), controller.snapshot.epoch
    _wait(round(1000 * SECONDS))
    seconds = perf_counter() - started
    epochs = controller.snapshot.epoch - epoch
    controller.shut_down()
    window.close()
    return epochs / seconds, shown / seconds


def main() -> None:
    """Measure one preset: before, beside and after a window."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_or_compile_kernels()
    name = sys.argv[1] if len(sys.argv) > 1 else "circle"
    experiment = presets()[name]
    before = without_window(experiment)
    beside, shown = beside_window(experiment)
    after = without_window(experiment)
    alone = 0.5 * (before + after)
    result: dict[str, Any] = {
        "preset": name,
        "epochs_per_second_alone": alone,
        "epochs_per_second_beside_window": beside,
        "share": beside / alone,
        "snapshots_per_second": shown,
    }
    print(json.dumps(result))
    del application


if __name__ == "__main__":
    main()
