"""The app under other environments: it works, or says one clear line and exits with 2.

python -m tests.rigs.environments [--only NAME] [--count 1]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.rigs.goals import Goals
from tests.rigs.homes import home_in
from tests.rigs.options import parser_of

ROOT = Path(__file__).parents[2]
CANNOT_START = 2

START = """
import sys
for name in sys.argv[1:]:
    sys.modules[name] = None
from playground.__main__ import main
try:
    import playground.app as app
except ImportError:
    sys.exit(main([]))
{before}
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
code = main([])
print("trained")
sys.exit(code)
"""
REFUSE_CONTEXTS = """
from PySide6 import QtGui, QtOpenGL, QtOpenGLWidgets
def refuse(*arguments, **options):
    raise RuntimeError("there is no OpenGL here")
QtGui.QOpenGLContext.create = refuse
for kind in (QtOpenGLWidgets.QOpenGLWidget, QtOpenGL.QOpenGLWindow, QtGui.QOffscreenSurface):
    kind.__init__ = refuse
"""


@dataclass(frozen=True)
class Place:
    """One environment.

    Attributes
    ----------
    variables : None removes one; `{folder}` in one is the folder that `start_in` was given.
    switches : Python's own.
    missing : modules that cannot be imported.
    before : what is done once the app is imported.
    code : how the process ends: 0 after training, or CANNOT_START after one line that says why.
    """

    variables: dict[str, str | None] = field(default_factory=dict)
    switches: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    before: str = ""
    code: int = 0


NO_XDG: dict[str, str | None] = dict.fromkeys(
    ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
)
PLACES = {
    "plain": Place(),
    "LANG=C": Place({"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}),
    "de_DE": Place({"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"}),
    "ar_EG": Place({"LANG": "ar_EG.UTF-8", "LC_ALL": "ar_EG.UTF-8"}),
    "HOME missing": Place({"HOME": "{folder}/not/there", **NO_XDG}),
    # Without HOME Qt takes / for it, where an administrator may write: the XDG folders stay.
    "HOME unset": Place({"HOME": None}),
    "HOME a file": Place({"HOME": "/dev/null", **NO_XDG}),
    # Not even an administrator can make a file in /sys.
    "HOME read-only": Place({"HOME": "/sys", **NO_XDG}),
    "-O": Place(switches=("-O",)),
    "-OO": Place(switches=("-OO",)),
    "scale 1.25": Place({"QT_SCALE_FACTOR": "1.25"}),
    "scale 1.5": Place({"QT_SCALE_FACTOR": "1.5"}),
    "scale 3": Place({"QT_SCALE_FACTOR": "3"}),
    "no fonts": Place({"FONTCONFIG_FILE": "/dev/null", "QT_QPA_FONTDIR": "/nowhere"}),
    "no OpenGL": Place(before=REFUSE_CONTEXTS, missing=("OpenGL",)),
    # pyqtgraph cannot be imported without these modules of Qt.
    "no OpenGL in Qt": Place(
        missing=("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "OpenGL"), code=CANNOT_START
    ),
}


def start_in(name: str, folder: Path) -> str:
    """Start the app, let it train, close it; return what it said on standard error.

    Raises
    ------
    AssertionError
        If it did not train or ended badly; if it cannot start here, unless it says so in a line.
    """
    place = PLACES[name]
    variables: dict[str, str | None] = {**home_in(folder), **place.variables}
    done = subprocess.run(
        [
            sys.executable,
            *place.switches,
            "-c",
            START.replace("{before}", place.before),
            *place.missing,
        ],
        capture_output=True,
        text=True,
        timeout=600,  # a home without a cache compiles the kernels first
        cwd=ROOT,
        env={
            key: value.replace("{folder}", str(folder))
            for key, value in variables.items()
            if value is not None
        },
    )
    assert "Traceback" not in done.stderr, (name, done.stderr)
    assert done.returncode == place.code, (name, done.returncode, done.stderr)
    if place.code == 0:
        assert done.stdout.strip() == "trained", (name, done.stdout)
    else:
        assert len(done.stderr.splitlines()) == 1, (name, done.stderr)
    return done.stderr


def main() -> int:
    """Start everywhere and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--only", choices=PLACES, metavar="NAME", help=", ".join(PLACES))
    parser.add_argument("--count", type=int, default=1, help="starts in each")
    options = parser.parse_args()
    goals = Goals()
    for name in [options.only] if options.only else PLACES:
        for _ in range(options.count):
            with tempfile.TemporaryDirectory() as folder, goals.trial(name):
                said = start_in(name, Path(folder)).strip()
                ended = "cannot start, exit 2" if PLACES[name].code else "trained, exit 0"
                print(f"{name}: {ended}" + (f", said {said!r}" if said else ""), flush=True)
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
