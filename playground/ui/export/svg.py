"""Writes recorded marks as SVG 1.1: plain strokes and fills, real text, fonts inside.

Everything is in pixels and no transform scales a stroke, so that every reader draws the same. The
fonts are cut down to the characters in use; readers that ignore fonts in a file (librsvg) find
the installed family, or a usual one, by its name.
"""

from __future__ import annotations

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGradient,
    QImage,
    QImageWriter,
    QLinearGradient,
    QPainterPath,
    QPen,
)

from playground.core.export.font_subset import bundled_woff
from playground.core.export.metadata import svg_metadata, writable
from playground.ui.export.recording import Group, Mark, Pixels, Shape, Words
from playground.ui.theme import MATH_FAMILY, SANS_FAMILY

FINE = 2.0
"""Pixels per pixel that heat maps are enlarged to, so that every reader smooths them alike."""
_FALLBACKS = {
    SANS_FAMILY: f"{SANS_FAMILY}, 'Helvetica Neue', Arial, sans-serif",
    MATH_FAMILY: f"'{MATH_FAMILY}', {SANS_FAMILY}, 'Times New Roman', serif",
}
_CAPS = {
    Qt.PenCapStyle.FlatCap: "butt",
    Qt.PenCapStyle.SquareCap: "square",
    Qt.PenCapStyle.RoundCap: "round",
}
_JOINS = {
    Qt.PenJoinStyle.MiterJoin: "miter",
    Qt.PenJoinStyle.SvgMiterJoin: "miter",
    Qt.PenJoinStyle.BevelJoin: "bevel",
    Qt.PenJoinStyle.RoundJoin: "round",
}
_WEIGHT_NAMES = {400: "Regular", 500: "Medium", 600: "SemiBold", 700: "Bold"}


def write_svg(
    groups: Iterable[Group],
    width: float,
    height: float,
    title: str = "",
    experiment: bytes | None = None,
    shown: tuple[float, float] | None = None,
) -> str:
    """Return an SVG document of the groups, back to front, in the size of `shown` if given.

    `experiment` is put into its metadata, from where `find_experiment` reads it.
    """
    writer = _Writer()
    for group in groups:
        writer.add(group)
    across, down = shown or (width, height)
    size = f'width="{_n(across)}" height="{_n(down)}"'
    size += f' viewBox="0 0 {_n(width)} {_n(height)}"'
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'version="1.1" {size}>\n',
    ]
    if title:
        parts.append(f"<title>{escape(writable(title))}</title>\n")
    if experiment is not None:
        parts.append(svg_metadata(experiment))
    parts.append(f"<style>{writer.font_faces()}</style>\n")
    parts.append("<defs>" + "".join(writer.definitions) + "</defs>\n")
    parts.extend(writer.body)
    parts.append("</svg>\n")
    return "".join(parts)


