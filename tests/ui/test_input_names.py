"""The inputs of a file are called by their columns' names wherever they are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from playground.core.experiment import Experiment, Feature, OwnData, OwnForm
from playground.core.run import Run
from playground.core.snapshot import Snapshot
from playground.ui.canvas.card import describe
from playground.ui.canvas.geometry import INPUTS
from playground.ui.canvas.hit import Part, Target
from playground.ui.canvas.network_view import NetworkView
from playground.ui.canvas.values import arrange
from playground.ui.fonts import load_fonts
from playground.ui.input_names import column_names, input_name, label_lines, source_names
from playground.ui.neuron_figures import describe_neuron
from playground.ui.output_view import OutputView
from playground.ui.theme import BODY_PX, LIGHT, ui_font
from tests.ui.painted_text import texts_of

LONG = "a name of a column that is <b>very</b> long indeed, by far too long"
NAMES = ("sepal length", "sepal width", "id", LONG[:64])


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    load_fonts()


def iris_like(form: OwnForm = OwnForm.FILE) -> Experiment:
    x = np.random.default_rng(0).normal(size=(30, 4))
    own = OwnData(x, np.repeat([0.0, 1.0], 15), NAMES, "kind", ("p", "q"), form)
    experiment = Experiment()
    return experiment.with_data(replace(experiment.data, own=own))


def snapshot_of(experiment: Experiment) -> Snapshot:
    run = Run(experiment)
    run.advance(1)
    return run.snapshot()


def shown(qtbot: QtBot, experiment: Experiment) -> NetworkView:
    view = NetworkView()
    qtbot.addWidget(view)
    view.apply_theme(LIGHT)
    view.resize(784, 620)
    view.show_experiment(experiment)
    view.show_snapshot(snapshot_of(experiment))
    view.show()
    return view


def test_tiles_say_the_columns_names_in_the_room_there_is(qtbot: QtBot) -> None:
    view = shown(qtbot, iris_like())
    words = [text.words.strip() for text in texts_of(view)]
    assert [word for word in words if word in ("sepal", "length", "width", "id")] == [
        "sepal",
        "length",
        "sepal",
        "width",
        "id",
    ]
    assert any(word.endswith("…") for word in words)
    assert "x" not in words


def test_generated_inputs_keep_their_symbols(qtbot: QtBot) -> None:
    assert column_names(Experiment()) == {}
    assert column_names(iris_like(OwnForm.POINTS)) == {}
    assert source_names(Experiment(), 0) == ["x₁", "x₂"]
    words = [text.words.strip() for text in texts_of(shown(qtbot, Experiment()))]
    assert "x" in words


@pytest.mark.parametrize("name", [*NAMES, "x", "a-b-c-d-e-f-g-h-i", "Überraschungsfaktor", "- -"])
@pytest.mark.parametrize("room", [30.0, 59.0, 200.0])
def test_a_name_is_at_most_two_lines_and_no_line_is_too_wide(name: str, room: float) -> None:
    metrics = QFontMetricsF(ui_font(BODY_PX, 500))
    lines = label_lines(name, metrics, room)
    assert 1 <= len(lines) <= 2
    assert all(metrics.horizontalAdvance(line) <= room for line in lines)
    assert lines[0][0] == name[0]


def test_cards_have_the_full_name_and_edges_a_shortened_one() -> None:
    experiment = iris_like()
    values = arrange(experiment.network, snapshot_of(experiment))
    place = tuple(Feature).index(Feature("x4"))
    card = describe(Target(Part.TILE, INPUTS, place), experiment, values)
    assert card is not None
    assert card.title == f"x₄ = {NAMES[3]}"
    card = describe(Target(Part.EDGE, 0, 1, 3), experiment, values)
    assert card is not None
    assert card.title == f"{NAMES[3][:23]}… → Hidden 1 · 2"
    assert card.short_title == f"{NAMES[3][:11]}… → H1 · 2"
    assert input_name(experiment, Feature.X1) == "sepal length"


def test_pages_and_the_maps_title_say_the_names_too(qtbot: QtBot) -> None:
    experiment = iris_like()
    snapshot = snapshot_of(experiment)
    figures = describe_neuron(snapshot, 0, 0)
    assert figures is not None
    assert [row.name for row in figures.incoming] == [
        *NAMES[:1],
        *NAMES[1:3],
        LONG[:11] + "…",
        "bias",
    ]
    view = OutputView()
    qtbot.addWidget(view)
    view.show_snapshot(snapshot)
    view.show_neuron((INPUTS, 1))
    assert view.title == "Output · sepal width"


def test_the_canvas_shows_the_card_of_a_column(qtbot: QtBot) -> None:
    view = shown(qtbot, iris_like())
    view.canvas.show_card(Target(Part.TILE, INPUTS, 0), QPointF(100, 100))
    assert view.canvas.card is not None
    assert view.canvas.card.title == "x₁ = sepal length"
