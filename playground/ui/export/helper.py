"""Long exports run in a process of their own: the window keeps its frames, and can cancel."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from playground.core.experiment import Experiment
from playground.core.export.delivery import WRITTEN
from playground.core.files import SUFFIX, encode_experiment
from playground.core.files.disk import reason_of
from playground.session.helper import END_MS, end_silently, module_arguments

_PROGRESS = re.compile(r"(epoch|frame) (\d+) of (\d+)")


class ExportHelper(QObject):
    """Runs one export command of the command line at a time.

    Starting Python, Qt and the kernels takes seconds: `stand_by` does it before it is known what
    will be asked for.

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
        self._spare: QProcess | None = None
        self._scratch: TemporaryDirectory[str] | None = None
        self._said = ""
        self._cancelled = False

    @property
    def is_running(self) -> bool:
        """Whether an export is being made."""
        return self._process is not None

    def stand_by(self, *, with_second: bool = False) -> None:
        """Have a process ready that needs only to be told what to export.

        One that is `with_second` is two, which share the frames of an animation.
        """
        if self._spare is None:
            try:
                self._spare = self._new_process()
            except OSError:  # no folder for temporary files: `start` says so when it matters
                return
            self._spare.finished.connect(self._on_spare_finished)
            options = ["--with-second"] if with_second else []
            self._spare.start(sys.executable, module_arguments("playground.standby", *options))

    def stand_down(self) -> None:
        """End the process that waits."""
        spare, self._spare = self._spare, None
        if spare is not None:
            end_silently(spare)
        self._clean_up()

    def _on_spare_finished(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            spare.deleteLater()
        self._clean_up()

    def _clean_up(self) -> None:
        """Remove what the processes have left, once there is none."""
        if self._process is None and self._spare is None and self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None

    def _folder(self) -> str:
        """Return where all processes keep what is temporary: one that is killed leaves it."""
        if self._scratch is None:
            self._scratch = TemporaryDirectory(prefix="tinyml-export-", ignore_cleanup_errors=True)
        return self._scratch.name

    def _new_process(self) -> QProcess:
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name in ("TMPDIR", "TEMP", "TMP"):
            environment.insert(name, self._folder())
        environment.insert("PYTHONIOENCODING", "utf-8")
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        return process

    def start(
        self, command: str, experiment: Experiment, options: list[str], *, shares: bool = False
    ) -> None:
        """Begin ``python -m playground COMMAND EXPERIMENT OPTIONS``; ends what runs.

        With `shares` a second process that stood by may work beside it.
        """
        self.cancel()
        self._said, self._cancelled = "", False
        try:
            path = Path(self._folder()) / f"experiment{SUFFIX}"
            path.write_bytes(encode_experiment(experiment))
        except OSError as error:
            self.finished.emit(f"the folder for temporary files: {reason_of(error)}")
            return
        given = [command, str(path), *options]
        spare, self._spare = self._spare, None
        is_ready = spare is not None and spare.state() != QProcess.ProcessState.NotRunning
        if spare is not None:
            spare.finished.disconnect(self._on_spare_finished)
        if spare is None or not is_ready:
            spare = self._new_process()
        process = self._process = spare
        process.readyReadStandardOutput.connect(self._on_output)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        if is_ready:
            process.write(json.dumps([given, shares]).encode() + b"\n")
        else:
            process.start(sys.executable, module_arguments("playground", *given))

    def cancel(self) -> None:
        """End what runs; its file is not written, unless it is already."""
        process = self._process
        if process is not None:
            self._cancelled = True
            process.kill()
            process.waitForFinished(END_MS)

    def _on_output(self) -> None:
        if self._process is None:
            return
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
        self._on_output()
        if code == 0 or WRITTEN in self._said.splitlines():
            self._end("")
        elif self._cancelled:
            self._end("cancelled")
        else:
            lines = [line for line in self._said.strip().splitlines() if line]
            self._end(lines[-1] if lines else f"the helper ended with code {code}")

    def _end(self, why: str) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        self._clean_up()
        self.finished.emit(why)
