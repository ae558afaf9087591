"""Random commands to the training thread while Python changes threads all the time.

    python -m tests.rigs.races [--count 1000000] [--seed 1]

Every snapshot must be whole: its numbers belong to one network, one step and one experiment, and
its arrays cannot be written. At the end the thread must answer and have taken up the last wish.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment, LayerSpec, Optimizer, presets
from playground.core.snapshot import Activity, ParameterEdit, Snapshot
from playground.session.controller import Controller
from tests.rigs.waiting import turn, wait_until

SWITCH_S = 1e-6
BORNE_PER_S = 50
"""Commands a second that a busy machine gets done; what is sent faster waits in the queue."""


def check_whole(snapshot: Snapshot) -> None:
    """Fail if a snapshot is not the picture of one moment."""
    network = snapshot.experiment.network
    sizes = tuple(len(layer.biases) for layer in snapshot.layers)
    assert sizes == network.layer_sizes, (sizes, network)
    for k, layer in enumerate(snapshot.layers):
        assert np.array_equal(layer.weights, snapshot.parameters.weights[k])
        assert np.array_equal(layer.biases, snapshot.parameters.biases[k])
        assert layer.maps.shape[0] == sizes[k] == len(layer.neuron_gradients)
        assert not layer.weights.flags.writeable
        assert not layer.maps.flags.writeable
    assert len(snapshot.predictions) == len(snapshot.data.x) == len(snapshot.data.y)
    assert 0 <= snapshot.batch < snapshot.n_batches
    assert snapshot.step >= snapshot.epoch
    assert snapshot.history.epochs[-1] >= snapshot.epoch - 1 or snapshot.epoch == 0


class Hammer:
    """Sends random commands to a controller and looks at everything it answers."""

    def __init__(self, controller: Controller, seed: int) -> None:
        self.controller = controller
        self.snapshots = 0
        self._random = random.Random(seed)
        self._changed = True
        controller.snapshot_changed.connect(self._on_snapshot_changed)

    def strike(self) -> None:
        """Send one command."""
        controller, chance = self.controller, self._random
        choice = chance.randrange(12)
        if choice < 3:
            (controller.play, controller.pause, controller.toggle)[choice]()
        elif choice < 5:
            (controller.step_epoch, controller.step_batch)[choice - 3]()
        elif choice == 5:
            controller.reset()
        elif choice == 6 and controller.snapshot is not None:
            # It may not fit the network any more; then it is refused.
            controller.edit_parameters(ParameterEdit(controller.snapshot.parameters, "edit"))
        else:
            controller.apply(self._edited(controller.experiment))

    def _edited(self, experiment: Experiment) -> Experiment:
        chance = self._random
        training, network, data = experiment.training, experiment.network, experiment.data
        choice = chance.randrange(6)
        if choice == 0:
            rate = chance.choice([0.001, 0.01, 0.1])
            return replace(experiment, training=replace(training, learning_rate=rate))
        if choice == 1:
            kind = chance.choice(list(Optimizer))
            return replace(experiment, training=replace(training, optimizer=kind))
        if choice == 2:
            size = chance.randint(1, 20)
            return replace(experiment, training=replace(training, batch_size=size))
        if choice == 3:
            hidden = tuple(LayerSpec(chance.randint(1, 3)) for _ in range(chance.randint(0, 2)))
            return replace(experiment, network=replace(network, hidden=hidden))
        if choice == 4:
            return replace(experiment, data=replace(data, seed=chance.randrange(4)))
        return replace(experiment, seed=chance.randrange(4))

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        check_whole(snapshot)
        self.snapshots += 1


def hammer(count: int, seed: int) -> int:
    """Send `count` commands; return how many snapshots came back, all whole."""
    failures: list[BaseException] = []
    hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: failures.append(error)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    small = presets()["circle"]
    controller = Controller(replace(small, data=replace(small.data, n_samples=20)))
    controller.start()
    tool = Hammer(controller, seed)
    try:
        wait_until(lambda: controller.snapshot is not None, controller.snapshot_changed, "start")
        chance = random.Random(seed + 1)
        made = 0
        while made < count:
            burst = min(count - made, chance.choice([1, 1, 2, 5, 20]))
            for _ in range(burst):
                tool.strike()
            made += burst
            turn(chance.choice([0, 0, 0, 1, 3]))
            if failures:
                raise failures[0]
        controller.pause()
        # Its answer comes after everything that is still queued.
        answers: list[object] = []
        controller.state_taken.connect(answers.append)
        controller.take_state()
        patience = max(120.0, count / BORNE_PER_S)
        wait_until(lambda: bool(answers), controller.state_taken, "answer to everything", patience)
        wait_until(
            lambda: (
                controller.activity in (Activity.PAUSED, Activity.DIVERGED)
                and controller.snapshot.experiment == controller.experiment
            ),
            controller.snapshot_changed,
            "last answer",
            60.0,
        )
    finally:
        controller.shut_down()
        sys.setswitchinterval(interval)
        sys.excepthook = hook
    if failures:
        raise failures[0]
    return tool.snapshots


def main() -> None:
    """Hammer and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    application = QApplication([])
    began = time.monotonic()
    snapshots = hammer(options.count, options.seed)
    took = time.monotonic() - began
    print(f"{options.count} commands in {took:.0f} s, {snapshots} snapshots, all whole")
    del application


if __name__ == "__main__":
    main()
