"""The expression bench: type a formula, drag its leaves, watch data and gradients."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from playground.core.scalar_graph.expressions import (
    EXAMPLES,
    Expression,
    ExpressionError,
    parse,
)
from playground.ui.controls.base import Label, Themed, apply_theme_below, paint_box, set_font
from playground.ui.controls.buttons import Button
from playground.ui.controls.rows import SliderRow
from playground.ui.controls.slider import linear_scale
from playground.ui.theme import (
    BODY_PX,
    CAPTION_PX,
    PANEL_PADDING,
    RADIUS_FIELD,
    TITLE_PX,
    Theme,
    scaled,
)

WIDTH = 256
REACH = 10.0
TEXT_H = 92


class _Editor(QPlainTextEdit, Themed):
    """The text of the expression."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Expression")
        self.viewport().setAutoFillBackground(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.document().setDocumentMargin(7)

    def rescale(self) -> None:
        """Follow the size of text."""
        set_font(self, BODY_PX)
        self.setFixedHeight(scaled(TEXT_H))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box under the text."""
        painter = QPainter(self.viewport())
        paint_box(painter, QRectF(self.viewport().rect()), RADIUS_FIELD, self.theme.fill)
        painter.end()
        super().paintEvent(event)


class Bench(QWidget, Themed):
    """The bench's column.

    Signals
    -------
    changed() : `expression` or a leaf changed; both are valid.
    left() : the training's graph is wanted again.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rescale()
        self.expression: Expression = parse(EXAMPLES[0].text)
        self.leaves: dict[str, float] = dict(EXAMPLES[0].leaves)
        self.rows: dict[str, SliderRow] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING, 10, PANEL_PADDING - 6, 10)
        layout.setSpacing(6)
        layout.addWidget(Label("Expression bench", TITLE_PX, 600, "ink1"))
        self.editor = _Editor()
        layout.addWidget(self.editor)
        self.error = Label("", CAPTION_PX, 400, "ink2")
        self.error.setWordWrap(True)
        self.error.setMinimumHeight(30)
        self.error.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.error)
        self._area = QWidget()
        self._list = QVBoxLayout(self._area)
        self._list.setContentsMargins(0, 0, 6, 0)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._area)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        self._area.setAutoFillBackground(False)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(scroll, 1)
        self.examples = Button("Examples", menu_mark=True)
        self.examples.clicked.connect(self._on_examples_clicked)
        self.back = Button("Back to the training")
        self.back.clicked.connect(self.left)
        layout.addWidget(self.examples)
        layout.addWidget(self.back)
        self._menu = QMenu(self)
        for example in EXAMPLES:
            action = self._menu.addAction(example.title)
            action.setData(example.title)
            action.triggered.connect(self._on_example_triggered)
        self.editor.setPlainText(self.expression.text)
        self.editor.textChanged.connect(self._on_text_changed)
        self._show_leaves()
        self.say("")

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedWidth(scaled(WIDTH))

    def show_example(self, title: str) -> None:
        """Put a preset on the bench."""
        example = next(e for e in EXAMPLES if e.title == title)
        self.leaves = dict(example.leaves)
        self.editor.setPlainText(example.text)

    def say(self, problem: str) -> None:
        """Show what is wrong, or how it is used."""
        self.error.set_ink("danger" if problem else "ink3")
        self.error.setText(problem or "Drag a leaf, or type: + − * / **, tanh(x), x.relu() …")

    def _on_text_changed(self) -> None:
        try:
            self.expression = parse(self.editor.toPlainText())
        except ExpressionError as error:
            self.say(str(error))
            return
        self.say("")
        self._show_leaves()
        self.changed.emit()

    def _show_leaves(self) -> None:
        wanted = self.expression.leaves
        if tuple(self.rows) != wanted:
            for row in self.rows.values():
                self._list.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.rows = {}
            for place, name in enumerate(wanted):
                row = SliderRow(name, linear_scale(-REACH, REACH, 0.05), -1e6, 1e6, decimals=2)
                row.label.setFixedWidth(scaled(34))
                row.field.setFixedWidth(scaled(58))
                row.value_edited.connect(self._on_leaf_edited)
                self._list.insertWidget(place, row)
                self.rows[name] = row
            apply_theme_below(self, self.theme)
        for name, row in self.rows.items():
            self.leaves.setdefault(name, 1.0)
            row.show_value(self.leaves[name])

    def _on_leaf_edited(self) -> None:
        for name, row in self.rows.items():
            self.leaves[name] = row.value
        self.changed.emit()

    def _on_examples_clicked(self) -> None:
        self._menu.popup(self.examples.mapToGlobal(QPoint(0, self.examples.height() + 2)))

    def _on_example_triggered(self) -> None:
        action = self.sender()
        title = action.data() if hasattr(action, "data") else None
        if isinstance(title, str):
            self.show_example(title)

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)
        self.editor.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the column."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.panel)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self.theme.line)