def png_data(image: QImage) -> bytes:
    """Return a picture as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise OSError("a part of the picture could not be encoded")
    return bytes(data.data())


def enlarged(mark: Pixels) -> QImage:
    """Return a smooth picture at FINE times its size on the page; others as they are."""
    wanted = (round(mark.target.width() * FINE), round(mark.target.height() * FINE))
    if not mark.smooth or wanted[0] <= mark.image.width() or wanted[1] <= mark.image.height():
        return mark.image
    return mark.image.scaled(
        *wanted,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


class _Writer:
    """Collects the document's body, its definitions and the characters of each font."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.definitions: list[str] = []
        self._known: dict[str, str] = {}
        self._characters: dict[tuple[str, int, bool], set[str]] = defaultdict(set)

    def add(self, group: Group) -> None:
        """Write what one widget painted."""
        corner = group.clip.translated(-group.x, -group.y)
        clip = QPainterPath()
        clip.addRect(corner)
        move = f' transform="translate({_n(group.x)} {_n(group.y)})"' if group.x or group.y else ""
        self.body.append(f"<g{move}{self._clip(clip)}>\n")
        for mark in group.marks:
            self._add_mark(mark)
        self.body.append("</g>\n")

    def _add_mark(self, mark: Mark) -> None:
        extra = f' opacity="{_n(mark.opacity)}"' if mark.opacity < 1 else ""
        if isinstance(mark, Words):
            element = self._words(mark, extra)
        elif isinstance(mark, Pixels):
            element = self._pixels(mark, extra)
        else:
            element = self._shape(mark, extra)
        if mark.clip is not None:
            # On a group: a clip on the element itself would move with its transform.
            element = f"<g{self._clip(mark.clip)}>{element}</g>"
        self.body.append(element + "\n")

    def _define(self, kind: str, content: str, attributes: str = "") -> str:
        """Return the name of a definition, making it if it is new."""
        key = f"{kind} {attributes}>{content}"
        if key not in self._known:
            name = self._known[key] = f"{kind[0]}{len(self._known) + 1}"
            self.definitions.append(f'<{kind} id="{name}"{attributes}>{content}</{kind}>')
        return self._known[key]

    def _clip(self, path: QPainterPath) -> str:
        rule = "evenodd" if path.fillRule() == Qt.FillRule.OddEvenFill else "nonzero"
        inside = f'<path d="{_d(path)}" clip-rule="{rule}"/>'
        return f' clip-path="url(#{self._define("clipPath", inside)})"'

    def _shape(self, mark: Shape, extra: str) -> str:
        fill = self._fill(mark.brush) if mark.brush is not None else 'fill="none"'
        if mark.brush is not None and mark.path.fillRule() == Qt.FillRule.OddEvenFill:
            fill += ' fill-rule="evenodd"'
        stroke = " " + _stroke(mark.pen) if mark.pen is not None else ""
        return f'<path d="{_d(mark.path)}" {fill}{stroke}{extra}/>'

    def _fill(self, brush: QBrush) -> str:
        gradient = brush.gradient()
        if isinstance(gradient, QLinearGradient):
            return f'fill="url(#{self._gradient(gradient)})"'
        if brush.style() == Qt.BrushStyle.TexturePattern:
            return f'fill="url(#{self._pattern(brush)})"'
        return _colour("fill", brush.color())

    def _gradient(self, gradient: QLinearGradient) -> str:
        stops = "".join(
            f'<stop offset="{_n(at)}" {_colour("stop", colour, "stop-color")}/>'
            for at, colour in _stops(gradient)
        )
        start, end = gradient.start(), gradient.finalStop()
        place = f'x1="{_n(start.x())}" y1="{_n(start.y())}" x2="{_n(end.x())}" y2="{_n(end.y())}"'
        return self._define("linearGradient", stops, f' gradientUnits="userSpaceOnUse" {place}')

    def _pattern(self, brush: QBrush) -> str:
        image, t = brush.textureImage(), brush.transform()
        size = f'width="{image.width()}" height="{image.height()}"'
        matrix = " ".join(_n(v, 5) for v in (t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy()))
        inside = f'<image {size} xlink:href="{_uri(image)}"/>'
        more = f' patternUnits="userSpaceOnUse" {size} patternTransform="matrix({matrix})"'
        return self._define("pattern", inside, more)

    def _pixels(self, mark: Pixels, extra: str) -> str:
        target, smooth = mark.target, "" if mark.smooth else ' image-rendering="optimizeSpeed"'
        place = (
            f'x="{_n(target.x())}" y="{_n(target.y())}" '
            f'width="{_n(target.width())}" height="{_n(target.height())}"'
        )
        return (
            f'<image {place} preserveAspectRatio="none"{smooth}{extra} '
            f'xlink:href="{_uri(enlarged(mark))}"/>'
        )

    def _words(self, mark: Words, extra: str) -> str:
        if not mark.text.strip():
            return ""
        family, weight, italic = _face(mark.font)
        self._characters[family, weight, italic].update(mark.text)
        t = mark.transform
        if t.m11() == t.m22() == 1.0 and t.m12() == t.m21() == 0.0:
            place = f'x="{_n(mark.x + t.dx())}" y="{_n(mark.y + t.dy())}"'
        else:
            matrix = " ".join(
                _n(v, 5) for v in (t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy())
            )
            place = f'transform="matrix({matrix})" x="{_n(mark.x)}" y="{_n(mark.y)}"'
        style = f"font-family={quoteattr(_FALLBACKS.get(family, family))}"
        style += f' font-size="{_n(_pixel_size(mark.font))}"'
        style += f' font-weight="{weight}"' if weight != 400 else ""
        style += ' font-style="italic"' if italic else ""
        # Readers that know it keep the width, whatever font they have.
        fit = f'textLength="{_n(mark.width)}" lengthAdjust="spacingAndGlyphs"'
        ink = _colour("fill", mark.pen.color())
        return (
            f'<text {place} {style} {fit} {ink}{extra} xml:space="preserve">'
            f"{escape(writable(mark.text))}</text>"
        )

    def font_faces(self) -> str:
        """Return the rules that bring the fonts along."""
        everything = {c for characters in self._characters.values() for c in characters}
        rules = ["text{font-variant-numeric:tabular-nums;white-space:pre}"]
        for (family, weight, italic), characters in sorted(self._characters.items()):
            if family == SANS_FAMILY:
                name = f"Inter-{_WEIGHT_NAMES[weight]}"
                # The sans-serif also stands in for what the serif lacks.
                wanted = everything if weight == 400 else characters
            elif family == MATH_FAMILY:
                name, wanted = f"STIXTwoText-{'Italic' if italic else 'Regular'}", characters
            else:
                continue
            data = b64encode(bundled_woff(name, frozenset(wanted))).decode("ascii")
            rules.append(
                f"@font-face{{font-family:'{family}';font-weight:{weight};"
                f"font-style:{'italic' if italic else 'normal'};"
                f"src:url(data:font/woff;base64,{data}) format('woff')}}"
            )
        return "".join(rules)


