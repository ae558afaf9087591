"""Training speed while the real window animates: ``python -m tests.benchmarks.beside_window``.

Prints JSON: epochs per second of the training thread without a window, and beside one.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
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

WARM_UP_S, SECONDS = 2.0, 5.0


@dataclass(frozen=True)
class Speed:
    """How long a span of epochs took."""

    first: int
    last: int
    seconds: float

    @property
    def epochs_per_second(self) -> float:
        return (self.last - self.first) / self.seconds


def without_window(experiment: Experiment, span: tuple[int, int] | None) -> Speed:
    """Return the speed of a run that nobody looks at, in the same chunks.

    Epochs `span` are timed, or what is trained in `SECONDS` after a warm-up: the share of looking
    for the history shrinks with the epochs, so that only the same epochs can be compared.
    """
    run, chunk = Run(experiment), ChunkSize()
    begun = mark = perf_counter()
    first = None if span is None else span[0]
    while True:
        started, blocks = perf_counter(), run.blocks
        run.advance(chunk.steps(run.blocks_per_step), chunk.blocks)
        now = perf_counter()
        chunk.learn(run.blocks - blocks, now - started)
        if first is None and now - begun > WARM_UP_S:
            first, mark = run.epoch, now
        elif span is not None and run.epoch < span[0]:
            mark = now
        elif run.epoch >= span[1] if span is not None else now - begun > WARM_UP_S + SECONDS:
            return Speed(first or 0, run.epoch, now - mark)


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def beside_window(experiment: Experiment, span: tuple[int, int]) -> tuple[Speed, float]:
    """Return the speed over these epochs while the window plays, and snapshots per second."""
    window = create_window(experiment)
    window.resize(1440, 900)
    window.show()
    controller = window.controller
    controller.play()
    while controller.snapshot is None or controller.activity is not Activity.RUNNING:
        _wait(20)
    while controller.snapshot.epoch < span[0]:
        _wait(5)
    shown = 0

    def count(_: object) -> None:
        nonlocal shown
        shown += 1

    controller.snapshot_changed.connect(count)
    started, first = perf_counter(), controller.snapshot.epoch
    while controller.snapshot.epoch < span[1]:
        _wait(5)
    speed = Speed(first, controller.snapshot.epoch, perf_counter() - started)
    controller.shut_down()
    window.close()
    window.deleteLater()  # Python's collector would take it apart piece by piece, still connected
    _wait(50)
    return speed, shown / speed.seconds


def main() -> None:
    """Measure one preset: before, beside and after a window."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_or_compile_kernels()
    name = sys.argv[1] if len(sys.argv) > 1 else "circle"
    experiment = presets()[name]
    before = without_window(experiment, None)
    span = before.first, before.last
    beside, shown = beside_window(experiment, span)
    after = without_window(experiment, span)
    alone = 0.5 * (before.epochs_per_second + after.epochs_per_second)
    result: dict[str, Any] = {
        "preset": name,
        "epochs_per_second_alone": alone,
        "epochs_per_second_beside_window": beside.epochs_per_second,
        "share": beside.epochs_per_second / alone,
        "snapshots_per_second": shown,
    }
    print(json.dumps(result))
    del application


if __name__ == "__main__":
    main()
