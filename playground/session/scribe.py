"""The thread that writes files, so that a slow disk never holds up the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from playground.core.files import Document, ExperimentFileError, save_document
from playground.core.files.disk import REAL, FileSystem, write_atomically
from playground.session.stamp import Stamp, stamp_of

CLOSE_MS = 900
"""How long closing waits for a file that is being written."""

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
    """What became of a `Writing`: the file's new stamp, or what went wrong."""

    writing: Writing
    stamp: Stamp | None = None
    error: ExperimentFileError | None = None


class _Pen(QObject):
    """Lives in the writing thread."""

    written = Signal(object)

    def __init__(self, disk: FileSystem) -> None:
        super().__init__()
        self._disk = disk

    @Slot(object)
    def write(self, writing: Writing) -> None:
        """Write a file and tell what became of it."""
        self.written.emit(write_now(writing, self._disk))

    @Slot()
    def stop(self) -> None:
        """End the thread's event loop."""
        QThread.currentThread().quit()


def write_now(writing: Writing, disk: FileSystem = REAL) -> Written:
    """Write a file in this thread."""
    try:
        data = save_document(writing.document, writing.path, disk)
        if writing.copy_to is not None:
            writing.copy_to.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(writing.copy_to, data, disk)
    except ExperimentFileError as error:
        return Written(writing, None, error)
    except OSError as error:
        return Written(writing, None, ExperimentFileError(f"No copy was kept: {error.strerror}."))
    except MemoryError:
        return Written(writing, None, ExperimentFileError("Not saved: out of memory."))
    return Written(writing, stamp_of(writing.path))


class Scribe(QObject):
    """Writes files one after the other in a thread of its own, which the first one starts.

    Signals
    -------
    written(object) : a `Written`, for every `write`.
    """

    written = Signal(object)
    _write = Signal(object)
    _stop = Signal()

    def __init__(self, disk: FileSystem = REAL, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._disk = disk
        self._running: tuple[QThread, _Pen] | None = None

    def write(self, writing: Writing) -> None:
        """Write a file soon."""
        if self._running is None:
            self._running = self._started()
        self._write.emit(writing)

    def _started(self) -> tuple[QThread, _Pen]:
        pen = _Pen(self._disk)
        # No parent: Qt must not destroy a thread because a widget goes away.
        thread = QThread()
        pen.moveToThread(thread)
        self._write.connect(pen.write, _QUEUED)
        self._stop.connect(pen.stop, _QUEUED)
        pen.written.connect(self.written, _QUEUED)
        thread.finished.connect(pen.deleteLater)
        thread.start(QThread.Priority.LowPriority)
        return thread, pen

    @property
    def is_stuck(self) -> bool:
        """Whether a writing thread hangs in the disk and could not be ended."""
        return bool(_stuck)

    def close(self) -> None:
        """Finish what is asked for and end the thread; may be called again."""
        running, self._running = self._running, None
        if running is not None:
            self._stop.emit()
            if not running[0].wait(CLOSE_MS):
                _stuck.append(running)
