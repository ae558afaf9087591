"""Prints how long the canvas takes to answer the pointer while the network trains at full speed.

    python -m tests.rigs.hover_delay [--network 7-32-32-32-1] [--count 100]

The pointer jumps from tile to tile, then drags a layer's handle. Measured is from the moment an
event is posted to the end of the first painting that shows the tile as hovered, or the dragged
size. The goal is the next frame: the first painting of the canvas after the event was handled.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication

from playground.ui.canvas.canvas import PaintedNetwork
from playground.ui.canvas.keyboard import NetworkCanvas
from tests.rigs.goals import Goals
from tests.rigs.options import parser_of
from tests.rigs.timer_gaps import shaped

PAUSE_MS = 90
"""Between two events; no multiple of a frame, so that they come at any moment of one."""


class Stopwatch:
    """Posts one event after the other and waits for the painting that answers it."""

    def __init__(self) -> None:
        self.delays: list[float] = []
        self.paintings: list[int] = []
        self._n_paintings = 0
        self.canvas: NetworkCanvas | None = None
        self._posted_at = 0.0
        self._is_answered: Callable[[], bool] | None = None
        self._held = False
        original = PaintedNetwork.paintEvent

        def paint(widget: PaintedNetwork, event: QPaintEvent) -> None:
            original(widget, event)
            self._n_paintings += 1
            if self._is_answered is not None and self._is_answered():
                self.delays.append(time.perf_counter() - self._posted_at)
                self.paintings.append(self._n_paintings)
                self._is_answered = None

        handle = NetworkCanvas.mouseMoveEvent

        def move(widget: NetworkCanvas, event: QMouseEvent) -> None:
            handle(widget, event)
            self._n_paintings = 0

        # Before there is a canvas: Qt looks the methods up once.
        PaintedNetwork.paintEvent = paint  # type: ignore[method-assign]
        NetworkCanvas.mouseMoveEvent = move  # type: ignore[method-assign]

    def post(
        self, kind: QEvent.Type, place: QPointF, is_answered: Callable[[], bool] | None
    ) -> None:
        """Post a pointer event; `is_answered` says whether the canvas shows it."""
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        is_move = kind is QEvent.Type.MouseMove
        held = left if self._held or not is_move else none
        self._held = kind is QEvent.Type.MouseButtonPress or (is_move and self._held)
        button = none if is_move else left
        assert self.canvas is not None
        where = self.canvas.mapToGlobal(place)
        event = QMouseEvent(kind, place, where, button, held, Qt.KeyboardModifier.NoModifier)
        self._posted_at, self._is_answered = time.perf_counter(), is_answered
        QApplication.postEvent(self.canvas, event)

    def told(self, asked: int) -> str:
        """Return the percentiles of the delays, and how many were never answered."""
        delays = 1000 * np.array(self.delays or [np.inf])
        p50, p95 = np.percentile(delays, [50, 95])
        return (
            f"{len(self.delays)} of {asked} answered, p50 {p50:.0f} ms, p95 {p95:.0f} ms,"
            f" max {delays.max():.0f} ms; {self.paintings.count(1)} by the first painting"
        )


def main() -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--network", default="2-8-8-8-1", help="features, hidden sizes and 1")
    parser.add_argument("--count", type=int, default=100, help="moves of each kind")
    options = parser.parse_args()
    application = QApplication([])
    from playground.app import create_window
    from playground.core.experiment import presets

    watch, goals = Stopwatch(), Goals()
    experiment = presets()["spiral"]
    experiment = replace(experiment, network=shaped(experiment.network, options.network))
    window = create_window(experiment)
    window.show()
    controller, canvas = window.controller, window.network.canvas
    watch.canvas = canvas
    loop = QEventLoop()

    def wait(milliseconds: int) -> None:
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    while controller.snapshot is None:
        wait(20)
    controller.play()
    wait(2000)
    layout, view = canvas.layout_now, canvas._view_transform()

    def hovers() -> Iterator[None]:
        boxes = [box for box in layout.boxes.values() if box.layer >= 0]
        for box in islice(cycle(boxes), options.count):
            place, wanted = view.map(box.rect.center()), (box.layer, box.index)
            watch.post(
                QEvent.Type.MouseMove,
                place,
                lambda w=wanted: (canvas.hovered.layer, canvas.hovered.index) == w,
            )
            yield

    def drags() -> Iterator[None]:
        handle = next(c.handle for c in layout.columns if c.handle is not None)
        start = view.map(handle.center())
        watch.post(QEvent.Type.MouseMove, start, None)
        yield
        watch.post(QEvent.Type.MouseButtonPress, start, None)
        yield
        sizes: list[object] = [None]

        def has_changed() -> bool:
            changed = canvas.dragged is not None and canvas.dragged != sizes[0]
            sizes[0] = canvas.dragged
            return changed

        for k in range(options.count):
            place = start + QPointF(0.0, 60.0 * (1 + k % 2) * (-1 if k % 4 < 2 else 1))
            watch.post(QEvent.Type.MouseMove, place, has_changed)
            yield
        watch.post(QEvent.Type.MouseButtonRelease, start, None)
        yield

    for name, moves in (("hover", hovers), ("drag", drags)):
        watch.delays, watch.paintings = [], []
        for _ in moves():
            wait(PAUSE_MS)
        print(f"{name:6s} {watch.told(options.count)}", flush=True)
        answered = watch.paintings.count(1)
        goals.at_least(f"{name}, answered by the first painting", answered, options.count)
    window.close()
    del application
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
