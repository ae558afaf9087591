"""Brings the drawing panel, the tool on the map and the experiment together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from playground.core.data import make_data
from playground.core.experiment import Experiment, OwnForm
from playground.core.sketch import Sketch, own_data, sketch_of
from playground.ui.data_panel import DataPanel
from playground.ui.drawing_tool import DrawingTool, DrawMode
from playground.ui.map_axes import map_axes
from playground.ui.output_view import OutputView
from playground.ui.theme import Theme


class Drawing(QObject):
    """While drawing is on, the tool has the pointer on the map and its strokes are edits.

    Signals
    -------
    experiment_edited(object) : the `Experiment` with the points as they are now.
    edit_refused(str) : why a point cannot be drawn, in words.
    """

    experiment_edited = Signal(object)
    edit_refused = Signal(str)

    def __init__(self, panel: DataPanel, view: OutputView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel, self._view = panel, view
        self._experiment = Experiment()
        self.tool = DrawingTool(self)
        self.tool.sketched.connect(self._on_sketched)
        panel.drawing_toggled.connect(self._on_toggled)
        panel.draw.class_chosen.connect(self._on_class_chosen)
        panel.draw.mode_chosen.connect(self._on_mode_chosen)
        panel.draw.radius_edited.connect(self._on_radius_edited)
        panel.draw.clear_clicked.connect(self.tool.clear)
        self.tool.radius = panel.draw.radius.value

    @property
    def is_on(self) -> bool:
        """Whether the pointer draws."""
        return self._view.tool is self.tool

    def show_experiment(self, experiment: Experiment) -> None:
        """Take up the experiment that is drawn into."""
        self._experiment = experiment
        if self.is_on:
            self._show_points()

    def apply_theme(self, theme: Theme) -> None:
        """Take the theme up."""
        self.tool.apply_theme(theme)

    def _show_points(self) -> None:
        data = make_data(self._experiment.data)
        axes = map_axes(data)
        unit_y = (axes.y[1] - axes.y[0]) / (axes.x[1] - axes.x[0])
        sketch = sketch_of(data, self._experiment.data.problem)
        own = self._experiment.data.own
        if own is not None and own.form is OwnForm.POINTS:
            # The order they were drawn in, so that what was chosen stays chosen.
            if sketch.is_curve:
                sketch = replace(sketch, places=np.column_stack((own.x, own.y)))
            else:
                sketch = Sketch(own.x, own.y.astype(int))
        self.tool.show_sketch(sketch, unit_y if sketch.is_curve else 1.0)
        self._panel.draw.show_curve(sketch.is_curve)

    def _on_toggled(self, on: bool) -> None:
        self.tool.end_stroke()
        if on:
            self._show_points()
        self._view.set_tool(self.tool if on else None)

    def _on_class_chosen(self, number: int) -> None:
        self.tool.number = number

    def _on_mode_chosen(self, mode: DrawMode) -> None:
        self.tool.mode = mode
        self._view.refresh()

    def _on_radius_edited(self, radius: float) -> None:
        self.tool.radius = radius

    def _on_sketched(self, sketch: Sketch) -> None:
        data = self._experiment.data
        begins = data.own is None or data.own.form is not OwnForm.POINTS
        share = 1.0 if begins else data.train_share
        data = replace(data, own=own_data(sketch), train_share=share, shown=(0, 1), held=())
        try:
            edited = self._experiment.with_data(data)
        except ValueError as error:  # a large network from a file has no room for more outputs
            self.edit_refused.emit(f"Not changed: {error}.")
            self.tool.end_stroke()
            self._show_points()
            self._view.refresh()
        else:
            self.experiment_edited.emit(edited)
