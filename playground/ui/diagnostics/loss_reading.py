"""The loss plot's time cursor, and what it shows on demand."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtWidgets import QMenu, QWidget

from playground.core.focus import Focus
from playground.core.snapshot import Snapshot
from playground.ui.controls.buttons import Chip
from playground.ui.diagnostics.loss_extras import Extras, fit_name, values_at
from playground.ui.plot_chrome import PlotView


class LossReading(PlotView):
    """A plot over epochs whose values can be read; a subclass draws it.

    Attributes
    ----------
    extras : what is shown beside the losses.
    read_at : the epoch that values are read at, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._area = QRectF(0, 0, 100, 100)
        self._x_range = (0.0, 1.0)
        self.extras = Extras()
        self.read_at: float | None = None
        self._is_pinned = False
        self.extras_chip = Chip("Show", self)
        self.extras_chip.setToolTip("Show the penalty, the accuracy, or smoothed curves")
        self.extras_chip.clicked.connect(self._on_extras_clicked)
        self.setMouseTracking(True)

    @property
    def is_empty(self) -> bool:
        """Whether there is no curve yet."""
        return self._snapshot is None

    def redraw(self) -> None:
        """Draw again what lies over the plot."""
        self.update()

    @property
    def wanted(self) -> Focus:
        """The further series, where they are shown."""
        return Focus(series=self.extras.penalty or self.extras.fit)

    def set_extras(self, extras: Extras) -> None:
        """Show other things beside the losses."""
        self.extras = extras
        self.wanted_changed.emit()
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def make_extras_menu(self) -> QMenu:
        """Return the menu of what can be shown."""
        fit = "Accuracy" if self._snapshot is None else fit_name(self._snapshot)
        menu = QMenu(self)
        for name, text in (("penalty", "Penalty"), ("fit", fit), ("smooth", "Smoothed curves")):
            action = QAction(text, menu, checkable=True)
            action.setChecked(getattr(self.extras, name))
            action.setData(name)
            action.toggled.connect(self._on_extra_toggled)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_extras_clicked(self) -> None:
        chip = self.extras_chip
        self.make_extras_menu().popup(chip.mapToGlobal(QPoint(0, chip.height() + 2)))

    def _on_extra_toggled(self, shown: bool) -> None:
        sender = self.sender()
        assert isinstance(sender, QAction)
        self.set_extras(replace(self.extras, **{str(sender.data()): shown}))

    # The time cursor.

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read values under the pointer, unless the cursor was put elsewhere."""
        if not self._is_pinned:
            self._set_cursor(self._epoch_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the cursor here, or let it go again."""
        epoch = self._epoch_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or epoch is None:
            super().mousePressEvent(event)
            return
        self._is_pinned = not self._is_pinned
        self._set_cursor(epoch)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the cursor away, unless it was put somewhere."""
        if not self._is_pinned:
            self._set_cursor(None)
        super().leaveEvent(event)

    def _epoch_at(self, place: QPointF) -> float | None:
        if self.is_empty or not self._area.adjusted(-4, -4, 4, 4).contains(place):
            return None
        low, high = self._x_range
        share = (place.x() - self._area.left()) / self._area.width()
        return low + min(1.0, max(0.0, share)) * (high - low)

    def _set_cursor(self, epoch: float | None) -> None:
        if epoch != self.read_at:
            self.read_at = epoch
            self.redraw()

    @property
    def cursor_words(self) -> list[str]:
        """The values at the cursor, the epoch first; [] without a cursor."""
        if self.read_at is None or self._snapshot is None or self.is_empty:
            return []
        return values_at(self._snapshot, self.read_at, self.extras)
