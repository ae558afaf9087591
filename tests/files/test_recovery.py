"""Closing, crashing and starting again: the work is there."""

import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLockFile, Qt

from playground.app import _end
from playground.core.experiment import (
    DatasetKind,
    DataSpec,
    Experiment,
    LayerSpec,
    Loss,
    Optimizer,
    Speed,
    TrainingSpec,
    presets,
)
from playground.core.files import Document, load_document, save_document
from playground.core.files.disk import reason_of
from playground.core.run import Run
from playground.core.snapshot import Activity, ParameterEdit, Parameters
from playground.session import preparation
from playground.session import recovery as recovery_module
from playground.session.preparation import Preparation
from playground.session.recovery import MOST_SLOTS, Note, Recovery, split_note, with_note
from tests.desks import TABLE

SPIRAL = presets()["spiral"]


def trained(desks, window, epochs=3):
    for _ in range(epochs):
        window.controller.step_epoch()
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.epoch == epochs)
    return [w.tobytes() for w in window.controller.snapshot.parameters.weights]


def slots(desks):
    return sorted(desks.folder.glob("*.tinyml"))


def wider(experiment):
    network = replace(experiment.network, hidden=(LayerSpec(7),))
    return replace(experiment, network=network)


def ahead(written):
    return split_note(written.writing.document)[1].ahead


def comes_back(desks, experiment, epoch=3):
    window = desks.open(Experiment(), restore=True)
    controller = window.controller
    # The first snapshot may come before the run that was kept is taken up.
    desks.qtbot.waitUntil(
        lambda: (controller.snapshot.experiment, controller.snapshot.epoch) == (experiment, epoch)
    )
    assert controller.experiment == experiment
    return window


@pytest.fixture
def closed(desks):
    """A session that was closed after three epochs."""
    window = desks.open()
    trained(desks, window)
    window.close()
    return window


@pytest.mark.parametrize("edited", [TABLE.with_speed(Speed.BATCH_1), wider(TABLE)])
def test_an_edit_made_while_kernels_compile_loses_no_training(desks, closed, monkeypatch, edited):
    with monkeypatch.context() as patch:
        patch.setattr(Preparation, "start", lambda _: None)
        window = desks.open(Experiment(), restore=True, ready=False)
        window.edits.edit(edited)
        window.close()
    comes_back(desks, edited)


def test_an_edit_outlives_a_crash_while_kernels_compile(desks, closed, monkeypatch):
    widest = replace(TABLE, network=replace(TABLE.network, hidden=(LayerSpec(3), LayerSpec(2))))
    written = []
    with monkeypatch.context() as patch:
        patch.setattr(Preparation, "start", lambda _: None)
        window = desks.open(Experiment(), restore=True, ready=False)
        window.files.scribe.written.connect(written.append)
        for experiment in (wider(TABLE), widest):
            window.edits.edit(experiment)
            desks.qtbot.waitUntil(lambda e=experiment: e in map(ahead, written))
        desks.crash(window)
    window = desks.open(Experiment(), restore=True)
    window.files.question.answer(0)
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.epoch == 3)
    assert window.controller.experiment == widest


def test_an_epoch_asked_for_while_kernels_compile_is_a_whole_one(desks, monkeypatch):
    window = desks.open(SPIRAL)
    trained(desks, window)
    window.close()
    loading = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(preparation, "import_module", lambda _: loading.wait(10))
        window = desks.open(Experiment(), restore=True, ready=False)
        window.controller.step_epoch()
        loading.set()
    desks.qtbot.waitUntil(lambda: getattr(window.controller.snapshot, "epoch", 0) >= 4)
    snapshot = window.controller.snapshot
    assert (snapshot.epoch, snapshot.batch) == (4, 0)


def test_closing_before_kernels_are_loaded_loses_no_training(desks, closed, monkeypatch):
    loading = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(preparation, "import_module", lambda _: loading.wait(10))
        window = desks.open(Experiment(), restore=True, ready=False)
        desks.close_in_haste(window, loading)
    comes_back(desks, TABLE)


