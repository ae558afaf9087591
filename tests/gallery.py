"""Every view in every format: python -m tests.gallery FOLDER [PRESET [EPOCHS]]."""

from __future__ import annotations

import os
import sys
from functools import reduce
from operator import or_
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from playground.app import build_window
from playground.core.experiment import presets
from playground.core.export.animation import Motion, encode, frame_epochs
from playground.core.export.gif import Pixels
from playground.core.export.training import train_to
from playground.core.files import encode_experiment
from playground.core.files.disk import write_atomically
from playground.core.focus import NOTHING
from playground.core.run import Run
from playground.session.controller import Controller
from playground.session.preparation import load_or_compile_kernels
from playground.ui.appearance import Preference
from playground.ui.picture import ENDINGS, PictureSpec, draw_image, picture_bytes, pixels_of

SIZE = (720, 540)
WINDOW = (1440, 900)
MOVING = (".gif", ".webp", ".apng")
N_FRAMES = 4


def make_gallery(
    folder: Path, preset: str = "spiral", epochs: int = 100, views: tuple[str, ...] = ()
) -> list[Path]:
    """Write VIEW-THEME.ENDING for all views (or those given) and return the paths.

    Spaces in a view's name are written as hyphens. Moving pictures are light.
    """
    application = QApplication.instance() or QApplication(sys.argv[:1])
    load_or_compile_kernels()
    run = Run(presets()[preset])
    controller = Controller(run.experiment)
    window = build_window(controller)
    window.resize(*WINDOW)
    window.choose_theme(Preference.LIGHT)
    names = {view.replace(" ", "-"): view for view in window.views}
    chosen = {name: names[name] for name in views or names}
    focus = reduce(or_, (window.focus_of(view) for view in chosen.values()), NOTHING)
    frames: dict[str, list[Pixels]] = {name: [] for name in chosen}
    for epoch in frame_epochs(epochs, N_FRAMES):
        for _ in train_to(run, epoch):
            pass
        controller.show(run.snapshot(focus=focus))
        window.network.select_neuron((0, 0))
        window.right.select_neuron((0, 0))
        application.processEvents()
        for name, view in chosen.items():
            image = draw_image(window.views[view], _spec(view), window.appearance.theme)
            frames[name].append(pixels_of(image))
    carried = encode_experiment(run.experiment, run.state())
    written = []
    for name, drawn in frames.items():
        for ending in MOVING:
            content = encode(drawn, ending, Motion(len(drawn), 2.0), carried)
            written.append(folder / f"{name}-light{ending}")
            write_atomically(written[-1], content)
    for theme in (Preference.LIGHT, Preference.DARK):
        window.choose_theme(theme)
        application.processEvents()
        for name, view in chosen.items():
            for ending in ENDINGS:
                spec, widget = _spec(view, carried), window.views[view]
                content = picture_bytes(widget, ending, spec, window.appearance.theme)
                written.append(folder / f"{name}-{theme.value}{ending}")
                write_atomically(written[-1], content)
    window.close()
    # By Qt, now: Python's collector would do it later, piece by piece.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return written


def _spec(view: str, carried: bytes | None = None) -> PictureSpec:
    return PictureSpec(size=WINDOW if view == "window" else SIZE, experiment=carried)


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    more = sys.argv[2:]
    for made in make_gallery(where, *more[:1], *map(int, more[1:2])):
        print(made)
