"""Finds every text that the visible widgets of a window paint, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QRegion, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget


@dataclass(frozen=True)
class Text:
    """A piece of text: the box around its figures, in the window's and its own coordinates."""

    words: str
    widget: QWidget
    own: QRectF
    rect: QRectF

    def __str__(self) -> str:
        where = tuple(round(v, 1) for v in self.rect.getRect())
        return f"{self.words!r} in {type(self.widget).__name__} at {where}"


def texts_of(window: QWidget, parts: Sequence[QWidget] = ()) -> list[Text]:
    """Return the texts of a window, or of `parts` of it that are shown, and of visible children."""
    return [
        text
        for part in parts or (window,)
        for widget in (part, *part.findChildren(QWidget))
        if widget is part or (widget.isVisible() and widget.window() is window)
        for text in _texts_of_one(widget, window)
    ]


def _texts_of_one(widget: QWidget, window: QWidget) -> Iterator[Text]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(window.logicalDpiX())
    generator.setSize(widget.size())
    painter = QPainter(generator)
    if not isinstance(widget, QGraphicsView):  # its viewport paints
        widget.render(painter, QPoint(), QRegion(), QWidget.RenderFlag(0))
    painter.end()
    root = ElementTree.fromstring(bytes(buffer.data().data()))
    corner = widget.mapTo(window, QPoint(0, 0))
    for words, own in _walk(root, QTransform()):
        yield Text(words, widget, own, own.translated(corner))


def _walk(element: ElementTree.Element, outer: QTransform) -> Iterator[tuple[str, QRectF]]:
    here = outer
    matrix = re.match(r"matrix\(([^)]*)\)", element.get("transform", ""))
    if matrix:
        a, b, c, d, e, f = (float(v) for v in re.split(r"[ ,]+", matrix[1].strip()))
        here = QTransform(a, b, c, d, e, f) * outer
    if element.tag.endswith("}text") and (element.text or "").strip():
        words = element.text or ""
        font = QFont(element.get("font-family", "").strip("'\""))
        font.setPixelSize(max(1, round(float(element.get("font-size", "12").removesuffix("px")))))
        font.setWeight(QFont.Weight(int(element.get("font-weight", "400"))))
        font.setItalic(element.get("font-style") == "italic")
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        metrics = QFontMetricsF(font)
        left, base = float(element.get("x", "0")), float(element.get("y", "0"))
        ink = words.rstrip()
        box = QRectF(
            left, base - metrics.capHeight(), metrics.horizontalAdvance(ink), metrics.capHeight()
        )
        yield ink, here.mapRect(box)
    for child in element:
        yield from _walk(child, here)
