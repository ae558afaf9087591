"""Places the network: a pure function of its shape and of the room there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import floor

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from playground.core.experiment import Feature, NetworkSpec
from playground.ui.canvas.geometry import (
    ARRIVAL_SPREAD,
    CHIP_H,
    CHIP_TOP,
    CROWDED_BELOW,
    HANDLE_APART,
    HANDLE_GAP,
    HANDLE_H,
    HANDLE_W,
    INPUTS,
    INSERT_Y,
    LABEL_ROOM,
    MORE_GAP,
    MORE_H,
    MORE_W,
    NAME_Y,
    OFF_PITCH,
    OFF_TILE,
    OUTPUT_EXTRA,
    PITCH_MAX,
    PITCH_MIN,
    SHORT_BELOW,
    SPACING_MIN,
    STUB_H,
    TILE_GAP,
    TILE_MIN,
    Box,
    Column,
    Folding,
    Gap,
    Layout,
)

INPUT_PITCH_MIN = 24.0
STUB_SLACK = 9.0
"""How far the stubs of a scrolled column may reach into the margins above and below the tiles."""


def lay_out(
    network: NetworkSpec,
    width: float,
    height: float,
    chip_widths: Sequence[float] = (),
    folding: Folding | None = None,
    max_layers: int = 8,
) -> Layout:
    """Place every part of `network` on a canvas of the given size.

    `chip_widths` are the widths of the activation chips, hidden layers first and the output last;
    from `max_layers` hidden layers on there are no discs to insert more.
    """
    folding = folding or Folding()
    firsts = dict(folding.first)
    sizes = network.layer_sizes
    places = {feature: place for place, feature in enumerate(Feature)}
    used = {places[f]: f in network.features for f in network.available_features}
    n_on = len(network.features)
    n_off = len(used) - n_on
    folds = height < SHORT_BELOW and n_off > 0
    folded = n_off if folds and not folding.features_shown else 0

    needed = LABEL_ROOM + 94.0 + SPACING_MIN * len(sizes)
    if width < needed:  # it is drawn smaller then, which gives it more height as well
        width, height = needed, height * needed / max(width, 1.0)
    shown_off = 0 if folded else n_off
    cells = max(n_on + shown_off * OFF_PITCH / PITCH_MAX, *sizes)
    room = max(height - 162.0, min(height - 108.0, cells * PITCH_MIN))
    squeeze = (162.0 - (height - room)) / 54.0
    centre = (height + (79.0 - 13.0 * squeeze) - (83.0 - 41.0 * squeeze)) / 2
    pitch = float(int(min(PITCH_MAX, max(PITCH_MIN, room / cells))))
    right = 72.0 if width < 730 else 68.0
    tile = pitch - TILE_GAP
    spacing = (width - LABEL_ROOM - tile / 2 - right) / len(sizes)
    tile = max(float(TILE_MIN), min(tile, float(int(spacing - 30.0))))
    left = LABEL_ROOM + tile / 2
    spacing = (width - left - right) / len(sizes)

    handle_w = min(HANDLE_W, spacing - HANDLE_APART)
    columns = [_inputs(used, left, centre, pitch, tile, room, folded)]
    for layer, size in enumerate(sizes):
        is_output = layer == len(sizes) - 1
        x = left + spacing * (layer + 1)
        chip_width = chip_widths[layer] if layer < len(chip_widths) else 56.0
        side = tile + OUTPUT_EXTRA if is_output and size == 1 else tile
        count, first = size, 0
        if size * pitch > room + 0.5:
            count = min(size, max(1, int((room + STUB_SLACK - 2 * STUB_H) / pitch)))
            first = min(firsts.get(layer, 0), size - count)
        top = centre - count * pitch / 2
        boxes = tuple(
            Box(layer, first + k, _square(x, top + pitch * (k + 0.5), side)) for k in range(count)
        )
        column = Column(
            layer,
            x,
            boxes,
            above=first,
            below=size - first - count,
            chip=QRectF(round(x - chip_width / 2), CHIP_TOP, round(chip_width), CHIP_H),
        )
        if not is_output:
            handle_top = column.bottom + HANDLE_GAP + (STUB_H - 4 if column.below else 0)
            column = replace(
                column, handle=QRectF(round(x - handle_w / 2), handle_top, handle_w, HANDLE_H)
            )
        columns.append(column)

    inserts = [QPointF(left + spacing * (k + 0.5), INSERT_Y) for k in range(len(sizes))]
    if spacing < CROWDED_BELOW:
        inserts = [QPointF(point.x(), NAME_Y - 11) for point in inserts]
    more = None
    if folds:
        # A short one, "+7", where it would reach below the first handle.
        more_w = min(MORE_W, 2 * (spacing - handle_w / 2 - HANDLE_APART))
        more = QRectF(round(left - more_w / 2), round(columns[0].bottom + MORE_GAP), more_w, MORE_H)
    return Layout(
        width=width,
        height=height,
        pitch=pitch,
        tile=tile,
        spacing=spacing,
        columns=tuple(columns),
        gaps=tuple(_gap(a, b) for a, b in pairwise(columns)),
        inserts=tuple(inserts) if len(sizes) - 1 < max_layers else (),
        more=more,
        folded=folded,
        boxes={(box.layer, box.index): box for column in columns for box in column.boxes},
    )


def _square(x: float, y: float, side: float) -> QRectF:
    return QRectF(floor(x - side / 2 + 0.5), floor(y - side / 2 + 0.5), side, side)


def _inputs(
    used: Mapping[int, bool],
    x: float,
    centre: float,
    pitch: float,
    tile: float,
    room: float,
    folded: int,
) -> Column:
    """Place the features: full tiles for those in use, small ones for the others.

    `used` says of each place in `Feature` that there is whether it is in use.
    """
    off_pitch = OFF_PITCH * pitch / PITCH_MAX
    n_on = sum(used.values())
    n_off = 0 if folded else len(used) - n_on
    least = OFF_TILE + 2.0
    if n_on * pitch + n_off * least > room:
        # Many inputs of a file: all of them are smaller rather than some of them out of sight.
        pitch = max(INPUT_PITCH_MIN, (room - n_off * least) / n_on)
        tile = min(tile, max(INPUT_PITCH_MIN - 4.0, pitch - 8.0))
    if n_off:
        off_pitch = max(min(least, pitch), min(off_pitch, (room - n_on * pitch) / n_off))
    heights = {place: pitch if on else off_pitch for place, on in used.items()}
    shown = [place for place, on in used.items() if on or not folded]
    y = centre - sum(heights[place] for place in shown) / 2
    boxes = []
    for place in shown:
        side = tile if used[place] else min(float(OFF_TILE), tile)
        boxes.append(Box(INPUTS, place, _square(x, y + heights[place] / 2, side), used[place]))
        y += heights[place]
    return Column(INPUTS, x, tuple(boxes))


def _gap(before: Column, after: Column) -> Gap:
    """Spread the arrivals of every tile over ARRIVAL_SPREAD pixels in the order of sources."""
    boxes = [box for box in before.boxes if box.on]
    if before.layer == INPUTS:
        sources = tuple(range(len(boxes)))
    else:
        sources = tuple(box.index for box in boxes)
    share = (np.arange(len(boxes)) + 0.5) / len(boxes) - 0.5
    centres = np.array([box.y for box in after.boxes])
    return Gap(
        layer=after.layer,
        x0=boxes[0].departure_x,
        x1=after.boxes[0].arrival_x,
        sources=sources,
        targets=tuple(box.index for box in after.boxes),
        source_y=np.array([box.y for box in boxes]),
        arrival_y=centres[:, None] + ARRIVAL_SPREAD * share[None, :],
    )


def blend(old: Layout, new: Layout, share: float, origins: Sequence[int]) -> Layout:
    """Return a layout on the way from `old` to `new`, for easing.

    `origins[k]` is the layer of `old` that layer k of `new` was, −1 for a new one, which is at its
    place at once.
    """
    columns = []
    for column in new.columns:
        layer = INPUTS if column.layer == INPUTS else origins[column.layer]
        if layer < 0 and column.layer != INPUTS:
            columns.append(column)
            continue
        before = old.column(layer)
        boxes = tuple(
            replace(box, rect=_between(old.boxes[layer, box.index].rect, box.rect, share))
            if (layer, box.index) in old.boxes
            else box
            for box in column.boxes
        )
        chip, handle = column.chip, column.handle
        if chip is not None and before.chip is not None:
            chip = _between(before.chip, chip, share)
        if handle is not None and before.handle is not None:
            handle = _between(before.handle, handle, share)
        x = before.x + (column.x - before.x) * share
        columns.append(replace(column, x=x, boxes=boxes, chip=chip, handle=handle))
    inserts = [
        QPointF((a.x + b.x) / 2, point.y())
        for (a, b), point in zip(pairwise(columns), new.inserts, strict=False)
    ]
    return replace(
        new,
        columns=tuple(columns),
        inserts=tuple(inserts),
        gaps=tuple(_gap(a, b) for a, b in pairwise(columns)),
        boxes={(box.layer, box.index): box for column in columns for box in column.boxes},
    )


def _between(a: QRectF, b: QRectF, share: float) -> QRectF:
    return QRectF(
        a.x() + (b.x() - a.x()) * share,
        a.y() + (b.y() - a.y()) * share,
        a.width() + (b.width() - a.width()) * share,
        a.height() + (b.height() - a.height()) * share,
    )
