"""A paint device that remembers what is painted on it, in its own pixel coordinates.

Every view paints with `QPainter`; here its strokes, fills, words and pictures are taken down one
by one, to be written as SVG, PDF, or painted again without some of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QGradient,
    QImage,
    QLinearGradient,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QTextItem,
    QTransform,
)

DPI = 96
COVERS = 1.0
"""How many pixels of a shape a texture may leave uncovered and still count as one picture."""

_FLAG = QPaintEngine.DirtyFlag
_TRANSFORM, _PEN, _BRUSH = (
    _FLAG.DirtyTransform.value,
    _FLAG.DirtyPen.value,
    _FLAG.DirtyBrush.value,
)
_OPACITY, _HINTS = _FLAG.DirtyOpacity.value, _FLAG.DirtyHints.value
_CLIP_ENABLED, _CLIP_PATH = _FLAG.DirtyClipEnabled.value, _FLAG.DirtyClipPath.value
_CLIP_REGION = _FLAG.DirtyClipRegion.value
_ANTIALIASING = QPainter.RenderHint.Antialiasing.value
_SMOOTH = QPainter.RenderHint.SmoothPixmapTransform.value


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A path that is filled, stroked or both; its pen and brush are in pixels."""

    path: QPainterPath
    brush: QBrush | None
    pen: QPen | None
    opacity: float = 1.0
    clip: QPainterPath | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A line of text whose baseline begins at the transform's image of (x, y)."""

    text: str
    x: float
    y: float
    width: float
    font: QFont
    pen: QPen
    transform: QTransform
    opacity: float = 1.0
    clip: QPainterPath | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pixels:
    """A picture made of pixels, a heat map for instance."""

    target: QRectF
    image: QImage
    smooth: bool
    opacity: float = 1.0
    clip: QPainterPath | None = None


