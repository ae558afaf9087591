"""Every library that Qt needs to open a window on X11 has its package named if it is missing."""

import gc
import re
import sys
from pathlib import Path

import PySide6
import pytest

from playground import display
from playground.__main__ import main

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 can lack")
QT = Path(PySide6.__file__).parent / "Qt"
LIBRARY = re.compile(rb"\0(lib(?:xcb|xkbcommon|X11)[\w+-]*\.so\.\d+)\0")


@pytest.mark.parametrize("file", ["plugins/platforms/libqxcb.so", "lib/libQt6XcbQpa.so.6"])
def test_all_that_the_plugin_is_linked_to_has_a_package(file):
    needed = {name.decode() for name in LIBRARY.findall((QT / file).read_bytes())}
    assert "libxcb-cursor.so.0" in needed
    assert needed <= set(display.PACKAGES)
    # Without this one Qt itself is not imported, which is told of by the same list.
    assert needed - {"libxkbcommon.so.0"} <= set(display._X11_ONLY)


@pytest.mark.parametrize("lost", ["libxcb-randr.so.0", "libX11.so.6", "libxcb-xfixes.so.0"])
def test_a_missing_library_ends_in_one_line_and_code_2(monkeypatch, capsys, lost):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.setattr(display, "_loads", lambda name: name != lost)
    try:
        assert main([]) == 2
    finally:
        gc.unfreeze()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        f"Qt cannot open a window here: install {display.PACKAGES[lost]}. Without a display,"
    )
    assert said.err.count("\n") == 1
