"""The upper half of the left panel: which samples the network learns from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from playground.core.data import make_data
from playground.core.experiment import (
    DatasetKind,
    DataSpec,
    Experiment,
    Problem,
)
from playground.core.snapshot import Activity, DataView, Snapshot
from playground.ui.controls.base import Label, Themed, apply_theme_below
from playground.ui.controls.buttons import Button
from playground.ui.controls.rows import SectionTitle, SliderRow
from playground.ui.controls.slider import linear_scale
from playground.ui.controls.thumbnail import MARGIN, DatasetThumbnail
from playground.ui.table_rows import TABLES, TableRows
from playground.ui.theme import PANEL_PADDING, Theme
from playground.ui.words import DATASETS

MAX_BATCH_SLIDER = 64
MAX_BATCH = 5000
COLUMNS = 4
SEED_LIMIT = 2**32
THUMBNAIL_SAMPLES = 96
THUMBNAIL_FIELD_SAMPLES = 1000


def thumbnail_samples() -> dict[DatasetKind, DataView]:
    """Draw one sample of every generator, in the order of the grid."""
    samples = {}
    for kind in DatasetKind:
        if not kind.is_table:
            regression = kind.problem is Problem.REGRESSION
            count = THUMBNAIL_FIELD_SAMPLES if regression else THUMBNAIL_SAMPLES
            samples[kind] = make_data(DataSpec(kind, count))
    return samples


class DataPanel(QWidget, Themed):
    """Dataset, noise, train share, batch size, and a new draw.

    Parameters
    ----------
    samples : what each generator's thumbnail shows, in the order of the grid.

    Signals
    -------
    experiment_edited(object) : the edited `Experiment`.
    """

    experiment_edited = Signal(object)

    def __init__(
        self, samples: Mapping[DatasetKind, DataView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._experiment = Experiment()
        self._running = False
        self.title = SectionTitle("Data")
        self.thumbnails = {
            kind: DatasetThumbnail(kind, DATASETS[kind], data) for kind, data in samples.items()
        }
        self.table_button = Button("XOR table", "table", height=28, gap=5)
        self.table_button.setCheckable(True)
        self.table_button.setToolTip("The four rows of a truth table instead of drawn samples")
        self.table = TableRows()
        self.table.hide()
        self.noise = SliderRow(
            "Noise",
            linear_scale(0, 0.5, 0.01),
            0,
            0.5,
            decimals=2,
            hint="Scatter added to every sample",
        )
        self.share = SliderRow(
            "Train share",
            linear_scale(0.1, 0.9, 0.01),
            0.1,
            0.9,
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
        self.count = Label()
        self.regenerate = Button("Regenerate", "refresh", gap=5)
        self.regenerate.setToolTip("Draw new samples from the same dataset")
        self._build()
        self._connect()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PANEL_PADDING, 12, PANEL_PADDING - 1, 13)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addSpacing(2)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for index, thumbnail in enumerate(self.thumbnails.values()):
            grid.addWidget(thumbnail, index // COLUMNS, index % COLUMNS)
        holder = QWidget()
        holder.setLayout(grid)
        holder.setFixedWidth(COLUMNS * next(iter(self.thumbnails.values())).width())
        shifted = QHBoxLayout()
        shifted.setContentsMargins(0, 0, 0, 0)
        shifted.addSpacing(-MARGIN)
        shifted.addWidget(holder)
        shifted.addSpacing(-MARGIN)
        layout.addLayout(shifted)
        layout.addSpacing(6)
        tables = QHBoxLayout()
        tables.setContentsMargins(0, 0, 0, 0)
        tables.addWidget(self.table_button)
        tables.addStretch(1)
        layout.addLayout(tables)
        layout.addSpacing(5)
        for row in (self.table, self.noise, self.share, self.batch):
            layout.addWidget(row)
        layout.addSpacing(4)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.regenerate)
        layout.addLayout(foot)

    def _connect(self) -> None:
        for thumbnail in self.thumbnails.values():
            thumbnail.clicked.connect(self._on_thumbnail_clicked)
        self.table_button.clicked.connect(self._on_table_clicked)
        self.table.kind_chosen.connect(self._choose)
        self.noise.value_edited.connect(self._on_noise_edited)
        self.share.value_edited.connect(self._on_share_edited)
        self.batch.value_edited.connect(self._on_batch_edited)
        self.regenerate.clicked.connect(self._on_regenerate_clicked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the data part of an experiment."""
        self._experiment = experiment
        data = experiment.data
        self.title.fact.setText(DATASETS[data.kind])
        for kind, thumbnail in self.thumbnails.items():
            thumbnail.setChecked(kind is data.kind)
        is_table = data.is_table
        self.table.setVisible(is_table)
        self.noise.setVisible(not is_table)
        self.share.setVisible(not is_table)
        if is_table:
            self.table.show_kind(data.kind)
        self.noise.show_value(data.noise)
        self.share.show_value(data.train_share)
        self.batch.show_value(experiment.training.batch_size)
        n_samples = 4 if is_table else data.n_samples
        self.count.setText(f"{n_samples} samples")
        self._enable()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the predictions of a table's rows."""
        if snapshot.experiment.data.is_table:
            self.table.show_rows(snapshot.data, snapshot.predictions)

    def show_activity(self, activity: Activity) -> None:
        """Lock the dataset while training."""
        self._running = activity is Activity.RUNNING
        self._enable()

    def apply_theme(self, theme: Theme) -> None:
        """Colour everything."""
        super().apply_theme(theme)
        apply_theme_below(self, theme)

    def _enable(self) -> None:
        is_table = self._experiment.data.is_table
        for thumbnail in self.thumbnails.values():
            thumbnail.setEnabled(not self._running)
        self.table_button.setEnabled(not self._running)
        self.table_button.setChecked(is_table)
        self.table.setEnabled(not self._running)
        self.regenerate.setEnabled(not is_table)

    def _choose(self, kind: DatasetKind) -> None:
        data = self._experiment.data
        if kind is not data.kind or data.own is not None:
            self.experiment_edited.emit(
                self._experiment.with_data(self._experiment.data.of_kind(kind))
            )

    def _on_thumbnail_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, DatasetThumbnail):
            sender.setChecked(True)
            self._choose(sender.kind)

    def _on_table_clicked(self) -> None:
        self.table_button.setChecked(True)
        if not self._experiment.data.is_table:
            self._choose(TABLES[0])

    def _on_noise_edited(self, value: float) -> None:
        data = replace(self._experiment.data, noise=value)
        self.experiment_edited.emit(replace(self._experiment, data=data))

    def _on_share_edited(self, value: float) -> None:
        data = replace(self._experiment.data, train_share=value)
        self.experiment_edited.emit(replace(self._experiment, data=data))

    def _on_batch_edited(self, value: float) -> None:
        training = replace(self._experiment.training, batch_size=round(value))
        self.experiment_edited.emit(replace(self._experiment, training=training))

    def _on_regenerate_clicked(self) -> None:
        data = self._experiment.data
        data = replace(data, seed=(data.seed + 1) % SEED_LIMIT)
        self.experiment_edited.emit(replace(self._experiment, data=data))
