"""The magnification of the canvas: a scale and an offset, kept within bounds."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

SCALE_MAX = 4.0
STEP = 1.25


@dataclass(frozen=True, slots=True)
class Zoom:
    """How the picture is magnified; `scale` 1 at (0, 0) fits it into the widget."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def is_fit(self) -> bool:
        """Whether everything is in view."""
        return self.scale == 1.0

    def transform(self, content_width: float, width: float) -> QTransform:
        """Return the map from the layout's to the widget's coordinates.

        A network too wide for the widget is drawn smaller.
        """
        shrink = min(1.0, width / content_width) if content_width > 0 else 1.0
        view = QTransform.fromTranslate(self.x, self.y)
        view.scale(self.scale * shrink, self.scale * shrink)
        return view

    def around(self, point: QPointF, factor: float, width: float, height: float) -> Zoom:
        """Magnify by `factor`, keeping the widget's `point` where it is."""
        scale = min(SCALE_MAX, max(1.0, self.scale * factor))
        if abs(scale - 1.0) < 0.02:
            return Zoom()
        ratio = scale / self.scale
        x = point.x() - (point.x() - self.x) * ratio
        y = point.y() - (point.y() - self.y) * ratio
        return Zoom(scale, x, y).moved(0.0, 0.0, width, height)

    def moved(self, dx: float, dy: float, width: float, height: float) -> Zoom:
        """Shift the picture, never beyond its edges."""
        x = min(0.0, max(width * (1 - self.scale), self.x + dx))
        y = min(0.0, max(height * (1 - self.scale), self.y + dy))
        return Zoom(self.scale, x, y)
