"""The picture of what stands still while training runs, painted once and laid over the edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from playground.core.experiment import Feature, NetworkSpec
from playground.ui.canvas.columns import ColumnPainter
from playground.ui.canvas.geometry import Layout
from playground.ui.canvas.ground import GroundPainter
from playground.ui.canvas.tiles import TileImages
from playground.ui.controls.base import empty_pixmap
from playground.ui.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """What the picture shows.

    Attributes
    ----------
    columns : the names of the features that are columns of a file.
    bare : whether what only serves editing is left out.
    """

    layout: Layout
    network: NetworkSpec
    images: TileImages
    columns: Mapping[Feature, str]
    bare: bool

    def looks_like(self, other: Still) -> bool:
        """Whether the two give the same picture."""
        return (
            self.layout is other.layout
            and self.images.feature_maps is other.images.feature_maps
            and self.bare == other.bare
            and self.network == other.network
            and self.columns == other.columns
        )


class Furniture:
    """Paints columns, features and the grounds of neurons; keeps the last picture of them."""

    def __init__(self, theme: Theme) -> None:
        self.columns = ColumnPainter(theme)
        self._ground = GroundPainter(theme)
        self._shown: Still | None = None
        self._view = QTransform()
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, still: Still) -> None:
        """Paint it stroke by stroke."""
        self.columns.paint(painter, still.layout, still.network, bare=still.bare)
        self._ground.paint(painter, still.layout, still.network, still.images, still.columns)

    def picture(self, still: Still, size: QSize, ratio: float, view: QTransform) -> QPixmap:
        """Return it on a transparent ground, for a canvas of this many pixels.

        `ratio` are pixels per logical pixel, `view` maps the layout to logical pixels.
        """
        before, pixmap = self._shown, self._pixmap
        same = before is not None and still.looks_like(before) and view == self._view
        if not same or pixmap.size() != size or abs(pixmap.devicePixelRatio() - ratio) > 1e-6:
            pixmap = empty_pixmap(size, ratio, Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setTransform(view, True)
            self.paint(painter, still)
            painter.end()
            self._shown, self._view, self._pixmap = still, view, pixmap
        return pixmap
