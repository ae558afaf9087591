"""The zones of the window: run bar, panels, canvas and foot, arranged by the room there is."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from playground.ui.bottom_area import BottomArea
from playground.ui.controls.base import Themed
from playground.ui.run_bar import RunBar
from playground.ui.side_zone import SideZone
from playground.ui.theme import (
    LEFT_W,
    MENU_BAR_H,
    MINIMUM_H,
    MINIMUM_W,
    NARROW_BELOW_W,
    RIGHT_W,
    RIGHT_W_NARROW,
    SCROLL_BAR_W,
    STRIP_BELOW_W,
    STRIP_W,
    Theme,
    scaled,
    text_scale,
)

FIRST_SIZE = QSize(1440, 900)
MAX_RIGHT_W = 560
LEAST_CANVAS_W = 320
LEAST_OPEN_H = 500
"""The least height with the dock open in units of text: more than MINIMUM_H where text is large."""


class Zones(QWidget, Themed):
    """Run bar over left, canvas and right over the foot, with breakpoints by the width.

    All widths are those of unscaled text: with larger text the window counts as narrower.

    Attributes
    ----------
    splitter : between left, canvas and right.
    """

    def __init__(
        self, run_bar: RunBar, side: SideZone, canvas: QWidget, right: QWidget, bottom: BottomArea
    ) -> None:
        super().__init__()
        self.resize(FIRST_SIZE)  # or it would be arranged for a narrow window and again
        self.run_bar, self.side, self.right, self.bottom = run_bar, side, right, bottom
        self._width_class, self._scale = -1, text_scale()
        self._wished: tuple[str, QByteArray] | None = None
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for index, zone in enumerate((side, canvas, right)):
            self.splitter.addWidget(zone)
            self.splitter.setStretchFactor(index, int(zone is canvas))
        self._canvas = canvas
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column = column
        bottom.open_changed.connect(self._set_least_height)
        column.addWidget(run_bar)
        column.addWidget(self.splitter, 1)
        column.addWidget(bottom)
        self.rescale()

    def insert_below_run_bar(self, widget: QWidget) -> None:
        """Give a widget a row of its own under the run bar."""
        self._column.insertWidget(1, widget)

    def rescale(self) -> None:
        """Set the smallest size, below which the window scrolls, and arrange for it."""
        # Beside a dock whose text is too tall for the window stands a scroll bar.
        narrowest = MINIMUM_W - (SCROLL_BAR_W if text_scale() > 1 else 0)
        canvas = max(LEAST_CANVAS_W, self._canvas.minimumSizeHint().width())
        self._canvas.setMinimumWidth(canvas)
        left_over = narrowest - scaled(STRIP_W) - canvas
        least_right = max(RIGHT_W_NARROW, min(scaled(RIGHT_W_NARROW), left_over))
        zones = scaled(STRIP_W) + canvas + least_right
        self.setMinimumWidth(max(narrowest, zones, self.run_bar.least_width))
        self._set_least_height()
        self.right.setMinimumWidth(least_right - 1)
        self.right.setMaximumWidth(scaled(MAX_RIGHT_W))
        if self._scale != text_scale():  # another theme leaves the widths as they are
            self._scale, self._width_class = text_scale(), -1
        self._arrange()

    @property
    def arrangement(self) -> str:
        """Which arrangement is in force, at which size of text: its widths suit no other."""
        return f"{self._width_class} at {self._scale:g}"

    def restore_widths(self, arrangement: str, widths: QByteArray) -> None:
        """Take up widths of the splitter as soon as the arrangement they were saved in is shown."""
        self._wished = arrangement, widths
        self._restore_widths()

    def _restore_widths(self) -> None:
        # Before it is shown it has not the width of the window yet.
        if self._wished is not None and self.isVisible() and self._wished[0] == self.arrangement:
            self.splitter.restoreState(self._wished[1])
            self._wished = None

    def _set_least_height(self) -> None:
        open_h = scaled(LEAST_OPEN_H) if self.bottom.is_open else 0
        self.setMinimumHeight(max(MINIMUM_H, open_h) - scaled(MENU_BAR_H))

    def apply_theme(self, theme: Theme) -> None:
        """Take up theme and size of text."""
        for part in (self.run_bar, self.side, self.bottom):
            part.apply_theme(theme)
        super().apply_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange for the new size."""
        super().resizeEvent(event)
        self.bottom.fit()
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Take up the widths of the last time."""
        super().showEvent(event)
        self._restore_widths()

    def _arrange(self) -> None:
        self.run_bar.fit(self.width())
        room = self.width() / text_scale()
        width_class = (room >= NARROW_BELOW_W) + (room >= STRIP_BELOW_W)
        if width_class == self._width_class:
            return
        self._width_class = width_class
        self.side.set_narrow(room < STRIP_BELOW_W, self)
        left = scaled(STRIP_W if room < STRIP_BELOW_W else LEFT_W)
        right = scaled(RIGHT_W_NARROW if room < NARROW_BELOW_W else RIGHT_W)
        self.splitter.setSizes([left - 1, self.width() - left - right, right - 1])
        self._restore_widths()


def scrolling(zones: Zones) -> QScrollArea:
    """Return an area around the zones that scrolls when the window is smaller than they are."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.resize(zones.size())  # else the zones would take up its own, and be arranged for that
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(zones)
    bar = area.verticalScrollBar()
    # The dock is opened to be seen.
    bar.rangeChanged.connect(lambda _, most: bar.setValue(most if zones.bottom.is_open else 0))
    return area
