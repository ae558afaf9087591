"""Frames to one moving file: GIF, WebP, APNG, and MP4 where PyAV is installed."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from playground.core.export.gif import GifFrames, Pixels
from playground.core.export.metadata import marked, png_with, xmp_packet

ENDINGS = (".gif", ".webp", ".apng", ".mp4")
MAX_FRAMES = 1000
MIN_SIDE = 16
MAX_MOVING_PIXELS = 600_000_000
"""Pixels at most of all frames together."""
LAST_FRAME_S = 1.5
"""How long the end stands before the animation begins anew."""
CREATOR = "tinyml playground"
NO_VIDEO = "MP4 needs PyAV: python -m pip install 'tinyml-playground[video]'"
_BYTES_PER_PIXEL = {".gif": 0.11, ".webp": 0.05, ".apng": 0.16, ".mp4": 0.02}


@dataclass(frozen=True, slots=True)
class Motion:
    """How an animation plays: its number of frames and seconds in all, without the end's rest."""

    n_frames: int
    seconds: float

    def __post_init__(self) -> None:
        if not 2 <= self.n_frames <= MAX_FRAMES:
            raise ValueError(f"an animation has 2 to {MAX_FRAMES} frames, got {self.n_frames}")
        if not 0.1 <= self.seconds <= 600:
            raise ValueError(f"an animation lasts 0.1 to 600 seconds, got {self.seconds:g}")

    @property
    def frame_ms(self) -> int:
        """How long one frame is shown; GIF knows steps of 10 ms and at least 20."""
        return max(20, round(100 * self.seconds / self.n_frames) * 10)


def frame_epochs(epochs: int, n_frames: int) -> list[int]:
    """Return the epochs of `n_frames` frames from 0 to `epochs`, each at most once."""
    if epochs < 1:
        return [0]
    return sorted({round(epochs * k / max(1, n_frames - 1)) for k in range(n_frames)})


def check_size(width: int, height: int, n_frames: int) -> None:
    """Raise ValueError if that many frames of that size are too much, or one is too small."""
    if min(width, height) < MIN_SIDE:
        raise ValueError(f"an animation needs at least {MIN_SIDE} pixels on each side")
    if width * height * n_frames > MAX_MOVING_PIXELS:
        raise ValueError(
            f"{n_frames} frames of {width} × {height} pixels are too much: at most "
            f"{MAX_MOVING_PIXELS // 10**6} million pixels together"
        )


def require_encoder(ending: str) -> None:
    """Raise ModuleNotFoundError, which says how to get it, if an encoder is not installed."""
    if ending == ".mp4" and find_spec("av") is None:
        raise ModuleNotFoundError(NO_VIDEO)


def estimated_bytes(ending: str, width: int, height: int, n_frames: int) -> int:
    """Return about how large a file will be: from runs of the usual kind."""
    return round(_BYTES_PER_PIXEL[ending] * width * height * n_frames) + 2000


class Encoder:
    """Makes a moving file of frames that come one after the other.

    Parameters
    ----------
    ending : one of ENDINGS.
    motion : how many frames there will be, and how they play.

    Raises
    ------
    ModuleNotFoundError
        For MP4 without PyAV; the message says how to get it.
    """

    def __init__(self, ending: str, motion: Motion) -> None:
        require_encoder(ending)
        self._ending, self._motion = ending, motion
        self._gif = GifFrames(motion.n_frames)
        self._frames: list[Pixels] = []

    def add(self, frame: Pixels) -> None:
        """Take the next frame; all are of one size."""
        if self._ending == ".gif":
            self._gif.add(frame)
        else:
            self._frames.append(frame)

    def content(
        self, experiment: bytes | None, progress: Callable[[int], None] = lambda done: None
    ) -> bytes:
        """Return the file's content, once all frames are there.

        Parameters
        ----------
        experiment : what the file carries, see `metadata`; MP4 carries none.
        progress : called with the number of frames that are prepared.
        """
        if self._ending == ".gif":
            comment = b"" if experiment is None else marked(experiment).encode("ascii")
            return self._gif.content(self._durations(len(self._gif)), comment, progress)
        if self._ending == ".mp4":
            return _mp4(self._frames, self._motion, progress)
        images = []
        for k, frame in enumerate(self._frames):
            images.append(Image.fromarray(frame))
            progress(k + 1)
        file = io.BytesIO()
        more: dict[str, Any] = {
            "save_all": True,
            "append_images": images[1:],
            "duration": self._durations(len(images)),
        }
        if self._ending == ".apng":
            images[0].save(file, "PNG", loop=0, compress_level=6, **more)
            return png_with(file.getvalue(), experiment, {"Software": CREATOR})
        packet = xmp_packet("", CREATOR, experiment)
        images[0].save(file, "WEBP", loop=0, quality=82, method=1, xmp=packet, **more)
        return file.getvalue()

    def _durations(self, n_frames: int) -> list[int]:
        return [self._motion.frame_ms] * (n_frames - 1) + [round(1000 * LAST_FRAME_S)]


def encode(
    frames: Iterable[Pixels], ending: str, motion: Motion, experiment: bytes | None = None
) -> bytes:
    """Return the file's content for frames that are all there; see `Encoder`."""
    encoder = Encoder(ending, motion)
    for frame in frames:
        encoder.add(frame)
    return encoder.content(experiment)


def _mp4(frames: Sequence[Pixels], motion: Motion, progress: Callable[[int], None]) -> bytes:
    av: Any = import_module("av")
    height, width = frames[0].shape[0] // 2 * 2, frames[0].shape[1] // 2 * 2
    rate = Fraction(1000, motion.frame_ms)
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": "18", "preset": "medium"}
        rest = round(1000 * LAST_FRAME_S / motion.frame_ms)
        for k, frame in enumerate(_with_rest(frames, rest)):
            picture = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(frame[:height, :width]), format="rgb24"
            )
            for packet in stream.encode(picture):
                container.mux(packet)
            progress(min(k + 1, len(frames)))
        for packet in stream.encode():
            container.mux(packet)
    return file.getvalue()


def _with_rest(frames: Sequence[Pixels], rest: int) -> Iterable[Pixels]:
    yield from frames
    yield from [frames[-1]] * rest
