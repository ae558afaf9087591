"""New, open, save, recent files, dropping, changes on the disk: in the real window."""

import errno
import os
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partialmethod
from threading import Event, Timer

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment, LayerSpec, presets
from playground.core.files import encode_experiment, load_experiment, load_run, save_experiment
from playground.core.files.disk import FileSystem
from playground.core.run import Run
from playground.core.snapshot import Activity, ParameterEdit, Parameters
from playground.session import scribe
from playground.session.preparation import Preparation
from playground.session.scribe import Scribe
from playground.ui.network_model import Column
from playground.ui.network_table import NetworkTable
from tests.desks import TABLE

SPIRAL = presets()["spiral"]


def slower(experiment, rate=0.001):
    return replace(experiment, training=replace(experiment.training, learning_rate=rate))


class SlowDisk(FileSystem):
    """Finishes no file of a person before its gate is open."""

    def __init__(self):
        self.gate, self.is_reached = Event(), Event()

    def fsync_folder(self, folder):
        if folder.name != "sessions":
            self.is_reached.set()
            assert self.gate.wait(20)
        super().fsync_folder(folder)


@pytest.fixture
def disk(monkeypatch):
    disk = SlowDisk()
    disk.gate.set()
    monkeypatch.setattr(Scribe, "__init__", partialmethod(Scribe.__init__, disk))
    yield disk
    disk.gate.set()


def save_slowly(desks, disk, act):
    """Do what saves, and return while the disk is not done with it."""
    disk.gate.clear()
    disk.is_reached.clear()
    act()
    desks.qtbot.waitUntil(disk.is_reached.is_set)


def finish(desks, window, disk):
    with desks.qtbot.waitSignal(window.files.file.saved):
        disk.gate.set()


def look_at(window):
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))


def saved(desks, window, path):
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files.file.save(path)


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, mime, button, keys.NoModifier)
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(5, 5), action, mime, button, keys.NoModifier)
    QApplication.sendEvent(window, event)
    return enter.isAccepted()


