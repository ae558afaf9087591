"""What surrounds the output map: axes, colour bar, legend, and the shapes of the points."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPen

from playground.ui.labels import Run, draw_formula, formula_width, number, signed
from playground.ui.plot_chrome import Centre, Right, draw_text, text_width
from playground.ui.theme import CAPTION_PX, LIGHT, Theme, ui_font
from playground.ui.ticks import linear_ticks, plain_text

LEFT, TOP, RIGHT, BOTTOM = 40.0, 44.0, 83.0, 48.0
CORNER = 4.0
RIM_OPACITY = 0.18
COVERED = 3.0
BAR_GAP, BAR_WIDTH = 14.0, 12.0

SYMBOL_BOX = 12.0
"""Side, in logical pixels, of the box that a point's symbol and its halo fill."""
POINT_RADIUS, HALO = 2.75, 1.1
_DIAMOND_RADIUS = 3.35


def _symbol(diamond: bool, hollow: bool) -> QPainterPath:
    """Return a point's outline; its pen is the halo, which also fills the hole of a hollow one.

    The hole consists of contours that the pen's stroke covers: one symbol, two colours.
    """
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    corner = 2**0.5 if diamond else 1.0
    outer = _DIAMOND_RADIUS if diamond else POINT_RADIUS
    for radius in (outer + HALO / 2 * corner, *((1.15 * corner, 0.3 * corner) if hollow else ())):
        r = radius / SYMBOL_BOX
        if diamond:
            path.moveTo(r, 0)
            for x, y in ((0, r), (-r, 0), (0, -r)):
                path.lineTo(x, y)
            path.closeSubpath()
        else:
            path.addEllipse(QRectF(-r, -r, 2 * r, 2 * r))
    return path


SYMBOLS = {(d, h): _symbol(d, h) for d in (False, True) for h in (False, True)}


def halo_pen(theme: Theme) -> QPen:
    """Return the pen of the symbols, in the units of their box."""
    pen = QPen(theme.paper, HALO / SYMBOL_BOX)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


@dataclass(frozen=True, slots=True)
class Legend:
    """What the line under the map says: sizes of the sets and the names of the two classes."""

    n_train: int = 0
    n_test: int = 0
    classes: tuple[str, str] | None = None


