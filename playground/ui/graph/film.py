"""A stepping as an animation: the whole graph and the pane, one frame per step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRectF, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from playground.core.export.animation import Motion, check_size, encode
from playground.core.export.gif import Pixels
from playground.core.files.disk import write_atomically
from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.explanation import explain_step
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.session.latest import Latest
from playground.ui.graph.drawing import Drawing
from playground.ui.graph.looks import place_words, step_marks
from playground.ui.graph.narrator import step_title
from playground.ui.graph.painter import GraphPainter
from playground.ui.graph.pane import StepPane
from playground.ui.theme import LIGHT, PANE_W

MARGIN = 16.0
MOST_W, LEAST_H = 1100.0, 340.0
MAX_FRAMES = 240
SECONDS_PER_STEP = 0.8
LOOK_MS = 30
"""How often it is looked whether the file is made."""


class _Encoding(QRunnable):
    """Makes the file, off the GUI thread; leaves in `outcome` what went wrong, or "".

    It is no signal: the film, and with it the window, may be gone by then.
    """

    def __init__(self, frames: list[Pixels], path: Path, outcome: Latest[str]) -> None:
        super().__init__()
        self._frames, self._path, self._outcome = frames, path, outcome

    def run(self) -> None:
        """Encode and write."""
        motion = Motion(len(self._frames), SECONDS_PER_STEP * len(self._frames))
        problem = ""
        try:
            content = encode(self._frames, self._path.suffix.lower(), motion)
            write_atomically(self._path, content)
        except (OSError, ValueError, ModuleNotFoundError) as error:
            problem = str(getattr(error, "strerror", None) or error)
        self._outcome.put(problem)


class Film(QObject):
    """Draws the frames of a stepping, one between two events, and has them encoded.

    The desk's own stepping is where it was after every frame.

    Signals
    -------
    finished(str) : what went wrong, or ""; nothing more follows.
    advanced(int, int) : frames drawn, and how many there will be.
    """

    finished = Signal(str)
    advanced = Signal(int, int)

    def __init__(
        self, desk: Desk, drawing: Drawing, direction: Direction, path: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._drawing, self._direction, self._path = desk, drawing, direction, path
        self._pane = StepPane()
        self._painter = GraphPainter(LIGHT)
        self._frames: list[Pixels] = []
        self._positions = self._stops()
        across = (MOST_W - 2 * MARGIN) / max(1.0, drawing.width)
        self._scale = min(1.0, across)
        width = round(drawing.width * self._scale + 2 * MARGIN) + PANE_W
        height = round(max(LEAST_H, drawing.height * self._scale + 2 * MARGIN))
        self._size = width + width % 2, height + height % 2
        check_size(*self._size, len(self._positions))
        self._outcome: Latest[str] = Latest()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)
        self._reader = QTimer(self)
        self._reader.setInterval(LOOK_MS)
        self._reader.timeout.connect(self._on_reader)

    @property
    def n_frames(self) -> int:
        """Frames in all."""
        return len(self._positions)

    def start(self) -> None:
        """Begin to draw."""
        self._timer.start(0)

    def stop(self) -> None:
        """Draw no further frame; nothing is written unless encoding has begun."""
        self._timer.stop()

    def _on_timer(self) -> None:
        if self._desk.graph is not self._drawing.folded.graph:
            self._timer.stop()
            self._end("the graph has changed meanwhile")
            return
        if len(self._frames) < len(self._positions):
            self._frames.append(self._frame(self._positions[len(self._frames)]))
            self.advanced.emit(len(self._frames), len(self._positions))
            return
        self._timer.stop()
        encoding = _Encoding(self._frames, self._path, self._outcome)
        QThreadPool.globalInstance().start(encoding)
        self._reader.start()

    def _on_reader(self) -> None:
        problem = self._outcome.take()
        if problem is not None:
            self._reader.stop()
            self._end(problem)

    def _end(self, problem: str) -> None:
        self._frames = []
        self.finished.emit(problem)

    def _steps(self) -> Stepper:
        stepper = self._desk.stepper
        if stepper is None or stepper.direction is not self._direction:
            stepper = self._desk.begin_steps(self._direction)
        return stepper

    def _stops(self) -> list[int]:
        """Return the positions of the frames: every drawn node's turn, thinned out if many."""
        folded, stepper = self._drawing.folded, self._steps()
        before = stepper.position
        stepper.seek(0)
        stops = [0]
        while stops[-1] < stepper.n_steps:
            stepper.seek(stepper.next_stop(folded.item_of))
            stops.append(stepper.position)
        stepper.seek(before)
        if len(stops) > MAX_FRAMES:
            places = {round(k * (len(stops) - 1) / (MAX_FRAMES - 1)) for k in range(MAX_FRAMES)}
            stops = [stops[k] for k in sorted(places)]
        return stops if len(stops) > 1 else stops * 2

    def _frame(self, position: int) -> Pixels:
        stepper = self._steps()
        before = stepper.position
        stepper.seek(min(position, stepper.n_steps))
        image = QImage(*self._size, QImage.Format.Format_RGB888)
        image.fill(LIGHT.paper)
        painter = QPainter(image)
        painter.translate(MARGIN, (self._size[1] - self._drawing.height * self._scale) / 2)
        painter.scale(self._scale, self._scale)
        self._painter.paint(
            painter,
            self._desk,
            self._drawing,
            self._drawing.bounds,
            max(1.0, self._scale),
            step_marks(self._desk),
        )
        painter.resetTransform()
        self._paint_pane(painter, stepper)
        painter.end()
        stepper.seek(before)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(self._size[1], -1)
        return rows[:, : 3 * self._size[0]].reshape(self._size[1], self._size[0], 3).copy()

    def _paint_pane(self, painter: QPainter, stepper: Stepper) -> None:
        area = QRectF(self._size[0] - PANE_W, 0, PANE_W, self._size[1])
        painter.fillRect(area, LIGHT.panel)
        painter.fillRect(QRectF(area.left(), 0, 1, area.height()), LIGHT.line)
        told = explain_step(stepper, self._desk.training)
        if told is None:
            self._pane.show_hint("Before the first step", "")
        else:
            self._pane.show_step(told, step_title(told, place_words(self._desk, told.node)))
        self._pane.paint_into(painter, area, LIGHT)
