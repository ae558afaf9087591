"""What surrounds the output map: axes, colour bar, legend, and the shapes of the points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPen

from playground.ui.labels import draw_formula, formula_width, signed
from playground.ui.map_axes import MapAxes
from playground.ui.plot_chrome import Centre, Right, draw_text, elided, text_width
from playground.ui.sample_marks import SYMBOL_BOX, SYMBOLS, class_colours, halo_pen
from playground.ui.theme import CAPTION_PX, LIGHT, Theme, ui_font
from playground.ui.ticks import linear_ticks, plain_text

LEFT, TOP, RIGHT, BOTTOM = 40.0, 44.0, 83.0, 48.0
CORNER = 4.0
RIM_OPACITY = 0.18
COVERED = 1.0
BAR_GAP, BAR_WIDTH = 14.0, 12.0
LONGEST_NAME = 14
APART = 24.0
"""Pixels between figures of the axes: the name of the axis stands there."""


@dataclass(frozen=True, slots=True)
class Legend:
    """What the line under the map says: sizes of the sets and the names of the classes."""

    n_train: int = 0
    n_test: int = 0
    classes: tuple[str, ...] = ()


class OutputFrame:
    """Geometry and painting of everything around the map.

    Attributes
    ----------
    area : the map's square in the view.
    """

    def __init__(self) -> None:
        self._read_out = ""
        self.area = QRectF(LEFT, TOP, 280, 280)
        self._unit = 1.0
        self._theme: Theme = LIGHT
        self._width = self._head_w = 0.0
        self._scale = 1.0
        self._axes = MapAxes()
        self._has_bar = True
        self._is_logical = False
        self._legend = Legend()

    def arrange(
        self, width: float, height: float, unit: float, theme: Theme, head_w: float = 0.0
    ) -> None:
        """Find the place of the map in a view of the given size; `head_w` is the head's width."""
        side = max(40.0, min(width - (LEFT + RIGHT) * unit, height - (TOP + BOTTOM) * unit))
        slack = width - side - (LEFT + RIGHT) * unit
        x = LEFT * unit + (slack / 2 if slack > 24 * unit else 0.0)
        self.area = QRectF(round(x), round(TOP * unit), round(side), round(side))
        self._unit, self._theme, self._width, self._head_w = unit, theme, width, head_w

    def show_scale(
        self, scale: float, axes: MapAxes, *, has_bar: bool = True, is_logical: bool = False
    ) -> None:
        """Take up the axes and what the colour bar, if there is one, goes to.

        It goes from −`scale` to `scale`; from 0 to 1 for the answer to a truth table.
        """
        self._scale = scale
        self._axes = axes
        self._has_bar = has_bar
        self._is_logical = is_logical

    def show_legend(self, legend: Legend) -> None:
        """Take up what the legend says."""
        self._legend = legend

    def show_read_out(self, text: str) -> None:
        """Write values in the legend's place; "" brings the legend back."""
        self._read_out = text

    @property
    def left(self) -> float:
        """The left margin of the head: the panel's, or a centred map's if the head has room so."""
        inset = self.area.left() - LEFT * self._unit
        margin = 16 * self._unit
        is_centred = inset > 0.1 * self._width
        has_room = self._width - 2 * (margin + inset) >= self._head_w
        return margin + (inset if is_centred and has_room else 0.0)

    @property
    def right(self) -> float:
        """The right margin of what is aligned with it."""
        return self._width - self.left

    def paint(self, painter: QPainter) -> None:
        """Paint over the map's corners and around it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rim(painter, self.area, CORNER)
        self._paint_axes(painter)
        if self._has_bar:
            self._paint_bar(painter)
        self._paint_legend(painter)

    def _paint_rim(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        radius *= self._unit
        corners = QPainterPath()
        # Readers of vector files may draw the map to the end of the pixel it ends in.
        over = COVERED * self._unit
        corners.addRect(rect.adjusted(-over, -over, over, over))
        corners.addRoundedRect(rect, radius, radius)
        painter.fillPath(corners, self._theme.panel)
        rim = QColor(self._theme.ink1)
        rim.setAlphaF(RIM_OPACITY)
        painter.setPen(QPen(rim, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5, radius - 0.5)

    def _paint_axes(self, painter: QPainter) -> None:
        area, unit, axes = self.area, self._unit, self._axes
        bottom = area.bottom() + 11.5 * unit
        px = 13 * unit
        free = self._paint_ticks(painter, axes.x, vertical=False)
        width = formula_width(axes.x_name, px)
        start = QPointF(area.left() + free - width / 2, bottom + 3 * unit)
        ink = self._theme.ink2
        if width >= 30 * unit:  # a column's name: there is no room for it among the figures
            start = QPointF(area.right() - width - 7 * unit, area.bottom() - 7 * unit)
            ink = self._theme.ink1
        draw_formula(painter, axes.x_name, start, px, ink)
        free = self._paint_ticks(painter, axes.y, vertical=True)
        width = formula_width(axes.y_name, px)
        if width < 30 * unit:
            start = QPointF(area.left() - 9 * unit - width, area.bottom() - free + 4 * unit)
            draw_formula(painter, axes.y_name, start, px, self._theme.ink2)
            return
        painter.save()
        painter.translate(area.left() - 28 * unit, area.center().y() + width / 2)
        painter.rotate(-90)
        draw_formula(painter, axes.y_name, QPointF(0, 0), px, self._theme.ink2)
        painter.restore()

    def _paint_ticks(self, painter: QPainter, domain: tuple[float, float], vertical: bool) -> float:
        """Paint an axis's figures; return how far along it there is room for its name."""
        area, unit, theme = self.area, self._unit, self._theme
        font = ui_font(CAPTION_PX * unit)
        low, high = domain
        length = area.height() if vertical else area.width()
        ticks, step = _quarters(low, high)
        per_unit = length / (high - low)
        widest = max((text_width(plain_text(tick, step), font) for tick in ticks), default=0.0)
        while len(ticks) > 2 and step * per_unit < APART * unit + (0 if vertical else widest):
            ticks, step = ticks[::2], 2 * step
        for tick in ticks:
            along = (tick - low) * per_unit
            text = plain_text(tick, step)
            # The outermost figures lean inwards, so that they end with the map.
            lean = 3.5 * unit * ((along < 1) - (along > length - 1))
            if not vertical:
                y = area.bottom() + 11.5 * unit
                draw_text(painter, area.left() + along + lean, y, text, font, theme.ink3, Centre)
            elif along >= 1:
                y = area.bottom() - along - lean
                draw_text(painter, area.left() - 7.5 * unit, y, text, font, theme.ink3, Right)
        if len(ticks) < 3:
            return length / 2
        places = [(tick - low) * per_unit for tick in ticks]
        middles = [(a + b) / 2 for a, b in pairwise(places)]
        return min(middles, key=lambda place: abs(place - length * 0.62))

    def _paint_bar(self, painter: QPainter) -> None:
        area, unit, theme = self.area, self._unit, self._theme
        bar = QRectF(area.right() + BAR_GAP * unit, area.top(), BAR_WIDTH * unit, area.height())
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        table = theme.field_table
        for value in (-1, -0.75, -0.5, -0.25, -0.125, 0, 0.125, 0.25, 0.5, 0.75, 1):
            colour = QColor.fromRgb(int(table[round(value * 127 + 128)]))
            gradient.setColorAt((value + 1) / 2, colour)
        painter.fillRect(bar, QBrush(gradient))
        self._paint_rim(painter, bar, 2.5)
        font = ui_font(CAPTION_PX * unit)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = round(bar.bottom() - share * (bar.height() - 1)) - 0.5
            painter.setPen(QPen(theme.line_strong, 1.0))
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3 * unit, y))
        decimals = 0 if self._scale == 1.0 else 1
        ends = signed(self._scale, decimals), signed(-self._scale, decimals)
        top, middle, bottom = ("1", "0.5", "0") if self._is_logical else (ends[0], "0", ends[1])
        for sign, lean, text in ((1, 5.5, top), (0, 0.0, middle), (-1, -4.5, bottom)):
            y = bar.center().y() - sign * bar.height() / 2 + lean * unit
            draw_text(painter, bar.right() + 7 * unit, y, text, font, theme.ink3)

    def _paint_legend(self, painter: QPainter) -> None:
        legend, unit, theme = self._legend, self._unit, self._theme
        if self._read_out:
            y = self.area.bottom() + 31.5 * unit
            font = ui_font(CAPTION_PX * unit)
            room = self._width - 12 * unit - self.area.left()
            text = elided(self._read_out, font, room)
            draw_text(painter, self.area.left(), y, text, font, theme.ink1)
            return
        if legend.n_train == 0:
            return
        font = ui_font(CAPTION_PX * unit)
        x = self.area.left() + 4.5 * unit
        y = self.area.bottom() + 31.5 * unit
        sets = [(f"train {legend.n_train}", False)]
        if legend.n_test:
            sets.append((f"test {legend.n_test}", True))
        n_classes = len(legend.classes)
        for text, hollow in sets:
            for shape in range(max(1, min(n_classes, 2))):
                self._paint_mark(painter, x, y, shape, hollow)
                x += 12 * unit
            x += draw_text(painter, x - 2 * unit, y, text, font, theme.ink2) + 16 * unit
        if not legend.classes:
            return
        word = "class " if n_classes == 2 else ""
        words = [word + shortened(name) for name in legend.classes]
        if self._words_width(words, font) > self._width - 12 * unit - x:
            words = [shortened(name) for name in legend.classes]
        width = self._words_width(words, font)
        free = self._width - 12 * unit - x - width
        if free < 0:
            return
        x += min(16 * unit, free)
        for shape, word in enumerate(words):
            self._paint_mark(painter, x, y, shape, False)
            x += 9 * unit
            x += draw_text(painter, x, y, word, font, theme.ink2) + 16 * unit

    def _words_width(self, words: list[str], font: QFont) -> float:
        unit = self._unit
        return sum(text_width(word, font) + 25 * unit for word in words) - 16 * unit

    def _paint_mark(self, painter: QPainter, x: float, y: float, shape: int, hollow: bool) -> None:
        painter.save()
        painter.translate(x, y)
        size = 1.15 * SYMBOL_BOX * self._unit
        painter.scale(size, size)
        painter.setPen(halo_pen(self._theme.panel))
        if not self._legend.classes:
            painter.setBrush(self._theme.ink2)
        else:
            painter.setBrush(class_colours(self._theme)[shape])
        painter.drawPath(SYMBOLS[shape, hollow])
        painter.restore()


def shortened(name: str) -> str:
    """Return a class's name, cut where it is long."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _quarters(low: float, high: float) -> tuple[list[float], float]:
    """Return five ticks from end to end if they are round, else the usual ones; and their step."""
    step = (high - low) / 4
    if abs(2 * step - round(2 * step)) < 1e-9:
        return [low + k * step for k in range(5)], step
    ticks = linear_ticks(low, high, 5)
    return ticks, ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
