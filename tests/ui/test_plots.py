"""The views of the right panel: what they draw is what the snapshot says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    LayerSpec,
    NetworkSpec,
    presets,
)
from playground.core.snapshot import Divergence, Snapshot, frozen
from playground.ui.activations_view import ActivationsView
from playground.ui.fonts import load_fonts
from playground.ui.gradients_view import GradientsView
from playground.ui.loss_view import LossView
from playground.ui.neuron_figures import describe_neuron
from playground.ui.neuron_view import NeuronView
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import PlotView
from playground.ui.theme import DARK, LIGHT, Theme, field_colours
from playground.ui.weights_view import WeightsView
from tests.ui.painted_text import texts_of
from tests.ui.snapshots import make_snapshot
from tests.ui.test_text_fits import faults

VIEWS = (OutputView, LossView, WeightsView, GradientsView, ActivationsView, NeuronView)


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def shown(qtbot: QtBot, view: PlotView, size: tuple[int, int] = (404, 372)) -> PlotView:
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(*size)
    view.show()
    return view


def picture(view: QWidget, ratio: float = 1.0) -> QImage:
    image = QImage(
        round(view.width() * ratio), round(view.height() * ratio), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    view.render(painter, QPoint(0, 0))
    painter.end()
    return image


def pixels(image: QImage) -> np.ndarray:
    shape = (image.height(), image.width())
    return np.frombuffer(image.constBits(), np.uint32).reshape(shape) & 0xFFFFFF


def with_map(field: np.ndarray) -> Snapshot:
    return replace(make_snapshot(), output_map=field)


def small(kind: DatasetKind, hidden: tuple[LayerSpec, ...] = (LayerSpec(4),)) -> Snapshot:
    return make_snapshot(Experiment(data=DataSpec(kind), network=NetworkSpec(hidden=hidden)))


def test_the_map_and_its_points_are_the_snapshots(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    data = snapshot.data
    assert np.array_equal(view.image.image, snapshot.output_map)
    x, y = view.train_points.getData()
    assert np.array_equal(np.column_stack((x, y)), data.x[: data.n_train])
    x, y = view.test_points.getData()
    assert np.array_equal(np.column_stack((x, y)), data.x[data.n_train :])
    brushes = [brush.color() for brush in view.train_points.data["brush"]]
    expected = [LIGHT.pos if target > 0 else LIGHT.neg for target in data.y[: data.n_train]]
    assert brushes == expected


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_map_colours_are_those_of_the_theme(qtbot: QtBot, theme: Theme) -> None:
    view = OutputView()
    shown(qtbot, view)
    view.apply_theme(theme)
    for value in (-1.0, -0.6, 0.0, 0.25, 1.0):
        snapshot = with_map(np.full((150, 150), value, np.float32))
        view.show_snapshot(snapshot)
        # A spot of the map where the spiral has no point: the lower left corner.
        colour = int(pixels(picture(view))[310, 52])
        assert colour == int(field_colours(np.array([value]), theme)[0]) & 0xFFFFFF


def test_the_first_row_of_the_map_is_at_the_bottom(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    field = np.ones((150, 150), np.float32)
    field[:75] = -1
    view.show_snapshot(with_map(field))
    image = pixels(picture(view))
    low, high = (int(c) & 0xFFFFFF for c in field_colours(np.array([-1.0, 1.0]), LIGHT))
    assert image[310, 52] == low
    assert image[60, 52] == high
    _, y = view.contour.getData()
    assert np.abs(y).max() < 1e-6


def test_a_field_and_its_zero_line_are_where_their_values_were_taken(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    low, high = snapshot.data.low, snapshot.data.high
    centres = low + (np.arange(48) + 0.5) * (high - low) / 48
    maps = np.broadcast_to((centres - 5.5).astype(np.float32), (8, 48, 48))
    layers = (replace(snapshot.layers[0], maps=maps), *snapshot.layers[1:])
    view.show_snapshot(replace(snapshot, layers=layers))
    view.show_neuron((0, 0))
    assert np.allclose(view.contour.getData()[0], 5.5, atol=1e-6)
    pixel = view.image.mapRectToParent(view.image.boundingRect()).width() / 48
    assert pixel == pytest.approx((high - low) / 48)


def test_discretise_paints_two_levels_and_keeps_the_line(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    view.show_snapshot(make_snapshot())
    before = view.contour.getData()
    view.discrete_box.setChecked(True)
    assert set(np.unique(view.image.image)) == {np.float32(-0.8), np.float32(0.8)}
    assert np.array_equal(view.contour.getData(), before)


def test_a_truth_tables_answer_goes_from_0_to_1(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    view.show_snapshot(small(DatasetKind.XOR_TABLE))

    def figures() -> list[str]:
        right = view.map_area.right() + 20
        return [text.words for text in texts_of(view) if text.rect.left() > right][-3:]

    assert figures() == ["1", "0.5", "0"]
    assert "the line is ŷ = 0.5." in view.toolTip()
    assert "ŷ > 0.5 or ŷ ≤ 0.5" in view.discrete_box.toolTip()
    view.show_neuron((0, 0))
    assert figures() == ["+1", "0", "−1"]


@pytest.mark.parametrize(
    ("kind", "said", "discretised"),
    [
        (DatasetKind.CIRCLE, "the line is ŷ = 0.", "ŷ > 0 or ŷ ≤ 0"),
        (DatasetKind.BLOBS, "on a line two are equally likely.", "the likeliest class"),
        (DatasetKind.PLANE, "the line is ŷ = 0.", "ŷ > 0 or ŷ ≤ 0"),
        (DatasetKind.SINE, "as a curve over its input.", "no sides"),
        (DatasetKind.XOR_TABLE, "the line is ŷ = 0.5.", "ŷ > 0.5 or ŷ ≤ 0.5"),
    ],
)
def test_the_map_says_what_is_drawn_of_each_kind_of_data(
    qtbot: QtBot, kind: DatasetKind, said: str, discretised: str
) -> None:
    view = OutputView()
    shown(qtbot, view)
    view.show_snapshot(make_snapshot(Experiment().with_data(DataSpec(kind))))
    assert said in view.toolTip()
    assert discretised in view.discrete_box.toolTip()
    has_curve, is_table = kind is DatasetKind.SINE, kind is DatasetKind.XOR_TABLE
    assert view.discrete_box.isEnabled() is not has_curve
    assert ("hollow ones are the test set" in view.toolTip()) is not is_table
    wrong = "A ring marks a sample in the wrong class"
    assert (wrong in view.toolTip()) is (kind not in (DatasetKind.PLANE, DatasetKind.SINE))


def test_rings_keep_to_theme_and_text_size_while_nothing_trains(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(replace(snapshot, wrong=frozen(np.ones(len(snapshot.data.y), bool))))
    view.apply_theme(DARK)
    assert QPen(view.wrong_points.opts["pen"]).color() == DARK.ink2
    monkeypatch.setattr("playground.ui.plot_chrome.text_scale", lambda: 1.5)
    view.arrange()
    assert view.wrong_points.opts["size"] == pytest.approx(1.5 * 12.5)


def test_test_points_can_be_hidden(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    view.show_snapshot(make_snapshot())
    view.test_box.click()
    assert not view.test_points.isVisible()
    assert view.train_points.isVisible()


def test_the_neuron_under_the_pointer_is_shown_with_its_own_scale(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    view.show_neuron((1, 2))
    maps = snapshot.layers[1].maps
    assert view.title == "Output · Hidden 2 · 3"
    assert np.allclose(view.image.image, maps[2] / np.abs(maps).max())
    view.show_neuron(None)
    assert view.title == "Output"
    assert np.array_equal(view.image.image, snapshot.output_map)


def test_the_title_ends_before_the_check_boxes(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view, (348, 372))
    view.show_snapshot(make_snapshot(Experiment(network=NetworkSpec(hidden=(LayerSpec(12),) * 2))))
    view.show_neuron((1, 11))
    texts = texts_of(view)
    assert "Hidden 2 · 12" in [text.words for text in texts]
    assert faults(texts) == []


def test_points_outside_the_map_are_kept_at_its_rim(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    x = snapshot.data.x.copy()
    x[0] = (9.0, 1.0)
    view.show_snapshot(replace(snapshot, data=replace(snapshot.data, x=frozen(x))))
    place = view.train_points.getData()
    assert 5.5 < place[0][0] < 6
    assert place[1][0] == 1.0


def test_another_size_places_points_anew_only_where_one_is_at_the_rim(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, placed = OutputView(), list[object]()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    place = view.train_points.setData
    monkeypatch.setattr(
        view.train_points, "setData", lambda **given: placed.append(given) or place(**given)
    )
    before = np.array(view.train_points.getData())
    view.resize(view.width() + 60, view.height() + 60)
    assert placed == []
    x = snapshot.data.x.copy()
    x[0] = (9.0, 1.0)
    view.show_snapshot(replace(snapshot, data=replace(snapshot.data, x=frozen(x))))
    at_rim = view.train_points.getData()[0][0]
    view.resize(view.width() + 60, view.height() + 60)
    assert len(placed) == 2
    assert at_rim < view.train_points.getData()[0][0] < 6
    view.show_snapshot(snapshot)
    view.apply_theme(DARK)
    assert len(placed) == 4
    assert np.array_equal(np.array(view.train_points.getData()), before)


def test_regression_points_carry_the_colour_of_their_target(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = small(DatasetKind.PLANE)
    view.show_snapshot(snapshot)
    assert len({brush.color().name() for brush in view.train_points.data["brush"]}) > 10


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_steep_curve_ends_at_the_edge_of_its_plot(qtbot: QtBot, ratio: float) -> None:
    view = OutputView()
    shown(qtbot, view)
    snapshot = make_snapshot(presets()["sine"])
    flat = np.zeros_like(snapshot.output_map)
    steep = flat + np.linspace(-30, 30, flat.shape[-1], dtype=np.float32)
    pictures = []
    for field in (flat, steep):
        view.show_snapshot(replace(snapshot, output_map=field))
        pictures.append(pixels(picture(view, ratio)).copy())
    inside = np.zeros(pictures[0].shape, dtype=bool)
    area = view.map_area
    rows = slice(round(area.top() * ratio), round(area.bottom() * ratio))
    inside[rows, round(area.left() * ratio) : round(area.right() * ratio)] = True
    changed = pictures[0] != pictures[1]
    assert changed[inside].any()
    assert not changed[~inside].any()


def test_a_curve_that_was_painted_before_its_data_is_drawn_from_rim_to_rim(qtbot: QtBot) -> None:
    view = OutputView()
    shown(qtbot, view)
    picture(view)
    snapshot = make_snapshot(presets()["sine"])
    flat = np.full_like(snapshot.output_map, -0.5)
    view.show_snapshot(replace(snapshot, output_map=flat))
    view.train_points.setVisible(False)
    view.test_points.setVisible(False)
    area = view.map_area.toRect()
    y = round(view._square.to_pixel(0, -0.5).y())
    strip = pixels(picture(view))[y - 1 : y + 2, area.left() + 4 : area.right() - 3]
    ink = strip == LIGHT.ink1.rgb() & 0xFFFFFF
    assert ink.any(axis=0).all()


def test_what_is_not_finite_reaches_no_plot(qtbot: QtBot) -> None:
    output, loss = OutputView(), LossView()
    shown(qtbot, output)
    shown(qtbot, loss)
    snapshot = make_snapshot()
    history = snapshot.history
    train = history.train_loss.copy()
    train[-3:] = (np.inf, np.nan, np.inf)
    broken = replace(
        snapshot,
        output_map=np.full((150, 150), np.nan, np.float32),
        history=replace(history, train_loss=frozen(train)),
        divergence=Divergence(399, 1, "the loss is not finite"),
    )
    output.show_snapshot(broken)
    loss.show_snapshot(broken)
    assert np.isfinite(output.image.image).all()
    x, y = loss.train_curve.getData()
    assert np.isfinite(y).all()
    assert x[-1] == history.epochs[-4]
    assert not picture(loss).isNull()


def test_loss_curves_are_the_logarithms_of_the_history(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = make_snapshot(epoch=120)
    view.show_snapshot(snapshot)
    x, y = view.train_curve.getData()
    assert np.array_equal(x, snapshot.history.epochs)
    assert np.allclose(10**y, snapshot.history.train_loss)
    view.log_box.setChecked(False)
    _, y = view.test_curve.getData()
    assert np.array_equal(y, snapshot.history.test_loss)


def test_very_small_losses_and_norms_are_drawn_where_they_are(qtbot: QtBot) -> None:
    loss, gradients = LossView(), GradientsView()
    shown(qtbot, loss, (404, 158))
    shown(qtbot, gradients, (404, 180))
    snapshot = make_snapshot(epoch=9)
    tiny = frozen(np.geomspace(1.0, 1e-17, 9))
    norms = frozen(np.tile(tiny[:, None], (1, 4)))
    history = replace(snapshot.history, train_loss=tiny, gradient_norms=norms)
    for view in (loss, gradients):
        view.show_snapshot(replace(snapshot, history=history))
        assert not picture(view).isNull()
    for curve in (loss.train_curve, *gradients.curves):
        _, y = curve.getData()
        assert 10**y == pytest.approx(tiny)


def test_long_runs_cost_two_points_per_pixel(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = make_snapshot(epoch=20_000)
    view.show_snapshot(snapshot)
    x, y = view.train_curve.getData()
    assert len(x) <= 2 * 336 + 2
    assert 10 ** y.min() == pytest.approx(snapshot.history.train_loss.min())
    assert 10 ** y.max() == pytest.approx(snapshot.history.train_loss.max())


def test_before_training_the_loss_view_says_what_to_do(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    assert view.is_empty
    assert view.empty_words[1] == "Press Run, or step one epoch"
    before = pixels(picture(view)).copy()
    view.show_preparing(True)
    assert view.empty_words == ("Preparing", "Training then begins by itself")
    assert (pixels(picture(view)) != before).any()
    view.show_preparing(False)
    assert (pixels(picture(view)) == before).all()
    view.show_snapshot(make_snapshot())
    assert not view.is_empty


def test_a_table_without_a_test_set_has_one_curve(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    view.show_snapshot(small(DatasetKind.XOR_TABLE))
    assert view.test_curve.getData()[0].size == 0


def test_weight_histograms_count_every_weight_on_its_side(qtbot: QtBot) -> None:
    view = WeightsView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    assert [h.name for h in view.histograms] == ["H1", "H2", "H3", "Out"]
    for histogram, layer in zip(view.histograms, snapshot.layers, strict=True):
        assert histogram.counts.sum() == layer.weights.size
        assert histogram.rms == pytest.approx(np.sqrt(np.mean(layer.weights**2)))
        certainly_negative = layer.weights < -view.limit / 15
        assert histogram.counts[:7].sum() == certainly_negative.sum()


def test_gradient_curves_and_cells_are_the_snapshots(qtbot: QtBot) -> None:
    view = GradientsView()
    shown(qtbot, view, (404, 180))
    snapshot = make_snapshot(epoch=60)
    view.show_snapshot(snapshot)
    assert sum(curve.isVisible() for curve in view.curves) == 4
    _, y = view.curves[0].getData()
    norms = snapshot.history.gradient_norms[:, 0]
    assert 10 ** y[30] == pytest.approx(np.exp(np.log(norms[26:35]).mean()))
    assert [row.name for row in view.rows] == ["H1", "H2", "H3"]
    for row, layer in zip(view.rows, snapshot.layers, strict=False):
        assert np.array_equal(row.gradients, layer.neuron_gradients)
        assert np.array_equal(row.dead, layer.dead)
    hidden = np.concatenate([layer.neuron_gradients for layer in snapshot.layers[:-1]])
    assert view.full_bar == hidden.max()


def test_a_smaller_network_reuses_the_curves(qtbot: QtBot) -> None:
    view = GradientsView()
    shown(qtbot, view, (404, 180))
    view.show_snapshot(make_snapshot())
    curves = list(view.curves)
    view.show_snapshot(small(DatasetKind.XOR))
    assert view.curves == curves
    assert [curve.isVisible() for curve in curves] == [True, True, False, False]


def test_activation_rows_sum_up_their_layer(qtbot: QtBot) -> None:
    view = ActivationsView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    tanh, relu = view.rows[0], view.rows[1]
    assert np.array_equal(tanh.counts, snapshot.layers[0].histogram.sum(axis=0))
    assert tanh.n_dead is None
    assert tanh.saturated == pytest.approx(snapshot.layers[0].saturated.mean())
    assert (relu.n_dead, relu.n_neurons, relu.saturated) == (1, 6, None)


def test_neuron_page_names_every_incoming_weight_and_its_gradient() -> None:
    snapshot = make_snapshot()
    figures = describe_neuron(snapshot, 1, 2)
    assert figures is not None
    layer = snapshot.layers[1]
    assert figures.name == "Hidden 2 · 3"
    assert [row.name for row in figures.incoming] == [f"H1·{k}" for k in range(1, 9)] + ["bias"]
    assert [row.value for row in figures.incoming[:-1]] == layer.weights[2].tolist()
    assert [row.gradient for row in figures.incoming[:-1]] == layer.weight_gradients[2].tolist()
    assert figures.incoming[-1].value == layer.biases[2]
    assert dict(figures.figures)["mean |∂L/∂a|"] == f"{layer.neuron_gradients[2]:.4f}"


def test_map_and_page_of_one_of_several_outputs_bear_its_name(qtbot: QtBot) -> None:
    snapshot = make_snapshot(presets()["blobs"])
    last = len(snapshot.layers) - 1
    view = OutputView()
    shown(qtbot, view)
    view.show_snapshot(snapshot)
    view.show_neuron((last, 1))
    assert view.title == "Output · 2"
    figures = describe_neuron(snapshot, last, 1)
    assert figures is not None
    assert figures.name == "Output · 2"


def test_a_neuron_that_is_gone_leaves_the_page_empty(qtbot: QtBot) -> None:
    view = NeuronView()
    shown(qtbot, view)
    view.show_neuron((2, 3))
    view.show_snapshot(make_snapshot())
    assert view.figures is not None
    view.show_snapshot(small(DatasetKind.XOR))
    assert view.figures is None
    assert not picture(view).isNull()


@pytest.mark.parametrize("kind", VIEWS)
@pytest.mark.parametrize("size", [(404, 372), (348, 180), (120, 90), (1440, 900)])
def test_every_view_fills_every_size_at_every_ratio(
    qtbot: QtBot, kind: type[PlotView], size: tuple[int, int]
) -> None:
    view = kind()
    shown(qtbot, view, size)
    view.show_snapshot(make_snapshot())
    if isinstance(view, NeuronView):
        view.show_neuron((0, 1))
    for ratio in (1.0, 2.0):
        image = pixels(picture(view, ratio))
        assert not (image == 0xFF00FF).any()
        assert len(np.unique(image)) > 3


@pytest.mark.parametrize("kind", VIEWS)
def test_extreme_networks_are_drawn(qtbot: QtBot, kind: type[PlotView]) -> None:
    view = kind()
    shown(qtbot, view, (404, 180))
    deep = tuple(LayerSpec(3, Activation.RELU) for _ in range(15))
    for snapshot in (
        small(DatasetKind.XOR, ()),
        small(DatasetKind.HILLS, (LayerSpec(512),)),
        small(DatasetKind.XOR_TABLE, deep),
    ):
        view.show_snapshot(snapshot)
        if isinstance(view, NeuronView):
            view.show_neuron((0, 0))
        assert len(np.unique(pixels(picture(view)))) > 3


def test_lines_are_as_thick_at_every_ratio(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = make_snapshot()
    nothing = frozen(np.full(400, np.nan))
    flat = replace(snapshot.history, train_loss=frozen(np.full(400, 0.4)), test_loss=nothing)
    view.show_snapshot(replace(snapshot, history=flat))

    def thickness(ratio: float) -> float:
        image = picture(view, ratio)
        column = [
            QColor(image.pixel(round(200 * ratio), y)).lightnessF()
            for y in range(round(45 * ratio), round(140 * ratio))
        ]
        return sum(1 - light for light in column if light < 0.6) / ratio

    assert thickness(3.0) == pytest.approx(1.8 * (1 - LIGHT.ink1.lightnessF()), rel=0.2)
    assert thickness(1.0) == pytest.approx(thickness(3.0), rel=0.35)
