"""The speed slider of the run bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Speed
from playground.ui.controls.base import Themed
from playground.ui.controls.slider import HEIGHT, ListScale, Slider
from playground.ui.theme import CAPTION_PX, RUN_BAR_H, scaled, scaled_font

SPEED_W, SPEED_W_NARROW = 140, 104
SPEEDS = tuple(Speed)
SPEED_TEXTS = {
    Speed.OPS_1: ("1 op / s", "1 op / s"),
    Speed.OPS_10: ("10 ops / s", "10 ops / s"),
    Speed.OPS_100: ("100 ops / s", "100 ops / s"),
    Speed.BATCH_1: ("1 batch / frame", "1 batch"),
    Speed.EPOCH_1: ("1 epoch / frame", "1 / frame"),
    Speed.EPOCH_4: ("4 epochs / frame", "4 / frame"),
    Speed.EPOCH_16: ("16 epochs / frame", "16 / frame"),
    Speed.FULL: ("Full speed", "Full"),
}


class SpeedControl(QWidget, Themed):
    """The speed slider under its name and its present value in words.

    Signals
    -------
    speed_edited(object) : the `Speed` a person chose.
    """

    speed_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speed = Speed.FULL
        self.slider = Slider("Speed", ListScale(range(len(SPEEDS))), ticks=True, parent=self)
        self.slider.setToolTip("How fast the network trains")
        self.slider.value_edited.connect(self._on_value_edited)
        self.set_narrow(False)

    @property
    def speed(self) -> Speed:
        """The speed shown."""
        return self._speed

    def set_narrow(self, narrow: bool) -> None:
        """Use short words and less room."""
        self._narrow = narrow
        self.rescale()

    def rescale(self) -> None:
        """Set the size and place the slider."""
        width = scaled(SPEED_W_NARROW if self._narrow else SPEED_W)
        self.setFixedSize(width, scaled(RUN_BAR_H))
        self.slider.setGeometry(0, scaled(24 + HEIGHT / 2) - HEIGHT // 2, width, HEIGHT)

    def show_speed(self, speed: Speed) -> None:
        """Show a speed without a signal."""
        self._speed = speed
        self.slider.show_value(SPEEDS.index(speed))
        self.slider.setAccessibleDescription(SPEED_TEXTS[speed][0])
        self.update()

    def _on_value_edited(self, value: float) -> None:
        self.show_speed(SPEEDS[round(value)])
        self.speed_edited.emit(self._speed)

    def paintEvent(self, event: object) -> None:
        """Draw the name and the words."""
        painter = QPainter(self)
        line = QRectF(0, scaled(9), self.width(), scaled(16))
        painter.setFont(scaled_font(CAPTION_PX))
        painter.setPen(self.theme.ink3)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, "Speed")
        painter.setFont(scaled_font(CAPTION_PX, 500))
        painter.setPen(self.theme.ink2)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(line, right, SPEED_TEXTS[self._speed][self._narrow])
