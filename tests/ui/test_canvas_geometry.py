"""Where things are on the canvas, and what is found under a point."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPointF

from playground.core.experiment import Feature, LayerSpec, NetworkSpec
from playground.ui.canvas.geometry import (
    ARRIVAL_SPREAD,
    INPUTS,
    OUTPUT_EXTRA,
    SPACING_MIN,
    TILE_MIN,
    Folding,
    Layout,
)
from playground.ui.canvas.hit import (
    Part,
    Target,
    edge_at,
    insert_hint,
    point_on_edge,
    remove_centre,
    target_at,
)
from playground.ui.canvas.layout import blend, lay_out

FOUR = (Feature.X1, Feature.X2, Feature.SIN_X1, Feature.SIN_X2)


def network(*sizes: int, features: tuple[Feature, ...] = FOUR) -> NetworkSpec:
    return NetworkSpec(features=features, hidden=tuple(LayerSpec(size) for size in sizes))


def place(*sizes: int, width: float = 784, height: float = 690, **options) -> Layout:
    return lay_out(network(*sizes), width, height, **options)


def middle(layout: Layout, layer: int, index: int) -> QPointF:
    return layout.boxes[layer, index].rect.center()


def test_the_main_mock_up_is_met_to_the_pixel():
    layout = place(8, 6, 4)
    assert [column.x for column in layout.columns] == [97, 251.75, 406.5, 561.25, 716]
    assert layout.pitch == 65
    assert layout.tile == 46
    assert layout.boxes[3, 0].rect.width() == 54
    # the canvas of the mock-up begins 134 px below the window's top
    assert layout.boxes[0, 0].rect.top() + 134 == pytest.approx(226.75, abs=1)
    assert layout.boxes[INPUTS, 2].rect.width() == 30
    # cos x₁ and cos x₂ came after the mock-up: half of their two places moves the others up
    assert layout.boxes[INPUTS, 2].y + 134 == pytest.approx(434.5 - 41.5, abs=1)
    assert [round(point.x(), 1) for point in layout.inserts] == [174.4, 329.1, 483.9, 638.6]
    assert layout.column(0).handle.size().toTuple() == (78, 26)


@pytest.mark.parametrize("height", [420, 496, 556, 690, 736, 1100])
@pytest.mark.parametrize("size", [1, 2, 4, 6, 8, 12, 20, 32])
def test_the_pitch_is_what_is_available_per_tile_between_47_and_65(height, size):
    layout = place(size, height=height)
    assert 47 <= layout.pitch <= 65
    assert layout.tile == layout.pitch - 19
    column = layout.column(0)
    assert column.above + len(column.boxes) + column.below == size
    if column.below:
        assert layout.pitch == 47


@pytest.mark.parametrize("width", [520, 680, 784, 1200])
@pytest.mark.parametrize("height", [420, 496, 556, 690, 1100])
@pytest.mark.parametrize(
    "sizes", [(), (1,), (4, 2), (8, 8, 8), (32, 1, 32), (8,) * 8, (32,) * 8, (64,) * 15]
)
def test_no_tile_overlaps_another_or_a_head_or_a_handle(width, height, sizes):
    layout = lay_out(network(*sizes), width, height)
    rings = [box.rect.adjusted(-5.3, -5.3, 5.3, 5.3) for box in layout.boxes.values()]
    features = [box.layer == INPUTS for box in layout.boxes.values()]
    for (a, plain_a), (b, plain_b) in combinations(zip(rings, features, strict=True), 2):
        inner_a = a.adjusted(5.3, 5.3, -5.3, -5.3) if plain_a else a
        inner_b = b.adjusted(5.3, 5.3, -5.3, -5.3) if plain_b else b
        assert not inner_a.intersects(inner_b)
    for column in layout.columns:
        if column.handle is not None:
            assert not any(column.handle.intersects(box.rect) for box in layout.boxes.values())
            assert column.handle.bottom() + 7 <= layout.height
        assert column.top >= 58
    assert len(layout.gaps) == len(sizes) + 1
    assert layout.height / height == pytest.approx(layout.width / width)  # it is drawn smaller


@pytest.mark.parametrize("n_layers", [9, 12, 15])
def test_a_network_too_wide_for_the_canvas_is_laid_out_wider(n_layers):
    layout = place(*[4] * n_layers, width=520)
    assert layout.width > 520
    assert layout.spacing >= SPACING_MIN - 1
    assert layout.tile >= TILE_MIN


def test_the_output_tile_is_larger():
    layout = place(4)
    assert layout.boxes[1, 0].rect.width() == layout.tile + OUTPUT_EXTRA


def test_arrivals_are_spread_in_the_order_of_their_sources():
    gap = place(8, 6, 4).gaps[1]
    steps = np.diff(gap.arrival_y, axis=1)
    assert np.allclose(steps, ARRIVAL_SPREAD / 8)
    assert np.allclose(
        gap.arrival_y.mean(axis=1), [middle(place(8, 6, 4), 1, k).y() for k in range(6)]
    )


def test_features_that_are_off_have_no_edges():
    gap = place(3).gaps[0]
    assert gap.sources == (0, 1, 2, 3)
    layout = place(3)
    used = [layout.boxes[INPUTS, tuple(Feature).index(feature)].y for feature in FOUR]
    assert gap.source_y.tolist() == used


def test_features_that_are_off_fold_away_when_the_canvas_is_short():
    short = place(4, 2, height=510)
    assert short.folded == 5
    assert short.more is not None
    assert len(short.column(INPUTS).boxes) == 4
    shown = place(4, 2, height=510, folding=Folding(features_shown=True))
    assert shown.folded == 0
    assert len(shown.column(INPUTS).boxes) == 9
    assert place(4, 2).more is None


def test_a_scrolled_column_says_how_many_tiles_are_above_and_below():
    column = place(32, folding=Folding().scrolled(0, 5)).column(0)
    assert column.above == 5
    assert column.boxes[0].index == 5
    assert column.above + len(column.boxes) + column.below == 32
    end = place(32, folding=Folding().scrolled(0, 99)).column(0)
    assert end.below == 0
    assert end.boxes[-1].index == 31


def test_there_is_no_place_for_a_ninth_layer_by_hand():
    assert len(place(*[2] * 7).inserts) == 8
    assert place(*[2] * 8).inserts == ()


def test_every_tile_is_found_at_its_centre():
    layout = place(8, 6, 4)
    for (layer, index), box in layout.boxes.items():
        assert target_at(layout, box.rect.center()) == Target(Part.TILE, layer, index)


def test_every_bias_disc_is_found_within_twelve_pixels():
    layout = place(8, 6, 4)
    for (layer, index), box in layout.boxes.items():
        if layer != INPUTS:
            for shift in (QPointF(0, 0), QPointF(-8, 0), QPointF(0, 8)):
                found = target_at(layout, box.bias_centre + shift)
                assert found == Target(Part.BIAS, layer, index)


def test_the_furniture_of_a_column_is_found():
    layout = place(8, 6, 4)
    column = layout.column(1)
    handle = column.handle
    assert target_at(layout, column.chip.center()) == Target(Part.CHIP, 1)
    assert target_at(layout, remove_centre(column, False)) == Target(Part.REMOVE, 1)
    assert target_at(layout, QPointF(handle.left() + 12, handle.center().y())).part is Part.MINUS
    assert target_at(layout, QPointF(handle.right() - 12, handle.center().y())).part is Part.PLUS
    assert target_at(layout, handle.center()) == Target(Part.GRIP, 1)
    assert target_at(layout, QPointF(column.x, handle.bottom() + 6)) == Target(Part.GRIP, 1)
    for index, centre in enumerate(layout.inserts):
        assert target_at(layout, centre + QPointF(10, 9)) == Target(Part.INSERT, index)
    assert target_at(layout, layout.column(3).chip.center()) == Target(Part.CHIP, 3)
    assert target_at(layout, QPointF(400, 680)).part is Part.PAPER


def test_inputs_and_output_cannot_be_removed():
    layout = place(4)
    for layer in (INPUTS, 1):
        found = target_at(layout, remove_centre(layout.column(layer), False))
        assert found.part is not Part.REMOVE


@pytest.mark.parametrize("curved", [True, False])
def test_every_edge_is_found_along_its_way(curved):
    layout = place(3, 2)
    for gap in layout.gaps:
        for row, target in enumerate(gap.targets):
            for column, source in enumerate(gap.sources):
                for share in (0.02, 0.98):
                    x = gap.x0 + (gap.x1 - gap.x0) * share
                    point = point_on_edge(gap, target, source, x, curved)
                    found = edge_at(layout, point, curved)
                    assert found.layer == gap.layer
                point = QPointF(gap.x1, gap.arrival_y[row, column])
                assert edge_at(layout, point, curved) == Target(
                    Part.EDGE, gap.layer, target, source
                )


def test_an_edge_is_found_within_five_pixels_and_not_beyond():
    layout = lay_out(network(1, features=(Feature.X1,)), 784, 690)
    gap = layout.gaps[0]
    on = point_on_edge(gap, 0, 0, (gap.x0 + gap.x1) / 2)
    assert edge_at(layout, on + QPointF(0, 4)) is not None
    assert edge_at(layout, on + QPointF(0, 9)) is None


def test_the_hint_of_a_new_layer_stands_under_its_disc():
    layout = place(8, 6, 4)
    x, top, bottom = insert_hint(layout, 2)
    assert x == layout.inserts[2].x()
    assert top < layout.boxes[0, 0].rect.top()
    assert bottom > layout.boxes[0, 7].rect.bottom()


def test_a_blend_begins_at_the_old_layout_and_ends_at_the_new_one():
    old, new = place(4, 2), place(6, 2)
    start, end = blend(old, new, 0.0, [0, 1, 2]), blend(old, new, 1.0, [0, 1, 2])
    for key, box in old.boxes.items():
        assert start.boxes[key].rect == box.rect
    assert start.boxes[0, 5].rect == new.boxes[0, 5].rect, "a new tile is at its place at once"
    for key, box in new.boxes.items():
        assert end.boxes[key].rect == box.rect


def test_a_blend_moves_the_layers_after_an_inserted_one():
    old, new = place(4, 2), place(4, 4, 2)
    start = blend(old, new, 0.0, [0, -1, 1, 2])
    assert start.column(2).x == old.column(1).x
    assert start.column(1).x == new.column(1).x