class OutputFrame:
    """Geometry and painting of everything around the map.

    Attributes
    ----------
    area : the map's square in the view.
    """

    def __init__(self) -> None:
        self.area = QRectF(LEFT, TOP, 280, 280)
        self._unit = 1.0
        self._theme: Theme = LIGHT
        self._width = 0.0
        self._scale = 1.0
        self._domain = (-6.0, 6.0)
        self._legend = Legend()

    def arrange(self, width: float, height: float, unit: float, theme: Theme) -> None:
        """Find the place of the map in a view of the given size."""
        side = max(40.0, min(width - (LEFT + RIGHT) * unit, height - (TOP + BOTTOM) * unit))
        slack = width - side - (LEFT + RIGHT) * unit
        x = LEFT * unit + (slack / 2 if slack > 24 * unit else 0.0)
        self.area = QRectF(round(x), round(TOP * unit), round(side), round(side))
        self._unit, self._theme, self._width = unit, theme, width

    def show_scale(self, scale: float, low: float, high: float) -> None:
        """Take up the value at the ends of the colour bar and the domain."""
        self._scale = scale
        self._domain = (low, high)

    def show_legend(self, legend: Legend) -> None:
        """Take up what the legend says."""
        self._legend = legend

    @property
    def left(self) -> float:
        """The left margin of title and legend: the panel's, or the map's when it is centred."""
        inset = self.area.left() - LEFT * self._unit
        return 16 * self._unit + (inset if inset > 0.1 * self._width else 0.0)

    @property
    def right(self) -> float:
        """The right margin of what is aligned with it."""
        return self._width - self.left

    def paint(self, painter: QPainter) -> None:
        """Paint over the map's corners and around it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rim(painter, self.area, CORNER)
        self._paint_axes(painter)
        self._paint_bar(painter)
        self._paint_legend(painter)

    def _paint_rim(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        radius *= self._unit
        corners = QPainterPath()
        # The map's outermost pixels reach beyond the rim and are covered.
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
        area, unit, theme = self.area, self._unit, self._theme
        font = ui_font(CAPTION_PX * unit)
        low, high = self._domain
        ticks, step = _quarters(low, high)
        per_unit = area.width() / (high - low)
        bottom = area.bottom() + 11.5 * unit
        for tick in ticks:
            along = (tick - low) * per_unit
            text = plain_text(tick, step)
            # The outermost figures lean inwards, so that they end with the map.
            lean = 3.5 * unit * ((along < 1) - (along > area.width() - 1))
            draw_text(painter, area.left() + along + lean, bottom, text, font, theme.ink3, Centre)
            if along >= 1:
                y = area.bottom() - along - lean
                draw_text(painter, area.left() - 7.5 * unit, y, text, font, theme.ink3, Right)
        middle = (area.width() + step * per_unit) / 2 if len(ticks) > 2 else area.width() / 2
        px = 13 * unit
        for index, x, y in (
            ("1", area.left() + middle, bottom + 3 * unit),
            ("2", area.left() - 9 * unit, area.bottom() - middle + 4 * unit),
        ):
            runs = (Run("x"), Run(index, False, -1))
            shift = formula_width(runs, px) * (0.5 if index == "1" else 1.0)
            draw_formula(painter, runs, QPointF(x - shift, y), px, theme.ink2)

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
        for sign, lean in ((1, 5.5), (0, 0.0), (-1, -4.5)):
            value = sign * self._scale
            text = signed(value, decimals) if sign else number(0.0, 0)
            y = bar.center().y() - sign * bar.height() / 2 + lean * unit
            draw_text(painter, bar.right() + 7 * unit, y, text, font, theme.ink3)

    def _paint_legend(self, painter: QPainter) -> None:
        legend, unit, theme = self._legend, self._unit, self._theme
        if legend.n_train == 0:
            return
        font = ui_font(CAPTION_PX * unit)
        x = self.area.left() + 4.5 * unit
        y = self.area.bottom() + 31.5 * unit
        sets = [(f"train {legend.n_train}", False)]
        if legend.n_test:
            sets.append((f"test {legend.n_test}", True))
        for text, hollow in sets:
            self._paint_mark(painter, x, y, False, hollow)
            if legend.classes is not None:
                self._paint_mark(painter, x + 12 * unit, y, True, hollow)
            else:
                x -= 12 * unit
            x += 22 * unit
            x += draw_text(painter, x, y, text, font, theme.ink2) + 20 * unit
        if legend.classes is None:
            return
        words = [f"class {name}" for name in legend.classes]
        width = sum(text_width(word, font) for word in words) + (9 + 16 + 9) * unit
        free = self._width - 12 * unit - x - width
        if free < 0:
            return
        x += min(16 * unit, free)
        for word, diamond in zip(words, (False, True), strict=True):
            self._paint_mark(painter, x, y, diamond, False)
            x += 9 * unit
            x += draw_text(painter, x, y, word, font, theme.ink2) + 16 * unit

    def _paint_mark(
        self, painter: QPainter, x: float, y: float, diamond: bool, hollow: bool
    ) -> None:
        painter.save()
        painter.translate(x, y)
        size = 1.15 * SYMBOL_BOX * self._unit
        painter.scale(size, size)
        pen = halo_pen(self._theme)
        pen.setColor(self._theme.panel)
        painter.setPen(pen)
        if self._legend.classes is None:
            painter.setBrush(self._theme.ink2)
        else:
            painter.setBrush(self._theme.neg if diamond else self._theme.pos)
        painter.drawPath(SYMBOLS[diamond, hollow])
        painter.restore()


def _quarters(low: float, high: float) -> tuple[list[float], float]:
    """Return five ticks from end to end if they are round, else the usual ones; and their step."""
    step = (high - low) / 4
    if abs(2 * step - round(2 * step)) < 1e-9:
        return [low + k * step for k in range(5)], step
    ticks = linear_ticks(low, high, 5)
    return ticks, ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