def test_the_keys_of_save_save_the_number_that_is_typed(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    window.activateWindow()
    field = window.left.model.learning_rate.field
    field.setFocus()
    field.selectAll()
    desks.qtbot.keyClicks(field, "0.5")
    with desks.qtbot.waitSignal(window.files.file.saved):
        desks.qtbot.keyClick(field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert load_experiment(path).training.learning_rate == 0.5
    assert not window.files.file.is_modified


def test_what_is_saved_opens_with_the_same_weights(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    window.controller.step_epoch()
    desks.qtbot.waitUntil(lambda: window.controller.snapshot.epoch == 1)
    saved(desks, window, path)
    experiment, state = load_run(path)
    assert experiment == TABLE
    assert state.trainer.epoch == 1
    assert window.windowTitle().startswith("a.tinyml")
    assert not window.isWindowModified()
    window.files.start_new(Experiment(), "new")
    with desks.qtbot.waitSignal(
        window.controller.snapshot_changed,
        check_params_cb=lambda s: s.experiment == TABLE and s.epoch == 1,
    ):
        window.files.open(path)
    before = [w.tobytes() for w in window.controller.snapshot.parameters.weights]
    window.files.open_now(path)
    desks.autosaved(window)
    assert [w.tobytes() for w in window.controller.snapshot.parameters.weights] == before
    assert not window.edits.canUndo()


@pytest.mark.parametrize("waits", [False, True])
def test_a_save_while_kernels_compile_keeps_the_run(desks, tmp_path, monkeypatch, waits):
    path = tmp_path / "a.tinyml"
    run = Run(SPIRAL)
    while run.epoch < 2:
        run.advance(1)
    save_experiment(SPIRAL, path, run.state())
    edited = slower(SPIRAL, 0.005)
    if waits:  # only a run can tell what becomes of the weights
        edited = replace(edited, network=replace(edited.network, hidden=(LayerSpec(2),)))
    monkeypatch.setattr(Preparation, "start", lambda _: None)
    window = desks.open(ready=False)
    window.files.open_now(path)
    window.edits.edit(edited)
    with desks.qtbot.waitSignal(window.files.file.saved, timeout=60_000):
        window.commands.save.trigger()
        if waits:
            window.controller._preparation.finished.emit()
    experiment, state = load_run(path)
    assert experiment == edited
    assert state.trainer.epoch == 2
    assert state.trainer.learning_rate == 0.005


def test_what_is_in_force_when_save_is_pressed_is_saved(desks, tmp_path, monkeypatch):
    window = desks.open()
    path, before = tmp_path / "a.tinyml", window.controller.snapshot.parameters
    saved(desks, window, path)
    busy, apply = threading.Event(), Run.apply
    monkeypatch.setattr(Run, "apply", lambda run, new: busy.wait(10) and apply(run, new))
    window.edits.edit(slower(TABLE))
    window.files.keeper.autosave.save_soon()  # its answer comes before the next edits
    weights = tuple(np.full_like(w, 0.25) for w in before.weights)
    window.edits.edit(slower(TABLE, 0.5))
    window.network.parameters_edited.emit(ParameterEdit(Parameters(weights, before.biases), ""))
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.commands.save.trigger()
        busy.set()
    experiment, state = load_run(path)
    assert experiment == slower(TABLE, 0.5)
    assert 0.25 in state.trainer.parameters


def test_a_name_without_ending_gets_one(desks, tmp_path):
    window = desks.open()
    saved(desks, window, tmp_path / "a")
    assert (tmp_path / "a.tinyml").is_file()


def test_an_edit_is_marked_in_the_title_and_asked_about_before_new(desks, tmp_path):
    window = desks.open()
    saved(desks, window, tmp_path / "a.tinyml")
    window.controller.apply(slower(TABLE))
    assert window.isWindowModified()
    window.commands.new.trigger()
    bar = window.files.question
    assert bar.text == "a.tinyml has unsaved edits."
    assert window.controller.experiment == slower(TABLE)
    bar.answer(2)
    assert window.controller.experiment == slower(TABLE)
    window.commands.new.trigger()
    bar.answer(1)
    assert window.controller.experiment == Experiment()
    assert load_experiment(tmp_path / "a.tinyml") == TABLE


def move_line(desks, window):
    window.line.select((0, 1))
    desks.qtbot.waitUntil(lambda: window.line.actions[0].isEnabled())
    window.line.actions[0].trigger()


def type_into_table(desks, window):
    window.commands.table.trigger()
    (table,) = window.findChildren(NetworkTable)
    model = table.model
    neuron = model.index(0, Column.NAME, model.index(1, Column.NAME, QModelIndex()))
    assert model.setData(model.index(1, Column.VALUE, neuron), "1.25")
    table.close()


def weights(window):
    return [w.tobytes() for w in window.controller.snapshot.parameters.weights]


@pytest.mark.parametrize("edit", [move_line, type_into_table])
def test_weights_set_by_hand_are_asked_about_wherever_they_were_set(desks, tmp_path, edit):
    window = desks.open(Experiment())
    bar, first = window.files.question, weights(window)
    edit(desks, window)
    desks.qtbot.waitUntil(lambda: weights(window) != first)
    window.commands.new.trigger()
    assert bar.text == "Untitled has unsaved edits."
    bar.answer(2)
    saved(desks, window, tmp_path / "a.tinyml")
    assert not window.isWindowModified()
    window.edits.undo()
    assert window.isWindowModified()


def test_save_first_saves_and_goes_on(desks, tmp_path):
    window = desks.open()
    path, other = tmp_path / "a.tinyml", tmp_path / "b.tinyml"
    save_experiment(SPIRAL, other)
    saved(desks, window, path)
    window.controller.apply(slower(TABLE))
    window.files.open(other)
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files.question.answer(0)
    assert load_experiment(path) == slower(TABLE)
    assert window.controller.experiment == SPIRAL


def test_nothing_is_asked_where_nothing_was_edited(desks, tmp_path):
    window = desks.open()
    save_experiment(SPIRAL, tmp_path / "b.tinyml")
    window.files.open(tmp_path / "b.tinyml")
    assert window.controller.experiment == SPIRAL
    assert window.files.question.text == ""


@pytest.mark.parametrize("experiment", [Experiment(), presets()["xor"]], ids=["new", "preset"])
def test_new_and_presets_begin_a_run_and_undo_brings_back_the_one_before(desks, experiment):
    window = desks.open(Experiment())
    controller, first = window.controller, weights(window)
    controller.play()
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch > 3)
    move_line(desks, window)
    window.files.start_new(experiment, "new")
    window.files.question.answer(1)
    desks.qtbot.waitUntil(lambda: controller.activity is Activity.PAUSED)
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch == 0)
    assert controller.snapshot.experiment == experiment
    assert weights(window) == first
    assert not window.files.file.is_modified
    window.edits.undo()
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch > 3)
    assert controller.snapshot.experiment == Experiment()
    assert window.files.file.is_modified
    trained = weights(window)
    window.edits.redo()
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch == 0)
    window.edits.undo()
    desks.qtbot.waitUntil(lambda: controller.snapshot.epoch > 3)
    assert weights(window) == trained