Mark = Shape | Words | Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What one widget painted: where its corner is, and what of it can be seen."""

    x: float
    y: float
    clip: QRectF
    marks: tuple[Mark, ...]
    name: str = ""


class RecordingEngine(QPaintEngine):
    """Takes marks down; the transform, pens and brushes are resolved to pixels."""

    def __init__(self) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self.marks: list[Mark] = []
        self._pen = QPen(Qt.PenStyle.NoPen)
        self._stroke: QPen | None = None
        self._is_stroke_stale = False
        self._brush = QBrush(Qt.BrushStyle.NoBrush)
        self._brush_style = Qt.BrushStyle.NoBrush
        self._transform = QTransform()
        self._opacity = 1.0
        self._antialiased = False
        self._smooth = False
        self._clip: QPainterPath | None = None
        self._clips = True

    def begin(self, device: QPaintDevice) -> bool:
        """Start."""
        return True

    def end(self) -> bool:
        """Stop."""
        return True

    def type(self) -> QPaintEngine.Type:
        """Tell views that this is no raster."""
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        """Take up what changed."""
        # As a number: Python's flags cost more than all the drawing.
        dirty = state.state().value
        if dirty & _TRANSFORM:
            self._transform = QTransform(state.transform())
            self._is_stroke_stale = True
        if dirty & _PEN:
            self._pen = QPen(state.pen())
            self._is_stroke_stale = True
        if dirty & _BRUSH:
            self._brush = QBrush(state.brush())
            self._brush_style = self._brush.style()
        if dirty & _OPACITY:
            self._opacity = state.opacity()
        if dirty & _HINTS:
            hints = state.renderHints().value
            self._antialiased = bool(hints & _ANTIALIASING)
            self._smooth = bool(hints & _SMOOTH)
        if dirty & _CLIP_ENABLED:
            self._clips = state.isClipEnabled()
        if dirty & _CLIP_PATH:
            self._take_clip(state.clipPath(), state)
        elif dirty & _CLIP_REGION:
            path = QPainterPath()
            path.addRegion(state.clipRegion())
            self._take_clip(path, state)

    def _take_clip(self, path: QPainterPath, state: QPaintEngineState) -> None:
        operation = state.clipOperation()
        if operation == Qt.ClipOperation.NoClip:
            self._clip = None
            return
        path = state.transform().map(path)
        if operation == Qt.ClipOperation.IntersectClip and self._clip is not None:
            path = self._clip.intersected(path)
        self._clip = path

    @property
    def _clip_now(self) -> QPainterPath | None:
        return self._clip if self._clips else None

    def _scale(self) -> float:
        t = self._transform
        return float(abs(t.m11() * t.m22() - t.m12() * t.m21()) ** 0.5)

    @property
    def _stroke_now(self) -> QPen | None:
        """The pen in pixels, made when it is needed: many marks have the same."""
        if self._is_stroke_stale:
            self._stroke, self._is_stroke_stale = self._pen_in_pixels(), False
        return self._stroke

    def _pen_in_pixels(self) -> QPen | None:
        pen = self._pen
        if pen.style() == Qt.PenStyle.NoPen or pen.brush().style() == Qt.BrushStyle.NoBrush:
            return None
        pen = QPen(pen)
        width = pen.widthF() if pen.isCosmetic() else pen.widthF() * self._scale()
        # A width of 0 means one pixel.
        pen.setWidthF(width or 1.0)
        pen.setCosmetic(False)
        return pen

    def _add(self, path: QPainterPath, filled: bool = True) -> None:
        """Take down a path in the painter's coordinates."""
        style = self._brush_style if filled else Qt.BrushStyle.NoBrush
        brush = None if style is Qt.BrushStyle.NoBrush else self._brush
        pen = self._stroke_now
        mapped = self._transform.map(path)
        if brush is not None and style is Qt.BrushStyle.TexturePattern:
            self._add_texture(mapped, brush)
            brush = None
        elif brush is not None and style is not Qt.BrushStyle.SolidPattern and brush.gradient():
            brush = self._mapped_gradient(brush)
        if pen is not None and not self._antialiased and round(pen.widthF()) % 2:
            # Without antialiasing Qt paints the pixels right of and below the line.
            mapped = mapped.translated(0.5, 0.5)
        if brush is not None or pen is not None:
            self.marks.append(Shape(mapped, brush, pen, self._opacity, self._clip_now))

    def _mapped_gradient(self, brush: QBrush) -> QBrush:
        gradient = brush.gradient()
        if not isinstance(gradient, QLinearGradient):
            raise TypeError(f"only linear gradients can be exported, got {gradient.type()}")
        place = brush.transform() * self._transform
        mapped = QLinearGradient(place.map(gradient.start()), place.map(gradient.finalStop()))
        mapped.setStops(gradient.stops())
        mapped.setSpread(QGradient.Spread.PadSpread)
        return QBrush(mapped)

    def _add_texture(self, path: QPainterPath, brush: QBrush) -> None:
        image = brush.textureImage()
        place = brush.transform() * self._transform
        target = place.mapRect(QRectF(image.rect()))
        grown = target.adjusted(-COVERS, -COVERS, COVERS, COVERS)
        if grown.contains(path.boundingRect()):
            clip = path if self._clip_now is None else path.intersected(self._clip_now)
            self.marks.append(Pixels(target, image, True, self._opacity, clip))
            return
        tiled = QBrush(image)
        tiled.setTransform(place)
        self.marks.append(Shape(path, tiled, None, self._opacity, self._clip_now))

    def drawPath(self, path: QPainterPath) -> None:
        """Take down a path."""
        self._add(QPainterPath(path))

    def drawLines(self, lines: Iterable[QLine | QLineF]) -> None:
        """Take down lines; those that follow each other become one stroke."""
        path, last = QPainterPath(), None
        for line in lines:
            start, end = QPointF(line.p1()), QPointF(line.p2())
            if last is None or start != last:
                path.moveTo(start)
            path.lineTo(end)
            last = end
        self._add(path, filled=False)

    def drawPolygon(
        self, points: Iterable[QPoint | QPointF], mode: QPaintEngine.PolygonDrawMode
    ) -> None:
        """Take down a polygon or an open line."""
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(p) for p in points]))
        is_open = mode == QPaintEngine.PolygonDrawMode.PolylineMode
        if not is_open:
            path.closeSubpath()
            if mode == QPaintEngine.PolygonDrawMode.WindingMode:
                path.setFillRule(Qt.FillRule.WindingFill)
        self._add(path, filled=not is_open)

    def drawRects(self, rects: Iterable[QRect | QRectF]) -> None:
        """Take down rectangles."""
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for rect in rects:
            path.addRect(QRectF(rect))
        self._add(path)

    def drawEllipse(self, rect: QRect | QRectF) -> None:
        """Take down an ellipse."""
        path = QPainterPath()
        path.addEllipse(QRectF(rect))
        self._add(path)

    def drawPoints(self, points: Iterable[QPoint | QPointF]) -> None:
        """Take down points as very short strokes."""
        path = QPainterPath()
        for point in points:
            path.moveTo(QPointF(point))
            path.lineTo(QPointF(point) + QPointF(0.001, 0.0))
        self._add(path, filled=False)

    def drawTextItem(self, point: QPointF | QPoint | QPainterPath.Element, item: QTextItem) -> None:
        """Take down words."""
        assert not isinstance(point, QPainterPath.Element)
        x, y = float(point.x()), float(point.y())
        self.marks.append(
            Words(
                item.text(),
                x,
                y,
                item.width(),
                item.font(),
                QPen(self._pen),
                QTransform(self._transform),
                self._opacity,
                self._clip_now,
            )
        )

    def drawImage(
        self,
        rect: QRectF | QRect,
        image: QImage,
        source: QRectF | QRect,
        flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        """Take down a picture, mirrored as the transform says."""
        part = image.copy(QRectF(source).toAlignedRect())
        target = self._transform.mapRect(QRectF(rect))
        upside_down, reversed_ = self._transform.m22() < 0, self._transform.m11() < 0
        if upside_down or reversed_:
            part = part.transformed(
                QTransform.fromScale(-1 if reversed_ else 1, -1 if upside_down else 1)
            )
        part.setDevicePixelRatio(1.0)
        self.marks.append(Pixels(target, part, self._smooth, self._opacity, self._clip_now))

    def drawPixmap(
        self, rect: QRectF | QRect, pixmap: QPixmap | QImage, source: QRectF | QRect
    ) -> None:
        """Take down a pixmap."""
        image = pixmap if isinstance(pixmap, QImage) else pixmap.toImage()
        self.drawImage(rect, image, source)


def _answers(width: int, height: int) -> dict[int, int]:
    """Return what a device of 96 dots per inch says of itself, by the number of the question."""
    kinds = QPaintDevice.PaintDeviceMetric
    answers = {
        kinds.PdmWidth: width,
        kinds.PdmHeight: height,
        kinds.PdmWidthMM: round(width * 25.4 / DPI),
        kinds.PdmHeightMM: round(height * 25.4 / DPI),
        kinds.PdmNumColors: 2**24,
        kinds.PdmDepth: 32,
        kinds.PdmDpiX: DPI,
        kinds.PdmDpiY: DPI,
        kinds.PdmPhysicalDpiX: DPI,
        kinds.PdmPhysicalDpiY: DPI,
        kinds.PdmDevicePixelRatio: 1,
        kinds.PdmDevicePixelRatioScaled: 65_536,
    }
    # Qt asks several times per mark, and a member of an enumeration is slow to look up.
    return {kind.value: answer for kind, answer in answers.items()}


class RecordingDevice(QPaintDevice):
    """Something to begin a `QPainter` on; `marks` is what was painted."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self._answers = _answers(round(width), round(height))
        self._engine = RecordingEngine()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Everything painted so far, in order."""
        return tuple(self._engine.marks)

    def paintEngine(self) -> QPaintEngine:
        """Return the engine that takes marks down."""
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        """Answer for a device of 96 dots per inch."""
        return self._answers.get(metric.value, 0)
