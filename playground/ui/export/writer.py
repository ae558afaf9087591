"""Encodes and writes files off the GUI thread: a large picture takes a second to pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from playground.core.files.disk import write_atomically

Make = Callable[[], bytes]
LAST_MS = 10_000
"""How long closing waits for a file that is being written."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """How a file was made.

    Attributes
    ----------
    content : the file's bytes; empty if it could not be made.
    problem : what went wrong, in words; "" is nothing.
    """

    content: bytes = b""
    problem: str = ""


class FileWriter(QObject):
    """Makes one file after the other, and tells in the GUI thread how each went."""

    _made = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._made.connect(self._on_made, Qt.ConnectionType.QueuedConnection)

    def write(self, make: Make, path: Path | None, then: Callable[[Made], None]) -> None:
        """Have `make` called elsewhere, its bytes written to `path`, and `then` called here.

        Without a path the bytes are only handed to `then`.
        """
        self._pool.start(_Job(self._made.emit, make, path, then))

    def close(self) -> None:
        """Finish what was begun."""
        self._pool.waitForDone(LAST_MS)

    @Slot(object)
    def _on_made(self, told: tuple[Callable[[Made], None], Made]) -> None:
        then, made = told
        then(made)


class _Job(QRunnable):
    def __init__(
        self,
        tell: Callable[[object], None],
        make: Make,
        path: Path | None,
        then: Callable[[Made], None],
    ) -> None:
        super().__init__()
        self._tell, self._make, self._path, self._then = tell, make, path, then

    def run(self) -> None:
        """Make and write."""
        try:
            content = self._make()
            if self._path is not None:
                write_atomically(self._path, content)
            made = Made(content)
        except MemoryError:
            made = Made(problem="there is not enough memory for it")
        except (OSError, ValueError) as error:
            made = Made(problem=str(error))
        self._tell((self._then, made))
