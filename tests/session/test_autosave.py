"""What the app keeps of the work while its training thread does not answer."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.core.run import Run
from playground.core.snapshot import Activity
from playground.session.autosave import Autosave
from playground.session.recovery import split_note
from playground.session.scribe import Written


class BusyController(QObject):
    """Takes up experiments and answers nothing by itself."""

    experiment_changed = Signal(object)
    snapshot_changed = Signal(object)
    activity_changed = Signal(object)
    state_taken = Signal(object)

    def __init__(self):
        super().__init__()
        self.experiment = Experiment()
        self.last_state = Document(self.experiment)
        self.activity = Activity.PAUSED
        self.n_asked = self.n_told = 0

    def take_state(self):
        self.n_asked += 1
        return self.n_asked

    def edit(self, seed):
        self.experiment = replace(self.experiment, seed=seed)
        self.experiment_changed.emit(self.experiment)


class File(QObject):
    changed = Signal()
    path, is_modified, stamp = None, True, None
    document = Document(Experiment())


class SlowScribe(QObject):
    """Notes (seed, epoch, seed ahead) of what it is to write; `finish` ends the oldest writing."""

    written = Signal(object)

    def __init__(self):
        super().__init__()
        self.begun, self.notes = [], []

    def write(self, writing):
        document, note = split_note(writing.document)
        epoch = None if document.state is None else document.state.trainer.epoch
        ahead = None if note.ahead is None else note.ahead.seed
        self.notes.append((document.experiment.seed, epoch, ahead))
        self.begun.append(writing)

    def finish(self):
        self.written.emit(Written(self.begun.pop(0)))


@pytest.fixture
def desk(qtbot):
    controller, file, scribe, parent = BusyController(), File(), SlowScribe(), QObject()
    recovery = SimpleNamespace(own=SimpleNamespace(path=Path("never-written.tinyml")))
    autosave = Autosave(controller, file, scribe, recovery, parent)
    timers = autosave.findChildren(QTimer)
    yield SimpleNamespace(
        controller=controller, scribe=scribe, timers=timers, until=qtbot.waitUntil
    )
    for timer in timers:
        timer.stop()


def test_an_edit_is_kept_that_comes_while_the_one_before_is_written(desk):
    desk.controller.edit(1)
    desk.until(lambda: desk.scribe.notes == [(1, None, None)])
    desk.controller.edit(2)
    desk.until(lambda: not any(timer.isActive() for timer in desk.timers))
    desk.scribe.finish()
    desk.until(lambda: desk.scribe.notes[1:] == [(2, None, None)])


def test_nothing_is_written_again_while_no_answer_comes(desk):
    desk.controller.edit(1)
    desk.until(lambda: desk.scribe.notes == [(1, None, None)])
    desk.scribe.finish()
    assert not [timer for timer in desk.timers if timer.isActive()]


def test_an_answer_from_before_a_file_was_opened_does_not_replace_the_file(desk):
    desk.controller.edit(1)
    desk.until(lambda: desk.scribe.notes == [(1, None, None)])
    desk.scribe.finish()
    opened = replace(Experiment(), seed=7)
    run = Run(opened)
    run.advance(run.n_batches)
    desk.controller.last_state = Document(opened, run.state())
    desk.controller.edit(7)
    desk.until(lambda: desk.scribe.notes[1:] == [(7, 1, None)])
    desk.scribe.finish()
    desk.controller.n_told = 1
    desk.controller.state_taken.emit(Document(Experiment(), Run(Experiment()).state()))
    assert desk.scribe.notes[2:] == [(7, 1, None)]
