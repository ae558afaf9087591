"""A process that stands by to export: all is loaded before it is told what is wanted.

    python -m playground.standby [--with-second]

It reads one line of JSON, the arguments of the command line and whether two processes may work on
them, and does what they ask; without a line it ends. The second process, which stands by with it,
draws half of the frames of an animation.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import ExitStack, closing, redirect_stderr
from pathlib import Path
from tempfile import TemporaryDirectory

from playground.__main__ import hide_display, main
from playground.core.experiment import Experiment
from playground.later_frames import LaterFrames

NICENESS = 10
"""How far it stands back behind the window where cores are short."""


def rehearse() -> None:
    """Make a small animation and throw it away: what is slow only once has happened then."""
    from playground.headless import Picture, render
    from playground.stage import make_ready

    with TemporaryDirectory(prefix="tinyml-export-") as folder, redirect_stderr(io.StringIO()):
        path = Path(folder) / "rehearsal.gif"
        render(Picture(Experiment(), path, epochs=(1,), frames=2, size=(400, 300)))
    make_ready()


def stand_by() -> int:
    """Rehearse, wait for the line and return the exit code of what it asks for."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    hide_display()
    with ExitStack() as stack:
        later = None
        if "--with-second" in sys.argv[1:]:
            later = stack.enter_context(closing(LaterFrames()))
        rehearse()
        from playground.headless import share_with

        line = sys.stdin.readline()
        if not line:
            return 0
        arguments, shares = json.loads(line)
        if later is not None and shares:
            share_with(later)
        else:
            stack.close()
        return main(arguments)


if __name__ == "__main__":
    sys.exit(stand_by())
