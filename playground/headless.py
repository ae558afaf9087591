"""What the command line makes without a display: pictures, animations, tables, code, pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtWidgets import QApplication

from playground.app import build_window
from playground.core.experiment import Experiment
from playground.core.export.animation import (
    Motion,
    Pixels,
    check_size,
    encode,
    frame_epochs,
    require_encoder,
)
from playground.core.export.training import REPORTS, train_to
from playground.core.files import encode_experiment
from playground.core.files.disk import write_atomically
from playground.core.focus import Focus
from playground.core.run import Run
from playground.core.run_state import RunState
from playground.core.snapshot import Snapshot
from playground.session.controller import Controller
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
            motion = Motion(max(2, len(self.shown_epochs)), self.seconds)
            check_size(width, height, motion.n_frames)
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

    def spec(self, run: Run, snapshot: Snapshot) -> PictureSpec:
        """Return how the picture of this moment is drawn."""
        carried = encode_experiment(run.experiment, run.state()) if self.carries else None
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
    """Train without a thread, draw a view offscreen and write it; return what it shows last.

    Nothing in a PNG or SVG depends on the clock: the same request gives the same bytes.

    Raises
    ------
    KeyError
        If the window has no view of that name.
    ValueError
        If the file cannot be written (`ExperimentFileError`).
    """
    load_or_compile_kernels()
    epochs = picture.shown_epochs
    run = Run(picture.experiment, picture.state if not epochs else None)
    stage = _Stage(picture)
    tell = _Teller(max(epochs, default=0), len(epochs))
    view, theme = stage.view, stage.window.appearance.theme
    frames: list[Pixels] = []

    def moments() -> Iterator[tuple[int, Snapshot]]:
        for epoch in epochs or (run.epoch,):
            for done in train_to(run, epoch):
                tell.epoch(done)
            yield epoch, run.snapshot(focus=stage.focus)

    if picture.ending in MOVING:
        with sitting(view, theme, picture.legend) as draw:
            for _, snapshot in moments():
                spec = picture.spec(run, snapshot)
                frames.append(pixels_of(draw(spec, partial(stage.show, snapshot))))
    else:
        for epoch, snapshot in moments():
            stage.show(snapshot)
            path = picture.path
            if len(epochs) > 1:
                digits = len(str(epochs[-1]))
                path = path.with_stem(f"{path.stem}-{epoch:0{digits}d}")
            spec = picture.spec(run, snapshot)
            write_atomically(path, picture_bytes(view, picture.ending, spec, theme))
    if frames:
        motion = Motion(max(2, len(frames)), picture.seconds)
        carried = encode_experiment(run.experiment, run.state()) if picture.carries else None
        content = encode(frames, picture.ending, motion, carried, tell.frame)
        write_atomically(picture.path, content)
    stage.close()
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


class _Teller:
    """Writes now and then to standard error how far it is."""

    def __init__(self, n_epochs: int, n_frames: int) -> None:
        self._n_epochs, self._n_frames = n_epochs, n_frames
        self._told = 0

    def epoch(self, done: int) -> None:
        """So many epochs are trained."""
        tenth = REPORTS * done // max(1, self._n_epochs)
        if tenth > self._told or done == self._n_epochs:
            self._told = tenth
            print(f"epoch {done} of {self._n_epochs}", file=sys.stderr, flush=True)

    def frame(self, done: int) -> None:
        """So many frames are prepared."""
        if done == self._n_frames or done % max(1, self._n_frames // REPORTS) == 0:
            print(f"frame {done} of {self._n_frames}", file=sys.stderr, flush=True)
