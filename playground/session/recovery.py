"""Where the app keeps its own copy of the work, so that nothing is lost whatever happens.

Every running app has a slot: a file with the work, and a lock that says who works there. A slot
without a running owner is what a closed or a killed app has left.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from playground.core.experiment import Experiment
from playground.core.files import SUFFIX, Document, ExperimentFileError, load_document
from playground.core.files.codec import from_tree, to_tree
from playground.core.files.disk import sweep_temporaries
from playground.session.stamp import Stamp

MOST_TRIES = 2
MOST_OFFERED = 8
"""Work of other apps that is offered at one start."""
MOST_SLOTS = 8
"""Slots of apps that are kept, beside those with work that is in no file."""
_KEY = "session"
_BYTES = "bytes:"


@dataclass(frozen=True, slots=True)
class Note:
    """What a slot says about the work: its file, whether it was edited, how the app ended.

    `path` is spelled by `spelled_path`, `stamp` is that of the file when it was opened or saved
    last, `ahead` the experiment in force where the run had not taken it up yet.
    """

    path: str | None = None
    is_modified: bool = False
    is_clean: bool = False
    stamp: Stamp | None = None
    ahead: Experiment | None = None

    @property
    def file(self) -> Path | None:
        """The file that the work belongs to."""
        if self.path is None or not self.path.startswith(_BYTES):
            return None if self.path is None else Path(self.path)
        try:
            return Path(os.fsdecode(bytes.fromhex(self.path.removeprefix(_BYTES))))
        except ValueError:
            return None

    @property
    def is_in_no_file(self) -> bool:
        """Whether there is work that only the slot holds."""
        return self.is_modified or self.path is None


def spelled_path(path: Path) -> str:
    """Return a path as a text that a file can hold, whatever bytes its name is made of."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return _BYTES + os.fsencode(path).hex()
    return str(path)


class Slot:
    """A place that is locked by this process."""

    def __init__(self, folder: Path, name: str, lock: QLockFile) -> None:
        self.path = folder / (name + SUFFIX)
        self._tries = folder / (name + ".tries")
        self._lock = lock

    @property
    def is_locked(self) -> bool:
        """Whether others can still see that somebody works here: the folder may have gone."""
        return os.path.exists(self._lock.fileName())

    @property
    def tries(self) -> int:
        """How often restoring this was begun and not finished."""
        try:
            return len(self._tries.read_bytes())
        except OSError:
            return 0

    def begin_try(self) -> None:
        """Take note on the disk that restoring begins."""
        with suppress(OSError), self._tries.open("ab") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())

    def end_try(self) -> None:
        """Take note that restoring went well."""
        with suppress(OSError):
            self._tries.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the work and the lock."""
        self.end_try()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self.release()

    def hand_back(self) -> None:
        """Leave the work to the next start."""
        self.end_try()
        self.release()

    def put_aside(self) -> Path | None:
        """Keep the work under a name that is never restored; return it."""
        aside = self.path.with_suffix(".failed")
        try:
            os.replace(self.path, aside)
        except OSError:
            aside = self.path
        self.end_try()
        self.release()
        return aside

    def release(self) -> None:
        """Give the lock back; what is in the slot stays."""
        self._lock.unlock()


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Work that another app has left, and its slot, which is ours now."""

    slot: Slot
    document: Document
    note: Note
    saved_at: float

    def give_back(self, kept: Document | None) -> None:
        """Drop the slot if what another slot holds now has all of it, or leave it."""
        if kept is not None and (kept.state is not None or self.document.state is None):
            self.slot.discard()
        else:
            self.slot.hand_back()


@dataclass(frozen=True, slots=True)
class Failed:
    """Work that could not be restored and was put aside."""

    path: Path | None
    reason: str


def with_note(document: Document, note: Note) -> Document:
    """Return a document that carries a note; `split_note` takes it off again."""
    spelled = to_tree(note)
    rest = tuple(item for item in document.unknown if item[0] != (_KEY,))
    return replace(document, unknown=(*rest, ((_KEY,), spelled)))


def split_note(document: Document) -> tuple[Document, Note]:
    """Return a document without its note, and the note.

    A note that cannot be read takes no work with it: it says that there is work.
    """
    rest = tuple(item for item in document.unknown if item[0] != (_KEY,))
    found: Any = next((value for path, value in document.unknown if path == (_KEY,)), None)
    note = Note()
    if found is not None:
        try:
            note = from_tree(Note, found, (_KEY,), [])
        except ExperimentFileError:
            note = Note(is_modified=True)
    return replace(document, unknown=rest), note


class Recovery:
    """The folder with all slots; `own` is this app's.

    Raises
    ------
    OSError
        If nothing can be kept in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        sweep_temporaries(folder)
        self.own = self._new_slot()
        self.failed: list[Failed] = []

    def _new_slot(self) -> Slot:
        while True:
            name = f"{os.getpid()}-{secrets.token_hex(4)}"
            lock = self._lock(name)
            if lock.tryLock(0):
                return Slot(self._folder, name, lock)
            if lock.error() is QLockFile.LockError.PermissionError:
                raise PermissionError(errno.EACCES, "no permission to write in the app's folder")
            if lock.error() is not QLockFile.LockError.LockFailedError:
                raise OSError(errno.ENOSPC, "the disk is full or does not take files")

    def _lock(self, name: str) -> QLockFile:
        lock = QLockFile(str(self._folder / (name + ".lock")))
        lock.setStaleLockTime(0)  # only a dead owner makes it stale
        return lock

    def begin_slot(self) -> Slot:
        """Work in another slot from now on; return the one before, with its lock.

        Raises
        ------
        OSError
            If there cannot be another; nothing has changed then.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        left, self.own = self.own, self._new_slot()
        return left

    def find(self) -> list[Found]:
        """Return the work to restore: the newest of a closed app, and what is to be offered.

        That is what killed apps have left, and then what other closed apps have left that is in no
        file, the newest first. What cannot be read, or was tried twice in vain, is put aside and
        told of in `failed`.
        """
        found: list[Found] = []
        for slot in self._left_slots():
            opened = self._open(slot)
            if opened is not None:
                found.append(opened)
        found.sort(key=lambda f: -f.saved_at)
        clean = [f for f in found if f.note.is_clean]
        offers = [f for f in found if not f.note.is_clean]
        offers += [f for f in clean[1:] if f.note.is_in_no_file]
        chosen = clean[:1] + offers[:MOST_OFFERED]
        for k, other in enumerate(f for f in found if f not in chosen):
            if k < MOST_SLOTS or other.note.is_in_no_file:
                other.slot.release()
            else:
                other.slot.discard()
        return chosen

    def _left_slots(self) -> Iterator[Slot]:
        for path in sorted(self._folder.glob("*" + SUFFIX)):
            if path != self.own.path:
                lock = self._lock(path.stem)
                if lock.tryLock(0):
                    yield Slot(self._folder, path.stem, lock)

    def _open(self, slot: Slot) -> Found | None:
        if slot.tries >= MOST_TRIES:
            self.failed.append(Failed(slot.put_aside(), "it failed twice."))
            return None
        try:
            document, note = split_note(load_document(slot.path))
            return Found(slot, document, note, slot.path.stat().st_mtime)
        except (ExperimentFileError, OSError) as error:
            self.failed.append(Failed(slot.put_aside(), str(error)))
            return None


def spoken_age(saved_at: float) -> str:
    """Return when something was saved, as a person says it."""
    then = time.localtime(saved_at)
    clock = time.strftime("%H:%M", then)
    return clock if then[:3] == time.localtime()[:3] else time.strftime("%d %B ", then) + clock