def test_a_bad_file_is_named_and_changes_nothing(desks, tmp_path):
    window = desks.open()
    bad = tmp_path / "bad.tinyml"
    bad.write_bytes(encode_experiment(SPIRAL)[:200])
    window.files.open(bad)
    assert window.files.question.text.startswith("bad.tinyml: It is damaged at byte 200")
    assert window.controller.experiment == TABLE
    assert window.files.file.path is None


def test_a_damaged_file_offers_its_last_good_copy(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    path.write_bytes(path.read_bytes()[:100])
    window.files.start_new(SPIRAL, "spiral")
    window.files.open(path)
    assert window.files.question.buttons[0].text() == "Open the last good copy"
    window.files.question.answer(0)
    assert window.controller.experiment == TABLE
    assert window.files.file.is_modified


def test_a_read_only_file_is_told_of_and_another_name_offered(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    path.chmod(0o444)
    with desks.qtbot.waitSignal(window.files.file.failed):
        window.commands.save.trigger()
    assert "read-only" in window.files.question.text
    assert window.files.question.buttons[0].text() == "Save as…"


def test_a_change_by_another_program_is_noticed_when_the_window_is_looked_at(desks, tmp_path):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    save_experiment(SPIRAL, path)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowActivate))
    assert "changed or removed by another program" in window.files.question.text
    window.files.question.answer(0)
    assert window.controller.experiment == SPIRAL


def test_a_second_window_asks_before_it_overwrites(desks, tmp_path):
    first, path = desks.open(), tmp_path / "a.tinyml"
    saved(desks, first, path)
    second = desks.open()
    second.files.open(path)
    first.controller.apply(slower(TABLE))
    saved(desks, first, path)
    second.commands.save.trigger()
    assert "another program" in second.files.question.text
    second.files.question.answer(3)
    assert load_experiment(path) == slower(TABLE)
    second.commands.save.trigger()
    with desks.qtbot.waitSignal(second.files.file.saved):
        second.files.question.answer(0)
    assert load_experiment(path) == TABLE


def test_reload_asks_about_unsaved_edits(desks, tmp_path):
    window = desks.open()
    path, bar = tmp_path / "a.tinyml", window.files.question
    saved(desks, window, path)
    window.controller.apply(slower(TABLE))
    save_experiment(SPIRAL, path)
    look_at(window)
    bar.answer(0)
    assert bar.text == "a.tinyml has unsaved edits."
    assert [button.text() for button in bar.buttons[:3]] == ["Save as…", "Don't save", "Cancel"]
    assert window.controller.experiment == slower(TABLE)
    bar.answer(1)
    assert window.controller.experiment == SPIRAL


