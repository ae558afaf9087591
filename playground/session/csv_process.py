"""Runs `playground.core.csv_job` and tells what it says, without holding the window up."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from playground.core.csv_columns import Choice
from playground.core.csv_format import Format
from playground.core.csv_job import imported_from, request_json, summary_from
from playground.session.helper import end_silently, module_arguments


class CsvProcess(QObject):
    """One reading at a time; another one ends the one before.

    The process stays to import what it has read, until `cancel` ends it.

    Signals
    -------
    progressed(float) : the share that is done.
    summarized(object) : the `Summary` of a file.
    imported(object) : the `Imported` own data.
    failed(str) : words for the person.
    """

    progressed = Signal(float)
    summarized = Signal(object)
    imported = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._rest = b""
        self._imports = False
        self._is_busy = False
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.cancel)

    @property
    def is_running(self) -> bool:
        """Whether a file is being read or imported."""
        return self._is_busy

    def read(
        self, path: str, wanted: Format, choice: Choice | None = None, title: str = ""
    ) -> None:
        """Begin to read a file: to describe it, or with a choice to import it."""
        self._imports = choice is not None
        if self._is_busy or not self._imports:
            self.cancel()
        process = self._process or self._start()
        self._is_busy = True
        process.write(request_json(path, wanted, choice, title).encode() + b"\n")

    def _start(self) -> QProcess:
        self._rest = b""
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._on_ready_read)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error_occurred)
        process.start(sys.executable, module_arguments("playground.core.csv_job"))
        return process

    def cancel(self) -> None:
        """End the reading, if there is one; nothing more is said about it."""
        process, self._process = self._process, None
        self._is_busy = False
        if process is not None:
            end_silently(process)

    def _on_ready_read(self) -> None:
        if self._process is None:
            return
        self._rest += bytes(self._process.readAllStandardOutput().data())
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._take(line.decode())

    def _take(self, line: str) -> None:
        mark, _, text = line.partition(" ")
        if mark == "p":
            self.progressed.emit(float(text))
            return
        self._is_busy = False
        if mark == "e":
            self.failed.emit(text)
        elif self._imports:
            self.imported.emit(imported_from(text))
        else:
            self.summarized.emit(summary_from(text))

    def _on_finished(self) -> None:
        self._on_ready_read()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if self._is_busy:
            self._is_busy = False
            self.failed.emit("Reading the file ended early. Try again.")

    def _on_error_occurred(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._on_finished()
