"""The bar under the menus: run, step, speed at the left, losses and export at the right."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from math import isfinite

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from playground.core.experiment import Experiment, Speed
from playground.core.snapshot import Activity, Snapshot
from playground.ui.controls.base import Hairline, Themed, apply_theme_below
from playground.ui.controls.buttons import Button, IconButton, PrimaryButton
from playground.ui.controls.groups import StepGroup
from playground.ui.controls.read_out import ReadOut
from playground.ui.speed_control import SpeedControl
from playground.ui.theme import (
    EPOCH_PX,
    NARROW_BELOW_W,
    RUN_BAR_H,
    TITLE_PX,
    TOOLBAR_CONTROL_H,
    Theme,
    scaled,
    text_scale,
)

RUN_W = 98
EXPORT_W = 98
FIRST_ROW_H, SECOND_ROW_H = 48, 44
"""Of two rows, which have less room around them than one has."""


class Shape(Enum):
    """How the bar uses the width of the window, from much to little."""

    WIDE = "wide"
    NARROW = "narrow"
    STACKED = "stacked"


READ_OUT_WIDTHS = {
    Shape.WIDE: (110, 110, 112),
    Shape.NARROW: (102, 102, 104),
    Shape.STACKED: (102, 102, 104),
}


def format_loss(value: float | None) -> str:
    """Write a loss with 4 decimals (2 from 100 on), beyond 10⁻⁴…10⁴ as a power of ten."""
    if value is None:
        return "–"
    if not isfinite(value):
        return "NaN"
    if value != 0 and not 1e-4 <= abs(value) < 1e4:
        mantissa, exponent = f"{value:.1e}".split("e")
        raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{mantissa}×10{raised}".replace("-", "\N{MINUS SIGN}")
    return f"{value:.{4 if value < 100 else 2}f}"


def format_epoch(epoch: int) -> str:
    """Write the count of epochs in at most seven figures."""
    return f"{epoch}" if epoch < 10_000_000 else f"{epoch / 1e6:.2f}\N{THIN SPACE}M"


def format_share(value: float | None) -> str:
    """Write a share as a percentage with one decimal, "–" for none."""
    return "–" if value is None else f"{100 * value:.1f}\N{THIN SPACE}%"


class RunBar(QWidget, Themed):
    """The run bar.

    Signals
    -------
    experiment_edited(object) : an `Experiment` with another speed.
    toggle_clicked, reset_clicked, step_epoch_clicked, step_batch_clicked : what a person asks for.
    """

    experiment_edited = Signal(object)
    toggle_clicked = Signal()
    reset_clicked = Signal()
    step_epoch_clicked = Signal()
    step_batch_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self.reset = IconButton(
            "reset", "Reset to the first weights (Ctrl+R)", 34, ghost=False, ink="ink1"
        )
        self.run = PrimaryButton("Run", "play", RUN_W)
        self.run.setToolTip("Run or pause (Space)")
        self.steps = StepGroup(
            (
                ("Epoch", "Step one epoch (S)"),
                ("Batch", "Step one batch (B)"),
                ("Op", "Step one operation of the graph (O)"),
            )
        )
        self.epoch = ReadOut("Epoch", "0000000", px=EPOCH_PX)
        self.batch = ReadOut("Batch", "00000 / 00000", px=TITLE_PX, weight=500, ink="ink2")
        self.speed = SpeedControl()
        self.train = ReadOut("Train loss", "0.0000", "solid")
        self.test = ReadOut("Test loss", "0.0000", "dashed")
        self.accuracy = ReadOut("Accuracy", "100.0 %")
        self.export = Button(
            "Export", "export", px=TITLE_PX, height=TOOLBAR_CONTROL_H, menu_mark=True
        )
        self.export.setToolTip("Save or copy a picture (Ctrl+E)")
        self._lines = Hairline(vertical=True), Hairline(vertical=True)
        for line in self._lines:
            line.setFixedHeight(30)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(16, 0, 16, 1)
        self._rows.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._rows.addLayout(self._row, 1)
        self._second = QHBoxLayout()
        self._second.setSpacing(0)
        self._rows.addLayout(self._second)
        self._shape = Shape.WIDE
        self._needs: dict[Shape, int] = {}
        self.export.clicked.connect(self._on_export_clicked)
        self._menu: QMenu | None = None
        self.reset.clicked.connect(self.reset_clicked)
        self.run.clicked.connect(self.toggle_clicked)
        self.steps.cells["Epoch"].clicked.connect(self.step_epoch_clicked)
        self.steps.cells["Batch"].clicked.connect(self.step_batch_clicked)
        self.speed.speed_edited.connect(self._on_speed_edited)
        self.rescale()

    def _arrange(self, shape: Shape) -> None:
        """Put the controls into one row, or the numbers into a second one."""
        for row in (self._row, self._second):
            while row.takeAt(0) is not None:
                pass
        wide, stacked = shape is Shape.WIDE, shape is Shape.STACKED
        read_outs = (self.train, self.test, self.accuracy)
        self.speed.set_narrow(not wide)
        read_out_h = SECOND_ROW_H if stacked else RUN_BAR_H
        self.epoch.set_height(read_out_h)
        for read_out, wish in zip(read_outs, READ_OUT_WIDTHS[shape], strict=True):
            read_out.set_height(read_out_h)
            read_out.set_width(wish)
        self._fill(self._row, 0, self.reset, 8, self.run, 8, self.steps, 20)
        if stacked:
            self._fill(self._row, 0, self.speed)
            self._fill(self._second, 0, self.epoch, 24, *read_outs, None)
        else:
            self._fill(self._row, 0, self._lines[0], 20, self.epoch)
            if wide:
                self._fill(self._row, 16, self.batch)
            self._fill(self._row, 20, self._lines[1], 20, self.speed)
        self._fill(self._row, 12, None, *(() if stacked else read_outs), 8, self.export)
        self.batch.setVisible(wide)
        for line in self._lines:
            line.setVisible(not stacked)
        self.setFixedHeight(scaled(FIRST_ROW_H + SECOND_ROW_H if stacked else RUN_BAR_H))

    @staticmethod
    def _fill(row: QHBoxLayout, *parts: QWidget | int | None) -> None:
        """Add widgets and gaps; None is room that grows."""
        for part in parts:
            if isinstance(part, QWidget):
                row.addWidget(part)
            elif part is None:
                row.addStretch(1)
            else:
                row.addSpacing(part)

    def set_export_menu(self, menu: QMenu) -> None:
        """Open `menu` under the export button."""
        self._menu = menu

    def _on_export_clicked(self) -> None:
        if self._menu is not None:
            corner = self.export.rect().bottomRight()
            corner.setX(corner.x() + 1 - self._menu.sizeHint().width())
            corner.setY(corner.y() + 5)
            self._menu.popup(self.export.mapToGlobal(corner))

    def _on_speed_edited(self, speed: Speed) -> None:
        if self._experiment is not None:
            training = replace(self._experiment.training, speed=speed)
            self.experiment_edited.emit(replace(self._experiment, training=training))

    def fit(self, room: int) -> None:
        """Take the widest shape that fits into a window of `room` pixels."""
        shapes = tuple(Shape)[room / text_scale() < NARROW_BELOW_W :]
        shape = next((s for s in shapes if self._needs[s] <= room), Shape.STACKED)
        if shape is not self._shape:
            self._shape = shape
            self._arrange(shape)

    @property
    def least_width(self) -> int:
        """The width below which not even two rows hold everything."""
        return self._needs[Shape.STACKED]

    @property
    def is_stacked(self) -> bool:
        """Whether the numbers have a row of their own."""
        return self._shape is Shape.STACKED

    def rescale(self) -> None:
        """Set the widths that do not follow the text shown, and measure every shape."""
        self.reset.setFixedWidth(scaled(36))
        self.export.setFixedWidth(max(scaled(EXPORT_W), self.export.sizeHint().width()))
        for shape in Shape:
            self._arrange(shape)
            self._needs[shape] = self._rows.totalMinimumSize().width()
        self._arrange(self._shape)

    def apply_theme(self, theme: Theme) -> None:
        """Colour the bar and everything on it."""
        apply_theme_below(self, theme)
        super().apply_theme(theme)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the speed."""
        self._experiment = experiment
        self.speed.show_speed(experiment.training.speed)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show epoch, batch, losses and accuracy."""
        self.epoch.show_value(format_epoch(snapshot.epoch))
        self.batch.show_value(f"{snapshot.batch} / {snapshot.n_batches}")
        train = snapshot.train_loss if len(snapshot.data.y) else None
        self.train.show_value(format_loss(train), bad=train is not None and not isfinite(train))
        test = snapshot.test_loss
        self.test.show_value(format_loss(test), bad=test is not None and not isfinite(test))
        accuracy = snapshot.test_accuracy
        if accuracy is None:
            accuracy = snapshot.train_accuracy
        self.accuracy.show_value(format_share(accuracy))

    def show_activity(self, activity: Activity) -> None:
        """Show Run or Pause, and what can be stepped."""
        running = activity in (Activity.RUNNING, Activity.PREPARING)
        diverged = activity is Activity.DIVERGED
        self.run.setText("Reset first" if diverged else "Pause" if running else "Run")
        self.run.set_icon("" if diverged else "pause" if running else "play")
        self.run.setAccessibleName(self.run.text())
        self.run.setEnabled(not diverged)
        self.steps.setEnabled(activity is Activity.PAUSED)

    def paintEvent(self, event: object) -> None:
        """Fill the bar and draw its lower line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.panel)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.line)
