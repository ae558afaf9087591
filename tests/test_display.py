"""What is said where no window can be opened: the package that is missing, by its name."""

import sys

import pytest

from playground import display

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only X11 and Wayland can lack"
)


@pytest.fixture
def on_x11(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":4711")


def test_missing_libraries_are_named_with_their_packages(on_x11, monkeypatch):
    lost = ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0")
    monkeypatch.setattr(display, "_loads", lambda name: name not in lost)
    problem = display.display_problem()
    assert problem.startswith(
        "Qt cannot open a window here: install libxkbcommon-x11-0 libxcb-cursor0."
    )
    assert "\n" not in problem


def test_a_display_that_answers_is_no_problem(on_x11, monkeypatch):
    monkeypatch.setattr(display, "_loads", lambda name: True)
    monkeypatch.setattr(display, "_x_server_answers", lambda: True)
    assert display.display_problem() is None


def test_a_wayland_compositor_that_does_not_answer_is_no_display(on_x11, monkeypatch, tmp_path):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DISPLAY")
    assert display.display_problem().startswith("No display: DISPLAY is not set.")


@pytest.mark.parametrize("platform", ["offscreen", "minimal:x", "vnc;xcb"])
def test_other_platforms_are_not_asked(monkeypatch, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert display.display_problem() is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "libEGL.so.1: cannot open shared object file: No such file or directory",
            "Qt cannot be loaded: install libegl1 (libEGL.so.1).",
        ),
        ("libodd.so.3: cannot open", "Qt cannot be loaded: libodd.so.3: cannot open"),
        ("No module named 'PySide6'", "Qt cannot be loaded: No module named 'PySide6'"),
    ],
)
def test_a_qt_that_cannot_be_loaded_names_what_is_missing(said, words):
    assert display.import_problem(ImportError(said)) == words


def test_a_library_that_is_not_there_does_not_load():
    assert not display._loads("libnosuch-tinyml.so.9")
