"""Thumbnails of every generator, in groups by what there is to learn."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from playground.core.data import make_data
from playground.core.experiment import DatasetKind, DataSpec, Problem
from playground.core.snapshot import DataView
from playground.ui.controls.base import Label
from playground.ui.controls.thumbnail import MARGIN, DatasetThumbnail
from playground.ui.theme import CAPTION_PX
from playground.ui.words import DATASETS

COLUMNS = 4
THUMBNAIL_SAMPLES = 96
THUMBNAIL_FIELD_SAMPLES = 1000
GROUPS: tuple[tuple[tuple[str, tuple[DatasetKind, ...]], ...], ...] = (
    (
        (
            "Two classes",
            (
                DatasetKind.CIRCLE,
                DatasetKind.XOR,
                DatasetKind.GAUSS,
                DatasetKind.SPIRAL,
                DatasetKind.MOONS,
                DatasetKind.CHECKERBOARD,
                DatasetKind.YIN_YANG,
            ),
        ),
    ),
    (
        ("More classes", (DatasetKind.RINGS, DatasetKind.BLOBS)),
        ("Surfaces", (DatasetKind.PLANE, DatasetKind.HILLS)),
    ),
    (
        (
            "Curves",
            (DatasetKind.SINE, DatasetKind.STEPS, DatasetKind.PARABOLA, DatasetKind.KINK),
        ),
    ),
)
"""Bands of the gallery from top to bottom; in each, groups side by side."""


def thumbnail_samples() -> dict[DatasetKind, DataView]:
    """Draw one sample of every generator, in the order of the gallery."""
    samples = {}
    for kind in (kind for band in GROUPS for _, kinds in band for kind in kinds):
        surface = kind.problem is Problem.REGRESSION and not kind.is_curve
        count = THUMBNAIL_FIELD_SAMPLES if surface else THUMBNAIL_SAMPLES
        samples[kind] = make_data(DataSpec(kind, count))
    return samples


class DataGallery(QWidget):
    """The thumbnails.

    Attributes
    ----------
    thumbnails : every generator's button.

    Signals
    -------
    kind_chosen(object) : the `DatasetKind` a person clicked.
    """

    kind_chosen = Signal(object)

    def __init__(
        self, samples: Mapping[DatasetKind, DataView], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.thumbnails = {
            kind: DatasetThumbnail(kind, DATASETS[kind], data) for kind, data in samples.items()
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for thumbnail in self.thumbnails.values():
            thumbnail.clicked.connect(self._on_thumbnail_clicked)
        for band in GROUPS:
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(0)
            place = 0
            for title, kinds in band:
                label = Label(title, CAPTION_PX, ink="ink3")
                label.setContentsMargins(MARGIN, 0, 0, 0)
                grid.addWidget(label, 0, place % COLUMNS, 1, min(len(kinds), COLUMNS))
                for kind in kinds:
                    grid.addWidget(self.thumbnails[kind], 1 + place // COLUMNS, place % COLUMNS)
                    place += 1
            column.addLayout(grid)
        side = next(iter(self.thumbnails.values())).width()
        # Wider with larger text, which the words above the thumbnails need.
        self.setMinimumWidth(COLUMNS * side)

    def keep_pictures(self, scale: float) -> None:
        """Paint now what is kept for a picture of the window at `scale`, if it shows these."""
        ratio = max(scale, self.devicePixelRatioF())
        if scale >= 1.0 and self.isVisible():
            for thumbnail in self.thumbnails.values():
                thumbnail.keep_picture(ratio)

    def show_kind(self, kind: DatasetKind | None) -> None:
        """Mark the generator in force, or none."""
        for own, thumbnail in self.thumbnails.items():
            thumbnail.setChecked(own is kind)

    def set_unlocked(self, unlocked: bool) -> None:
        """Let generators be chosen, or not."""
        for thumbnail in self.thumbnails.values():
            thumbnail.setEnabled(unlocked)

    def _on_thumbnail_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, DatasetThumbnail):
            sender.setChecked(True)
            self.kind_chosen.emit(sender.kind)
