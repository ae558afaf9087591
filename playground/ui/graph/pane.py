"""The pane beside the graph: the rule, the numbers, the curve and the sentence of one step."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.core.scalar_graph.explanation import Explanation, Flow
from playground.ui.controls.base import Themed, apply_theme_below, paint_box
from playground.ui.controls.buttons import Button
from playground.ui.graph.mathematics import (
    ALIGN_CENTRE,
    ALIGN_LEFT,
    ALIGN_RIGHT,
    draw_centred,
    draw_fraction,
    draw_text,
    fitted_px,
    fraction_width,
)
from playground.ui.graph.tangent import paint_curve
from playground.ui.labels import number
from playground.ui.theme import (
    BODY_PX,
    CAPTION_PX,
    MATH_PX,
    PANE_W,
    PANEL_PADDING,
    TITLE_PX,
    Theme,
    scaled,
    text_scale,
    ui_font,
)

PLOT = 96.0
KEY_H = 96.0
SUM_H, SUMS_GAP = 21.0, 12.0
NUMBERS_H = 38.0
LEAST_PX = 10.0
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)


class StepPane(QWidget, Themed):
    """Shows an `Explanation`, or how to begin when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Step")
        self.explanation: Explanation | None = None
        self.figures: tuple[float | None, float | None] = (None, None)
        self.title = ""
        self.hint = ""
        self.jump = Button("Jump here")
        self.jump.setToolTip("Take the steps up to this node's (double-click)")
        self.fold = Button("Fold")
        self.fold.setToolTip("Draw its neuron as one node (right click)")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.jump)
        row.addWidget(self.fold)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING, 0, PANEL_PADDING, 12)
        layout.addStretch(1)
        layout.addLayout(row)
        self.show_buttons(jump=False, fold=False)

    def show_buttons(self, *, jump: bool, fold: bool) -> None:
        """Offer what can be done with a node."""
        self.jump.setVisible(jump)
        self.fold.setVisible(fold)

    def apply_theme(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def show_step(
        self,
        explanation: Explanation,
        title: str,
        figures: tuple[float | None, float | None] = (None, None),
    ) -> None:
        """Show a step or a node; `figures` are a node's data and grad."""
        self.explanation, self.title, self.figures = explanation, title, figures
        self.setAccessibleDescription(f"{title}. {explanation.sentence}")
        self.update()

    def show_hint(self, title: str, hint: str) -> None:
        """Show how to begin."""
        self.explanation, self.title, self.hint = None, title, hint
        self.setAccessibleDescription(hint)
        self.update()

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedWidth(scaled(PANE_W))

    def sizeHint(self) -> QSize:
        """Return the pane's size in the usual dock."""
        return QSize(PANE_W, 326)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pane."""
        painter = QPainter(self)
        theme = self.theme
        painter.fillRect(self.rect(), theme.panel)
        painter.fillRect(0, 0, 1, self.height(), theme.line)
        scale = text_scale()
        painter.scale(scale, scale)
        self.paint_into(painter, QRectF(0, 0, self.width() / scale, self.height() / scale), theme)

    def paint_into(self, painter: QPainter, area: QRectF, theme: Theme) -> None:
        """Draw the contents into an area, also for a picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = area.adjusted(PANEL_PADDING, 10, -PANEL_PADDING, -8)
        explanation = self.explanation
        phase = explanation.phase if explanation is not None else ""
        painter.setFont(ui_font(CAPTION_PX + 1))
        painter.setPen(theme.ink3)
        head = QRectF(inner.left(), inner.top(), inner.width(), 20)
        painter.drawText(head, ALIGN_RIGHT, phase)
        used = QFontMetricsF(painter.font()).horizontalAdvance(phase)
        painter.setFont(ui_font(TITLE_PX, 600))
        painter.setPen(theme.ink1)
        room = head.adjusted(0, 0, -used - 8, 0)
        title = QFontMetricsF(painter.font()).elidedText(
            self.title, Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, ALIGN_LEFT, title)
        y = head.bottom() + 6
        if explanation is None:
            hint = QRectF(inner.left(), y, inner.width(), inner.bottom() - y)
            end = self._paint_wrapped(painter, self.hint, hint, theme)
            if end <= inner.bottom() - KEY_H:
                self._paint_key(painter, inner, theme)
            return
        foot = inner.bottom() - (36 if self.jump.isVisible() or self.fold.isVisible() else 0)
        if explanation.flows:
            y, foot = self._paint_flows(painter, explanation.flows, inner, y, theme)
        else:
            room = QRectF(inner.left(), y, inner.width(), foot - y)
            y = self._paint_rule(painter, explanation, room, theme)
        self._paint_reason(
            painter, explanation, QRectF(inner.left(), y, inner.width(), foot - y), theme
        )

    def _paint_rule(
        self, painter: QPainter, what: Explanation, room: QRectF, theme: Theme
    ) -> float:
        """Paint the rule of a forward step, an update or a node, and as many numbers as fit."""
        y = room.top()
        if what.formula:
            px = fitted_px(what.formula, room.width(), MATH_PX, 10.0)
            draw_text(painter, what.formula, QPointF(room.left(), y + 20), px, theme.ink1)
            y += 34
        numbers = list(what.numbers)
        data, grad = self.figures
        if not numbers:
            numbers = [
                (x, word) for x, word in ((data, "data"), (grad, "gradient")) if x is not None
            ]
        columns = 3
        width = room.width() / columns
        numbers = numbers[: columns * min(3, max(1, int((room.bottom() - y) / NUMBERS_H)))]
        for k, (value, word) in enumerate(numbers):
            left = room.left() + (k % columns) * width
            top = y + (k // columns) * NUMBERS_H
            bold = k == 0 and bool(what.numbers)
            painter.setFont(ui_font(TITLE_PX, 700 if bold else 600))
            painter.setPen(theme.grad if word in ("gradient",) else theme.ink1)
            painter.drawText(QRectF(left, top, width, 18), ALIGN_LEFT, number(value))
            draw_small(painter, word, QPointF(left, top + 30), theme.ink3)
        rows = -(-len(numbers) // columns)
        return y + rows * NUMBERS_H + 4

    def _paint_flows(
        self, painter: QPainter, flows: tuple[Flow, ...], inner: QRectF, y: float, theme: Theme
    ) -> tuple[float, float]:
        """Paint ∂L/∂parent = ∂L/∂node · slope for the parents that fit, and the numbers below.

        At the foot are the parents' gradients. Return the ends of what is left in between.
        """
        single = len(flows) == 1 and inner.height() > 150
        px, numbers_h = float(MATH_PX), 44.0
        if not single:
            px, numbers_h = (MATH_PX - 3.0, 27.0) if inner.height() > 250 else (MATH_PX - 5.0, 21.0)
        flow_h = 2.65 * px + numbers_h
        n_fitting = max(0, int((inner.bottom() - y - SUMS_GAP) / (flow_h + SUM_H)))
        flows = flows[: max(1, n_fitting)]
        foot = self._paint_sums(painter, flows, inner, theme) if n_fitting else inner.bottom()
        for flow in flows:
            columns = self._columns(flow, inner, px)
            axis = y + 1.25 * px
            left, middle, right = columns
            draw_fraction(painter, flow.target, left, axis, px, theme.ink1)
            equals = left + fraction_width(flow.target, px) + 6
            draw_text(painter, "=", QPointF(equals, axis + 0.3 * px), px, theme.ink1)
            draw_fraction(painter, flow.source, middle, axis, px, theme.grad)
            dot = middle + fraction_width(flow.source, px) + 8
            draw_text(painter, "·", QPointF(dot, axis + 0.3 * px), px, theme.ink1)
            room = inner.right() - right
            small = fitted_px(f"({flow.rule})", room, px, 8.0)
            rule = f"({flow.rule})" if any(c in flow.rule for c in " −") else flow.rule
            draw_text(painter, rule, QPointF(right, axis + 0.3 * px), small, theme.ink1)
            y = axis + 1.4 * px
            self._paint_numbers(painter, flow, columns, y, theme, captions=single)
            y += numbers_h
        return y, foot

    def _columns(self, flow: Flow, inner: QRectF, px: float) -> tuple[float, float, float]:
        left = inner.left()
        width = max(
            fraction_width(flow.target, px) + 26,
            QFontMetricsF(ui_font(TITLE_PX, 700)).horizontalAdvance(number(flow.amount)) + 18,
        )
        middle = left + max(72.0, width)
        width = max(
            fraction_width(flow.source, px) + 24,
            QFontMetricsF(ui_font(TITLE_PX, 600)).horizontalAdvance(number(flow.upstream)) + 18,
        )
        return left, middle, middle + max(76.0, width)

    def _paint_numbers(
        self,
        painter: QPainter,
        flow: Flow,
        columns: tuple[float, float, float],
        y: float,
        theme: Theme,
        *,
        captions: bool,
    ) -> None:
        entries = (
            (columns[0], flow.amount, "=", "result", theme.ink1, 700),
            (columns[1], flow.upstream, "×", "upstream", theme.grad, 600),
            (columns[2], flow.slope, "", "local slope", theme.ink1, 600),
        )
        px = TITLE_PX if captions else BODY_PX
        for left, value, sign, word, ink, weight in entries:
            text = number(value)
            painter.setFont(ui_font(px, weight))
            painter.setPen(ink)
            box = QRectF(left, y, 120, 18)
            painter.drawText(box, ALIGN_LEFT, text)
            if sign:
                advance = QFontMetricsF(painter.font()).horizontalAdvance(text)
                painter.setFont(ui_font(px, 400))
                painter.setPen(theme.ink1)
                painter.drawText(box.adjusted(advance + 5, 0, 0, 0), ALIGN_LEFT, sign)
            if captions:
                painter.setFont(ui_font(CAPTION_PX))
                painter.setPen(theme.ink3)
                painter.drawText(QRectF(left, y + 17, 120, 16), ALIGN_LEFT, word)

    def _paint_sums(
        self, painter: QPainter, flows: tuple[Flow, ...], inner: QRectF, theme: Theme
    ) -> float:
        """Paint at the foot what the parents' gradients were and are; return where that begins."""
        top = inner.bottom() - SUM_H * len(flows)
        painter.fillRect(QRectF(inner.left(), top - 5, inner.width(), 1), theme.line)
        for k, flow in enumerate(flows):
            row = QRectF(inner.left(), top + k * SUM_H, inner.width(), SUM_H)
            baseline = row.center().y() + 4.5
            width = draw_text(
                painter, flow.target, QPointF(row.left(), baseline), MATH_PX - 3, theme.ink1
            )
            painter.setFont(ui_font(BODY_PX))
            painter.setPen(theme.ink2)
            painter.drawText(row.adjusted(width + 1, 0, 0, 0), ALIGN_LEFT, ".grad")
            painter.setFont(ui_font(BODY_PX, 700))
            painter.setPen(theme.grad)
            after = number(flow.after)
            painter.drawText(row, ALIGN_RIGHT, after)
            room = QFontMetricsF(painter.font()).horizontalAdvance(after) + 6
            painter.setFont(ui_font(BODY_PX))
            painter.setPen(theme.ink2)
            painter.drawText(row.adjusted(0, 0, -room, 0), ALIGN_RIGHT, f"{number(flow.before)}  →")
        return top - SUMS_GAP

    def _paint_reason(
        self, painter: QPainter, what: Explanation, room: QRectF, theme: Theme
    ) -> None:
        """Paint the curve and, if it fits, the sentence beside it or in its place."""
        side = min(PLOT, room.height() - 4)
        text = room.adjusted(0, 4, 0, 0)
        if what.curve is not None and side >= 56:
            plot = QRectF(room.left(), room.top() + 4, side * 1.18, side)
            paint_curve(painter, what.curve, plot, theme, backward=what.phase == "backward")
            text = text.adjusted(plot.width() + 14, -2, 0, 0)
        words = what.sentence + (f"\n{what.note}" if what.note else "")
        if wrapped_height(words, text, LEAST_PX) <= text.height():
            self._paint_wrapped(painter, words, text, theme)

    def _paint_wrapped(self, painter: QPainter, text: str, room: QRectF, theme: Theme) -> float:
        """Write a text over several lines; return where it ends."""
        px = float(BODY_PX)
        while px > LEAST_PX and wrapped_height(text, room, px) > room.height():
            px -= 1.0
        painter.setFont(ui_font(px))
        painter.setPen(theme.ink2)
        painter.drawText(room, WRAPPED, text)
        return room.top() + wrapped_height(text, room, px)

    def _paint_key(self, painter: QPainter, inner: QRectF, theme: Theme) -> None:
        """Paint what the parts of a node mean."""
        y = inner.bottom() - KEY_H
        entries = (
            (theme.raised, theme.ink1, "data", "what the node computed"),
            (theme.grad_soft, theme.grad, "grad", "∂L by this node, filled going back"),
        )
        for fill, ink, word, meaning in entries:
            box = QRectF(inner.left(), y, 52, 20)
            paint_box(painter, box, 3, fill, theme.line_strong)
            painter.setFont(ui_font(CAPTION_PX, 600))
            painter.setPen(ink)
            painter.drawText(box, ALIGN_CENTRE, word)
            self._meaning(painter, inner, y, meaning, theme)
            y += 24
        box = QRectF(inner.left(), y, 52, 20)
        fill = theme.fill_press if theme.is_dark else theme.fill
        paint_box(painter, box, 3, fill, theme.line_strong)
        draw_centred(painter, "w", QPointF(box.center().x(), box.center().y() + 5), 15, theme.ink1)
        self._meaning(painter, inner, y, "a parameter: training moves it", theme)
        y += 24
        centre = QPointF(inner.left() + 26, y + 10)
        painter.setBrush(theme.raised)
        painter.setPen(theme.edge)
        painter.drawEllipse(centre, 9.25, 9.25)
        painter.setFont(ui_font(14, 500))
        painter.setPen(theme.ink1)
        painter.drawText(QRectF(inner.left() + 16, y, 20, 20), ALIGN_CENTRE, "+")
        self._meaning(painter, inner, y, "an operation, on its result", theme)

    @staticmethod
    def _meaning(painter: QPainter, inner: QRectF, y: float, text: str, theme: Theme) -> None:
        painter.setFont(ui_font(CAPTION_PX))
        painter.setPen(theme.ink2)
        painter.drawText(QRectF(inner.left() + 62, y, inner.width() - 62, 20), ALIGN_LEFT, text)


def wrapped_height(text: str, room: QRectF, px: float) -> float:
    """Return how high a text is over several lines as wide as `room`."""
    return QFontMetricsF(ui_font(px)).boundingRect(room, WRAPPED, text).height()


def draw_small(painter: QPainter, word: str, start: QPointF, colour: QColor) -> None:
    """Draw a caption: words in the window's type, short names as formulas."""
    name = word.removeprefix("new ")
    if len(name) <= 4 and name not in ("rate", "data"):
        lead = "new " if word.startswith("new ") else ""
        painter.setFont(ui_font(CAPTION_PX))
        painter.setPen(colour)
        painter.drawText(start, lead)
        across = QFontMetricsF(painter.font()).horizontalAdvance(lead)
        draw_text(painter, name, start + QPointF(across, 0), CAPTION_PX + 2.0, colour)
        return
    painter.setFont(ui_font(CAPTION_PX))
    painter.setPen(colour)
    painter.drawText(start, word)
