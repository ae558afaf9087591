"""What the loss plot shows on demand: penalty, accuracy or R², and values at an epoch."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.core.answers import Series
from playground.core.experiment import Problem
from playground.core.snapshot import Float64s, Snapshot
from playground.ui.labels import number
from playground.ui.plot_chrome import draw_text, text_width
from playground.ui.theme import CAPTION_PX, RADIUS_FIELD, Theme, ui_font
from playground.ui.ticks import THIN_SPACE

BOX_PADDING, LINE_H = 7.0, 14.0


@dataclass(frozen=True, slots=True)
class Extras:
    """Which of them are shown."""

    penalty: bool = False
    fit: bool = False
    smooth: bool = False


def fit_name(snapshot: Snapshot) -> str:
    """Return what measures the fit: accuracy, or R² of a regression."""
    return "R²" if snapshot.experiment.data.problem is Problem.REGRESSION else "Accuracy"


def fits(snapshot: Snapshot, series: Series) -> tuple[Float64s, Float64s]:
    """Return (k,) accuracies, or R² of a regression, of train and test set."""
    if snapshot.experiment.data.problem is Problem.REGRESSION:
        return series.train_fit, series.test_fit
    return series.train_accuracy, series.test_accuracy


def values_at(snapshot: Snapshot, epoch: float, extras: Extras) -> list[str]:
    """Return lines of values at the kept epoch nearest to `epoch`, the epoch first.

    The series begin anew with every shape of the network; of epochs before, only the history tells.
    """
    history = snapshot.history
    k = int(np.abs(history.epochs - epoch).argmin())
    lines = [f"epoch {int(history.epochs[k])}"]
    for name, losses in (("train", history.train_loss), ("test", history.test_loss)):
        if isfinite(losses[k]):
            lines.append(f"{name} {number(float(losses[k]), 4)}")
    series = snapshot.answers.series
    if series is None:
        return lines
    if history.epochs[k] < series.epochs[0]:
        if extras.fit and isfinite(history.train_accuracy[k]):
            lines.append(f"train {_fit_text(snapshot, float(history.train_accuracy[k]))}")
        return lines
    k = int(np.abs(series.epochs - float(history.epochs[k])).argmin())
    if extras.penalty and isfinite(series.penalty[k]):
        lines.append(f"penalty {number(float(series.penalty[k]), 4)}")
    if extras.fit:
        for name, column in zip(("train", "test"), fits(snapshot, series), strict=True):
            if isfinite(column[k]):
                lines.append(f"{name} {_fit_text(snapshot, float(column[k]))}")
    return lines


def _fit_text(snapshot: Snapshot, value: float) -> str:
    if snapshot.experiment.data.problem is Problem.REGRESSION:
        return f"R² {number(value)}"
    return f"{100 * value:.1f}{THIN_SPACE}%"


def paint_cursor(
    painter: QPainter, area: QRectF, x: float, lines: list[str], unit: float, theme: Theme
) -> None:
    """Draw the time cursor with its values beside it."""
    painter.setPen(QPen(theme.ink1, 1.0))
    column = float(np.floor(x)) + 0.5
    painter.drawLine(QPointF(column, area.top()), QPointF(column, area.bottom()))
    font, bold = ui_font(CAPTION_PX * unit), ui_font(CAPTION_PX * unit, 600)
    width = max(text_width(line, bold) for line in lines) + 2 * BOX_PADDING * unit
    height = (len(lines) * LINE_H + 8) * unit
    left = column + 6 * unit
    if left + width > area.right():
        left = column - 6 * unit - width
    box = QRectF(left, area.top(), width, height)
    painter.setBrush(theme.raised)
    painter.setPen(QPen(theme.line_strong, 1.0))
    painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for k, line in enumerate(lines):
        y = box.top() + (4 + (k + 0.5) * LINE_H) * unit
        used = bold if k == 0 else font
        draw_text(
            painter, left + BOX_PADDING * unit, y, line, used, theme.ink1 if k == 0 else theme.ink2
        )
