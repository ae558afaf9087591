"""Paints what is live of the tiles: heat maps, gradient rings, bias discs, health badges."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from playground.core.experiment import NetworkSpec
from playground.core.snapshot import Float32s, LayerSnapshot
from playground.ui.canvas.geometry import BIAS_RADIUS, INPUTS, Box, Layout
from playground.ui.canvas.marks import (
    OUTLINE_ALPHA,
    TILE_RADIUS,
    hatch,
    paint_badge,
    paint_map,
    paint_nan,
    paint_plus,
    ring_path,
    rounded,
)
from playground.ui.canvas.values import (
    BOUNDED,
    SATURATED_SHARE,
    NetworkValues,
    not_finite,
    scaled_features,
    scaled_maps,
)
from playground.ui.labels import MINUS
from playground.ui.map_axes import field_colours_of_classes
from playground.ui.sample_marks import class_colours, halo_pen, paint_mark
from playground.ui.theme import (
    FieldImage,
    Theme,
    field_colours,
    field_image,
    field_images,
)

RING_WIDTH = 2.6
LOG_RING_DECADES = 4.0
AT_ONCE = 8
"""Neighbouring maps that are coloured together; of long columns only some are in view."""
CLASS_SIDE = 50
"""About how many points of the large map a class's tile shows along a side."""
CLASS_MARK, CLASS_MARK_GAP = 17.0, 15.0


class TileImages:
    """The coloured heat maps of one snapshot, each made when it is first drawn.

    `before` are the images of the snapshot before: features look the same in both.

    Attributes
    ----------
    feature_maps : what the features' pictures are made of; None if nothing is known.
    """

    def __init__(
        self,
        values: NetworkValues,
        network: NetworkSpec,
        theme: Theme,
        before: TileImages | None = None,
    ) -> None:
        self._theme = theme
        self._maps = dict(scaled_maps(values, network))
        self._images: dict[tuple[int, int], QImage] = {}
        self._features: dict[int, QImage] = {}
        snapshot = values.snapshot
        self.feature_maps = None if snapshot is None else snapshot.feature_maps
        if (
            before is not None
            and before.feature_maps is self.feature_maps
            and before._theme is theme
        ):
            self._features = before._features
        if snapshot is None:
            return
        one = snapshot.experiment.network.n_outputs == 1
        if one and network.output_activation in BOUNDED:
            output = field_image(snapshot.output_map, theme)
            self._images[len(network.hidden), 0] = output
        if len(snapshot.class_maps) == network.n_outputs:
            for index, image in enumerate(_class_images(snapshot.class_maps, theme)):
                self._images[len(network.hidden), index] = image

    def get(self, layer: int, index: int) -> QImage | None:
        """Return the picture of a neuron or feature, None if nothing is known of it."""
        if layer == INPUTS:
            return self._feature(index)
        found = self._images.get((layer, index))
        maps = self._maps.get(layer)
        if found is None and maps is not None and index < len(maps):
            first = index - index % AT_ONCE
            images = field_images(maps[first : first + AT_ONCE], self._theme)
            self._images |= {(layer, first + k): image for k, image in enumerate(images)}
            found = images[index - first]
        return found

    def _feature(self, index: int) -> QImage | None:
        if self.feature_maps is None or index >= len(self.feature_maps):
            return None
        if index not in self._features:
            scaled = scaled_features(self.feature_maps[index : index + 1])
            self._features[index] = field_image(scaled[0], self._theme)
        return self._features[index]