def test_what_is_kept_although_its_file_is_gone_is_asked_about(desks, tmp_path):
    window = desks.open()
    path, bar = tmp_path / "a.tinyml", window.files.question
    saved(desks, window, path)
    path.unlink()
    look_at(window)
    bar.answer(1)
    assert window.isWindowModified()
    window.commands.new.trigger()
    assert bar.text == "a.tinyml has unsaved edits."
    with desks.qtbot.waitSignal(window.files.file.saved):
        bar.answer(0)
    assert load_experiment(path) == TABLE


def test_a_save_that_ends_late_leaves_the_file_opened_meanwhile_alone(desks, tmp_path, disk):
    window = desks.open()
    path, other = tmp_path / "a.tinyml", tmp_path / "b.tinyml"
    save_experiment(SPIRAL, other)
    saved(desks, window, path)
    save_slowly(desks, disk, window.commands.save.trigger)
    window.files.open(other)
    finish(desks, window, disk)
    assert window.windowTitle().startswith("b.tinyml")
    assert window.files.file.path == other
    assert not window.isWindowModified()
    assert load_experiment(path) == TABLE


def test_edits_made_while_the_file_is_written_stay_unsaved(desks, tmp_path, disk):
    window = desks.open(Experiment())
    saved(desks, window, tmp_path / "a.tinyml")
    save_slowly(desks, disk, window.commands.save.trigger)
    move_line(desks, window)
    finish(desks, window, disk)
    assert window.isWindowModified()
    saved(desks, window, tmp_path / "a.tinyml")
    assert not window.isWindowModified()


def test_save_first_asks_again_about_edits_made_while_the_file_is_written(desks, tmp_path, disk):
    window = desks.open()
    path, other, bar = tmp_path / "a.tinyml", tmp_path / "b.tinyml", window.files.question
    save_experiment(SPIRAL, other)
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))
    window.files.open(other)
    save_slowly(desks, disk, lambda: bar.answer(0))
    window.edits.edit(slower(TABLE, 0.5))
    finish(desks, window, disk)
    assert bar.text == "a.tinyml has unsaved edits."
    assert window.controller.experiment == slower(TABLE, 0.5)
    with desks.qtbot.waitSignal(window.files.file.saved):
        bar.answer(0)
    assert load_experiment(path) == slower(TABLE, 0.5)
    assert window.controller.experiment == SPIRAL


def test_its_own_slow_save_is_no_change_by_another_program(desks, tmp_path, disk):
    window = desks.open()
    saved(desks, window, tmp_path / "a.tinyml")
    window.edits.edit(slower(TABLE))
    save_slowly(desks, disk, window.commands.save.trigger)
    look_at(window)
    assert window.files.question.text == ""
    window.commands.save.trigger()
    assert window.files.question.text == ""
    finish(desks, window, disk)
    desks.qtbot.waitUntil(lambda: not window.files.file.is_modified)
    look_at(window)
    assert window.files.question.text == ""


def test_closing_waits_for_a_save_on_a_slow_disk(desks, tmp_path, disk):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))
    disk.gate.clear()
    Timer(1.5, disk.gate.set).start()
    window.commands.save.trigger()
    window.close()
    assert load_experiment(path) == slower(TABLE)
    assert not window.files.file.is_modified
    assert not window.files.scribe.is_stuck
    again = desks.open(Experiment(), restore=True)
    assert again.files.file.path == path
    assert not again.isWindowModified()
    look_at(again)
    assert again.files.question.text == ""


def test_closing_waits_for_the_training_thread_when_a_save_does(desks, tmp_path, monkeypatch):
    window = desks.open()
    path = tmp_path / "a.tinyml"
    saved(desks, window, path)
    apply, gate = Run.apply, Event()

    def apply_late(run, experiment):
        assert gate.wait(20)
        apply(run, experiment)

    monkeypatch.setattr(Run, "apply", apply_late)
    Timer(1.5, gate.set).start()
    window.edits.edit(slower(TABLE))
    window.commands.save.trigger()
    window.close()
    assert load_experiment(path) == slower(TABLE)
    assert not window.controller.has_unfinished_thread
    assert not window.files.file.is_modified


