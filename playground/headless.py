"""What the command line makes without a display: pictures, animations, tables, code, pages."""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QApplication

from playground.app import build_window
from playground.core.experiment import Experiment
from playground.core.export.animation import (
    Encoder,
    Motion,
    check_size,
    frame_epochs,
    require_encoder,
)
from playground.core.export.training import Teller, train_to
from playground.core.files import encode_experiment
from playground.core.files.disk import write_atomically
from playground.core.focus import Focus
from playground.core.run import Run
from playground.core.run_state import RunState
from playground.core.snapshot import Snapshot
from playground.session.controller import Controller
from playground.session.garbage import collected_here
from playground.session.preparation import load_or_compile_kernels
from playground.ui.appearance import Preference
from playground.ui.canvas.network_view import NetworkView
from playground.ui.export.caption import settings_caption
from playground.ui.main_window import MainWindow
from playground.ui.picture import PictureSpec, picture_bytes, pixels_of, sitting
from playground.ui.picture import check_size as check_picture_size
from playground.ui.plot_chrome import PlotView

MOVING = (".gif", ".webp", ".apng", ".mp4")


@dataclass(frozen=True, slots=True)
class Picture:
    """What `render` is asked for.

    Attributes
    ----------
    state : where a file's run was; None begins anew.
    epochs : the epochs drawn; empty is where the run begins. An animation of one epoch N shows
        `frames` of them from 0 to N.
    view : a key of ``MainWindow.views``; `neuron` is (layer, index) for the neuron's page.
    carries : whether the file carries its experiment.

    Raises
    ------
    ValueError
        If the picture, or all frames together, would be too large.
    ModuleNotFoundError
        If what writes this kind of file is not installed.
    """

    experiment: Experiment
    path: Path
    epochs: tuple[int, ...] = ()
    state: RunState | None = None
    view: str = "window"
    size: tuple[int, int] = (1440, 900)
    scale: float = 1.0
    theme: str = "light"
    frames: int = 60
    seconds: float = 6.0
    title: str = ""
    has_caption: bool = False
    legend: bool = True
    transparent: bool = False
    carries: bool = True
    neuron: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        width, height = (round(side * self.scale) for side in self.size)
        if self.ending in MOVING:
            check_size(width, height, self.motion.n_frames)
            require_encoder(self.ending)
        check_picture_size(width, height)

    @property
    def ending(self) -> str:
        """The file's ending, which says its format."""
        return self.path.suffix.lower()

    @property
    def shown_epochs(self) -> tuple[int, ...]:
        """The epochs of all frames or files; empty is where the run is."""
        if self.ending in MOVING and len(self.epochs) == 1:
            return tuple(frame_epochs(self.epochs[0], self.frames))
        return self.epochs

    @property
    def motion(self) -> Motion:
        """How an animation plays."""
        return Motion(max(2, len(self.shown_epochs)), self.seconds)

    def teller(self) -> Teller:
        """Return what tells how far it is."""
        return Teller(max(self.shown_epochs, default=0), len(self.shown_epochs))

    def carried(self, run: Run) -> bytes | None:
        """Return what a file of this moment carries."""
        return encode_experiment(run.experiment, run.state()) if self.carries else None

    def spec(self, snapshot: Snapshot, carried: bytes | None = None) -> PictureSpec:
        """Return how the picture of this moment is drawn."""
        caption = settings_caption(snapshot) if self.has_caption else ""
        return PictureSpec(
            size=self.size,
            scale=self.scale,
            title=self.title,
            caption=caption,
            legend=self.legend,
            transparent=self.transparent,
            experiment=carried,
        )


def render(picture: Picture) -> Snapshot:
    """Train, draw a view offscreen and write it; return what it shows last.

    Nothing in a PNG or SVG depends on the clock: the same request gives the same bytes.

    Raises
    ------
    KeyError
        If the window has no view of that name.
    ValueError
        If the file cannot be written (`ExperimentFileError`).
    """
    load_or_compile_kernels()
    run = Run(picture.experiment, None if picture.shown_epochs else picture.state)
    stage = _Stage(picture)
    if picture.ending in MOVING:
        with collected_here():
            snapshot = _animate(picture, run, stage)
    else:
        snapshot = _draw_files(picture, run, stage)
    stage.close()
    return snapshot


