"""Writes the file of an export and says at once that it is there."""

from __future__ import annotations

import sys
from pathlib import Path

from playground.core.files.disk import write_atomically

WRITTEN = "the file is written"
"""The line on standard error: whoever ends the process after it has the file none the less."""


def deliver(path: Path, content: bytes) -> None:
    """Write a file as a whole, and say so on standard error.

    Raises
    ------
    ExperimentFileError
        If it cannot be written.
    """
    write_atomically(path, content)
    print(WRITTEN, file=sys.stderr, flush=True)
