"""The run at rest for a moment, so that a picture shows exactly what it carries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from playground.core.files import Document, encode_experiment
from playground.core.parameters import to_flat
from playground.core.snapshot import Activity

if TYPE_CHECKING:
    from playground.session.controller import Controller

TURN_MS = 1
"""A timer of 0 ms would come in the same turn of the event loop, before other timers."""

Then = Callable[[bytes], None]
"""Is given an experiment file with the exact state of the run that the window shows."""


class Moment(QObject):
    """Pauses the run, tells its state, and lets it go on."""

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._waiting: list[Then] = []
        self._plays_on = False
        controller.state_taken.connect(self._on_state_taken)

    def take(self, then: Then) -> None:
        """Call `then` as soon as the state is known, while the run rests and shows it."""
        self._waiting.append(then)
        self._ask()

    def _ask(self) -> None:
        controller = self._controller
        if controller.activity is Activity.RUNNING:
            self._plays_on = True
            controller.pause()
        controller.take_state()

    def _on_state_taken(self, document: Document) -> None:
        if self._waiting:
            # In a turn of its own: the window has just been told that the run rests.
            QTimer.singleShot(TURN_MS, self, partial(self._hand_over, document))

    def _hand_over(self, document: Document) -> None:
        if not self._waiting:
            return
        if not self._is_shown(document):
            # Somebody else asked for it, before the run was paused; the answer to us follows.
            self._ask()
            return
        waiting, self._waiting = self._waiting, []
        content = encode_experiment(document.experiment, document.state)
        try:
            for then in waiting:
                then(content)
        finally:
            if self._plays_on:
                # Drawing a picture takes a frame, and so does the window when the run goes on.
                QTimer.singleShot(TURN_MS, self, self._play_on)

    def _play_on(self) -> None:
        if self._plays_on and not self._waiting:
            self._plays_on = False
            self._controller.play()

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
