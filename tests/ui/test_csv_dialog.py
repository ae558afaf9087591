"""CSV files opened, pasted and dropped: preview, overrides, import; and export."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QTemporaryFile, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.app import create_window
from playground.core import experiment as specs
from playground.core.csv_format import Decimal, Delimiter, Encoding, Format
from playground.core.experiment import Experiment, OwnForm, Problem
from playground.core.files import save_experiment
from playground.session import scribe
from playground.session.csv_process import CsvProcess
from playground.ui import csv_files
from playground.ui.csv_dialog import CsvDialog
from playground.ui.main_window import MainWindow
from tests.ui.dropping import dropped
from tests.ui.tool_tips import shown

LEFT = Qt.MouseButton.LeftButton
IRIS = Path(__file__).parents[2] / "assets" / "iris.csv"


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window with its first snapshot."""
    window = create_window()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
        window.show()
    return window


def opened(qtbot: QtBot, window: MainWindow) -> CsvDialog:
    """The open dialog, when it has read the file."""
    dialog = window.csv.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.process.is_running, timeout=20_000)
    return dialog


def finish(qtbot: QtBot, window: MainWindow) -> None:
    """Press Import and wait for the data."""
    dialog = opened(qtbot, window)
    with qtbot.waitSignal(dialog.data_imported, timeout=20_000):
        QTest.mouseClick(dialog.accept_button, LEFT)
    qtbot.waitUntil(lambda: window.csv.dialog is None)


def preview(qtbot: QtBot, window: MainWindow, path: Path, data: bytes) -> CsvDialog:
    """The dialog that has read a file of these bytes."""
    path.write_bytes(data)
    window.csv.open_file(str(path))
    return opened(qtbot, window)


