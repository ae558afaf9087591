"""What the system says about the size of text and about motion, where that can be read."""

from __future__ import annotations

import shutil
import sys

from PySide6.QtCore import QObject, QProcess, QSettings, Signal
from PySide6.QtGui import QGuiApplication

from playground.session.helper import end_silently

GNOME = "org.gnome.desktop.interface"
WINDOWS = r"HKEY_CURRENT_USER\Software\Microsoft\Accessibility"
WINDOWS_MOTION = r"HKEY_CURRENT_USER\Control Panel\Desktop\WindowMetrics"


class SystemWishes(QObject):
    """Asks the system once, without waiting for the answer.

    Under X11 and on macOS larger text reaches Qt as the ratio of device pixels, so that the whole
    window grows by itself.

    Signals
    -------
    text_scale_read(float) : how much larger than usual text shall be.
    reduced_motion_read(bool) : whether motion shall be reduced.
    """

    text_scale_read = Signal(float)
    reduced_motion_read = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[QProcess, str] = {}

    def ask(self) -> None:
        """Read what there is; the signals follow."""
        if sys.platform == "win32":
            settings = QSettings(WINDOWS, QSettings.Format.NativeFormat)
            self.take("text-scaling-factor", str(settings.value("TextScaleFactor", "")), 100)
            motion = QSettings(WINDOWS_MOTION, QSettings.Format.NativeFormat)
            self.take("enable-animations", str(motion.value("MinAnimate", "")))
        elif shutil.which("gsettings"):
            self._ask_gnome("enable-animations")
            if QGuiApplication.platformName() == "wayland":
                self._ask_gnome("text-scaling-factor")

    def close(self) -> None:
        """Ask no longer: Qt complains of a process that is still there at the end."""
        while self._asked:
            process, _ = self._asked.popitem()
            end_silently(process)

    def take(self, key: str, answer: str, whole: float = 1.0) -> None:
        """Understand an answer; one that makes no sense is as good as none."""
        answer = answer.strip().strip("'")
        if key == "enable-animations" and answer in ("true", "false", "0", "1"):
            self.reduced_motion_read.emit(answer in ("false", "0"))
        elif key == "text-scaling-factor":
            try:
                scale = float(answer) / whole
            except ValueError:
                return
            self.text_scale_read.emit(scale)

    def _ask_gnome(self, key: str) -> None:
        process = QProcess(self)
        self._asked[process] = key
        process.finished.connect(self._on_finished)
        process.start("gsettings", ["get", GNOME, key])

    def _on_finished(self) -> None:
        process = self.sender()
        if isinstance(process, QProcess):
            answer = bytes(process.readAllStandardOutput().data()).decode(errors="replace")
            self.take(self._asked.pop(process), answer)
            process.deleteLater()