def test_edits_of_structure_and_data_before_kernels_are_loaded_lose_no_training(
    desks, closed, monkeypatch
):
    loading = threading.Event()
    grown = wider(TABLE)
    both = replace(grown, data=DataSpec(DatasetKind.AND_TABLE))
    with monkeypatch.context() as patch:
        patch.setattr(preparation, "import_module", lambda _: loading.wait(10))
        window = desks.open(Experiment(), restore=True, ready=False)
        window.edits.edit(grown)
        window.edits.edit(both)
        desks.close_in_haste(window, loading)
    comes_back(desks, both)


def test_closing_within_a_long_edit_loses_neither_training_nor_the_edit(desks, monkeypatch):
    window = desks.open()
    trained(desks, window)
    desks.autosaved(window)
    busy, apply = threading.Event(), Run.apply
    with monkeypatch.context() as patch:
        patch.setattr(Run, "apply", lambda run, new: busy.wait(10) and apply(run, new))
        window.edits.edit(wider(TABLE))
        desks.close_in_haste(window, busy)
    again = comes_back(desks, wider(TABLE))
    assert again.files.file.is_modified


def test_what_is_opened_and_closed_at_once_is_not_taken_for_the_work_before(
    desks, tmp_path, monkeypatch
):
    window = desks.open()
    trained(desks, window)
    desks.autosaved(window)
    save_document(Document(SPIRAL), tmp_path / "a.tinyml")
    busy = threading.Event()
    with monkeypatch.context() as patch:
        patch.setattr(Run, "open", lambda *_: busy.wait(10))
        window.files.open_now(tmp_path / "a.tinyml")
        desks.close_in_haste(window, busy)
    comes_back(desks, SPIRAL, epoch=0)


def test_a_closed_session_comes_back_with_its_weights(desks):
    window = desks.open()
    weights = trained(desks, window)
    window.close()
    again = desks.open(Experiment(), restore=True)
    desks.qtbot.waitUntil(lambda: again.controller.snapshot.epoch == 3)
    assert again.controller.experiment == TABLE
    assert [w.tobytes() for w in again.controller.snapshot.parameters.weights] == weights
    assert again.files.question.text == ""


def test_a_restored_session_knows_its_file_and_its_edits(desks, tmp_path):
    window = desks.open()
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files.file.save(tmp_path / "a.tinyml")
    faster = replace(TABLE, training=replace(TABLE.training, learning_rate=0.5))
    window.controller.apply(faster)
    window.close()
    again = desks.open(Experiment(), restore=True)
    assert again.files.file.path == tmp_path / "a.tinyml"
    assert again.isWindowModified()
    assert again.controller.experiment == faster


def test_after_a_crash_the_work_is_offered_and_comes_back(desks):
    window = desks.open()
    trained(desks, window)
    desks.autosaved(window)
    desks.crash(window)
    again = desks.open(Experiment(), restore=True)
    assert again.files.question.text.startswith("The app did not end in order. Untitled was kept")
    assert again.controller.experiment == Experiment()
    again.files.question.answer(0)
    desks.qtbot.waitUntil(lambda: again.controller.snapshot.epoch == 3)
    assert again.controller.experiment == TABLE
    desks.qtbot.waitUntil(lambda: slots(desks) == [again.files.keeper.recovery.own.path])


def test_discarded_work_is_not_offered_again(desks):
    crashed = desks.open()
    desks.autosaved(crashed)
    desks.crash(crashed)
    window = desks.open(Experiment(), restore=True)
    window.files.question.answer(1)
    desks.autosaved(window)
    assert slots(desks) == [window.files.keeper.recovery.own.path]


def test_work_that_is_not_answered_for_is_offered_at_the_next_start(desks):
    window = desks.open()
    desks.autosaved(window)
    desks.crash(window)
    unanswered = desks.open(Experiment(), restore=True)
    unanswered.files.question.answer(2)
    unanswered.close()
    again = desks.open(SPIRAL, restore=True)
    assert "did not end in order" in again.files.question.text


def test_restoring_late_asks_about_the_work_since_and_keeps_its_slot(desks):
    crashed = desks.open()
    trained(desks, crashed)
    desks.autosaved(crashed)
    desks.crash(crashed)
    window = desks.open(Experiment(), restore=True)
    window.edits.edit(SPIRAL)
    desks.autosaved(window)
    window.files.question.answer(0)
    assert window.files.question.text == "Untitled has unsaved edits."
    assert window.controller.experiment == SPIRAL
    window.files.question.answer(1)
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.epoch == 3)
    # An autosave may come before the training thread has taken the found work up.
    desks.qtbot.waitUntil(lambda: len(slots(desks)) == 2)
    kept = [load_document(path).experiment for path in slots(desks)]
    assert SPIRAL in kept
    assert TABLE in kept


