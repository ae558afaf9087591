"""The composition root: puts controller, worker and window together."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import QApplication

from playground.core.experiment import Experiment, presets
from playground.core.run import Run
from playground.core.snapshot import Activity
from playground.session.controller import Controller
from playground.ui.appearance import Preference
from playground.ui.main_window import MainWindow
from playground.ui.picture import render_widget, save_png

COLLECT_MS = 200
SIGNAL_POLL_MS = 200
log = logging.getLogger("playground")


def create_window(experiment: Experiment | None = None) -> MainWindow:
    """Return the window, not shown, with its controller started.

    The caller makes the QApplication. Fonts, theme and the garbage collection policy are set here:
    Python's cyclic collector runs in the GUI thread only, because a collection in the worker would
    destroy Qt objects there.
    """
    controller = Controller(experiment or presets()["circle"])
    window = MainWindow(controller)
    _collect_in_gui_thread(window)
    controller.start()
    return window


def _collect_in_gui_thread(owner: QObject) -> None:
    gc.disable()
    gc.collect()
    gc.freeze()
    timer = QTimer(owner)
    timer.setInterval(COLLECT_MS)
    timer.timeout.connect(_collect_young)
    timer.start()


def _collect_young() -> None:
    gc.collect(1)


def run() -> int:
    """Open the window and run until it is closed; return the exit code."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("tinyml-playground")
    application.setApplicationDisplayName("TinyML Playground")
    sys.excepthook = _report
    window = create_window()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    awake = QTimer(window)  # Python handles signals only while Python code runs
    awake.setInterval(SIGNAL_POLL_MS)
    awake.timeout.connect(_stay_awake)
    awake.start()
    window.show()
    code = application.exec()
    window.controller.shut_down()
    return code


def _stay_awake() -> None:
    """Give Python a moment to handle signals."""


_reported: set[str] = set()


def _report(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Log an unexpected error once; the app goes on."""
    where = f"{kind.__name__}: {error}"
    if where not in _reported:
        _reported.add(where)
        log.error("unexpected error", exc_info=(kind, error, traceback))


def render_picture(
    experiment: Experiment,
    path: Path,
    *,
    epochs: int,
    view: str,
    size: tuple[int, int],
    scale: float,
    theme: str,
) -> int:
    """Train without a window, draw one view, write it and read it back; return the exit code."""
    training = Run(experiment)
    goal = epochs * training.n_batches
    done = 0
    while done < goal and training.divergence is None:
        done += training.advance(min(goal - done, 50 * training.n_batches))
        print(f"\repoch {training.epoch} of {epochs}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    snapshot = training.snapshot()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    window = MainWindow(Controller(experiment))
    window.choose_theme(Preference.DARK if theme == "dark" else Preference.LIGHT)
    window.controller.snapshot_changed.emit(snapshot)
    window.controller.activity_changed.emit(Activity.PAUSED)
    image = render_widget(window.views[view], QSize(*size), scale, window.appearance.theme)
    try:
        save_png(image, path)
    except OSError as error:
        print(f"{path} was not written: {error.strerror or error}", file=sys.stderr)
        return 1
    for name, value in (
        ("train loss", snapshot.train_loss),
        ("test loss", snapshot.test_loss),
        ("train accuracy", snapshot.train_accuracy),
        ("test accuracy", snapshot.test_accuracy),
    ):
        print(f"{name}: {'none' if value is None else format(value, '.6f')}")
    window.close()
    del application
    return 0
