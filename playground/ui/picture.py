"""Pictures of the window and its views: drawn at any scale, as pixels or as vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import ceil, isfinite

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QPoint,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from playground.core.export.metadata import png_with
from playground.ui.export.page import Page
from playground.ui.export.pdf import CREATOR, write_pdf
from playground.ui.export.recording import Group
from playground.ui.export.replay import replay, shifted, without_background
from playground.ui.export.svg import write_svg
from playground.ui.export.tree import record_tree
from playground.ui.staging import NeedsRoom, fit, shown_size, staged
from playground.ui.theme import Theme

MIN_SCALE, MAX_SCALE = 0.1, 20.0
MAX_SIDE = 16_384
MAX_PIXELS = 100_000_000
ENDINGS = (".png", ".svg", ".pdf")


@dataclass(frozen=True, slots=True)
class PictureSpec:
    """How a picture is drawn.

    Attributes
    ----------
    size : logical pixels of the whole page; None is the view's present size, and words come
        on top of it.
    scale : pixels of the picture per logical pixel; SVG and PDF ignore it.
    title, caption : words above and below the view; "" is none.
    legend : whether views that can leave theirs out show it.
    transparent : whether grounds are left out.
    dots_per_inch : what a PNG says of its size on paper; None says nothing.
    experiment : what the file carries; None is nothing.
    """

    size: tuple[float, float] | None = None
    scale: float = 1.0
    title: str = ""
    caption: str = ""
    legend: bool = True
    transparent: bool = False
    dots_per_inch: float | None = None
    experiment: bytes | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.scale) and MIN_SCALE <= self.scale <= MAX_SCALE):
            raise ValueError(
                f"scale must be between {MIN_SCALE:g} and {MAX_SCALE:g}, got {self.scale!r}"
            )
        if self.size is not None:
            check_size(*(side * self.scale for side in self.size))


def check_size(width: float, height: float) -> None:
    """Raise ValueError, in plain words, if a picture is too large or has no area."""
    if not (isfinite(width) and isfinite(height) and min(width, height) >= 1):
        raise ValueError("a picture needs at least one pixel on each side")
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise ValueError(
            f"{width:.0f} × {height:.0f} pixels are too many: at most {MAX_SIDE} on a side and "
            f"{MAX_PIXELS // 10**6} million in all"
        )


def _raster(widget: QWidget, scale: float, ground: QColor) -> QImage:
    image = QImage(
        round(widget.width() * scale), round(widget.height() * scale), QImage.Format.Format_RGB32
    )
    if image.isNull():
        raise MemoryError("there is not enough memory for a picture of this size")
    image.setDevicePixelRatio(scale)
    image.fill(ground)
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    return image


def _corner(widget: QWidget, ground: QColor) -> QColor:
    """Return the colour of a widget's first pixel."""
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(ground)
    painter = QPainter(image)
    QWidget.render(widget, painter, QPoint(0, 0), QRegion(0, 0, 1, 1))
    painter.end()
    return image.pixelColor(0, 0)


Draw = Callable[[PictureSpec, Callable[[], None]], QImage]
"""Has a view show what it is to show, by the function given, and draws it."""


@contextmanager
def sitting(widget: QWidget, theme: Theme, legend: bool = True) -> Iterator[Draw]:
    """Keep a view ready for many pictures, one after the other.

    What is yielded also gives the view its size.
    """
    window = widget.window()

    def draw(spec: PictureSpec, show: Callable[[], None]) -> QImage:
        page, view_size, scale = _page(widget, spec)
        fit(widget, view_size)
        show()
        fit(widget, view_size)  # a word more or less may have had the window laid out anew
        window.setUpdatesEnabled(True)
        image = _drawn(widget, page, scale, spec, theme)
        window.setUpdatesEnabled(False)
        return image

    with staged(widget, None, legend):
        window.setUpdatesEnabled(False)  # nobody sees the frames between the pictures
        try:
            yield draw
        finally:
            window.setUpdatesEnabled(True)


def draw_image(widget: QWidget, spec: PictureSpec, theme: Theme) -> QImage:
    """Return the page with the view as pixels, exactly of the size that was asked for.

    Raises
    ------
    ValueError
        When the picture would be too large.
    """
    page, view_size, scale = _page(widget, spec)
    with staged(widget, view_size, spec.legend):
        return _drawn(widget, page, scale, spec, theme)


