"""Frames to one moving file: GIF, WebP, APNG, and MP4 where PyAV is installed.

All frames of a GIF share one palette, made from frames of the whole run, so that colours stay put
and only what moves is stored.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from playground.core.export.metadata import marked, png_with, xmp_packet

ENDINGS = (".gif", ".webp", ".apng", ".mp4")
MAX_FRAMES = 1000
MAX_MOVING_PIXELS = 600_000_000
"""Pixels at most of all frames together."""
GIF_COLOURS = 128
LAST_FRAME_S = 1.5
"""How long the end stands before the animation begins anew."""
CREATOR = "tinyml playground"
NO_VIDEO = "MP4 needs PyAV: python -m pip install 'tinyml-playground[video]'"
_PALETTE_FRAMES = 6
_LEVELS = 32
_BYTES_PER_PIXEL = {".gif": 0.11, ".webp": 0.05, ".apng": 0.16, ".mp4": 0.02}

Pixels = NDArray[np.uint8]
"""(height, width, 3) red, green, blue."""


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
    """Raise ValueError if that many frames of that size are too much."""
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


def encode(
    frames: Sequence[Pixels],
    ending: str,
    motion: Motion,
    experiment: bytes | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> bytes:
    """Return the file's content.

    Parameters
    ----------
    frames : all of one size.
    ending : one of ENDINGS.
    experiment : what the file carries, see `metadata`; MP4 carries none.
    progress : called with the number of frames that are prepared.

    Raises
    ------
    ModuleNotFoundError
        For MP4 without PyAV; the message says how to get it.
    """
    durations = [motion.frame_ms] * (len(frames) - 1) + [round(1000 * LAST_FRAME_S)]
    if ending == ".gif":
        return _gif(frames, durations, experiment, progress)
    if ending == ".mp4":
        return _mp4(frames, motion, progress)
    images = []
    for k, frame in enumerate(frames):
        images.append(Image.fromarray(frame))
        progress(k + 1)
    file = io.BytesIO()
    more: dict[str, Any] = {"save_all": True, "append_images": images[1:], "duration": durations}
    if ending == ".apng":
        images[0].save(file, "PNG", loop=0, compress_level=6, **more)
        return png_with(file.getvalue(), experiment, {"Software": CREATOR})
    packet = xmp_packet("", CREATOR, experiment)
    images[0].save(file, "WEBP", loop=0, quality=82, method=1, xmp=packet, **more)
    return file.getvalue()


def _gif(
    frames: Sequence[Pixels],
    durations: list[int],
    experiment: bytes | None,
    progress: Callable[[int], None],
) -> bytes:
    cells = [_cells(frame) for frame in frames]
    present = np.zeros(_LEVELS**3, dtype=bool)
    for frame_cells in cells:
        present[frame_cells] = True
    palette, table = _palette(frames, np.flatnonzero(present))
    images = []
    for k, frame_cells in enumerate(cells):
        image = Image.fromarray(table[frame_cells])
        image.putpalette(palette)
        images.append(image)
        progress(k + 1)
    file = io.BytesIO()
    images[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=images[1:],
        duration=durations,
        loop=0,
        optimize=False,
        comment=b"" if experiment is None else marked(experiment).encode("ascii"),
    )
    return file.getvalue()


def _cells(frame: Pixels) -> NDArray[np.uint16]:
    """Return for every pixel which of the 32³ cells of colour it is in."""
    parts = (frame >> 3).astype(np.uint16)
    cells = parts[..., 0] << 10 | parts[..., 1] << 5 | parts[..., 2]
    return cells.astype(np.uint16, copy=False)


def _palette(
    frames: Sequence[Pixels], present: NDArray[np.intp]
) -> tuple[bytes, NDArray[np.uint8]]:
    """Return the colours (RGB, RGB, …) and, for each cell that is present, which of them it gets.

    A cell is shown in the mean of the pixels that are in it, as near as the palette has it.
    """
    step = max(1, len(frames) // _PALETTE_FRAMES)
    sample = np.concatenate([f.reshape(-1, 3) for f in (*frames[::step], frames[-1])])
    cells = _cells(sample[:, None, :])[:, 0]
    counts = np.bincount(cells, minlength=_LEVELS**3)
    mean = np.stack(
        [np.bincount(cells, sample[:, c], minlength=_LEVELS**3) for c in range(3)], axis=1
    )
    used = np.nonzero(counts)[0]
    grid = np.arange(_LEVELS**3)
    centre = np.stack([grid >> 10, grid >> 5 & 31, grid & 31], axis=1) * 8.0 + 3.5
    centre[used] = mean[used] / counts[used, None]
    # Each used cell once and the frequent ones more often, so that thin lines keep their colour.
    weights = np.maximum(1, np.sqrt(counts[used])).astype(np.int64)
    chosen = np.repeat(centre[used], weights, axis=0).round().astype(np.uint8)
    source = Image.fromarray(chosen[None, :, :])
    reduced = source.quantize(GIF_COLOURS, method=Image.Quantize.MEDIANCUT)
    flat = (reduced.getpalette() or [])[: 3 * GIF_COLOURS]
    colours = np.array(flat, dtype=np.float64).reshape(-1, 3)
    # What covers most of the picture, its grounds, is kept exactly.
    frequent = used[np.argsort(counts[used])[::-1][:8]]
    for cell in frequent:
        nearest = int(((colours - centre[cell]) ** 2).sum(axis=1).argmin())
        colours[nearest] = centre[cell].round()
    table = np.zeros(_LEVELS**3, dtype=np.uint8)
    for start in range(0, len(present), 4096):
        part = present[start : start + 4096]
        distances = ((centre[part][:, None, :] - colours[None, :, :]) ** 2).sum(axis=2)
        table[part] = distances.argmin(axis=1)
    return colours.astype(np.uint8).tobytes(), table


def _mp4(frames: Sequence[Pixels], motion: Motion, progress: Callable[[int], None]) -> bytes:
    require_encoder(".mp4")
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
