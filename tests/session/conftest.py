"""A controller with a fake run in a real thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from playground.core.experiment import Experiment, Speed
from playground.session import preparation
from playground.session.controller import Controller
from tests.session.fake_run import FakeRun


class Desk:
    """What a test sees: the controller, and the fake run once it was begun."""

    def __init__(self) -> None:
        self.runs: list[FakeRun] = []
        self.loads = 0
        self.settings: dict[str, object] = {}
        self.load_error: Exception | None = None
        self.controller = Controller(Experiment(), self._load, self._begin)

    @property
    def run(self) -> FakeRun:
        return self.runs[-1]

    def _load(self) -> None:
        self.loads += 1
        if self.load_error is not None:
            raise self.load_error

    def _begin(self, experiment: Experiment) -> FakeRun:
        run = FakeRun(experiment)
        for name, value in self.settings.items():
            setattr(run, name, value)
        self.runs.append(run)
        return run


def at_speed(speed: Speed) -> Experiment:
    """The default experiment at another speed."""
    base = Experiment()
    return replace(base, training=replace(base.training, speed=speed))


@pytest.fixture
def desk(qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A controller that is not started yet; nothing has to be compiled."""
    monkeypatch.setattr(preparation, "is_warm", lambda: True)
    desk = Desk()
    yield desk
    desk.controller.shut_down()


@pytest.fixture
def started(desk: Desk, qtbot: object) -> Callable[..., Desk]:
    """Start the desk's controller, with settings for the run, and wait for the first snapshot."""

    def start(**settings: object) -> Desk:
        desk.settings = settings
        with qtbot.waitSignal(desk.controller.snapshot_changed):
            desk.controller.start()
        return desk

    return start
