"""Saves the whole graph as it is drawn: PNG, SVG, PDF and DOT."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QObject, QRect, QSize, QSizeF, Signal
from PySide6.QtGui import QAction, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.dot import dot_text
from playground.ui.graph.view import GraphView
from playground.ui.picture import save_png
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


class GraphExport(QObject):
    """The export part of the dock's menu.

    Signals
    -------
    message_raised(str), failed(str) : words for the status line.
    """

    message_raised = Signal(str)
    failed = Signal(str)

    def __init__(self, view: GraphView, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._view, self._desk, self._widget = view, desk, parent
        self._dialog: QFileDialog | None = None
        self._ending = "svg"
        self._folder = ""
        self.actions_of_menu: list[QAction] = []
        for ending in FORMATS:
            action = QAction(f"Save graph as {ending.upper()}…", self)
            action.setData(ending)
            action.triggered.connect(self._on_triggered)
            self.actions_of_menu.append(action)

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
        dialog = QFileDialog(self._widget, "Save graph", self._folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"{FORMATS[ending]} (*.{ending})")
        dialog.setDefaultSuffix(ending)
        dialog.selectFile(f"graph.{ending}")
        dialog.fileSelected.connect(self._on_file_selected)
        self._dialog = dialog
        dialog.open()

    def _on_file_selected(self, name: str) -> None:
        path = Path(name)
        self._folder = str(path.parent)
        try:
            self.save(path)
        except OSError as error:
            self.failed.emit(f"{path.name} could not be saved: {error.strerror or error}")
        else:
            self.message_raised.emit(f"Saved {path.name}")

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
        """Write the graph in the format of the file's ending.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        ending = path.suffix.lower().lstrip(".") or self._ending
        if ending == "png":
            save_png(self.draw(), path)
        elif ending == "dot":
            assert self._desk.folded is not None
            self._desk.settle()
            path.write_text(dot_text(self._desk.folded), encoding="utf-8")
        else:
            with path.open("wb"):  # says in the usual words why it cannot be written
                pass
            self._save_vectors(path, ending)

    def _save_vectors(self, path: Path, ending: str) -> None:
        size = self.size()
        device: QSvgGenerator | QPdfWriter
        if ending == "pdf":
            device = QPdfWriter(str(path))
            device.setResolution(72)
            device.setPageSize(QPageSize(QSizeF(size), QPageSize.Unit.Point))
            device.setPageMargins(QMarginsF(0, 0, 0, 0))
        else:
            device = QSvgGenerator()
            device.setFileName(str(path))
            device.setSize(size)
            device.setViewBox(QRect(0, 0, size.width(), size.height()))
            device.setResolution(self._widget.logicalDpiX())
            device.setTitle("Computation graph")
        painter = QPainter(device)
        painter.fillRect(QRect(0, 0, size.width(), size.height()), LIGHT.paper)
        self._paint(painter, LIGHT)
        if not painter.end():
            raise OSError(f"{path.name} could not be written")
