"""Long exports run in a process of their own: the window keeps its frames, and can cancel."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from playground.core.experiment import Experiment
from playground.core.files import SUFFIX, encode_experiment
from playground.session.helper import module_arguments

STOP_MS = 1000
_PROGRESS = re.compile(r"(epoch|frame) (\d+) of (\d+)")


class ExportHelper(QObject):
    """Runs one export command of the command line at a time.

    Signals
    -------
    progressed(str) : how far it is, in words.
    finished(str) : "" when the file was written, else why it was not.
    """

    progressed = Signal(str)
    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: TemporaryDirectory[str] | None = None
        self._said = ""
        self._cancelled = False

    @property
    def is_running(self) -> bool:
        """Whether an export is being made."""
        return self._process is not None

    def start(self, command: str, experiment: Experiment, options: list[str]) -> None:
        """Begin ``python -m playground COMMAND EXPERIMENT OPTIONS``; ends what runs."""
        self.cancel()
        self._folder = TemporaryDirectory(prefix="tinyml-export-")
        path = Path(self._folder.name) / f"experiment{SUFFIX}"
        path.write_bytes(encode_experiment(experiment))
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._said, self._cancelled = "", False
        arguments = module_arguments("playground", command, str(path), *options)
        process.start(sys.executable, arguments)

    def cancel(self) -> None:
        """End what runs; its file is not written."""
        process = self._process
        if process is not None:
            self._cancelled = True
            process.kill()
            process.waitForFinished(STOP_MS)

    def _on_output(self) -> None:
        assert self._process is not None
        text = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace")
        self._said += text
        found = _PROGRESS.findall(text)
        if found:
            what, done, total = found[-1]
            self.progressed.emit(f"{what} {done} of {total}")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end("the helper process could not be started")

    def _on_finished(self, code: int) -> None:
        if self._cancelled:
            self._end("cancelled")
        elif code == 0:
            self._end("")
        else:
            lines = [line for line in self._said.strip().splitlines() if line]
            self._end(lines[-1] if lines else f"the helper ended with code {code}")

    def _end(self, why: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self.finished.emit(why)
