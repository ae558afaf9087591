"""What the app keeps of the work while its training thread does not answer."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.experiment import Experiment
from playground.core.files import Document, ExperimentFileError, load_document
from playground.core.run import Run
from playground.core.snapshot import Activity
from playground.session.autosave import Autosave
from playground.session.recovery import Found, Note, Recovery, split_note
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
        self.activity, self.snapshot = Activity.PAUSED, None
        self.n_asked = self.n_told = self.n_begun = self.n_told_begun = 0

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
def desk(qtbot, tmp_path):
    controller, file, scribe, parent = BusyController(), File(), SlowScribe(), QObject()
    recovery = Recovery(tmp_path)
    autosave = Autosave(controller, file, scribe, recovery, parent)
    timers = autosave.findChildren(QTimer)
    yield SimpleNamespace(
        controller=controller,
        file=file,
        scribe=scribe,
        autosave=autosave,
        recovery=recovery,
        timers=timers,
        until=qtbot.waitUntil,
    )
    for timer in timers:
        timer.stop()
    recovery.own.release()


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


def locks(desk):
    return sorted(path.stem for path in desk.recovery.own.path.parent.glob("*.lock"))


def restored(desk):
    """Return a slot of another app whose work, of step 0, was taken up in this one."""
    slot = Recovery(desk.recovery.own.path.parent).own
    desk.autosave.restore(Found(slot, Document(Experiment()), Note(), 0.0))
    return slot


def answer(desk, n_steps):
    run = Run(desk.controller.experiment)
    run.advance(n_steps)
    desk.controller.n_told = desk.controller.n_asked
    desk.controller.state_taken.emit(Document(run.experiment, run.state()))


@pytest.mark.parametrize("n_steps", [0, 1])
def test_what_is_left_while_it_trains_is_kept_if_it_had_begun(desk, n_steps):
    desk.file.is_modified = False
    taken_over = restored(desk)
    left = desk.recovery.own.path
    desk.controller.activity = Activity.RUNNING
    desk.autosave.set_aside()
    assert desk.recovery.own.path != left
    assert len(locks(desk)) == 3
    answer(desk, n_steps)
    if n_steps:
        assert [writing.path for writing in desk.scribe.begun] == [left]
        desk.scribe.finish()
    else:
        assert desk.scribe.begun == []
    assert locks(desk) == [desk.recovery.own.path.stem]
    assert taken_over.path.exists() is False


@pytest.mark.parametrize("is_used", [True, False])
def test_what_is_left_is_kept_as_it_was_told_last_if_no_answer_comes(desk, is_used):
    desk.file.is_modified = False
    left = desk.recovery.own.path
    desk.controller.activity = Activity.RUNNING
    if is_used:
        desk.controller.edit(5)
    desk.autosave.set_aside()
    desk.autosave.finish()
    assert left.exists() == is_used
    if is_used:
        assert load_document(left).experiment.seed == 5
    assert locks(desk) == []


def test_what_is_left_is_not_mixed_with_what_was_begun_after_it(desk):
    desk.controller.edit(5)
    desk.autosave.set_aside()
    desk.controller.n_told_begun = 1
    desk.controller.edit(6)
    answer(desk, 1)
    assert desk.scribe.notes == [(5, None, None)]


def test_a_slot_that_cannot_be_written_when_work_is_left_is_told(desk):
    said = []
    desk.autosave.failed.connect(said.append)
    desk.autosave.set_aside()
    answer(desk, 1)
    error = ExperimentFileError("the disk is full.")
    desk.scribe.written.emit(Written(desk.scribe.begun.pop(), None, error))
    assert said == ["Autosave does not work: the disk is full."]
