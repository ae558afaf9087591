"""Rows of the left panel: a label, then a field, or a slider with its number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from playground.ui.controls.base import Label, Themed
from playground.ui.controls.number_field import NumberField
from playground.ui.controls.slider import Scale, Slider
from playground.ui.theme import FIELD_ROW_H, SLIDER_ROW_H, TITLE_PX, scaled

LABEL_W = 84
NUMBER_W = 44


class SliderRow(QWidget, Themed):
    """A label, a slider and the same number as an editable field.

    Signals
    -------
    value_edited(float) : a person moved the slider or typed another number.
    """

    value_edited = Signal(float)

    def __init__(
        self,
        name: str,
        scale: Scale,
        low: float,
        high: float,
        *,
        integer: bool = False,
        percent: bool = False,
        decimals: int = 0,
        height: int = SLIDER_ROW_H,
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._row_height = height
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.label = Label(name)
        self.slider = Slider(name, scale)
        self.field = NumberField(
            name, low, high, integer=integer, percent=percent, decimals=decimals, flat=True
        )
        for widget in (self.label, self.slider, self.field):
            layout.addWidget(widget)
            widget.setToolTip(hint)
        self.rescale()
        self.slider.value_edited.connect(self._on_slider_edited)
        self.field.value_edited.connect(self._on_field_edited)

    def rescale(self) -> None:
        """Set the height and the columns."""
        self.setFixedHeight(scaled(self._row_height))
        self.label.setFixedWidth(scaled(LABEL_W))
        self.field.setFixedWidth(scaled(NUMBER_W))

    @property
    def value(self) -> float:
        """The number shown."""
        return self.field.value

    def show_value(self, value: float) -> None:
        """Show `value` on both, without a signal."""
        self.slider.show_value(value)
        self.field.set_value(value)

    def _on_slider_edited(self, value: float) -> None:
        self.field.drop_typed()  # the slider was moved after it
        self.field.set_value(value)
        self.value_edited.emit(value)

    def _on_field_edited(self, value: float) -> None:
        self.slider.show_value(value)
        self.value_edited.emit(value)


class FieldRow(QWidget, Themed):
    """A label and one or more controls that share the rest of the row."""

    def __init__(
        self,
        name: str,
        *controls: tuple[QWidget, int],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 3)
        layout.setSpacing(6)
        self.label = Label(name)
        self.rescale()
        self.label.setToolTip(hint)
        layout.addWidget(self.label)
        for control, stretch in controls:
            layout.addWidget(control, stretch)
            if hint and not control.toolTip():
                control.setToolTip(hint)

    def rescale(self) -> None:
        """Set the height and the label's column."""
        self.setFixedHeight(scaled(FIELD_ROW_H))
        self.label.setFixedWidth(scaled(LABEL_W) - 6)


class SectionTitle(QWidget, Themed):
    """The bold name of a section and, at the right, one fact about it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(Label(title, TITLE_PX, 600, "ink1"))
        layout.addStretch(1)
        self.fact = Label("", ink="ink3")
        layout.addWidget(self.fact)

    def rescale(self) -> None:
        """Set the height."""
        self.setFixedHeight(scaled(24))
