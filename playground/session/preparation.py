"""Makes the compiled kernels ready while the window is usable: a helper fills the cache."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pickle import UnpicklingError

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from playground.session.helper import end_silently, module_arguments
from tinyml.kernels.compiler import cache_folder, is_warm

DAMAGE = (
    UnpicklingError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ImportError,
)
"""What reading a damaged cache may raise."""


def load_kernels() -> None:
    """Import the compiled kernels; called in the thread that will run them."""
    import_module("tinyml.kernels.sweep")


def load_or_compile_kernels() -> None:
    """Import the compiled kernels, and compile them here and now if the cache is damaged."""
    try:
        load_kernels()
    except DAMAGE:
        empty_cache()
        load_kernels()


def empty_cache() -> None:
    """Throw compiled kernels away, because they turned out to be damaged."""
    folder = cache_folder()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)


class Preparation(QObject):
    """Decides whether kernels must be compiled first, and has it done by a helper process.

    Signals
    -------
    finished() : `load_kernels` is now as fast as it will get.
    """

    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._repaired = False

    def start(self) -> None:
        """Begin; `finished` comes at once if the cache is full or there is nowhere to keep one."""
        if is_warm() or cache_folder() is None:
            self.finished.emit()
        else:
            self._compile()

    def repair(self) -> bool:
        """Compile anew because loading failed; False if that was tried before."""
        if self._repaired:
            return False
        self._repaired = True
        empty_cache()
        self._compile()
        return True

    def stop(self) -> None:
        """End the helper, if it runs, without a signal."""
        process, self._process = self._process, None
        if process is not None:
            end_silently(process)

    def _compile(self) -> None:
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._on_ended)
        process.errorOccurred.connect(self._on_ended)
        self._process = process
        process.start(sys.executable, module_arguments("tinyml.kernels.warm"))

    @Slot()
    def _on_ended(self) -> None:
        # Whether it went well or not: what is missing in the cache is compiled when it is loaded.
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
            self.finished.emit()
