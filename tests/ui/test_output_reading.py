"""Reading the output map: values under the pointer, pinned predictions, samples in error."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QFont, QPen
from pytestqt.qtbot import QtBot

from playground.core.answers import Answers
from playground.core.experiment import Activation, DatasetKind, Experiment, Speed, presets
from playground.core.focus import Focus
from playground.core.run import Run
from playground.core.snapshot import Snapshot
from playground.ui import map_words, output_frame
from playground.ui.fonts import load_fonts
from playground.ui.labels import number, signed
from playground.ui.map_reader import Pin
from playground.ui.map_words import formula_terms, preactivation
from playground.ui.output_view import OutputView
from playground.ui.plot_chrome import text_width
from playground.ui.theme import LIGHT
from tests.ui.snapshots import make_snapshot
from tests.ui.test_output_tools import place
from tests.ui.test_plots import picture

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def shown(qtbot: QtBot, snapshot: Snapshot) -> OutputView:
    view = OutputView()
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(404, 372)
    view.show()
    view.show_snapshot(snapshot)
    return view


def trained(experiment: Experiment, focus: Focus | None = None) -> Snapshot:
    run = Run(experiment)
    run.advance(30)
    return run.snapshot(focus=focus or Focus())


def test_off_the_samples_the_nearest_pixels_centre_is_read(qtbot: QtBot) -> None:
    snapshot = trained(presets()["circle"])
    view = shown(qtbot, snapshot)
    qtbot.mouseMove(view, place(view, -5.9, 5.9))
    column, row = 1, 148
    value = float(snapshot.output_map[row, column])
    words = view.read_out
    assert words.startswith(f"x₁ {number(-6 + 1.5 * 0.08, 2)}")
    assert f"x₂ {number(-6 + 148.5 * 0.08, 2)}" in words
    assert words.endswith(f"ŷ {signed(value)}")


def test_on_a_sample_its_own_numbers_are_read(qtbot: QtBot) -> None:
    snapshot = trained(presets()["gauss"])
    view = shown(qtbot, snapshot)
    x1, x2 = snapshot.data.x[3].tolist()
    view.reader.sample = None
    qtbot.mouseMove(view, place(view, x1, x2))
    sample = view.reader.sample
    assert sample is not None
    words = view.read_out
    assert f"ŷ {signed(float(snapshot.predictions[sample]))}" in words
    assert f"ℓ {number(float(snapshot.losses[sample]), 4)}" in words
    assert words.endswith("train" if sample < snapshot.data.n_train else "test")


def test_a_resting_pointer_finds_what_is_there_in_other_data(qtbot: QtBot) -> None:
    snapshot = trained(presets()["circle"])
    view = shown(qtbot, snapshot)
    qtbot.mouseMove(view, place(view, *view.samples.places[7]))
    sample = view.reader.sample
    assert sample is not None
    x = np.roll(snapshot.data.x, 1, axis=0)
    view.show_snapshot(replace(snapshot, data=replace(snapshot.data, x=x)))
    assert view.reader.sample == sample + 1
    # It rests in the view, not on the plane, of which another part is shown now.
    qtbot.mouseMove(view, place(view, 3.0, 3.0))
    view.show_snapshot(trained(presets()["xor-table"]))
    assert view.reader.sample is not None
    assert view.samples.places[view.reader.sample].tolist() == [1.0, 1.0]


def test_samples_that_are_not_drawn_are_not_read_either(qtbot: QtBot) -> None:
    snapshot = trained(presets()["gauss"])
    view = shown(qtbot, snapshot)
    train, test = np.split(view.samples.places, [snapshot.data.n_train])
    away = np.hypot(*(test[:, None] - train[None]).transpose(2, 0, 1)).min(axis=1)
    at = place(view, *test[away.argmax()])
    qtbot.mouseMove(view, at)
    assert view.read_out.endswith("test")
    view.test_box.setChecked(False)
    assert "ℓ" not in view.read_out
    qtbot.mouseClick(view, LEFT, pos=at)
    assert view.reader.pin is not None
    assert view.reader.pin.sample is None
    view.test_box.setChecked(True)
    assert view.read_out.endswith("test")


def test_over_a_neurons_curve_no_sample_is_read(qtbot: QtBot) -> None:
    view = shown(qtbot, trained(presets()["sine"]))
    qtbot.mouseMove(view, view._square.to_pixel(*view.samples.places[0]).toPoint())
    assert view.reader.sample is not None
    view.show_neuron((0, 0))
    assert not view.train_points.isVisible()
    assert view.reader.sample is None


@pytest.mark.parametrize("kind", ["gauss", "xor-table", "plane"])
def test_every_kind_of_data_can_be_read_everywhere(qtbot: QtBot, kind: str) -> None:
    view = shown(qtbot, trained(presets()[kind]))
    area = view.map_area
    for x in (area.left() + 1, area.center().x(), area.right() - 2):
        for y in (area.top() + 1, area.center().y(), area.bottom() - 2):
            qtbot.mouseMove(view, place(view, 0, 0))
            qtbot.mouseMove(view, area.center().toPoint())
            qtbot.mouseMove(view, type(area.center())(x, y).toPoint())
            assert "ŷ" in view.read_out


def test_several_classes_and_curves_can_be_read_and_pinned(qtbot: QtBot) -> None:
    kinds = [k for k in DatasetKind if k.problem.value == "multiclass" or k.is_curve]
    assert len(kinds) >= 2
    for kind in kinds:
        experiment = presets()[kind.value]
        view = shown(qtbot, trained(experiment))
        with qtbot.waitSignal(view.wanted_changed):
            qtbot.mouseClick(view, LEFT, pos=view.map_area.center().toPoint())
        view.show_snapshot(trained(experiment, view.wanted))
        assert view.card
        assert view.read_out
        assert not picture(view).isNull()


def test_a_pinned_point_is_asked_for_and_its_formula_is_the_networks(qtbot: QtBot) -> None:
    experiment = presets()["circle"]
    view = shown(qtbot, trained(experiment))
    with qtbot.waitSignal(view.wanted_changed):
        qtbot.mouseClick(view, LEFT, pos=place(view, -5.5, 5.5))
    pin = view.reader.pin
    assert pin is not None
    assert view.wanted == Focus(points=frozenset({pin.inputs}))
    assert view.card == []
    snapshot = trained(experiment, view.wanted)
    view.show_snapshot(snapshot)
    answer = snapshot.answers.point(pin.inputs)
    assert answer is not None
    words = [text for text, _ in view.card]
    assert words[0] == "Prediction here"
    assert any(line.startswith(f"ŷ {signed(answer.prediction)}") for line in words)
    z = preactivation(formula_terms(snapshot, answer, 2, 0))
    assert np.tanh(z) == pytest.approx(float(answer.activations[-1][0]), rel=1e-14)
    assert any(f"= {number(z)}" in line for line in words)
    assert words[-1] == f"a = tanh(z) = {number(answer.prediction)}"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.reader.pin is None
    assert view.card == []


def test_a_pinned_sample_is_a_plain_place_once_the_data_are_others(qtbot: QtBot) -> None:
    experiment = presets()["circle"]
    view = shown(qtbot, trained(experiment))
    qtbot.mouseClick(view, LEFT, pos=place(view, *view.samples.places[5]))
    view.show_snapshot(trained(experiment, view.wanted))
    assert view.card[0][0].endswith("sample 6")
    pin, x1, x2 = view.reader.pin, *view.samples.places[5]
    assert pin is not None
    pins: list[Pin] = []
    view.point_pinned.connect(pins.append)
    others = replace(experiment, data=replace(experiment.data, seed=99))
    view.show_snapshot(trained(others, view.wanted))
    assert pins == [Pin(pin.inputs)]
    assert view.card[0][0] == "Prediction here"
    assert not any("target" in line for line, _ in view.card)
    assert view.reader.place_of_pin() == (x1, x2)
    view.reader.set_pin(Pin((1.0, 2.0), 10_000))
    view.show_snapshot(trained(others))
    assert view.reader.pin == Pin((1.0, 2.0)), "there are not as many samples"


def drawn_in(
    view: OutputView, module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, float]]:
    """Return what a module writes while the view is drawn: each text and where it ends."""
    drawn: list[tuple[str, float]] = []

    def record(painter: object, x: float, y: float, text: str, font: QFont, *ink: object) -> float:
        drawn.append((text, x + text_width(text, font)))
        return text_width(text, font)

    monkeypatch.setattr(module, "draw_text", record)
    view.grab()
    return drawn


def test_a_card_on_a_narrow_map_shortens_its_lines(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = trained(presets()["circle"])
    view = shown(qtbot, snapshot)
    view.resize(260, 300)
    qtbot.mouseClick(view, LEFT, pos=view.map_area.center().toPoint())
    view.show_snapshot(trained(presets()["circle"], view.wanted))
    lines = drawn_in(view, map_words, monkeypatch)[: len(view.card)]
    assert any(text.endswith("…") for text, _ in lines)
    assert lines[0][0] == view.card[0][0]
    assert all(right <= view.map_area.right() - 8 for _, right in lines)


def test_the_line_of_values_under_a_narrow_map_ends_within_the_view(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = shown(qtbot, trained(presets()["circle"]))
    view.resize(200, 240)
    view.mark_sample(3)
    drawn = drawn_in(view, output_frame, monkeypatch)
    lines = [(text, right) for text, right in drawn if text.startswith("Sample 4")]
    assert len(lines) == 1
    assert view.read_out.startswith(lines[0][0].removesuffix("…"))
    assert lines[0][0].endswith("…")
    assert lines[0][1] <= view.width() - 12


def test_samples_in_the_wrong_class_have_a_ring(qtbot: QtBot) -> None:
    snapshot = trained(presets()["xor"])
    data = snapshot.data
    wrong = (snapshot.predictions > 0) != (data.y > 0)
    assert wrong.any()
    assert np.array_equal(snapshot.wrong, wrong)
    view = shown(qtbot, snapshot)
    x, y = view.wrong_points.getData()
    assert np.array_equal(np.column_stack((x, y)), data.x[wrong])
    view.test_box.setChecked(False)
    assert len(view.wrong_points.getData()[0]) == wrong[: data.n_train].sum()
    view.show_neuron((0, 1))
    assert not view.wrong_points.isVisible()


def test_another_size_moves_marks_rings_and_what_the_pointer_finds_alike(qtbot: QtBot) -> None:
    spread = replace(presets()["gauss"].data, noise=0.5, n_samples=500)
    snapshot = Run(replace(presets()["gauss"], data=spread)).snapshot(focus=Focus())
    outside = (np.abs(snapshot.data.x) > snapshot.data.high).any(axis=1)
    assert (outside & snapshot.wrong).any(), "a ring at the rim keeps its distance in pixels"
    view = shown(qtbot, snapshot)
    first = view.samples.places
    view.resize(808, 744)
    view.grab()
    places = view.samples.places
    assert not np.array_equal(places, first)
    ringed = np.column_stack(view.wrong_points.getData())
    assert np.array_equal(ringed, places[snapshot.wrong])
    sample = int(np.flatnonzero(outside)[0])
    qtbot.mouseMove(view, place(view, *places[sample]))
    assert view.reader.sample is not None
    assert np.allclose(places[view.reader.sample], places[sample], atol=0.1)


def test_regression_has_nothing_in_the_wrong_class(qtbot: QtBot) -> None:
    snapshot = trained(presets()["plane"])
    assert len(snapshot.wrong) == 0
    assert not shown(qtbot, snapshot).wrong_points.isVisible()


def test_a_coarse_map_has_half_the_pixels_and_the_same_place(qtbot: QtBot) -> None:
    experiment = presets()["circle"]
    view = shown(qtbot, trained(experiment, Focus(coarse=True)))
    assert view.image.image.shape == (75, 75)
    box = view.image.mapRectToParent(view.image.boundingRect())
    assert box.center().x() == pytest.approx(0.0)
    qtbot.mouseMove(view, place(view, 5.9, 5.9))
    assert "ŷ" in view.read_out


def test_numbers_that_are_not_finite_do_not_reach_the_card(qtbot: QtBot) -> None:
    snapshot = make_snapshot()
    bad = np.full_like(snapshot.predictions, np.nan)
    view = shown(qtbot, replace(snapshot, predictions=bad, losses=bad, answers=Answers()))
    x1, x2 = snapshot.data.x[0].tolist()
    qtbot.mouseMove(view, place(view, x1, x2))
    assert "NaN" in view.read_out
    assert not picture(view).isNull()
    assert snapshot.experiment.network.output_activation is Activation.TANH


def test_a_symbol_is_drawn_once_however_often_samples_are_shown(qtbot: QtBot) -> None:
    snapshot = trained(presets()["xor"])
    view = shown(qtbot, snapshot)
    marks = (view.train_points, view.test_points, view.wrong_points)
    view.grab()
    symbols = [len(points.fragmentAtlas) for points in marks]
    assert symbols == [2, 2, 1]
    for _ in range(3):
        view.apply_theme(LIGHT)
        view.show_snapshot(snapshot)
        view.grab()
    assert [len(points.fragmentAtlas) for points in marks] == symbols


def test_a_mark_between_two_pixels_goes_to_the_same_whatever_was_drawn_before(
    qtbot: QtBot,
) -> None:
    snapshot = trained(presets()["xor-table"])  # of corners that lie on halves of pixels
    view = shown(qtbot, snapshot)
    view.resize(391, 405)
    pictures = []
    for k in range(40):
        pen = QPen(LIGHT.ink1, 0.1)  # another object, so that the symbol has another place
        view.train_points.setData(
            x=[1.0, 0.0], y=[1.0, 0.0], symbol="o", size=12.0, pen=pen, brush=QBrush()
        )
        pictures.append(view.grab().toImage())
        assert len(view.train_points.fragmentAtlas) > k
    assert all(picture == pictures[0] for picture in pictures)


def test_an_inputs_map_stays_until_the_data_have_no_such_input(qtbot: QtBot) -> None:
    experiment = presets()["gauss"]
    view = shown(qtbot, trained(experiment))
    view.show_neuron((-1, 1))
    view.show_experiment(experiment.with_speed(Speed.EPOCH_1))
    assert view.title == "Output · x₂"
    view.show_experiment(presets()["steps"])
    assert view.title == "Output"
