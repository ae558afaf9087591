"""The export dialog and quick pictures in a window: what they write, say and leave behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.experiment import presets
from playground.core.export.carrier import load_carried
from playground.core.export.metadata import find_experiment
from playground.core.files import Document, decode_experiment
from playground.core.focus import NOTHING, Focus
from playground.core.own_data import OwnData
from playground.core.run import Run
from playground.ui.appearance import Preference
from playground.ui.export import helper as helper_module
from playground.ui.export import preview as preview_module
from playground.ui.export.options import SIZES, Kind
from playground.ui.export.order import PictureOrder
from playground.ui.export.past import EDITED, OPENED, REPLAYED, Past
from playground.ui.export.preview import Preview
from playground.ui.main_window import MainWindow
from playground.ui.network_table import NetworkTable
from playground.ui.picture import PictureSpec, draw_image, png_bytes, prepared
from playground.ui.plot_chrome import ViewTask
from playground.ui.right_panel import ViewRequest
from playground.ui.theme import LIGHT
from playground.ui.turns import Steps
from tests.pictures import picture_of
from tests.steps import in_one_step
from tests.ui.fake_controller import FakeController

pytestmark = pytest.mark.qt_log_ignore(r"does not support (raise|propagateSizeHints)")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake with the same methods
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield window
    window.choose_theme(Preference.LIGHT)
    window.close()


def told(qtbot: QtBot, window: MainWindow) -> str:
    """Wait for the exporter's last word."""
    dialog = window.exporter.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.status.text() not in ("", "Working …"))
    return str(dialog.status.text())


def test_a_views_own_menu_copies_and_saves_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    loss = window.right.loss
    with qtbot.waitSignal(window.pictures.message_raised) as said:
        window.pictures.carry_out(ViewRequest(loss, "Loss", ViewTask.COPY))
    assert said.args[0].startswith("Copied loss, ")
    assert QGuiApplication.clipboard().image().size() == loss.size() * 2
    window.pictures.carry_out(ViewRequest(loss, "Loss", ViewTask.SAVE))
    path = tmp_path / "loss.png"
    qtbot.waitUntil(lambda: window.exporter.prompt.dialog is not None)
    dialog = window.exporter.prompt.dialog
    with qtbot.waitSignal(window.pictures.message_raised):
        dialog.fileSelected.emit(str(path))
    assert QImage(str(path)).size() == loss.size() * 2
    assert load_carried(path)[0] == window.controller.experiment
    dialog.reject()
    assert window.exporter.prompt.dialog is None


def test_a_picture_of_a_window_that_closed_meanwhile_is_refused_and_no_other_is_lost(
    qtbot: QtBot, window: MainWindow
) -> None:
    larger = window.right.open_larger(window.right.weights)
    failures: list[str] = []
    window.pictures.failed.connect(failures.append)
    larger.view.task_requested.emit(ViewTask.COPY)
    window.right.loss.task_requested.emit(ViewTask.COPY)
    larger.close()
    QCoreApplication.sendPostedEvents(larger, QEvent.Type.DeferredDelete.value)
    with qtbot.waitSignal(window.pictures.message_raised) as said:
        pass
    assert said.args[0].startswith("Copied loss, ")
    assert failures == ["No picture: the window was closed."]


def test_a_picture_is_drawn_after_the_turns_in_which_its_state_is_shown(
    qtbot: QtBot, window: MainWindow
) -> None:
    log: list[str] = []
    window.controller.in_turn(lambda: log.append("panels"))
    window.exporter.moment.take(in_one_step(lambda _: log.append("picture")))
    assert not log
    qtbot.waitUntil(lambda: len(log) == 2)
    assert log == ["panels", "picture"]