def test_sessions_after_a_crash_that_is_put_off_come_back(desks):
    crashed = desks.open()
    desks.autosaved(crashed)
    desks.crash(crashed)
    experiment = Experiment()
    for seed in (1, 2):
        window = desks.open(Experiment(), restore=True)
        assert window.controller.experiment == experiment
        assert "did not end in order" in window.files.question.text
        window.files.question.answer(2)
        experiment = experiment.with_seed(seed)
        window.edits.edit(experiment)
        window.close()
    assert len(slots(desks)) == 2


def test_a_window_that_was_only_looked_at_leaves_no_slot(desks):
    one, two = desks.open(), desks.open()
    one.edits.edit(SPIRAL)
    with desks.qtbot.waitSignal(two.controller.state_taken):
        two.files.keeper.autosave.save_soon()
    desks.autosaved(one)
    assert slots(desks) == [one.files.keeper.recovery.own.path]
    one.close()
    two.close()
    comes_back(desks, SPIRAL, epoch=0)


def test_what_was_written_before_restoring_does_not_remove_the_restored_slot(desks):
    crashed = desks.open()
    trained(desks, crashed)
    desks.autosaved(crashed)
    desks.crash(crashed)
    window = desks.open(Experiment(), restore=True)
    path, kept = crashed.files.keeper.recovery.own.path, []
    window.files.file.mark_edited()
    window.files.scribe.written.connect(lambda _: kept.append(path.exists()))
    while_it_writes(desks, window, 0, 1)
    desks.qtbot.waitUntil(lambda: bool(kept))
    assert kept[0]


def while_it_writes(desks, window, *answers):
    """Answer questions while an autosave is on its way to the disk."""
    controller, autosave = window.controller, window.files.keeper.autosave
    given = []

    def give():
        # Called right after the autosave's own slot: its writing has begun and cannot have ended.
        if autosave._writing is not None and not given:
            given.extend(answers)
            for answer in answers:
                window.files.question.answer(answer)

    controller.state_taken.connect(give)
    autosave.save_soon()
    desks.qtbot.waitUntil(lambda: bool(given))
    controller.state_taken.disconnect(give)


def aged(slot, seconds):
    """Let a slot be that many seconds older: one of the future would stay the newest one."""
    at = slot.path.stat().st_mtime - seconds
    os.utime(slot.path, (at, at))


def closed_one_after_the_other(desks, experiments):
    """Close windows with edited work, each begun as with a file on the command line."""
    for k, experiment in enumerate(experiments):
        window = desks.open(Experiment())
        window.edits.edit(experiment)
        window.close()
        aged(window.files.keeper.recovery.own, len(experiments) - k)


def test_an_older_session_with_work_in_no_file_is_offered(desks):
    closed_one_after_the_other(desks, (TABLE, SPIRAL))
    window = comes_back(desks, SPIRAL, epoch=0)
    bar = window.files.question
    assert bar.text.startswith("Untitled was closed at ")
    assert bar.text.endswith(" with work that is in no file.")
    bar.answer(0)
    assert bar.text == "Untitled has unsaved edits."
    bar.answer(1)
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.experiment == TABLE)
    desks.autosaved(window)
    window.close()
    kept = [load_document(path).experiment for path in slots(desks)]
    assert sorted(kept, key=str) == sorted([TABLE, SPIRAL], key=str)


def test_all_work_that_was_left_is_offered_one_after_the_other(desks):
    left = [TABLE, wider(TABLE), SPIRAL]
    closed_one_after_the_other(desks, left)
    window = comes_back(desks, SPIRAL, epoch=0)
    bar = window.files.question
    bar.answer(2)
    assert bar.text.endswith(" with work that is in no file.")
    bar.answer(0)
    bar.answer(1)
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.experiment == TABLE)
    assert bar.text == ""
    window.close()
    desks.open(Experiment(), restore=True).files.question.answer(1)
    kept = [load_document(path).experiment for path in slots(desks)]
    assert sorted(kept, key=str) == sorted([TABLE, wider(TABLE)], key=str)


