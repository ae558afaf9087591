"""A dataset shown as a small picture of one real sample of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.core.experiment import DatasetKind, Problem
from playground.core.snapshot import DataView, Float64s
from playground.ui.controls.base import KeepsKeys, Themed, paint_box
from playground.ui.theme import RADIUS_FIELD, Theme, field_image

SIDE = 49
MARGIN = 4
MARK_RADIUS = 1.25
MAX_MARKS = 96
FIELD_GRID = 24
FIELD_WIDTH = 0.5


def smooth_field(data: DataView) -> Float64s:
    """Average the targets near each point of a grid; the result spans −1…1."""
    axis = np.linspace(data.low, data.high, FIELD_GRID)
    across = np.exp(-(((axis[:, None] - data.x[:, 0]) / FIELD_WIDTH) ** 2) / 2)
    down = np.exp(-(((axis[:, None] - data.x[:, 1]) / FIELD_WIDTH) ** 2) / 2)
    # einsum, not @: on a busy machine the threads of BLAS need a second to wake up.
    total = np.einsum("in,jn->ij", down * data.y, across)
    field: Float64s = total / (np.einsum("in,jn->ij", down, across) + 1e-9)
    return field / max(1e-9, float(np.abs(field).max()))


class DatasetThumbnail(KeepsKeys, QAbstractButton, Themed):
    """A 49 px picture with room for the outline of the chosen one around it."""

    focus_radius = RADIUS_FIELD + 1

    def __init__(
        self, kind: DatasetKind, name: str, data: DataView, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._data = data
        self._image: QImage | None = None
        self._field = smooth_field(data) if kind.problem is Problem.REGRESSION else None
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFixedSize(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return QSize(SIDE + 2 * MARGIN, SIDE + 2 * MARGIN)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the field map."""
        self._image = field_image(self._field, theme) if self._field is not None else None
        super().apply_theme(theme)

    def focus_rect(self) -> QRectF:
        """Return the picture with the outline of the chosen one."""
        grow = 3 if self.isChecked() else 0
        return QRectF(MARGIN, MARGIN, SIDE, SIDE).adjusted(-grow, -grow, grow, grow)

    def paintEvent(self, event: object) -> None:
        """Draw the picture, its outline and the mark of the chosen one."""
        painter = QPainter(self)
        theme = self.theme
        box = QRectF(MARGIN, MARGIN, SIDE, SIDE)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        paint_box(painter, box, RADIUS_FIELD, theme.paper)
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD, RADIUS_FIELD)
        painter.setClipPath(clip)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, self._image)
        else:
            self._paint_marks(painter)
        painter.restore()
        hovered = self.isEnabled() and self.underMouse() and not self.isChecked()
        paint_box(painter, box, RADIUS_FIELD, None, theme.ink3 if hovered else theme.line_strong)
        painter.setOpacity(1.0)
        if self.isChecked():
            painter.setPen(QPen(theme.ink1 if self.isEnabled() else theme.ink4, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = box.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(ring, RADIUS_FIELD + 2, RADIUS_FIELD + 2)

    def _paint_marks(self, painter: QPainter) -> None:
        data, theme = self._data, self.theme
        scale = (SIDE - 5) / (data.high - data.low)
        painter.setPen(Qt.PenStyle.NoPen)
        for (x1, x2), y in zip(data.x[:MAX_MARKS], data.y[:MAX_MARKS], strict=True):
            painter.setBrush(theme.pos if y > 0 else theme.neg)
            centre = QPointF(
                MARGIN + 2.5 + (x1 - data.low) * scale, MARGIN + 2.5 + (data.high - x2) * scale
            )
            painter.drawEllipse(centre, MARK_RADIUS, MARK_RADIUS)
