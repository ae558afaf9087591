"""Values read from the loss plot, the neuron's formula and past, advice, the health line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from playground.core.experiment import presets
from playground.core.focus import NOTHING, Focus
from playground.core.health import EXPLANATIONS, Trouble
from playground.core.run import Run
from playground.core.snapshot import Divergence, Snapshot
from playground.ui.activations_view import ActivationsView, advise
from playground.ui.canvas.edits import resized, with_network
from playground.ui.diagnostics.health_note import ExplanationWindow, HealthNote
from playground.ui.diagnostics.loss_extras import Extras
from playground.ui.diagnostics.neuron_pages import history_lines, history_names
from playground.ui.fonts import load_fonts
from playground.ui.labels import number
from playground.ui.loss_view import LossView
from playground.ui.map_reader import Pin
from playground.ui.neuron_view import NeuronView
from playground.ui.plot_chrome import PlotView
from playground.ui.status_line import StatusLine
from playground.ui.theme import LIGHT
from tests.ui.snapshots import make_snapshot
from tests.ui.test_diagnostics import answered
from tests.ui.test_plots import picture, pixels

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def shown(qtbot: QtBot, view: PlotView, size: tuple[int, int] = (404, 200)) -> None:
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(*size)
    view.show()


def trained(kind: str, epochs: int, focus: Focus = NOTHING) -> Snapshot:
    run = Run(presets()[kind])
    run.advance(epochs * run.n_batches)
    return run.snapshot(focus=focus)


def test_the_loss_plots_cursor_reads_the_history(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = make_snapshot()
    view.show_snapshot(snapshot)
    place = QPoint(round(view._area.left() + 0.25 * view._area.width()), 80)
    qtbot.mouseMove(view, place)
    words = view.cursor_words
    epoch = int(words[0].removeprefix("epoch "))
    assert epoch == pytest.approx(100, abs=2)
    k = int(np.flatnonzero(snapshot.history.epochs == epoch)[0])
    assert words[1] == f"train {number(float(snapshot.history.train_loss[k]), 4)}"
    assert words[2] == f"test {number(float(snapshot.history.test_loss[k]), 4)}"
    assert not (pixels(picture(view)) == 0xFF00FF).any()
    qtbot.mouseClick(view, LEFT, pos=place)
    qtbot.mouseMove(view, QPoint(place.x() + 80, 80))
    assert view.cursor_words[0] == words[0]  # the cursor was kept
    qtbot.mouseClick(view, LEFT, pos=place)
    qtbot.mouseMove(view, QPoint(place.x() + 80, 81))
    assert view.cursor_words[0] != words[0]


@pytest.mark.parametrize(("kind", "name"), [("circle", "Accuracy"), ("plane", "R²")])
def test_penalty_and_fit_are_shown_on_demand(qtbot: QtBot, kind: str, name: str) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = trained(kind, 8, Focus(series=True))
    view.show_snapshot(snapshot)
    assert view.wanted == NOTHING
    assert len(view.fit_curve.getData()[0] if view.fit_curve.getData()[0] is not None else ()) == 0
    actions = {action.text(): action for action in view.make_extras_menu().actions()}
    with qtbot.waitSignal(view.wanted_changed):
        actions[name].trigger()
    assert view.wanted == Focus(series=True)
    series = snapshot.answers.series
    assert series is not None
    fit = series.train_fit if name == "R²" else series.train_accuracy
    low, high = view._shown_range
    assert view.fit_curve.getData()[1] == pytest.approx(
        low + np.clip(fit[np.isfinite(fit)], 0, 1) * (high - low)
    )
    view.set_extras(Extras(penalty=True, fit=True, smooth=True))
    assert not (pixels(picture(view)) == 0xFF00FF).any()


@pytest.mark.parametrize("kind", ["circle", "plane"])
def test_the_cursor_reads_no_later_epochs_fit_before_the_network_had_its_shape(
    qtbot: QtBot, kind: str
) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    view.set_extras(Extras(penalty=True, fit=True))
    run = Run(presets()[kind])
    run.advance(8 * run.n_batches)
    view.read_at = 5.0
    view.show_snapshot(run.snapshot(focus=view.wanted))
    before = view.cursor_words
    network = run.experiment.network
    run.apply(with_network(run.experiment, resized(network, 0, network.hidden[0].size + 1)))
    run.advance(run.n_batches)
    view.show_snapshot(run.snapshot(focus=view.wanted))
    known = before[:3] if kind == "plane" else [*before[:3], before[4]]
    assert len(before) == 6
    assert view.cursor_words == known
    view.read_at = 9.0
    assert len(view.cursor_words) == 6


def test_the_penalty_curve_is_the_penalty(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    view.log_box.setChecked(False)
    view.set_extras(Extras(penalty=True))
    snapshot = answered()
    series = snapshot.answers.series
    assert series is not None
    penalty = np.linspace(0.1, 0.2, 50)
    answers = replace(snapshot.answers, series=replace(series, penalty=penalty))
    view.show_snapshot(replace(snapshot, answers=answers))
    assert view.penalty_curve.getData()[1] == pytest.approx(penalty)


def test_smoothing_keeps_the_level_and_calms_the_curve(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    view.show_snapshot(make_snapshot())
    rough = np.abs(np.diff(view.train_curve.getData()[1])).sum()
    view.set_extras(Extras(smooth=True))
    smooth = view.train_curve.getData()[1]
    assert np.abs(np.diff(smooth)).sum() < 0.7 * rough


def test_a_neurons_formula_adds_up_to_its_answer(qtbot: QtBot) -> None:
    view = NeuronView()
    shown(qtbot, view)
    view.show_neuron((1, 1))
    first = trained("circle", 5)
    view.show_snapshot(first)
    view.pages._group.button(1).click()
    point = tuple(first.data.x[0].tolist())
    assert view.wanted == Focus(points=frozenset({point}))
    snapshot = trained("circle", 5, view.wanted)
    view.show_snapshot(snapshot)
    formula = view.formula
    assert formula is not None
    assert [term.name for term in formula.terms] == ["bias", "H1·1", "H1·2", "H1·3", "H1·4"]
    assert formula.z == pytest.approx(sum(term.product for term in formula.terms))
    assert formula.a == pytest.approx(np.tanh(formula.z), rel=1e-14)
    assert [term.weight for term in formula.terms[1:]] == snapshot.layers[1].weights[1].tolist()
    assert not (pixels(picture(view)) == 0xFF00FF).any()
    with qtbot.waitSignal(view.wanted_changed):
        view.show_pin(Pin((1.0, -2.0)))
    assert view.wanted == Focus(points=frozenset({(1.0, -2.0)}))


def test_every_value_of_a_neuron_has_a_past(qtbot: QtBot) -> None:
    view = NeuronView()
    shown(qtbot, view)
    view.show_neuron((0, 2))
    snapshot = trained("circle", 6, Focus(trails=frozenset({0})))
    view.show_snapshot(snapshot)
    view.pages._group.button(2).click()
    assert view.wanted == Focus(trails=frozenset({0}))
    trail = view.trail
    assert trail is not None
    names = history_names(snapshot, 0)
    assert names[4:] == [
        "w from x₁", "w from x₂", "bias b", "∂L/∂w from x₁", "∂L/∂w from x₂", "∂L/∂b",
    ]  # fmt: skip
    layer = snapshot.layers[0]
    ends = [history_lines(trail, 2, k)[0][-1] for k in range(len(names))]
    assert ends[2] == trail.activations[-1, 2]
    assert ends[3] == layer.neuron_gradients[2]
    assert ends[4:6] == layer.weights[2].tolist()
    assert ends[6] == layer.biases[2]
    assert ends[7:9] == layer.weight_gradients[2].tolist()
    assert ends[9] == layer.bias_gradients[2]
    for k in range(len(names)):
        view.past_chip.show_choices(names, k)
        assert not (pixels(picture(view)) == 0xFF00FF).any()


def test_the_first_page_asks_nothing(qtbot: QtBot) -> None:
    view = NeuronView()
    shown(qtbot, view)
    view.show_snapshot(make_snapshot())
    view.show_neuron((0, 2))
    assert view.wanted == NOTHING


def test_advice_names_the_layer_that_needs_it(qtbot: QtBot) -> None:
    view = ActivationsView()
    shown(qtbot, view)
    view.show_snapshot(make_snapshot())
    assert advise(view.rows) == "Gradients pass through every layer."
    tanh, relu, *rest = view.rows
    dead = replace(relu, n_dead=3)
    assert advise((tanh, dead, *rest)).startswith("3 of 6 in H2 never answer")
    flat = replace(tanh, saturated=0.7)
    assert advise((flat, relu, *rest)).startswith("H1 is mostly flat")


def test_the_health_line_says_what_is_wrong_and_explains_it(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.apply_theme(LIGHT)
    line.show()
    line.show_snapshot(make_snapshot())
    assert not line.health.isEnabled()
    line.show_snapshot(replace(make_snapshot(), divergence=Divergence(12, 1, "")))
    assert line.health.text() == "Diverged in epoch 12"
    qtbot.mouseClick(line.health, LEFT)
    (window,) = line.findChildren(ExplanationWindow)
    assert window.windowTitle() == "Diverged"
    texts = [child.text() for child in window.findChildren(type(line.nodes))]
    assert EXPLANATIONS[Trouble.DIVERGED] in texts
    window.close()
    assert isinstance(line.health, HealthNote)


def test_the_diverged_state_ends_in_crosses_and_all_numbers_are_drawn(qtbot: QtBot) -> None:
    view = LossView()
    shown(qtbot, view, (404, 158))
    snapshot = make_snapshot()
    losses = snapshot.history.train_loss.copy()
    losses[-1] = np.inf
    history = replace(snapshot.history, train_loss=losses)
    view.show_snapshot(replace(snapshot, history=history, divergence=Divergence(400, 0, "")))
    assert np.isfinite(view.train_curve.getData()[1]).all()
    image = picture(view)
    end = QPointF(view._x_of(399.0), view._y_of(float(losses[-2])))
    colour = image.pixelColor(end.toPoint())
    assert colour.red() > colour.green() + 40  # danger
