"""The loss plot: train and test loss over the epochs of the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from playground.core.snapshot import Float64s, Snapshot
from playground.ui.controls.buttons import CheckBox
from playground.ui.decimation import (
    HIGHEST_FOOT,
    decimate,
    finite_points,
    for_log_scale,
    log_foot,
    smooth_geometric,
)
from playground.ui.diagnostics.loss_extras import fit_name, fits, paint_cursor
from playground.ui.diagnostics.loss_reading import LossReading
from playground.ui.plot_chrome import (
    Centre,
    Curve,
    Left,
    PlotSurface,
    Right,
    draw_empty,
    draw_text,
    text_width,
)
from playground.ui.theme import CAPTION_PX, TITLE_PX, Theme, ui_font
from playground.ui.ticks import (
    linear_ticks,
    log_ticks,
    nice_step,
    plain_text,
    power_text,
    snap_log_range,
)

TRAIN_WIDTH, TEST_WIDTH = 1.8, 1.3
DASHES = (3.5, 2.5)
MOST_DASHED_POINTS = 400
SMOOTHING_WINDOW = 9


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A curve ready to draw and its last point."""

    x: Float64s
    y: Float64s

    @property
    def end(self) -> tuple[float, float] | None:
        """The last point, if there is one."""
        return (float(self.x[-1]), float(self.y[-1])) if len(self.x) else None


_NOTHING = Series(np.zeros(0), np.zeros(0))


