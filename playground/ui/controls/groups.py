"""Controls with cells: the step group of the run bar and the segmented control."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, paint_box, set_font
from playground.ui.icons import draw_icon
from playground.ui.theme import (
    BODY_PX,
    CONTROL_H,
    RADIUS_BUTTON,
    RADIUS_FIELD,
    TITLE_PX,
    TOOLBAR_CONTROL_H,
    scaled,
    scaled_font,
)


class _Cell(KeepsKeys, QAbstractButton, Themed):
    """One cell of the step group."""

    def __init__(self, text: str, padding: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._padding = padding
        self.setText(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rescale()

    def rescale(self) -> None:
        """Set font and size."""
        set_font(self, TITLE_PX, 500)
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + 2 * self._padding
        self.setFixedSize(width, scaled(TOOLBAR_CONTROL_H) - 2)

    def paintEvent(self, event: object) -> None:
        """Draw the hover fill and the text."""
        painter = QPainter(self)
        theme = self.theme
        if self.isEnabled() and (self.isDown() or self.underMouse()):
            fill = theme.fill_press if self.isDown() else theme.fill_hover
            paint_box(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), RADIUS_BUTTON - 2, fill)
        painter.setFont(self.font())
        painter.setPen(theme.ink1 if self.isEnabled() else theme.ink4)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())


class StepGroup(QWidget, Themed):
    """One outlined box: a step mark, and one button per thing that can be stepped.

    Signals
    -------
    step_clicked(str) : the name of the cell.
    """

    step_clicked = Signal(str)

    def __init__(self, cells: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = layout = QHBoxLayout(self)
        layout.setSpacing(1)
        self.rescale()
        self.cells: dict[str, QAbstractButton] = {}
        for text, hint in cells:
            cell = _Cell(text, 10, self)
            cell.setToolTip(hint)
            cell.setAccessibleName(hint)
            cell.clicked.connect(self._on_cell_clicked)
            layout.addWidget(cell)
            self.cells[text] = cell

    def rescale(self) -> None:
        """Set the height and the room of the mark."""
        self.setFixedHeight(scaled(TOOLBAR_CONTROL_H))
        self._row.setContentsMargins(scaled(16) + 19, 1, 1, 1)

    def _on_cell_clicked(self) -> None:
        sender = self.sender()
        for text, cell in self.cells.items():
            if cell is sender:
                self.step_clicked.emit(text)

    def paintEvent(self, event: object) -> None:
        """Draw the box, the mark and the separators."""
        painter = QPainter(self)
        theme = self.theme
        enabled = self.isEnabled()
        outline = theme.line_strong if enabled else theme.line
        box_fill = theme.raised if enabled else theme.panel
        paint_box(painter, QRectF(self.rect()), RADIUS_BUTTON, box_fill, outline)
        tint = theme.ink2 if enabled else theme.ink4
        side = scaled(16)
        draw_icon(painter, "step", QRectF(10, (self.height() - side) / 2, side, side), tint)
        for cell in self.cells.values():
            painter.fillRect(QRectF(cell.x() - 1, 7, 1, self.height() - 14), theme.line)


class _Segment(KeepsKeys, QAbstractButton, Themed):
    """One cell of a segmented control."""

    def __init__(self, text: str, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._box_height = height
        self.setText(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(text)
        self.rescale()

    def rescale(self) -> None:
        """Set font and size."""
        set_font(self, BODY_PX, 500)
        bold = QFontMetrics(scaled_font(BODY_PX, 600))
        width = bold.horizontalAdvance(self.text()) + 24
        self.setFixedSize(width, scaled(self._box_height + 2) - 2)

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.size()

    def paintEvent(self, event: object) -> None:
        """Draw the raised cell when chosen, and the text."""
        painter = QPainter(self)
        theme = self.theme
        on = self.isChecked()
        if on:
            outline = None if theme.is_dark else theme.line_strong
            paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, theme.segment, outline)
        painter.setFont(scaled_font(BODY_PX, 600 if on else 500))
        strong = on or (self.underMouse() and self.isEnabled())
        ink = theme.ink1 if strong else theme.ink2
        painter.setPen(ink if self.isEnabled() else theme.ink4)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.text())


class SegmentedControl(QWidget, Themed):
    """Exclusive choice between a few words; arrow keys move it.

    Signals
    -------
    chosen(int) : the index of the newly chosen cell, by a person.
    """

    focus_radius = RADIUS_FIELD + 1
    chosen = Signal(int)

    def __init__(self, texts: Sequence[str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rescale()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        self._group = QButtonGroup(self)
        for index, text in enumerate(texts):
            segment = _Segment(text, CONTROL_H - 2, self)
            segment.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            segment.installEventFilter(self)
            self._group.addButton(segment, index)
            layout.addWidget(segment)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(self.chosen)

    def rescale(self) -> None:
        """Set the height."""
        self.setFixedHeight(scaled(CONTROL_H))

    @property
    def index(self) -> int:
        """The chosen cell."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Choose a cell without a signal."""
        self._group.button(index).setChecked(True)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Move the choice with the arrow keys."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
            if step:
                count = len(self._group.buttons())
                button = self._group.button((self.index + step) % count)
                button.setFocus(Qt.FocusReason.TabFocusReason)
                button.click()
                return True
        return False

    def paintEvent(self, event: object) -> None:
        """Draw the base."""
        painter = QPainter(self)
        paint_box(painter, QRectF(self.rect()), RADIUS_FIELD + 1, self.theme.fill)