def test_work_that_was_not_asked_about_is_left_to_other_starts(desks):
    closed_one_after_the_other(desks, [TABLE, wider(TABLE), SPIRAL])
    comes_back(desks, SPIRAL, epoch=0).close()
    recovery = Recovery(desks.folder)
    found = recovery.find()
    assert len(found) == 3
    for one in found:
        one.slot.release()
    recovery.own.release()


@pytest.mark.parametrize("comes_back_as", ["nothing", "an empty folder", "a file"])
def test_work_is_kept_in_a_new_slot_after_the_folder_has_gone(desks, comes_back_as):
    window = desks.open(SPIRAL)
    desks.autosaved(window)
    shutil.rmtree(desks.folder)
    if comes_back_as == "a file":
        desks.folder.write_bytes(b"")
        window.files.keeper.autosave.save_soon()
        desks.qtbot.waitUntil(lambda: "Autosave does not work" in window.status.message.text())
        desks.folder.unlink()
    elif comes_back_as == "an empty folder":
        desks.folder.mkdir()
    desks.autosaved(window)
    other = Recovery(desks.folder)
    assert other.find() == []
    assert len(slots(desks)) == 1
    other.own.release()


def test_work_in_no_file_is_never_cleared_away(desks, monkeypatch):
    monkeypatch.setattr(recovery_module, "MOST_SLOTS", 1)
    monkeypatch.setattr(recovery_module, "MOST_OFFERED", 1)
    experiments = [TABLE.with_seed(seed) for seed in range(5)]
    closed_one_after_the_other(desks, experiments)
    recovery = Recovery(desks.folder)
    for found in recovery.find():
        found.slot.release()
    recovery.own.release()
    assert len(slots(desks)) == len(experiments)


def test_old_sessions_whose_work_is_in_files_are_cleared_away(desks):
    for k in range(MOST_SLOTS + 4):
        recovery = Recovery(desks.folder)
        note = Note("/a.tinyml", is_clean=True)
        save_document(with_note(Document(TABLE), note), recovery.own.path)
        aged(recovery.own, MOST_SLOTS + 4 - k)
        recovery.own.release()
    recovery = Recovery(desks.folder)
    (found,) = recovery.find()
    found.slot.release()
    recovery.own.release()
    assert len(slots(desks)) == MOST_SLOTS + 1


def full(monkeypatch, error=QLockFile.LockError.UnknownError):
    monkeypatch.setattr(QLockFile, "tryLock", lambda *_: False)
    monkeypatch.setattr(QLockFile, "error", lambda *_: error)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (QLockFile.LockError.UnknownError, "disk full"),
        (QLockFile.LockError.PermissionError, "no permission to write here"),
    ],
)
def test_a_folder_that_takes_no_lock_is_an_error_and_no_hang(desks, monkeypatch, error, reason):
    full(monkeypatch, error)
    with pytest.raises(OSError) as raised:  # noqa: PT011  # the words are what counts
        Recovery(desks.folder)
    assert reason_of(raised.value) == reason


def test_what_cannot_be_restored_now_leaves_the_work_and_is_offered_again(desks, monkeypatch):
    crashed = desks.open()
    desks.autosaved(crashed)
    desks.crash(crashed)
    window = desks.open(Experiment(), restore=True)
    window.edits.edit(SPIRAL)
    window.files.question.answer(0)
    with monkeypatch.context() as patch:
        full(patch)
        window.files.question.answer(1)
    assert window.status.message.text() == "Not restored: disk full."
    assert window.controller.experiment == SPIRAL
    desks.autosaved(window)
    window.close()
    again = desks.open(Experiment(), restore=True)
    assert "did not end in order" in again.files.question.text
    assert again.controller.experiment == SPIRAL


@pytest.fixture
def homeless(desks, tmp_path):
    """A window with edited work whose slot cannot be written."""
    window = desks.open()
    window.files.keeper.recovery.own.path = tmp_path / "gone" / "x.tinyml"
    window.edits.edit(SPIRAL)
    desks.autosaved(window)
    return window


