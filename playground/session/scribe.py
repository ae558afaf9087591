"""The thread that writes files, so that a slow disk never holds up the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, Signal, Slot

from playground.core.files import Document, ExperimentFileError, save_document
from playground.core.files.disk import (
    REAL,
    FileSystem,
    reason_of,
    sweep_temporaries,
    write_atomically,
)
from playground.session.report import spoken
from playground.session.stamp import Stamp, stamp_of

CLOSE_MS = 900
"""How long closing waits for a file that is being written."""
CLOSE_SAVE_MS = 5000
"""The same where a person asked for the file."""
LEFT_NS = 3600 * 10**9
"""What a killed save has left beside a person's file is removed by one this much later."""

_QUEUED = Qt.ConnectionType.QueuedConnection
_stuck: list[tuple[QThread, _Pen]] = []
# A thread that hangs in the disk cannot be ended; Qt aborts if it is destroyed.


@dataclass(frozen=True, slots=True, eq=False)
class Writing:
    """A file to write, where a second copy goes, if anywhere, and whether a person asked."""

    document: Document
    path: Path
    copy_to: Path | None = None
    is_autosave: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What became of a `Writing`: the file's stamp if it was written, and what went wrong.

    `uncopied` says why a file that was written has no copy.
    """

    writing: Writing
    stamp: Stamp | None = None
    error: ExperimentFileError | None = None
    uncopied: str = ""

    @property
    def kept(self) -> Document | None:
        """What the file holds now, if it was written."""
        return None if self.error is not None else self.writing.document


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """A file that is no experiment: where it goes, and what makes its bytes, which may be slow."""

    path: Path
    make: Callable[[], bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Exported:
    """What became of an `Export`: what went wrong, if anything did."""

    export: Export
    error: ExperimentFileError | None = None


class _Pen(QObject):
    """Lives in the writing thread."""

    written = Signal(object)
    exported = Signal(object)

    def __init__(self, disk: FileSystem) -> None:
        super().__init__()
        self._disk = disk

    @Slot(object)
    def write(self, writing: Writing) -> None:
        """Write a file and tell what became of it."""
        self.written.emit(write_now(writing, self._disk))

    @Slot(object)
    def export(self, export: Export) -> None:
        """Make a file, write it and tell what became of it."""
        self.exported.emit(export_now(export, self._disk))

    @Slot()
    def stop(self) -> None:
        """End the thread's event loop."""
        QThread.currentThread().quit()


def write_now(writing: Writing, disk: FileSystem = REAL) -> Written:
    """Write a file in this thread; whatever goes wrong is told."""
    before = stamp_of(writing.path)
    try:
        data = save_document(writing.document, writing.path, disk)
    except ExperimentFileError as error:
        after = stamp_of(writing.path)  # another one where the disk does not confirm the file
        return Written(writing, after if after != before else None, error)
    except Exception as error:  # noqa: BLE001  # the next file must be written whatever this one did
        return Written(writing, None, _as_told(error))
    stamp, uncopied = stamp_of(writing.path), ""
    if writing.copy_to is not None:
        try:
            writing.copy_to.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(writing.copy_to, data, disk)
        except Exception as error:  # noqa: BLE001  # the file itself is written
            uncopied = _reason(error)
    if stamp is not None and not writing.is_autosave:
        for path in (writing.path, writing.copy_to):
            if path is not None:
                folder = Path(os.path.realpath(path)).parent
                sweep_temporaries(folder, stamp.changed_ns - LEFT_NS)
    return Written(writing, stamp, uncopied=uncopied)


def export_now(export: Export, disk: FileSystem = REAL) -> Exported:
    """Make and write a file in this thread; whatever goes wrong is told."""
    try:
        write_atomically(export.path, export.make(), disk)
    except ExperimentFileError as error:
        return Exported(export, error)
    except Exception as error:  # noqa: BLE001  # the next file must be written whatever this one did
        return Exported(export, _as_told(error))
    return Exported(export)


def _as_told(error: Exception) -> ExperimentFileError:
    """Return words for a mistake of ours, which is reported, or for want of memory."""
    if not isinstance(error, MemoryError):
        sys.excepthook(type(error), error, error.__traceback__)
    return ExperimentFileError(f"Not saved: {spoken(error)}.")


def _reason(error: Exception) -> str:
    cause = error.__cause__ if isinstance(error, ExperimentFileError) else error
    return reason_of(cause) if isinstance(cause, OSError) else spoken(error)


class Scribe(QObject):
    """Writes files one after the other in a thread of its own, which the first one starts.

    Signals
    -------
    written(object) : a `Written`, for every `write`.
    exported(object) : an `Exported`, for every `export`.
    """

    written = Signal(object)
    exported = Signal(object)
    _write = Signal(object)
    _export = Signal(object)
    _stop = Signal()

    def __init__(self, disk: FileSystem = REAL, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._disk = disk
        self._running: tuple[QThread, _Pen] | None = None
        self._is_closed = False
        self._n_asked = 0
        self.written.connect(self._on_written)
        self.exported.connect(self._on_exported)

    def write(self, writing: Writing) -> None:
        """Write a file soon; nothing is written once this is closed."""
        self._n_asked += not writing.is_autosave
        if self._is_closed:
            self.written.emit(Written(writing, None, _ended()))
            return
        self._start()
        self._write.emit(writing)

    def export(self, path: Path, make: Callable[[], bytes]) -> None:
        """Write what `make` returns, which the writing thread calls."""
        self._n_asked += 1
        export = Export(path, make)
        if self._is_closed:
            self.exported.emit(Exported(export, _ended()))
            return
        self._start()
        self._export.emit(export)

    def _start(self) -> None:
        if self._running is None:
            self._running = self._started()

    def _started(self) -> tuple[QThread, _Pen]:
        pen = _Pen(self._disk)
        # No parent: Qt must not destroy a thread because a widget goes away.
        thread = QThread()
        pen.moveToThread(thread)
        self._write.connect(pen.write, _QUEUED)
        self._export.connect(pen.export, _QUEUED)
        self._stop.connect(pen.stop, _QUEUED)
        pen.written.connect(self.written, _QUEUED)
        pen.exported.connect(self.exported, _QUEUED)
        thread.finished.connect(pen.deleteLater)
        thread.start(QThread.Priority.LowPriority)
        return thread, pen

    @property
    def is_stuck(self) -> bool:
        """Whether a writing thread hangs in the disk and could not be ended."""
        return bool(_stuck)

    def close(self) -> None:
        """Finish what is asked for, tell of it and end the thread; may be called again."""
        self._is_closed = True
        running, self._running = self._running, None
        if running is not None:
            self._stop.emit()
            if not running[0].wait(CLOSE_SAVE_MS if self._n_asked else CLOSE_MS):
                _stuck.append(running)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def _on_written(self, written: Written) -> None:
        self._n_asked -= not written.writing.is_autosave

    def _on_exported(self) -> None:
        self._n_asked -= 1


def _ended() -> ExperimentFileError:
    return ExperimentFileError("Not saved: the app has ended.")
