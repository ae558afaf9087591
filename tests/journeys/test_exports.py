"""From the real window to a picture and back: what is dropped is the run that was shown."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QThread

from playground.core.experiment import presets
from playground.core.export.carrier import load_carried
from playground.core.parameters import to_flat
from playground.core.run import Run
from playground.core.snapshot import Activity
from playground.session.controller import Controller
from playground.ui.appearance import Preference
from playground.ui.export import picture_tasks
from playground.ui.export.options import Kind
from playground.ui.picture import png_bytes
from playground.ui.theme import LIGHT
from playground.ui.turns import at_once
from tests.desks import Desks
from tests.files.test_file_commands import drop
from tests.pictures import picture_of
from tests.steps import in_one_step

SPIRAL = presets()["spiral"]
pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


def exported(desks: Desks, window: object, path: Path) -> None:
    """Save what the window shows, while it trains."""
    window.exporter.open("window" if path.suffix == ".png" else "network")
    window.exporter.dialog.options.format.setCurrentIndex(
        [".png", ".svg", ".pdf"].index(path.suffix)
    )
    with desks.qtbot.waitSignal(window.exporter.message_raised, timeout=60_000):
        window.exporter.save(path)


def is_at(epoch: int) -> object:
    return lambda snapshot: snapshot.epoch >= epoch


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_picture_taken_while_training_drops_back_to_bitwise_the_same_run(
    desks: Desks, tmp_path: Path, ending: str
) -> None:
    window = desks.open(SPIRAL)
    controller, wait = window.controller, desks.qtbot.waitSignal
    with wait(controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000):
        controller.play()
    path = tmp_path / f"run{ending}"
    exported(desks, window, path)
    experiment, state = load_carried(path)
    assert state is not None
    # Training went on by itself, without a step lost.
    with wait(
        controller.snapshot_changed, check_params_cb=is_at(state.trainer.epoch + 5), timeout=60_000
    ):
        pass
    with wait(controller.activity_changed, check_params_cb=lambda a: a is Activity.PAUSED):
        controller.pause()
    later = controller.snapshot
    window.files.start_new(presets()["circle"], "circle")
    other = desks.open()
    with desks.qtbot.waitSignal(
        other.controller.snapshot_changed,
        check_params_cb=lambda s: s.step == state.trainer.step and s.experiment == SPIRAL,
    ):
        assert drop(other, path)
    shown = to_flat(other.controller.snapshot.parameters)
    assert np.array_equal(shown, state.trainer.parameters)
    run = Run(experiment, state)
    run.advance(later.step - run.step)
    assert np.array_equal(to_flat(run.parameters), to_flat(later.parameters))
    fresh = Run(SPIRAL)
    fresh.advance(later.step)
    assert np.array_equal(to_flat(fresh.parameters), to_flat(later.parameters))


@pytest.mark.parametrize("after", ["light", "drawn"])
def test_a_picture_whose_run_goes_on_between_two_turns_is_drawn_anew(
    desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    window = desks.open(SPIRAL)
    controller, exporter = window.controller, window.exporter
    window.choose_theme(Preference.DARK)
    drawn: list[int] = []
    real = picture_tasks.prepared

    def go_on() -> None:
        epoch = controller.snapshot.epoch + 1
        if epoch == 1:
            controller.step_epoch()
            desks.qtbot.waitUntil(lambda: controller.snapshot.epoch == epoch)

    def draw(*given: object) -> object:
        drawn.append(controller.snapshot.step)
        made = real(*given)
        if after == "drawn":
            go_on()
        return made

    monkeypatch.setattr(picture_tasks, "prepared", draw)
    if after == "light":
        window.appearance.theme_changed.connect(lambda theme: theme is LIGHT and go_on())
    path = tmp_path / "run.png"
    exporter.open("window")
    exporter.dialog.options.light.setChecked(True)
    awaited: list[set[object]] = []
    seen = picture_tasks.PictureTasks._come

    def come(tasks: object, *given: object) -> object:
        awaited.append(set(tasks._awaited))
        return seen(tasks, *given)

    monkeypatch.setattr(picture_tasks.PictureTasks, "_come", come)
    with desks.qtbot.waitSignal(exporter.message_raised, timeout=60_000):
        exporter.save(path)
    window.choose_theme(Preference.LIGHT)
    _, state = load_carried(path)
    assert state is not None
    assert state.trainer.step == drawn[-1] == controller.snapshot.step > 0
    assert len(drawn) == (1 if after == "light" else 2)
    assert awaited == [{path}, {path}], "while it is made no second one is asked for"
    assert exporter.pictures._awaited == set()


def test_two_pictures_asked_for_at_once_are_of_one_moment(desks: Desks) -> None:
    window = desks.open(SPIRAL)
    controller, wait = window.controller, desks.qtbot.waitSignal
    window.choose_theme(Preference.DARK)
    window.export_menu.light.setChecked(True)
    with wait(controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000):
        controller.play()
    log: list[object] = []
    controller.activity_changed.connect(log.append)
    window.pictures.message_raised.connect(log.append)
    window.export_menu.copy_wanted.emit()
    desks.qtbot.waitUntil(lambda: not window.updatesEnabled())
    window.export_menu.copy_wanted.emit()
    desks.qtbot.waitUntil(lambda: len(log) == 4, timeout=60_000)
    window.choose_theme(Preference.LIGHT)
    activities = [entry for entry in log if isinstance(entry, Activity)]
    assert activities == [Activity.PAUSED, Activity.RUNNING]
    assert sum(str(entry).startswith("Copied window") for entry in log) == 2


def went_on_after(controller: Controller, asked: int) -> bool:
    """Whether a question was answered and more was trained, which the window need not know."""
    told, newest = controller._last.peek(), controller._latest.peek()
    if told is None or told.number < asked or told.document.state is None or newest is None:
        return False
    return newest.step > told.document.state.trainer.step


def test_the_state_that_others_ask_for_meanwhile_is_not_taken_for_the_pictures(
    desks: Desks, tmp_path: Path
) -> None:
    window = desks.open(SPIRAL)
    controller = window.controller
    with desks.qtbot.waitSignal(
        controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000
    ):
        controller.play()
    asked = controller.take_state()  # as the autosave does, before the run is paused
    while not went_on_after(controller, asked):  # no event is handled here
        QThread.yieldCurrentThread()
    steps: list[int] = []
    taken: list[int] = []
    controller.state_taken.connect(lambda document: taken.append(document.state.trainer.step))

    def then(content: bytes) -> None:
        steps.append(controller.snapshot.step)

    window.exporter.moment.take(in_one_step(then))
    desks.qtbot.waitUntil(lambda: len(steps) == 1)
    assert steps[0] == taken[-1]
    assert len(taken) >= 2


def test_a_picture_without_an_experiment_says_so_and_changes_nothing(
    desks: Desks, tmp_path: Path
) -> None:
    window = desks.open()
    before = window.controller.experiment
    path = tmp_path / "holiday.png"
    file = BytesIO()
    Image.new("RGB", (8, 6)).save(file, "PNG")
    path.write_bytes(file.getvalue())
    assert drop(window, path)
    assert window.files.question.text == "holiday.png: This picture carries no experiment."
    assert window.controller.experiment == before
    assert window.files.file.path is None


@pytest.mark.parametrize("playing", [True, False])
@pytest.mark.parametrize("view", ["parameter lines", "per-sample gradients"])
def test_a_picture_of_a_view_that_is_not_seen_shows_the_numbers_it_asks_for(
    desks: Desks, tmp_path: Path, view: str, playing: bool
) -> None:
    window = desks.open(SPIRAL)
    controller, wait = window.controller, desks.qtbot.waitSignal
    with wait(controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000):
        controller.play()
    if not playing:
        with wait(controller.activity_changed):
            controller.pause()
    widget = window.views[view]
    assert not widget.isVisible()
    assert not controller.snapshot.answers.cover(widget.wanted)
    dialog = window.exporter.open(view)
    path = tmp_path / "view.png"
    with wait(window.exporter.message_raised, timeout=60_000):
        window.exporter.save(path)
    # The preview follows as soon as the numbers are there, and nobody asks once it is closed.
    desks.qtbot.waitUntil(lambda: controller.snapshot.answers.cover(widget.wanted))
    dialog.close()
    with wait(controller.activity_changed):
        controller.toggle()
    desks.qtbot.waitUntil(lambda: not controller.snapshot.answers.cover(widget.wanted))
    _, state = load_carried(path)
    assert state is not None
    run = Run(SPIRAL)
    run.advance(state.trainer.step)
    other = desks.open()
    other.controller.shut_down()
    other.controller.show(run.snapshot(focus=other.focus_of(view)))
    shown = picture_of(other, view, 2.0)
    expected = np.asarray(Image.open(BytesIO(png_bytes(shown))).convert("RGB"))
    assert np.array_equal(np.asarray(Image.open(path).convert("RGB")), expected)


def test_training_goes_on_after_a_picture_unless_a_person_paused_meanwhile(desks: Desks) -> None:
    window = desks.open(SPIRAL)
    controller, until = window.controller, desks.qtbot.waitUntil

    def play() -> None:
        controller.play()
        until(lambda: controller.activity is Activity.RUNNING, timeout=60_000)

    def rests() -> bool:
        # What was told before is carried out once the training thread has answered.
        asked = controller.take_state()
        until(lambda: controller.n_told >= asked, timeout=60_000)
        return controller.activity is Activity.PAUSED

    play()
    controller.hold()
    until(lambda: controller.activity is Activity.PAUSED)
    controller.release()
    until(lambda: controller.activity is Activity.RUNNING)
    controller.hold()
    controller.pause()
    controller.release()
    assert rests()
    play()
    controller.pause()
    controller.hold()  # the run still shows as running
    controller.release()
    assert rests()


def test_a_picture_saved_while_training_is_that_of_the_click(desks: Desks, tmp_path: Path) -> None:
    window = desks.open(SPIRAL)
    controller, wait = window.controller, desks.qtbot.waitSignal
    with wait(controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000):
        controller.play()
    window.exporter.open("loss").save.click()
    desks.qtbot.waitUntil(lambda: window.exporter.prompt.dialog is not None)
    dialog = window.exporter.prompt.dialog
    (proposed,) = dialog.selectedFiles()
    at_click = int(Path(proposed).stem.split("-")[2])
    # Training goes on while the file dialog is open.
    with wait(controller.snapshot_changed, check_params_cb=is_at(at_click + 20), timeout=60_000):
        pass
    path = tmp_path / Path(proposed).name
    with wait(window.exporter.message_raised, timeout=60_000):
        dialog.fileSelected.emit(str(path))
    dialog.reject()
    _, state = load_carried(path)
    assert state is not None
    assert state.trainer.epoch == at_click


def test_a_picture_dragged_out_while_training_is_named_after_its_own_epoch(
    desks: Desks, tmp_path: Path
) -> None:
    window = desks.open(SPIRAL)
    controller, wait = window.controller, desks.qtbot.waitSignal
    with wait(controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000):
        controller.play()
    dialog = window.exporter.open("loss")
    preview = dialog.preview
    desks.qtbot.waitUntil(lambda: preview.image is not None)
    seen = controller.snapshot.epoch
    with wait(controller.snapshot_changed, check_params_cb=is_at(seen + 20), timeout=60_000):
        pass
    desks.qtbot.mousePress(preview, Qt.MouseButton.LeftButton)
    desks.qtbot.waitUntil(lambda: preview._offered is not None)
    data = preview.mime_data()
    assert data is not None
    path = Path(data.urls()[0].toLocalFile())
    _, state = load_carried(path)
    assert state is not None
    assert path.name == f"spiral-epoch-{state.trainer.epoch}-loss.png"
    desks.qtbot.mouseRelease(preview, Qt.MouseButton.LeftButton)


@pytest.fixture
def learning(desks: Desks) -> object:
    """A window that trains, with the export dialog open on the loss."""
    window = desks.open(SPIRAL)
    with desks.qtbot.waitSignal(
        window.controller.snapshot_changed, check_params_cb=is_at(20), timeout=60_000
    ):
        window.controller.play()
    window.exporter.open("loss")
    return window


def test_a_picture_is_what_the_dialog_said_at_the_click(
    desks: Desks, learning: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    real = picture_tasks.prepared
    monkeypatch.setattr(picture_tasks, "prepared", lambda *a: drawn.append(a) or real(*a))
    exporter = learning.exporter
    for _ in range(3):
        exporter.dialog.save.click()
    exporter.dialog.show_kind(Kind.ANIMATION)
    exporter.dialog.options.show_view("network")
    desks.qtbot.waitUntil(lambda: exporter.prompt.dialog is not None)
    dialog = exporter.prompt.dialog
    assert dialog.nameFilters() == ["PNG (*.png)"]
    assert Path(dialog.selectedFiles()[0]).name.endswith("-loss.png")
    assert [widget for widget, *_ in drawn] == [learning.views["loss"]]
    path = tmp_path / "a.png"
    with desks.qtbot.waitSignal(exporter.message_raised, timeout=60_000):
        dialog.fileSelected.emit(str(path))
    dialog.reject()
    with Image.open(path) as picture:
        assert picture.format == "PNG"


def test_a_picture_of_another_run_than_was_asked_for_is_not_made(
    desks: Desks, learning: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, controller = learning.exporter, learning.controller
    asked = []
    monkeypatch.setattr(exporter.moment, "take", lambda then, focus: asked.append(then))
    exporter.dialog.save.click()
    run_id = controller.snapshot.run_id
    with desks.qtbot.waitSignal(
        controller.snapshot_changed, check_params_cb=lambda s: s.run_id != run_id, timeout=60_000
    ):
        learning.edits.replace_experiment(presets()["plane"], "new")
    with desks.qtbot.waitSignal(exporter.failed) as told:
        at_once(asked[0](b""))
    assert told.args == ["No picture: another run has begun meanwhile."]
    assert exporter.prompt.dialog is None


def test_a_dialog_that_was_closed_asks_for_no_file(
    desks: Desks, learning: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    come = []
    real = picture_tasks.prepared
    monkeypatch.setattr(picture_tasks, "prepared", lambda *a: come.append(a) or real(*a))
    learning.exporter.dialog.save.click()
    learning.exporter.dialog.close()
    desks.qtbot.waitUntil(lambda: come != [])
    assert learning.exporter.prompt.dialog is None