def test_a_save_removes_what_killed_saves_left_long_ago_beside_its_file(desks, tmp_path):
    window = desks.open()
    old, new = (tmp_path / f".tinyml-4194305-{k}.tmp" for k in "01")  # no process has that number
    for left in (old, new):
        left.touch()
    os.utime(old, (0, 0))
    saved(desks, window, tmp_path / "a.tinyml")
    assert not old.exists()
    assert new.exists()  # of another machine perhaps, which is writing


def test_an_experiment_dropped_on_the_window_is_opened(desks, tmp_path):
    window = desks.open()
    save_experiment(SPIRAL, tmp_path / "s.tinyml")
    assert drop(window, tmp_path / "s.tinyml")
    assert window.controller.experiment == SPIRAL
    assert not drop(window, tmp_path / "notes.docx")


@pytest.mark.parametrize("name", ["<b>bold.tinyml", "a&b.tinyml", "two\nlines.tinyml"])
def test_recent_files_are_listed_as_plain_text_and_open_again(desks, tmp_path, name):
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = desks.open()
    window.files.remember_in(settings)
    save_experiment(SPIRAL, tmp_path / name)
    window.files.open(tmp_path / name)
    entry = window.commands.recent.actions()[0]
    assert entry.text().replace("&&", "&").startswith(name.replace("\n", "�"))
    window.files.start_new(Experiment(), "new")
    entry.trigger()
    assert window.controller.experiment == SPIRAL
    again = desks.open()
    again.files.remember_in(settings)
    assert [a.data() for a in again.commands.recent.actions()] == [str(tmp_path / name)]


def test_save_as_asks_for_a_name_without_blocking(desks, tmp_path):
    window = desks.open()
    window.commands.save.trigger()
    dialog = window.files._dialog
    assert dialog.isVisible()
    with desks.qtbot.waitSignal(window.files.file.saved):
        dialog.fileSelected.emit(str(tmp_path / "x.tinyml"))
    dialog.reject()
    assert load_experiment(tmp_path / "x.tinyml") == TABLE
    window.commands.open.trigger()
    save_experiment(SPIRAL, tmp_path / "y.tinyml")
    window.files._dialog.fileSelected.emit(str(tmp_path / "y.tinyml"))
    window.files._dialog.reject()
    assert window.controller.experiment == SPIRAL


def test_a_picture_that_carries_its_experiment_is_opened(desks, tmp_path):
    path = tmp_path / "s.png"
    arguments = ["render", "spiral", "--epochs", "2", "--view", "output", "--out", str(path)]
    subprocess.run([sys.executable, "-m", "playground", *arguments], check=True)
    window = desks.open()
    window.files.open(path)
    assert window.controller.experiment == SPIRAL
    assert window.files.file.path is None
    path.write_bytes(path.read_bytes()[:200])
    window.files.open(path)
    assert window.files.question.text.startswith("s.png: ")


def test_what_is_to_be_saved_after_the_close_is_refused(desks, tmp_path):
    window, path = desks.open(), tmp_path / "a.tinyml"
    window.files.scribe.close()
    with desks.qtbot.waitSignal(window.files.file.failed):
        window.files.file.save(path)
    assert not path.exists()


def test_a_save_whose_copy_fails_is_a_save_and_is_told_of(desks, tmp_path):
    window, path = desks.open(), tmp_path / "a.tinyml"
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))
    window.files.file.copies = tmp_path / "a.tinyml" / "no-folder"
    with desks.qtbot.waitSignal(window.files.file.uncopied):
        window.commands.save.trigger()
    assert window.status.message.text() == (
        "Saved, but no copy of it was kept: the folder is not there any more."
    )
    assert load_experiment(path) == slower(TABLE)
    assert not window.files.file.is_changed_on_disk
    assert not window.files.file.is_modified


