"""Writes recorded marks as a PDF page: one point per pixel, fonts embedded."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from playground.core.export.metadata import xmp_packet
from playground.ui.export.recording import Group
from playground.ui.export.replay import replay

CREATOR = "tinyml playground"


def write_pdf(
    groups: Iterable[Group],
    width: float,
    height: float,
    title: str = "",
    experiment: bytes | None = None,
    shown: tuple[float, float] | None = None,
) -> bytes:
    """Return a PDF of one page with the groups, back to front, in the size of `shown` if given.

    `experiment` is put into its metadata, from where `find_experiment` reads it.

    Raises
    ------
    OSError
        When Qt cannot write the document.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(72)
    writer.setCreator(CREATOR)
    writer.setTitle(title)
    paper = QSizeF(*(shown or (width, height)))
    size = QPageSize(paper, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    layout = QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    layout.setMode(QPageLayout.Mode.FullPageMode)
    writer.setPageLayout(layout)
    writer.setDocumentXmpMetadata(QByteArray(xmp_packet(title, CREATOR, experiment)))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError("the PDF could not be written")
    # Pages wider than high would be turned; what was asked for is kept by the exact size.
    painter.scale(paper.width() / width, paper.height() / height)
    replay(groups, painter, fine=True)
    if not painter.end():
        raise OSError("the PDF could not be written")
    buffer.close()
    return bytes(data.data())
