"""The painted network: one widget that draws cached edges and tiles and an overlay for feedback."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from time import monotonic, perf_counter

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.core.experiment import Experiment, NetworkSpec
from playground.core.snapshot import Activity, Snapshot
from playground.ui.canvas.columns import chip_widths
from playground.ui.canvas.edge_layer import EdgeLayer, EdgeScene
from playground.ui.canvas.edges import (
    MANY_EDGES,
    Curves,
    EdgeLook,
    paint_edges,
    paint_weight_chips,
    pen_table,
)
from playground.ui.canvas.edits import MAX_HAND_LAYERS, resized
from playground.ui.canvas.facts import NetworkFacts, paint_facts
from playground.ui.canvas.furniture import Furniture, Still
from playground.ui.canvas.geometry import CROWDED_BELOW, Folding, Layout
from playground.ui.canvas.layout import blend, lay_out
from playground.ui.canvas.marks import paint_outline, paint_pin
from playground.ui.canvas.quality import Quality
from playground.ui.canvas.tiles import TileImages, TilePainter
from playground.ui.canvas.values import EdgeMode, NetworkValues, arrange, matched_layers
from playground.ui.canvas.zoom import Zoom
from playground.ui.controls.base import empty_pixmap, kept_ratio
from playground.ui.input_names import column_names
from playground.ui.theme import LIGHT, Theme, text_scale


class PaintedNetwork(QWidget):
    """Draws an experiment's network with the numbers of the newest snapshot.

    The picture at rest is cached; hover, focus, cards and a handle being dragged are painted over
    it, so that feedback costs one blit and a few strokes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.experiment = Experiment()
        self.snapshot: Snapshot | None = None
        self.values: NetworkValues = arrange(self.experiment.network, None)
        self.edge_mode = EdgeMode.WEIGHT
        self.reference = 0.0
        self.selected: tuple[int, int] | None = None
        self.pinned: tuple[int, int] | None = None
        self.dragged: tuple[int, int] | None = None
        """The layer whose handle is dragged, and the size it would get."""
        self.folding = Folding()
        self.zoom = Zoom()
        self.facts = NetworkFacts()
        self.log_rings = False
        self.sign_marks = False
        self.exporting = False
        """Whether this is a picture for a file: nothing kept, nothing that only serves editing."""
        self._theme = LIGHT
        self._running = False
        self._tiles, self._furniture = TilePainter(LIGHT), Furniture(LIGHT)
        self._pens = pen_table(LIGHT)
        self._images = TileImages(self.values, self.experiment.network, LIGHT)
        self._curves: Curves | None = None
        self._eased: Curves | None = None
        self._ease_from: Layout | None = None
        self._ease_origins: list[int] = []
        self._base = QPixmap()
        self._is_base_old = True
        self._edge_layer = EdgeLayer(self)
        self.quality = Quality()
        self._taking_s = 0.0
        self._covered = 0

    @property
    def theme(self) -> Theme:
        """The appearance drawn in."""
        return self._theme

    @property
    def curves(self) -> Curves:
        """The curves of the present layout."""
        if self._curves is None:
            self._curves = Curves(self._lay_out())
        return self._curves

    @property
    def layout_now(self) -> Layout:
        """Where everything is, with the size that a dragged handle would give its layer."""
        return self.curves.layout

    @property
    def is_curved(self) -> bool:
        """Whether edges are curves; networks with very many edges have straight lines."""
        return self.layout_now.n_edges() <= MANY_EDGES

    @property
    def _drawn_network(self) -> NetworkSpec:
        """The network with the size that a dragged handle would give its layer."""
        network = self.experiment.network
        with suppress(ValueError):  # too many parameters, which is told when the handle is let go
            return network if self.dragged is None else resized(network, *self.dragged)
        return network

    def _lay_out(self) -> Layout:
        network = self._drawn_network
        width, height = self.width() / text_scale(), self.height() / text_scale()
        crowded = width / (len(network.layer_sizes) + 1) < CROWDED_BELOW
        widths = chip_widths(network, crowded)

        def laid_out(height: float) -> Layout:
            return lay_out(network, width, height, widths, self.folding, MAX_HAND_LAYERS)

        layout, free = laid_out(height), height - self._covered / text_scale()
        return layout if layout.bottom <= free else laid_out(free)

    def show_covered(self, height: int) -> None:
        """Keep the columns off the lowest `height` pixels, which something else covers."""
        if height != self._covered:
            self._covered = height
            self.relayout()

    def show_experiment(self, experiment: Experiment) -> None:
        """Draw another set-up; what is known of its parts stays on the screen."""
        before, self.experiment = self.experiment.network, experiment
        if experiment.network != before:
            origins = matched_layers(before, experiment.network)
            self._rearrange()
            self.relayout(origins)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the numbers of a newer step."""
        started = perf_counter()
        self.snapshot = snapshot
        self.facts.show_snapshot(snapshot)
        self._rearrange()
        self.refresh()
        self._taking_s = perf_counter() - started

    def show_activity(self, activity: Activity) -> None:
        """Take up whether training runs; at rest everything is painted at full quality."""
        was_running, self._running = self._running, activity is Activity.RUNNING
        if self._running:
            if not was_running and self.quality.begin():
                self.quality_changed()
        else:
            if self.quality.restore():
                self.quality_changed()
            self._edge_layer.forget()
            self.refresh()

    def take_turns(self, in_turn: Callable[[Callable[[], None]], None]) -> None:
        """Paint very many edges in turns of the event loop that `in_turn` gives."""
        self._edge_layer.in_turn = in_turn

    def quality_changed(self) -> None:
        """Take up that frames get more or less detail; here nothing."""

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._tiles, self._furniture = TilePainter(theme), Furniture(theme)
        self._pens = pen_table(theme)
        self._images = TileImages(self.values, self.experiment.network, theme)
        self._curves = None  # the size of text may have changed with the theme
        self.repaint_edges()

    def _rearrange(self) -> None:
        network = self.experiment.network
        self.values = arrange(network, self.snapshot)
        self._images = TileImages(self.values, network, self._theme, self._images)
        self.reference = self.values.reference(self.edge_mode)

    def relayout(self, origins: list[int] | None = None) -> None:
        """Compute all places anew, after the room or the network changed.

        `origins` are the layers that the present ones were (see `matched_layers`); without it the
        layers are the same.
        """
        old = self._curves.layout if self._curves is not None else None
        self._curves, self._eased = None, None
        self._ease_from = old
        self._ease_origins = origins or list(range(len(self.experiment.network.layer_sizes)))
        self.repaint_edges()

    def ease(self, share: float) -> None:
        """Draw the parts at `share` of their way from the layout before to the present one."""
        old, new = self._ease_from, self.layout_now
        if old is None or share >= 1.0:
            self._eased = self._ease_from = None
        else:
            self._eased = Curves(blend(old, new, share, self._ease_origins))
        self.repaint_edges()

    @property
    def _shown(self) -> Curves:
        """The curves to paint: those on their way, if parts are."""
        return self._eased or self.curves

    def repaint_edges(self) -> None:
        """Paint everything anew, however many edges there are."""
        self._edge_layer.forget()
        self.refresh()

    def refresh(self) -> None:
        """Paint the picture at rest anew in the next frame."""
        self._is_base_old = True
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new room."""
        self.relayout()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """Return the size of the usual window's canvas."""
        return QSize(784, 690)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(320, 240)

    def look(self) -> EdgeLook:
        """Return how edges are drawn now."""
        return EdgeLook(self.edge_mode, self.reference, self.selected, self.sign_marks)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cached picture and the overlay; what is for a file is drawn anew."""
        painter = QPainter(self)
        ratio = None if self.exporting else kept_ratio(painter, self)
        if ratio is not None:
            if self._is_base_old or abs(self._base.devicePixelRatio() - ratio) > 1e-6:
                self._is_base_old, started = True, perf_counter()
                # A painted rectangle would cover the last row in part at a broken ratio.
                size, paper = self.size() * ratio, self._theme.paper
                self._base = empty_pixmap(size, ratio, paper, self._base)
                with_base = QPainter(self._base)
                self._paint_rest(with_base, ratio)
                with_base.end()
                self._is_base_old = False
                if ratio <= self.devicePixelRatioF():  # else it is a picture for a file
                    self._note_cost(self._taking_s + perf_counter() - started)
            painter.drawPixmap(0, 0, self._base)
        else:
            painter.fillRect(self.rect(), self._theme.paper)
            painter.save()
            self._paint_rest(painter, None)
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setTransform(self._view_transform(), True)
        self._paint_overlay(painter)

    def _note_cost(self, seconds: float) -> None:
        self._taking_s = 0.0
        if not self._running:
            self.quality.note_at_rest(seconds)
        elif self.quality.note(seconds, monotonic()):
            self.quality_changed()

    def _view_transform(self) -> QTransform:
        view = self.zoom.transform(self.layout_now.width, self.width() / text_scale())
        return view.scale(text_scale(), text_scale())

    def _paint_rest(self, painter: QPainter, ratio: float | None) -> None:
        """Paint on paper all but the overlay."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        layout, network = self._shown.layout, self.experiment.network
        saves = self._running and self.quality.is_reduced and self._eased is None
        if ratio is not None and (saves or not self.is_curved):
            painter.drawPixmap(0, 0, self._edge_picture(ratio))
            painter.setTransform(self._view_transform(), True)
        else:
            painter.setTransform(self._view_transform(), True)
            self._paint_edges(painter)
        names = column_names(self.experiment)
        still = Still(layout, network, self._images, names, self.exporting)
        if ratio is not None and self._eased is None:  # what moves is not worth keeping
            view, size = self._view_transform(), self.size() * ratio
            picture = self._furniture.picture(still, size, ratio, view)
            painter.resetTransform()
            painter.drawPixmap(0, 0, picture)
            painter.setTransform(view, True)
        else:
            self._furniture.paint(painter, still)
        self._tiles.paint(
            painter,
            layout,
            network,
            self.values,
            self._images,
            log_rings=self.log_rings,
            sign_marks=self.sign_marks,
        )
        box = layout.boxes.get(self.selected) if self.selected is not None else None
        if box is not None:
            paint_outline(painter, box.rect, self._theme.ink1, 2.0)
            paint_weight_chips(painter, layout, self.values, self._theme, self.look())
        for neuron in dict.fromkeys((self.selected, self.pinned)):
            box = layout.boxes.get(neuron) if neuron is not None else None
            if box is not None:
                paint_pin(painter, box.pin_centre, neuron == self.pinned, self._theme)
        diverged = self.snapshot is not None and self.snapshot.divergence is not None
        if self.zoom.is_fit and not diverged:  # the banner stands there then
            words = self.facts.describe(self._drawn_network)
            paint_facts(painter, words, layout, self._theme)

    def _edge_picture(self, ratio: float) -> QPixmap:
        """Return the picture of all edges; while training runs it may be a little older."""
        size, view = self.size() * ratio, self._view_transform()
        ground = self._theme.paper
        look = self.look()
        scene = EdgeScene(self._shown, self.values, self._pens, look, ground, size, ratio, view)
        return self._edge_layer.picture(scene, live=self._running)

    def _paint_edges(self, painter: QPainter) -> None:
        paint_edges(painter, self._shown, self.values, self._pens, self.look())

    def _paint_overlay(self, painter: QPainter) -> None:
        """Paint what comes and goes over the picture at rest; here nothing."""
