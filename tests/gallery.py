"""Every view in every still format: python -m tests.gallery FOLDER [PRESET [EPOCHS]]."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from playground.app import build_window
from playground.core.experiment import presets
from playground.core.export.training import train_to
from playground.core.files import encode_experiment
from playground.core.files.disk import write_atomically
from playground.core.run import Run
from playground.session.controller import Controller
from playground.session.preparation import load_or_compile_kernels
from playground.ui.appearance import Preference
from playground.ui.picture import ENDINGS, PictureSpec, picture_bytes

SIZE = (720, 540)
WINDOW = (1440, 900)


def make_gallery(
    folder: Path, preset: str = "spiral", epochs: int = 100, views: tuple[str, ...] = ()
) -> list[Path]:
    """Write VIEW-THEME.ENDING for all views (or those given) and return the paths."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_or_compile_kernels()
    run = Run(presets()[preset])
    for _ in train_to(run, epochs):
        pass
    controller = Controller(run.experiment)
    window = build_window(controller)
    window.resize(*WINDOW)
    controller.show(run.snapshot())
    window.network.select_neuron((0, 0))
    window.right.select_neuron((0, 0))
    carried = encode_experiment(run.experiment, run.state())
    written = []
    for theme in (Preference.LIGHT, Preference.DARK):
        window.choose_theme(theme)
        application.processEvents()
        for view in views or window.views:
            size = WINDOW if view == "window" else SIZE
            for ending in ENDINGS:
                spec = PictureSpec(size=size, experiment=carried)
                widget = window.views[view]
                content = picture_bytes(widget, ending, spec, window.appearance.theme)
                path = folder / f"{view.replace(' ', '-')}-{theme.value}{ending}"
                write_atomically(path, content)
                written.append(path)
    window.close()
    # By Qt, now: Python's collector would do it later, piece by piece.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return written


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    more = sys.argv[2:]
    for made in make_gallery(where, *more[:1], *map(int, more[1:2])):
        print(made)
