"""A dataset shown as a small picture of one real sample of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from playground.core.experiment import DatasetKind, Problem
from playground.core.snapshot import DataView, Float64s
from playground.ui.controls.base import KeepsKeys, Themed, empty_pixmap, kept_ratio, paint_box
from playground.ui.map_axes import map_axes
from playground.ui.sample_marks import marks, sample_places
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
        self._pixmap: QPixmap | None = None
        surface = kind.problem is Problem.REGRESSION and not kind.is_curve
        self._field = smooth_field(data) if surface else None
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
        self._pixmap = None
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
        ratio = kept_ratio(painter, self)
        if ratio is not None:
            painter.drawPixmap(0, 0, self.keep_picture(ratio))
        else:
            self._paint_picture(painter)
        hovered = self.isEnabled() and self.underMouse() and not self.isChecked()
        paint_box(painter, box, RADIUS_FIELD, None, theme.ink3 if hovered else theme.line_strong)
        painter.setOpacity(1.0)
        if self.isChecked():
            painter.setPen(QPen(theme.ink1 if self.isEnabled() else theme.ink4, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = box.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(ring, RADIUS_FIELD + 2, RADIUS_FIELD + 2)

    def keep_picture(self, ratio: float) -> QPixmap:
        """Return the picture with `ratio` pixels per logical one, painted once.

        All thumbnails are enabled and disabled at a time, and each has a hundred marks.
        """
        kept = self._pixmap
        if kept is None or abs(kept.devicePixelRatio() - ratio) > 1e-6:
            kept = empty_pixmap(self.size() * ratio, ratio, Qt.GlobalColor.transparent)
            self._pixmap = kept
            painter = QPainter(kept)
            self._paint_picture(painter)
            painter.end()
        return kept

    def _paint_picture(self, painter: QPainter) -> None:
        box = QRectF(MARGIN, MARGIN, SIDE, SIDE)
        painter.save()
        paint_box(painter, box, RADIUS_FIELD, self.theme.paper)
        clip = QPainterPath()
        clip.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD, RADIUS_FIELD)
        painter.setClipPath(clip)
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, self._image)
        else:
            self._paint_marks(painter)
        painter.restore()

    def _paint_marks(self, painter: QPainter) -> None:
        data, theme = self._data, self.theme
        looks = marks(data, self.kind.problem, theme)
        axes = map_axes(data)
        low, high = np.array([axes.x, axes.y]).T
        places = (sample_places(data)[:MAX_MARKS] - low) / (high - low) * (SIDE - 5)
        discs: dict[int, QPainterPath] = {}  # one mark per shade, not per sample
        for (across, up), shade in zip(places.tolist(), looks.shades.tolist(), strict=False):
            if shade not in discs:
                discs[shade] = QPainterPath()
                discs[shade].setFillRule(Qt.FillRule.WindingFill)
            centre = QPointF(MARGIN + 2.5 + across, MARGIN + SIDE - 2.5 - up)
            discs[shade].addEllipse(centre, MARK_RADIUS, MARK_RADIUS)
        for shade, path in discs.items():
            painter.fillPath(path, looks.colours[shade])