class LossView(LossReading):
    """Train loss solid, test loss dashed, on a logarithmic scale unless told otherwise.

    Attributes
    ----------
    train_curve, test_curve, penalty_curve : the plotted items; with the log scale their y is
        log₁₀ of the loss.
    fit_curve : accuracy (or R²) from 0 at the foot to 1 at the top.
    """

    BASE_SIZE = (404.0, 158.0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titled = True
        self._y_range = (0.01, 1.0)
        self._shown_range = (0.0, 1.0)
        self._foot = HIGHEST_FOOT
        self._train = self._test = self._penalty = self._fit = _NOTHING
        self._is_preparing = False
        self._surface = PlotSurface(self, self._paint_behind, self._paint_before)
        self._box = self._surface.add_box()
        self.test_curve = Curve()
        self.train_curve = Curve()
        self.penalty_curve = Curve()
        self.fit_curve = Curve()
        for curve in (self.fit_curve, self.penalty_curve, self.test_curve, self.train_curve):
            self._box.addItem(curve)
        self.log_box = CheckBox("Log scale", self)
        self.log_box.setChecked(True)
        self.log_box.setToolTip("Show powers of ten at equal distances (L).")
        self.log_box.toggled.connect(self._on_log_toggled)
        # The surface was made after the chip and would lie on it.
        self.extras_chip.raise_()
        self.setAccessibleName("Loss over epochs")
        self.setToolTip(
            "Solid: the mean loss of each epoch's batches, taken while the weights move, so that "
            "it may differ from the train loss above, which is that of the weights now. Dashed: "
            "the loss over the test set, which training never sees, at the epoch's end. Point to "
            "read values, click to keep the cursor there."
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is no curve yet."""
        return len(self._train.x) < 2

    def twin(self) -> LossView:
        """Return a view with the same curves."""
        view = LossView()
        view.extras = self.extras
        view.show_preparing(self._is_preparing)
        view.log_box.setChecked(self.log_box.isChecked())
        return view

    def redraw(self) -> None:
        """Draw again what lies over the plot."""
        self._surface.redraw()

    def set_titled(self, titled: bool) -> None:
        """Show the title "Loss", or leave it to the tab that the view is in."""
        if titled != self._titled:
            self._titled = titled
            self.arrange()
            self.update()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the run so far."""
        self._snapshot = snapshot
        history = snapshot.history
        self._foot = log_foot(history.train_loss, history.test_loss)
        self._train = self._prepared(history.epochs, history.train_loss, round(self._area.width()))
        self._test = self._prepared(
            history.epochs,
            history.test_loss,
            min(round(self._area.width()), MOST_DASHED_POINTS // 2 - 1),
        )
        self._show_series(snapshot)
        self._set_ranges(history.epochs)
        is_log = self.log_box.isChecked()
        for curve, series in (
            (self.train_curve, self._train),
            (self.test_curve, self._test),
            (self.penalty_curve, self._penalty),
        ):
            curve.setData(series.x, np.log10(series.y) if is_log else series.y)
        low, high = self._shown_range
        self.fit_curve.setData(self._fit.x, low + self._fit.y * (high - low))
        self._surface.redraw()

    def _show_series(self, snapshot: Snapshot) -> None:
        """Prepare penalty and accuracy; what is not known yet is not drawn."""
        series = snapshot.answers.series
        self._penalty = self._fit = _NOTHING
        if series is None:
            return
        buckets = round(self._area.width())
        if self.extras.penalty:
            known = np.where(series.penalty > 0.0, series.penalty, np.nan)
            self._penalty = self._prepared(series.epochs, known, buckets)
        if self.extras.fit:
            x, y = finite_points(series.epochs, fits(snapshot, series)[0])
            self._fit = Series(*decimate(x, np.clip(y, 0.0, 1.0), buckets))

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the curves."""
        self.log_box.apply_theme(theme)
        self.extras_chip.apply_theme(theme)
        self._surface.setBackground(theme.panel)
        super().apply_theme(theme)

    def arrange(self) -> None:
        """Place the plot and the check box, and thin the curves for the new width."""
        unit = self.enlargement
        self._surface.setGeometry(self.rect())
        top, bottom = (42.5, 17.5) if self._titled else (34.0, 31.0)
        self._area = QRectF(
            round(48 * unit),
            round(top * unit),
            max(20, round(self.width() - 68 * unit)),
            max(20, round(self.height() - (top + bottom) * unit)),
        )
        self._box.setGeometry(self._area)
        self.train_curve.set_pen(self.theme.ink1, TRAIN_WIDTH * unit)
        dashes = (DASHES[0] * unit, DASHES[1] * unit)
        self.test_curve.set_pen(self.theme.ink3, TEST_WIDTH * unit, dashes)
        self.log_box.setVisible(self.has_controls)
        self.log_box.resize(self.log_box.sizeHint())
        self.log_box.move(
            round(self.width() - 16 * unit - self.log_box.width()),
            round(self._header_middle * unit - self.log_box.height() / 2),
        )
        self.penalty_curve.set_pen(self.theme.edge, TEST_WIDTH * unit)
        self.fit_curve.set_pen(self.theme.ink2, unit)
        chip = self.extras_chip
        chip.setVisible(self.log_box.isVisibleTo(self))
        chip.resize(chip.sizeHint())
        chip.move(
            self.log_box.x() - chip.width() - 10,
            round(self._header_middle * unit - chip.height() / 2),
        )
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    @property
    def _header_middle(self) -> float:
        return 22.5 if self._titled else 14.0

    def _prepared(self, epochs: Float64s, losses: Float64s, buckets: int) -> Series:
        x, y = finite_points(epochs, losses)
        if self.log_box.isChecked() or self.extras.smooth:
            y = for_log_scale(y, self._foot)
        if self.extras.smooth:
            y = smooth_geometric(y, max(SMOOTHING_WINDOW, len(y) // 25))
        return Series(*decimate(x, y, buckets))

    def _set_ranges(self, epochs: Float64s) -> None:
        known = np.concatenate((self._train.y, self._test.y, self._penalty.y))
        if not len(known):
            return
        low, high = float(known.min()), float(known.max())
        self._x_range = (min(0.0, float(epochs[0])), max(1.0, float(epochs[-1])))
        if self.log_box.isChecked():
            self._y_range = snap_log_range(low, high)
            shown = (float(np.log10(self._y_range[0])), float(np.log10(self._y_range[1])))
        else:
            step = nice_step((high - min(0.0, low)) or 1.0, 3)
            self._y_range = (
                float(np.floor(min(0.0, low) / step)) * step,
                float(np.ceil(high / step)) * step or step,
            )
            shown = self._y_range
        self._shown_range = shown
        self._box.setRange(xRange=self._x_range, yRange=shown, padding=0, disableAutoRange=True)

    def _on_log_toggled(self) -> None:
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    def _y_of(self, loss: float) -> float:
        low, high = self._y_range
        if self.log_box.isChecked():
            share = np.log10(loss / low) / np.log10(high / low)
        else:
            share = (loss - low) / (high - low)
        return self._area.bottom() - float(share) * self._area.height()

    def _x_of(self, epoch: float) -> float:
        low, high = self._x_range
        return self._area.left() + (epoch - low) / (high - low) * self._area.width()

    def _paint_behind(self, painter: QPainter) -> None:
        unit, area, theme = self.enlargement, self._area, self.theme
        self._paint_key(painter)
        if self.is_empty:
            return
        font = ui_font(CAPTION_PX * unit)
        low, high = self._y_range
        # A figure needs about three times its height.
        most = max(2, min(6, int(area.height() / (28 * unit))))
        if self.log_box.isChecked():
            ticks = [(tick, power_text(tick)) for tick in log_ticks(low, high, most)]
        else:
            values = linear_ticks(low, high, most)
            step = nice_step(high - low, most)
            ticks = [(tick, plain_text(tick, step)) for tick in values]
        for value, text in ticks:
            y = self._y_of(value)
            painter.setPen(QPen(theme.line, 1.0))
            line = np.floor(y) + 0.5
            painter.drawLine(QPointF(area.left(), line), QPointF(area.right(), line))
            draw_text(painter, area.left() - 8 * unit, y, text, font, theme.ink3, Right)
        y = area.bottom() + 11 * unit
        low, high = self._x_range
        intervals = max(2, round(area.width() / (105 * unit)))
        step = max(1.0, nice_step(high - low, intervals))
        for tick in linear_ticks(low, high, intervals):
            if tick != round(tick):
                continue  # epochs are whole
            text = plain_text(tick, step)
            x = self._x_of(tick)
            if tick == low:
                draw_text(painter, x, y, text, font, theme.ink3, Left)
            else:
                x = min(x, self.width() - 4 * unit - text_width(text, font) / 2)
                draw_text(painter, x, y, text, font, theme.ink3, Centre)

    def _paint_key(self, painter: QPainter) -> None:
        unit, theme = self.enlargement, self.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._header_middle * unit
        x = 44 * unit
        if self._titled:
            title = ui_font(TITLE_PX * unit, 600)
            x = (16 + 15) * unit + draw_text(painter, 16 * unit, middle, "Loss", title, theme.ink1)
        font = ui_font(CAPTION_PX * unit)
        has_test = self._snapshot is None or self._snapshot.test_loss is not None
        keys = [("train", theme.ink1, 2.0, None), ("test", theme.ink3, 1.5, DASHES)]
        for text, colour, width, dashes in keys if has_test else keys[:1]:
            pen = QPen(colour, width * unit)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if dashes is not None:
                pen.setDashPattern([dash / width for dash in dashes])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, middle), QPointF(x + 15 * unit, middle))
            x += 21 * unit
            x += draw_text(painter, x, middle, text, font, theme.ink2) + 17 * unit

    @property
    def empty_words(self) -> tuple[str, str]:
        """What the plot says while there is no curve: what is, and what to do."""
        if self._is_preparing:
            return "Preparing", "Training then begins by itself"
        return "Nothing trained yet", "Press Run, or step one epoch"

    def show_preparing(self, is_preparing: bool) -> None:
        """Say that Run was pressed before the kernels are there, or no more."""
        if is_preparing != self._is_preparing:
            self._is_preparing = is_preparing
            self._surface.redraw()

    def _paint_before(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit, theme = self.enlargement, self.theme
        if self.is_empty:
            area = self._area.adjusted(-32 * unit, 0, 4 * unit, 0)
            draw_empty(painter, area, *self.empty_words, self)
            return
        diverged = self._snapshot is not None and self._snapshot.divergence is not None
        for series, colour, filled in (
            (self._test, theme.ink3, False),
            (self._train, theme.ink1, True),
        ):
            if series.end is None:
                continue
            centre = QPointF(self._x_of(series.end[0]), self._y_of(series.end[1]))
            if diverged:
                _paint_cross(painter, centre, QPen(theme.danger, 2 * unit), 4 * unit)
                continue
            painter.setPen(QPen(theme.panel if filled else colour, 1.5 * unit))
            painter.setBrush(colour if filled else theme.panel)
            radius = (3.7 if filled else 3.6) * unit
            painter.drawEllipse(centre, radius, radius)
        self._paint_names(painter)
        words = self.cursor_words
        if words:
            assert self.read_at is not None
            x = self._x_of(min(self.read_at, self._x_range[1]))
            paint_cursor(painter, self._area, x, words, unit, theme)

    def _paint_names(self, painter: QPainter) -> None:
        """Name the further curves at their ends."""
        unit, theme, area = self.enlargement, self.theme, self._area
        font = ui_font(CAPTION_PX * unit)
        if self._penalty.end is not None:
            y = self._y_of(self._penalty.end[1]) - 7 * unit
            draw_text(painter, area.right(), y, "penalty", font, theme.ink2, Right)
        if self._fit.end is not None and self._snapshot is not None:
            y = area.bottom() - self._fit.end[1] * area.height() + 8 * unit
            is_share = fit_name(self._snapshot) != "R²"
            text = "accuracy, 0 to 100\u2009%" if is_share else "R², 0 to 1"
            draw_text(painter, area.right(), y, text, font, theme.ink2, Right)


def _paint_cross(painter: QPainter, centre: QPointF, pen: QPen, arm: float) -> None:
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for sign in (1, -1):
        along = QPointF(arm, sign * arm)
        painter.drawLine(centre - along, centre + along)
