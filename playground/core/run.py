"""One experiment's network in training: the trainer, its history, and what can be seen of it."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, isnan

import numpy as np

from playground.core.build import Change, change_between, make_trainer, update_trainer
from playground.core.data import make_data
from playground.core.experiment import Experiment
from playground.core.history import History
from playground.core.observer import (
    feature_maps,
    history_point,
    layer_snapshots,
    measure,
    output_map,
    tile_maps,
)
from playground.core.parameters import (
    carried_over,
    first_parameters,
    fits,
    from_flat,
    to_flat,
)
from playground.core.snapshot import (
    Divergence,
    Float32s,
    Float64s,
    Parameters,
    Snapshot,
    frozen32,
)
from tinyml.training import Trainer

DIVERGED_FACTOR = 1e6
"""A loss this many times the run's first counts as divergence."""


class Run:
    """Owns the one mutable training state; belongs to one thread.

    Everything it does depends on the experiment and the number of steps, never on the clock: how
    the steps are cut into chunks changes nothing.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.run_id = 0
        self._begin()

    def _begin(self) -> None:
        experiment = self.experiment
        self.run_id += 1
        self._shelf: Shelf = ()
        parameters = first_parameters(experiment.network, experiment.seed)
        self._trainer = make_trainer(experiment, parameters)
        self._data = make_data(experiment.data)
        self.divergence: Divergence | None = None
        self._stale()
        taken = measure(self._trainer, experiment, self._data)
        self._first_loss = taken.train_loss
        point = history_point(self._trainer, experiment, taken)
        self._history = History(taken.train_loss, point)
        self._good = self._trainer.parameters

    # Counts.

    @property
    def epoch(self) -> int:
        """Completed epochs."""
        return self._trainer.epoch

    @property
    def step(self) -> int:
        """Completed optimiser updates."""
        return self._trainer.step

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch."""
        return self._trainer.batch

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""
        return self._trainer.n_batches
