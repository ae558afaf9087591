"""Where compiled kernels are kept: a folder of their own, or none where nothing can be written."""

import sys
import tempfile
from pathlib import Path

import pytest

from tinyml.kernels import compiler


@pytest.fixture(autouse=True)
def _asked_again():
    compiler.cache_folder.cache_clear()
    yield
    compiler.cache_folder.cache_clear()


def test_a_preset_folder_is_respected_and_forgotten_on_demand(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = compiler.cache_folder()
    assert folder.parent == tmp_path
    assert not compiler.is_warm()
    compiler.mark_warm()
    assert compiler.is_warm()
    (folder / "kernel.nbc").touch()
    (folder / "kept").mkdir()
    compiler.forget()
    assert not compiler.is_warm()
    assert [path.name for path in folder.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [
        ("linux", "XDG_CACHE_HOME", "tinyml"),
        ("win32", "LOCALAPPDATA", "tinyml"),
        ("darwin", "HOME", "Library/Caches/tinyml"),
    ],
)
def test_every_system_has_its_place(monkeypatch, tmp_path, platform, variable, place):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert compiler._user_folder() == tmp_path / place


def test_where_the_first_place_cannot_be_written_the_temporary_one_serves(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/nowhere")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    assert tmp_path in compiler.cache_folder().parents


def test_where_nothing_can_be_written_there_is_no_cache(monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/nowhere")
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/dev/null/nothing")
    assert compiler.cache_folder() is None
    assert not compiler.is_warm()
    compiler.mark_warm()
    compiler.forget()


def test_a_home_that_cannot_be_found_is_no_obstacle(monkeypatch, tmp_path):
    def lost():
        raise RuntimeError("no home folder")

    monkeypatch.setattr(compiler, "_user_folder", lost)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    assert compiler.cache_folder().is_dir()
    assert isinstance(compiler.cache_folder(), Path)


def test_whatever_makes_other_code_has_a_folder_of_its_own(monkeypatch):
    for name in compiler._VARIABLES:
        monkeypatch.delenv(name, raising=False)
    digests = {compiler._digest.__wrapped__()}
    for name in compiler._VARIABLES:
        with monkeypatch.context() as patch:
            patch.setenv(name, "1")
            digests.add(compiler._digest.__wrapped__())
    assert "NUMBA_BOUNDSCHECK" in compiler._VARIABLES
    assert len(digests) == 1 + len(compiler._VARIABLES)