def _class_images(maps: Float32s, theme: Theme) -> list[QImage]:
    """Colour the probability of each class, from nothing at 0 to the class's field colour at 1."""
    step = max(1, maps.shape[-1] // CLASS_SIDE)
    share = np.nan_to_num(np.clip(maps[:, ::step, ::step][:, ::-1], 0.0, 1.0))
    zero = np.array(_channels(int(theme.field_table[128])))
    images: list[QImage] = []
    for values, end in zip(share, field_colours_of_classes(theme), strict=False):
        way = np.array(_channels(end)) - zero
        red, green, blue = (np.rint(zero[k] + way[k] * values).astype(np.uint32) for k in range(3))
        pixels = np.uint32(255 << 24) | red << np.uint32(16) | green << np.uint32(8) | blue
        images.append(FieldImage(np.ascontiguousarray(pixels)))
    return images


def _channels(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def ring_share(gradient: float, largest: float, logarithmic: bool) -> float:
    """Return how much of the ring a mean gradient fills."""
    if not (gradient > 0 and largest > 0):
        return 0.0
    share = min(1.0, gradient / largest)
    return max(0.0, 1 + float(np.log10(share)) / LOG_RING_DECADES) if logarithmic else share


class TilePainter:
    """Paints every tile of a layout into one painter."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._outline = QColor(theme.ink1)
        self._outline.setAlphaF(OUTLINE_ALPHA)
        self._hatch = hatch(theme)

    def paint(
        self,
        painter: QPainter,
        layout: Layout,
        network: NetworkSpec,
        values: NetworkValues,
        images: TileImages,
        *,
        log_rings: bool = False,
        sign_marks: bool = False,
    ) -> None:
        """Paint the neurons that the network has, on the grounds that `GroundPainter` painted."""
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        bias_colours = [
            None
            if layer.snapshot is None
            else field_colours(layer.snapshot.biases, self.theme).tolist()
            for layer in values.layers
        ]
        lost = [[] if v.snapshot is None else not_finite(v.snapshot) for v in values.layers]
        for box in layout.boxes.values():
            if not network.has_neuron(box.layer, box.index):
                continue
            layer = values.layers[box.layer]
            data = layer.snapshot if box.index < layer.n_known else None
            share = 0.0
            if data is not None and not data.dead[box.index]:
                gradient = float(data.neuron_gradients[box.index])
                share = ring_share(gradient, values.largest_gradient, log_rings)
            is_lost = data is not None and lost[box.layer][box.index]
            image = images.get(box.layer, box.index)
            self._paint_neuron(painter, box, data, image, share, is_lost)
            if box.layer == len(network.hidden) and network.n_outputs > 1:
                self._paint_class(painter, box)
            if sign_marks and data is not None and not data.dead[box.index]:
                self._paint_signs(painter, box.rect, data.maps[box.index])
            if data is not None:
                colours = bias_colours[box.layer]
                assert colours is not None
                fill = QColor.fromRgb(colours[box.index])
                bias = float(data.biases[box.index])
                self._paint_bias(painter, box.bias_centre, bias, fill, sign_marks)
                self._paint_badge(painter, box, data, is_lost)

    def _paint_class(self, painter: QPainter, box: Box) -> None:
        """Paint the mark of the class that an output stands for, as its samples are drawn."""
        centre = QPointF(box.rect.right() + CLASS_MARK_GAP, box.y)
        colour = class_colours(self.theme)[box.index]
        paint_mark(painter, centre, colour, halo_pen(self.theme.paper), box.index, CLASS_MARK)

    def _paint_neuron(
        self,
        painter: QPainter,
        box: Box,
        data: LayerSnapshot | None,
        image: QImage | None,
        share: float,
        is_lost: bool,
    ) -> None:
        theme = self.theme
        if is_lost:
            paint_nan(painter, box.rect, theme)
            return
        if data is not None and data.dead[box.index]:
            painter.fillPath(rounded(box.rect, 0, TILE_RADIUS), self._hatch)
            outline = theme.line_strong
        else:
            paint_map(painter, box.rect, image, theme)
            outline = self._outline
        painter.strokePath(rounded(box.rect, -0.5, TILE_RADIUS - 0.5), QPen(outline, 1.0))
        if share > 0:
            ring = ring_path(box.rect)
            pen = QPen(theme.grad, RING_WIDTH)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if share < 0.999:
                length = ring.length() / RING_WIDTH
                pen.setDashPattern([length * share, length * 2])
            painter.strokePath(ring, pen)

    def _paint_signs(self, painter: QPainter, rect: QRectF, values: Float32s) -> None:
        """Write "+" and "−" where a heat map is largest and smallest, for greyscale screens."""
        finite = np.where(np.isfinite(values), values, 0.0)
        grid = finite.shape[0]
        for place, plus in ((int(finite.argmax()), True), (int(finite.argmin()), False)):
            row, column = divmod(place, grid)
            value = float(finite[row, column])
            if (value > 0) != plus or value == 0:
                continue
            span = rect.width() - 14
            centre = QPointF(
                rect.left() + 7 + span * column / (grid - 1),
                rect.bottom() - 7 - span * row / (grid - 1),
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.paper)
            painter.drawEllipse(centre, 5.0, 5.0)
            paint_plus(painter, centre, 3.0, self.theme.ink1, plus)

    def _paint_bias(
        self, painter: QPainter, centre: QPointF, bias: float, fill: QColor, sign_marks: bool
    ) -> None:
        theme = self.theme
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.paper)
        painter.drawEllipse(centre, BIAS_RADIUS + 1.9, BIAS_RADIUS + 1.9)
        mark = theme.danger if bias != bias else theme.neg if bias < 0 else theme.pos
        painter.setPen(QPen(mark, 1.3))
        painter.setBrush(fill)
        painter.drawEllipse(centre, BIAS_RADIUS, BIAS_RADIUS)
        if sign_marks and (bias > 0 or bias < 0):
            paint_plus(painter, centre, 2.5, theme.ink1, bias > 0)

    def _paint_badge(self, painter: QPainter, box: Box, data: LayerSnapshot, is_lost: bool) -> None:
        centre = QPointF(box.rect.right() + 0.5, box.rect.top() - 1.5)
        if is_lost:
            paint_badge(painter, centre, "!", self.theme)
        elif data.dead[box.index]:
            paint_badge(painter, centre, MINUS, self.theme)
        elif data.saturated[box.index] >= SATURATED_SHARE:
            paint_badge(painter, centre, "S", self.theme)
