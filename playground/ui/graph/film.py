"""A stepping as an animation: the whole graph and the pane, one frame per step."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QRectF, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from playground.core.experiment import TrainingSpec
from playground.core.export.animation import Motion, check_size, encode
from playground.core.export.gif import Pixels
from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.explanation import explain_step
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.ui.export.writer import Make
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


class Film(QObject):
    """Draws the frames of a stepping, one between two events.

    The desk's own stepping is where it was after every frame. All frames show the same numbers:
    where others come, the film ends.

    Attributes
    ----------
    frames : what is drawn so far.

    Signals
    -------
    finished(str) : what went wrong, or "" if all frames are drawn; nothing more follows.
    """

    finished = Signal(str)

    def __init__(self, desk: Desk, drawing: Drawing, direction: Direction, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._drawing, self._direction = desk, drawing, direction
        self._pane = StepPane()
        self._painter = GraphPainter(LIGHT)
        self.frames: list[Pixels] = []
        self._positions = self._stops()
        across = (MOST_W - 2 * MARGIN) / max(1.0, drawing.width)
        self._scale = min(1.0, across)
        width = round(drawing.width * self._scale + 2 * MARGIN) + PANE_W
        height = round(max(LEAST_H, drawing.height * self._scale + 2 * MARGIN))
        self._size = width + width % 2, height + height % 2
        check_size(*self._size, len(self._positions))
        self._numbers = self._numbers_now()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer)

    @property
    def n_frames(self) -> int:
        """Frames in all."""
        return len(self._positions)

    def start(self) -> None:
        """Begin to draw."""
        self._timer.start(0)

    def make(self, ending: str) -> Make:
        """Return what makes the file of the frames, in any thread."""
        motion = Motion(self.n_frames, SECONDS_PER_STEP * self.n_frames)
        return partial(encode, self.frames, ending, motion)

    def _on_timer(self) -> None:
        if self._desk.graph is not self._drawing.folded.graph:
            self._end("the graph has changed meanwhile")
        elif self._numbers_now() != self._numbers:
            self._end("the numbers have changed meanwhile")
        elif len(self.frames) < len(self._positions):
            self.frames.append(self._frame(self._positions[len(self.frames)]))
        else:
            self._end("")

    def _numbers_now(self) -> tuple[list[float], TrainingSpec | None]:
        """Return what the frames follow from: the parameters, and how they are trained."""
        graph = self._desk.settle()
        return [graph.nodes[k].data for k in graph.parameters], self._desk.training

    def _end(self, problem: str) -> None:
        self._timer.stop()
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
