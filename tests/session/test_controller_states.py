"""Any order of commands leaves controller, training thread and a plain model of both alike."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from playground.core.experiment import Experiment, Speed
from playground.core.files import Document
from playground.core.snapshot import Activity
from playground.session import preparation
from playground.session.controller import Controller
from tests.rigs.waiting import wait_until
from tests.session.fake_run import FakeRun

RATES = st.sampled_from([0.001, 0.01, 0.1, 1.0])


class Session(RuleBasedStateMachine):
    """Commands to a controller with a real thread and a fake run."""

    def __init__(self):
        super().__init__()
        self.runs = []
        self.experiment = Experiment()
        self.is_playing = False
        self.steps_at_least = 0
        self.controller = Controller(self.experiment, lambda: None, self._begin)
        self.controller.start()
        self._settle(lambda: self.controller.snapshot is not None)

    def _begin(self, experiment):
        self.runs.append(FakeRun(experiment))
        return self.runs[-1]

    def _settle(self, condition):
        wait_until(condition, self.controller.snapshot_changed, "settle", 20.0)

    @rule()
    def play(self):
        self.controller.play()
        self.is_playing = True
        self._settle(lambda: self.controller.activity is Activity.RUNNING)

    @rule()
    def pause(self):
        self.controller.pause()
        self.is_playing = False
        wait_until(
            lambda: self.controller.activity is Activity.PAUSED,
            self.controller.activity_changed,
            "pause",
            20.0,
        )

    @rule()
    def reset(self):
        self.controller.reset()
        self.is_playing, self.steps_at_least = False, 0
        self._settle(
            lambda: (
                self.controller.activity is Activity.PAUSED and self.controller.snapshot.step == 0
            )
        )

    @rule(rate=RATES, speed=st.sampled_from([Speed.FULL, Speed.BATCH_1]))
    def edit(self, rate, speed):
        training = replace(self.experiment.training, learning_rate=rate, speed=speed)
        self.experiment = replace(self.experiment, training=training)
        self.controller.apply(self.experiment)

    @rule(seed=st.integers(0, 5))
    def another_seed(self, seed):
        self.experiment = self.experiment.with_seed(seed)
        self.controller.apply(self.experiment)

    @rule(seed=st.integers(0, 5), step=st.integers(0, 50))
    def open(self, seed, step):
        self.experiment = Experiment().with_seed(seed)
        self.is_playing, self.steps_at_least = False, step
        self.controller.open(Document(self.experiment, step))
        # A snapshot from before may have the same step.
        self._settle(
            lambda: (
                self.controller.activity is Activity.PAUSED
                and self.controller.snapshot.step == step
                and self.controller.snapshot.experiment == self.experiment
            )
        )
        assert self.runs[-1].step == step

    @rule()
    def step_one_batch_while_paused(self):
        if not self.is_playing:
            before = self.controller.snapshot.step
            self.controller.step_batch()
            self._settle(lambda: self.controller.snapshot.step == before + 1)

    @rule()
    def take_the_state(self):
        taken = []
        self.controller.state_taken.connect(taken.append)
        self.controller.take_state()
        wait_until(lambda: bool(taken), self.controller.state_taken, "state", 20.0)
        self.controller.state_taken.disconnect(taken.append)
        assert taken[0].experiment == self.experiment

    @invariant()
    def what_is_in_force_is_what_was_asked_for(self):
        assert self.controller.experiment == self.experiment
        assert len(self.runs) == 1
        if not self.is_playing:
            assert self.controller.activity is Activity.PAUSED

    def teardown(self):
        self._settle(lambda: self.controller.snapshot.experiment == self.experiment)
        self.controller.shut_down()
        assert self.controller.last_state.experiment == self.experiment


def test_any_order_of_commands_is_borne(qapp, monkeypatch, amount):
    monkeypatch.setattr(preparation, "is_warm", lambda: True)
    Session.TestCase.settings = settings(
        max_examples=amount(12, 2000),
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case = Session.TestCase()
    case.runTest()


@pytest.mark.parametrize("text", ["play", "open"])
def test_the_machine_has_rules(text):
    assert hasattr(Session, text)