def test_a_save_that_the_disk_does_not_confirm_is_not_taken_for_another_programs(
    desks, tmp_path, disk, monkeypatch
):
    window, path = desks.open(), tmp_path / "a.tinyml"
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))

    def refuse(folder):
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(disk, "fsync_folder", refuse)
    with desks.qtbot.waitSignal(window.files.file.failed):
        window.commands.save.trigger()
    assert "may be lost when the power goes" in window.files.question.text
    assert window.files.file.is_modified
    assert not window.files.file.is_changed_on_disk


def test_a_mistake_in_writing_a_file_is_told_and_the_next_one_is_written(
    desks, tmp_path, monkeypatch
):
    window, mistakes = desks.open(), []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: mistakes.append(error))

    def blunder(*_):
        raise ValueError("a number is missing")

    with monkeypatch.context() as patch:
        patch.setattr(scribe, "save_document", blunder)
        with desks.qtbot.waitSignal(window.files.file.failed):
            window.files.file.save(tmp_path / "a.tinyml")
    assert window.files.question.text == "Not saved: a number is missing."
    assert [str(error) for error in mistakes] == ["a number is missing"]
    assert not window.files.file.is_saving
    saved(desks, window, tmp_path / "a.tinyml")
    desks.autosaved(window)


def test_a_save_that_waits_for_the_run_does_not_write_what_was_begun_meanwhile(
    desks, tmp_path, monkeypatch
):
    path = tmp_path / "a.tinyml"
    run = Run(TABLE)
    run.advance(3)
    save_experiment(TABLE, path, run.state())
    before = path.read_bytes()
    network = replace(TABLE.network, hidden=(LayerSpec(2),))  # only a run can tell its weights
    monkeypatch.setattr(Preparation, "start", lambda _: None)
    window = desks.open(ready=False)
    window.files.open_now(path)
    window.edits.edit(replace(TABLE, network=network))
    window.commands.save.trigger()
    window.files.start_new(SPIRAL, "spiral")
    window.files.question.answer(1)
    with desks.qtbot.waitSignal(window.files.file.failed, timeout=60_000):
        window.controller._preparation.finished.emit()
    assert window.files.question.text == (
        "a.tinyml: Not saved, because another experiment was begun before its run was ready."
    )
    assert path.read_bytes() == before


def test_the_last_good_copy_takes_the_place_of_no_edits_unasked(desks, tmp_path):
    window, path = desks.open(), tmp_path / "a.tinyml"
    saved(desks, window, path)
    path.write_bytes(path.read_bytes()[:100])
    window.files.start_new(SPIRAL, "spiral")
    window.files.open(path)
    window.edits.edit(slower(SPIRAL))
    window.files.question.answer(0)
    assert window.files.question.text == "Untitled has unsaved edits."
    assert window.controller.experiment == slower(SPIRAL)
    window.files.question.answer(1)
    assert window.controller.experiment == TABLE


def test_undoing_new_brings_the_file_back_too(desks, tmp_path):
    window, one, two = desks.open(), tmp_path / "a.tinyml", tmp_path / "b.tinyml"
    file = window.files.file
    saved(desks, window, one)
    window.files.start_new(SPIRAL, "spiral")
    assert file.path is None
    saved(desks, window, two)
    window.edits.undo()
    assert (file.path, window.controller.experiment) == (one, TABLE)
    assert file.is_modified
    with desks.qtbot.waitSignal(file.saved):
        window.commands.save.trigger()
    assert (load_experiment(one), load_experiment(two)) == (TABLE, SPIRAL)
    window.edits.redo()
    assert (file.path, window.controller.experiment) == (two, SPIRAL)
    window.edits.undo()
    assert (file.path, window.controller.experiment) == (one, TABLE)
    assert not file.is_changed_on_disk


