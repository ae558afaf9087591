"""What all plots share: a pixel-exact surface, curves and points that stay sharp, ticks, text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from math import sqrt
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import SymbolAtlas
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QPaintEngine,
    QPainter,
    QPen,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QMenu, QWidget

from playground.core.experiment import Experiment
from playground.core.focus import NOTHING, Focus
from playground.core.snapshot import Snapshot
from playground.ui.theme import BODY_PX, LIGHT, RADIUS_CARD, TITLE_PX, Theme, text_scale, ui_font

MAX_ENLARGEMENT = 2.0
CONTROLS_UP_TO = 1.4
"""The enlargement from which a view is a picture on its own and shows no check boxes."""

Painted = Callable[[QPainter], None]
Left, Right, Centre = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignRight,
    Qt.AlignmentFlag.AlignHCenter,
)


def device_ratio(painter: QPainter) -> float:
    """Device pixels per logical pixel of what `painter` really draws on, redirected or not."""
    logical = painter.worldTransform().m11()
    return painter.deviceTransform().m11() / logical if logical else 1.0


class Curve(pg.PlotCurveItem):
    """A curve of constant width in logical pixels.

    pyqtgraph's cosmetic pens are as wide in device pixels, so a 2× picture would have lines of
    half the width; this one asks the painter. With `clipped` nothing is drawn outside the box.
    """

    def __init__(self, *, clipped: bool = False, **options: Any) -> None:
        pg.PlotCurveItem.__init__(self, antialias=True, skipFiniteCheck=True, **options)
        # Separate segments are drawn more than ten times as fast as one thick path.
        self.setSegmentedLineMode("on")
        self._clipped = clipped
        self._pens: dict[float, QPen] = {}
        self._pen = QPen(Qt.PenStyle.NoPen)

    def set_pen(
        self, colour: QColor, width: float, dashes: tuple[float, float] | None = None
    ) -> None:
        """Draw in `colour`, `width` logical pixels wide, with dashes and gaps in pixels."""
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        # Square ends fill the joints of a curve; translucent ones would show where they overlap.
        is_solid = dashes is None and colour.alpha() == 255
        pen.setCapStyle(Qt.PenCapStyle.SquareCap if is_solid else Qt.PenCapStyle.FlatCap)
        if dashes is not None:
            self.setSegmentedLineMode("off")
            pen.setDashPattern([length / width for length in dashes])
        self._pen = pen
        self._pens.clear()
        self.setPen(pen)

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw with the pen that the device needs."""
        ratio = round(device_ratio(painter), 3)
        pen = self._pens.get(ratio)
        if pen is None:
            pen = self._pens[ratio] = QPen(self._pen)
            pen.setWidthF(self._pen.widthF() * ratio)
        self.opts["pen"] = pen
        if not self._clipped:
            super().paint(painter, option, widget)
            return
        painter.save()
        # The curve's own `viewRect` stays that of its first painting: pyqtgraph 0.14's
        # `PlotCurveItem.viewTransformChanged` leaves out what would forget it.
        box = self.getViewBox().viewRect()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        super().paint(painter, option, widget)
        painter.restore()


class _Ratio:
    """Stands for the widget in pyqtgraph's question for the device pixel ratio."""

    def __init__(self, ratio: float) -> None:
        self._ratio = ratio

    def devicePixelRatioF(self) -> float:
        return self._ratio


class _SpacedAtlas(SymbolAtlas):
    """Symbols with a clear pixel around each: smoothing would mix in what lies beside it."""

    def _itemData(  # noqa: N802  # pyqtgraph's
        self, keys: Iterable[Any]
    ) -> Iterator[tuple[Any, Any]]:
        for key, spaced in super()._itemData(keys):  # type: ignore[no-untyped-call]
            yield key, spaced[1:-1, 1:-1]

    def _extendFromData(self, data: Iterable[tuple[Any, Any]]) -> None:  # noqa: N802
        spaced = [(key, np.pad(pixels, _AROUND)) for key, pixels in data]
        super()._extendFromData(spaced)  # type: ignore[no-untyped-call]


_AROUND = ((1, 1), (1, 1), (0, 0))
_NUDGE = QTransform.fromTranslate(1 / 64, 1 / 64)


class Points(pg.ScatterPlotItem):
    """Marks of constant size, with symbols cached for the ratio of what they are drawn on."""

    def __init__(self) -> None:
        pg.ScatterPlotItem.__init__(self, pxMode=True, antialias=True)
        self.fragmentAtlas = _SpacedAtlas()

    def paint(self, painter: QPainter, *args: Any) -> None:
        """Draw the cached symbols; to vector devices their outlines."""
        engine = painter.paintEngine()
        self.opts["useCache"] = engine is None or engine.type() == QPaintEngine.Type.Raster
        if self.opts["useCache"]:
            # Symbols go to whole pixels. A place just between two went to either, as it happened.
            painter.setTransform(painter.transform() * _NUDGE)
        try:
            super().paint(painter, args[0] if args else None, _Ratio(device_ratio(painter)))
        finally:
            # Places in the cache are only kept up to date while it is used.
            self.opts["useCache"] = True


