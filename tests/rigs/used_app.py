"""An app that is used at random until it is killed: ``python -m tests.rigs.used_app FOLDER SEED``.

It keeps its work in FOLDER and prints what there was to lose as lines of JSON: the time, the run's
seed, the step. Every run has a seed of its own, told when the run is asked for and again with each
of its snapshots. In a run that rests for good the n-th edit of a weight is told as the n-th
thousandth of a step: it sets the last bias to n thousand, so that what was kept says the same.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from playground.app import create_window
from playground.core.experiment import DatasetKind, Experiment, LayerSpec, presets
from playground.core.snapshot import Activity, ParameterEdit, Parameters, Snapshot

MARK = 1000.0
DATASETS = (DatasetKind.CIRCLE, DatasetKind.XOR, DatasetKind.GAUSS, DatasetKind.MOONS)
LARGEST = 8


def marked_step(step: int, parameters: Parameters) -> float:
    """Return a step together with the edits of a weight that were made after it."""
    bias = float(parameters.biases[-1][-1])
    return step + bias / MARK / 1000 if bias >= MARK else step


class RandomUse:
    """Does something to a window every now and then."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._window = create_window(presets()["circle"])
        self._window.files.keep_in(folder)
        self._controller = self._window.controller
        self._edits = 0
        self._timer = QTimer(singleShot=True)
        self._timer.timeout.connect(self._act)
        self._controller.snapshot_changed.connect(self._on_snapshot_changed)
        self._window.show()

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        _tell(snapshot.experiment.seed, marked_step(snapshot.step, snapshot.parameters))
        if not self._timer.isActive():
            self._act()

    def _act(self) -> None:
        chance, controller = self._chance, self._controller
        wish = chance.choice(["play"] * 4 + ["pause"] * 3 + ["step"] * 2 + ["seed", "size", "data"])
        rests = controller.activity is Activity.PAUSED
        if self._edits or (rests and chance.random() < 0.3):
            # What was edited rests until there is another run.
            wish = chance.choice(["weight", "seed", "size", "data"])
        if wish == "play":
            controller.play()
        elif wish == "pause":
            controller.pause()
        elif wish == "step":
            controller.step_epoch()
        elif wish == "weight":
            self._edit_weight()
        else:
            self._begin(wish)
        self._timer.start(chance.randrange(100, 1500))

    def _edit_weight(self) -> None:
        snapshot = self._controller.snapshot
        assert snapshot is not None
        self._edits += 1
        biases = [np.array(row) for row in snapshot.parameters.biases]
        biases[-1][-1] = MARK * self._edits
        parameters = replace(snapshot.parameters, biases=tuple(biases))
        _tell(snapshot.experiment.seed, marked_step(snapshot.step, parameters))
        self._window.edits.edit_parameters(ParameterEdit(parameters, "edit"))

    def _begin(self, wish: str) -> None:
        chance, experiment = self._chance, self._controller.experiment
        if wish == "size":
            experiment = _resized(experiment, chance.choice([-1, 1]))
        elif wish == "data":
            experiment = presets()[chance.choice(DATASETS)]
        seed = chance.randrange(2**32)
        _tell(seed, 0)
        self._edits = 0
        self._window.edits.edit(replace(experiment, seed=seed))
        self._controller.play()


def _resized(experiment: Experiment, by: int) -> Experiment:
    first, *others = experiment.network.hidden
    size = min(max(first.size + by, 1), LARGEST)
    hidden = (LayerSpec(size, first.activation), *others)
    return replace(experiment, network=replace(experiment.network, hidden=hidden))


def _tell(seed: int, step: float) -> None:
    try:
        print(json.dumps([time.time(), seed, step]), flush=True)
    except BrokenPipeError:
        os._exit(1)  # the rig has been killed itself


def main() -> int:
    """Use the app until it is killed."""
    application = QApplication([])
    use = RandomUse(Path(sys.argv[1]), int(sys.argv[2]))
    code = application.exec()
    del use
    return code


if __name__ == "__main__":
    sys.exit(main())