def test_a_slow_save_is_known_when_undoing_brings_its_file_back(desks, tmp_path, disk):
    window, path = desks.open(), tmp_path / "a.tinyml"
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))
    save_slowly(desks, disk, window.commands.save.trigger)
    window.files.start_new(SPIRAL, "spiral")
    if window.files.question.text:
        window.files.question.answer(1)
    finish(desks, window, disk)
    window.edits.undo()
    assert window.files.file.path == path
    assert not window.files.file.is_changed_on_disk


def test_a_name_in_a_folder_that_cannot_be_read_is_refused_in_words(desks, tmp_path, monkeypatch):
    window, name = desks.open(), "x" * 250 + " 0.03"
    window.commands.save_as.trigger()
    with desks.qtbot.waitSignal(window.files.file.failed):
        window.files._dialog.fileSelected.emit(str(tmp_path / name))
    window.files._dialog.reject()
    assert "the name is too long" in window.files.question.text


@pytest.mark.parametrize("name", ["rate 0.03", "result.png", "a.tinyml", "b.TINYML"])
def test_what_is_saved_under_any_name_can_be_opened(desks, tmp_path, name):
    window = desks.open()
    window.edits.edit(SPIRAL)
    saved(desks, window, tmp_path / name)
    whole = name if name.lower().endswith(".tinyml") else name + ".tinyml"
    assert window.files.file.path == tmp_path / whole
    window.files.start_new(Experiment(), "new")
    window.files.open(tmp_path / whole)
    assert window.controller.experiment == SPIRAL


def test_a_file_of_another_ending_keeps_its_name(desks, tmp_path):
    window, path = desks.open(), tmp_path / "a.json"
    save_experiment(SPIRAL, path)
    window.files.open(path)
    window.edits.edit(slower(SPIRAL))
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.commands.save.trigger()
    assert load_experiment(path) == slower(SPIRAL)
    assert not (tmp_path / "a.json.tinyml").exists()


def test_a_file_that_the_dialog_did_not_ask_about_is_asked_about(desks, tmp_path):
    window = desks.open()
    bar = window.files.question
    save_experiment(SPIRAL, tmp_path / "rate 0.03.tinyml")
    window.commands.save_as.trigger()
    window.files._dialog.fileSelected.emit(str(tmp_path / "rate 0.03"))
    window.files._dialog.reject()
    assert bar.text == "There is a file rate 0.03.tinyml already."
    bar.answer(2)
    assert load_experiment(tmp_path / "rate 0.03.tinyml") == SPIRAL
    window.commands.save_as.trigger()
    window.files._dialog.fileSelected.emit(str(tmp_path / "rate 0.03"))
    window.files._dialog.reject()
    with desks.qtbot.waitSignal(window.files.file.saved):
        bar.answer(0)
    assert load_experiment(tmp_path / "rate 0.03.tinyml") == TABLE


def test_saving_asks_about_a_change_by_another_program_and_does_what_is_answered(desks, tmp_path):
    window, path = desks.open(), tmp_path / "a.tinyml"
    bar = window.files.question
    saved(desks, window, path)
    window.edits.edit(slower(TABLE))
    save_experiment(SPIRAL, path)
    window.commands.save.trigger()
    assert bar.text == "a.tinyml was changed or removed by another program."
    texts = [button.text() for button in bar.buttons]
    assert texts == ["Overwrite", "Reload", "Save as…", "Cancel"]
    bar.answer(2)
    with desks.qtbot.waitSignal(window.files.file.saved):
        window.files._dialog.fileSelected.emit(str(tmp_path / "b.tinyml"))
    window.files._dialog.reject()
    assert load_experiment(path) == SPIRAL
    assert load_experiment(tmp_path / "b.tinyml") == slower(TABLE)
    window.files.open(path)
    save_experiment(TABLE, path)
    window.edits.edit(slower(SPIRAL))
    window.commands.save.trigger()
    bar.answer(1)
    assert bar.text == "a.tinyml has unsaved edits."
    bar.answer(1)
    assert window.controller.experiment == TABLE


