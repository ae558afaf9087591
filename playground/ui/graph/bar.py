"""The bar over the graph: which graph, which way, the steps, and what else can be done with it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QWidget

from playground.core.scalar_graph.folding import Level
from playground.core.scalar_graph.stepping import Direction
from playground.ui.controls.base import (
    KeepsKeys,
    Label,
    Themed,
    apply_theme_below,
    paint_box,
    set_font,
)
from playground.ui.controls.buttons import Button, IconButton
from playground.ui.controls.combo import ComboBox
from playground.ui.controls.groups import SegmentedControl
from playground.ui.controls.slider import Slider, linear_scale
from playground.ui.graph.sample_field import SampleField
from playground.ui.graph.step_strip import StepStrip
from playground.ui.icons import draw_icon
from playground.ui.theme import (
    BODY_PX,
    CONTROL_H,
    PANEL_PADDING,
    RADIUS_FIELD,
    TITLE_PX,
    Theme,
    scaled,
    text_scale,
)

HEIGHT = 40
WIDE, MIDDLE = 1360, 1230


class LevelChoice(StrEnum):
    """The levels of detail as choices of a field."""

    LAYERS = "Layers"
    NEURONS = "Neurons"
    VALUES = "Values"

    @property
    def level(self) -> Level:
        """The level chosen."""
        return Level[self.name]


class FindField(KeepsKeys, QLineEdit, Themed):
    """A line to find a node by its name.

    Signals
    -------
    wanted(str) : Enter was pressed.
    """

    wanted = Signal(str)
    claims_keys = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setPlaceholderText("Find")
        self.setAccessibleName("Find a node")
        self.setToolTip("Find a node by its name, e.g. w11 or tanh; Enter goes to the next")
        self.returnPressed.connect(self._on_return_pressed)
        self.rescale()

    def rescale(self) -> None:
        """Follow the size of text."""
        set_font(self, BODY_PX)
        self.setFixedSize(scaled(88), scaled(CONTROL_H))
        self.setTextMargins(scaled(24), 0, 4, 1)

    def _on_return_pressed(self) -> None:
        self.wanted.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box and the glass under the text."""
        painter = QPainter(self)
        paint_box(painter, QRectF(self.rect()), RADIUS_FIELD, self.theme.fill)
        ink = self.theme.ink3
        side = scaled(14)
        draw_icon(painter, "search", QRectF(6, (self.height() - side) / 2, side, side), ink)
        painter.end()
        super().paintEvent(event)


