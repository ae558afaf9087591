"""A drop-down choice drawn as a filled field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QListView, QWidget

from playground.ui.controls.base import KeepsKeys, Themed, paint_box, set_font
from playground.ui.icons import draw_icon
from playground.ui.theme import BODY_PX, CONTROL_H, RADIUS_FIELD, scaled


class TextCombo(KeepsKeys, QComboBox, Themed):
    """A choice among texts.

    Signals
    -------
    index_chosen(int) : the place of the text a person chose.
    """

    index_chosen = Signal(int)

    def __init__(self, name: str, texts: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._override = ""
        self.setAccessibleName(name)
        self.setMinimumWidth(48)
        self.setMaxVisibleItems(16)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setView(QListView(self))
        popup = self.view().window()
        popup.setWindowFlags(
            Qt.WindowType.Popup
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.NoDropShadowWindowHint
        )
        self.rescale()
        self.set_texts(texts)
        self.activated.connect(self.index_chosen)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Offer other texts; the first is shown."""
        self.clear()
        self.addItems(list(texts))
        self.updateGeometry()
        self.view().setMinimumWidth(self.sizeHint().width() + 8)

    def rescale(self) -> None:
        """Set fonts and sizes of the field and of its list."""
        set_font(self, BODY_PX, 500)
        self.setFixedHeight(scaled(CONTROL_H))
        set_font(self.view(), BODY_PX)
        self.view().setMinimumWidth(self.sizeHint().width() + 8)

    @property
    def shown_text(self) -> str:
        """The text in the field."""
        return self._override or self.currentText()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the panel's scrolling."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Return a width for the longest choice."""
        metrics = QFontMetrics(self.font())
        texts = [self.itemText(k) for k in range(self.count())]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        return QSize(widest + 22 + scaled(14), scaled(CONTROL_H))

    def minimumSizeHint(self) -> QSize:
        """Return the narrowest usable width."""
        return QSize(48, scaled(CONTROL_H))

    def paintEvent(self, event: object) -> None:
        """Draw the field, the words and the chevron."""
        painter = QPainter(self)
        theme = self.theme
        enabled = self.isEnabled()
        fill = theme.fill_hover if enabled and self.underMouse() else theme.fill
        paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, fill)
        painter.setFont(self.font())
        painter.setPen(theme.ink1 if enabled else theme.ink4)
        side = scaled(14)
        box = QRectF(9, 0, self.width() - 16 - side, self.height())
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.shown_text, Qt.TextElideMode.ElideRight, round(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        mark = QRectF(self.width() - 7 - side, (self.height() - side) / 2, side, side)
        draw_icon(painter, "chevron-down", mark, theme.ink2 if enabled else theme.ink4)


class ComboBox(TextCombo):
    """A choice among the members of an enumeration.

    Signals
    -------
    choice_edited(object) : the member a person chose.
    """

    choice_edited = Signal(object)

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[StrEnum, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, [text for _, text in choices], parent)
        self._choices = list(choices)
        self.index_chosen.connect(self._on_activated)

    def show_choice(self, member: StrEnum | None, override: str = "") -> None:
        """Show a member, or the words `override` when the state is none of the choices."""
        self._override = override
        index = next((i for i, (m, _) in enumerate(self._choices) if m == member), -1)
        self.setCurrentIndex(index)
        self.update()

    def disable_choices(self, members: Collection[StrEnum]) -> None:
        """Make some members unselectable and all others selectable."""
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        for index, (member, _) in enumerate(self._choices):
            model.item(index).setEnabled(member not in members)

    def _on_activated(self, index: int) -> None:
        self._override = ""
        self.choice_edited.emit(self._choices[index][0])