def test_closing_asks_where_the_work_cannot_be_kept(desks, homeless, tmp_path):
    window, bar = homeless, homeless.files.question
    assert not window.close()
    assert bar.text == "This work cannot be kept for the next start, and closing loses it."
    assert [button.text() for button in bar.buttons[:3]] == [
        "Save as…",
        "Close without it",
        "Cancel",
    ]
    bar.answer(2)
    assert window.isVisible()
    assert not window.close()
    bar.answer(0)
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files._dialog.fileSelected.emit(str(tmp_path / "a.tinyml"))
    desks.qtbot.waitUntil(lambda: not window.isVisible())
    assert load_document(tmp_path / "a.tinyml").experiment == SPIRAL


def test_closing_right_after_an_edit_asks_where_the_disk_has_become_full(desks, monkeypatch):
    window = desks.open()
    desks.autosaved(window)
    window.files.keeper.recovery.own.path = desks.folder / "gone" / "x.tinyml"
    window.edits.edit(SPIRAL)
    assert not window.close()
    assert "cannot be kept" in window.files.question.text
    window.files.question.answer(1)
    assert not window.isVisible()


def test_a_number_that_is_typed_when_the_app_closes_is_work(desks):
    window = desks.open()
    field = window.left.model.learning_rate.field
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    field.selectAll()
    desks.qtbot.keyClicks(field, "0.5")
    window.files.keeper.recovery.own.path = desks.folder / "gone" / "x.tinyml"
    assert not window.close()
    assert "cannot be kept" in window.files.question.text
    assert window.controller.experiment.training.learning_rate == 0.5
    window.files.close_unasked()


def test_a_diverged_session_comes_back_with_what_it_can_go_back_to(desks):
    settings = TrainingSpec(learning_rate=0.8, loss=Loss.MSE, optimizer=Optimizer.SGD)
    window = desks.open(replace(presets()["plane"], training=settings))
    window.controller.play()
    desks.qtbot.waitUntil(lambda: window.controller.activity is Activity.DIVERGED)
    good = window.controller.snapshot.divergence.good_epoch
    window.close()
    again = desks.open(Experiment(), restore=True)
    until = desks.qtbot.waitUntil
    until(lambda: again.controller.snapshot.divergence is not None)
    assert again.controller.snapshot.divergence.good_epoch == good is not None
    until(lambda: again.controller.activity is Activity.DIVERGED)
    again.controller.go_back()
    until(lambda: again.controller.snapshot.divergence is None)
    assert again.controller.snapshot.epoch == good


@pytest.mark.parametrize("way", ["file", "copy"])
def test_a_run_in_no_file_is_offered_again_after_a_file_was_opened_over_it(desks, tmp_path, way):
    save_document(Document(SPIRAL), tmp_path / "a.tinyml")
    window = desks.open()
    trained(desks, window)
    desks.autosaved(window)
    window.files.file._saved_edits = window.files.file._edits  # nothing was edited, only trained
    if way == "file":
        window.files.open(tmp_path / "a.tinyml")
    else:
        (tmp_path / "b.tinyml").write_bytes(b"{broken")
        copy = window.files.file.copy_of(tmp_path / "b.tinyml")
        copy.parent.mkdir(exist_ok=True)
        save_document(Document(SPIRAL), copy)
        window.files.open(tmp_path / "b.tinyml")
        window.files.question.answer(0)
    assert window.controller.experiment == SPIRAL
    assert window.files.question.text == ""
    window.close()
    again = desks.open(Experiment(), restore=True)
    assert "with work that is in no file" in again.files.question.text
    again.files.question.answer(0)
    if way == "copy":  # which is in no file yet either
        assert again.files.question.text == "b.tinyml has unsaved edits."
        again.files.question.answer(1)
    desks.qtbot.waitUntil(lambda: again.controller.snapshot.epoch == 3)
    assert again.controller.experiment == TABLE


