"""Detail gives way to smooth frames, and comes back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from playground.core.experiment import DatasetKind, presets
from playground.core.focus import Focus
from playground.core.run import Run
from playground.core.snapshot import OUTPUT_GRID, TILE_GRID, Activity
from playground.ui.canvas.quality import CALM_S, PATIENCE, SLOW_S, Quality
from playground.ui.picture import pixels_of
from playground.ui.sample_marks import class_colours
from playground.ui.theme import LIGHT
from tests.pictures import drawn
from tests.ui.networks import shown_network
from tests.ui.snapshots import make_snapshot, spiral_experiment

SLOW, EASY = 0.030, 0.004


@pytest.fixture
def view(qtbot):
    return shown_network(qtbot)


def run_reduced(view):
    """Have training run with frames so slow that they are drawn with less detail."""
    view.show_activity(Activity.RUNNING)
    for _ in range(PATIENCE):
        view.canvas._note_cost(SLOW)


def test_some_slow_frames_in_a_row_reduce_the_detail():
    quality = Quality()
    for k in range(PATIENCE - 1):
        assert not quality.note(SLOW, 0.03 * k)
    assert not quality.note(EASY, 0.2), "one quick frame and the count begins anew"
    for k in range(PATIENCE - 1):
        assert not quality.note(SLOW, 0.3 + 0.03 * k)
    assert quality.note(SLOW, 0.5)
    assert quality.is_reduced


def test_two_very_slow_frames_are_enough_and_one_is_not():
    quality = Quality()
    assert not quality.note(20 * SLOW_S, 0.0), "however slow: it may be the system's"
    assert quality.note(2 * SLOW_S, 0.1)
    assert quality.is_reduced


def test_two_seconds_of_calm_restore_it():
    quality = Quality()
    for _ in range(PATIENCE):
        quality.note(SLOW, 0.0)
    assert not quality.note(EASY, 1.0)
    assert not quality.note(EASY, 1.0 + 0.9 * CALM_S)
    assert not quality.note(SLOW, 2.9), "the calm begins anew"
    assert not quality.note(EASY, 3.0)
    assert quality.note(EASY, 3.0 + CALM_S)
    assert not quality.is_reduced


def test_a_run_begins_reduced_where_the_last_whole_picture_took_very_long():
    quality = Quality()
    assert not quality.begin(), "nothing is known"
    quality.note_at_rest(2 * SLOW_S)
    assert quality.begin()
    assert quality.is_reduced
    assert not quality.begin(), "nothing changes"
    quality.restore()
    quality.note_at_rest(1.9 * SLOW_S)
    assert not quality.begin()
    quality.note(3 * SLOW_S, 0.0)
    assert quality.begin(), "whether it rested or trained"


def test_the_first_frame_of_a_run_is_reduced_after_a_very_slow_picture_at_rest(view, monkeypatch):
    asked = []
    view.focus_changed.connect(asked.append)
    canvas = view.canvas
    canvas.quality.note_at_rest(2 * SLOW_S)
    view.show_activity(Activity.RUNNING)
    assert asked == [Focus(coarse_tiles=True)]
    view.show_activity(Activity.RUNNING)
    assert len(asked) == 1
    view.show_activity(Activity.PAUSED)
    canvas.quality.note_at_rest(0.0)
    noted = []
    monkeypatch.setattr(canvas, "_note_cost", noted.append)
    canvas.refresh()
    drawn(canvas, 2.0)
    assert not noted, "a picture for a file says nothing of frames"
    canvas.grab()
    assert len(noted) == 1


def test_slow_frames_ask_for_coarser_maps_and_a_pause_for_whole_ones(view):
    asked = []
    view.focus_changed.connect(asked.append)
    run_reduced(view)
    assert asked == [Focus(coarse_tiles=True)]
    view.show_activity(Activity.PAUSED)
    assert asked == [Focus(coarse_tiles=True), Focus(coarse_tiles=False)]


def test_paused_frames_never_reduce_the_detail(view):
    for _ in range(3 * PATIENCE):
        view.canvas._note_cost(SLOW)
    assert not view.canvas.quality.is_reduced


def test_with_less_detail_edges_are_painted_ten_times_a_second_and_all_at_rest(view, monkeypatch):
    monkeypatch.setattr("playground.ui.canvas.edge_layer.REFRESH_S", 1000.0)
    canvas = view.canvas
    run_reduced(view)
    canvas.refresh()
    canvas.grab()
    layer = canvas._edge_layer.pixmap
    assert layer is not None
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=401))
    canvas.grab()
    assert canvas._edge_layer.pixmap is layer, "not older than a tenth of a second"
    view.show_activity(Activity.PAUSED)
    assert canvas._edge_layer.pixmap is None


def test_edges_that_are_due_are_painted_after_the_frame_and_not_in_it(view, qtbot, monkeypatch):
    monkeypatch.setattr("playground.ui.canvas.edge_layer.REFRESH_S", 0.0)
    canvas = view.canvas
    run_reduced(view)
    canvas.refresh()
    canvas.grab()
    canvas._edge_layer.stop()
    before = canvas._edge_layer.pixmap
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=401))
    canvas.grab()
    assert canvas._edge_layer.pixmap is before
    assert canvas._edge_layer.is_painting
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=402))
    canvas.grab()
    assert canvas._edge_layer.pixmap is before, "the next one is not complete"
    qtbot.waitUntil(lambda: canvas._edge_layer.pixmap is not before)
    assert not canvas._edge_layer.is_painting, "the next frame asks again"


def test_edges_are_painted_in_the_turns_that_are_given(view, monkeypatch):
    monkeypatch.setattr("playground.ui.canvas.edge_layer.REFRESH_S", 0.0)
    canvas, asked = view.canvas, []
    view.take_turns(asked.append)
    run_reduced(view)
    for _ in range(2):
        canvas.refresh()
        canvas.grab()
    before, n_turns = canvas._edge_layer.pixmap, 0
    while asked:
        assert canvas._edge_layer.is_painting
        assert canvas._edge_layer.pixmap is before
        assert len(asked) == 1
        asked.pop()()
        n_turns += 1
    assert n_turns == len(canvas.layout_now.gaps)
    assert canvas._edge_layer.pixmap is not before
    canvas.refresh()
    canvas.grab()
    canvas._edge_layer.forget()
    asked.pop()()  # what was left is not painted
    assert canvas._edge_layer.pixmap is None
    assert not asked


def test_frames_are_painted_into_pixmaps_that_are_there(view, qtbot, monkeypatch):
    monkeypatch.setattr("playground.ui.canvas.edge_layer.REFRESH_S", 0.0)
    canvas, layer = view.canvas, view.canvas._edge_layer
    run_reduced(view)
    frames, edges = [], []
    for epoch in range(401, 407):
        view.show_snapshot(make_snapshot(spiral_experiment(), epoch=epoch))
        canvas.grab()
        qtbot.waitUntil(lambda: not layer.is_painting)
        frames.append(canvas._base)
        edges.append(layer.pixmap)
    assert len({id(frame) for frame in frames}) == 1
    assert len({id(picture) for picture in edges}) == 2, "the one that is shown and the next one"
    assert all(a is not b for a, b in pairwise(edges[1:]))
    canvas.resize(canvas.width() + 1, canvas.height())
    canvas.grab()
    assert canvas._base is not frames[0]


def test_a_picture_for_a_file_is_of_one_moment_and_leaves_the_windows_own(view, monkeypatch):
    monkeypatch.setattr("playground.ui.canvas.edge_layer.REFRESH_S", 1000.0)
    canvas = view.canvas
    run_reduced(view)
    canvas.refresh()
    canvas.grab()
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=401))
    canvas.grab()
    edges = canvas._edge_layer.pixmap
    picture = drawn(view)
    assert canvas._edge_layer.pixmap is edges, "older than the snapshot, and no part of the picture"
    with monkeypatch.context() as patch:
        patch.setattr(canvas, "_paint_rest", None)  # nothing is painted again because of it
        canvas.grab()
    view.show_activity(Activity.PAUSED)
    assert picture == drawn(view)
    canvas.repaint_edges()
    assert picture == drawn(view)


def test_a_mark_is_where_it_is_in_the_window_in_a_picture_of_a_magnified_network(view):
    canvas = view.canvas
    canvas.zoom_by(1.5)
    view.show_snapshot(make_snapshot(spiral_experiment(), epoch=401))

    def where_marked(exporting):
        canvas.exporting = exporting
        canvas.graph_mark = None
        bare = pixels_of(canvas.grab().toImage())
        canvas.graph_mark = (1, 2, "z")
        rows, columns = np.nonzero((pixels_of(canvas.grab().toImage()) != bare).any(axis=2))
        return rows.min(), rows.max(), columns.min(), columns.max()

    assert where_marked(True) == where_marked(False)


def test_coarse_maps_have_half_the_side_and_whole_ones_come_back():
    run = Run(spiral_experiment())
    coarse = run.snapshot(focus=Focus(coarse_tiles=True))
    assert coarse.layers[0].maps.shape == (8, TILE_GRID // 2, TILE_GRID // 2)
    assert coarse.output_map.shape == (OUTPUT_GRID, OUTPUT_GRID)
    whole = run.snapshot(maps=False, output=False)
    assert whole.layers[0].maps.shape == (8, TILE_GRID, TILE_GRID)
    assert whole.output_map.shape == (OUTPUT_GRID, OUTPUT_GRID)


def test_a_coarse_map_is_drawn_like_a_whole_one(view):
    snapshot = make_snapshot()
    layers = tuple(replace(one, maps=one.maps[:, ::2, ::2].copy()) for one in snapshot.layers)
    view.show_snapshot(replace(snapshot, layers=layers))
    image = view.canvas._images.get(0, 0)
    assert (image.width(), image.height()) == (TILE_GRID // 2, TILE_GRID // 2)
    assert not view.canvas.grab().isNull()


# several outputs


def test_the_tile_of_a_class_shows_its_probability_beside_its_mark(qtbot, view):
    experiment = presets()[DatasetKind.RINGS]
    run = Run(experiment)
    run.advance(1500)
    snapshot = run.snapshot()
    view.show_experiment(experiment)
    view.show_snapshot(snapshot)
    canvas, layer = view.canvas, len(experiment.network.hidden)
    assert canvas.layout_now.boxes[layer, 0].rect.width() == canvas.layout_now.tile
    picture = canvas.grab().toImage()
    for index, colour in enumerate(class_colours(LIGHT)[: experiment.network.n_outputs]):
        box = canvas.layout_now.boxes[layer, index]
        beside = picture.pixelColor(round(box.rect.right() + 15), round(box.y))
        assert beside == colour
        image = canvas._images.get(layer, index)
        shown = np.array([image.pixelColor(x, y).lightness() for y in range(50) for x in range(50)])
        likely = snapshot.class_maps[index][::3, ::3][::-1].ravel()
        assert shown[likely < 0.1].min() > shown[likely > 0.8].max()
