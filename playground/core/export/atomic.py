"""Writes a file in one step: afterwards it is whole, or as it was before."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "the folder cannot be written to",
    errno.EPERM: "the folder cannot be written to",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "the folder does not exist",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk reports an error",
}


def reason(error: OSError) -> str:
    """Return in plain words why a file could not be written."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return error.strerror or str(error)


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`: a temporary file beside it, made durable, then put in its place.

    A symbolic link is kept and its target replaced.

    Raises
    ------
    OSError
        When anything fails; nothing of the new file is left, and an old one is intact.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=".export.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        if temporary.read_bytes() != content:
            raise OSError(errno.EIO, "the file does not read back as it was written")
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
