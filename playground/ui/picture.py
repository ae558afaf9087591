"""Pictures of the window and its views: drawn at any scale, written so that they are whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QPoint,
    QSize,
    Qt,
)
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QStackedWidget, QWidget

from playground.ui.controls.focus_ring import FocusRing
from playground.ui.theme import Theme

MAX_SCALE = 4.0


@runtime_checkable
class LeavesOutControls(Protocol):
    """A view that can leave out its controls for a picture of it alone."""

    def set_exporting(self, exporting: bool) -> None:
        """Leave the controls out, or show them again."""
        ...


@contextmanager
def _brought_to_front(widget: QWidget) -> Iterator[None]:
    """Make `widget` part of a laid-out window, if need be one that no screen shows."""
    window = widget.window()
    summoned = not window.isVisible()
    if summoned:
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.show()
    pages: list[tuple[QStackedWidget, int]] = []
    child, parent = widget, widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QStackedWidget):
            pages.append((parent, parent.currentIndex()))
            parent.setCurrentWidget(child)
        child, parent = parent, parent.parentWidget()
    # Layouts learn of a hidden or changed child by a posted event, which may still be waiting.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    try:
        yield
    finally:
        for stack, index in pages:
            stack.setCurrentIndex(index)
        if summoned:
            window.hide()
            window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)


def render_widget(
    widget: QWidget, size: QSize | None = None, scale: float = 1.0, theme: Theme | None = None
) -> QImage:
    """Draw a widget as it is now, without hover or focus marks.

    Parameters
    ----------
    widget : a window, shown or not, or a view inside one.
    size : logical size of the picture; None is the present size.
    scale : pixels of the picture per logical pixel, 1–4.
    theme : given, it fills what the widget leaves transparent.

    Raises
    ------
    ValueError
        When the scale is not between 1 and 4.
    """
    if not 1.0 <= scale <= MAX_SCALE:
        raise ValueError(f"scale must be between 1 and {MAX_SCALE:g}, got {scale!r}")
    with _brought_to_front(widget):
        before = widget.geometry()
        if isinstance(widget, LeavesOutControls):
            widget.set_exporting(True)
        if size is not None and size != widget.size():
            widget.resize(size)
        rings = [ring for ring in widget.findChildren(FocusRing) if ring.isVisible()]
        for ring in rings:
            ring.hide()
        image = QImage(
            round(widget.width() * scale),
            round(widget.height() * scale),
            QImage.Format.Format_RGB32,
        )
        image.setDevicePixelRatio(scale)
        image.fill(theme.panel if theme is not None else widget.palette().window().color())
        painter = QPainter(image)
        widget.render(painter, QPoint(0, 0))
        painter.end()
        for ring in rings:
            ring.show()
        if isinstance(widget, LeavesOutControls):
            widget.set_exporting(False)
        if widget.geometry() != before:
            widget.setGeometry(before)
    return image


def png_bytes(image: QImage) -> bytes:
    """Encode a picture as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("the picture could not be encoded as PNG")
    return bytes(data.data())


def save_png(image: QImage, path: Path) -> None:
    """Write a picture in one step and read it back: the file is whole or as it was before.

    Raises
    ------
    OSError
        When the file cannot be written or does not read back as the same picture.
    """
    content = png_bytes(image)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if QImage(name).size() != image.size():
            raise OSError(f"{path.name} does not read back as it was written")
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