class GraphBar(QWidget, Themed):
    """The dock's bar.

    Signals
    -------
    level_chosen(Level), direction_chosen(Direction), speed_chosen(float) : by a person.
    """

    level_chosen = Signal(object)
    direction_chosen = Signal(object)

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self.fold = IconButton("chevron-down", "Close the graph (G)", 24)
        self.title = Label("Computation graph", TITLE_PX, 600, "ink1")
        self.samples = SampleField()
        self.levels = ComboBox("Level of detail", [(c, c.value) for c in LevelChoice])
        self.levels.setToolTip("Layers, neurons or every Value, and how many there are")
        self.direction = SegmentedControl(("Forward", "Backward"), "Direction of the steps")
        self.direction.set_index(1)
        self.direction.setToolTip("Which way to step (F)")
        self.start = IconButton("to-start", "Before the first step")
        self.back = IconButton("step-back", "One step back (←)")
        self.on = IconButton("step-on", "One step on (→)")
        self.end = IconButton("to-end", "After the last step")
        self.play = Button("Play", "play")
        self.speed = Slider("Steps per second", linear_scale(1, 10, 1))
        self.speed.setFixedWidth(64)
        self.speed.show_value(3)
        self.speed.setToolTip("3 steps per second")
        self.count = Label("", BODY_PX, 500, "ink2")
        self.count.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self.strip = StepStrip()
        self.search = FindField()
        self.more = IconButton("more", "Check gradients, expression bench, export")
        self.fit = IconButton("fit", "Show the whole graph")
        self.close_button = IconButton("close", "Close the graph (G)")
        self._build()
        self.rescale()
        self.levels.choice_edited.connect(self._on_level_edited)
        self.direction.chosen.connect(self._on_direction_chosen)
        self.speed.value_edited.connect(self._on_speed_edited)
        self.more.clicked.connect(self._on_more_clicked)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 1, PANEL_PADDING - 8, 0)
        layout.setSpacing(4)

        def add(*widgets: QWidget, after: int = 0) -> None:
            for widget in widgets:
                layout.addWidget(widget)
            layout.addSpacing(after)

        self._icon = _GraphIcon()
        add(self.fold, self._icon, self.title, after=10)
        add(self.samples, after=4)
        add(self.levels, after=8)
        add(self.direction, after=8)
        add(self.start, self.back, self.on, self.end, after=4)
        add(self.play, self.speed, after=8)
        layout.addWidget(self.count)
        layout.addSpacing(6)
        layout.addWidget(self.strip, 1)
        layout.addStretch(0)
        add(self.search, self.more, self.fit, self.close_button)

    def rescale(self) -> None:
        """Follow the size of text."""
        self.setFixedHeight(scaled(HEIGHT))
        self.play.setFixedWidth(scaled(74))
        self._make_room()

    def show_step(self, text: str, position: int, count: int, n_node_steps: int) -> None:
        """Show how far the stepping is; an empty text shows that nothing is stepped."""
        self.count.setText(text)
        self.strip.show_position(position, count, n_node_steps)

    def show_direction(self, direction: Direction) -> None:
        """Show which way is stepped."""
        self.direction.set_index(1 if direction is Direction.BACKWARD else 0)

    def show_playing(self, playing: bool) -> None:
        """Show whether steps go on by themselves."""
        self.play.setText("Pause" if playing else "Play")
        self.play.set_icon("pause" if playing else "play")

    def show_levels(self, level: Level, counts: dict[Level, int], total: int) -> None:
        """Show the level and how many nodes each draws."""
        for index, choice in enumerate(LevelChoice):
            count = counts.get(choice.level)
            words = choice.value
            if count is not None:
                words += f" · {count:,}".replace(",", "\N{THIN SPACE}")
            self.levels.setItemText(index, words)
        self.levels.disable_choices([c for c in LevelChoice if c.level not in counts])
        self.levels.show_choice(LevelChoice[level.name])
        values = f"{total:,}".replace(",", "\N{THIN SPACE}")
        self.levels.setToolTip(f"How much is unfolded; the graph has {values} Values")

    def _on_level_edited(self, choice: LevelChoice) -> None:
        self.level_chosen.emit(choice.level)

    def _on_direction_chosen(self, index: int) -> None:
        self.direction_chosen.emit(Direction.BACKWARD if index else Direction.FORWARD)

    def _on_speed_edited(self, value: float) -> None:
        unit = "step" if value == 1 else "steps"
        self.speed.setToolTip(f"{value:g} {unit} per second")

    def _on_more_clicked(self) -> None:
        self._menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what there is no room for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        width = self.width() / text_scale()
        self.title.setVisible(width >= MIDDLE)
        self.speed.setVisible(width >= WIDE)
        self.search.setVisible(width >= 1000)
        self.strip.setVisible(width >= 900)
        self.levels.setFixedWidth(scaled(132 if width >= MIDDLE else 112))
        # What keys or another button do as well goes when large text leaves no room for it.
        spare = (self._icon, self.fold, self.end, self.start, self.fit)
        for part in spare:
            part.setVisible(True)
        layout = self.layout()
        assert layout is not None
        for part in spare:
            if layout.totalMinimumSize().width() > self.width():
                part.setVisible(False)

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the bar and draw the lines above and below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.panel)
        painter.fillRect(0, 0, self.width(), 1, self.theme.line)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.line)


class _GraphIcon(QWidget, Themed):
    """The icon before the title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(20, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        draw_icon(QPainter(self), "graph", QRectF(0, 0, 16, 16), self.theme.ink1)
