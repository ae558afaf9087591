"""Records a widget and everything in it, child by child, each cut off where it ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QPainter, QRegion
from PySide6.QtWidgets import QWidget

from playground.ui.export.recording import Group, RecordingDevice

_NOTHING = QWidget.RenderFlag(0)


def record_tree(root: QWidget) -> tuple[Group, ...]:
    """Return what `root` and its visible children paint, back to front."""
    groups: list[Group] = []
    _record(root, root, QRect(root.rect()), groups)
    return tuple(groups)


def _record(root: QWidget, widget: QWidget, visible: QRect, groups: list[Group]) -> None:
    corner = QPoint(0, 0) if widget is root else widget.mapTo(root, QPoint(0, 0))
    own = QRect(QPoint(0, 0), widget.size())
    if not widget.mask().isEmpty():
        own = own.intersected(widget.mask().boundingRect())
    seen = visible.intersected(own.translated(corner))
    if seen.isEmpty():
        return
    device = RecordingDevice(widget.width(), widget.height())
    painter = QPainter(device)
    flags = QWidget.RenderFlag.DrawWindowBackground if widget is root else _NOTHING
    # Graphics views have another `render`, for their scene alone.
    QWidget.render(widget, painter, QPoint(0, 0), QRegion(), flags)
    painter.end()
    if device.marks:
        name = type(widget).__name__
        groups.append(Group(corner.x(), corner.y(), QRectF(seen), device.marks, name))
    for child in widget.children():
        if isinstance(child, QWidget) and child.isVisibleTo(root) and not child.isWindow():
            _record(root, child, seen, groups)
