"""A home of its own for every app that a rig starts: nobody's work or settings are in it."""

from __future__ import annotations

import os
from pathlib import Path


def home_in(folder: Path) -> dict[str, str]:
    """Return this process's variables, with all that an app keeps inside `folder`.

    Compiled kernels are shared: they are nobody's work, and compiling them takes long.
    """
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    kept = {name: str(folder / name.lower()) for name in ("DATA", "CONFIG", "STATE")}
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "TMPDIR": str(temporary),
        **{f"XDG_{name}_HOME": place for name, place in kept.items()},
    }
