"""Saves the whole graph as it is drawn, or its stepping as an animation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QAction, QImage, QPainter
from PySide6.QtWidgets import QWidget

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.dot import dot_text
from playground.core.scalar_graph.stepping import Direction
from playground.core.snapshot import Activity
from playground.ui.export.pdf import write_pdf
from playground.ui.export.recording import Group, RecordingDevice
from playground.ui.export.save_prompt import SavePrompt
from playground.ui.export.svg import write_svg
from playground.ui.export.writer import FileWriter, Made
from playground.ui.graph.film import Film
from playground.ui.graph.view import GraphView
from playground.ui.picture import png_bytes
from playground.ui.theme import LIGHT, Theme

MARGIN = 16
MAX_PIXELS = 120_000_000
"""Pixels at most of a picture; a larger graph is drawn smaller."""
FORMATS = {
    "svg": "SVG, vectors",
    "pdf": "PDF, vectors",
    "png": "PNG, pixels",
    "dot": "DOT, Graphviz",
}
MOVING = {"gif": "GIF", "webp": "Animated WebP", "apng": "Animated PNG"}
TITLE = "Computation graph"


class GraphExport(QObject):
    """The export part of the dock's menu.

    Signals
    -------
    pause_requested() : the training is to pause: an animation shows one moment of it.
    message_raised(str), failed(str) : words for the status line.
    """

    pause_requested = Signal()
    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(self, view: GraphView, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._desk = view, desk
        self.prompt = SavePrompt(parent)
        self._ending = "svg"
        self.actions_of_menu: list[QAction] = []
        for ending in FORMATS:
            action = QAction(f"Save graph as {ending.upper()}…", self)
            action.setData(ending)
            action.triggered.connect(self._on_triggered)
            self.actions_of_menu.append(action)
        for ending, words in MOVING.items():
            action = QAction(f"Save stepping as {words}…", self)
            action.setData(ending)
            action.triggered.connect(self._on_triggered)
            self.actions_of_menu.append(action)
        self.direction = Direction.BACKWARD
        self.film: Film | None = None
        self.writer = FileWriter(self)
        self._was_stepping = False
        self._activity = Activity.PAUSED
        self._wanted: Path | None = None

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs; an animation asked for while it ran is begun now."""
        self._activity = activity
        if activity is not Activity.RUNNING and self._wanted is not None:
            path, self._wanted = self._wanted, None
            self._on_path_chosen(path)

    def _on_triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.ask_for_file(str(action.data()))

    def ask_for_file(self, ending: str) -> None:
        """Ask where to save, without blocking the window."""
        if self._desk.folded is None:
            self.failed.emit("There is no graph yet.")
            return
        self._ending = ending
        what = "stepping" if ending in MOVING else "graph"
        kind, name = (FORMATS | MOVING)[ending], f"{what}.{ending}"
        self.prompt.ask(f"Save {what}", kind, name, self._on_path_chosen)

    def _on_path_chosen(self, path: Path) -> None:
        try:
            if path.suffix.lower().lstrip(".") in MOVING:
                self.film_steps(path)
                return
            self.save(path)
        except (MemoryError, ValueError) as error:
            self._tell_failure(path, str(error))

    def _tell_failure(self, path: Path, problem: str) -> None:
        self.failed.emit(f"{path.name} could not be saved: {problem}")

    def film_steps(self, path: Path) -> None:
        """Write all steps of the present direction as an animation; `film` is at work meanwhile.

        While training runs it begins once that rests.

        Raises
        ------
        ValueError
            If the frames together are too large.
        """
        drawing = self._view.drawing
        if drawing is None or self.film is not None:
            return
        if self._activity is Activity.RUNNING:
            self._wanted = path
            self.pause_requested.emit()
            return
        self._was_stepping = self._desk.stepper is not None
        self.film = Film(self._desk, drawing, self.direction, self)
        self.film.finished.connect(partial(self._on_film_finished, path))
        self.message_raised.emit(f"Drawing {self.film.n_frames} frames of {path.name}")
        self.film.start()

    def _on_film_finished(self, path: Path, problem: str) -> None:
        film, self.film = self.film, None
        assert film is not None, "a film that ends has begun"
        if not self._was_stepping:
            self._desk.end_steps()
        self._view.refresh()
        if problem:
            self._tell_failure(path, problem)
        else:
            make = film.make(path.suffix.lower())
            self.writer.write(make, path, partial(self._on_written, path))
        film.deleteLater()

    def size(self) -> QSize:
        """Return the size of the picture at scale 1."""
        drawing = self._view.drawing
        assert drawing is not None, "there is a graph before it is drawn"
        return QSize(round(drawing.width) + 2 * MARGIN, round(drawing.height) + 2 * MARGIN)

    def draw(self, theme: Theme = LIGHT, scale: float = 2.0) -> QImage:
        """Return the picture of the whole graph, smaller if it would be huge."""
        size = self.size()
        scale = min(scale, (MAX_PIXELS / (size.width() * size.height())) ** 0.5)
        image = QImage(size * scale, QImage.Format.Format_RGB32)
        image.fill(theme.paper)
        image.setDevicePixelRatio(scale)
        painter = QPainter(image)
        self._paint(painter, theme)
        painter.end()
        image.setDevicePixelRatio(1.0)
        return image

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        painter.translate(MARGIN, MARGIN)
        self._view.paint_whole(painter, theme)

    def save(self, path: Path) -> None:
        """Write the graph in the format of the file's ending; it is told how that went.

        It is drawn now and packed off the GUI thread.
        """
        ending = path.suffix.lower().lstrip(".") or self._ending
        self.writer.write(self._prepared(ending), path, partial(self._on_written, path))

    def _on_written(self, path: Path, made: Made) -> None:
        if made.problem:
            self.failed.emit(f"{path.name}: {made.problem}")
        else:
            self.message_raised.emit(f"Saved {path.name}")

    def _prepared(self, ending: str) -> Callable[[], bytes]:
        """Draw the graph, and return what makes the file of it."""
        if ending == "png":
            return partial(png_bytes, self.draw())
        if ending == "dot":
            assert self._desk.folded is not None, "there is a graph"
            self._desk.settle()
            text = dot_text(self._desk.folded)
            return text.encode
        size = self.size()
        groups, more = [self._recorded(size)], (size.width(), size.height(), TITLE)
        if ending == "pdf":
            return lambda: write_pdf(groups, *more)
        return lambda: write_svg(groups, *more).encode()

    def _recorded(self, size: QSize) -> Group:
        device = RecordingDevice(size.width(), size.height())
        area = QRectF(0, 0, size.width(), size.height())
        painter = QPainter(device)
        painter.fillRect(area, LIGHT.paper)
        self._paint(painter, LIGHT)
        painter.end()
        return Group(0, 0, area, device.marks, TITLE)