def _face(font: QFont) -> tuple[str, int, bool]:
    family = font.families()[0] if font.families() else font.family()
    weight = min(_WEIGHT_NAMES, key=lambda known: abs(known - int(font.weight())))
    return family, weight, font.italic()


def _pixel_size(font: QFont) -> float:
    return float(font.pixelSize()) if font.pixelSize() > 0 else font.pointSizeF() * 96 / 72


def _stops(gradient: QGradient) -> list[tuple[float, QColor]]:
    return [(float(at), QColor(colour)) for at, colour in gradient.stops()]


def _colour(attribute: str, colour: QColor, name: str | None = None) -> str:
    text = f'{name or attribute}="{colour.name()}"'
    if colour.alpha() < 255:
        text += f' {attribute}-opacity="{_n(colour.alphaF(), 3)}"'
    return text


def _stroke(pen: QPen) -> str:
    text = _colour("stroke", pen.color()) + f' stroke-width="{_n(pen.widthF())}"'
    cap, join = _CAPS[pen.capStyle()], _JOINS[pen.joinStyle()]
    text += f' stroke-linecap="{cap}"' if cap != "butt" else ""
    text += f' stroke-linejoin="{join}"' if join != "miter" else ""
    if pen.style() != Qt.PenStyle.SolidLine:
        dashes = " ".join(_n(length * pen.widthF()) for length in pen.dashPattern())
        text += f' stroke-dasharray="{dashes}"'
        if pen.dashOffset():
            text += f' stroke-dashoffset="{_n(pen.dashOffset() * pen.widthF())}"'
    return text


def _uri(image: QImage) -> str:
    return "data:image/png;base64," + b64encode(png_data(image)).decode("ascii")


def _n(value: float, decimals: int = 2) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _d(path: QPainterPath) -> str:
    """Return the path's data; a sub-path that ends where it began is closed."""
    parts: list[str] = []
    k, count = 0, path.elementCount()
    start = (0.0, 0.0)
    kinds = QPainterPath.ElementType
    while k < count:
        element = path.elementAt(k)
        x, y, kind = element.x, element.y, element.type
        if kind == kinds.MoveToElement:
            parts.append(f"M{_n(x)} {_n(y)}")
            start = (x, y)
        elif kind == kinds.LineToElement:
            parts.append(f"L{_n(x)} {_n(y)}")
        else:
            b, c = path.elementAt(k + 1), path.elementAt(k + 2)
            parts.append(f"C{_n(x)} {_n(y)} {_n(b.x)} {_n(b.y)} {_n(c.x)} {_n(c.y)}")
            x, y = c.x, c.y
            k += 2
        k += 1
        last = k == count or path.elementAt(k).type == kinds.MoveToElement
        if last and parts and parts[-1][0] != "M" and (x, y) == start:
            parts.append("Z")
    return "".join(parts)
