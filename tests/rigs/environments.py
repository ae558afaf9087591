"""The app under other environments: it works, or says one clear line and exits with 2.

python -m tests.rigs.environments
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

START = """
import sys
from PySide6.QtCore import QTimer
import playground.app as app
real = app.create_window
def create_window(experiment):
    window = real(experiment)
    def trained(snapshot):
        if snapshot.epoch > 0:
            window.close()
    window.controller.snapshot_changed.connect(trained)
    window.controller.play()
    return window
app.create_window = create_window
code = app.run()
print("trained")
sys.exit(code)
"""


@dataclass(frozen=True)
class Place:
    """One environment: variables (None removes one), and switches of Python's own.

    `{folder}` in a variable is the folder that `start_in` was given.
    """

    variables: dict[str, str | None] = field(default_factory=dict)
    switches: tuple[str, ...] = ()


PLACES = {
    "plain": Place(),
    "LANG=C": Place({"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    "de_DE": Place({"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"}),
    "ar_EG": Place({"LANG": "ar_EG.UTF-8", "LC_ALL": "ar_EG.UTF-8"}),
    "HOME missing": Place({"HOME": "{folder}/not/there", "XDG_DATA_HOME": None}),
    "HOME unset": Place({"HOME": None, "XDG_DATA_HOME": None, "XDG_CONFIG_HOME": None}),
    "HOME a file": Place({"HOME": "/dev/null", "XDG_DATA_HOME": None, "XDG_CONFIG_HOME": None}),
    "-O": Place(switches=("-O",)),
    "-OO": Place(switches=("-OO",)),
    "scale 1.25": Place({"QT_SCALE_FACTOR": "1.25"}),
    "scale 1.5": Place({"QT_SCALE_FACTOR": "1.5"}),
    "scale 3": Place({"QT_SCALE_FACTOR": "3"}),
    "no fonts": Place({"FONTCONFIG_FILE": "/dev/null", "QT_QPA_FONTDIR": "/nowhere"}),
    "no OpenGL": Place({"QT_OPENGL": "software", "LIBGL_ALWAYS_SOFTWARE": "1"}),
}


def start_in(name: str, folder: Path) -> str:
    """Start the app, let it train, close it; return what it said on standard error.

    Raises
    ------
    AssertionError
        If it did not train or ended badly.
    """
    place = PLACES[name]
    variables: dict[str, str | None] = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        **place.variables,
    }
    done = subprocess.run(
        [sys.executable, *place.switches, "-c", START],
        capture_output=True,
        text=True,
        timeout=600,  # a home without a cache compiles the kernels first
        env={
            key: value.replace("{folder}", str(folder))
            for key, value in variables.items()
            if value is not None
        },
    )
    assert done.returncode == 0, (name, done.returncode, done.stderr)
    assert done.stdout.strip() == "trained", (name, done.stdout)
    assert "Traceback" not in done.stderr, (name, done.stderr)
    return done.stderr


def main() -> None:
    """Start everywhere and print."""
    for name in PLACES:
        with tempfile.TemporaryDirectory() as folder:
            said = start_in(name, Path(folder)).strip()
        print(f"{name}: trained, exit 0" + (f", said {said!r}" if said else ""), flush=True)


if __name__ == "__main__":
    main()