def drop(window: MainWindow, path: Path) -> bool:
    """Drag a file over the window and let go; whether the window takes it both times."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return all(dropped(window, data))


def test_iris_is_imported_trained_and_shown_in_two_chosen_columns(window, qtbot):
    window.csv.open_file(str(IRIS))
    dialog = opened(qtbot, window)
    assert dialog.delimiter.shown_text == "Comma"
    assert dialog.preview.item(0, 4).text() == "setosa"
    assert "mean 5.843, deviation 0.8253" in dialog.inputs.item(0).text()
    assert dialog.target.currentText() == "species"
    finish(qtbot, window)
    experiment = window.controller.experiment
    own = experiment.data.own
    assert (own.form, own.title, own.x.shape) == (OwnForm.FILE, "iris.csv", (150, 4))
    assert (experiment.data.problem, experiment.network.n_outputs) == (Problem.MULTICLASS, 3)
    panel = window.left.data
    assert panel.map_inputs.isVisibleTo(panel)
    assert [row.isVisibleTo(panel) for row in panel.map_inputs.held[:4]] == [False] * 2 + [True] * 2
    panel.map_inputs.across.index_chosen.emit(2)
    panel.map_inputs.up.index_chosen.emit(3)
    assert window.controller.experiment.data.shown == (2, 3)
    panel.map_inputs.held[0].value_edited.emit(0.5)
    assert window.controller.experiment.data.held == ((0, 0.5),)
    good = lambda s: (s.train_accuracy or 0) >= 0.95 and s.data.shown == (2, 3)  # noqa: E731
    with qtbot.waitSignal(window.controller.snapshot_changed, check_params_cb=good, timeout=30_000):
        window.controller.play()
    window.controller.pause()
    window.edits.undo()
    window.edits.undo()
    window.edits.undo()
    window.edits.undo()
    assert window.controller.experiment.data.own is None


def test_everything_detected_can_be_overridden(window, qtbot, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("1,5;2\n3,5;4\n5,5;6\n7,5;8\n")
    window.csv.open_file(str(path))
    dialog = opened(qtbot, window)
    assert dialog.delimiter.shown_text == "Semicolon"
    assert dialog.decimal.shown_text == "Comma"
    assert not dialog.header.isChecked()
    QTest.mouseClick(dialog.header, LEFT, pos=QPoint(8, dialog.header.height() // 2))
    opened(qtbot, window)
    assert dialog.preview.horizontalHeaderItem(0).text() == "1,5"
    dialog.delimiter.choice_edited.emit(Delimiter.COMMA)
    opened(qtbot, window)
    assert dialog.preview.columnCount() == 2
    dialog.reject()


def test_what_was_chosen_stays_when_the_same_columns_are_read_in_another_way(
    window, qtbot, tmp_path
):
    dialog = preview(qtbot, window, tmp_path / "a.csv", b"a,b,c\n1,5,2\n3,6,4\n5,7,6\n7,8,9\n")
    first = dialog.choice
    dialog.inputs.item(0).setCheckState(Qt.CheckState.Unchecked)
    dialog.target.setCurrentIndex(0)
    dialog.target.index_chosen.emit(0)
    chosen = dialog.choice
    assert chosen != first
    for _ in range(2):
        QTest.mouseClick(dialog.header, LEFT, pos=QPoint(8, dialog.header.height() // 2))
        opened(qtbot, window)
        assert dialog.choice == chosen
    dialog.delimiter.choice_edited.emit(Delimiter.SEMICOLON)
    opened(qtbot, window)
    dialog.delimiter.choice_edited.emit(Delimiter.COMMA)
    opened(qtbot, window)
    assert dialog.choice == chosen
    dialog.reject()


def test_17_what_is_needed_is_said(window, qtbot, tmp_path):
    path = tmp_path / "few.csv"
    dialog = preview(qtbot, window, path, b"")
    assert dialog.status.text() == "The file is empty."
    dialog = preview(qtbot, window, path, b"a,y\n")
    assert dialog.status.text() == "There is a header but no row of data."
    assert not dialog.accept_button.isEnabled()
    dialog = preview(qtbot, window, path, b"a,b,y\n1,2,3\n")
    assert dialog.accept_button.isEnabled()
    with qtbot.waitSignal(dialog.process.failed, timeout=20_000):
        QTest.mouseClick(dialog.accept_button, LEFT)
    assert dialog.status.text() == "Only 1 row can be used: at least 2 are needed."
    dialog = preview(qtbot, window, path, b"a,b,y\n1,7,red\n2,7,red\n")
    dialog.target.setCurrentIndex(2)
    dialog.target.index_chosen.emit(2)
    dialog.kind.set_index(0)
    dialog.kind.chosen.emit(0)
    assert dialog.status.text() == "“y” has only 1 value; classes are 2 to 5."
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_17_a_column_that_is_always_the_same_is_told_of(window, qtbot, tmp_path):
    data = b"a,b,y\n1,7,p\n2,7,q\n3,7,p\n"
    dialog = preview(qtbot, window, tmp_path / "constant.csv", data)
    assert dialog.inputs.item(1).text().endswith("always the same")
    assert "always" not in dialog.status.text()
    dialog.inputs.item(1).setCheckState(Qt.CheckState.Checked)
    assert dialog.status.text().endswith("Classes: p, q. Always the same, scale 1: b.")
    finish(qtbot, window)
    assert "“b” is the same in all rows: its scale is 1." in window.status.message.text()


def test_18_mark_and_encoding_are_overridden(window, qtbot, tmp_path):
    path = tmp_path / "odd.csv"
    dialog = preview(qtbot, window, path, b"1,5;2\n3,5;4\n5,5;6\n")
    assert "mean 3.5," in dialog.inputs.item(0).text()
    dialog.decimal.choice_edited.emit(Decimal.POINT)
    opened(qtbot, window)
    assert dialog.delimiter.shown_text == "Semicolon"
    assert "text (1,5, 3,5, 5,5)" in dialog.inputs.item(0).text()
    dialog = preview(qtbot, window, path, b'a,y\n"1,234",0\n"2,345",1\n"12,000",0\n')
    assert dialog.decimal.shown_text == "Point"
    assert "text (1,234, 2,345, 12,000)" in dialog.inputs.item(0).text()
    dialog.decimal.choice_edited.emit(Decimal.COMMA)
    opened(qtbot, window)
    assert "mean 5.193," in dialog.inputs.item(0).text()
    dialog = preview(qtbot, window, path, "é,y\n1,2\n3,4\n".encode())
    assert dialog.inputs.item(0).text().startswith("é: mean 2,")
    dialog.encoding.choice_edited.emit(Encoding.WINDOWS_1252)
    opened(qtbot, window)
    assert dialog.inputs.item(0).text().startswith("Ã©: mean 2,")
    dialog.reject()


def test_a_file_that_cannot_be_read_anew_is_not_imported_as_before(window, qtbot, tmp_path):
    dialog = preview(qtbot, window, tmp_path / "a.csv", b"a,y\n1,2\n3,4\n5,6\n7,8\n9\n"[:-3])
    assert dialog.accept_button.isEnabled()
    dialog.encoding.choice_edited.emit(Encoding.UTF_16_LE)
    assert not dialog.accept_button.isEnabled()
    QTest.mouseClick(dialog.standardise, LEFT, pos=QPoint(8, dialog.standardise.height() // 2))
    assert not dialog.accept_button.isEnabled()  # not read yet
    opened(qtbot, window)
    words = dialog.status.text()
    assert words.startswith("Byte ")
    QTest.mouseClick(dialog.standardise, LEFT, pos=QPoint(8, dialog.standardise.height() // 2))
    dialog.target.index_chosen.emit(0)
    dialog.inputs.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.accept_button.isEnabled()
    assert dialog.status.text() == words
    dialog.encoding.choice_edited.emit(Encoding.UTF_8)
    opened(qtbot, window)
    assert dialog.accept_button.isEnabled()
    QTest.mouseClick(dialog.accept_button, LEFT)
    dialog.kind.chosen.emit(1)
    assert not dialog.accept_button.isEnabled()  # it is being imported
    qtbot.waitUntil(lambda: window.csv.dialog is None, timeout=20_000)


def test_21_the_row_is_named_in_the_dialog(window, qtbot, tmp_path):
    path, before = tmp_path / "bad.csv", window.controller.experiment
    for data, words in (
        (b"a,b\n1,2\n3,\x004\n", "Row 3 has a NUL character."),
        (b"a,b\n1,2\n3\n", "Row 3 has 1 cell, row 1 has 2."),
        (b"a,b\r1,2\r3,4,5\r", "Row 3 has 3 cells, row 1 has 2."),
    ):
        dialog = preview(qtbot, window, path, data)
        assert dialog.status.text() == words
        assert not dialog.accept_button.isEnabled()
    dialog.reject()
    assert window.controller.experiment is before


def test_23_cancel_ends_the_reading_of_a_large_file(window, qtbot, tmp_path):
    path, before = tmp_path / "large.csv", window.controller.experiment
    path.write_bytes((b"1.5," * 59 + b"2.5\n") * 266_000)
    assert path.stat().st_size > 63_000_000
    window.csv.open_file(str(path))
    dialog = window.csv.dialog
    with qtbot.waitSignal(dialog.process.progressed, timeout=20_000):
        pass
    helper = dialog.process._process
    with qtbot.waitSignals([helper.destroyed, dialog.destroyed], timeout=20_000):
        QTest.mouseClick(dialog.cancel, LEFT)
        assert not dialog.process.is_running
    assert window.csv.dialog is None
    assert window.controller.experiment is before


def test_24_a_file_that_has_gone_is_told_of_and_the_data_stay(window, qtbot, tmp_path):
    path, before = tmp_path / "a.csv", window.controller.experiment
    dialog = preview(qtbot, window, path, b"a,y\n1,2\n3,4\n5,6\n")
    path.unlink()
    dialog.delimiter.choice_edited.emit(Delimiter.SEMICOLON)
    opened(qtbot, window)
    assert dialog.status.text() == "The file cannot be read: No such file or directory."
    assert not dialog.accept_button.isEnabled()
    dialog.reject()
    assert window.controller.experiment is before


def test_25_html_in_names_and_labels_is_shown_as_text(window, qtbot, tmp_path):
    rows = "".join(f"{k},{-k},{k % 5},{'<i>p</i>' if k % 2 else 'q'}\n" for k in range(12))
    data = f"<b>age</b>,b,c,<img src=x>\n{rows}".encode()
    dialog = preview(qtbot, window, tmp_path / "<b>.csv", data)
    assert dialog.status.textFormat() is Qt.TextFormat.PlainText
    assert "<i>p</i>" in dialog.status.text()
    assert dialog.preview.item(1, 3).text() == "<i>p</i>"
    assert dialog.inputs.item(0).text().startswith("<b>age</b>: mean")
    finish(qtbot, window)
    assert window.controller.experiment.data.own.class_names == ("q", "<i>p</i>")
    inputs = window.left.data.map_inputs
    inputs.up.index_chosen.emit(2)
    inputs.across.index_chosen.emit(1)
    label = inputs.held[0].label
    assert label.text() == "<b>age</b>"
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert shown(label.toolTip()) == "<b>age</b>"


def test_labels_that_were_cut_are_counted_before_and_after(window, qtbot, tmp_path):
    rows = "".join(f"{k},{'x' * 64}{k % 2}\n{k},y\n" for k in range(3))
    dialog = preview(qtbot, window, tmp_path / "long.csv", f"a,class\n{rows}".encode())
    told = "“class”: 3 cells cut at 64 characters in rows 2, 4, 6"
    assert f"{told}." in dialog.status.text()
    finish(qtbot, window)
    assert told in window.status.message.text()


def test_20_rows_without_a_class_and_blank_rows_are_told_of(window, qtbot, tmp_path):
    data = b"a,y\n1,p\n2,\n3,q\n,\n4,p\n5,q\n"
    dialog = preview(qtbot, window, tmp_path / "gaps.csv", data)
    assert dialog.inputs.item(0).text().endswith("1 cell without a number in row 5")
    finish(qtbot, window)
    assert window.status.message.text() == (
        "4 rows imported. 2 left out. “a”: 1 cell without a number in row 5"
        " “y”: 2 cells without a class in rows 3, 5"
    )


def test_more_classes_than_a_large_network_has_room_for_change_nothing(
    window, qtbot, tmp_path, monkeypatch
):
    before = window.controller.experiment
    monkeypatch.setattr(specs, "MAX_PARAMETERS", before.network.n_parameters)
    rows = "".join(f"{k},{k * k},{k % 5}\n" for k in range(20))
    preview(qtbot, window, tmp_path / "five.csv", f"a,b,y\n{rows}".encode())
    finish(qtbot, window)
    told = window.status.message.text()
    assert told.startswith("Not changed: a network has at most ")
    assert window.controller.experiment is before


def test_what_cannot_be_read_is_said_in_the_dialog_and_the_data_stay(window, qtbot, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text('a,b\n1,2\n"3,4\n')
    before = window.controller.experiment
    window.csv.open_file(str(path))
    dialog = opened(qtbot, window)
    qtbot.waitUntil(lambda: "never closed" in dialog.status.text())
    assert dialog.status.text() == "A quote that opens in row 3 is never closed."
    assert not dialog.accept_button.isEnabled()
    QTest.mouseClick(dialog.cancel, LEFT)
    assert window.controller.experiment is before


def test_missing_cells_are_counted_and_the_rule_is_chosen(window, qtbot, tmp_path):
    path = tmp_path / "gaps.csv"
    rows = "".join(f"{k},{'' if k % 3 == 0 else k},{k % 2}\n" for k in range(30))
    path.write_text("a,b,y\n" + rows)
    window.csv.open_file(str(path))
    dialog = opened(qtbot, window)
    assert "10 cells without a number in rows 2, 5, 8, 11, 14, …" in dialog.inputs.item(1).text()
    assert dialog.missing.isVisibleTo(dialog)
    dialog.missing.set_index(1)
    finish(qtbot, window)
    assert len(window.controller.experiment.data.own) == 30


def test_a_table_is_pasted(window, qtbot):
    QGuiApplication.clipboard().setText("x\ty\n1\t2.5\n2\t3.5\n3\t9\n4\t1\n5\t2\n6\t3\n")
    window.commands.paste_data.trigger()
    finish(qtbot, window)
    assert window.controller.experiment.data.problem is Problem.REGRESSION
    assert window.controller.experiment.data.n_inputs == 1
    QGuiApplication.clipboard().setText("no table")
    window.commands.paste_data.trigger()
    assert window.csv.dialog is None


@pytest.mark.parametrize("fails", ["open", "write", "flush"])
def test_a_table_that_the_temporary_folder_does_not_take_is_not_pasted(window, monkeypatch, fails):
    monkeypatch.setattr(QTemporaryFile, fails, lambda *_: False)
    QGuiApplication.clipboard().setText("x\ty\n1\t2.5\n2\t3.5\n3\t9\n")
    window.commands.paste_data.trigger()
    assert window.csv.dialog is None
    assert window.status.message.text().startswith("Not pasted: ")


def test_a_file_is_dropped(window, qtbot):
    assert drop(window, IRIS)
    opened(qtbot, window)
    window.csv.dialog.reject()


def test_a_dropped_file_of_another_kind_is_not_asked_for_a_table(window, tmp_path):
    path = tmp_path / "a.tinyml"
    save_experiment(Experiment(seed=7), path)
    said = []
    window.status.message_changed.connect(lambda: said.append(window.status.message.text()))
    assert drop(window, path)
    assert not any("no table" in words for words in said)
    assert window.csv.dialog is None


def test_the_samples_are_exported(window, qtbot, tmp_path):
    path = tmp_path / "out.csv"
    with qtbot.waitSignal(window.files.scribe.exported):
        window.csv.export_to(str(path))
    assert window.status.message.text() == "out.csv written."
    lines = path.read_text().splitlines()
    assert lines[0] == "x₁,x₂,y,set"
    assert len(lines) == 501
    with qtbot.waitSignal(window.files.scribe.exported):
        window.csv.export_to(str(tmp_path / "no folder" / "out.csv"))
    assert window.status.message.text().startswith("out.csv: Not saved: ")
    assert not (tmp_path / "no folder").exists()


def test_a_slow_disk_does_not_hold_the_window_up_while_samples_are_exported(
    window, qtbot, tmp_path, monkeypatch
):
    may_write, path = threading.Event(), tmp_path / "out.csv"
    monkeypatch.setattr(scribe, "write_atomically", lambda *_: may_write.wait(10))
    with qtbot.waitSignal(window.files.scribe.exported):
        window.csv.export_to(str(path))
        assert not path.exists()
        may_write.set()


def test_what_goes_wrong_while_samples_are_written_is_told(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(csv_files, "csv_text", lambda *_: [][0])
    with qtbot.captureExceptions() as caught, qtbot.waitSignal(window.files.scribe.exported):
        window.csv.export_to(str(tmp_path / "out.csv"))
    assert [kind for kind, *_ in caught] == [IndexError]
    assert window.status.message.text().startswith("out.csv: Not saved: ")


def test_samples_are_written_although_the_app_closes_at_once(window, tmp_path):
    window.csv.export_to(str(tmp_path / "out.csv"))
    window.close()
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 501
    window.csv.export_to(str(tmp_path / "late.csv"))
    assert window.status.message.text() == "late.csv: Not saved: the app has ended."


def test_a_reading_is_cancelled_and_leaves_no_process(qtbot, tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "1.5,2.5\n" * 400_000)
    process = CsvProcess()
    said = []
    process.summarized.connect(said.append)
    with qtbot.waitSignal(process.progressed, timeout=20_000):
        process.read(str(path), Format())
    process.cancel()
    assert not process.is_running
    assert said == []
