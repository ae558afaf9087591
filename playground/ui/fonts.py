"""Loads the bundled typefaces, so that pictures look the same on every machine."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtGui import QFontDatabase

FONT_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Bold.ttf",
    "STIXTwoText-Regular.ttf",
    "STIXTwoText-Italic.ttf",
)


def load_fonts() -> None:
    """Register Inter and STIX Two Text with Qt; repeated calls do nothing.

    Raises
    ------
    FileNotFoundError
        When a font file is missing from the installed package.
    RuntimeError
        When Qt cannot read one of them.
    """
    known = QFontDatabase.families()
    if "Inter" in known and "STIX Two Text" in known and _loaded:
        return
    folder = files("playground") / "resources" / "fonts"
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFontFromData((folder / name).read_bytes()) < 0:
            raise RuntimeError(f"the bundled font {name} cannot be read")
        _loaded.add(name)


_loaded: set[str] = set()
