"""An address of TensorFlow Playground on the clipboard, or dropped, becomes the experiment."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.app import create_window
from playground.core.experiment import DatasetKind, Speed
from playground.ui.main_window import MainWindow
from playground.ui.pasted_address import ChangesWindow
from tests.ui.dropping import dropped

LEFT = Qt.MouseButton.LeftButton
HOST = "https://playground.tensorflow.org/"


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    """A window with its first snapshot."""
    window = create_window()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
        window.show()
    return window


def paste(window: MainWindow, text: str) -> None:
    """Put a text on the clipboard and paste it as the menu does."""
    QGuiApplication.clipboard().setText(text)
    window.commands.paste_data.trigger()


def drop(window: MainWindow, data: QMimeData) -> bool:
    """Drag over the window and let go; whether the window takes it."""
    enters, lands = dropped(window, data)
    assert enters == lands
    return lands


def test_an_address_is_pasted_trained_and_undone(window: MainWindow, qtbot: QtBot) -> None:
    before = window.controller.experiment.with_speed(Speed.EPOCH_1)
    window.edits.edit(before)
    paste(window, f"{HOST}#dataset=gauss&networkShape=3&discretize=true&showTestData=true\n")
    experiment = window.controller.experiment
    assert experiment.data.kind is DatasetKind.GAUSS
    assert experiment.network.layer_sizes == (3, 1)
    assert experiment.training.speed is Speed.EPOCH_1
    assert window.right.output.discrete_box.isChecked()
    assert window.right.output.test_box.isChecked()
    assert window.status.message.text() == "Address taken over."
    assert window.findChild(ChangesWindow) is None
    taken = lambda s: s.experiment.data.kind is DatasetKind.GAUSS and s.epoch > 0  # noqa: E731
    with qtbot.waitSignal(
        window.controller.snapshot_changed, check_params_cb=taken, timeout=20_000
    ):
        window.controller.play()
    window.controller.pause()
    assert window.edits.undoText() == "paste address"
    window.edits.undo()
    assert window.controller.experiment == before


def test_what_cannot_be_taken_over_is_listed_as_plain_text(window: MainWindow) -> None:
    paste(window, f"{HOST}#learningRate=1e999&dataset=<b>moon</b>&batchSize=0")
    assert window.status.message.text() == (
        "Address taken over. 3 settings differ from the address."
    )
    changes = window.findChild(ChangesWindow)
    assert changes.isVisible()
    assert not changes.isModal()
    assert [label.text() for label in changes.notes] == [
        "dataset <b>moon</b> is not known; circle is used.",
        "learningRate 1e999 is outside 1e-08 to 1000; 1000 is used.",
        "batchSize 0 is outside 1 to 20000; 1 is used.",
    ]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in changes.notes)
    QTest.mouseClick(changes.close_button, LEFT)
    assert not changes.isVisible()


def test_a_single_difference_is_told_in_the_status_line(window: MainWindow) -> None:
    paste(window, f"{HOST}#noise=900")
    assert window.status.message.text() == (
        "Address taken over. noise 900 is outside 0 to 50; 50 is used."
    )
    assert window.findChild(ChangesWindow) is None


def test_an_address_is_dropped_as_text_or_as_a_link(window: MainWindow) -> None:
    link, text = QMimeData(), QMimeData()
    link.setUrls([QUrl(f"{HOST}#dataset=xor&networkShape=5,4")])
    text.setText(f"{HOST}#dataset=spiral")
    assert drop(window, link)
    assert window.controller.experiment.data.kind is DatasetKind.XOR
    assert window.controller.experiment.network.layer_sizes == (5, 4, 1)
    assert drop(window, text)
    assert window.controller.experiment.data.kind is DatasetKind.SPIRAL


def test_other_texts_and_links_change_nothing(window: MainWindow) -> None:
    before = window.controller.experiment
    paste(window, "https://example.com/#dataset=xor")
    assert window.status.message.text() == "There is no table or address to paste."
    link = QMimeData()
    link.setUrls([QUrl("https://example.com/#dataset=xor")])
    assert not drop(window, link)
    assert window.controller.experiment is before
