"""Paints what frames the columns: heads, chips, handles, "+" discs, stubs of scrolled columns."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from playground.core.experiment import NetworkSpec
from playground.ui.canvas.geometry import (
    COUNT_Y,
    HANDLE_GAP,
    INPUTS,
    INSERT_RADIUS,
    MORE_W,
    NAME_Y,
    REMOVE_RADIUS,
    Column,
    Layout,
)
from playground.ui.canvas.hit import Part, Target, insert_hint, remove_centre
from playground.ui.canvas.marks import paint_plus
from playground.ui.icons import draw_icon
from playground.ui.labels import MINUS, SHORT_ACTIVATIONS, layer_name
from playground.ui.theme import Theme, ui_font
from playground.ui.words import ACTIVATIONS

CENTRE = Qt.AlignmentFlag.AlignCenter
GRIP_W, GRIP_H, GRIP_GAP = 19.0, 3.0, 4.0
CHIP_PADDING = 28.5
CROWDED_CHIP_PADDING = 12.0


def chip_texts(network: NetworkSpec, crowded: bool) -> tuple[str, ...]:
    """Return what each activation chip says."""
    words = SHORT_ACTIVATIONS if crowded else ACTIVATIONS
    return tuple(words[kind] for kind in network.activations)


def chip_widths(network: NetworkSpec, crowded: bool) -> tuple[float, ...]:
    """Return the widths of the activation chips."""
    metrics = QFontMetricsF(ui_font(11, 500))
    padding = CROWDED_CHIP_PADDING if crowded else CHIP_PADDING
    return tuple(
        round(metrics.horizontalAdvance(text) + padding) for text in chip_texts(network, crowded)
    )


def _centred(x: float, y: float, width: float = 120.0, height: float = 20.0) -> QRectF:
    return QRectF(x - width / 2, y - height / 2, width, height)


class ColumnPainter:
    """Paints the furniture of the columns at rest and, over it, the parts in another state."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def paint(
        self, painter: QPainter, layout: Layout, network: NetworkSpec, *, bare: bool = False
    ) -> None:
        """Paint everything at rest; `bare` leaves out what only serves editing."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, n_hidden = self.theme, len(network.hidden)
        texts = chip_texts(network, layout.crowded)
        for column in layout.columns:
            painter.setFont(ui_font(12, 600))
            painter.setPen(self.theme.ink1)
            name = layer_name(column.layer, n_hidden, layout.crowded)
            painter.drawText(_centred(column.x, NAME_Y), CENTRE, name)
            if column.layer == INPUTS:
                painter.setFont(ui_font(11))
                painter.setPen(self.theme.ink3)
                count = f"{len(network.features)} of {len(network.available_features)}"
                painter.drawText(_centred(column.x, COUNT_Y), CENTRE, count)
            elif column.chip is not None:
                self._paint_chip(
                    painter, column.chip, texts[column.layer], layout.crowded, self.theme.fill
                )
            if column.handle is not None and not bare:
                size = network.hidden[column.layer].size
                self.paint_handle(painter, column.handle, size, Part.PAPER)
            self._paint_stubs(painter, column)
        for centre in () if bare else layout.inserts:
            self._paint_disc(painter, centre, theme.raised, theme.line_strong, theme.ink3)
        if layout.more is not None and not bare:
            self._paint_more(painter, layout.more, layout.folded, self.theme.line_strong)

    def paint_hover(
        self, painter: QPainter, layout: Layout, network: NetworkSpec, target: Target
    ) -> None:
        """Paint the part under the pointer in its hover state."""
        theme = self.theme
        if target.part is Part.INSERT and target.layer < len(layout.inserts):
            x, top, bottom = insert_hint(layout, target.layer)
            pen = QPen(theme.ink1, 1.5)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setDashPattern([0.01, 3.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, top), QPointF(x, bottom))
            self._paint_disc(
                painter, layout.inserts[target.layer], theme.ink1, theme.ink1, theme.on_ink
            )
        elif target.part is Part.MORE and layout.more is not None:
            self._paint_more(painter, layout.more, layout.folded, theme.ink3)
        elif target.part in (Part.MINUS, Part.PLUS, Part.GRIP):
            handle = layout.column(target.layer).handle
            if handle is not None:
                size = network.hidden[target.layer].size
                self.paint_handle(painter, handle, size, target.part)
        elif target.part is Part.CHIP:
            chip = layout.column(target.layer).chip
            if chip is not None:
                text = chip_texts(network, layout.crowded)[target.layer]
                self._paint_chip(painter, chip, text, layout.crowded, theme.fill_hover)
        if target.part in (Part.HEAD, Part.CHIP, Part.REMOVE) and (
            INPUTS < target.layer < len(network.hidden)
        ):
            self.paint_remove(painter, layout, target.layer, target.part is Part.REMOVE)

    def paint_handle(self, painter: QPainter, handle: QRectF, size: int, part: Part) -> None:
        """Paint − n + and the grip; GRIP is the dark state of dragging."""
        theme = self.theme
        dragged = part is Part.GRIP
        painter.setPen(QPen(theme.ink1 if dragged else theme.line_strong, 1.0))
        painter.setBrush(theme.ink1 if dragged else theme.raised)
        inner = handle.adjusted(0.5, 0.5, -0.5, -0.5)
        radius = inner.height() / 2
        painter.drawRoundedRect(inner, radius, radius)
        for side, sign in ((Part.MINUS, -1), (Part.PLUS, 1)):
            inset = 15.0 if handle.width() > 70 else 11.0
            centre = handle.center() + QPointF(sign * (handle.width() / 2 - inset), 0)
            if part is side:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.fill_hover)
                painter.drawEllipse(centre, 10.0, 10.0)
            ink = theme.on_ink if dragged else theme.ink2
            paint_plus(painter, centre, 4.0, ink, plus=sign > 0)
        painter.setFont(ui_font(13, 600))
        painter.setPen(theme.on_ink if dragged else theme.ink1)
        painter.drawText(handle, CENTRE, str(size))
        grip = QRectF(handle.center().x() - GRIP_W / 2, handle.bottom() + GRIP_GAP, GRIP_W, GRIP_H)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ink1 if dragged else theme.line_strong)
        painter.drawRoundedRect(grip, 1.5, 1.5)

    def paint_remove(self, painter: QPainter, layout: Layout, layer: int, hot: bool) -> None:
        """Paint the × of a hidden layer beside its name."""
        theme = self.theme
        centre = remove_centre(layout.column(layer), layout.crowded)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.ink1 if hot else theme.fill)
        painter.drawEllipse(centre, REMOVE_RADIUS, REMOVE_RADIUS)
        painter.setPen(QPen(theme.on_ink if hot else theme.ink2, 1.5))
        for sign in (-1, 1):
            painter.drawLine(centre + QPointF(-3, -3 * sign), centre + QPointF(3, 3 * sign))

    def _paint_chip(
        self, painter: QPainter, chip: QRectF, text: str, crowded: bool, fill: QColor
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
        painter.setPen(self.theme.ink1)
        painter.setFont(ui_font(11, 500))
        if crowded:
            painter.drawText(chip, CENTRE, text)
            return
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(chip.adjusted(9, 0, 0, 0), left, text)
        mark = QRectF(chip.right() - 18.5, chip.top() + 3, 14, 14)
        draw_icon(painter, "chevron-down", mark, self.theme.ink2)

    def _paint_disc(
        self, painter: QPainter, centre: QPointF, fill: QColor, outline: QColor, mark: QColor
    ) -> None:
        painter.setPen(QPen(outline, 1.0))
        painter.setBrush(fill)
        painter.drawEllipse(centre, INSERT_RADIUS, INSERT_RADIUS)
        paint_plus(painter, centre, 4.0, mark)

    def _paint_more(self, painter: QPainter, chip: QRectF, folded: int, outline: QColor) -> None:
        pen = QPen(outline, 1.0)
        pen.setDashPattern([3, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 12.5, 12.5)
        painter.setFont(ui_font(12, 500))
        painter.setPen(self.theme.ink2)
        if chip.width() < MORE_W:
            text = f"+{folded}" if folded else MINUS
        else:
            text = f"+  {folded} more" if folded else f"{MINUS}  fewer"
        painter.drawText(chip, CENTRE, text)

    def _paint_stubs(self, painter: QPainter, column: Column) -> None:
        painter.setFont(ui_font(11, 500))
        painter.setPen(self.theme.ink3)
        for stub, count in (
            (column.stub_above, column.above),
            (column.stub_below, column.below),
        ):
            if stub is not None:
                painter.drawText(stub, CENTRE, f"{count} more")


def drag_card_place(handle: QRectF, width: float, layout: Layout) -> QPointF:
    """Return where the card of a dragged handle goes: right of it, left where there is no room."""
    x = handle.right() + 13
    if x + width > layout.width - 4:
        x = handle.left() - 13 - width
    return QPointF(x, handle.top() - HANDLE_GAP / 2 - 1)
