"""The run at rest for a moment, so that a picture shows exactly what it carries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from playground.core.files import Document, encode_experiment
from playground.core.focus import NOTHING, Focus
from playground.core.parameters import to_flat
from playground.core.snapshot import Activity
from playground.ui.turns import TURN_MS, Steps, Turns, at_once

if TYPE_CHECKING:
    from playground.session.controller import Controller

Then = Callable[[bytes], Steps[None]]
"""Is given an experiment file with the exact state of the run that the window shows.

If the state changes between two steps, the rest is given up and it is called again with the new
one.
"""


class Moment(QObject):
    """Pauses the run, tells its state, and lets it go on."""

    def __init__(self, controller: Controller, turns: Turns, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._turns = controller, turns
        self._waiting: list[Then] = []
        self._focus = NOTHING
        self._asked = 0
        self._question = 0
        self._is_giving = self._was_interrupted = False
        self._play_turn = QTimer(self, singleShot=True, interval=TURN_MS)
        self._play_turn.timeout.connect(self._play_on)
        controller.state_taken.connect(self._on_state_taken)

    def take(self, then: Then, focus: Focus = NOTHING) -> None:
        """Call `then` as soon as the state is known, while the run rests and shows it.

        What is shown then answers `focus`, whether the view that asks it can be seen or not.
        """
        self._waiting.append(then)
        self._focus |= focus
        self._asked = 0
        self._ask()

    def _ask(self) -> None:
        controller = self._controller
        controller.hold()
        controller.look_at(self._focus, "picture")
        self._asked += 1
        self._question = controller.take_state()

    def close(self) -> None:
        """Forget what is waiting."""
        self._waiting.clear()
        self._play_turn.stop()

    def _on_state_taken(self, document: Document) -> None:
        # An answer to somebody who asked before may be older than what `look_at` asks for.
        if self._waiting and self._controller.n_told >= self._question:
            # After the turns in which the window shows the state and that the run rests.
            self._controller.in_turn(partial(self._hand_over, self._question, document))

    def _hand_over(self, question: int, document: Document) -> None:
        if not self._waiting or self._is_giving or question != self._question:
            return  # it is done, has its turn later, or the answer to a newer question has
        if not self._is_shown(document) or not self._is_answered():
            # The run was not paused when it was taken, or went on meanwhile.
            self._ask()
            return
        waiting, self._waiting = self._waiting, []
        self._is_giving = True
        self._turns.take(self._give(waiting, document))

    def _give(self, waiting: list[Then], document: Document) -> Steps[None]:
        try:
            content = encode_experiment(document.experiment, document.state)
            while waiting and (yield from self._take_steps(waiting[0](content), document)):
                waiting.pop(0)
        except Exception:
            self._go_on(waiting[1:])
            raise
        self._was_interrupted = bool(waiting)
        self._go_on(waiting)

    def _take_steps(self, steps: Steps[None], document: Document) -> Steps[bool]:
        """Take steps as long as the state is shown; return whether that was to their end."""
        with closing(steps):
            while self._is_shown(document):
                if self._was_interrupted:  # it must not be again, for ever
                    at_once(steps)
                    return True
                try:
                    next(steps)
                except StopIteration:
                    return True
                yield
        return False

    def _go_on(self, waiting: list[Then]) -> None:
        """Ask again if anything waits, else have the run go on."""
        self._is_giving = False
        self._waiting[:0] = waiting
        if self._waiting:
            self._ask()
            return
        self._focus = NOTHING
        self._controller.look_at(NOTHING, "picture")
        if self._controller.is_held:
            # Drawing a picture takes a frame, and so does the window when the run goes on.
            self._play_turn.start()

    def _play_on(self) -> None:
        if not self._waiting:
            self._controller.release()

    def _is_answered(self) -> bool:
        # The answer to the second question at the latest is to one asked after `look_at`.
        snapshot = self._controller.snapshot
        return snapshot is None or self._asked > 2 or snapshot.answers.cover(self._focus)

    def _is_shown(self, document: Document) -> bool:
        snapshot, state = self._controller.snapshot, document.state
        if snapshot is None or state is None:
            return True
        return (
            self._controller.activity is not Activity.RUNNING
            and document.experiment == snapshot.experiment
            and state.trainer.step == snapshot.step
            and np.array_equal(state.trainer.parameters, to_flat(snapshot.parameters))
        )
