"""A process that draws the later frames of an animation.

    python -m playground.second

It reads one line, the arguments of ``playground render`` and the number of the first frame as JSON,
and writes the pixels of each frame to standard output. Without a line it ends.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from threading import Thread

from playground.__main__ import asked_picture, hide_display
from playground.arguments import render_parser
from playground.core.experiment import Experiment

NICENESS = 19
"""It works where a core is idle, and takes nothing from the process that it helps."""


def serve() -> int:
    """Rehearse, wait for the line, draw, and return the exit code."""
    if sys.platform != "win32":
        os.nice(NICENESS)
    hide_display()
    from playground.headless import Picture, frames_from
    from playground.stage import make_ready

    rehearsal = Picture(Experiment(), Path("never-written.gif"), (1,), frames=2, size=(400, 300))
    for _ in frames_from(rehearsal, 0):
        pass
    make_ready()
    line = sys.stdin.readline()
    if line:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as where pictures are drawn for themselves
        Thread(target=_end_with_the_first, daemon=True).start()
        arguments, first = json.loads(line)
        picture = asked_picture(arguments, render_parser().parse_args(arguments))
        for frame in frames_from(picture, first):
            sys.stdout.buffer.write(frame.data)
            sys.stdout.buffer.flush()
    return 0


def _end_with_the_first() -> None:
    sys.stdin.read()  # until it has ended, or wants no more
    os._exit(1)


if __name__ == "__main__":
    sys.exit(serve())
