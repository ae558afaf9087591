"""What the canvas makes of a snapshot: numbers arranged, looks derived, pixels painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize
from PySide6.QtGui import QImage, QPainter

from playground.core.experiment import (
    Activation,
    Experiment,
    Feature,
    LayerSpec,
    NetworkSpec,
    available_features,
)
from playground.core.snapshot import Activity, Divergence
from playground.ui.canvas.edges import edge_colour, edge_width, shown_matrix
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import Part, Target
from playground.ui.canvas.marks import ring_path
from playground.ui.canvas.network_view import NetworkView
from playground.ui.canvas.tiles import ring_share
from playground.ui.canvas.values import (
    EdgeMode,
    arrange,
    matched_layers,
    scaled_features,
    scaled_maps,
)
from playground.ui.controls.base import empty_pixmap
from playground.ui.fonts import load_fonts
from playground.ui.labels import (
    duration,
    legend_figure,
    neuron_name,
    number,
    signed,
    significant,
)
from playground.ui.theme import DARK, LIGHT, THEMES, Theme, field_colours
from tests.ui.snapshots import make_snapshot, spiral_experiment


@pytest.fixture
def view(qtbot):
    load_fonts()
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(784, 740)
    view.show_experiment(spiral_experiment())
    with qtbot.waitExposed(view):
        view.show()
    return view


def paint(view: NetworkView, scale: int = 1) -> QImage:
    size = view.canvas.size()
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    view.canvas.render(painter, QPoint(0, 0))
    painter.end()
    return image


def pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1).copy()


def other(network: NetworkSpec, **changes) -> NetworkSpec:
    return replace(network, **changes)


# arranged numbers


def test_a_snapshot_of_the_same_network_is_shown_as_it_is():
    snapshot = make_snapshot()
    values = arrange(snapshot.experiment.network, snapshot)
    assert values.exact
    for layer, data in zip(values.layers, snapshot.layers, strict=True):
        assert np.array_equal(layer.matrix(EdgeMode.WEIGHT), data.weights)
        assert np.array_equal(layer.matrix(EdgeMode.GRADIENT), data.weight_gradients)
        assert np.array_equal(layer.matrix(EdgeMode.UPDATE), data.weight_updates)
    rings = np.concatenate([data.neuron_gradients for data in snapshot.layers])
    assert values.largest_gradient == rings.max()


def test_the_reference_is_the_98_5th_percentile_of_the_network():
    snapshot = make_snapshot()
    values = arrange(snapshot.experiment.network, snapshot)
    every = np.concatenate([np.abs(data.weights).ravel() for data in snapshot.layers])
    assert values.reference(EdgeMode.WEIGHT) == pytest.approx(np.percentile(every, 98.5))


def test_a_new_neuron_is_unknown_and_the_others_stay():
    snapshot = make_snapshot()
    network = snapshot.experiment.network
    wider = other(network, hidden=(LayerSpec(9), *network.hidden[1:]))
    values = arrange(wider, snapshot)
    assert not values.exact
    assert np.isnan(values.layers[0].matrix(EdgeMode.WEIGHT)[8]).all()
    assert np.array_equal(
        values.layers[1].matrix(EdgeMode.WEIGHT)[:, :8], snapshot.layers[1].weights
    )


def test_an_inserted_layer_shifts_the_ones_after_it():
    snapshot = make_snapshot()
    network = snapshot.experiment.network
    first, *rest = network.hidden
    values = arrange(other(network, hidden=(first, LayerSpec(5), *rest)), snapshot)
    assert values.layers[1].snapshot is None
    assert values.layers[3].snapshot is snapshot.layers[2]
    assert np.isnan(values.layers[2].matrix(EdgeMode.WEIGHT)).all(), "its sources are new"
    assert np.array_equal(values.layers[3].matrix(EdgeMode.WEIGHT), snapshot.layers[2].weights)


@pytest.mark.parametrize(
    ("old", "new", "origins"),
    [
        ((4, 2), (4, 2), [0, 1, 2]),
        ((4, 2), (5, 2), [0, 1, 2]),
        ((4, 2), (4, 3, 2), [0, -1, 1, 2]),
        ((4, 3, 2), (4, 2), [0, 2, 3]),
        ((4,), (), [1]),
        ((), (4,), [-1, 0]),
    ],
)
def test_layers_keep_their_identity_when_others_come_and_go(old, new, origins):
    def network(sizes):
        return NetworkSpec(hidden=tuple(LayerSpec(size) for size in sizes))

    assert matched_layers(network(old), network(new)) == origins


def test_a_feature_switched_on_is_unknown_and_the_others_keep_their_weights():
    snapshot = make_snapshot()
    network = snapshot.experiment.network
    more = other(
        network,
        features=(Feature.X1, Feature.X2, Feature.X1_X2, Feature.SIN_X1, Feature.SIN_X2),
    )
    shown = arrange(more, snapshot).layers[0].matrix(EdgeMode.WEIGHT)
    assert np.isnan(shown[:, 2]).all()
    assert np.array_equal(shown[:, [0, 1, 3, 4]], snapshot.layers[0].weights)


def sizes_of(maps):
    return np.percentile(np.abs(maps).reshape(len(maps), -1), 95, axis=1)


def test_bounded_layers_keep_their_scale_and_others_are_scaled_as_one():
    snapshot = make_snapshot()
    network = snapshot.experiment.network
    maps = dict(scaled_maps(arrange(network, snapshot), network))
    assert np.array_equal(maps[0], snapshot.layers[0].maps)
    assert network.activations[1] is Activation.RELU
    ratio = maps[1] / np.where(snapshot.layers[1].maps == 0, np.nan, snapshot.layers[1].maps)
    assert np.nanmin(ratio) == pytest.approx(np.nanmax(ratio)), "one scale for the layer"
    assert 0.5 < np.median(sizes_of(maps[1])) < 2
    features = scaled_features(snapshot.feature_maps[:9])
    assert sizes_of(features) == pytest.approx(np.ones(9), rel=0.1)


def test_one_neuron_that_dominates_a_relu_layer_leaves_the_others_their_colours():
    snapshot = make_snapshot()
    layer = snapshot.layers[1]
    maps = layer.maps.copy()
    live = np.flatnonzero(sizes_of(maps) > 0)
    maps[live] /= sizes_of(maps)[live][:, None, None]
    maps[live[0]] *= 100
    layers = (snapshot.layers[0], replace(layer, maps=maps), *snapshot.layers[2:])
    network = snapshot.experiment.network
    shown = dict(scaled_maps(arrange(network, replace(snapshot, layers=layers)), network))[1]
    assert (sizes_of(shown)[live] > 0.8).all()


def test_without_a_snapshot_nothing_is_known():
    values = arrange(Experiment().network, None)
    assert values.reference(EdgeMode.WEIGHT) == 0
    assert all(layer.n_known == 0 for layer in values.layers)


# looks


def test_the_width_of_an_edge_grows_to_its_limit():
    assert edge_width(0) == 0.7
    assert edge_width(1) == pytest.approx(6.3)
    assert edge_width(5) == 7.1


@pytest.mark.parametrize("theme", THEMES.values())
def test_the_colour_of_an_edge_goes_from_quiet_to_its_sign(theme: Theme):
    assert edge_colour(theme, 0, negative=True) == theme.quiet
    assert edge_colour(theme, 1, negative=True) == theme.neg
    assert edge_colour(theme, 3, negative=False) == theme.pos


def test_a_ring_is_full_at_the_largest_gradient():
    assert ring_share(0.2, 0.2, logarithmic=False) == 1
    assert ring_share(0.05, 0.2, logarithmic=False) == 0.25
    assert ring_share(0.2e-2, 0.2, logarithmic=True) == pytest.approx(0.5)
    assert ring_share(0.0, 0.2, logarithmic=True) == 0
    assert ring_share(float("nan"), 0.2, logarithmic=False) == 0


def test_a_ring_begins_at_the_top_and_runs_clockwise(view):
    tile = view.canvas.layout_now.boxes[0, 0].rect
    ring = ring_path(tile)
    start, quarter = ring.pointAtPercent(0), ring.pointAtPercent(0.25)
    assert start == QPointF(tile.center().x(), tile.top() - 4)
    assert quarter.x() == pytest.approx(tile.right() + 4, abs=0.2)


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.4614, "−2.461"), (0.0, "+0.000"), (2e-7, "+2.0×10⁻⁷"), (-31000.0, "−3.1×10⁴")],
)
def test_weights_have_three_decimals_and_a_true_minus(value, text):
    assert signed(value) == text


def test_small_quantities_show_two_digits():
    assert significant(0.0047) == "+0.0047"
    assert significant(-0.00014) == "−0.00014"
    assert significant(0.0) == "0"
    assert number(float("nan")) == "NaN"
    assert legend_figure(2.34) == "2.3"
    assert legend_figure(0.151) == "0.15"


def test_names_are_those_of_the_window():
    assert neuron_name(1, 2, 3) == "Hidden 2 · 3"
    assert neuron_name(3, 0, 3) == "Output"
    assert neuron_name(INPUTS, 5, 3) == "sin x₁"


# pixels


def test_a_tile_shows_its_map(view):
    snapshot = make_snapshot()
    layers = list(snapshot.layers)
    maps = np.full_like(layers[0].maps, -1.0)
    layers[0] = replace(layers[0], maps=maps)
    view.show_snapshot(replace(snapshot, layers=tuple(layers)))
    centre = view.canvas.layout_now.boxes[0, 1].rect.center().toPoint()
    expected = int(field_colours(np.array([-1.0]), LIGHT)[0])
    assert paint(view).pixel(centre) == expected


def test_the_lower_row_of_a_map_is_drawn_at_the_foot_of_the_tile(view):
    view.show_snapshot(make_snapshot())
    tile = view.canvas.layout_now.boxes[INPUTS, 1].rect
    image = paint(view)
    foot = image.pixelColor(QPoint(round(tile.center().x()), round(tile.bottom()) - 4))
    assert foot.red() > foot.blue(), "x₂ is negative there"


def test_the_paper_is_the_themes(view):
    view.show_snapshot(make_snapshot())
    for theme in (DARK, LIGHT):
        view.apply_theme(theme)
        assert paint(view).pixelColor(2, 2) == theme.paper


def test_the_same_state_is_painted_with_the_same_bytes(view):
    view.show_snapshot(make_snapshot())
    first = pixels(paint(view))
    view.apply_theme(DARK)
    view.apply_theme(LIGHT)
    assert np.array_equal(first, pixels(paint(view)))


def test_a_kept_picture_is_paper_before_it_is_painted(view):
    # At a broken ratio the ground covers its last row only in part.
    size = view.canvas.size() * 1.37
    kept = empty_pixmap(size, 1.37, LIGHT.ink1)
    pixmap = empty_pixmap(size, 1.37, LIGHT.paper, kept)
    assert pixmap is kept
    assert np.unique(pixels(pixmap.toImage())).tolist() == [LIGHT.paper.rgb()]
    assert empty_pixmap(size + QSize(0, 1), 1.37, LIGHT.paper, kept) is not kept


def test_a_picture_at_twice_the_scale_is_painted_not_enlarged(view):
    view.show_snapshot(make_snapshot())
    once, twice = pixels(paint(view)), pixels(paint(view, 2))
    assert twice.shape == (2 * once.shape[0], 2 * once.shape[1])
    assert not np.array_equal(np.repeat(np.repeat(once, 2, 0), 2, 1), twice)


def test_hover_is_painted_over_and_leaves_no_trace(view):
    view.show_snapshot(make_snapshot())
    before = pixels(paint(view))
    view.canvas.set_hovered(Target(Part.EDGE, 1, 2, 3))
    view.canvas.show_card(view.canvas.hovered, QPointF(330, 300))
    assert not np.array_equal(before, pixels(paint(view)))
    view.clear_hover()
    assert np.array_equal(before, pixels(paint(view)))


def test_a_selected_neuron_dims_the_other_edges(view):
    view.show_snapshot(make_snapshot())
    canvas = view.canvas
    gap = canvas.layout_now.gaps[0]
    strongest = int(np.nanargmax(np.abs(shown_matrix(gap, canvas.values, EdgeMode.WEIGHT))))
    row, column = np.unravel_index(strongest, gap.arrival_y.shape)
    spot = QPoint(round(gap.x1) - 2, round(float(gap.arrival_y[row, column])))
    before = paint(view).pixelColor(spot)
    canvas.select((2, 1))
    after = paint(view).pixelColor(spot)

    def distance(colour):
        return abs(colour.red() - 255) + abs(colour.green() - 255) + abs(colour.blue() - 255)

    assert distance(after) < 0.5 * distance(before)


@pytest.mark.parametrize("options", ["set_log_rings", "set_sign_marks"])
def test_the_view_menus_options_change_the_picture(view, options):
    view.show_snapshot(make_snapshot())
    before = pixels(paint(view))
    getattr(view, options)(True)
    assert not np.array_equal(before, pixels(paint(view)))
    getattr(view, options)(False)
    assert np.array_equal(before, pixels(paint(view)))


def test_a_neuron_that_is_no_number_any_more_is_painted_in_danger_colours(view):
    snapshot = make_snapshot()
    layers = list(snapshot.layers)
    biases = layers[2].biases.copy()
    biases[1] = np.nan
    layers[2] = replace(layers[2], biases=biases)
    view.show_snapshot(replace(snapshot, layers=tuple(layers)))
    tile = view.canvas.layout_now.boxes[2, 1].rect
    corner = QPoint(round(tile.left()) + 6, round(tile.top()) + 6)
    assert paint(view).pixelColor(corner) == LIGHT.danger_soft


def test_a_network_of_very_many_edges_is_drawn_with_lines(view):
    network = NetworkSpec(features=available_features(2), hidden=(LayerSpec(8),) * 8)
    experiment = replace(spiral_experiment(), network=network)
    view.show_experiment(experiment)
    view.show_activity(Activity.RUNNING)
    view.show_snapshot(make_snapshot(experiment))
    assert not view.canvas.is_curved
    first = pixels(paint(view))
    view.canvas.select((3, 3))
    assert not np.array_equal(first, pixels(paint(view)))


def test_a_divergence_is_said_over_the_foot_and_offers_a_slower_rerun(view, qtbot):
    asked = []
    view.rerun_requested.connect(asked.append)
    message = "Training diverged in epoch 12, in hidden layer 2. Lower the learning rate."
    view.show_snapshot(replace(make_snapshot(), divergence=Divergence(12, 1, message)))
    assert view.banner.isVisibleTo(view)
    assert view.banner.text == message
    view.banner.slower.click()
    assert asked[0].training.learning_rate == pytest.approx(0.0003)
    view.show_snapshot(make_snapshot())
    assert not view.banner.isVisibleTo(view)


def test_the_banner_says_the_newest_of_divergences_that_follow_each_other(view):
    view.rerun_requested.connect(lambda experiment: None)
    banner, snapshot = view.banner, make_snapshot()
    for divergence in (
        Divergence(12, 1, "Training diverged in epoch 12. Rate 3 is too high.", 9),
        Divergence(3, 1, "Training diverged in epoch 3. Rate 0.3 is too high.", 2),
        Divergence(3, 1, "Training diverged in epoch 3. Rate 0.3 is too high.", None),
        Divergence(500, 0, "Training diverged in epoch 500. " + 9 * "Widely. ", 480),
    ):
        view.show_snapshot(replace(snapshot, divergence=divergence))
        assert banner.text == divergence.message.strip()
        assert banner.accessibleName() == divergence.message
        assert banner.back.isVisibleTo(view) is (divergence.good_epoch is not None)
        if divergence.good_epoch is not None:
            assert banner.back.text() == f"Back to epoch {divergence.good_epoch}"
        assert view.canvas.layout_now.bottom <= banner.y() - view.canvas.y()
    view.show_snapshot(snapshot)
    assert not banner.isVisibleTo(view)


@pytest.mark.parametrize("height", [480, 560, 620, 740])
def test_the_banner_hides_no_part_of_the_network(view, height):
    view.resize(784, height)
    before = view.canvas.layout_now.bottom
    diverged = Divergence(12, 1, "Training diverged in epoch 12. Lower the learning rate.")
    view.show_snapshot(replace(make_snapshot(), divergence=diverged))
    free = view.banner.y() - view.canvas.y()
    assert view.canvas.layout_now.bottom <= free
    assert before <= free or view.canvas.layout_now.bottom < before
    view.show_snapshot(make_snapshot())
    assert view.canvas.layout_now.bottom == before


def test_the_legend_follows_the_mode(view):
    view.show_snapshot(make_snapshot())
    reference = view.canvas.reference
    view.set_edge_mode(EdgeMode.UPDATE)
    assert view.canvas.reference == pytest.approx(view.canvas.values.reference(EdgeMode.UPDATE))
    assert view.canvas.reference != reference


def test_the_canvas_has_a_name_for_screen_readers(view):
    assert view.canvas.accessibleName() == "Network"
    assert view.toolbar.camera.accessibleName()
    assert view.toolbar.modes.accessibleName()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.000004, "4 µs"),
        (0.000045, "45 µs"),
        (0.00031, "0.3 ms"),
        (0.0032, "3 ms"),
        (0.0329, "33 ms"),
        (0.21, "0.2 s"),
        (1.53, "1.5 s"),
        (123.0, "120 s"),
    ],
)
def test_an_estimated_time_has_few_digits(seconds, words):
    assert duration(seconds).replace("\N{THIN SPACE}", " ") == words
