"""The picture of all edges while training runs: renewed ten times a second, between two frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform

from playground.ui.canvas.edges import Curves, EdgeLook, PenTable, paint_gap
from playground.ui.canvas.values import NetworkValues
from playground.ui.controls.base import empty_pixmap

REFRESH_S = 0.1
"""Shortest time between two paintings of very many edges, or of any where frames are slow."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeScene:
    """What the picture shows, and where.

    Attributes
    ----------
    size, ratio : pixels of the picture, and how many of them are one logical pixel.
    view : maps the layout to logical pixels.
    """

    curves: Curves
    values: NetworkValues
    pens: PenTable
    look: EdgeLook
    ground: QColor
    size: QSize
    ratio: float
    view: QTransform

    def empty(self, kept: QPixmap | None = None) -> QPixmap:
        """Return the picture before any edge is painted: in `kept` where that is as large."""
        return empty_pixmap(self.size, self.ratio, self.ground, kept)

    def paint_gap(self, pixmap: QPixmap, index: int) -> None:
        """Paint the edges between two neighbouring columns."""
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self.view, True)
        gap = self.curves.layout.gaps[index]
        paint_gap(painter, self.curves, gap, self.values, self.pens, self.look)
        painter.end()

    @property
    def n_gaps(self) -> int:
        """How many parts it is painted in."""
        return len(self.curves.layout.gaps)


class EdgeLayer(QObject):
    """Keeps the picture, and paints the next one in parts: all edges take too long for a frame.

    Attributes
    ----------
    in_turn : does a part in a turn of the event loop, between those that show a snapshot; without
        it the next turn will do.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pixmap: QPixmap | None = None
        self._begun_at = 0.0
        self._scene: EdgeScene | None = None
        self._next = QPixmap()
        self._n_painted = 0
        self.in_turn: Callable[[Callable[[], None]], None] | None = None

    @property
    def is_painting(self) -> bool:
        """Whether the next picture is being painted."""
        return self._scene is not None

    def forget(self) -> None:
        """Drop the picture: what it shows is not where it was, or not in these colours."""
        self.pixmap = None
        self.stop()

    def stop(self) -> None:
        """Leave the next picture; the present one stays."""
        self._scene = None

    def picture(self, scene: EdgeScene, *, live: bool) -> QPixmap:
        """Return a picture of the scene; while `live` it may be REFRESH_S and a frame old."""
        kept = self.pixmap
        if kept is None or not live or abs(kept.devicePixelRatio() - scene.ratio) > 1e-6:
            self.stop()
            kept = self.pixmap = scene.empty()
            for index in range(scene.n_gaps):
                scene.paint_gap(kept, index)
            self._begun_at = monotonic()
        elif self._scene is None and monotonic() - self._begun_at >= REFRESH_S:
            self._scene, self._next, self._n_painted = scene, scene.empty(self._next), 0
            self._begun_at = monotonic()
            self._ask()
        return kept

    def _ask(self) -> None:
        if self.in_turn is None:
            QTimer.singleShot(0, self, self._on_turn)
        else:
            self.in_turn(self._on_turn)

    def _on_turn(self) -> None:
        scene = self._scene
        if scene is None:
            return
        if self._n_painted < scene.n_gaps:
            scene.paint_gap(self._next, self._n_painted)
            self._n_painted += 1
        if self._n_painted == scene.n_gaps:
            before = QPixmap() if self.pixmap is None else self.pixmap
            self.pixmap, self._next, self._scene = self._next, before, None
        else:
            self._ask()
