"""The left side of the export dialog: one form whose rows depend on what is exported."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from playground.core.export.animation import MAX_FRAMES
from playground.core.export.code import TARGETS
from playground.core.export.tables import TABLES
from playground.ui.controls.base import Label
from playground.ui.controls.buttons import CheckBox
from playground.ui.controls.combo import TextCombo
from playground.ui.controls.number_field import NumberField
from playground.ui.picture import MAX_SIDE

CM_PER_INCH = 2.54


class Kind(StrEnum):
    """What is exported."""

    PICTURE = "Picture"
    ANIMATION = "Animation"
    TABLE = "Table"
    CODE = "Code"
    PAGE = "Web page"


FORMATS = {
    Kind.PICTURE: ("PNG", "SVG", "PDF"),
    Kind.ANIMATION: ("GIF", "WebP", "APNG", "MP4"),
    Kind.TABLE: ("CSV",),
    Kind.CODE: ("py",),
    Kind.PAGE: ("HTML",),
}
SIZES = ("As in the window", "Pixels", "Centimetres")
_ROWS = {
    Kind.PICTURE: "view format size scale wide high dpi title light clear legend caption carry",
    Kind.ANIMATION: "view format wide high epochs frames seconds title light legend caption carry",
    Kind.TABLE: "table",
    Kind.CODE: "target epochs",
    Kind.PAGE: "epochs frames",
}
_TARGET_WORDS = {"numpy": "Plain numpy", "pytorch": "PyTorch"}


class ExportOptions(QWidget):
    """The form.

    Signals
    -------
    changed() : a person changed something.
    """

    changed = Signal()

    def __init__(self, views: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Kind.PICTURE
        self._views = list(views)
        self.view = TextCombo("View", [view.capitalize() for view in views])
        self.format = TextCombo("Format", FORMATS[Kind.PICTURE])
        self.size_kind = TextCombo("Size", SIZES)
        self.table = TextCombo("Table", [name.capitalize() for name in TABLES])
        self.target = TextCombo("Library", [_TARGET_WORDS.get(t, t) for t in TARGETS])
        self.scale = self._field("Scale", 1, 4, 2, decimals=0)
        self.wide = self._field("Width", 1, MAX_SIDE, 1000)
        self.high = self._field("Height", 1, MAX_SIDE, 600)
        self.dpi = self._field("Dots per inch", 36, 1200, 300)
        self.epochs = self._field("Epochs", 1, 1_000_000, 200, integer=True)
        self.frames = self._field("Frames", 2, MAX_FRAMES, 60, integer=True)
        self.seconds = self._field("Seconds", 0.1, 600, 6)
        self.title = QLineEdit()
        self.title.setAccessibleName("Title")
        self.title.setPlaceholderText("none")
        self.title.textEdited.connect(self._on_changed)
        self.light = self._check("Light, for slides", True)
        self.clear = self._check("Transparent ground", False)
        self.legend = self._check("Legend of the network", True)
        self.caption = self._check("Settings as caption", False)
        self.carry = self._check("Carry the experiment", True)
        self.carry.setToolTip("Dropped on the window, the file opens the run that it shows.")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(7)
        self._grid.setColumnMinimumWidth(0, 92)
        self._labels: dict[str, Label] = {}
        for row, (name, (text, control)) in enumerate(self._all_rows().items()):
            if text:
                label = self._labels[name] = Label(text)
                self._grid.addWidget(label, row, 0)
                self._grid.addWidget(control, row, 1)
            else:
                self._grid.addWidget(control, row, 0, 1, 2)
        self._grid.setRowStretch(self._grid.rowCount(), 1)
        for combo in (self.view, self.format, self.size_kind, self.table, self.target):
            combo.index_chosen.connect(self._on_changed)
        self.show_kind(Kind.PICTURE)

    def _all_rows(self) -> dict[str, tuple[str, QWidget]]:
        return {
            "view": ("View", self.view),
            "format": ("Format", self.format),
            "table": ("Table", self.table),
            "target": ("Library", self.target),
            "size": ("Size", self.size_kind),
            "scale": ("Scale", self.scale),
            "wide": ("Width", self.wide),
            "high": ("Height", self.high),
            "dpi": ("Dots per inch", self.dpi),
            "epochs": ("Epochs", self.epochs),
            "frames": ("Frames", self.frames),
            "seconds": ("Seconds", self.seconds),
            "title": ("Title", self.title),
            "light": ("", self.light),
            "clear": ("", self.clear),
            "legend": ("", self.legend),
            "caption": ("", self.caption),
            "carry": ("", self.carry),
        }

    def _field(
        self,
        name: str,
        low: float,
        high: float,
        value: float,
        *,
        integer: bool = False,
        decimals: int = 0,
    ) -> NumberField:
        field = NumberField(name, low, high, integer=integer, decimals=decimals)
        field.set_value(value)
        field.value_edited.connect(self._on_changed)
        return field

    def _check(self, text: str, on: bool) -> CheckBox:
        box = CheckBox(text)
        box.setChecked(on)
        box.toggled.connect(self._on_changed)
        return box

    def _on_changed(self) -> None:
        self._show_rows()
        self.changed.emit()

    def show_kind(self, kind: Kind) -> None:
        """Show the rows of another kind of export."""
        if kind is not self.kind:
            self.kind = kind
            self.format.set_texts(FORMATS[kind])
        self._show_rows()

    def show_view(self, view: str) -> None:
        """Choose a view."""
        self.view.setCurrentIndex(self._views.index(view))
        self._show_rows()

    def _show_rows(self) -> None:
        shown = set(_ROWS[self.kind].split())
        if self.kind is Kind.PICTURE:
            free = SIZES[self.size_kind.currentIndex()]
            shown -= {"wide", "high", "dpi", "scale"}
            shown |= {
                "As in the window": {"scale"},
                "Pixels": {"wide", "high", "scale"},
                "Centimetres": {"wide", "high", "dpi"},
            }[free]
        if self.chosen_view not in ("network", "window"):
            shown.discard("legend")
        for name, (_, control) in self._all_rows().items():
            control.setVisible(name in shown)
            if name in self._labels:
                self._labels[name].setVisible(name in shown)

    @property
    def chosen_view(self) -> str:
        """The view that is drawn."""
        return self._views[max(0, self.view.currentIndex())]

    @property
    def ending(self) -> str:
        """The ending of the file."""
        return "." + FORMATS[self.kind][max(0, self.format.currentIndex())].lower()

    @property
    def frame_size(self) -> tuple[int, int]:
        """The pixels of an animation's frame."""
        return round(self.wide.value), round(self.high.value)

    @property
    def page_size(self) -> tuple[tuple[float, float] | None, float, float | None]:
        """The logical size (None: as in the window), the scale and the dots per inch.

        Of pixels that are typed, size times scale are exactly those.
        """
        kind, scale = SIZES[self.size_kind.currentIndex()], self.scale.value
        if self.kind is Kind.ANIMATION:
            return self.frame_size, 1.0, None
        if kind == "As in the window":
            return None, scale, None
        wide, high = self.wide.value, self.high.value
        if kind == "Centimetres":
            scale = self.dpi.value / 96
            wide, high = (side / CM_PER_INCH * 96 for side in (wide, high))
            return (round(wide), round(high)), scale, self.dpi.value
        return (round(wide) / scale, round(high) / scale), scale, None
