"""What tells whether a file was changed since it was read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file's size and the moment of its last change.

    Its number on the disk is left out: some disks give another after they were taken off, and
    some a number beyond 64 bits.
    """

    size: int
    changed_ns: int


UNKNOWN = Stamp(-1, -1)
"""Stands for a stamp that nobody took."""


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of the file a path leads to, or None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return Stamp(found.st_size, found.st_mtime_ns)
