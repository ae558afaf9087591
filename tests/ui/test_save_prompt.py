"""Where to save: one question at a time, and the next begins where the last was answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.ui.export.save_prompt import SavePrompt

pytestmark = pytest.mark.qt_log_ignore("does not support raise")


def test_a_question_is_asked_once_and_its_folder_is_remembered(
    qtbot: QtBot, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    prompt, chosen = SavePrompt(parent), []
    prompt.ask("Save loss", "PNG picture", "loss.png", chosen.append)
    first = prompt.dialog
    assert first is not None
    assert first.isVisible()
    assert first.nameFilters() == ["PNG picture (*.png)"]
    assert [Path(name).name for name in first.selectedFiles()] == ["loss.png"]
    prompt.ask("Save weights", "CSV", "weights.csv", pytest.fail)
    assert prompt.dialog is first
    first.setDirectory(str(tmp_path))
    first.selectFile("loss.png")
    first.accept()
    assert chosen == [tmp_path / "loss.png"]
    assert prompt.dialog is None
    prompt.ask("Save weights", "CSV", "weights.csv", chosen.append)
    second = prompt.dialog
    assert second is not None
    assert Path(second.directory().absolutePath()) == tmp_path
    second.reject()
    assert prompt.dialog is None
    assert len(chosen) == 1


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("c", "c.png"),
        ("c.PNG", "c.PNG"),
        ("c.svg", "c.svg.png"),
        ("epoch 1.5", "epoch 1.5.png"),
    ],
)
def test_a_file_always_has_the_ending_of_what_is_in_it(
    qtbot: QtBot, tmp_path: Path, typed: str, saved: str
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    prompt, chosen = SavePrompt(parent), []
    prompt.ask("Save loss", "PNG picture", "loss.png", chosen.append)
    assert prompt.dialog is not None
    prompt.dialog.setDirectory(str(tmp_path))
    prompt.dialog.selectFile(typed)
    prompt.dialog.accept()
    assert chosen == [tmp_path / saved]


def test_a_file_whose_ending_was_added_is_not_replaced_unasked(
    qtbot: QtBot, tmp_path: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    (tmp_path / "c.svg.png").write_bytes(b"old")
    prompt, chosen = SavePrompt(parent), []
    prompt.ask("Save loss", "PNG picture", "loss.png", chosen.append)
    first = prompt.dialog
    assert first is not None
    first.setDirectory(str(tmp_path))
    first.selectFile("c.svg")
    first.accept()
    qtbot.waitUntil(lambda: prompt.dialog not in (None, first))
    second = prompt.dialog
    assert second is not None
    assert chosen == []
    assert [Path(name) for name in second.selectedFiles()] == [tmp_path / "c.svg.png"]
    second.reject()
    assert (tmp_path / "c.svg.png").read_bytes() == b"old"
