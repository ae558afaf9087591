"""A window of its own for one view; it never blocks the main one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from playground.ui.plot_chrome import PlotView, ViewTask

FIRST_W = 760


class LargerWindow(QWidget):
    """Holds a view that is drawn with the others as long as it can be seen.

    Signals
    -------
    closed(object) : this window, which a person closed.
    state_changed() : it was minimised, or can be seen again.
    """

    closed = Signal(object)
    state_changed = Signal()

    def __init__(self, view: PlotView, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.view = view
        view.tasks = (ViewTask.COPY, ViewTask.SAVE)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        width, height = view.BASE_SIZE
        self.setMinimumSize(QSize(round(width), round(height)))
        self.resize(FIRST_W, round(FIRST_W * height / width))

    def changeEvent(self, event: QEvent) -> None:
        """Tell that the view may have come into sight or gone out of it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.state_changed.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the view is no longer needed."""
        self.closed.emit(self)
        super().closeEvent(event)
