"""The views behind "More" and windows of their own show what was asked for, and ask little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from playground.core.answers import Answers, LayerTrail, SampleGradients, Series
from playground.core.experiment import Feature, LayerSpec
from playground.core.focus import NOTHING, Focus, ParameterAddress
from playground.core.parameters import to_flat
from playground.core.snapshot import OptimizerState, Parameters, Snapshot
from playground.ui.canvas.edits import removed, with_network
from playground.ui.diagnostics.choice import ChoiceChip
from playground.ui.diagnostics.gradient_histograms import GradientHistogramsView
from playground.ui.diagnostics.lines_view import MOST_LINES, ParameterLinesView
from playground.ui.diagnostics.more_page import MorePage
from playground.ui.diagnostics.optimizer_view import OptimizerView
from playground.ui.diagnostics.ratio_view import RatioView
from playground.ui.diagnostics.sample_sums import add_up
from playground.ui.diagnostics.sample_view import SampleGradientsView
from playground.ui.fonts import load_fonts
from playground.ui.map_reader import Pin
from playground.ui.neuron_view import NeuronView
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import PlotView, ViewTask
from playground.ui.right_panel import RightPanel
from playground.ui.theme import LIGHT
from playground.ui.weights_view import WeightsView
from tests.ui.painted_text import texts_of
from tests.ui.snapshots import make_snapshot, spiral_experiment
from tests.ui.test_plots import picture, pixels
from tests.ui.test_text_fits import faults

KINDS = (
    ParameterLinesView,
    RatioView,
    GradientHistogramsView,
    OptimizerView,
    SampleGradientsView,
)
ADDRESS = ParameterAddress(1, 2, 0)


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def answered(scale: float = 1.0) -> Snapshot:
    """A snapshot with an answer to everything these views ask."""
    snapshot = make_snapshot()
    random = np.random.default_rng(3)
    epochs = np.arange(50.0)
    n_layers = len(snapshot.layers)
    nothing = np.full(50, np.nan)
    series = Series(
        epochs,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        scale * np.exp(random.normal(-7, 1, (50, n_layers))),
    )
    trails = tuple(
        LayerTrail(
            k,
            epochs,
            scale * random.normal(0, 1, (50, *np.add(layer.weights.shape, (0, 1)))),
            random.normal(0, 1, (50, *np.add(layer.weights.shape, (0, 1)))),
            random.normal(0, 1, (50, len(layer.biases))),
            random.normal(0, 1, (50, len(layer.biases))),
        )
        for k, layer in enumerate(snapshot.layers)
    )
    array = to_flat(
        Parameters(
            tuple(scale * layer.weight_gradients for layer in snapshot.layers),
            tuple(scale * layer.bias_gradients for layer in snapshot.layers),
        )
    )
    state = OptimizerState(array, array, (0.9, 0.999), 1, ("m", "v"))
    gradients = scale * random.normal(0.2, 1.0, snapshot.data.n_train)
    samples = tuple(
        SampleGradients(address, gradients) for address in (ADDRESS, ParameterAddress(0, 0, 0))
    )
    answers = Answers(samples=samples, series=series, trails=trails)
    return replace(snapshot, answers=answers, optimizer_state=state)


def shown(qtbot: QtBot, view: PlotView, size: tuple[int, int] = (404, 177)) -> PlotView:
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(*size)
    view.show_experiment(spiral_experiment())
    view.show()
    return view


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(404, 177), (348, 150), (900, 500)])
def test_every_view_fills_every_size(
    qtbot: QtBot, kind: type[PlotView], size: tuple[int, int]
) -> None:
    view = shown(qtbot, kind(), size)
    empty = len(np.unique(pixels(picture(view))))
    view.show_snapshot(answered())
    image = pixels(picture(view))
    assert not (image == 0xFF00FF).any()
    assert len(np.unique(image)) > max(3, empty - 40)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", [np.nan, np.inf, 1e300, 0.0])
def test_numbers_that_are_not_finite_are_not_drawn(
    qtbot: QtBot, kind: type[PlotView], scale: float
) -> None:
    view = shown(qtbot, kind())
    with np.errstate(all="ignore"):
        snapshot = answered(scale)
    view.show_snapshot(snapshot)
    assert not (pixels(picture(view)) == 0xFF00FF).any()


def test_ratios_are_logarithms_of_the_snapshots(qtbot: QtBot) -> None:
    view = RatioView()
    shown(qtbot, view)
    snapshot = answered()
    view.show_snapshot(snapshot)
    assert snapshot.answers.series is not None
    assert view.ratios == pytest.approx(np.log10(snapshot.answers.series.update_ratios))


@pytest.mark.parametrize("kind", [RatioView, ParameterLinesView])
def test_the_past_of_another_network_is_not_drawn_until_its_own_is_known(
    qtbot: QtBot, kind: type[PlotView]
) -> None:
    view = kind()
    shown(qtbot, view)
    snapshot, network = answered(), spiral_experiment().network
    empty = pixels(picture(view))
    wider = replace(network, hidden=(LayerSpec(9), *network.hidden[1:]))
    fewer = replace(network, features=network.features[1:])
    others = [make_snapshot(with_network(spiral_experiment(), one)) for one in (wider, fewer)]
    for other in (replace(make_snapshot(), run_id=2), *others):
        view.show_snapshot(snapshot)
        drawn = pixels(picture(view))
        view.show_snapshot(replace(make_snapshot(), epoch=401))
        assert np.array_equal(pixels(picture(view)), drawn)
        view.show_snapshot(other)
        assert np.array_equal(pixels(picture(view)), empty)


def test_a_layers_lines_are_asked_for_and_drawn(qtbot: QtBot) -> None:
    view = ParameterLinesView()
    shown(qtbot, view)
    assert view.wanted == Focus(trails=frozenset({0}))
    snapshot = answered()
    view.show_snapshot(snapshot)
    assert view.trail is snapshot.answers.trails[0]
    assert view.shown.tolist() == list(range(8 * 5))
    with qtbot.waitSignal(view.wanted_changed):
        view.chip.make_menu().actions()[1].trigger()
    assert view.wanted == Focus(trails=frozenset({1}))
    assert view.trail is None


def test_the_lines_of_the_last_layer_are_asked_for_when_the_chosen_one_is_gone(
    qtbot: QtBot,
) -> None:
    view = ParameterLinesView()
    shown(qtbot, view)
    view.chip.make_menu().actions()[3].trigger()
    view.show_snapshot(answered())
    experiment = spiral_experiment()
    with qtbot.waitSignal(view.wanted_changed):
        view.show_experiment(with_network(experiment, removed(experiment.network, 1)))
    assert view.wanted == Focus(trails=frozenset({2}))
    assert view.trail is None


@pytest.mark.parametrize("kind", [ParameterLinesView, OptimizerView, SampleGradientsView])
def test_a_chip_stays_at_the_right_edge_whatever_is_chosen(
    qtbot: QtBot, kind: type[PlotView]
) -> None:
    view = shown(qtbot, kind())
    widths = set()
    for chip in view.findChildren(ChoiceChip):
        for word in range(len(chip.make_menu().actions())):
            chip.make_menu().actions()[word].trigger()
            chips = view.findChildren(ChoiceChip)
            assert max(one.geometry().right() for one in chips) == view.width() - 17
            assert len({one.x() for one in chips}) == len(chips)
            widths.add(chip.width())
    assert len(widths) > 1


def test_of_a_large_layer_the_lines_that_moved_farthest_are_drawn(qtbot: QtBot) -> None:
    view = ParameterLinesView()
    shown(qtbot, view)
    values = np.zeros((5, 30, 11))
    values[1, 7:, :] = np.arange(23 * 11).reshape(23, 11) + 1.0
    trail = LayerTrail(0, np.arange(5.0), values, values, values[:, :, 0], values[:, :, 0])
    view.show_snapshot(replace(make_snapshot(), answers=Answers(trails=(trail,))))
    assert view.shown.tolist() == list(range(330 - MOST_LINES, 330))


def test_the_optimisers_cells_are_its_arrays_with_the_bias_last(qtbot: QtBot) -> None:
    view = OptimizerView()
    shown(qtbot, view)
    snapshot = answered()
    view.show_snapshot(snapshot)
    layer = snapshot.layers[0]
    assert [grid.name for grid in view.grids] == ["m", "v"]
    assert np.array_equal(view.grids[0].values[:, :-1], layer.weight_gradients)
    assert np.array_equal(view.grids[0].values[:, -1], layer.bias_gradients)
    assert view.describe(2, 1).startswith("x₂ → H1·3   m ")
    assert snapshot.optimizer_state is not None
    forgetful = replace(snapshot.optimizer_state, names=())
    view.show_snapshot(replace(snapshot, optimizer_state=forgetful))
    assert view.grids == ()


@pytest.mark.parametrize("change", ["fewer features", "fewer layers", "more layers"])
def test_the_optimisers_cells_stay_right_until_the_numbers_of_another_network_come(
    qtbot: QtBot, change: str
) -> None:
    view = OptimizerView()
    shown(qtbot, view, (404, 260))
    view.show_snapshot(answered())
    picture(view)  # finds the cells' places
    point_at(view, QPointF(16 + 4.5 * 22, 50 + 7.5 * 22))
    assert any(text.words.startswith("bias → H1·8") for text in texts_of(view))
    network = spiral_experiment().network
    other = {
        "fewer features": replace(network, features=(Feature.X1,)),
        "fewer layers": removed(removed(network, 2), 1),
        "more layers": replace(network, hidden=(*network.hidden, LayerSpec(3))),
    }[change]
    view.show_experiment(with_network(spiral_experiment(), other))
    picture(view)
    for action in view.chip.make_menu().actions():
        action.trigger()
        picture(view)
        expected = answered().layers[view.layer].weight_gradients if view.layer < 4 else None
        if expected is None:
            assert view.grids == ()
        else:
            assert np.array_equal(view.grids[0].values[:, :-1], expected)


def test_gradient_histograms_count_every_gradient(qtbot: QtBot) -> None:
    view = GradientHistogramsView()
    shown(qtbot, view)
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    for histogram, layer in zip(view.histograms, snapshot.layers, strict=True):
        gradients = layer.weight_gradients
        assert histogram.counts.sum() == gradients.size
        assert histogram.limit == np.abs(gradients).max()
        assert histogram.rms == pytest.approx(np.sqrt((gradients**2).mean()))


def test_the_microscopes_figures_are_sums_of_the_sample_gradients(qtbot: QtBot) -> None:
    view = SampleGradientsView()
    shown(qtbot, view)
    view.show_neuron((1, 2))
    assert view.wanted == Focus(weights=frozenset({ADDRESS}))
    snapshot = answered()
    view.show_snapshot(snapshot)
    gradients = snapshot.answers.samples[0].gradients
    sums = view.sums
    assert sums is not None
    assert sums.mean == pytest.approx(gradients.mean())
    assert sums.cancellation == pytest.approx(abs(gradients.sum()) / np.abs(gradients).sum())
    assert sums.noise == pytest.approx(gradients.std() / 4.0)  # batches of 16


@pytest.mark.parametrize("kind", [OptimizerView, SampleGradientsView])
def test_every_text_is_whole_and_free_in_the_panel_of_a_small_window(
    qtbot: QtBot, kind: type[PlotView]
) -> None:
    view = kind()
    shown(qtbot, view, (347, 260))
    view.show_snapshot(answered())
    assert faults(texts_of(view)) == []


def point_at(view: PlotView, place: QPointF) -> None:
    """Move the pointer there, no button held."""
    none = Qt.MouseButton.NoButton
    kind, keys = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QMouseEvent(kind, place, place, none, none, keys))


def drag_lasso(view: SampleGradientsView, corners: Sequence[QPoint | QPointF]) -> None:
    """Drag around corners with the left button held."""
    held = Qt.MouseButton.LeftButton
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(corners) - 1)]
    for kind, corner in zip(kinds, corners, strict=True):
        place = QPointF(corner)
        event = QMouseEvent(kind, place, place, held, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)


def test_a_lasso_selects_the_part_of_the_gradient_that_its_samples_make(qtbot: QtBot) -> None:
    view = SampleGradientsView()
    shown(qtbot, view, (404, 300))
    snapshot = answered()
    view.show_snapshot(snapshot)
    box = view._map.toRect().adjusted(1, 1, -1, -1)
    drag_lasso(view, [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()])
    assert view.sums is not None
    assert view.sums.n_selected == view.sums.n
    assert view.sums.selected == pytest.approx(view.sums.mean)
    gradients = snapshot.answers.samples[0].gradients
    data = snapshot.data
    x = data.x[: len(gradients), 0]
    places = view._map.left() + (x - data.low) / (data.high - data.low) * view._map.width()
    among = np.sort(places)
    widest = int(np.argmax(np.diff(among)))  # no sample is near the edge of this lasso
    cut = round((among[widest] + among[widest + 1]) / 2)
    part = [box.topLeft(), QPoint(cut, box.top()), QPoint(cut, box.bottom()), box.bottomLeft()]
    drag_lasso(view, part)
    left = places < cut
    assert 0 < left.sum() < len(left)
    assert view.sums.n_selected == left.sum()
    assert view.sums.selected == pytest.approx(gradients[left].sum() / len(gradients))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=box.center())
    assert view.sums.n_selected == 0


def drag_around_all(view: SampleGradientsView) -> None:
    """Drag a lasso around the whole map."""
    box = view._map.adjusted(1, 1, -1, -1)
    drag_lasso(view, [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft()])


def other_samples(n_train: int) -> Snapshot:
    """A snapshot of other samples, not answered."""
    snapshot = answered()
    return replace(snapshot, data=replace(snapshot.data, n_train=n_train), answers=Answers())


def microscope(qtbot: QtBot, snapshot: Snapshot) -> SampleGradientsView:
    view = SampleGradientsView()
    shown(qtbot, view, (404, 300))
    view.show_snapshot(snapshot)
    return view


def test_every_sample_is_a_point_of_the_map(qtbot: QtBot) -> None:
    snapshot = answered()
    view = microscope(qtbot, snapshot)
    image, field, data = picture(view), view._map, snapshot.data
    for x, y in (data.x[: data.n_train] - data.low) / (data.high - data.low):
        place = QPointF(field.left() + field.width() * x, field.bottom() - field.width() * y)
        assert image.pixelColor(place.toPoint()) != LIGHT.paper


@pytest.mark.parametrize("n_train", [0, 100, 241, 360])
def test_gradients_of_samples_that_are_gone_are_forgotten(qtbot: QtBot, n_train: int) -> None:
    view = microscope(qtbot, answered())
    snapshot = other_samples(n_train)
    view.show_snapshot(snapshot)
    assert view.samples is None
    assert view.sums is None
    drag_around_all(view)
    picture(view)
    if n_train:
        samples = (SampleGradients(view.address, np.ones(n_train)),)
        view.show_snapshot(replace(snapshot, answers=Answers(samples=samples)))
        assert view.sums is not None
        assert (view.sums.n, view.sums.n_selected) == (n_train, n_train)


def test_a_lasso_is_kept_around_its_samples_and_not_around_others(qtbot: QtBot) -> None:
    first, second = answered(), answered(2.0)
    view = microscope(qtbot, first)
    drag_around_all(view)
    view.show_snapshot(replace(second, data=first.data))
    assert view.sums is not None
    assert view.sums.n_selected == view.sums.n
    view.show_snapshot(second)
    assert view.sums.n_selected == 0
    without = picture(microscope(qtbot, second))
    assert np.array_equal(pixels(picture(view)), pixels(without))


def test_a_lasso_moves_with_the_map(qtbot: QtBot) -> None:
    snapshot = answered()
    pictures, counts = [], []
    for sizes in ([(900, 500)], [(404, 300), (900, 500)]):
        view = microscope(qtbot, snapshot)
        view.resize(*sizes[0])
        corner, side = view._map.topLeft(), view._map.width()
        shares = ((0.1, 0.1), (0.6, 0.1), (0.6, 0.9), (0.1, 0.9))
        drag_lasso(view, [corner + side * QPointF(*share) for share in shares])
        view.resize(*sizes[-1])
        pictures.append(pixels(picture(view)))
        assert view.sums is not None
        counts.append(view.sums.n_selected)
    assert counts[0] == counts[1]
    assert 0 < counts[0] < snapshot.data.n_train
    assert np.array_equal(*pictures)


def test_parts_of_a_gradient_add_up_to_it() -> None:
    gradients = np.array([3.0, -1.0, -1.0, 1.0])
    left, right = np.array([True, True, False, False]), np.array([False, False, True, True])
    whole = add_up(gradients, 2, left)
    assert whole.mean == 0.5
    assert whole.cancellation == pytest.approx(2 / 6)
    assert whole.selected + add_up(gradients, 2, right).selected == whole.mean
    assert add_up(np.zeros(3), 2, np.zeros(3, bool)).cancellation is None


def test_the_menu_of_more_lists_all_views(qtbot: QtBot) -> None:
    page = MorePage()
    qtbot.addWidget(page)
    actions = page.make_choice().actions()
    assert [action.text() for action in actions] == list(page.names.values())
    with qtbot.waitSignal(page.wanted_changed):
        actions[1].trigger()
    assert page.current is page.ratios
    assert page.wanted == Focus(series=True)


@pytest.fixture
def panel(qtbot: QtBot) -> RightPanel:
    widget = RightPanel()
    qtbot.addWidget(widget)
    widget.apply_theme(LIGHT)
    widget.resize(403, 740)
    widget.show_experiment(spiral_experiment())
    widget.show()
    return widget


def test_only_what_can_be_seen_is_asked_for(panel: RightPanel, qtbot: QtBot) -> None:
    assert panel.focus == NOTHING
    with qtbot.waitSignal(panel.focus_changed) as caught:
        panel.stack.setCurrentWidget(panel.more)
    assert caught.args[0] == Focus(trails=frozenset({0}))
    with qtbot.waitSignal(panel.focus_changed) as caught:
        panel.hide()
    assert caught.args[0] == NOTHING
    panel.show()
    assert panel.focus == Focus(trails=frozenset({0}))


def test_a_larger_view_is_drawn_and_asks_until_it_is_closed(
    panel: RightPanel, qtbot: QtBot
) -> None:
    panel.more.samples.show_parameter(ADDRESS)
    window = panel.open_larger(panel.more.samples)
    twin = window.view
    assert isinstance(twin, SampleGradientsView)
    assert window.windowTitle() == "Per-sample gradients"
    assert panel.focus == Focus(weights=frozenset({ADDRESS}))
    panel.show_snapshot(answered())
    assert twin.samples is not None
    with qtbot.waitSignal(panel.focus_changed) as caught:
        window.close()
    assert caught.args[0] == NOTHING
    panel.show_snapshot(answered())


def test_a_larger_map_of_the_output_shows_the_same(panel: RightPanel) -> None:
    panel.show_snapshot(answered())
    panel.output.discrete_box.setChecked(True)
    panel.output.test_box.setChecked(False)
    panel.output.reader.set_pin(Pin((1.0, 2.0)))
    twin = panel.output.twin()
    assert not picture(twin).isNull(), "before its first snapshot"
    window = panel.open_larger(panel.output)
    larger = window.view
    assert isinstance(larger, OutputView)
    assert np.array_equal(larger.image.image, panel.output.image.image)
    assert not larger.test_points.isVisible()
    assert larger.reader.pin == Pin((1.0, 2.0))
    window.close()


def test_a_minimised_view_asks_nothing_and_catches_up_when_it_can_be_seen_again(
    panel: RightPanel, qtbot: QtBot
) -> None:
    panel.more.samples.show_parameter(ADDRESS)
    window = panel.open_larger(panel.more.samples)
    weights = panel.open_larger(panel.weights)
    assert isinstance(window.view, SampleGradientsView)
    assert isinstance(weights.view, WeightsView)
    weights.showMinimized()
    with qtbot.waitSignal(panel.focus_changed) as caught:
        window.showMinimized()
    assert caught.args[0] == NOTHING
    panel.show_snapshot(answered())
    assert window.view.samples is None
    assert not weights.view.histograms
    weights.showNormal()
    with qtbot.waitSignal(panel.focus_changed) as caught:
        window.showNormal()
    assert caught.args[0] == Focus(weights=frozenset({ADDRESS}))
    assert window.view.samples is not None
    assert weights.view.histograms
    window.close()
    weights.close()


def test_every_view_can_be_opened_larger_copied_and_exported(
    panel: RightPanel, qtbot: QtBot
) -> None:
    views = [panel.output, panel.loss, panel.weights, panel.gradients, panel.activations]
    for view in (*views, panel.neuron, *panel.more.names):
        assert view.toolTip().endswith(".")
        actions = {action.text(): action for action in view.make_menu().actions()}
        assert set(actions) == {"Open larger", "Copy picture", "Export…"}
        with qtbot.waitSignal(panel.picture_requested) as caught:
            actions[ViewTask.COPY.value].trigger()
        assert caught.args[0].view is view
        assert caught.args[0].name
        with qtbot.waitSignal(panel.export_requested) as caught:
            actions[ViewTask.EXPORT.value].trigger()
        assert panel.views[caught.args[0]] is view
        window = panel.open_larger(view)
        assert isinstance(window.view, type(view))
        actions = {action.text(): action for action in window.view.make_menu().actions()}
        assert set(actions) == {"Copy picture", "Save picture…"}
        with qtbot.waitSignal(panel.picture_requested) as caught:
            actions[ViewTask.SAVE.value].trigger()
        assert caught.args[0].view is window.view
        window.close()


def test_an_edge_that_is_clicked_is_put_under_the_microscope(panel: RightPanel) -> None:
    larger = panel.open_larger(panel.more.samples).view
    other = panel.open_larger(panel.loss)
    panel.select_parameter(ADDRESS)
    assert panel.more.samples.address == ADDRESS
    assert isinstance(larger, SampleGradientsView)
    assert larger.address == ADDRESS
    assert larger.source_chip.text() == "H1·1"
    panel.select_parameter(ParameterAddress(0, 1))
    assert larger.source_chip.text() == "bias"
    for window in list(panel._windows):
        window.close()
    assert other.isHidden()


def test_larger_views_follow_the_selected_neuron_and_the_pinned_point(panel: RightPanel) -> None:
    panel.show_snapshot(answered())
    neuron = panel.open_larger(panel.neuron).view
    samples = panel.open_larger(panel.more.samples).view
    assert isinstance(neuron, NeuronView)
    assert isinstance(samples, SampleGradientsView)
    assert neuron.figures is None
    panel.select_neuron((0, 3))
    assert neuron.figures is not None
    assert neuron.figures.name == "Hidden 1 · 4"
    assert samples.address == ParameterAddress(0, 3, 0)
    panel.output.point_pinned.emit(Pin((0.5, -1.0)))
    later = panel.open_larger(panel.neuron).view
    assert isinstance(later, NeuronView)
    assert panel.neuron.point == neuron.point == later.point == (0.5, -1.0)
    panel.select_neuron(None)
    assert (neuron.figures, later.figures) == (None, None)
    for window in list(panel._windows):
        window.close()


def test_the_button_in_the_row_of_tabs_enlarges_the_open_page(
    panel: RightPanel, qtbot: QtBot
) -> None:
    panel.stack.setCurrentWidget(panel.weights)
    qtbot.mouseClick(panel.enlarge, Qt.MouseButton.LeftButton)
    assert isinstance(panel._windows[0].view, type(panel.weights))
    panel._windows[0].close()


def test_the_menu_tab_asks_for_its_menu(panel: RightPanel, qtbot: QtBot) -> None:
    tabs = panel.tabs
    last = tabs.tabRect(tabs.count() - 1).center()
    opened: list[QPoint] = []
    tabs.menu_clicked.disconnect()
    tabs.menu_clicked.connect(opened.append)
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=last)
    assert len(opened) == 1
    assert panel.stack.currentWidget() is panel.more