class PlotSurface(pg.GraphicsView):
    """A graphics view in pixel coordinates, painted before and after its items by its owner."""

    def __init__(self, parent: QWidget, behind: Painted, before: Painted) -> None:
        pg.GraphicsView.__init__(self, parent, background=None)
        self._behind = behind
        self._before = before
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def add_box(self) -> pg.ViewBox:
        """Return a new area for items in data coordinates that nobody can drag or zoom."""
        box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        box.disableAutoRange()
        # Clipping costs more than all else that is drawn; what may leave it clips itself.
        box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.addItem(box)
        return box

    def redraw(self) -> None:
        """Paint again, once: the scene does not know of a viewport's update and adds another."""
        self.sceneObj.update()

    def drawBackground(self, painter: QPainter, rect: object) -> None:
        """Fill, and let the owner paint what lies behind the items."""
        # Not left to the palette, which is the application's: a picture may be in another theme.
        painter.fillRect(QRectF(self.viewport().rect()), self.backgroundBrush())
        self._behind(painter)

    def drawForeground(self, painter: QPainter, rect: object) -> None:
        """Let the owner paint what lies before the items."""
        self._before(painter)


class ViewTask(StrEnum):
    """What can be done with a view."""

    ENLARGE = "Open larger"
    COPY = "Copy picture"
    EXPORT = "Export…"
    SAVE = "Save picture…"


class PlotView(QWidget):
    """A view of the right panel: themed, enlarged with care when it is much larger than there.

    Attributes
    ----------
    theme : the colours in force.
    exporting : whether controls are left out, for a picture of this view alone.
    tasks : what its menu offers; the sheet of exports knows the views of the window only.

    Signals
    -------
    wanted_changed() : `wanted` is another one now.
    task_requested(object) : a `ViewTask` that a person chose for this view.
    """

    BASE_SIZE = (404.0, 180.0)
    wanted_changed = Signal()
    task_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = LIGHT
        self.exporting = False
        self.tasks: tuple[ViewTask, ...] = (ViewTask.ENLARGE, ViewTask.COPY, ViewTask.EXPORT)

    @property
    def wanted(self) -> Focus:
        """What this view asks of the training thread as long as it can be seen."""
        return NOTHING

    def twin(self) -> PlotView:
        """Return a new view that shows the same, for a window of its own."""
        return type(self)()

    def make_menu(self) -> QMenu:
        """Return what can be done with this view as a picture."""
        menu = QMenu(self)
        for task in self.tasks:
            action = QAction(task.value, menu)
            action.setData(task.value)
            action.triggered.connect(self._on_task_triggered)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_task_triggered(self) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.task_requested.emit(ViewTask(str(sender.data())))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to open the view larger, to copy and to export it."""
        self.make_menu().popup(event.globalPos())

    @property
    def enlargement(self) -> float:
        """Factor of all fonts and strokes: text's in the panel, up to 2 in a large picture."""
        width, height = self.BASE_SIZE
        factor = min(self.width() / width, self.height() / height)
        return min(MAX_ENLARGEMENT, max(text_scale(), sqrt(factor) if factor > 1.3 else 1.0))

    @property
    def has_controls(self) -> bool:
        """Whether chips and boxes are shown: they grow with the text, but not with a picture."""
        return not self.exporting and self.enlargement <= max(CONTROLS_UP_TO, text_scale())

    def set_exporting(self, exporting: bool) -> None:
        """Leave the controls out (or show them again) for a picture of this view alone."""
        self.exporting = exporting
        self.arrange()

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme up and repaint."""
        self.theme = theme
        self.arrange()
        self.update()

    def show_experiment(self, experiment: Experiment) -> None:
        """Do nothing unless overridden: what is drawn was in force, which snapshots tell."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw what `snapshot` says."""
        raise NotImplementedError

    def arrange(self) -> None:
        """Place everything for the present size; called on every change of size or theme."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew."""
        self.arrange()


def draw_text(
    painter: QPainter,
    x: float,
    middle: float,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Left,
) -> float:
    """Write `text` with its figures centred on the height `middle`; return its width."""
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text)
    if align == Right:
        x -= width
    elif align == Centre:
        x -= width / 2
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(x, middle + metrics.capHeight() / 2), text)
    return width


def text_width(text: str, font: QFont) -> float:
    """Width of `text` in logical pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def elided(text: str, font: QFont, room: float) -> str:
    """Return `text`, cut at its end with "…" where it is wider than `room` logical pixels."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)


def draw_empty(painter: QPainter, area: QRectF, title: str, action: str, view: PlotView) -> None:
    """Draw the dashed box of an empty view with one bold line and one line on what to do."""
    unit = view.enlargement
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(view.theme.line_strong, 1.0)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)
    x, y = area.center().x(), area.center().y()
    bold, plain = ui_font(TITLE_PX * unit, 600), ui_font(BODY_PX * unit)
    draw_text(painter, x, y - 10 * unit, title, bold, view.theme.ink1, Centre)
    draw_text(painter, x, y + 10 * unit, action, plain, view.theme.ink3, Centre)
