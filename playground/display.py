"""Whether there is a display to open a window on, found out before Qt is asked (it would abort)."""

from __future__ import annotations

import ctypes.util
import os
import re
import socket
import sys

RENDER_HINT = (
    "without one, make pictures with: python -m playground render spiral --epochs 500"
    " --out spiral.png"
)
_XCB_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}


def display_problem() -> str | None:
    """Return one line that says why no window can be opened, or None if one can."""
    if sys.platform != "linux":
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform and not platform.startswith(("xcb", "wayland")):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY", "")
    if not display:
        return f"There is no display to open a window on; {RENDER_HINT}"
    if not _answers(display):
        return f"The display {display!r} does not answer; {RENDER_HINT}"
    missing = [
        package
        for library, package in _XCB_LIBRARIES.items()
        if ctypes.util.find_library(library) is None
    ]
    if missing:
        packages = " ".join(missing)
        return f"Qt needs a system package to open a window: apt-get install {packages}"
    return None


def _answers(display: str) -> bool:
    found = re.fullmatch(r"(?:unix)?(?P<host>[^:]*):(?P<number>\d+)(?:\.\d+)?", display)
    if found is None:
        return False
    number = int(found["number"])
    if found["host"]:
        try:
            with socket.create_connection((found["host"], 6000 + number), timeout=2):
                return True
        except OSError:
            return False
    for address in (f"\0/tmp/.X11-unix/X{number}", f"/tmp/.X11-unix/X{number}"):
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                probe.settimeout(2)
                probe.connect(address)
                return True
        except OSError:
            continue
    return False