@pytest.mark.parametrize("kept", [0, 2])
def test_a_run_is_left_as_it_is_when_a_file_is_opened_over_it(desks, tmp_path, kept):
    save_document(Document(SPIRAL), tmp_path / "a.tinyml")
    window = desks.open()
    controller, scribe = window.controller, window.files.scribe
    if kept:  # an older state, with which the last one must not be mistaken
        trained(desks, window, kept)
        with desks.qtbot.waitSignal(scribe.written):
            window.files.keeper.autosave.save_soon()
    controller.play()
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch > kept + 5)
    seen = controller.snapshot.epoch
    assert not window.files.file.is_modified
    window.files.open(tmp_path / "a.tinyml")
    desks.qtbot.waitUntil(lambda: controller.snapshot.experiment == SPIRAL)
    window.close()
    again = desks.open(Experiment(), restore=True)
    again.files.question.answer(0)
    desks.qtbot.waitUntil(lambda: again.controller.snapshot.experiment == TABLE)
    assert again.controller.snapshot.epoch >= seen


def test_a_run_is_left_as_it_is_although_the_app_closes_at_once(desks, tmp_path):
    save_document(Document(SPIRAL), tmp_path / "a.tinyml")
    window = desks.open()
    window.controller.play()
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.epoch > 5)
    seen = window.controller.snapshot.epoch
    window.files.open(tmp_path / "a.tinyml")
    window.close()
    kept = [load_document(slot) for slot in slots(desks)]
    assert {document.experiment for document in kept} == {TABLE, SPIRAL}
    (left,) = (document for document in kept if document.experiment == TABLE)
    assert left.state.trainer.epoch >= seen


def test_a_file_opened_in_an_untouched_app_leaves_nothing_else(desks, tmp_path):
    save_document(Document(SPIRAL), tmp_path / "a.tinyml")
    window = desks.open()
    window.controller.play()
    window.controller.reset()
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.step == 0)
    window.files.open(tmp_path / "a.tinyml")
    window.close()
    assert [load_document(slot).experiment for slot in slots(desks)] == [SPIRAL]
    assert len(list(desks.folder.iterdir())) == 1


def test_closing_without_the_work_is_possible(homeless):
    window, bar = homeless, homeless.files.question
    assert not window.close()
    bar.answer(1)
    assert not window.isVisible()


def test_a_signal_to_end_asks_nobody(homeless):
    window, bar = homeless, homeless.files.question
    _end(window)
    assert not window.isVisible()
    assert bar.text == ""


def test_a_question_at_closing_is_seen_although_the_window_was_minimised(homeless):
    window = homeless
    window.showMinimized()
    assert not window.close()
    assert not window.isMinimized()
    window.files.question.answer(1)


def test_closing_asks_nothing_once_the_disk_takes_files_again(homeless, tmp_path):
    window = homeless
    (tmp_path / "gone").mkdir()
    assert window.close()
    assert load_document(tmp_path / "gone" / "x.tinyml").experiment == SPIRAL


def test_closing_asks_where_there_is_no_place_for_the_work(desks, tmp_path, monkeypatch):
    window = desks.open()
    with monkeypatch.context() as patch:
        full(patch)
        with pytest.raises(OSError, match="full"):
            window.files.keep_in(tmp_path / "other")
    window.files.keeper = None
    assert not window.files._would_lose
    window.edits.edit(SPIRAL)
    assert not window.close()
    window.files.question.answer(1)
    assert not window.isVisible()