def test_a_question_about_a_file_goes_with_its_experiment(desks, tmp_path):
    a, b = tmp_path / "a.tinyml", tmp_path / "b.tinyml"
    window = desks.open()
    bar = window.files.question
    saved(desks, window, a)
    save_experiment(SPIRAL, a)
    window.commands.save.trigger()
    assert bar.text == "a.tinyml was changed or removed by another program."
    window.edits.edit(slower(TABLE))
    assert bar.text  # it is still the question
    window.edits.undo()
    window.commands.presets["moons"].trigger()
    assert bar.text == ""
    window.edits.undo()
    look_at(window)
    assert bar.text == "a.tinyml was changed or removed by another program."
    saved(desks, window, b)
    assert bar.text == ""


def test_a_question_about_the_disk_goes_when_the_file_is_saved_over(desks, tmp_path):
    path = tmp_path / "a.tinyml"
    window = desks.open()
    saved(desks, window, path)
    save_experiment(SPIRAL, path)
    look_at(window)
    assert window.files.question.text == "a.tinyml was changed or removed by another program."
    saved(desks, window, path)
    assert window.files.question.text == ""
    assert load_experiment(path) == TABLE


def test_a_question_about_edits_goes_when_they_are_saved_or_taken_back(desks, tmp_path):
    path = tmp_path / "a.tinyml"
    save_experiment(SPIRAL, tmp_path / "b.tinyml")
    window = desks.open()
    bar = window.files.question
    saved(desks, window, path)
    for end in (window.edits.undo, lambda: saved(desks, window, path)):
        window.edits.edit(slower(TABLE))
        window.files.open(tmp_path / "b.tinyml")
        assert bar.text == "a.tinyml has unsaved edits."
        end()
        assert bar.text == ""
    assert window.files.file.path == path


def test_a_file_that_was_gone_is_not_overwritten_unasked_when_it_comes_back(desks, tmp_path):
    path = tmp_path / "a.tinyml"
    window = desks.open()
    saved(desks, window, path)
    path.unlink()
    look_at(window)
    window.files.question.answer(1)
    window.close()
    save_experiment(SPIRAL, path)
    again = desks.open(Experiment(), restore=True)
    again.commands.save.trigger()
    assert again.files.question.text == "a.tinyml was changed or removed by another program."
    assert load_experiment(path) == SPIRAL


@pytest.mark.parametrize("way", ["open", "new"])
def test_what_there_is_no_memory_for_leaves_the_file_open_that_was(
    desks, tmp_path, monkeypatch, way
):
    path = tmp_path / "a.tinyml"
    save_experiment(SPIRAL, tmp_path / "b.tinyml")
    window = desks.open()
    saved(desks, window, path)
    with monkeypatch.context() as patch:
        patch.setattr(Run, "_open", lambda *_: exec("raise MemoryError"))
        with desks.qtbot.waitSignal(window.controller.refused):
            if way == "open":
                window.files.open(tmp_path / "b.tinyml")
            else:
                window.commands.presets["moons"].trigger()
    assert window.controller.experiment == TABLE
    assert window.files.file.path == path
    assert window.windowTitle().startswith("a.tinyml")
    assert not window.files.file.is_modified
    saved(desks, window, path)
    assert load_experiment(tmp_path / "b.tinyml") == SPIRAL


def test_a_file_of_a_newer_version_stays_one_over_a_restart(desks, tmp_path):
    path = tmp_path / "a.tinyml"
    newer = encode_experiment(SPIRAL).replace(b'"version": [1,1]', b'"version": [1,7]')
    assert b"[1,7]" in newer
    path.write_bytes(newer)
    window = desks.open()
    window.files.open(path)
    window.edits.edit(slower(SPIRAL))
    window.close()
    again = desks.open(Experiment(), restore=True)
    with desks.qtbot.waitSignal(again.files.file.saved):
        again.commands.save.trigger()
    assert b"[1,7]" in path.read_bytes()
    assert load_experiment(path) == slower(SPIRAL)