def test_only_the_answer_to_the_last_question_hands_pictures_over_and_in_its_own_turn(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, moment, log = window.controller, window.exporter.moment, list[str]()
    questions, experiments = iter((7, 8)), presets()
    monkeypatch.setattr(controller, "take_state", lambda: next(questions))

    def answer(number: int, name: str) -> None:
        controller.n_told = number
        controller.state_taken.emit(Document(experiments[name]))
        controller.in_turn(lambda: log.append(f"after answer {number}"))

    def on_taken(content: bytes) -> None:
        (name,) = (n for n, e in experiments.items() if e == decode_experiment(content)[0])
        log.append(name)

    moment.take(in_one_step(on_taken))
    answer(6, "spiral")
    answer(7, "spiral")
    moment.take(in_one_step(on_taken))
    answer(8, "xor")
    answer(9, "spiral")
    qtbot.waitUntil(lambda: "after answer 9" in log)
    turns = [f"after answer {number}" for number in (6, 7, 8, 9)]
    assert log == [*turns[:2], "xor", "xor", *turns[2:]]


def test_the_graph_is_pictured_as_large_as_it_is_unless_that_is_too_large(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog, graph = window.exporter.open("graph"), window.graph.picture
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    size = graph.sizeHint() * 2
    assert size.width() > 1000
    assert dialog.preview.note.startswith(f"{size.width()} × {size.height()} pixels")
    window.exporter.save(tmp_path / "graph.png")
    assert told(qtbot, window).startswith("Saved graph.png")
    assert QImage(str(tmp_path / "graph.png")).size() == size
    monkeypatch.setattr(graph, "sizeHint", lambda: QSize(6000, 6000))
    dialog.preview_wanted.emit()
    assert "12000 × 12000 pixels are too many" in dialog.status.text()
    assert not dialog.save.isEnabled()
    assert dialog.preview.image is None


def test_what_is_asked_for_while_a_picture_is_made_is_looked_at_until_it_is_made(
    qtbot: QtBot, window: MainWindow
) -> None:
    controller, moment, wanted = window.controller, window.exporter.moment, Focus(coarse=True)
    looked: list[Focus] = []

    def long(content: bytes) -> Steps[None]:
        moment.take(in_one_step(lambda _: looked.append(controller.focuses[-1])), wanted)
        yield
        yield

    moment.take(long)
    qtbot.waitUntil(lambda: len(looked) == 1)
    qtbot.waitUntil(lambda: controller.focuses[-1] == NOTHING)
    assert looked == [wanted]


@pytest.mark.qt_no_exception_capture
def test_a_picture_that_fails_keeps_no_other_from_being_made(
    qtbot: QtBot, window: MainWindow
) -> None:
    moment, made = window.exporter.moment, list[str]()

    def failing(content: bytes) -> Steps[None]:
        raise RuntimeError("broken")
        yield

    moment.take(failing)
    moment.take(in_one_step(lambda _: made.append("second")))
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(lambda: made == ["second"])
    assert [str(error[1]) for error in caught] == ["broken"]


@pytest.mark.parametrize(
    "view", ["window", "network", "output", "loss", "gradients", "neuron", "graph"]
)
def test_a_light_picture_of_a_dark_window_is_that_of_a_light_window(
    window: MainWindow, view: str
) -> None:
    light = png_bytes(picture_of(window, view, 1.0))
    window.choose_theme(Preference.DARK)
    dark = png_bytes(picture_of(window, view, 1.0))
    assert png_bytes(picture_of(window, view, 1.0, light=True)) == light
    assert png_bytes(picture_of(window, view, 1.0)) == dark != light


@pytest.mark.parametrize(
    ("size", "scale"), [((1000, 600), 1.0), ((640, 360), 2.0), ((500, 901), 1.0)]
)
def test_a_small_picture_of_the_window_shows_all_of_it_and_has_the_size_asked_for(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    before = window.size()
    spec = PictureSpec(size=size, scale=scale)
    image = draw_image(window, spec, LIGHT)
    assert (image.width(), image.height()) == (round(size[0] * scale), round(size[1] * scale))
    root = ElementTree.fromstring(prepared(window, ".svg", spec, LIGHT)())
    assert (root.get("width"), root.get("height")) == tuple(map(str, size))
    wide, high = map(float, root.get("viewBox", "").split()[2:])
    assert wide >= window.least_room().width() == 1120
    assert high >= window.least_room().height()
    assert wide / high == pytest.approx(size[0] / size[1], rel=0.002)
    assert window.size() == before


def test_an_svg_is_well_formed_whatever_its_title_and_caption_are(window: MainWindow) -> None:
    spec = PictureSpec(title="a\x0b<b>\x1fc", caption="d\ufffee")
    root = ElementTree.fromstring(prepared(window.right.loss, ".svg", spec, LIGHT)())
    name = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{name}title") == "a <b> c"
    texts = [text.text for text in root.iter(f"{name}text")]
    assert {"a <b> c", "d e"} <= set(texts)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_dialog_saves_a_picture_that_carries_its_experiment(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, ending: str
) -> None:
    dialog = window.exporter.open("loss")
    dialog.options.format.setCurrentIndex([".png", ".svg", ".pdf"].index(ending))
    path = tmp_path / f"loss{ending}"
    window.exporter.save(path)
    assert told(qtbot, window).startswith(f"Saved loss{ending}")
    assert load_carried(path)[0] == window.controller.experiment
    dialog.options.carry.setChecked(False)
    dialog.show_progress("", False)
    window.exporter.save(path)
    told(qtbot, window)
    assert b"tinyml-experiment" not in path.read_bytes()


def drag_out(qtbot: QtBot, preview: Preview) -> None:
    """Press the button on the preview and pull."""
    qtbot.waitUntil(lambda: preview.image is not None)
    at = QPoint(100, 100)
    qtbot.mousePress(preview, Qt.MouseButton.LeftButton, pos=at)
    moved = QPointF(at + QPoint(60, 0))
    buttons = Qt.MouseButton.LeftButton
    move = QMouseEvent(
        QMouseEvent.Type.MouseMove, moved, moved, buttons, buttons, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(preview, move)


@pytest.mark.parametrize("view", ["loss", "window"])
@pytest.mark.parametrize("pixels", [(1000, 600, 3), (1001, 601, 2)])
def test_a_picture_has_exactly_the_pixels_that_were_typed(
    window: MainWindow, view: str, pixels: tuple[int, int, int]
) -> None:
    options = window.exporter.open(view).options
    options.size_kind.setCurrentIndex(SIZES.index("Pixels"))
    for field, value in zip((options.wide, options.high, options.scale), pixels, strict=True):
        field.set_value(value)
    spec = PictureOrder.of(options).page(window.controller.snapshot, None)
    image = draw_image(window.views[view], spec, LIGHT)
    assert (image.width(), image.height()) == pixels[:2]


def test_what_is_dragged_out_is_the_file_that_would_be_saved(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = window.exporter.open("network")
    dragged = []
    monkeypatch.setattr(
        "playground.ui.export.preview.QDrag.exec",
        lambda drag, action: dragged.append(drag.mimeData()),
    )
    drag_out(qtbot, dialog.preview)
    qtbot.waitUntil(lambda: dragged != [])
    (url,) = dragged[0].urls()
    path = tmp_path / "saved.png"
    dialog.show_progress("", False)
    window.exporter.save(path)
    told(qtbot, window)
    assert Path(url.toLocalFile()).read_bytes() == path.read_bytes()
    assert load_carried(url.toLocalFile())[0] == window.controller.experiment
    png = bytes(dragged[0].data("image/png").data())
    assert decode_experiment(find_experiment(png))[0] == window.controller.experiment
    window.close()
    assert not Path(url.toLocalFile()).exists()


def test_a_click_on_the_preview_drags_nothing(qtbot: QtBot, window: MainWindow) -> None:
    preview = window.exporter.open("loss").preview
    qtbot.waitUntil(lambda: preview.image is not None)
    qtbot.mouseClick(preview, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: preview._offered is not None)
    assert preview._pressed is None


# Failures: one clear message, and no partial file.


@pytest.mark.parametrize("missing", ["the folder", "room"])
def test_a_drag_that_finds_no_folder_for_its_file_is_told_of(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def refuse(*_: object, **__: object) -> int:
        number = errno.ENOENT if missing == "the folder" else errno.ENOSPC
        raise OSError(number, "nothing there")

    preview = window.exporter.open("loss").preview
    if missing == "the folder":
        monkeypatch.setattr(preview_module, "TemporaryDirectory", refuse)
    else:
        monkeypatch.setattr(Path, "write_bytes", refuse)
    with qtbot.waitSignal(window.exporter.failed, timeout=20_000) as said:
        drag_out(qtbot, preview)
    why = {"the folder": "the folder is not there any more", "room": "disk full"}[missing]
    assert said.args == [f"Nothing to drag: the folder for temporary files: {why}"]
    assert window.status.message.text() == said.args[0]


def test_a_full_disk_is_told_and_leaves_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, data: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, "write", refuse)
    for kind, name in ((Kind.PICTURE, "a.png"), (Kind.TABLE, "a.csv")):
        dialog = window.exporter.open("loss", kind)
        dialog.show_progress("", False)
        window.exporter.save(tmp_path / name)
        assert told(qtbot, window) == f"{name}: Not saved: disk full. Try Save As."
        assert window.status.message.text() == f"{name}: Not saved: disk full. Try Save As."
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_file_stays_as_it_is(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "old.png"
    path.write_bytes(b"old")
    path.chmod(0o444)
    window.exporter.open("loss")
    window.exporter.save(path)
    assert "the file is read-only" in told(qtbot, window)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["old.png"]


def test_an_absurd_size_is_refused_before_anything_is_drawn(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = window.exporter.open("loss")
    options = dialog.options
    options.size_kind.setCurrentIndex(1)
    options.wide.set_value(16_000)
    options.high.set_value(16_000)
    window.exporter.save(tmp_path / "huge.png")
    assert "too many" in told(qtbot, window)
    assert list(tmp_path.iterdir()) == []
    for others in (dialog.copy_clicked.emit, dialog.preview.drag_wanted.emit):
        dialog.show_progress("", False)
        others()
        assert "too many" in told(qtbot, window)
    dialog.show_kind(Kind.ANIMATION)
    dialog.options.wide.set_value(8000)
    dialog.options.high.set_value(8000)
    dialog.show_progress("", False)
    window.exporter._on_preview_wanted()
    assert "million pixels" in told(qtbot, window)
    assert not dialog.save.isEnabled()


def test_an_animation_too_small_to_be_made_is_refused_before_anything_is_trained(
    window: MainWindow, tmp_path: Path
) -> None:
    dialog = window.exporter.open("loss", Kind.ANIMATION)
    dialog.options.high.set_value(15)
    window.exporter.save(tmp_path / "small.gif")
    why = "an animation needs at least 16 pixels on each side"
    assert dialog.status.text() == f"Nothing to save: {why}"
    assert not window.exporter.helper.is_running
    window.exporter._on_preview_wanted()
    assert dialog.status.text() == why
    assert not dialog.save.isEnabled()


def test_a_clipboard_that_takes_nothing_is_told_of(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    QGuiApplication.clipboard().clear()
    monkeypatch.setattr(QClipboard, "setMimeData", lambda *_: None)
    with qtbot.waitSignal(window.pictures.failed) as said:
        window.export_menu.copy.trigger()
    assert said.args == ["Not copied: the clipboard did not take the picture."]
    window.exporter.open("loss")
    window.exporter.dialog.copy_clicked.emit()
    assert told(qtbot, window) == "Not copied: the clipboard did not take the picture."


def test_the_helpers_failure_is_one_line_and_leaves_no_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.exporter.open("network", Kind.CODE)
    with qtbot.waitSignal(window.exporter.failed, timeout=180_000) as said:
        window.exporter.save(tmp_path / "missing" / "run.py")
    assert "there is no folder" in said.args[0]
    assert "\n" not in said.args[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Kind.ANIMATION, Kind.PAGE])
def test_an_export_that_would_train_without_samples_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, kind: Kind
) -> None:
    base = window.controller.experiment
    nothing = OwnData(np.zeros((0, 2)), np.zeros(0), class_names=("+1", "−1"))
    window.controller.experiment = base.with_data(replace(base.data, own=nothing))
    window.exporter.open("network", kind)
    path = tmp_path / f"a{window.exporter.dialog.options.ending}"
    with qtbot.waitSignal(window.exporter.failed, timeout=180_000) as said:
        window.exporter.save(path)
    assert said.args[0].endswith("there are no samples to train on")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.ANIMATION])
def test_a_full_folder_for_temporary_files_is_told_of(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    dialog = window.exporter.open("network", kind)
    monkeypatch.setattr(Path, "write_bytes", refuse)
    with qtbot.waitSignal(window.exporter.failed) as said:
        window.exporter.save(tmp_path / "run.out")
    why = "the folder for temporary files: disk full"
    assert said.args == [f"run.out was not saved: {why}"]
    assert dialog.save.isEnabled()
    assert list(tmp_path.iterdir()) == []


def test_without_a_folder_for_temporary_files_the_dialog_opens(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "no usable folder")

    monkeypatch.setattr(helper_module, "TemporaryDirectory", refuse)
    dialog = window.exporter.open("network", Kind.CODE)
    assert dialog.isVisible()
    with qtbot.waitSignal(window.exporter.failed) as said:
        window.exporter.save(tmp_path / "run.py")
    assert "the folder for temporary files" in said.args[0]


def test_a_helper_that_stood_by_makes_the_file_that_the_command_line_makes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.choose_theme(Preference.DARK)
    dialog = window.exporter.open("network", Kind.ANIMATION)
    helper = window.exporter.helper
    qtbot.waitUntil(lambda: helper._spare is not None)
    dialog.options.light.setChecked(False)
    dialog.options.epochs.set_value(20)
    dialog.options.frames.set_value(3)
    paths = tmp_path / "warm.gif", tmp_path / "cold.gif"
    for path in paths:
        spare = helper._spare
        with qtbot.waitSignal(helper.finished, timeout=180_000) as ended:
            window.exporter.save(path)
            assert (spare is not None) == (path is paths[0])
            assert helper._process is spare or path is paths[1]
        assert ended.args == [""]
        helper.stand_down()
    assert paths[0].read_bytes() == paths[1].read_bytes()
    qtbot.waitUntil(lambda: dialog.status.text() == "Saved cold.gif")


def test_the_helper_stands_by_only_while_the_dialog_is_open(
    qtbot: QtBot, window: MainWindow
) -> None:
    dialog = window.exporter.open("network", Kind.CODE)
    helper = window.exporter.helper
    qtbot.waitUntil(lambda: helper._spare is not None)
    spare = helper._spare
    assert spare is not None
    assert spare.waitForStarted(5000)
    number = spare.processId()
    dialog.close()
    assert helper._spare is None
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_cancelled_export_leaves_no_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = window.exporter.open("network", Kind.ANIMATION)
    dialog.options.epochs.set_value(1_000_000)
    window.exporter.save(tmp_path / "long.gif")
    assert dialog.cancel.isVisible()
    with qtbot.waitSignal(window.exporter.failed):
        dialog.cancel.click()
    assert told(qtbot, window) == "long.gif was not saved: cancelled"
    assert list(tmp_path.iterdir()) == []


WRITE_AND_WAIT = """
import sys, time
from pathlib import Path
from playground.core.export.delivery import deliver
deliver(Path(sys.argv[1]), b"new")
Path(sys.argv[1]).with_suffix(".done").touch()
time.sleep(60)
"""


def test_an_export_that_is_cancelled_after_its_file_was_written_is_saved(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(b"old")
    monkeypatch.setattr(
        helper_module, "module_arguments", lambda *_: ["-c", WRITE_AND_WAIT, str(path)]
    )
    helper = helper_module.ExportHelper()
    helper.start("export-code", presets()["circle"], ["--out", str(path)])
    deadline = monotonic() + 30
    while not path.with_suffix(".done").exists():  # no event is handled here
        assert monotonic() < deadline
    with qtbot.waitSignal(helper.finished) as ended:
        helper.cancel()
    assert path.read_bytes() == b"new"
    assert ended.args == [""]


def test_a_message_meanwhile_leaves_a_running_export_to_be_cancelled(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    dialog = window.exporter.open("network", Kind.ANIMATION)
    dialog.options.epochs.set_value(1_000_000)
    window.exporter.save(tmp_path / "long.gif")
    dialog.show_kind(Kind.PICTURE)
    dialog.copy.click()
    qtbot.waitUntil(lambda: dialog.status.text().startswith("Copied "))
    assert window.exporter.helper.is_running
    assert dialog.cancel.isVisible()
    assert not dialog.save.isEnabled()
    with qtbot.waitSignal(window.exporter.failed) as said:
        dialog.cancel.click()
    assert said.args == ["long.gif was not saved: cancelled"]
    assert dialog.save.isEnabled()


def test_a_refusal_ends_with_the_kind_it_was_for(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.exporter.open("loss")
    dialog.options.size_kind.setCurrentIndex(1)
    dialog.options.wide.set_value(16_384)
    dialog.options.high.set_value(16_384)
    dialog.refresh()
    qtbot.waitUntil(lambda: "too many" in dialog.status.text())
    assert not dialog.save.isEnabled()
    dialog.show_kind(Kind.TABLE)
    qtbot.waitUntil(lambda: dialog.save.isEnabled())
    assert dialog.status.text() == ""


def test_a_helper_that_is_sent_away_while_it_rehearses_leaves_nothing(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dialog = window.exporter.open("network", Kind.CODE)
    qtbot.waitUntil(lambda: list(tmp_path.glob("*/tinyml-export-*")) != [], timeout=180_000)
    dialog.close()
    assert list(tmp_path.iterdir()) == []


# Exports that train again.


def test_a_run_that_nobody_touched_is_said_to_be_replayed() -> None:
    past, run = Past(), Run(presets()["xor-table"])
    past.see(run.snapshot())
    run.advance(20)
    past.see(run.snapshot())
    assert past.words == REPLAYED


def test_an_edit_on_the_way_is_said_until_the_run_begins_anew() -> None:
    past, run = Past(), Run(presets()["xor-table"])
    past.see(run.snapshot())
    run.advance(20)
    past.see(run.snapshot())
    training = replace(run.experiment.training, learning_rate=0.05)
    run.apply(replace(run.experiment, training=training))
    past.see(run.snapshot())
    assert past.words == EDITED
    run.reset()
    past.see(run.snapshot())
    assert past.words == REPLAYED


def test_weights_set_by_hand_are_an_edit_also_before_training() -> None:
    past, run = Past(), Run(presets()["xor-table"])
    parameters = run.parameters
    weights = (parameters.weights[0] + 1.0, *parameters.weights[1:])
    run.edit(replace(parameters, weights=weights))
    past.see(run.snapshot())
    assert past.words == EDITED
    run.reset()
    past.see(run.snapshot())
    run.advance(3)
    past.see(run.snapshot())
    past.mark_edited()
    assert past.words == EDITED


def test_a_run_from_a_file_may_have_been_edited_before() -> None:
    run = Run(presets()["xor-table"])
    run.advance(20)
    past = Past()
    past.see(run.snapshot())
    assert past.words == OPENED


def test_the_dialog_says_it_where_it_trains_again(window: MainWindow) -> None:
    dialog = window.exporter.open("network", Kind.ANIMATION)
    assert dialog.past.isVisible()
    assert dialog.past.text().startswith(REPLAYED)
    dialog.show_kind(Kind.PICTURE)
    assert not dialog.past.isVisible()


def test_a_weight_set_in_the_table_is_an_edit_like_one_set_in_the_network(
    window: MainWindow,
) -> None:
    window.controller.snapshot_changed.emit(window.controller.snapshot)
    assert window.exporter.past.words == OPENED
    window.commands.table.trigger()
    table = window.findChild(NetworkTable)
    assert table is not None
    neuron = table.model.index(0, 0, table.model.index(0, 0))
    assert table.model.setData(table.model.index(1, 1, neuron), "2.5")
    assert window.exporter.past.words == EDITED
    table.close()


COPY_AND_LEAVE = """
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from playground.ui.export.quick import copied
from playground.ui.picture import png_bytes
application = QApplication([])
image = QImage(4, 4, QImage.Format.Format_RGB32)
image.fill(0)
assert copied(image, png_bytes(image))
"""


def test_leaving_with_a_copied_picture_ends_well() -> None:
    done = subprocess.run([sys.executable, "-c", COPY_AND_LEAVE], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
