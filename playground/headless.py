"""What the command line makes without a display: pictures, animations, tables, code, pages."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playground.core.experiment import Experiment
from playground.core.export.animation import (
    Encoder,
    Motion,
    check_size,
    frame_epochs,
    require_encoder,
)
from playground.core.export.delivery import deliver
from playground.core.export.gif import Pixels
from playground.core.export.training import Teller, train_to
from playground.core.files import encode_experiment
from playground.core.run import Run
from playground.core.run_state import RunState
from playground.core.snapshot import Snapshot
from playground.later_frames import LaterFrames
from playground.session.garbage import collected_here
from playground.session.preparation import load_or_compile_kernels
from playground.stage import Stage
from playground.ui.appearance import Preference
from playground.ui.export.caption import settings_caption
from playground.ui.picture import Draw, PictureSpec, picture_bytes, pixels_of, sitting
from playground.ui.picture import check_size as check_picture_size

OWN_SHARE = 0.55
"""The part of an animation's frames drawn here: another process trains that far before it draws."""
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
    arguments : the command line that asks for the same, for another process.

    Raises
    ------
    ValueError
        If the picture, or all frames together, would be too large, or there is no such neuron.
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
    arguments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        width, height = self.pixels
        if self.ending in MOVING:
            check_size(width, height, self.motion.n_frames)
            require_encoder(self.ending)
        check_picture_size(width, height)
        if self.neuron is not None:
            self._check_neuron(*self.neuron)

    def _check_neuron(self, layer: int, index: int) -> None:
        network = self.experiment.network
        if not network.has_neuron(layer, index):
            neurons = ", ".join(str(size) for size in network.layer_sizes)
            raise ValueError(
                f"there is no neuron {layer + 1},{index + 1}: the layers have {neurons} neurons"
            )

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""
        width, height = self.size
        return round(width * self.scale), round(height * self.scale)

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
    run, stage = _begun(picture)
    with closing(stage):
        if picture.ending not in MOVING:
            return _draw_files(picture, run, stage)
        with collected_here():
            return _animate(picture, run, stage)


def frames_from(picture: Picture, first: int) -> Iterator[Pixels]:
    """Train, and yield the frames of an animation from number `first` on."""
    run, stage = _begun(picture)
    with (
        closing(stage),
        collected_here(),
        sitting(stage.view, stage.theme, picture.legend) as draw,
    ):
        for epoch in picture.shown_epochs[first:]:
            for _ in train_to(run, epoch):
                pass
            yield _frame(picture, run, stage, draw)
            gc.collect(1)


def _begun(picture: Picture) -> tuple[Run, Stage]:
    load_or_compile_kernels()
    run = Run(picture.experiment, None if picture.shown_epochs else picture.state)
    theme = Preference(picture.theme)
    return run, Stage(picture.experiment, picture.view, theme, picture.size, picture.neuron)


def _reached(epochs: Iterable[int], run: Run, tell: Teller) -> Iterator[int]:
    """Train, and yield each epoch when the run is there."""
    for epoch in epochs:
        for done in train_to(run, epoch):
            tell.epoch(done)
        yield epoch


def _draw_files(picture: Picture, run: Run, stage: Stage) -> Snapshot:
    """Write a file for each epoch that the run reaches; several have it in their names."""
    epochs, tell = picture.shown_epochs or (run.epoch,), picture.teller()
    stem, digits = picture.path.stem, len(str(epochs[-1]))
    written: set[int] = set()
    for _ in _reached(epochs, run, tell):
        snapshot = run.snapshot(focus=stage.focus)
        if run.epoch in written:
            break  # the next epoch diverged, and the file of this one stays
        written.add(run.epoch)
        path = picture.path
        if len(epochs) > 1:
            path = path.with_stem(f"{stem}-{run.epoch:0{digits}d}")
        stage.show(snapshot)
        spec = picture.spec(snapshot, picture.carried(run))
        content = picture_bytes(stage.view, picture.ending, spec, stage.theme)
        deliver(path, content)
        if run.divergence is not None:
            break
    return snapshot


def _animate(picture: Picture, run: Run, stage: Stage) -> Snapshot:
    """Draw the frames and write the file; a thread works on what is drawn meanwhile."""
    encoder, tell = Encoder(picture.ending, picture.motion), picture.teller()
    epochs = picture.shown_epochs or (run.epoch,)
    later = _later.pop() if _later and picture.arguments else None
    if later is not None:
        later.ask(picture.arguments, round(OWN_SHARE * len(epochs)), *picture.pixels)
    with (
        ThreadPoolExecutor(1) as thread,
        sitting(stage.view, stage.theme, picture.legend) as draw,
    ):
        added: deque[Future[None]] = deque()
        for number, _ in enumerate(_reached(epochs, run, tell)):
            frame = later.take(number) if later is not None else None
            if frame is None:
                frame = _frame(picture, run, stage, draw)
            added.append(thread.submit(encoder.add, frame))
            while added[0].done() and len(added) > 1:
                added.popleft().result()
            gc.collect(1)
        for future in added:
            future.result()
    deliver(picture.path, encoder.content(picture.carried(run), tell.frame))
    return run.snapshot(focus=stage.focus)


def _frame(picture: Picture, run: Run, stage: Stage, draw: Draw) -> Pixels:
    snapshot = run.snapshot(focus=stage.focus)
    return pixels_of(draw(picture.spec(snapshot), partial(stage.show, snapshot)))


_later: list[LaterFrames] = []


def share_with(later: LaterFrames) -> None:
    """Let another process draw the later frames of the next animation."""
    _later.append(later)
