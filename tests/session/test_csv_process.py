"""The helper that reads CSV files: what it keeps, how it ends, where it may be."""

import subprocess
import sys

import pytest

from playground.core.csv_columns import Choice
from playground.core.csv_format import Format
from playground.session.csv_process import CsvProcess
from playground.session.helper import module_arguments

CHOICE = Choice((0, 1), 2, classes=True)


@pytest.fixture
def process(qapp):
    process = CsvProcess()
    yield process
    process.cancel()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "some.csv"
    path.write_text("a,b,y\n" + "".join(f"{k},{k * k},{k % 2}\n" for k in range(20)))
    return path


def summary(qtbot, process, path, wanted=None):
    with qtbot.waitSignal(process.summarized, timeout=20_000) as caught:
        process.read(str(path), wanted or Format())
    return caught.args[0]


def imported(qtbot, process, path, wanted, choice=CHOICE):
    with qtbot.waitSignal(process.imported, timeout=20_000) as caught:
        process.read(str(path), wanted, choice, "title")
    return caught.args[0]


def test_what_was_previewed_is_imported_without_another_look_at_the_file(qtbot, process, path):
    found = summary(qtbot, process, path)
    path.unlink()
    assert len(imported(qtbot, process, path, found.format).own) == 20
    assert not process.is_running


def test_another_choice_is_imported_from_the_same_table(qtbot, process, path):
    found = summary(qtbot, process, path)
    with qtbot.waitSignal(process.failed) as caught:
        process.read(str(path), found.format, Choice((0,), 1, classes=True), "")
    assert "20 classes" in caught.args[0]
    path.unlink()
    assert imported(qtbot, process, path, found.format).own.class_names == ("1", "0")


def test_another_format_is_read_anew(qtbot, process, path):
    assert summary(qtbot, process, path).n_rows == 20
    assert summary(qtbot, process, path, Format(header=False)).n_rows == 21
    path.write_text("a,b,y\n1,2,0\n3,4,1\n5,6,0\n")
    assert summary(qtbot, process, path).n_rows == 3


def test_a_helper_that_died_meanwhile_is_replaced(qtbot, process, path):
    found = summary(qtbot, process, path)
    helper = process._process
    with qtbot.waitSignal(helper.finished):
        helper.kill()
    assert len(imported(qtbot, process, path, found.format).own) == 20


def test_a_helper_that_dies_at_work_is_told_of(qtbot, process, tmp_path):
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" + "1.5,2.5\n" * 400_000)
    with qtbot.waitSignal(process.progressed, timeout=20_000):
        process.read(str(path), Format())
    with qtbot.waitSignal(process.failed) as caught:
        process._process.kill()
    assert caught.args == ["Reading the file ended early. Try again."]
    assert not process.is_running


@pytest.mark.parametrize("folder", ["a:b", "a;b", "with space", 'quo"te', "ünï"])
def test_a_module_is_found_in_a_folder_of_any_name(tmp_path, monkeypatch, folder):
    place = tmp_path / folder
    place.mkdir()
    (place / "odd_module.py").write_text("import sys; print(__name__, sys.argv[1:])")
    monkeypatch.setattr("sys.path", [str(place), *sys.path])
    command = [sys.executable, *module_arguments("odd_module", "x", "-y")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1) == ["__main__", "['x', '-y']\n"]


def test_the_folder_one_works_in_is_not_imported_from(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('wrong json')")
    command = [sys.executable, *module_arguments("playground.core.csv_job")]
    done = subprocess.run(command, cwd=tmp_path, input=b"", capture_output=True, check=True)
    assert done.stdout == b""
