"""The output map: what the network answers over the plane, with its zero line and the samples."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Activation, Experiment, Problem
from playground.core.snapshot import DataView, Float32s, Snapshot
from playground.ui.contours import zero_contour
from playground.ui.controls.buttons import CheckBox
from playground.ui.labels import neuron_name
from playground.ui.map_pointer import MapSquare, PointerRouter
from playground.ui.map_reader import MapReader
from playground.ui.output_frame import SYMBOL_BOX, SYMBOLS, Legend, OutputFrame, halo_pen
from playground.ui.output_tools import OutputTool
from playground.ui.plot_chrome import (
    CONTROLS_UP_TO,
    Curve,
    PlotSurface,
    PlotView,
    Points,
    draw_text,
)
from playground.ui.theme import TITLE_PX, Theme, mix, ui_font

DISCRETE_LEVEL = 0.8
CONTOUR_OPACITY = 0.55
# `ImageItem` takes the floor of 256 (v − low) / (high − low); these ends make it the nearest entry
# of the theme's table, whose entry k stands for (k − 128) / 127.
LEVELS = (-128.5 / 127, 127.5 / 127)
BOUNDED = (Activation.TANH, Activation.SIGMOID)
SHADES = 33
RIM_INSET = 4.5


class OutputView(PlotView):
    """The large map of the output, or of the neuron that the pointer is on.

    Attributes
    ----------
    image, contour, train_points, test_points : the plotted items, created once.
    reader : what is read under the pointer and pinned by a click.

    Signals
    -------
    point_pinned(object) : the `Pin` a person set, or None.
    """

    point_pinned = Signal(object)

    BASE_SIZE = (404.0, 372.0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._neuron: tuple[int, int] | None = None
        self._data: DataView | None = None
        self._point_size = 0.0
        self._places = np.zeros((0, 2))
        self._frame = OutputFrame()
        self._square = MapSquare()
        self.reader = MapReader(self.point_pinned.emit)
        self._pointers = PointerRouter(self._square, self.reader, self.refresh)
        self._surface = PlotSurface(self, lambda painter: None, self._paint_frame)
        self._box = self._surface.add_box()
        self.image = pg.ImageItem(axisOrder="row-major")
        self.contour = Curve(connect="pairs")
        self.train_points = Points()
        self.test_points = Points()
        for item in (self.image, self.contour, self.train_points, self.test_points):
            self._box.addItem(item)
        self.test_box = CheckBox("Test points", self)
        self.test_box.setChecked(True)
        self.test_box.setToolTip("Draw the samples that training never sees (T).")
        self.discrete_box = CheckBox("Discretise", self)
        self.discrete_box.setToolTip("Paint only the sign of the output: ŷ > 0 or ŷ ≤ 0 (D).")
        self.test_box.toggled.connect(self._on_test_points_toggled)
        self.discrete_box.toggled.connect(self._on_discretise_toggled)
        self.setMouseTracking(True)
        self.setAccessibleName("Output map")
        self.setToolTip(
            "The prediction ŷ(x₁, x₂) over the plane; the line is ŷ = 0. "
            "Filled points are trained on, hollow ones are the test set."
        )

    @property
    def map_area(self) -> QRectF:
        """The map's square in the view."""
        return self._frame.area

    @property
    def tool(self) -> OutputTool | None:
        """The tool in use on the map."""
        return self._pointers.tool

    def set_tool(self, tool: OutputTool | None) -> None:
        """Give the pointer on the map to a tool first; None leaves it to the map's own."""
        self._pointers.set_tool(tool)

    def refresh(self) -> None:
        """Draw again: what a tool paints has changed."""
        shape = self._pointers.cursor
        if shape is None or self.reader.pointer is None:
            self.unsetCursor()
        else:
            self.setCursor(shape)
        self._surface.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass a press on the map to the tools."""
        if not self._pointers.press(event):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass a move to the tools."""
        self._pointers.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass a release to the tools."""
        self._pointers.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass the wheel to the tools."""
        if not self._pointers.wheel(event):
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the tools that the pointer is gone."""
        self._pointers.leave()
        super().leaveEvent(event)

    def show_experiment(self, experiment: Experiment) -> None:
        """Forget a neuron that the experiment's network does not have."""
        sizes = experiment.network.layer_sizes
        if self._neuron is not None:
            layer, index = self._neuron
            if layer >= len(sizes) or index >= sizes[layer]:
                self.show_neuron(None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the map, its zero line and the samples of `snapshot`."""
        self._snapshot = snapshot
        if snapshot.data is not self._data:
            self._show_data(snapshot.data)
        self.reader.show_snapshot(snapshot, self._places)
        self._show_map()

    def show_neuron(self, neuron: tuple[int, int] | None) -> None:
        """Show the map of neuron (layer, index), layer 0 being the first hidden; None: the output.

        A layer of −1 means the inputs; the index then counts the members of `Feature`.
        """
        self._neuron = neuron
        self._show_map()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the items."""
        self.image.setLookupTable(_rgba(theme))
        self.reader.apply_theme(theme)
        for box in (self.test_box, self.discrete_box):
            box.apply_theme(theme)
        self._surface.setBackground(theme.panel)
        super().apply_theme(theme)
        if self._data is not None:
            self._show_data(self._data)

    def arrange(self) -> None:
        """Place the map, the check boxes and the marks for the present size."""
        unit = self.enlargement
        self._surface.setGeometry(self.rect())
        self._frame.arrange(self.width(), self.height(), unit, self.theme)
        self._square.area = self._frame.area
        if self._box.geometry() != self._frame.area:
            self._box.setGeometry(self._frame.area)
            self._show_domain()
            if self._data is not None:
                self._show_data(self._data)
        right = self._frame.right
        for box in (self.discrete_box, self.test_box):
            box.setVisible(not self.exporting and unit < CONTROLS_UP_TO)
            box.resize(box.sizeHint())
            box.move(round(right - box.width()), round(24.5 * unit - box.height() / 2))
            right -= box.width() + 19
        ink = QColor(self.theme.ink1)
        ink.setAlphaF(CONTOUR_OPACITY)
        self.contour.set_pen(ink, unit)
        size = SYMBOL_BOX * unit
        for points in (self.train_points, self.test_points):
            if points.opts["size"] != size:
                points.setSize(size)

    def _on_test_points_toggled(self, shown: bool) -> None:
        self.test_points.setVisible(shown)

    def _on_discretise_toggled(self) -> None:
        self._show_map()

    def _show_map(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        field, scale = self._picked(snapshot)
        field = np.nan_to_num(field, nan=0.0, posinf=scale, neginf=-scale)
        low, high = snapshot.data.low, snapshot.data.high
        # Where a ReLU stops being 0 is no change of sign, and would be drawn in steps.
        line = field if field.min() < 0 else np.zeros_like(field)
        self.contour.setData(*zero_contour(line, low, high))
        if self.discrete_box.isChecked():
            field = np.where(field > 0, np.float32(DISCRETE_LEVEL), np.float32(-DISCRETE_LEVEL))
        elif scale != 1.0:
            field = field / np.float32(scale)
        self.image.setImage(field, autoLevels=False, levels=LEVELS)
        # The first and the last sample lie on the map's rim, so their pixels reach beyond it.
        pixel = (high - low) / (len(field) - 1)
        side = high - low + pixel
        self.image.setRect(QRectF(low - pixel / 2, low - pixel / 2, side, side))
        self._frame.show_scale(scale, low, high)
        self._surface.viewport().update()

    def _picked(self, snapshot: Snapshot) -> tuple[Float32s, float]:
        """Return the map to show and the size of the value that has the strongest colour."""
        if self._neuron is None:
            return snapshot.output_map, 1.0
        layer, index = self._neuron
        if layer < 0:
            maps = snapshot.feature_maps[index : index + 1]
            index = 0
        elif layer < len(snapshot.layers) and index < len(snapshot.layers[layer].maps):
            maps = snapshot.layers[layer].maps
            if snapshot.experiment.network.activations[layer] in BOUNDED:
                return maps[index], 1.0
        else:
            return snapshot.output_map, 1.0
        largest = float(np.max(np.abs(maps), where=np.isfinite(maps), initial=0.0))
        return maps[index], largest or 1.0

    def _show_domain(self) -> None:
        if self._snapshot is not None:
            data = self._snapshot.data
            domain = (data.low, data.high)
            self._square.low, self._square.high = (data.low, data.low), (data.high, data.high)
            self._box.setRange(xRange=domain, yRange=domain, padding=0.0, disableAutoRange=True)

    def _show_data(self, data: DataView) -> None:
        """Place the samples; those outside the map are kept at its rim."""
        self._data = data
        self._show_domain()
        assert self._snapshot is not None
        kind = self._snapshot.experiment.data.kind
        classified = kind.problem is Problem.CLASSIFICATION
        middle = 0.5 if kind.is_table else 0.0
        inset = RIM_INSET * self.enlargement * (data.high - data.low) / self._frame.area.width()
        outside = (data.x < data.low) | (data.x > data.high)
        at_rim = np.clip(data.x, data.low + inset, data.high - inset)
        x = np.where(outside, at_rim, data.x)
        known = np.asarray(np.isfinite(x).all(axis=1))
        self._places = np.where(known[:, None], x, np.nan)
        if classified:
            shades = (data.y > middle).astype(int)
            brushes = [QBrush(self.theme.neg), QBrush(self.theme.pos)]
        else:
            shades = np.rint((np.clip(data.y, -1, 1) + 1) / 2 * (SHADES - 1)).astype(int)
            brushes = [QBrush(_target_colour(self.theme, t)) for t in np.linspace(-1, 1, SHADES)]
        pen = halo_pen(self.theme)
        order = np.arange(len(x))
        for points, rows, hollow in (
            (self.train_points, order[known & (order < data.n_train)], False),
            (self.test_points, order[known & (order >= data.n_train)], True),
        ):
            points.setData(
                x=x[rows, 0],
                y=x[rows, 1],
                symbol=[SYMBOLS[bool(classified and shades[k] == 0), hollow] for k in rows],
                brush=[brushes[shades[k]] for k in rows],
                pen=pen,
                size=SYMBOL_BOX * self.enlargement,
            )
        names = ("1", "0") if kind.is_table else ("+1", "−1")
        n_test = len(data.y) - data.n_train
        self.test_box.setEnabled(n_test > 0)
        self._frame.show_legend(Legend(data.n_train, n_test, names if classified else None))

    @property
    def title(self) -> str:
        """What the map shows: "Output", or also a neuron's name."""
        if self._neuron is None or self._snapshot is None:
            return "Output"
        n_hidden = len(self._snapshot.experiment.network.hidden)
        name = neuron_name(*self._neuron, n_hidden)
        return "Output" if name == "Output" else f"Output · {name}"

    def _paint_frame(self, painter: QPainter) -> None:
        self._pointers.paint(painter)
        self._frame.paint(painter)
        unit = self.enlargement
        font = ui_font(TITLE_PX * unit, 600)
        draw_text(painter, self._frame.left, 24.5 * unit, self.title, font, self.theme.ink1)


def _target_colour(theme: Theme, target: float) -> QColor:
    """Return the mark of a regression target −1…1; zero is grey, so that it shows on paper."""
    return mix(theme.ink4, theme.pos if target > 0 else theme.neg, abs(target) ** 0.6)


def _rgba(theme: Theme) -> NDArray[np.uint8]:
    """Return the theme's map colours as (256, 4) red, green, blue, alpha."""
    shifts = np.array([16, 8, 0, 24], dtype=np.uint32)
    return (theme.field_table[:, None] >> shifts & np.uint32(255)).astype(np.uint8)