def _moments(picture: Picture, run: Run, stage: _Stage, tell: Teller) -> Iterator[Snapshot]:
    """Train, and yield how each epoch that is drawn looks."""
    for epoch in picture.shown_epochs or (run.epoch,):
        for done in train_to(run, epoch):
            tell.epoch(done)
        yield run.snapshot(focus=stage.focus)


def _draw_files(picture: Picture, run: Run, stage: _Stage) -> Snapshot:
    """Write a file for each epoch; several have their epoch in their names."""
    epochs = picture.shown_epochs
    paths = [picture.path]
    if len(epochs) > 1:
        stem, digits = picture.path.stem, len(str(epochs[-1]))
        paths = [picture.path.with_stem(f"{stem}-{epoch:0{digits}d}") for epoch in epochs]
    moments = _moments(picture, run, stage, picture.teller())
    for path, snapshot in zip(paths, moments, strict=True):
        stage.show(snapshot)
        spec = picture.spec(snapshot, picture.carried(run))
        content = picture_bytes(stage.view, picture.ending, spec, stage.theme)
        write_atomically(path, content)
    return snapshot


def _animate(picture: Picture, run: Run, stage: _Stage) -> Snapshot:
    """Draw all frames and write the file; a thread works on what is drawn meanwhile."""
    encoder, tell = Encoder(picture.ending, picture.motion), picture.teller()
    with (
        ThreadPoolExecutor(1) as thread,
        sitting(stage.view, stage.theme, picture.legend) as draw,
    ):
        added: deque[Future[None]] = deque()
        for snapshot in _moments(picture, run, stage, tell):
            image = draw(picture.spec(snapshot), partial(stage.show, snapshot))
            added.append(thread.submit(encoder.add, pixels_of(image)))
            while added[0].done() and len(added) > 1:
                added.popleft().result()
            gc.collect(1)
        for future in added:
            future.result()
    write_atomically(picture.path, encoder.content(picture.carried(run), tell.frame))
    return snapshot


_ready: list[MainWindow] = []


@cache
def _application() -> QCoreApplication:
    return QApplication.instance() or QApplication(sys.argv[:1])


def make_ready() -> None:
    """Build the window of the next picture before it is asked for."""
    _ready.append(_new_window(Experiment()))


def _new_window(experiment: Experiment) -> MainWindow:
    _application()
    return build_window(Controller(experiment))


class _Stage:
    """A window that no screen shows, ready to draw one view."""

    def __init__(self, picture: Picture) -> None:
        if _ready:
            self.window = _ready.pop()
            self.window.controller.apply(picture.experiment)
        else:
            self.window = _new_window(picture.experiment)
        self.window.choose_theme(Preference(picture.theme))
        self.window.setMinimumSize(1, 1)
        if picture.view == "window":
            self.window.resize(QSize(*picture.size))
        if picture.view not in self.window.views:
            known = ", ".join(self.window.views)
            self.window.close()
            raise KeyError(f"there is no view {picture.view!r}; the views are: {known}")
        self._name = picture.view
        self._is_told = False
        self.view = self.window.views[picture.view]
        self.theme = self.window.appearance.theme
        if picture.neuron is not None:
            self.window.network.select_neuron(picture.neuron)
            self.window.right.select_neuron(picture.neuron)

    @property
    def focus(self) -> Focus:
        """What the view asks of the training."""
        return self.window.focus_of(self._name)

    def show(self, snapshot: Snapshot) -> None:
        """Show a moment of the run."""
        if self._is_told and isinstance(self.view, NetworkView | PlotView):
            self.view.show_snapshot(snapshot)  # nobody sees the others
        else:
            self._is_told = True
            self.window.controller.show(snapshot)
        QApplication.processEvents()

    def close(self) -> None:
        """Close the window."""
        self.window.close()
