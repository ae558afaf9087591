"""Frames to a GIF.

All frames share one palette, made from frames of the whole run, so that colours stay put and only
what moves is stored. What can be done with a frame alone is done when it is added.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
"""(height, width, 3) red, green, blue."""

COLOURS = 128
_PALETTE_FRAMES = 6
_LEVELS = 32
_CELLS = _LEVELS**3
_NEAREST_AT_ONCE = 4096


class GifFrames:
    """Frames of one size, each kept as which of 32³ cells of colour its pixels are in."""

    def __init__(self, n_frames: int) -> None:
        self._every = max(1, n_frames // _PALETTE_FRAMES)
        self._frames: list[NDArray[np.uint16]] = []
        self._present = np.zeros(_CELLS, dtype=bool)
        self._counts = np.zeros(_CELLS, dtype=np.intp)
        self._sums = np.zeros((_CELLS, 3))
        self._last: tuple[Pixels, NDArray[np.uint16]] | None = None

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frame: Pixels) -> None:
        """Take one more frame."""
        cells = _cells(frame)
        self._present[cells] = True
        if len(self._frames) % self._every == 0:
            self._count(frame, cells)
        self._last = frame, cells
        self._frames.append(cells)

    def _count(self, frame: Pixels, cells: NDArray[np.uint16]) -> None:
        flat = cells.reshape(-1)
        self._counts += np.bincount(flat, minlength=_CELLS)
        for channel in range(3):
            values = frame[..., channel].reshape(-1)
            self._sums[:, channel] += np.bincount(flat, values, minlength=_CELLS)

    def content(
        self, durations: Sequence[int], comment: bytes, progress: Callable[[int], None]
    ) -> bytes:
        """Return the file's content; no frame may be added afterwards.

        Parameters
        ----------
        durations : how long each frame is shown, in ms.
        progress : called with the number of frames that are prepared.
        """
        if self._last is not None:
            self._count(*self._last)  # the end is part of the palette
        palette, table = self._palette()
        images = []
        for k, cells in enumerate(self._frames):
            image = Image.fromarray(table[cells])
            image.putpalette(palette)
            images.append(image)
            progress(k + 1)
        file = io.BytesIO()
        images[0].save(
            file,
            "GIF",
            save_all=True,
            append_images=images[1:],
            duration=list(durations),
            loop=0,
            optimize=False,
            comment=comment,
        )
        return file.getvalue()

    def _palette(self) -> tuple[bytes, NDArray[np.uint8]]:
        """Return the colours (RGB, RGB, …) and which of them each cell that is present gets.

        A cell is shown in the mean of the pixels that are in it, as near as the palette has it.
        """
        counts, used = self._counts, np.nonzero(self._counts)[0]
        grid = np.arange(_CELLS)
        centre = np.stack([grid >> 10, grid >> 5 & 31, grid & 31], axis=1) * 8.0 + 3.5
        centre[used] = self._sums[used] / counts[used, None]
        # Each used cell once and the frequent ones more often: thin lines keep their colour.
        weights = np.maximum(1, np.sqrt(counts[used])).astype(np.int64)
        chosen = np.repeat(centre[used], weights, axis=0).round().astype(np.uint8)
        source = Image.fromarray(chosen[None, :, :])
        reduced = source.quantize(COLOURS, method=Image.Quantize.MEDIANCUT)
        flat = (reduced.getpalette() or [])[: 3 * COLOURS]
        colours = np.array(flat, dtype=np.float64).reshape(-1, 3)
        # What covers most of the picture, its grounds, is kept exactly.
        frequent = used[np.argsort(counts[used])[::-1][:8]]
        for cell in frequent:
            nearest = int(((colours - centre[cell]) ** 2).sum(axis=1).argmin())
            colours[nearest] = centre[cell].round()
        table = np.zeros(_CELLS, dtype=np.uint8)
        present = np.flatnonzero(self._present)
        for start in range(0, len(present), _NEAREST_AT_ONCE):
            part = present[start : start + _NEAREST_AT_ONCE]
            distances = ((centre[part][:, None, :] - colours[None, :, :]) ** 2).sum(axis=2)
            table[part] = distances.argmin(axis=1)
        return colours.astype(np.uint8).tobytes(), table


def _cells(frame: Pixels) -> NDArray[np.uint16]:
    """Return for every pixel which of the cells of colour it is in."""
    parts = (frame >> 3).astype(np.uint16)
    cells = parts[..., 0] << 10 | parts[..., 1] << 5 | parts[..., 2]
    return cells.astype(np.uint16, copy=False)
