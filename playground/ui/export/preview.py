"""The picture as it will be, small; it can be dragged out into a slide."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QMimeData, QPoint, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.files.disk import reason_of
from playground.ui.controls.base import Themed
from playground.ui.theme import BODY_PX, CAPTION_PX, RADIUS_CARD, scaled_font

FOOT = 26
DRAGGED_W = 160


class Preview(QWidget, Themed):
    """Shows a picture and gives it to whom it is dropped on: as an image and as a PNG file.

    The file is made when a button is pressed here; the drag begins when it is there.

    Attributes
    ----------
    image : what is shown; None shows nothing.
    can_be_dragged : whether the picture can be dragged out.
    note : a line below the picture.

    Signals
    -------
    drag_wanted() : the full picture is to be offered.
    drag_failed(str) : why nothing could be dragged, in words.
    """

    drag_wanted = Signal()
    drag_failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.can_be_dragged = False
        self.note = ""
        self._offered: tuple[QImage, bytes, str] | None = None
        self._pressed: QPoint | None = None
        self._is_pulled = False
        self._folder: TemporaryDirectory[str] | None = None
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Preview; drag it out to use the picture elsewhere")

    def show_picture(self, image: QImage | None, note: str, can_be_dragged: bool = False) -> None:
        """Show another picture."""
        self.image, self.note, self.can_be_dragged = image, note, can_be_dragged
        self._offered = None
        hand, arrow = Qt.CursorShape.OpenHandCursor, Qt.CursorShape.ArrowCursor
        self.setCursor(hand if can_be_dragged else arrow)
        self.update()

    def offer(self, image: QImage, png: bytes, name: str) -> None:
        """Take the full picture, its file and the file's name; a drag that waits begins."""
        self._offered = image, png, name
        if self._pressed is not None and self._is_pulled:
            self._begin_drag()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(440, 330)

    def mime_data(self) -> QMimeData | None:
        """Return what is dragged: the image, and a file with all its metadata.

        Raises
        ------
        OSError
            If the file cannot be written.
        """
        if self._offered is None:
            return None
        image, png, name = self._offered
        self.forget()
        self._folder = TemporaryDirectory(prefix="tinyml-drag-")
        path = Path(self._folder.name) / name
        path.write_bytes(png)
        data = QMimeData()
        data.setImageData(image)
        data.setData("image/png", png)
        data.setUrls([QUrl.fromLocalFile(str(path))])
        return data

    def forget(self) -> None:
        """Remove the file that was dragged last: who took it may read it until then."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a drag may begin, and ask for what will be dragged."""
        if event.button() == Qt.MouseButton.LeftButton and self.can_be_dragged:
            self._pressed, self._is_pulled, self._offered = event.position().toPoint(), False, None
            self.drag_wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Drag nothing."""
        self._pressed = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag when the pointer went far enough and the file is there."""
        if self._pressed is None:
            return
        way = event.position().toPoint() - self._pressed
        self._is_pulled |= way.manhattanLength() >= QApplication.startDragDistance()
        if self._is_pulled and self._offered is not None:
            self._begin_drag()

    def _begin_drag(self) -> None:
        self._pressed = None
        try:
            data = self.mime_data()
        except OSError as error:
            reason = reason_of(error)
            self.drag_failed.emit(f"Nothing to drag: the folder for temporary files: {reason}")
            return
        if data is None or self.image is None:
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        small = self.image.scaledToWidth(DRAGGED_W, Qt.TransformationMode.SmoothTransformation)
        small.setDevicePixelRatio(1.0)
        drag.setPixmap(QPixmap.fromImage(small))
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture on a chequered ground that shows what is transparent."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        theme = self.theme
        area = QRectF(0.5, 0.5, self.width() - 1, self.height() - FOOT - 1)
        painter.setPen(QPen(theme.line, 1.0))
        painter.setBrush(theme.fill)
        painter.drawRoundedRect(area, RADIUS_CARD, RADIUS_CARD)
        if self.image is not None:
            room = area.adjusted(10, 10, -10, -10)
            size = self.image.size().scaled(
                room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio
            )
            target = QRectF(0, 0, size.width(), size.height())
            target.moveCenter(room.center())
            if self.image.hasAlphaChannel():
                _paint_chequers(painter, target, self)
            ratio = self.devicePixelRatioF()
            small = self.image.scaled(
                target.size().toSize() * ratio,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            painter.drawImage(target, small, QRectF(small.rect()))
        painter.setFont(scaled_font(CAPTION_PX))
        painter.setPen(theme.ink3)
        foot = QRectF(0, self.height() - FOOT, self.width(), FOOT)
        if self.image is None:
            painter.setFont(scaled_font(BODY_PX))
            foot = area
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self.note)


def _paint_chequers(painter: QPainter, area: QRectF, view: Preview) -> None:
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, view.theme.raised)
    for row in range(int(area.height() // 10) + 1):
        for column in range(row % 2, int(area.width() // 10) + 1, 2):
            cell = QRectF(area.left() + 10 * column, area.top() + 10 * row, 10, 10)
            painter.fillRect(cell, view.theme.fill_hover)
    painter.restore()
