"""The composition root: puts core, session and window together."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment
from playground.core.run import Run
from playground.core.snapshot import Snapshot
from playground.session.controller import Controller
from playground.session.garbage import GarbagePolicy
from playground.session.places import app_folder, sound_settings
from playground.session.preparation import load_or_compile_kernels
from playground.session.report import Report
from playground.session.signals import Signals
from playground.ui.appearance import Preference
from playground.ui.fonts import load_fonts
from playground.ui.main_window import MainWindow
from playground.ui.picture import render_widget, save_png


def create_window(experiment: Experiment | None = None) -> MainWindow:
    """Return the app's window, not shown, with its training thread started.

    The caller makes the QApplication. Fonts, theme and garbage collection are set up here;
    ``window.controller`` plays, pauses, applies and holds the newest snapshot.
    """
    controller = Controller(experiment)
    window = _window(controller)
    policy = GarbagePolicy(window)
    controller.stopped.connect(policy.stop)
    policy.start()
    # Once events are handled, i.e. when the first frame is on its way: importing numba takes time.
    QTimer.singleShot(0, controller.start)
    return window


def _window(controller: Controller) -> MainWindow:
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
    window = create_window(experiment)
    controller = window.controller
    report.told.connect(controller.notice_raised)
    window.remember_in(settings)
    window.files.remember_in(settings)
    signals = Signals(partial(_end, window), window)
    try:
        keeper = window.files.keep_in(folder / "sessions")
    except OSError as error:
        window.status.show_failure(f"The work cannot be kept: {error.strerror}.")
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
    window.close()
    QCoreApplication.quit()


@dataclass(frozen=True, slots=True)
class Picture:
    """What ``render`` is asked for; `view` is a key of ``MainWindow.views``."""

    experiment: Experiment
    path: Path
    epochs: int = 0
    view: str = "window"
    size: tuple[int, int] = (1440, 900)
    scale: float = 1.0
    theme: str = "light"


def render(picture: Picture) -> Snapshot:
    """Train without a thread, draw a view offscreen and write it; return what it shows.

    Nothing in the picture depends on the clock: the same request gives the same bytes.

    Raises
    ------
    OSError
        If the file cannot be written or does not read back.
    """
    load_or_compile_kernels()
    run = Run(picture.experiment)
    _train(run, picture.epochs)
    application = QApplication.instance() or QApplication(sys.argv[:1])
    controller = Controller(picture.experiment)
    window = _window(controller)
    window.choose_theme(Preference(picture.theme))
    size = QSize(*picture.size)
    window.setMinimumSize(1, 1)
    window.resize(size)
    snapshot = run.snapshot()
    controller.show(snapshot)
    application.processEvents()
    image = render_widget(window.views[picture.view], size, picture.scale, window.appearance.theme)
    save_png(_exactly(image, size, picture.scale), picture.path)
    window.close()
    return snapshot


def _train(run: Run, epochs: int) -> None:
    for k in range(epochs):
        if run.divergence is not None:
            break
        while run.epoch <= k and run.divergence is None:
            run.advance(run.n_batches - run.batch)
        if (k + 1) % max(1, epochs // 10) == 0:
            print(f"epoch {k + 1} of {epochs}", file=sys.stderr)


def _exactly(image: QImage, size: QSize, scale: float) -> QImage:
    """Return the picture at the asked size; a view that cannot get so small is cut off."""
    wanted = QSize(round(size.width() * scale), round(size.height() * scale))
    if image.size() == wanted:
        return image
    page = QImage(wanted, image.format())
    page.fill(image.pixelColor(0, 0))
    painter = QPainter(page)
    image.setDevicePixelRatio(1.0)
    painter.drawImage(0, 0, image)
    painter.end()
    return page
