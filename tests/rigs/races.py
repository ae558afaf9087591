"""Random commands to the training thread while Python changes threads all the time.

    python -m tests.rigs.races [--count 1000000] [--seed 1]

Every snapshot must be whole: its numbers belong to one network, one step and one experiment, and
its arrays cannot be written. Every state that is told must be of the experiment that was in force
when it was asked for, and fit it. Only what cannot be taken up may be refused, all of that and in
its own words, and no activity may follow another that cannot. At the end the thread must answer
and have taken up the last wish.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Activation, Experiment, LayerSpec, Optimizer, presets
from playground.core.files import Document, decode_document, encode_document
from playground.core.focus import Focus, ParameterAddress
from playground.core.parameters import fits
from playground.core.run import Run
from playground.core.run_state import check_state
from playground.core.snapshot import Activity, ParameterChange, ParameterEdit, Snapshot
from playground.session.controller import Controller
from playground.session.preparation import load_kernels
from tests.rigs.options import parser_of
from tests.rigs.waiting import turn, wait_until

SWITCH_S = 1e-6
BORNE_PER_S = 50
"""Commands a second that a busy machine gets done; what is sent faster waits in the queue."""
LULL_MS = 40
"""Now and then the queue is worked off, so that there is training and not only commands."""
FIRST_BURST = 30
KEPT_DOCUMENTS = 8
ENCODED_EACH = 10
"""Of so many states that are told one goes through a file."""
EXPLODING_RATE = 1e9
MISSHAPEN = "the edited weights do not have the network's shapes"
DIVERGED = "Training diverged in epoch "
FOLLOWS = {
    Activity.PAUSED: (Activity.PREPARING, Activity.RUNNING, Activity.DIVERGED),
    Activity.PREPARING: (Activity.PAUSED, Activity.RUNNING, Activity.DIVERGED),
    Activity.RUNNING: (Activity.PAUSED, Activity.DIVERGED),
    Activity.DIVERGED: (Activity.PAUSED,),
}
"""What may come next: only a rest, or a step made while resting, leads anywhere but to a rest."""


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
    assert 0 <= snapshot.batch < snapshot.n_batches, (snapshot.batch, snapshot.n_batches)
    assert snapshot.step >= snapshot.epoch
    assert snapshot.history.epochs[-1] >= snapshot.epoch - 1 or snapshot.epoch == 0


class Hammer:
    """Sends random commands to a controller and looks at everything it answers.

    It keeps book of what it sent: which experiment the training thread must have afterwards, and
    with which words it must refuse what cannot be taken up. Whatever else is told is a fault.
    """

    def __init__(self, controller: Controller, seed: int) -> None:
        self.controller = controller
        self.snapshots = 0
        self.experiment = controller.experiment
        """What the training thread has after all that was sent."""
        self.n_asked = 0
        self._refusals: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._asked: dict[int, Experiment | None] = {}
        self._documents: deque[Document] = deque(maxlen=KEPT_DOCUMENTS)
        self._run_id = 0
        self._activity = controller.activity
        self._commands: tuple[tuple[Callable[[], object], int], ...] = (
            (self._apply, 10),
            (self._edit_all, 2),
            (self._edit_one, 2),
            (self._open, 2),
            (self._open_again, 2),
            (self._open_what_does_not_fit, 1),
            (self._look, 2),
            (self.ask, 2),
            (self._play, 3),
            (self._pause, 2),
            (controller.toggle, 2),
            (self._hold, 2),
            (self._release, 3),
            (controller.step_epoch, 2),
            (controller.step_batch, 2),
            (self._reset, 2),
            (controller.go_back, 2),
        )
        controller.snapshot_changed.connect(self._on_snapshot_changed)
        controller.activity_changed.connect(self._on_activity_changed)
        controller.state_taken.connect(self._on_state_taken)
        controller.notice_raised.connect(self._on_notice_raised)
        controller.refused.connect(self._on_refused)

    def strike(self) -> None:
        """Send one command."""
        commands, weights = zip(*self._commands, strict=True)
        self._random.choices(commands, weights)[0]()

    def check_refusals(self) -> None:
        """Fail if something was not refused that had to be; for when all was answered."""
        assert not self._refusals.total(), self._refusals

    # Commands.

    def _apply(self) -> None:
        edited = self._edited(self.controller.experiment)
        if edited != self.controller.experiment:
            self.experiment = edited
        self.controller.apply(edited)

    def _edit_all(self) -> None:
        """Take up the weights that are shown; they may not fit the network any more."""
        snapshot, experiment = self.controller.snapshot, self.controller.experiment
        if snapshot is None:
            return
        if not fits(snapshot.parameters, experiment.network):
            self._refusals[MISSHAPEN] += 1
        self.experiment = experiment
        self.controller.edit_parameters(ParameterEdit(snapshot.parameters, "edit"))

    def _edit_one(self) -> None:
        """Set one number, of a network that was seen or of one that never was."""
        snapshot, experiment, chance = (
            self.controller.snapshot,
            self.controller.experiment,
            self._random,
        )
        if snapshot is None:
            return
        layer, target, source = (chance.randint(0, 2) for _ in range(3))
        change = ParameterChange(layer, target, source - 1, chance.uniform(-1.0, 1.0))
        sizes = (len(experiment.network.features), *experiment.network.layer_sizes)
        if layer >= len(sizes) - 1:
            self._refusals[f"there is no layer {layer} to change"] += 1
        elif target >= sizes[layer + 1] or source - 1 >= sizes[layer]:
            place = (target,) if source == 0 else (target, source - 1)
            self._refusals[f"there is no weight {place} in layer {layer}"] += 1
        self.experiment = experiment
        edit = ParameterEdit(snapshot.parameters, "edit", (change,))
        self.controller.edit_parameters(edit)

    def _open(self) -> None:
        self._open_document(Document(self._edited(self.controller.experiment)))

    def _open_again(self) -> None:
        if self._documents:
            self._open_document(self._random.choice(self._documents))

    def _open_what_does_not_fit(self) -> None:
        if self._documents:
            document = self._random.choice(self._documents)
            self._open_document(replace(document, experiment=self._edited(document.experiment)))

    def _open_document(self, document: Document) -> None:
        try:
            if document.state is not None:
                check_state(document.experiment, document.state)
        except ValueError as error:
            self._refusals[str(error)] += 1
        else:
            self.experiment = document.experiment
        self.controller.open(document)
        assert not self.controller.is_held

    def ask(self) -> None:
        """Ask for the state; the answer must be of what was sent until now."""
        # What is asked before the kernels are there is answered later, once for all of it.
        expected = self.experiment if self.controller.snapshot is not None else None
        self.n_asked = self.controller.take_state()
        self._asked[self.n_asked] = expected

    def _look(self) -> None:
        chance = self._random
        address = ParameterAddress(*(chance.randint(0, 3) for _ in range(3)))
        bias = ParameterAddress(chance.randint(0, 3), chance.randint(0, 3))
        focus = Focus(
            weights=frozenset(chance.sample([address, bias], chance.randint(0, 2))),
            points=frozenset((chance.uniform(-6, 6),) * n for n in range(chance.randint(0, 4))),
            series=chance.random() < 0.5,
            trails=frozenset(chance.sample(range(4), chance.randint(0, 2))),
            coarse=chance.random() < 0.5,
            coarse_tiles=chance.random() < 0.5,
            neuron=chance.choice([None, (chance.randint(0, 3), chance.randint(0, 3))]),
        )
        self.controller.look_at(focus, chance.choice(["one", "another"]))

    def _play(self) -> None:
        self.controller.play()
        assert not self.controller.is_held

    def _pause(self) -> None:
        self.controller.pause()
        assert not self.controller.is_held

    def _reset(self) -> None:
        self.controller.reset()
        assert not self.controller.is_held

    def _hold(self) -> None:
        was_held = self.controller.is_held
        self.controller.hold()
        running = self.controller.activity is Activity.RUNNING
        assert was_held or running or not self.controller.is_held

    def _release(self) -> None:
        self.controller.release()
        assert not self.controller.is_held

    def _edited(self, experiment: Experiment) -> Experiment:
        chance = self._random
        training, network, data = experiment.training, experiment.network, experiment.data
        choice = chance.randrange(7)
        if choice == 0:
            rate = chance.choice([0.01, 0.1, EXPLODING_RATE])
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
        if choice == 5:
            kind = chance.choice([Activation.TANH, Activation.LINEAR, Activation.LINEAR])
            return replace(experiment, network=replace(network, output_activation=kind))
        return replace(experiment, seed=chance.randrange(4))

    # Answers.

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        check_whole(snapshot)
        assert snapshot.run_id >= self._run_id, "an older run was shown"
        self._run_id = snapshot.run_id
        self.snapshots += 1

    def _on_activity_changed(self, activity: Activity) -> None:
        assert activity in FOLLOWS[self._activity], (self._activity, activity)
        self._activity = activity

    def _on_state_taken(self, document: Document) -> None:
        number = self.controller.n_told
        if number > self.n_asked:  # the controller's own question, when it is shut down
            return
        expected = self._asked[number]  # nothing is told twice, or later than a newer answer
        assert expected is None or document.experiment == expected, "the state of something else"
        self._asked = {asked: one for asked, one in self._asked.items() if asked > number}
        if document.state is None:
            return
        check_state(document.experiment, document.state)
        if number % ENCODED_EACH == 0:
            data = encode_document(document)
            again = decode_document(data)
            assert again.experiment == document.experiment
            assert encode_document(again) == data
        self._documents.append(document)

    def _on_notice_raised(self, notice: str) -> None:
        if notice.startswith(DIVERGED):
            assert self._activity is Activity.DIVERGED, notice
            return
        reason = next((r for r, n in self._refusals.items() if n and r in notice), None)
        assert reason is not None, f"nothing that was sent explains: {notice}"
        self._refusals[reason] -= 1

    def _on_refused(self, kept: Experiment) -> None:
        assert kept == self.experiment == self.controller.experiment


def hammer(count: int, seed: int) -> int:
    """Send `count` commands; return how many snapshots came back, all whole."""
    failures: list[BaseException] = []
    hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: failures.append(error)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    small = presets()["circle"]
    loaded = threading.Event()

    def load() -> None:
        load_kernels()
        loaded.set()

    def begin(experiment: Experiment) -> Run:
        if not loaded.is_set():
            failures.append(AssertionError("a run was begun before the kernels were there"))
        return Run(experiment)

    few = replace(small, data=replace(small.data, n_samples=20))
    controller = Controller(few, load, begin)
    tool = Hammer(controller, seed)
    # The kernels come after the first commands, as at a first start.
    preparation = controller._preparation
    preparation.start = lambda: None  # type: ignore[method-assign]
    controller.start()
    try:
        for _ in range(FIRST_BURST):
            tool.strike()
            turn(0)
        preparation.finished.emit()
        wait_until(
            lambda: controller.snapshot is not None, controller.snapshot_changed, "start", 120.0
        )
        chance = random.Random(seed + 1)
        made = FIRST_BURST
        while made < count:
            burst = min(count - made, chance.choice([1, 1, 2, 5, 20]))
            for _ in range(burst):
                tool.strike()
            made += burst
            turn(chance.choice([0, 0, 0, 1, 3, LULL_MS, LULL_MS]))
            if failures:
                raise failures[0]
        controller.pause()
        # Its answer comes after everything that is still queued.
        tool.ask()
        patience = max(120.0, count / BORNE_PER_S)
        wait_until(
            lambda: controller.n_told == tool.n_asked,
            controller.state_taken,
            "answer to everything",
            patience,
        )
        wait_until(
            lambda: (
                controller.activity in (Activity.PAUSED, Activity.DIVERGED)
                and controller.snapshot.experiment == controller.experiment == tool.experiment
            ),
            controller.snapshot_changed,
            "last answer",
            60.0,
        )
        tool.check_refusals()
    except TimeoutError as error:
        if not failures:
            raise
        raise failures[0] from error
    finally:
        controller.shut_down()
        sys.setswitchinterval(interval)
        sys.excepthook = hook
    if failures:
        raise failures[0]
    return tool.snapshots


def main() -> None:
    """Hammer and print."""
    parser = parser_of(__doc__)
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
