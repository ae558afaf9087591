"""The part of the left panel for drawing: the class, the tool, and how wide it works."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from playground.ui.controls.base import KeepsKeys, Label, Themed, paint_box
from playground.ui.controls.buttons import Button
from playground.ui.controls.rows import SliderRow
from playground.ui.controls.slider import linear_scale
from playground.ui.drawing_tool import ROUND_MODES, DrawMode
from playground.ui.icons import draw_icon
from playground.ui.sample_marks import SYMBOL_BOX, class_colours, halo_pen, paint_mark
from playground.ui.theme import CAPTION_PX, RADIUS_FIELD, scaled

CELL = 32
MODES: dict[DrawMode, tuple[str, str]] = {
    DrawMode.PUT: ("Put", "Click to put one point"),
    DrawMode.BRUSH: ("Brush", "Drag to spray points"),
    DrawMode.JITTER: ("Jitter", "Drag over points to scatter them"),
    DrawMode.MAGNET: ("Magnet", "Left pulls points, right pushes them"),
    DrawMode.SELECT: ("Select and move", "Drag a frame, then the points; right click deletes"),
    DrawMode.ERASE: ("Erase", "Drag to take points away"),
}
N_CLASSES = 5


class _Cell(KeepsKeys, QAbstractButton, Themed):
    """A square that can be chosen: a class's symbol or a tool's icon."""

    focus_radius = RADIUS_FIELD

    def __init__(self, name: str, hint: str, icon: str = "", shape: int = 0) -> None:
        super().__init__()
        self._icon, self._shape = icon, shape
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(hint)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.rescale()

    def rescale(self) -> None:
        """Set the size."""
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return the square."""
        return QSize(scaled(CELL), scaled(CELL - 4))

    def paintEvent(self, event: object) -> None:
        """Draw the box when chosen or hovered, and what is in it."""
        painter = QPainter(self)
        theme = self.theme
        box = QRectF(self.rect())
        if self.isChecked():
            paint_box(painter, box, RADIUS_FIELD, theme.segment, theme.ink1, 1.5)
        elif self.underMouse() and self.isEnabled():
            paint_box(painter, box, RADIUS_FIELD, theme.fill_hover)
        if self._icon:
            side = scaled(16)
            place = QRectF((box.width() - side) / 2, (box.height() - side) / 2, side, side)
            draw_icon(painter, self._icon, place, theme.ink1 if self.isChecked() else theme.ink2)
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = halo_pen(theme.panel)
            colour = class_colours(theme)[self._shape]
            centre = QPointF(box.center())
            paint_mark(painter, centre, colour, pen, self._shape, scaled(SYMBOL_BOX * 2))


class DrawPanel(QWidget, Themed):
    """Five classes, six tools, the circle's size, and a button that clears.

    Signals
    -------
    class_chosen(int) : the number of the class that is drawn.
    mode_chosen(object) : the `DrawMode`.
    radius_edited(float) : the radius of the circle that tools work in, in units of the map.
    clear_clicked() : all points shall go.
    """

    class_chosen = Signal(int)
    mode_chosen = Signal(object)
    radius_edited = Signal(float)
    clear_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes = [
            _Cell(f"Class {k + 1}", f"Draw class {k + 1}", shape=k) for k in range(N_CLASSES)
        ]
        self.modes = {
            mode: _Cell(name, f"{name}: {hint}", f"tool-{mode}")
            for mode, (name, hint) in MODES.items()
        }
        self.radius = SliderRow(
            "Size", linear_scale(0.2, 3.0, 0.1), 0.1, 6.0, decimals=1, hint="The tool's circle"
        )
        self.radius.show_value(0.8)
        self.hint = Label("", CAPTION_PX, ink="ink3")
        self.clear = Button("Clear")
        self.clear.setToolTip("Take all points away")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        self._groups: list[QButtonGroup] = []
        self._add_row(layout, self.classes, self.clear)
        self._add_row(layout, list(self.modes.values()), None)
        layout.addWidget(self.hint)
        layout.addWidget(self.radius)
        self.classes[0].setChecked(True)
        self.modes[DrawMode.PUT].setChecked(True)
        self._groups[0].idClicked.connect(self.class_chosen)
        self._groups[1].idClicked.connect(self._on_mode_clicked)
        self.radius.value_edited.connect(self.radius_edited)
        self.clear.clicked.connect(self.clear_clicked)
        self._show_mode(DrawMode.PUT)

    def _add_row(self, layout: QVBoxLayout, cells: list[_Cell], last: QWidget | None) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        for index, cell in enumerate(cells):
            group.addButton(cell, index)
            row.addWidget(cell)
        row.addStretch(1)
        if last is not None:
            row.addWidget(last)
        layout.addLayout(row)
        self._groups.append(group)

    def show_curve(self, is_curve: bool) -> None:
        """Offer classes, or none where points are samples of a curve."""
        for cell in self.classes[1:]:
            cell.setVisible(not is_curve)
        if is_curve:
            self.classes[0].click()

    def _on_mode_clicked(self, index: int) -> None:
        mode = tuple(self.modes)[index]
        self._show_mode(mode)
        self.mode_chosen.emit(mode)

    def _show_mode(self, mode: DrawMode) -> None:
        self.hint.setText(MODES[mode][1])
        self.radius.setEnabled(mode in ROUND_MODES)
