"""Finds out whether a window can be opened, before Qt is asked, which would abort."""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from pathlib import Path

REMEDY = "Without a display, python -m playground render spiral --out spiral.png draws pictures."
PACKAGES = {
    # what Qt loads: the Debian package that has it
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
}
_X11_ONLY = [name for name in PACKAGES if "xcb" in name or "x11" in name.lower()]


def display_problem() -> str | None:
    """Return one line that says why no window can be opened, or None."""
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if platform not in ("", "xcb", "wayland", "wayland-egl"):
        return None
    if platform != "xcb" and _wayland_answers():
        return None
    display = os.environ.get("DISPLAY")
    if not display:
        return f"No display: DISPLAY is not set. {REMEDY}"
    missing = [name for name in _X11_ONLY if not _loads(name)]
    if missing:
        packages = " ".join(PACKAGES[name] for name in missing)
        return f"Qt cannot open a window here: install {packages}. {REMEDY}"
    if not _x_server_answers():
        return f"No display: the X server {display} does not answer. {REMEDY}"
    return None


def import_problem(error: ImportError) -> str:
    """Return one line for a Qt that cannot be imported, with the package if one is missing."""
    found = re.search(r"lib[\w.+-]+\.so[.\d]*", str(error))
    if found and found.group() in PACKAGES:
        return f"Qt cannot be loaded: install {PACKAGES[found.group()]} ({found.group()})."
    return f"Qt cannot be loaded: {error}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_server_answers() -> bool:
    # Qt's own way to the server, authority included; a bare socket would say yes too often.
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/"), name)
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