def _drawn(widget: QWidget, page: Page, scale: float, spec: PictureSpec, theme: Theme) -> QImage:
    wide, high = spec.size or (page.width, page.height)
    pixels = QSize(round(wide * spec.scale), round(high * spec.scale))
    check_size(pixels.width(), pixels.height())
    if spec.transparent:
        groups = without_background(record_tree(widget), _grounds(theme))
        image = _paper(pixels, scale, None)
        painter = QPainter(image)
        page.paint(painter, theme, None)
        replay(shifted(groups, page.top), painter, fine=False)
    else:
        view = _raster(widget, scale, theme.panel)
        if page.is_bare and view.size() == pixels:
            return view
        ground = view.pixelColor(0, 0)
        image = _paper(pixels, scale, ground)
        painter = QPainter(image)
        page.paint(painter, theme, ground)
        painter.drawImage(0, page.top, view)
    painter.end()
    return image


def picture_bytes(widget: QWidget, ending: str, spec: PictureSpec, theme: Theme) -> bytes:
    """Return the content of a .png, .svg or .pdf file with the picture.

    Raises
    ------
    ValueError
        When the picture would be too large.
    OSError
        When it cannot be encoded.
    """
    return prepared(widget, ending, spec, theme)()


def prepared(widget: QWidget, ending: str, spec: PictureSpec, theme: Theme) -> Callable[[], bytes]:
    """Draw a picture now, and return what makes its file of it: that may run in any thread.

    Drawing takes as long as the window itself, but packing a large PNG takes a second.

    Raises
    ------
    ValueError
        When the picture would be too large.
    """
    if ending == ".png":
        return partial(packed, draw_image(widget, spec, theme), spec)
    page, view_size, _ = _page(widget, spec)
    with staged(widget, view_size, spec.legend):
        groups = _recorded(widget, page, spec, theme)
    more = (page.width, page.height, spec.title, spec.experiment, spec.size)
    if ending == ".svg":
        return lambda: write_svg(groups, *more).encode()
    return lambda: write_pdf(groups, *more)


def _recorded(widget: QWidget, page: Page, spec: PictureSpec, theme: Theme) -> tuple[Group, ...]:
    """Return everything on the page with the view as recorded marks."""
    groups, ground = record_tree(widget), None
    if spec.transparent:
        groups = without_background(groups, _grounds(theme))
    elif page.is_bare:
        return groups
    else:
        ground = _corner(widget, theme.panel)
    return (page.record(theme, ground), *shifted(groups, page.top))


def packed(image: QImage, spec: PictureSpec) -> bytes:
    """Return the PNG file of a drawn picture, with what it is to carry."""
    if spec.dots_per_inch is not None:
        per_metre = round(spec.dots_per_inch / 0.0254)
        image.setDotsPerMeterX(per_metre)
        image.setDotsPerMeterY(per_metre)
    words = {"Software": CREATOR} | ({"Title": spec.title} if spec.title else {})
    return png_with(png_bytes(image), spec.experiment, words)


def _page(widget: QWidget, spec: PictureSpec) -> tuple[Page, QSize | None, float]:
    """Return the page, the size that the view is to have on it (None: its present one), the scale.

    The page is larger and the scale smaller than asked for where the view would be cut off.
    """
    words = spec.title, spec.caption
    if spec.size is None:
        width, height = shown_size(widget)
        return Page(width, height + Page(width, height, *words).room, *words), None, spec.scale
    page, scale = Page(*spec.size, *words), spec.scale
    if isinstance(widget, NeedsRoom):
        least = widget.least_room()
        shrink = min(1.0, page.width / least.width(), page.view_height / least.height())
        wide = ceil(page.width / max(shrink, MIN_SCALE / scale))
        scale *= page.width / wide
        page = Page(wide, round(page.height * spec.scale / scale), *words)
    return page, QSize(round(page.width), page.view_height), scale


def _paper(pixels: QSize, scale: float, ground: QColor | None) -> QImage:
    kind = QImage.Format.Format_RGB32 if ground is not None else QImage.Format.Format_ARGB32
    image = QImage(pixels, kind)
    if image.isNull():
        raise MemoryError("there is not enough memory for a picture of this size")
    image.setDevicePixelRatio(scale)
    image.fill(ground if ground is not None else Qt.GlobalColor.transparent)
    return image


def _grounds(theme: Theme) -> tuple[QColor, ...]:
    return theme.panel, theme.paper, theme.chrome


def png_bytes(image: QImage) -> bytes:
    """Encode a picture as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("the picture could not be encoded as PNG")
    return bytes(data.data())


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return a picture as (height, width, 3) red, green, blue."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return np.array(rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3))
