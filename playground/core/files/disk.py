"""Reading with limits and writing that leaves either the old file or the new one."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from math import inf
from pathlib import Path

from playground.core.files.errors import ExperimentFileError
from playground.core.files.syntax import MAX_BYTES

TEMPORARY = re.compile(r"\.tinyml-(\d+)-[0-9a-f]+\.tmp")
LONGEST_NAME = 255
"""In bytes, on Windows in units of UTF-16."""
_PIECE = 2**20
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

_REASONS = {
    errno.ENOSPC: "disk full",
    errno.EDQUOT: "disk full",
    errno.EACCES: "no permission to write here",
    errno.EPERM: "no permission to write here",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder is not there any more",
    errno.ENOTDIR: "the folder is not there any more",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EISDIR: "there is a folder of this name",
    errno.ELOOP: "the link leads in circles",
    errno.EIO: "the disk does not answer rightly",
}


_FOLDER_CANNOT = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}
"""Answers of disks that cannot confirm a folder's names, e.g. over a network."""


def reason_of(error: OSError) -> str:
    """Return in words why the system refused something."""
    return _REASONS.get(error.errno or 0, error.strerror or "the system refused it")


class FileSystem:
    """The system calls that saving makes; tests put a failing one in its place."""

    def create(self, path: Path, mode: int | None) -> int:
        """Open a new file for writing; it must not exist.

        `mode` are its permissions, whatever the process's mask; None: those of any new file.
        """
        handle = os.open(path, _NEW_FLAGS, 0o666 if mode is None else mode)
        if mode is not None and hasattr(os, "fchmod"):
            with suppress(OSError):  # a disk without permissions has none to keep
                os.fchmod(handle, mode)
        return handle

    def write(self, handle: int, data: memoryview) -> int:
        """Write some of `data` and return how much."""
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        """Have the file's content on the disk."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close a file."""
        os.close(handle)

    def read(self, path: Path) -> bytes:
        """Return a file's bytes."""
        return path.read_bytes()

    def replace(self, source: Path, target: Path) -> None:
        """Let `source` take the name of `target`."""
        os.replace(source, target)

    def fsync_folder(self, folder: Path) -> None:
        """Have a folder's names on the disk, where the system can do that."""
        if os.name == "nt":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _FOLDER_CANNOT:
                raise
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        os.unlink(path)


REAL = FileSystem()


def write_atomically(path: Path, data: bytes, disk: FileSystem = REAL) -> None:
    """Replace a file's content as a whole; a link's target is written, not the link.

    Raises
    ------
    ExperimentFileError
        If it could not be done; the old file is intact then.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".tinyml-{os.getpid()}-{secrets.token_hex(6)}.tmp")
    try:
        _check_name(target)
        mode = _mode_of(target)
        try:
            _write_new(temporary, data, mode, disk)
            disk.replace(temporary, target)
        except BaseException:
            _remove_quietly(temporary, disk)
            raise
    except OSError as error:
        reason = reason_of(error)
        kept = " The old file is intact." if os.path.lexists(target) else ""
        raise ExperimentFileError(
            f"Not saved: {reason}.{kept} Try Save As.", is_refused=True
        ) from error
    try:
        disk.fsync_folder(target.parent)
    except OSError as error:
        raise ExperimentFileError(
            "Saved, but the disk does not confirm it: it may be lost when the power goes.",
            is_refused=True,
        ) from error


def _check_name(target: Path) -> None:
    if target.is_dir():
        raise OSError(errno.EISDIR, "a folder")
    units = target.name.encode("utf-16-le", "surrogatepass")
    if (len(units) // 2 if os.name == "nt" else len(os.fsencode(target.name))) > LONGEST_NAME:
        raise OSError(errno.ENAMETOOLONG, "too long")


def _mode_of(target: Path) -> int | None:
    """Return the permissions of a file that will be replaced, which a person may have locked.

    None if there is no such file.
    """
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise ExperimentFileError("Not saved: it is not a regular file.", is_refused=True)
    # The bits are asked as well: an administrator may write whatever they say.
    if not os.access(target, os.W_OK) or not found.st_mode & 0o222:
        raise ExperimentFileError("Not saved: the file is read-only. Use Save As.", is_refused=True)
    return stat.S_IMODE(found.st_mode)


def _write_new(path: Path, data: bytes, mode: int | None, disk: FileSystem) -> None:
    handle = disk.create(path, mode)
    try:
        rest = memoryview(data)
        while rest:
            n = disk.write(handle, rest[:_PIECE])
            if n <= 0:
                raise OSError(errno.ENOSPC, "nothing was written")
            rest = rest[n:]
        disk.fsync(handle)
    finally:
        disk.close(handle)
    if disk.read(path) != data:
        raise OSError(errno.EIO, "what was written does not read back")


def _remove_quietly(path: Path, disk: FileSystem) -> None:
    try:
        disk.remove(path)
    except OSError:
        # It is swept at the next start; the error that led here is the one to tell of.
        return


def read_bounded(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return a regular file's bytes, never more than `most`; does not wait for pipes.

    Raises
    ------
    ExperimentFileError
        If it is no regular file, too large, or cannot be read.
    """
    try:
        handle = os.open(path, _READ_FLAGS)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
            raise ExperimentFileError(f"It is {kind}.")
        if found.st_size > most:
            raise ExperimentFileError(f"It is larger than {most // 2**20} MB.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(most + 1)
    except OSError as error:
        raise _unreadable(error) from error
    finally:
        os.close(handle)
    if len(data) > most:
        raise ExperimentFileError(f"It is larger than {most // 2**20} MB.")
    return data


def _unreadable(error: OSError | ValueError) -> ExperimentFileError:
    if isinstance(error, FileNotFoundError):
        return ExperimentFileError("There is no such file.")
    if isinstance(error, PermissionError):
        return ExperimentFileError("There is no permission to read it.")
    if isinstance(error, OSError) and error.errno == errno.ENXIO:
        return ExperimentFileError("It is not a regular file.")
    words = error.strerror if isinstance(error, OSError) else "its name holds a NUL character"
    return ExperimentFileError(f"It cannot be read: {words}.")


def sweep_temporaries(folder: Path, latest_ns: float = inf) -> int:
    """Remove what saves that were killed have left in a folder; return how many files.

    What was changed after `latest_ns` stays: in a folder that other machines write to, their
    running saves look like killed ones.
    """
    n = 0
    try:
        names = [name for name in os.listdir(folder) if TEMPORARY.fullmatch(name)]
    except OSError:
        return 0
    for name in names:
        found = TEMPORARY.fullmatch(name)
        if found is not None and not _is_running(int(found.group(1))):
            try:
                if os.stat(folder / name).st_mtime_ns <= latest_ns:
                    os.unlink(folder / name)
                    n += 1
            except OSError:
                continue
    return n


def _is_running(pid: int) -> bool:
    if pid == os.getpid():
        return True
    if os.name == "nt":
        return False  # a file that is still open there cannot be removed anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
