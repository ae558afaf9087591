"""CSV files opened, pasted and dropped: preview, overrides, import; and export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.app import create_window
from playground.core.csv_text import Delimiter, Format
from playground.core.experiment import OwnForm, Problem
from playground.session.csv_process import CsvProcess
from playground.ui.csv_dialog import CsvDialog
from playground.ui.main_window import MainWindow

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


def test_a_file_is_dropped(window, qtbot):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(IRIS))])
    for kind in (QDragEnterEvent, QDropEvent):
        place = QPoint(40, 40) if kind is QDragEnterEvent else QPoint(40, 40).toPointF()
        event = kind(place, Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(window, event)
        assert event.isAccepted()
    opened(qtbot, window)
    window.csv.dialog.reject()


def test_the_samples_are_exported(window, qtbot, tmp_path):
    path = tmp_path / "out.csv"
    window.csv.export_to(str(path))
    lines = path.read_text().splitlines()
    assert lines[0] == "x₁,x₂,y,set"
    assert len(lines) == 501
    window.csv.export_to(str(tmp_path / "no folder" / "out.csv"))
    assert not (tmp_path / "no folder").exists()


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
