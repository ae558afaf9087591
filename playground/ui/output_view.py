"""The output map: what the network answers over the plane, with its zero line and the samples."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from playground.core.experiment import Activation, Experiment, Feature, NetworkSpec
from playground.core.snapshot import DataView, Float32s, Snapshot
from playground.ui.canvas.geometry import INPUTS
from playground.ui.contours import zero_contour
from playground.ui.controls.buttons import CheckBox
from playground.ui.input_names import input_name
from playground.ui.labels import neuron_name
from playground.ui.map_axes import MapAxes, class_field, map_axes
from playground.ui.map_samples import MapSamples
from playground.ui.map_view import MapView
from playground.ui.map_words import explain_map, paint_card
from playground.ui.output_frame import Legend, OutputFrame
from playground.ui.plot_chrome import (
    Curve,
    PlotSurface,
    draw_text,
    elided,
    text_width,
)
from playground.ui.theme import TITLE_PX, Theme, ui_font

DISCRETE_LEVEL = 0.8
BOX_GAP = 19
CONTOUR_OPACITY = 0.55
# `ImageItem` takes the floor of 256 (v − low) / (high − low); these ends make it the nearest entry
# of the theme's table, whose entry k stands for (k − 128) / 127.
LEVELS = (-128.5 / 127, 127.5 / 127)
BEYOND_LEVELS = (-2.0, 2.0)
BOUNDED = (Activation.TANH, Activation.SIGMOID)
CURVE_WIDTH = 2.0


class OutputView(MapView):
    """The large map of the output, or of the neuron that the pointer is on.

    Attributes
    ----------
    image, contour, train_points, test_points : the plotted items, created once.
    wrong_points : rings around samples that the network puts into another class.
    """

    BASE_SIZE = (404.0, 372.0)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._neuron: tuple[int, int] | None = None
        self._data: DataView | None = None
        self._is_ranged = False
        self._frame = OutputFrame()
        self._surface = PlotSurface(self, lambda painter: None, self._paint_frame)
        self._box = self._surface.add_box()
        self.image = pg.ImageItem(axisOrder="row-major")
        self.contour = Curve(connect="pairs")
        self.curve = Curve(clipped=True)
        self.samples = MapSamples()
        self.wrong_points = self.samples.wrong
        self.train_points, self.test_points = self.samples.train, self.samples.test
        for item in (
            self.image,
            self.contour,
            self.wrong_points,
            self.train_points,
            self.test_points,
            self.curve,
        ):
            self._box.addItem(item)
        self.test_box = CheckBox("Test points", self)
        self.test_box.setChecked(True)
        self.test_box.setToolTip("Draw the samples that training never sees (T).")
        self.discrete_box = CheckBox("Discretise", self)
        self.test_box.toggled.connect(self._on_test_points_toggled)
        self.discrete_box.toggled.connect(self._on_discretise_toggled)
        self.setAccessibleName("Output map")
        self._explain(Experiment())

    def _explain(self, experiment: Experiment) -> None:
        """Tell in tooltips what is drawn."""
        on_map, discretised = explain_map(experiment.data)
        self.setToolTip(on_map)
        self.discrete_box.setToolTip(discretised)
        self.discrete_box.setEnabled(experiment.data.n_inputs > 1)

    def twin(self) -> OutputView:
        """Return a view of the same map with the same boxes and pin."""
        view = OutputView()
        view.test_box.setChecked(self.test_box.isChecked())
        view.discrete_box.setChecked(self.discrete_box.isChecked())
        view.reader.set_pin(self.reader.pin)
        return view

    @property
    def map_area(self) -> QRectF:
        """The map's square in the view."""
        return self._frame.area

    def redraw(self) -> None:
        """Draw again what lies over the map."""
        self._surface.redraw()

    def show_experiment(self, experiment: Experiment) -> None:
        """Forget a neuron or an input that the experiment's network does not have."""
        if self._neuron is not None and not _has(experiment.network, *self._neuron):
            self.show_neuron(None)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the map, its zero line and the samples of `snapshot`."""
        self._snapshot = snapshot
        if snapshot.data is not self._data:
            self._show_data(snapshot.data)
        self.reader.show_snapshot(snapshot)
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
            self._show_map()

    def arrange(self) -> None:
        """Place the map, the check boxes and the marks for the present size."""
        unit = self.enlargement
        self._surface.setGeometry(self.rect())
        boxes = (self.discrete_box, self.test_box)
        has_boxes = self.has_controls
        head_w = text_width(self.title, ui_font(TITLE_PX * unit, 600))
        head_w += sum(box.sizeHint().width() + BOX_GAP for box in boxes) if has_boxes else 0
        self._frame.arrange(self.width(), self.height(), unit, self.theme, head_w)
        self._square.area = self._frame.area
        if self._box.geometry() != self._frame.area:
            self._box.setGeometry(self._frame.area)
            self._is_ranged = False
            self._show_domain()
            if self._data is not None:
                self._show_data(self._data)
                self._show_samples()
        right = self._frame.right
        for box in boxes:
            box.setVisible(has_boxes)
            box.resize(box.sizeHint())
            box.move(round(right - box.width()), round(24.5 * unit - box.height() / 2))
            right -= box.width() + BOX_GAP
        ink = QColor(self.theme.ink1)
        ink.setAlphaF(CONTOUR_OPACITY)
        self.contour.set_pen(ink, unit)
        self.curve.set_pen(self.theme.ink1, CURVE_WIDTH * unit)
        self.samples.resize(unit)

    def _on_test_points_toggled(self) -> None:
        self._show_map()

    def _on_discretise_toggled(self) -> None:
        self._show_map()

    def _show_map(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            return
        field, scale = self._picked(snapshot)
        field = np.nan_to_num(field, nan=0.0, posinf=scale, neginf=-scale)
        axes = self._axes_for(snapshot, scale)
        self._show_domain(axes)
        classes = len(snapshot.class_maps) > 0 and self._shows_output(snapshot)
        self.curve.setVisible(axes.is_curve)
        self.image.setVisible(not axes.is_curve)
        self.contour.setVisible(not axes.is_curve)
        self._show_samples()
        self._frame.show_scale(
            scale,
            axes,
            has_bar=not (classes or axes.is_curve),
            is_logical=snapshot.experiment.data.is_logical and self._shows_output(snapshot),
        )
        if axes.is_curve:
            self._show_curve(field[0], snapshot)
        elif classes:
            self._show_classes(snapshot)
        else:
            self._show_field(field, scale, snapshot)
        self._surface.redraw()

    def _show_samples(self) -> None:
        """Show the samples that are to be seen and ring the wrong ones; no others are read."""
        assert self._snapshot is not None
        data, places = self._snapshot.data, self.samples.places
        is_output, with_test = self._shows_output(self._snapshot), self.test_box.isChecked()
        shown = is_output or data.n_inputs > 1
        n_seen = len(places) if with_test else data.n_train
        self.train_points.setVisible(shown)
        self.test_points.setVisible(shown and with_test)
        self.reader.show_places(places, n_seen if shown else 0)
        self.samples.show_wrong(
            self._snapshot, self.theme, self.enlargement, shown=is_output, with_test=with_test
        )

    def _show_curve(self, heights: Float32s, snapshot: Snapshot) -> None:
        low, high = snapshot.data.low, snapshot.data.high
        ticks = low + (np.arange(len(heights)) + 0.5) * ((high - low) / len(heights))
        self.curve.setData(ticks, heights.astype(np.float64))

    def _show_classes(self, snapshot: Snapshot) -> None:
        maps = snapshot.class_maps
        ends = _outermost_centres(snapshot.data, len(snapshot.output_map))
        # Lines lie where the two likeliest classes are equally likely.
        lines = [
            zero_contour(maps[k] - np.delete(maps, k, axis=0).max(axis=0), *ends)
            for k in range(len(maps))
        ]
        self.contour.setData(
            np.concatenate([x for x, _ in lines]), np.concatenate([y for _, y in lines])
        )
        if self.discrete_box.isChecked():
            winner = maps.argmax(axis=0)
            maps = (np.arange(len(maps))[:, None, None] == winner).astype(np.float32)
            maps = DISCRETE_LEVEL * maps + (1 - DISCRETE_LEVEL) / len(maps)
        self.image.setImage(class_field(maps, self.theme), autoLevels=False, levels=(0, 255))
        self._place_image(snapshot.data)

    def _show_field(self, field: Float32s, scale: float, snapshot: Snapshot) -> None:
        # Where a ReLU stops being 0 is no change of sign, and would be drawn in steps.
        line = field if field.min() < 0 else np.zeros_like(field)
        self.contour.setData(*zero_contour(line, *_outermost_centres(snapshot.data, len(line))))
        if self.discrete_box.isChecked():
            field = np.where(field > 0, np.float32(DISCRETE_LEVEL), np.float32(-DISCRETE_LEVEL))
        elif scale != 1.0:
            field = field / np.float32(scale)
        # Of much larger numbers the place in the table would be none.
        self.image.setImage(np.clip(field, *BEYOND_LEVELS), autoLevels=False, levels=LEVELS)
        self._place_image(snapshot.data)

    def _place_image(self, data: DataView) -> None:
        side = data.high - data.low
        self.image.setRect(QRectF(data.low, data.low, side, side))

    def _axes_for(self, snapshot: Snapshot, scale: float) -> MapAxes:
        axes = map_axes(snapshot.data)
        if axes.is_curve and not self._shows_output(snapshot):
            return replace(axes, y=(-1.15 * scale, 1.15 * scale), y_name=())
        return axes

    def _shows_output(self, snapshot: Snapshot) -> bool:
        network = snapshot.experiment.network
        if self._neuron is None:
            return True
        layer, _ = self._neuron
        return layer == len(network.hidden) and network.n_outputs == 1

    def _picked(self, snapshot: Snapshot) -> tuple[Float32s, float]:
        """Return the map to show and the size of the value that has the strongest colour."""
        if self._neuron is None or self._shows_output(snapshot):
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

    def _show_domain(self, axes: MapAxes | None = None) -> None:
        if self._snapshot is not None:
            axes = axes or self._axes_for(self._snapshot, self._picked(self._snapshot)[1])
            low, high = (axes.x[0], axes.y[0]), (axes.x[1], axes.y[1])
            if (low, high) != (self._square.low, self._square.high) or not self._is_ranged:
                self._show_range(low, high)
                self._is_ranged = True
                self._box.setRange(xRange=axes.x, yRange=axes.y, padding=0.0, disableAutoRange=True)

    def _show_data(self, data: DataView) -> None:
        """Place the samples; those outside the map are kept at its rim."""
        self._data = data
        self._show_domain()
        assert self._snapshot is not None
        self.samples.show(self._snapshot, self.theme, self.enlargement, self._frame.area.width())
        self._explain(self._snapshot.experiment)
        n_test = len(data.y) - data.n_train
        self.test_box.setEnabled(n_test > 0)
        self._frame.show_legend(Legend(data.n_train, n_test, data.class_names))

    @property
    def title(self) -> str:
        """What the map shows: "Output", or also a neuron's name."""
        if self._neuron is None or self._snapshot is None:
            return "Output"
        experiment, (layer, index) = self._snapshot.experiment, self._neuron
        if layer == INPUTS:
            return f"Output · {input_name(experiment, tuple(Feature)[index])}"
        network = experiment.network
        name = neuron_name(layer, index, len(network.hidden), network.n_outputs)
        return name if layer == len(network.hidden) else f"Output · {name}"

    def _paint_frame(self, painter: QPainter) -> None:
        self._pointers.paint(painter)
        unit = self.enlargement
        self._frame.show_read_out(self.read_out)
        self._frame.paint(painter)
        card = self.card
        if card and self._snapshot is not None:
            at = self._square.to_pixel(*self.reader.place_of_pin())
            paint_card(painter, self._frame.area, at, card, unit, self.theme)
        font = ui_font(TITLE_PX * unit, 600)
        title = self._fitting_title(font)
        draw_text(painter, self._frame.left, 24.5 * unit, title, font, self.theme.ink1)

    def _fitting_title(self, font: QFont) -> str:
        """Return the title; a neuron's name alone where there is no room before the boxes."""
        right = self.test_box.x() - BOX_GAP / 2 if self.has_controls else self._frame.right
        room = right - self._frame.left
        if text_width(self.title, font) <= room:
            return self.title
        return elided(self.title.removeprefix("Output · "), font, room)


def _has(network: NetworkSpec, layer: int, index: int) -> bool:
    """Whether a network has a neuron, or, with layer −1, could have an input."""
    if layer == INPUTS:
        return tuple(Feature)[index] in network.available_features
    return network.has_neuron(layer, index)


def _outermost_centres(data: DataView, n: int) -> tuple[float, float]:
    """Return where the first and the last of `n` values along a side of the map were taken."""
    half_pixel = (data.high - data.low) / n / 2
    return data.low + half_pixel, data.high - half_pixel


def _rgba(theme: Theme) -> NDArray[np.uint8]:
    """Return the theme's map colours as (256, 4) red, green, blue, alpha."""
    shifts = np.array([16, 8, 0, 24], dtype=np.uint32)
    return (theme.field_table[:, None] >> shifts & np.uint32(255)).astype(np.uint8)