def test_work_in_a_file_whose_name_is_no_text_is_kept(desks, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.tinyml"))
    save_document(Document(SPIRAL), path)
    window = desks.open()
    window.files.open(path)
    trained(desks, window)
    window.close()
    again = comes_back(desks, SPIRAL)
    assert again.files.file.path == path


@pytest.mark.parametrize("stamp", [{"inode": 2**70, "size": 1, "changed_ns": 1}, {"size": 2**70}])
def test_a_note_that_cannot_be_read_takes_no_work_with_it(desks, stamp):
    desks.folder.mkdir()
    session = {"path": "/a.tinyml", "is_clean": True, "stamp": stamp}
    document = Document(SPIRAL, unknown=((("session",), session),))
    save_document(document, desks.folder / "1-a.tinyml")
    recovery = Recovery(desks.folder)
    (found,) = recovery.find()
    assert found.document.experiment == SPIRAL
    assert found.note.is_clean == ("inode" in stamp)
    found.slot.release()
    recovery.own.release()


def test_what_is_set_aside_by_a_restore_is_written_last_and_in_order(desks):
    crashed = desks.open()
    desks.autosaved(crashed)
    desks.crash(crashed)
    window = desks.open(Experiment(), restore=True)
    window.edits.edit(SPIRAL)
    left = window.files.keeper.recovery.own.path
    while_it_writes(desks, window, 0, 1)
    desks.autosaved(window)
    document, note = split_note(load_document(left))
    assert document.experiment == SPIRAL
    assert note.is_clean


def test_an_edit_is_kept_within_a_second(desks):
    window = desks.open()
    with desks.qtbot.waitSignal(
        window.files.scribe.written,
        timeout=1000,
        check_params_cb=lambda w: w.writing.document.experiment == SPIRAL,
    ):
        window.controller.apply(SPIRAL)


def test_training_is_kept_every_few_seconds(desks):
    window = desks.open()
    desks.autosaved(window)
    with desks.qtbot.waitSignal(
        window.files.scribe.written,
        timeout=5000,
        check_params_cb=lambda w: w.writing.document.state.trainer.epoch > 0,
    ):
        window.controller.play()
    window.controller.pause()


def test_two_apps_have_slots_of_their_own(desks):
    first, second = desks.open(), desks.open(SPIRAL)
    for window in (first, second):
        desks.autosaved(window)
    assert len(slots(desks)) == 2
    third = Recovery(desks.folder)
    assert third.find() == []
    third.own.release()


def test_two_failed_restores_make_a_clean_start(desks):
    window = desks.open()
    desks.autosaved(window)
    desks.crash(window)
    for _ in range(2):
        recovery = Recovery(desks.folder)
        (found,) = recovery.find()
        found.slot.begin_try()
        found.slot.release()
        recovery.own.release()
    again = desks.open(Experiment(), restore=True)
    assert again.files.question.text == ""
    assert "failed twice" in again.status.message.text()
    assert len(list(desks.folder.glob("*.failed"))) == 1


def test_a_damaged_slot_is_put_aside_and_told_of(desks):
    desks.folder.mkdir()
    (desks.folder / "1-a.tinyml").write_bytes(b"{broken")
    window = desks.open(Experiment(), restore=True)
    assert "could not be restored" in window.status.message.text()
    assert (desks.folder / "1-a.failed").read_bytes() == b"{broken"


def test_the_users_file_is_not_touched_by_autosaving(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files.file.save(path)
    before = path.read_bytes()
    window.controller.apply(SPIRAL)
    desks.autosaved(window)
    desks.crash(window)
    assert path.read_bytes() == before


def test_a_failing_autosave_is_told_once(desks, monkeypatch):
    window = desks.open()
    own = window.files.keeper.recovery.own
    own.path = desks.folder / "gone" / "x.tinyml"
    told = []
    window.files.keeper.autosave.failed.connect(told.append)
    for _ in range(3):
        desks.autosaved(window)
    assert len(told) == 1
    assert told[0].startswith("Autosave does not work")
    window.files.close_unasked()


def test_a_note_is_taken_off_again(tmp_path):
    path = tmp_path / "n.tinyml"
    note = Note("/tmp/a.tinyml", True, True)
    save_document(with_note(Document(TABLE, unknown=((("x",), 1),)), note), path)
    document, read = split_note(load_document(path))
    assert (read, document.unknown) == (note, ((("x",), 1),))


def test_what_was_trained_in_a_short_burst_is_kept(desks):
    window = desks.open()
    controller, until = window.controller, desks.qtbot.waitUntil
    for _ in range(2):
        before = controller.snapshot.step
        controller.play()
        until(lambda before=before: controller.snapshot.step > before)
        with desks.qtbot.waitSignal(
            window.files.scribe.written,
            check_params_cb=lambda w: (
                controller.activity is Activity.PAUSED
                and w.writing.document.state is not None
                and w.writing.document.state.trainer.step == controller.snapshot.step
            ),
            timeout=2000,
        ):
            controller.pause()


def test_weights_set_by_hand_are_kept(desks):
    window = desks.open()
    before = window.controller.snapshot.parameters
    weights = tuple(np.full_like(w, 0.25) for w in before.weights)
    with desks.qtbot.waitSignal(
        window.files.scribe.written,
        check_params_cb=lambda w: (
            w.writing.document.state is not None
            and 0.25 in w.writing.document.state.trainer.parameters
        ),
    ):
        window.edits.edit_parameters(ParameterEdit(Parameters(weights, before.biases), "weights"))
