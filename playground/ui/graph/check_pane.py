"""The gradient check beside the graph: every parameter's two numbers, and error against h."""

from __future__ import annotations

from math import log10

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from playground.core.scalar_graph.check import NodeCheck
from playground.core.scalar_graph.graph import ScalarGraph
from playground.ui.controls.base import Label, Themed, apply_theme_below, paint_box
from playground.ui.controls.slider import LogScale, Slider
from playground.ui.graph.mathematics import ALIGN_CENTRE, ALIGN_LEFT, ALIGN_RIGHT, draw_name
from playground.ui.graph.painter import verdict_look
from playground.ui.labels import number
from playground.ui.theme import (
    BODY_PX,
    CAPTION_PX,
    PANE_W,
    PANEL_PADDING,
    RADIUS_FIELD,
    TITLE_PX,
    Theme,
    scaled,
    text_scale,
    ui_font,
)

ROW_H = 20
LEAST_H, MOST_H = 1e-13, 1e-1
FIRST_H = 6e-6
LEAST_ERROR = 1e-16


class CheckList(QWidget, Themed):
    """The checks as rows: name, gradient, centred difference, verdict.

    Signals
    -------
    row_chosen(int) : a row was clicked.
    """

    row_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.checks: list[NodeCheck] = []
        self.graph: ScalarGraph | None = None
        self.chosen = 0
        self.setAccessibleName("Gradient check of every parameter")

    def show_checks(self, graph: ScalarGraph, checks: list[NodeCheck]) -> None:
        """Show the checks, wrong ones and kinks first."""
        self.graph, self.checks = graph, checks
        self.chosen = 0
        self.rescale()
        self.update()

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedHeight(scaled(ROW_H * len(self.checks)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in view."""
        if self.graph is None:
            return
        painter = QPainter(self)
        scale = text_scale()
        painter.scale(scale, scale)
        theme, width = self.theme, self.width() / scale
        first = max(0, int(event.rect().top() / scale / ROW_H))
        last = min(len(self.checks), int(event.rect().bottom() / scale / ROW_H) + 1)
        for k in range(first, last):
            found = self.checks[k]
            row = QRectF(0, k * ROW_H, width, ROW_H)
            if k == self.chosen:
                paint_box(painter, row.adjusted(0, 1, 0, -1), RADIUS_FIELD - 2, theme.fill)
            start = QPointF(6, row.center().y() + 5)
            draw_name(painter, self.graph.names[found.node], start, 14, theme.ink1)
            painter.setFont(ui_font(CAPTION_PX, 500))
            painter.setPen(theme.grad)
            painter.drawText(row.adjusted(0, 0, -142, 0), ALIGN_RIGHT, number(found.check.analytic))
            painter.setPen(theme.ink1)
            painter.drawText(row.adjusted(0, 0, -82, 0), ALIGN_RIGHT, number(found.check.numeric))
            painter.setPen(theme.ink3)
            painter.setFont(ui_font(CAPTION_PX))
            painter.drawText(row.adjusted(0, 0, -24, 0), ALIGN_RIGHT, number(found.relative_error))
            word, fill, ink = verdict_look(found.check.kink, found.check.passed, theme)
            mark = QRectF(width - 18, row.center().y() - 6.5, 13, 13)
            paint_box(painter, mark, 6.5, fill)
            painter.setFont(ui_font(CAPTION_PX - 1, 700))
            painter.setPen(ink)
            painter.drawText(mark, ALIGN_CENTRE, word)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row."""
        row = int(event.position().y() / text_scale() / ROW_H)
        if 0 <= row < len(self.checks):
            self.chosen = row
            self.update()
            self.row_chosen.emit(row)


class ErrorPlot(QWidget, Themed):
    """The error of the centred difference against its distance h, both by decades."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self.points: list[tuple[float, float]] = []
        self.h, self.error = FIRST_H, 0.0
        self.setAccessibleName("Error against h")

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedHeight(scaled(96))

    def show_errors(self, points: list[tuple[float, float]]) -> None:
        """Show a parameter's errors."""
        self.points = points
        self.update()

    def show_place(self, h: float, error: float) -> None:
        """Mark one distance."""
        self.h, self.error = h, error
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, decades, curve and mark."""
        painter = QPainter(self)
        theme, scale = self.theme, text_scale()
        painter.scale(scale, scale)
        frame = QRectF(0, 0, self.width() / scale, self.height() / scale - 13)
        paint_box(painter, frame, RADIUS_FIELD, theme.paper, theme.line_strong)
        errors = [max(e, LEAST_ERROR) for _, e in self.points] or [1e-9]
        high = max(1.0, log10(max(errors)) + 1.0) if max(errors) > 0.1 else 0.0
        low = log10(LEAST_ERROR)

        def place(h: float, error: float) -> QPointF:
            across = (log10(h) - log10(LEAST_H)) / (log10(MOST_H) - log10(LEAST_H))
            up = (log10(max(error, LEAST_ERROR)) - low) / (high - low)
            return QPointF(
                frame.left() + 5 + across * (frame.width() - 10),
                frame.bottom() - 5 - up * (frame.height() - 10),
            )

        painter.setFont(ui_font(CAPTION_PX - 1))
        for power, text in ((-12, "10⁻¹²"), (-8, "10⁻⁸"), (-4, "10⁻⁴")):
            x = place(10.0**power, 1.0).x()
            painter.fillRect(QRectF(x, frame.top() + 1, 1, frame.height() - 2), theme.line)
            painter.setPen(theme.ink3)
            painter.drawText(QRectF(x - 30, frame.bottom(), 60, 13), ALIGN_CENTRE, text)
        painter.drawText(frame.adjusted(6, 3, 0, 0), Qt.AlignmentFlag.AlignLeft, "error against h")
        path = QPainterPath()
        for k, (h, error) in enumerate(self.points):
            if k:
                path.lineTo(place(h, error))
            else:
                path.moveTo(place(h, error))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, QPen(theme.ink2, 1.5))
        painter.setPen(QPen(theme.paper, 1.5))
        painter.setBrush(theme.grad)
        painter.drawEllipse(place(self.h, self.error), 4.5, 4.5)


class CheckPane(QWidget, Themed):
    """All of the check.

    Signals
    -------
    node_chosen(int) : the parameter whose curve is wanted.
    distance_chosen(float) : the slider's h.
    closed() : the step pane is wanted again.
    """

    node_chosen = Signal(object)
    distance_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING - 4, 8, PANEL_PADDING - 4, 8)
        layout.setSpacing(3)
        self.title = Label("Gradient check", TITLE_PX, 600, "ink1")
        self.summary = Label("", BODY_PX, 400, "ink2")
        self.head = _Head()
        self.list = CheckList()
        self.list.row_chosen.connect(self._on_row_chosen)
        self.rows_area = QScrollArea()
        self.rows_area.setWidget(self.list)
        self.rows_area.setWidgetResizable(True)
        self.rows_area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.rows_area.viewport().setAutoFillBackground(False)
        self.list.setAutoFillBackground(False)
        self.rows_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.plot = ErrorPlot()
        self.slider = Slider("Distance h", LogScale(LEAST_H, MOST_H, 10))
        self.slider.setToolTip("The distance h of the centred difference")
        self.slider.show_value(FIRST_H)
        self.slider.value_edited.connect(self.distance_chosen)
        self.reading = Label("", CAPTION_PX, 400, "ink2")
        layout.addWidget(self.title)
        layout.addWidget(self.summary)
        layout.addWidget(self.head)
        layout.addWidget(self.rows_area, 1)
        layout.addWidget(self.plot)
        layout.addWidget(self.slider)
        layout.addWidget(self.reading)

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedWidth(scaled(PANE_W))

    @property
    def distance(self) -> float:
        """The distance h chosen."""
        return self.slider.shown_value

    def show_checks(self, graph: ScalarGraph, checks: list[NodeCheck]) -> None:
        """Show the result of a check."""
        order = sorted(checks, key=lambda c: (c.check.passed and not c.check.kink,))
        kinks = sum(c.check.kink for c in checks)
        wrong = sum(not c.check.passed for c in checks)
        agree = len(checks) - kinks - wrong
        words = f"{agree} of {len(checks)} agree"
        words += f" · {wrong} wrong" if wrong else ""
        words += f" · {kinks} at a kink" if kinks else ""
        self.summary.setText(words)
        self.list.show_checks(graph, order)
        if order:
            self._on_row_chosen(0)

    def show_curve(self, points: list[tuple[float, float]]) -> None:
        """Show the chosen parameter's errors."""
        self.plot.show_errors(points)

    def show_difference(self, h: float, numeric: float, analytic: float) -> None:
        """Show the centred difference at the slider's h."""
        error = abs(numeric - analytic)
        self.plot.show_place(h, error)
        self.reading.setText(f"h = {number(h)}   difference {number(numeric, 6)}")

    def _on_row_chosen(self, row: int) -> None:
        self.node_chosen.emit(self.list.checks[row].node)

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the pane."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.panel)
        painter.fillRect(0, 0, 1, self.height(), self.theme.line)


class _Head(QWidget, Themed):
    """The names of the list's columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedHeight(scaled(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw them."""
        painter = QPainter(self)
        scale = text_scale()
        painter.scale(scale, scale)
        painter.setFont(ui_font(CAPTION_PX - 1))
        painter.setPen(self.theme.ink3)
        row = QRectF(0, 0, self.width() / scale, self.height() / scale)
        painter.drawText(row.adjusted(6, 0, 0, 0), ALIGN_LEFT, "name")
        for right, word in ((142, "gradient"), (82, "difference"), (24, "relative")):
            painter.drawText(row.adjusted(0, 0, -right, 0), ALIGN_RIGHT, word)
