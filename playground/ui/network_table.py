"""View ▸ Network as table: every weight, gradient and state as a tree, to read and to edit."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeView, QVBoxLayout, QWidget

from playground.core.snapshot import Snapshot
from playground.ui.controls.base import Label, Themed, apply_theme_below
from playground.ui.network_model import Column, NetworkModel
from playground.ui.theme import Theme, scaled

REFRESH_MS = 250
HINT = "Double-click a value, or press F2, to change it."


class NetworkTable(QDialog, Themed):
    """A window of its own that follows training four times a second.

    Signals
    -------
    parameters_edited(object) : a `ParameterEdit`.
    """

    parameters_edited = Signal(object)

    def __init__(self, snapshot: Snapshot, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Network as table")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = NetworkModel(snapshot, self)
        self.tree = QTreeView()
        self.tree.setModel(self.model)
        self.tree.setAccessibleName("Layers, neurons, weights and biases")
        self.tree.setUniformRowHeights(True)
        self.tree.setAlternatingRowColors(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setEditTriggers(
            QTreeView.EditTrigger.DoubleClicked
            | QTreeView.EditTrigger.EditKeyPressed
            | QTreeView.EditTrigger.AnyKeyPressed
        )
        self.hint = Label(HINT, ink="ink3")
        self.hint.setAccessibleName("Message")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.tree)
        layout.addWidget(self.hint)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self._on_refresh_due)
        self.model.parameters_edited.connect(self.parameters_edited)
        self.model.parameters_edited.connect(self._on_parameters_edited)
        self.model.refused.connect(self.hint.setText)
        self.model.modelReset.connect(self._expand_layers)
        self.apply_theme(theme)
        self._expand_layers()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Take newer numbers; they are painted within REFRESH_MS."""
        self.model.show_snapshot(snapshot)
        if not self._refresh.isActive():
            self._refresh.start()

    def apply_theme(self, theme: Theme) -> None:
        """Colour the words; the tree follows the palette."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)
        self.rescale()

    def rescale(self) -> None:
        """Set sizes that belong to text."""
        header = self.tree.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in zip(Column, (220, 90, 90, 90, 150), strict=True):
            header.resizeSection(column, scaled(width))
        self.resize(scaled(700), scaled(520))

    def _expand_layers(self) -> None:
        for row in range(self.model.rowCount()):
            self.tree.expand(self.model.index(row, 0, QModelIndex()))

    def _on_parameters_edited(self) -> None:
        self.hint.setText(HINT)

    def _on_refresh_due(self) -> None:
        # Only what is in view is read again; one cell is told to assistive technology.
        self.tree.viewport().update()
        current = self.tree.currentIndex()
        if current.isValid():
            self.model.dataChanged.emit(current, current)
