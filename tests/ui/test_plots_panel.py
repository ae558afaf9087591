"""The right panel: which view is redrawn when, and where the views are."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from playground.core.snapshot import Activity
from playground.ui import redraws as module
from playground.ui.fonts import load_fonts
from playground.ui.right_panel import RightPanel
from playground.ui.theme import DARK, LIGHT
from tests.ui.snapshots import make_snapshot


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])
    return now


@pytest.fixture
def panel(qtbot: QtBot) -> RightPanel:
    load_fonts()
    widget = RightPanel()
    qtbot.addWidget(widget)
    widget.apply_theme(LIGHT)
    widget.resize(403, 740)
    widget.show()
    return widget


def counted(panel: RightPanel, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    calls: Counter[str] = Counter()
    for name in ("output", "loss", "weights", "gradients", "activations", "neuron"):
        view = getattr(panel, name)
        monkeypatch.setattr(view, "show_snapshot", lambda s, name=name: calls.update([name]))
    return calls


def test_hidden_tabs_are_not_updated(panel: RightPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(panel, monkeypatch)
    for _ in range(5):
        panel.show_snapshot(make_snapshot())
    assert calls == {"output": 5, "loss": 5, "gradients": 5}


def test_a_tab_catches_up_when_it_is_opened(panel: RightPanel) -> None:
    snapshot = make_snapshot()
    panel.show_snapshot(snapshot)
    assert panel.weights.histograms == ()
    panel.tabs.setCurrentIndex(0)
    assert len(panel.weights.histograms) == len(snapshot.layers)


def test_a_hidden_panel_costs_nothing(panel: RightPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = counted(panel, monkeypatch)
    panel.hide()
    panel.show_snapshot(make_snapshot())
    assert not calls
    panel.show()
    assert calls == {"output": 1, "loss": 1, "gradients": 1}


def test_while_running_one_view_per_tick_within_its_budget(
    panel: RightPanel, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    snapshot = make_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_activity(Activity.RUNNING)
    calls = counted(panel, monkeypatch)
    for tick in range(300):
        clock[0] += 0.033
        before = calls.total()
        panel.show_snapshot(replace(snapshot, epoch=snapshot.epoch + tick))
        assert calls.total() - before <= 1
    seconds = 300 * 0.033
    assert 8 * seconds < calls["output"] <= 15 * seconds
    assert 8 * seconds < calls["loss"] <= 15 * seconds
    assert 4 * seconds < calls["gradients"] <= 10 * seconds


def test_where_ticks_are_rare_a_second_view_takes_the_room_left(
    panel: RightPanel, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    snapshot = make_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_activity(Activity.RUNNING)
    calls = counted(panel, monkeypatch)
    clock[0] += 0.3
    panel.show_snapshot(replace(snapshot, epoch=snapshot.epoch + 1))
    assert calls.total() == 1
    panel.redraw_another()
    assert calls.total() == 2
    clock[0] += 0.033
    panel.show_snapshot(replace(snapshot, epoch=snapshot.epoch + 2))
    assert calls.total() == 3
    panel.redraw_another()
    assert calls == {"output": 1, "loss": 1, "gradients": 1}, "where they are not, none is late"
    clock[0] += 0.3
    panel.show_snapshot(replace(snapshot, epoch=snapshot.epoch + 3))
    panel.hide()
    panel.redraw_another()
    assert calls.total() == 4, "nothing is drawn where nothing is seen"
    panel.show()
    before = calls.total()
    panel.show_activity(Activity.PAUSED)
    clock[0] += 0.3
    panel.redraw_another()
    assert calls.total() == before, "all is drawn where nothing moves"


def test_pausing_brings_every_visible_view_up_to_date(
    panel: RightPanel, clock: list[float]
) -> None:
    first = make_snapshot(epoch=10)
    panel.show_snapshot(first)
    panel.show_activity(Activity.RUNNING)
    last = make_snapshot(epoch=99)
    panel.show_snapshot(last)
    panel.show_activity(Activity.PAUSED)
    panel.catch_up()
    assert panel.loss.train_curve.getData()[0][-1] == 99
    assert panel.gradients.curves[0].getData()[0][-1] == 99


def test_a_new_run_is_shown_at_once(
    panel: RightPanel, monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    snapshot = make_snapshot()
    panel.show_snapshot(snapshot)
    panel.show_activity(Activity.RUNNING)
    calls = counted(panel, monkeypatch)
    panel.show_snapshot(replace(snapshot, run_id=2))
    assert calls == {"output": 1, "loss": 1, "gradients": 1}


def test_a_short_panel_moves_loss_and_then_output_into_the_tabs(panel: RightPanel) -> None:
    def names() -> list[str]:
        return [panel.tabs.tabText(k) for k in range(panel.tabs.count())]

    assert names() == ["Weights", "Gradients", "Activations", "Neuron", "More"]
    panel.resize(347, 600)
    assert names()[:2] == ["Loss", "Weights"]
    assert panel.stack.currentWidget() is panel.loss
    panel.resize(347, 470)
    panel.show_snapshot(make_snapshot())
    assert names()[:3] == ["Output", "Loss", "Weights"]
    assert panel.stack.currentWidget() is panel.output
    panel.resize(347, 600)
    assert panel.stack.currentWidget() is panel.loss
    panel.resize(347, 470)
    panel.resize(403, 740)
    assert names() == ["Weights", "Gradients", "Activations", "Neuron", "More"]
    assert panel.stack.currentWidget() is panel.gradients
    assert not panel.loss.is_empty
    assert panel.loss.isVisible()
    assert panel.output.isVisible()


@pytest.mark.parametrize(("size", "side"), [((403, 740), 280), ((347, 560), 212)])
def test_the_map_has_the_size_of_the_mock_ups(
    panel: RightPanel, size: tuple[int, int], side: int
) -> None:
    panel.resize(*size)
    area = panel.output.map_area
    assert (area.width(), area.height()) == (side, side)
    assert (area.left(), area.top()) == (40, 44)


def test_tabs_and_pages_stay_together_when_a_page_is_brought_to_front(panel: RightPanel) -> None:
    panel.show_snapshot(make_snapshot())
    panel.stack.setCurrentWidget(panel.weights)
    assert panel.tabs.tabText(panel.tabs.currentIndex()) == "Weights"
    assert panel.weights.histograms


def test_selected_and_hovered_neurons_go_to_their_views(panel: RightPanel) -> None:
    panel.show_snapshot(make_snapshot())
    panel.show_neuron((0, 3))
    assert panel.output.title == "Output · Hidden 1 · 4"
    panel.show_neuron(None)
    panel.select_neuron((0, 3))
    panel.tabs.setCurrentIndex(3)
    assert panel.neuron.figures is not None
    assert panel.neuron.figures.name == "Hidden 1 · 4"


def test_everything_has_a_name_and_a_sentence(panel: RightPanel) -> None:
    for name in ("output", "loss", "weights", "gradients", "activations", "neuron"):
        view = getattr(panel, name)
        assert view.accessibleName()
        assert view.toolTip().endswith(".")
    panel.apply_theme(DARK)
    assert panel.gradients.theme is DARK


def test_run_pressed_too_early_is_answered_where_the_eye_is(panel: RightPanel) -> None:
    windows = [panel.open_larger(panel.loss)]
    panel.show_activity(Activity.PREPARING)
    windows.append(panel.open_larger(panel.loss))
    views = [panel.loss, *(window.view for window in windows)]
    assert [view.empty_words[0] for view in views] == ["Preparing"] * 3
    panel.show_activity(Activity.RUNNING)
    assert [view.empty_words[0] for view in views] == ["Nothing trained yet"] * 3
    for window in windows:
        window.close()
