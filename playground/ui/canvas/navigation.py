"""Moving over the canvas: zoom, scrolled columns, folded features, parts gliding to new places."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QPointF, QVariantAnimation
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Experiment
from playground.ui.canvas.editing import EditableNetwork
from playground.ui.canvas.geometry import Folding
from playground.ui.canvas.zoom import Zoom

SLIDE_MS = 120


class NavigableNetwork(EditableNetwork):
    """Decides what part of the network is in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reduced_motion = False
        self._slide = QVariantAnimation(self)
        self._slide.setStartValue(0.0)
        self._slide.setEndValue(1.0)
        self._slide.setDuration(SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._on_slide_advanced)

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw another set-up; after an edit made here the parts glide to their new places."""
        before = self._curves
        super().show_experiment(experiment)
        if self.edited_here and before is not None and self._curves is None:
            self.edited_here = False
            self._glide()

    def _glide(self) -> None:
        if self.reduced_motion or not self.isVisible():
            return
        self._slide.stop()
        self.ease(0.0)
        self._slide.start()

    def _on_slide_advanced(self, share: float) -> None:
        self.ease(float(share))

    def fold_features(self, folded: bool) -> None:
        """Fold features that are off away, or show them."""
        self.folding = Folding(self.folding.first, features_shown=not folded)
        self.relayout()

    def scroll_column(self, layer: int, tiles: int) -> None:
        """Scroll a column that does not fit by a number of tiles."""
        column = self.layout_now.column(layer)
        first = min(column.above + tiles, column.above + column.below)
        self.folding = self.folding.scrolled(layer, first)
        self.relayout()

    def zoom_by(self, factor: float, around: QPointF | None = None) -> None:
        """Magnify around a point of the widget, by default its middle."""
        point = QPointF(self.width() / 2, self.height() / 2) if around is None else around
        self._set_zoom(self.zoom.around(point, factor, self.width(), self.height()))

    def fit(self) -> None:
        """Show the whole network."""
        self._set_zoom(Zoom())

    def _move(self, dx: float, dy: float) -> None:
        self._set_zoom(self.zoom.moved(dx, dy, self.width(), self.height()))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self.zoom:
            self.close_editor()
            self.zoom = zoom
            self.hide_card()
            self.repaint_edges()
            self.zoom_changed.emit(zoom.is_fit)

    def stop_gliding(self) -> None:
        """Put all parts to their places at once."""
        if self._slide.state() is QAbstractAnimation.State.Running:
            self._slide.stop()
            self.ease(1.0)
