"""The upper half of the left panel: which samples the network learns from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from playground.core.data import make_data
from playground.core.experiment import (
    MAX_CLASSES,
    DatasetKind,
    DataSpec,
    Experiment,
    OwnData,
    OwnForm,
    Problem,
    on_dataset,
)
from playground.core.snapshot import Activity, DataView, Snapshot
from playground.ui.controls.base import Label, Themed, apply_theme_below
from playground.ui.controls.buttons import Button
from playground.ui.controls.rows import SectionTitle, SliderRow
from playground.ui.controls.slider import ListScale, linear_scale
from playground.ui.controls.thumbnail import MARGIN
from playground.ui.data_gallery import DataGallery
from playground.ui.draw_panel import DrawPanel
from playground.ui.map_inputs import MapInputs
from playground.ui.table_rows import TABLES, TableRows
from playground.ui.theme import PANEL_PADDING, Theme
from playground.ui.words import samples_word

MAX_BATCH_SLIDER = 64
MAX_BATCH = 5000
SEED_LIMIT = 2**32
LEAST_SAMPLES, MOST_SAMPLES = 4, 5000
SAMPLE_STEPS = (4, 10, 20, 50, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200, 1500, 2000,
                3000, 4000, 5000)  # fmt: skip


class DataPanel(QWidget, Themed):
    """Dataset, its numbers, tables, drawing, and a new draw.

    Parameters
    ----------
    samples : what each generator's thumbnail shows, in the order of the gallery.

    Signals
    -------
    experiment_edited(object) : the edited `Experiment`.
    edit_refused(str) : why it cannot be edited as asked, in words.
    drawing_toggled(bool) : a person wants to draw on the map, or no longer.
    import_clicked() : a person wants to open a CSV file.
    """

    experiment_edited = Signal(object)
    edit_refused = Signal(str)
    drawing_toggled = Signal(bool)
    import_clicked = Signal()

    def __init__(
        self, samples: Mapping[DatasetKind, DataView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._experiment = Experiment()
        self._running = False
        self.title = SectionTitle("Data")
        self.gallery = DataGallery(samples)
        self.thumbnails = self.gallery.thumbnails
        self.table_button = Button("XOR table", "table", height=28, gap=4, padding=6)
        self.table_button.setToolTip("The four rows of a truth table instead of drawn samples")
        self.draw_button = Button("Draw", "draw", height=28, gap=4, padding=6)
        self.draw_button.setToolTip("Put, move and erase points on the output map")
        self.csv_button = Button("CSV", "file", height=28, gap=4, padding=6)
        self.csv_button.setToolTip("Import samples from a CSV file; dropping or pasting works too")
        for button in (self.table_button, self.draw_button):
            button.setCheckable(True)
        self.table = TableRows()
        self.draw = DrawPanel()
        self.map_inputs = MapInputs()
        self._make_rows()
        self.count = Label()
        self.regenerate = Button("Regenerate", "refresh", gap=5)
        self.regenerate.setToolTip("Draw new samples from the same dataset")
        self._build()
        self._connect()

    def _make_rows(self) -> None:
        shares = linear_scale(0.1, 1.0, 0.01)
        self.noise = SliderRow(
            "Noise", linear_scale(0, 0.5, 0.01), 0, 0.5, decimals=2, hint="Scatter of every sample"
        )
        self.samples = SliderRow(
            "Samples",
            ListScale(SAMPLE_STEPS),
            LEAST_SAMPLES,
            MOST_SAMPLES,
            integer=True,
            hint="How many samples are drawn",
        )
        self.balance = SliderRow(
            "Class +1",
            linear_scale(0.1, 0.9, 0.01),
            0.1,
            0.9,
            percent=True,
            hint="The share of samples that belong to class +1",
        )
        self.classes = SliderRow(
            "Classes",
            linear_scale(3, MAX_CLASSES, 1),
            3,
            MAX_CLASSES,
            integer=True,
            hint="How many classes are drawn",
        )
        self.share = SliderRow(
            "Train share",
            shares,
            0.1,
            1.0,
            percent=True,
            hint="The part trained on; the rest only tests",
        )
        self.batch = SliderRow(
            "Batch size",
            linear_scale(1, MAX_BATCH_SLIDER, 1),
            1,
            MAX_BATCH,
            integer=True,
            hint="Samples per optimiser step",
        )

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING, 12, PANEL_PADDING - 1, 13)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        shifted = QHBoxLayout()
        shifted.setContentsMargins(0, 0, 0, 0)
        # Thumbnails have room for an outline around them, which is not to be seen as an indent.
        shifted.addSpacing(-MARGIN)
        shifted.addWidget(self.gallery)
        shifted.addSpacing(-MARGIN)
        layout.addLayout(shifted)
        layout.addSpacing(6)
        sources = QHBoxLayout()
        sources.setContentsMargins(0, 0, 0, 0)
        sources.setSpacing(5)
        for button in (self.table_button, self.draw_button, self.csv_button):
            sources.addWidget(button, 1)
        layout.addLayout(sources)
        layout.addSpacing(5)
        rows = (self.table, self.draw, self.map_inputs, self.samples, self.noise, self.balance)
        for row in (*rows, self.classes, self.share, self.batch):
            layout.addWidget(row)
        layout.addSpacing(4)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.regenerate)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.gallery.kind_chosen.connect(self._choose)
        self.table_button.clicked.connect(self._on_table_clicked)
        self.table.kind_chosen.connect(self._choose)
        self.table.rows_edited.connect(self._on_rows_edited)
        self.draw_button.clicked.connect(self._on_draw_clicked)
        self.csv_button.clicked.connect(self.import_clicked)
        self.map_inputs.data_edited.connect(self._edit_data)
        self.noise.value_edited.connect(self._on_noise_edited)
        self.samples.value_edited.connect(self._on_samples_edited)
        self.balance.value_edited.connect(self._on_balance_edited)
        self.classes.value_edited.connect(self._on_classes_edited)
        self.share.value_edited.connect(self._on_share_edited)
        self.batch.value_edited.connect(self._on_batch_edited)
        self.regenerate.clicked.connect(self._on_regenerate_clicked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the data part of an experiment."""
        self._experiment = experiment
        data, view = experiment.data, make_data(experiment.data)
        self.title.fact.setText(samples_word(data))
        self.gallery.show_kind(data.kind if data.is_drawn else None)
        if data.is_table:
            self.table.show_kind(data.kind)
            self.table.show_numbers(view)
        if view.n_inputs > 2:
            self.map_inputs.show_data(data, view)
        self.noise.show_value(data.noise)
        self.samples.show_value(data.n_samples)
        self.balance.show_value(data.balance)
        self.classes.show_value(data.n_classes)
        self.share.show_value(data.train_share)
        self.batch.show_value(experiment.training.batch_size)
        n_test = len(view.y) - view.n_train
        self.count.setText(
            f"{view.n_train} train · {n_test} test" if n_test else f"{view.n_train} samples"
        )
        self._arrange()

    def _arrange(self) -> None:
        data = self._experiment.data
        drawing = self.draw_button.isChecked()
        self.table.setVisible(data.is_table and not drawing)
        self.draw.setVisible(drawing)
        self.map_inputs.setVisible(data.n_inputs > 2 and not drawing)
        for row in (self.noise, self.samples):
            row.setVisible(data.is_drawn and not drawing)
        two = data.problem is Problem.CLASSIFICATION
        self.balance.setVisible(data.is_drawn and two and not drawing)
        several = data.problem is Problem.MULTICLASS
        self.classes.setVisible(data.is_drawn and several and not drawing)
        self.share.setVisible(not data.is_table)
        self.gallery.set_unlocked(not self._running)
        self.table_button.setEnabled(not self._running)
        self.table_button.setChecked(data.is_table and not drawing)
        self.table.choice.setEnabled(not self._running)
        self.csv_button.setEnabled(not self._running)
        self.regenerate.setEnabled(data.is_drawn)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the predictions of a table's rows."""
        if snapshot.experiment.data.is_table and self._experiment.data.is_table:
            self.table.show_predictions(snapshot.data, snapshot.predictions)

    def show_activity(self, activity: Activity) -> None:
        """Lock the dataset while training; drawing and editing rows go on."""
        self._running = activity is Activity.RUNNING
        self._arrange()

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def stop_drawing(self) -> None:
        """Put the drawing tools away."""
        if self.draw_button.isChecked():
            self.draw_button.click()

    def _edit_data(self, data: DataSpec) -> None:
        self._edit(lambda experiment: experiment.with_data(data))

    def _edit(self, change: Callable[[Experiment], Experiment]) -> None:
        try:
            edited = change(self._experiment)
        except ValueError as error:  # a large network from a file has no room for more outputs
            self.edit_refused.emit(f"Not changed: {error}.")
            self.show_experiment(self._experiment)
        else:
            self.experiment_edited.emit(edited)

    def _choose(self, kind: DatasetKind) -> None:
        data = self._experiment.data
        self.stop_drawing()
        if kind is not data.kind or data.own is not None:
            self._edit(lambda experiment: on_dataset(experiment, kind))

    def _on_table_clicked(self) -> None:
        self.table_button.setChecked(True)
        self.stop_drawing()
        if not self._experiment.data.is_table:
            self._choose(TABLES[0])

    def _on_rows_edited(self, rows: np.ndarray) -> None:
        data = self._experiment.data
        own = OwnData(rows[:, :2], rows[:, 2], form=OwnForm.TABLE)
        self._edit_data(replace(data, own=own))

    def _on_draw_clicked(self) -> None:
        self._arrange()
        self.drawing_toggled.emit(self.draw_button.isChecked())

    def _on_noise_edited(self, value: float) -> None:
        self._edit_data(replace(self._experiment.data, noise=value))

    def _on_samples_edited(self, value: float) -> None:
        self._edit_data(replace(self._experiment.data, n_samples=round(value)))

    def _on_balance_edited(self, value: float) -> None:
        self._edit_data(replace(self._experiment.data, balance=value))

    def _on_classes_edited(self, value: float) -> None:
        self._edit_data(replace(self._experiment.data, n_classes=round(value)))

    def _on_share_edited(self, value: float) -> None:
        self._edit_data(replace(self._experiment.data, train_share=value))

    def _on_batch_edited(self, value: float) -> None:
        training = replace(self._experiment.training, batch_size=round(value))
        self.experiment_edited.emit(replace(self._experiment, training=training))

    def _on_regenerate_clicked(self) -> None:
        data = self._experiment.data
        self._edit_data(replace(data, seed=(data.seed + 1) % SEED_LIMIT))
