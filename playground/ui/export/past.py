"""Whether training again from epoch 0 gives the run that is shown: not if it was edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from playground.core.experiment import Experiment, Speed
from playground.core.parameters import first_parameters, to_flat
from playground.core.snapshot import Snapshot

REPLAYED = "Trained again from epoch 0 with the present settings."
EDITED = f"{REPLAYED} This run was edited on its way: the result may differ from what is shown."
OPENED = f"{REPLAYED} This run came from a file: had it been edited, the result will differ."


class Past:
    """Follows the snapshots of the window, and says what an export that trains again will show."""

    def __init__(self) -> None:
        self._last: Snapshot | None = None
        self._words = REPLAYED

    @property
    def words(self) -> str:
        """One line for the export dialog."""
        return self._words

    def see(self, snapshot: Snapshot) -> None:
        """Take note of the newest snapshot."""
        last, self._last = self._last, snapshot
        if snapshot.step == 0:
            self._words = REPLAYED if _is_fresh(snapshot) else EDITED
        elif last is None or last.run_id != snapshot.run_id:
            self._words = OPENED
        elif last.step > 0 and _settings(last.experiment) != _settings(snapshot.experiment):
            self._words = EDITED

    def mark_edited(self) -> None:
        """Take note that weights were set by hand."""
        if self._last is not None and self._last.step > 0:
            self._words = EDITED


def _settings(experiment: Experiment) -> tuple[object, ...]:
    """Return what training depends on."""
    training = replace(experiment.training, speed=Speed.FULL)
    return experiment.data.without_view(), experiment.network, training, experiment.seed


def _is_fresh(snapshot: Snapshot) -> bool:
    network, seed = snapshot.experiment.network, snapshot.experiment.seed
    first = to_flat(first_parameters(network, seed))
    return np.array_equal(first, to_flat(snapshot.parameters))
