"""A chip that opens a menu of words, made when it is opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from playground.ui.controls.buttons import Chip


class ChoiceChip(Chip):
    """Shows the chosen word; a click lists all of them.

    Signals
    -------
    chosen(int) : the index of the word that a person chose.
    """

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("–", parent)
        self._words: tuple[str, ...] = ()
        self._index = 0
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.clicked.connect(self._on_clicked)

    @property
    def index(self) -> int:
        """The chosen word's place."""
        return self._index

    def show_choices(self, words: Sequence[str], index: int) -> None:
        """Offer other words; no signal."""
        self._index = index
        self._words = tuple(words)
        text = self._words[index] if 0 <= index < len(self._words) else "–"
        if text != self.text():
            self.setText(text)
            self.resize(self.sizeHint())
            self.update()
        self.setEnabled(len(self._words) > 1)

    def make_menu(self) -> QMenu:
        """Return the menu of all words, the chosen one checked."""
        menu = QMenu(self)
        group = QActionGroup(menu)
        for index, word in enumerate(self._words):
            action = QAction(word, menu, checkable=True)
            action.setData(index)
            action.setChecked(index == self._index)
            group.addAction(action)
            menu.addAction(action)
        group.triggered.connect(self._on_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _on_clicked(self) -> None:
        self.make_menu().popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _on_triggered(self, action: QAction) -> None:
        index = int(action.data())
        if index != self._index:
            self.show_choices(self._words, index)
            self.chosen.emit(index)
