"""Paints a drawing of the graph: lines, boxes, discs; more detail the larger it is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from playground.core.scalar_graph.curves import CURVED, glyph, symbol
from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.graph import Role
from playground.ui.controls.base import paint_box
from playground.ui.graph.drawing import (
    DISC,
    LIST_HEADER_H,
    LIST_ROW_H,
    Drawing,
    Line,
    has_disc,
    is_list,
)
from playground.ui.graph.looks import UNKNOWN, Cell, Look, Mark, StepMarks, look_of
from playground.ui.graph.mathematics import ALIGN_CENTRE, ALIGN_LEFT, ALIGN_RIGHT, draw_name
from playground.ui.graph.mathematics import name_width as width_of
from playground.ui.theme import RADIUS_FIELD, Theme, math_font, mix, ui_font

TEXT_FROM = 0.56
"""Scale from which names and numbers are drawn."""
SHAPES_FROM = 0.3
"""Scale from which boxes are rounded and edges are curves."""
FIGURE_PX, NAME_PX, SMALL_PX = 11.0, 15.0, 10.0
_INSET = 6.0


class GraphPainter:
    """Paints in one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def paint(
        self,
        painter: QPainter,
        desk: Desk,
        drawing: Drawing,
        area: QRectF,
        scale: float,
        marks: StepMarks,
        hovered: int = -1,
        selected: int = -1,
    ) -> None:
        """Paint what lies in `area`; the painter is already moved and magnified by `scale`."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        stepping = desk.stepper is not None
        if scale < SHAPES_FROM:
            self._paint_far(painter, drawing, area, scale, marks, stepping)
            return
        self._paint_lines(painter, drawing, area, marks)
        for index in drawing.items_in(area):
            look = look_of(desk, index, marks)
            box = drawing.boxes[index]
            self._paint_item(painter, look, box, scale, marks)
            if index in (hovered, selected) and look.mark is Mark.NONE:
                ink = self.theme.ink1 if index == selected else self.theme.ink3
                self._outline(painter, box, ink, 2.0 if index == selected else 1.5)
            if has_disc(look.item):
                self._paint_disc(painter, look, box, marks)

    # Lines.

    def _paint_lines(
        self, painter: QPainter, drawing: Drawing, area: QRectF, marks: StepMarks
    ) -> None:
        theme = self.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        quiet, carried = QPen(self._quiet(), 1.2), QPen(self._carried(marks), 1.5)
        now: list[Line] = []
        for line in drawing.lines_in(area):
            if line.target == marks.current and not marks.is_update:
                now.append(line)
                continue
            painter.strokePath(line.path, carried if self._fired(drawing, line, marks) else quiet)
        strong = theme.grad if marks.backward else theme.ink1
        for line in now:
            painter.strokePath(line.path, QPen(strong, 3.0))
            self._paint_arrow(painter, line, strong, marks)

    def _quiet(self) -> QColor:
        theme = self.theme
        return mix(theme.line_strong, theme.edge, 0.35) if theme.is_dark else theme.line_strong

    def _carried(self, marks: StepMarks) -> QColor:
        return self.theme.grad_line if marks.backward else self.theme.edge

    @staticmethod
    def _fired(drawing: Drawing, line: Line, marks: StepMarks) -> bool:
        if not marks.fired:
            return False
        item = drawing.folded.items[line.target]
        if item.group is None:
            return item.rows[0] in marks.fired
        return all(node in marks.fired for node in item.rows)

    def _paint_arrow(self, painter: QPainter, line: Line, colour: QColor, marks: StepMarks) -> None:
        """Point at what receives: the operand going back, the result going forward."""
        points = line.polygon
        tip, turn = points.at(0), 1.0
        if not marks.backward:
            tip, turn = points.at(points.count() - 1), -1.0
        head = QPainterPath(tip + QPointF(turn * 7, -5))
        head.lineTo(tip + QPointF(turn * 0.8, 0))
        head.lineTo(tip + QPointF(turn * 7, 5))
        pen = QPen(colour, 2.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(head, pen)

    def _paint_far(
        self,
        painter: QPainter,
        drawing: Drawing,
        area: QRectF,
        scale: float,
        marks: StepMarks,
        stepping: bool,
    ) -> None:
        """Paint many small boxes quickly: no text, straight lines."""
        theme = self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.line_strong, 0))
        painter.drawLines(drawing.segments_in(area))
        by_colour: dict[int, list[QRectF]] = {}
        items = drawing.folded.items
        roles = drawing.folded.graph.roles
        for index in drawing.items_in(area):
            item = items[index]
            kind = 0
            if index == marks.current or index in marks.receiving:
                kind = 3
            elif item.group is None and item.rows[0] in marks.fired:
                kind = 2
            elif item.group is None and roles[item.rows[0]].is_parameter:
                kind = 1
            by_colour.setdefault(kind, []).append(drawing.boxes[index])
        fills = (theme.fill_press, theme.edge, theme.grad_line, theme.grad)
        painter.setPen(Qt.PenStyle.NoPen)
        for kind, boxes in sorted(by_colour.items()):
            painter.setBrush(fills[kind])
            painter.drawRects(boxes)

    # Boxes.

    def _outline(self, painter: QPainter, box: QRectF, colour: QColor, width: float) -> None:
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)

    def _paint_item(
        self, painter: QPainter, look: Look, box: QRectF, scale: float, marks: StepMarks
    ) -> None:
        if is_list(look.item):
            self._paint_list(painter, look, box, scale)
        else:
            self._paint_body(painter, look, box, scale, marks)
        self._paint_edge_of_box(painter, look, box, marks)

    def _paint_edge_of_box(
        self, painter: QPainter, look: Look, box: QRectF, marks: StepMarks
    ) -> None:
        theme = self.theme
        strong = theme.grad if marks.backward else theme.ink1
        if look.mark is not Mark.NONE:
            self._outline(painter, box, strong, 2.0)
            return
        pen = QPen(theme.line_strong, 1.0)
        cell = look.cells[0] if look.cells else None
        if cell is not None and look.item.group is None and cell.role is Role.CONSTANT:
            pen.setDashPattern([3.0, 2.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(
            box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD - 0.5, RADIUS_FIELD - 0.5
        )

    def _paint_body(
        self,
        painter: QPainter,
        look: Look,
        box: QRectF,
        scale: float,
        marks: StepMarks,
    ) -> None:
        """Paint data above and gradient below."""
        theme, cell = self.theme, look.cells[0]
        middle = box.center().y()
        shape = QPainterPath()
        shape.addRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        upper = self._parameter_fill() if cell.role.is_parameter else theme.raised
        lower = theme.grad_soft if cell.grad is not None else self._unknown_fill()
        if cell.receives:
            lower = theme.grad
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        top = QRectF(box.left(), box.top(), box.width(), middle - box.top())
        bottom = QRectF(box.left(), middle, box.width(), box.bottom() - middle)
        computing = look.mark is Mark.CURRENT and not marks.backward
        updating = look.mark is Mark.CURRENT and marks.is_update
        inverted = computing or updating
        painter.fillRect(top, theme.ink1 if computing else theme.grad if updating else upper)
        painter.fillRect(bottom, lower)
        painter.setClipping(False)
        if cell.role.is_parameter and not cell.receives and cell.grad is None:
            painter.fillRect(QRectF(box.left(), middle - 0.5, box.width(), 1.0), theme.line_strong)
        if scale < TEXT_FROM:
            return
        left = box.left() + (DISC + 3.0 if has_disc(look.item) else _INSET)
        ink = theme.on_ink if inverted else theme.ink1
        used = 0.0
        if cell.name.base:
            used = min(width_of(cell.name, NAME_PX), box.right() - left - 20) + 3.0
            draw_name(painter, cell.name, QPointF(left, top.center().y() + 5.0), NAME_PX, ink)
        room = QRectF(left + used, top.top(), box.right() - _INSET + 1 - left - used, top.height())
        self._figure(painter, cell.data_text, room, ink, 500)
        if look.item.group is not None:
            taken = QFontMetricsF(ui_font(FIGURE_PX, 600)).horizontalAdvance(cell.grad_text)
            painter.setFont(ui_font(SMALL_PX))
            words = look.title
            if (
                QFontMetricsF(painter.font()).horizontalAdvance(words) + taken
                > box.right() - left - 8
            ):
                words = words.removesuffix(" Values")
            painter.setPen(theme.on_ink if cell.receives else theme.ink3)
            painter.drawText(bottom.adjusted(DISC + 3.0, 0, 0, 0), ALIGN_LEFT, words)
        room = QRectF(left, bottom.top(), box.right() - _INSET + 1 - left, bottom.height())
        self._figure(painter, cell.grad_text, room, self._grad_ink(cell), 600)
        if look.check is not None:
            self._paint_verdict(painter, look, box)

    def _parameter_fill(self) -> QColor:
        """Return the shade that tells parameters from inputs."""
        theme = self.theme
        return theme.fill_press if theme.is_dark else mix(theme.raised, theme.fill, 0.8)

    def _unknown_fill(self) -> QColor:
        """Return what lies under a gradient that is not there yet."""
        theme = self.theme
        return mix(theme.raised, theme.paper, 0.6) if theme.is_dark else theme.fill

    def _grad_ink(self, cell: Cell) -> QColor:
        if cell.receives:
            return self.theme.on_ink
        return self.theme.ink3 if cell.grad is None else self.theme.grad

    def _figure(
        self, painter: QPainter, text: str, room: QRectF, colour: QColor, weight: int
    ) -> None:
        font = ui_font(FIGURE_PX, 400 if text == UNKNOWN else weight)
        width = QFontMetricsF(font).horizontalAdvance(text)
        if width > room.width():
            font = ui_font(max(8.0, FIGURE_PX * room.width() / width), weight)
        if text in ("NaN", "∞", "−∞"):
            colour = self.theme.danger
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(room, ALIGN_RIGHT, text)

    def _paint_list(self, painter: QPainter, look: Look, box: QRectF, scale: float) -> None:
        theme = self.theme
        paint_box(painter, box, RADIUS_FIELD, theme.fill)
        head = QRectF(box.left() + _INSET, box.top(), box.width() - 2 * _INSET, LIST_HEADER_H)
        if scale >= TEXT_FROM:
            painter.setFont(ui_font(FIGURE_PX, 600))
            painter.setPen(theme.ink1)
            painter.drawText(head, ALIGN_LEFT, look.title)
        y = box.top() + LIST_HEADER_H
        half = box.left() + 0.6 * box.width()
        for cell in look.cells:
            row = QRectF(box.left() + 3, y, box.width() - 6, LIST_ROW_H - 1)
            grad = QRectF(half, y, box.right() - 3 - half, LIST_ROW_H - 1)
            painter.fillRect(row, theme.raised)
            soft = self._unknown_fill() if cell.grad is None else theme.grad_soft
            painter.fillRect(grad, theme.grad if cell.receives else soft)
            if scale >= TEXT_FROM:
                start = QPointF(row.left() + 4, row.center().y() + 4.5)
                draw_name(painter, cell.name, start, NAME_PX - 2, theme.ink1)
                used = width_of(cell.name, NAME_PX - 2) + 6
                data = row.adjusted(used, 0, half - row.right() - 4, 0)
                self._figure(painter, cell.data_text, data, theme.ink1, 500)
                rest = grad.adjusted(2, 0, -3, 0)
                self._figure(painter, cell.grad_text, rest, self._grad_ink(cell), 600)
            y += LIST_ROW_H
        if look.item.hidden_rows and scale >= TEXT_FROM:
            painter.setFont(ui_font(SMALL_PX))
            painter.setPen(theme.ink3)
            foot = QRectF(head.left(), y - 1, head.width(), box.bottom() - y)
            painter.drawText(foot, ALIGN_LEFT, f"+ {look.item.hidden_rows} more")

    def _paint_verdict(self, painter: QPainter, look: Look, box: QRectF) -> None:
        """Paint the gradient check's result over the gradient's cell."""
        check, theme = look.check, self.theme
        assert check is not None
        cell = QRectF(box.left(), box.center().y(), box.width(), box.height() / 2)
        mark = QRectF(cell.left() + 5, cell.center().y() - 6.5, 13, 13)
        word, fill, ink = verdict_look(check.check.kink, check.check.passed, theme)
        paint_box(painter, mark, 6.5, fill)
        painter.setFont(ui_font(SMALL_PX, 700))
        painter.setPen(ink)
        painter.drawText(mark, ALIGN_CENTRE, word)

    # Discs.

    def _paint_disc(self, painter: QPainter, look: Look, box: QRectF, marks: StepMarks) -> None:
        theme = self.theme
        middle = QPointF(box.left(), box.center().y())
        current = look.mark is Mark.CURRENT and not marks.is_update
        strong = theme.grad if marks.backward else theme.ink1
        fill, ink, outline = theme.raised, theme.ink1, theme.edge
        if current:
            fill, ink, outline = strong, theme.on_ink, strong
        elif look.fired:
            outline = strong
        painter.setPen(QPen(outline, 1.5))
        painter.setBrush(fill)
        painter.drawEllipse(middle, DISC - 0.75, DISC - 0.75)
        op = look.item.op
        if op in CURVED:
            path = QPainterPath()
            for k, (x, y) in enumerate(glyph(op)):
                point = middle + QPointF(5.6 * x, -4.6 * y)
                if k:
                    path.lineTo(point)
                else:
                    path.moveTo(point)
            painter.strokePath(path, QPen(ink, 1.4))
            return
        text = symbol(op, look.item.constant) if op else "Σ"
        painter.setPen(ink)
        if text in "+−×÷=Σ":
            painter.setFont(ui_font(12 if text == "Σ" else 14, 500))
        elif text.startswith("x") and len(text) <= 3:
            painter.setFont(math_font(13))
        else:
            painter.setFont(ui_font(7.6 if len(text) > 2 else 10, 600))
        area = QRectF(middle.x() - DISC, middle.y() - DISC, 2 * DISC, 2 * DISC)
        painter.drawText(area, ALIGN_CENTRE, text)


def verdict_look(kink: bool, passed: bool, theme: Theme) -> tuple[str, QColor, QColor]:
    """Return sign, fill and ink of a gradient check's result."""
    if kink:
        return "∧", theme.fill_press, theme.ink1
    if passed:
        return "✓", theme.grad, theme.on_ink
    return "×", theme.ink1, theme.on_ink
