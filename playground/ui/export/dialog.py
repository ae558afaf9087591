"""The export dialog: what, which view, how large; a preview; copy, save. It blocks nothing."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.controls.base import Label, apply_theme_below
from playground.ui.controls.buttons import Button
from playground.ui.controls.groups import SegmentedControl
from playground.ui.export.options import ExportOptions, Kind
from playground.ui.export.preview import Preview
from playground.ui.plain_text import plain_tool_tip
from playground.ui.theme import BODY_PX, Theme

REFRESH_MS = 120
OPTIONS_W = 260
TRAINED_AGAIN = (Kind.ANIMATION, Kind.CODE, Kind.PAGE)


class ExportDialog(QDialog):
    """Asks what to export; the `Exporter` does it.

    Attributes
    ----------
    options, preview : the form and the picture beside it.

    Signals
    -------
    preview_wanted() : the preview should be drawn anew.
    copy_clicked(), save_clicked(), cancel_clicked() : the buttons.
    """

    preview_wanted = Signal()
    copy_clicked = Signal()
    save_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, views: list[str], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.kinds = SegmentedControl([kind.value for kind in Kind], "What to export")
        self.options = ExportOptions(views)
        self.options.setFixedWidth(OPTIONS_W)
        self.preview = Preview()
        self.status = Label("", BODY_PX, ink="ink3")
        self.past = Label("", BODY_PX, ink="ink3")
        self.past.setWordWrap(True)
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cancel = Button("Cancel", padding=12, height=30)
        self.copy = Button("Copy", "copy", padding=12, height=30)
        self.save = Button("Save…", padding=14, height=30)
        self.cancel.hide()
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(self.options)
        middle.addWidget(self.preview, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.status, 1)
        for button in (self.cancel, self.copy, self.save):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(16)
        top = QHBoxLayout()
        top.addWidget(self.kinds)
        top.addStretch(1)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addWidget(self.past)
        column.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.preview_wanted)
        self.kinds.chosen.connect(self._on_kind_chosen)
        self.options.changed.connect(self._timer.start)
        self.copy.clicked.connect(self.copy_clicked)
        self.save.clicked.connect(self.save_clicked)
        self.cancel.clicked.connect(self.cancel_clicked)
        self.apply_theme(theme)
        self.resize(860, 560)

    def apply_theme(self, theme: Theme) -> None:
        """Take a theme up."""
        apply_theme_below(self, theme)

    def show_kind(self, kind: Kind) -> None:
        """Show another kind of export."""
        self.kinds.set_index(tuple(Kind).index(kind))
        self.options.show_kind(kind)
        self.copy.setVisible(kind is Kind.PICTURE)
        self.past.setVisible(kind in TRAINED_AGAIN)
        self._timer.start()

    def refresh(self) -> None:
        """Have the preview drawn anew soon."""
        self._timer.start()

    def show_past(self, words: str) -> None:
        """Say whether training again gives what is shown."""
        if words != self.past.text():
            self.past.setText(words)

    def show_progress(self, words: str, running: bool) -> None:
        """Tell how far an export is; while it runs it can be cancelled."""
        self.status.setText(words)
        self.status.setToolTip(plain_tool_tip(words))
        self.cancel.setVisible(running)
        self.save.setEnabled(not running)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw the preview when the dialog is shown."""
        super().showEvent(event)
        self._timer.start()

    def done(self, result: int) -> None:
        """Close; nothing waits any more."""
        self._timer.stop()
        super().done(result)

    def _on_kind_chosen(self, index: int) -> None:
        self.show_kind(tuple(Kind)[index])
