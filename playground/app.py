"""The composition root: puts core, session and window together."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment, Speed
from playground.core.files.disk import reason_of
from playground.session.controller import Controller
from playground.session.garbage import GarbagePolicy
from playground.session.places import app_folder, sound_settings
from playground.session.report import Report
from playground.session.signals import Signals
from playground.ui.fonts import load_fonts
from playground.ui.main_window import MainWindow

FIRST_SPEED = Speed.EPOCH_4
SWITCH_S = 0.0001
"""How long one thread may keep the interpreter from another that waits: the training thread asks
for it after every chunk and would lose most of a chunk's time to a window that draws; the window
asks for it after many of Qt's calls, and lost half of its time to a thread that wrote a PDF."""


def create_window(experiment: Experiment | None = None) -> MainWindow:
    """Return the app's window, not shown, with its training thread started.

    The caller makes the QApplication. Fonts, theme and garbage collection are set up here;
    ``window.controller`` plays, pauses, applies and holds the newest snapshot.
    """
    sys.setswitchinterval(SWITCH_S)
    controller = Controller(experiment)
    window = build_window(controller)
    policy = GarbagePolicy(window)
    controller.loaded.connect(policy.freeze)  # with the kernels came numba, half of all objects
    controller.stopped.connect(policy.stop)
    policy.start()
    # Once events are handled, i.e. when the first frame is on its way: importing numba takes time.
    QTimer.singleShot(0, controller, controller.start)
    return window


def build_window(controller: Controller) -> MainWindow:
    """Return a window on a controller, with the fonts loaded."""
    load_fonts()
    window = MainWindow(controller)
    controller.setParent(window)
    return window


def run(experiment: Experiment | None = None, file: Path | None = None) -> int:
    """Open the window and return the process's exit code when it was closed.

    A `file` is opened; without an experiment and a file the last session comes back.
    """
    QCoreApplication.setOrganizationName("tinyml-playground")
    QCoreApplication.setApplicationName("tinyml-playground")
    application = QApplication(sys.argv[:1])
    folder, settings = app_folder(), sound_settings()
    report = Report(folder)
    report.install()
    # At full speed a first run is over before anybody has seen it learn.
    window = create_window(experiment or Experiment().with_speed(FIRST_SPEED))
    controller = window.controller
    report.told.connect(controller.notice_raised)
    window.remember_in(settings)
    window.files.remember_in(settings)
    signals = Signals(partial(_end, window), window)
    try:
        keeper = window.files.keep_in(folder / "sessions")
    except OSError as error:
        window.status.show_failure(f"The work cannot be kept: {reason_of(error)}.")
    else:
        if file is None and experiment is None:
            keeper.restore()
    if file is not None:
        window.files.open_now(file)
    window.follow_system()
    window.show()
    code = application.exec()
    window.files.close()
    signals.close()
    report.close()
    if controller.has_unfinished_thread or window.files.scribe.is_stuck:
        # Compilation in memory cannot be interrupted, and Qt aborts if a running thread is
        # destroyed: everything is saved, so end here.
        sys.stderr.flush()
        os._exit(code)
    return code


def _end(window: MainWindow) -> None:
    window.files.close_unasked()
    QCoreApplication.quit()
