"""The later frames of an animation, drawn by another process while this one draws the earlier."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread

import numpy as np

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

from playground.core.export.gif import Pixels
from playground.session.helper import module_arguments

PIPE_BYTES = 2**20
"""Much at once (Linux): for every piece of a frame the reading thread waits for the interpreter."""
MOST_WAITING = 64 * 2**20
"""How many bytes of frames may wait to be taken; of frames so large that two are more, none is
drawn by another process."""


class LaterFrames:
    """Another process, which stands by until it is asked for frames of one animation.

    They come in their order, when they are ready: whoever cannot wait for one draws it, too.
    """

    def __init__(self) -> None:
        # It writes no files, so that it can be ended at any time.
        self._process = subprocess.Popen(
            [sys.executable, *module_arguments("playground.second")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if sys.platform == "linux":
            assert self._process.stdout is not None
            with suppress(OSError):  # more than this system allows
                fcntl(self._process.stdout, F_SETPIPE_SZ, PIPE_BYTES)
        self._frames: Queue[Pixels] = Queue()
        self._next = 0
        self._reader: Thread | None = None

    def ask(self, arguments: Sequence[str], first: int, width: int, height: int) -> None:
        """Have the frames from number `first` on drawn.

        Parameters
        ----------
        arguments : those of ``playground render``.
        width, height : pixels of a frame.
        """
        room = MOST_WAITING // (3 * width * height)
        if room < 2:
            return
        self._next = first
        self._frames = Queue(room)
        self._reader = Thread(target=self._read, args=(width, height))
        self._reader.start()
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended, and no frame will come
            self._process.stdin.write(json.dumps([list(arguments), first]).encode() + b"\n")
            self._process.stdin.flush()

    def take(self, number: int) -> Pixels | None:
        """Return a frame if it is there; those before it are let go."""
        frame = None
        with suppress(Empty):
            while self._next <= number:
                frame = self._frames.get_nowait()
                self._next += 1
        return frame if self._next == number + 1 else None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        while self._reader is not None and self._reader.is_alive():
            with suppress(Empty):
                self._frames.get_nowait()  # it may wait for room
            self._reader.join(0.001)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _read(self, width: int, height: int) -> None:
        assert self._process.stdout is not None
        n_bytes = 3 * width * height
        while len(content := self._process.stdout.read(n_bytes)) == n_bytes:
            self._frames.put(np.frombuffer(content, np.uint8).reshape(height, width, 3))
