"""The samples on the output map: filled and hollow marks, and rings around the wrong ones."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QBrush, QPen

from playground.core.snapshot import DataView, Snapshot
from playground.ui.map_axes import map_axes
from playground.ui.plot_chrome import Points
from playground.ui.sample_marks import (
    SYMBOL_BOX,
    SYMBOLS,
    halo_pen,
    marks,
    sample_places,
    symbol_pen,
)
from playground.ui.theme import Theme

RIM_INSET = 4.5
WRONG_SIZE = 12.5
NO_BRUSH = QBrush()


class MapSamples:
    """The plotted items of the samples, created once.

    Attributes
    ----------
    train, test : the marks.
    wrong : rings around samples that the network puts into another class.
    places : (n, 2) where the samples are drawn; NaN: nowhere.
    """

    def __init__(self) -> None:
        self.wrong = Points()
        self.train = Points()
        self.test = Points()
        self.places = np.zeros((0, 2))
        self._data: DataView | None = None
        self._drawn_as: tuple[object, ...] = ()

    def resize(self, unit: float) -> None:
        """Draw the marks at another size."""
        for points, size in (
            (self.train, SYMBOL_BOX * unit),
            (self.test, SYMBOL_BOX * unit),
            (self.wrong, WRONG_SIZE * unit),
        ):
            if points.opts["size"] != size:
                points.setSize(size)

    def show(self, snapshot: Snapshot, theme: Theme, unit: float, width: float) -> None:
        """Place the samples on a map of `width` pixels; those outside are kept at its rim."""
        data = snapshot.data
        axes = map_axes(data)
        ends = np.array([axes.x, axes.y]).T
        margin = RIM_INSET * unit / width * (ends[1] - ends[0])
        places = sample_places(data)
        outside = (places < ends[0]) | (places > ends[1])
        x = np.where(outside, np.clip(places, ends[0] + margin, ends[1] - margin), places)
        known = np.asarray(np.isfinite(x).all(axis=1))
        places = np.where(known[:, None], x, np.nan)
        problem = snapshot.experiment.data.problem
        drawn_as = problem, theme, unit
        as_before = data is self._data and drawn_as == self._drawn_as
        if as_before and np.array_equal(places, self.places, equal_nan=True):
            return
        self.places, self._data, self._drawn_as = places, data, drawn_as
        looks = marks(data, problem, theme)
        brushes, pen = looks.brushes(), halo_pen(theme.paper)
        order = np.arange(len(x))
        for points, rows, hollow in (
            (self.train, order[known & (order < data.n_train)], False),
            (self.test, order[known & (order >= data.n_train)], True),
        ):
            points.setData(
                x=x[rows, 0],
                y=x[rows, 1],
                symbol=[SYMBOLS[int(shape), hollow] for shape in looks.shapes[rows]],
                brush=[brushes[shade] for shade in looks.shades[rows]],
                pen=pen,
                size=SYMBOL_BOX * unit,
            )

    def show_wrong(
        self, snapshot: Snapshot, theme: Theme, unit: float, *, shown: bool, with_test: bool
    ) -> None:
        """Ring the samples in the wrong class."""
        wrong = snapshot.wrong
        self.wrong.setVisible(shown and len(wrong) == len(self.places))
        if not self.wrong.isVisible():
            return
        rows = wrong & np.isfinite(self.places[:, 0])
        if not with_test:
            rows = rows & (np.arange(len(rows)) < snapshot.data.n_train)
        self.wrong.setData(
            x=self.places[rows, 0],
            y=self.places[rows, 1],
            symbol="o",
            brush=NO_BRUSH,
            pen=ring_pen(theme),
            size=WRONG_SIZE * unit,
        )


def ring_pen(theme: Theme) -> QPen:
    """Return the pen of a ring, a pixel wide in the units of its symbol."""
    return symbol_pen(theme.ink2, 1.1 / WRONG_SIZE)
