"""No text is cut off, elided or written over another, at any size of window and of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from playground.core.experiment import MAX_SAMPLES, DatasetKind
from playground.core.health import Finding, Trouble
from playground.core.snapshot import Activity
from playground.ui.appearance import Preference
from playground.ui.controls.base import Themed
from playground.ui.main_window import MainWindow
from playground.ui.theme import TEXT_SCALES, TITLE_PX, scaled_font, text_scale
from tests.ui.fake_controller import FakeController
from tests.ui.painted_text import Text, texts_of

SIZES = [(1440, 900), (1280, 720), (1120, 660)]
ELLIPSIS = "…"
TOUCH = 1.6
"""Pixels by which the boxes of neighbours may overlap: accents, indices, rounding."""


@pytest.fixture(scope="module")
def window(qapp: QApplication) -> Iterator[MainWindow]:
    window = MainWindow(FakeController())  # type: ignore[arg-type]  # a fake
    window.show()
    yield window
    window.handlers.choose_text_scale(1.0)
    window.choose_theme(Preference.LIGHT)
    window.close()
    window.deleteLater()


def settle(window: MainWindow, size: tuple[int, int], scale: float) -> None:
    if scale != text_scale():
        window.handlers.choose_text_scale(scale)
    window.resize(*size)
    for _ in range(3):  # layouts ask each other
        QApplication.sendPostedEvents()


def settled_texts(
    window: MainWindow, size: tuple[int, int], scale: float, parts: Sequence[QWidget] = ()
) -> list[Text]:
    settle(window, size, scale)
    return texts_of(window, parts)


def faults(texts: list[Text]) -> list[str]:
    """Return what is wrong with the texts, in words."""
    found = [f"elided: {text}" for text in texts if ELLIPSIS in text.words]
    for text in texts:
        room = QRectF(text.widget.rect()).adjusted(-1, -1, 1, 1)
        if not room.contains(text.own):
            found.append(f"cut off: {text} of {text.widget.size()}")
    for one, other in combinations(texts, 2):
        common = one.rect.intersected(other.rect)
        if min(common.width(), common.height()) > TOUCH and not scrolled_apart(one, other):
            found.append(f"overlap: {one} and {other}")
    return found


def scrolled_apart(one: Text, other: Text) -> bool:
    """Whether one of two texts lies in a part of its panel that is scrolled out of view."""
    return not all(
        text.widget.visibleRegion().contains(text.own.center().toPoint()) for text in (one, other)
    )


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_every_text_of_the_window_is_whole_and_free(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    texts = settled_texts(window, size, scale)
    assert len(texts) > 70
    assert faults(texts) == []
    assert window.left.area.widget().minimumSizeHint().width() < round(252 * scale)


@pytest.mark.parametrize("scale", [TEXT_SCALES[0], TEXT_SCALES[-1]])
def test_every_text_is_whole_on_each_tab_with_a_table_and_while_running(
    window: MainWindow, scale: float
) -> None:
    controller = window.controller
    assert isinstance(controller, FakeController)
    before = controller.experiment
    tables = replace(before, data=replace(before.data, kind=DatasetKind.XOR_TABLE))
    try:
        controller.apply(tables)
        controller.set_activity(Activity.RUNNING)
        for size in SIZES:
            settle(window, size, scale)
            for index in range(window.right.tabs.count()):
                window.right.tabs.setCurrentIndex(index)
                assert faults(settled_texts(window, size, scale)) == []
    finally:
        controller.apply(before)
        controller.set_activity(Activity.PAUSED)


@pytest.mark.parametrize("scale", TEXT_SCALES)
def test_the_panel_over_the_canvas_is_whole_too(window: MainWindow, scale: float) -> None:
    settle(window, (1120, 660), scale)
    window.side.buttons["Data"].click()
    inside = settled_texts(window, (1120, 660), scale, [window.left])
    assert len(inside) > 20
    assert faults(inside) == []
    window.side.close_overlay()


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_with_the_dock_open_every_text_around_the_graph_is_whole_too(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    dock = window.bottom.dock
    window.bottom.reduced_motion = True
    window.bottom.set_open(True)
    try:
        parts = (dock.bar, dock.pane, window.right, window.run_bar)
        inside = settled_texts(window, size, scale, parts)
        words = [text.words for text in inside]
        assert {"Forward", "Backward", "Play", "The scalar graph", "Output"} <= set(words)
        assert faults(inside) == []
        area = window.centralWidget()
        assert area.horizontalScrollBar().maximum() == 0
        assert area.verticalScrollBar().value() == area.verticalScrollBar().maximum()
    finally:
        window.bottom.set_open(False)


@pytest.mark.parametrize("size", SIZES)
def test_the_views_keep_their_controls_where_text_is_large(
    window: MainWindow, size: tuple[int, int]
) -> None:
    right = window.right
    for scale in (TEXT_SCALES[0], TEXT_SCALES[-1]):
        for view, control in (
            (right.output, right.output.test_box),
            (right.loss, right.loss.extras_chip),
        ):
            settle(window, size, scale)
            if (index := right.stack.indexOf(view)) >= 0:
                right.tabs.setCurrentIndex(index)
            assert control.isVisible()
            assert is_in_view(window, control)


def test_text_of_another_size_is_drawn_at_once_and_keeps_its_proportions(
    window: MainWindow,
) -> None:
    sizes = {}
    for scale in TEXT_SCALES:
        found = settled_texts(window, (1440, 900), scale, [window.run_bar])
        sizes[scale] = {t.words: t.rect.height() for t in found if t.words in ("Run", "Epoch")}
    for small, large in pairwise(TEXT_SCALES):
        for words, height in sizes[small].items():
            assert sizes[large][words] == pytest.approx(height * large / small, rel=0.12)


def test_a_window_smaller_than_its_contents_scrolls_to_all_of_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    settle(window, (700, 500), 1.0)
    area = window.centralWidget()
    assert window.zones.size().width() == 1120
    for bar in (area.horizontalScrollBar(), area.verticalScrollBar()):
        assert bar.maximum() > 0
        bar.setValue(bar.maximum())
    assert is_in_view(window, window.status.activity)
    settle(window, (1440, 900), 1.0)
    assert area.horizontalScrollBar().maximum() == 0


def is_in_view(window: MainWindow, widget: QWidget) -> bool:
    return not widget.visibleRegion().isEmpty()


@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_larger_text_never_makes_the_window_scroll(
    window: MainWindow, size: tuple[int, int], scale: float
) -> None:
    settle(window, size, scale)
    area = window.centralWidget()
    assert (area.horizontalScrollBar().maximum(), area.verticalScrollBar().maximum()) == (0, 0)


@pytest.mark.parametrize("message", ["", "Saved output.png in Documents."])
@pytest.mark.parametrize("scale", TEXT_SCALES)
@pytest.mark.parametrize("size", SIZES)
def test_the_status_line_leaves_out_what_has_no_room_rather_than_cutting_it(
    window: MainWindow,
    size: tuple[int, int],
    scale: float,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = Finding(Trouble.OVERFITTING, "Overfitting: the test loss was lowest at epoch 12345")
    monkeypatch.setattr("playground.ui.status_line.diagnose", lambda snapshot: long)
    controller, status = window.controller, window.status
    assert isinstance(controller, FakeController)
    assert controller.snapshot is not None
    try:
        controller.set_activity(Activity.RUNNING)
        status.show_message(message)
        status.show_snapshot(replace(controller.snapshot, epochs_per_second=12345.6))
        inside = settled_texts(window, size, scale, [status])
        assert faults(inside) == []
        words = " ".join(text.words for text in inside)
        assert "Computation graph" in words
        assert "Running" in words
        assert message in words
        assert bool(message) or long.words in words
        if (size, scale) == (SIZES[0], 1.0):
            assert "scalar nodes" in words
            assert "12\N{THIN SPACE}346 epochs/s" in words
    finally:
        monkeypatch.undo()
        status._timer.stop()
        status._on_message_expired()
        controller.set_activity(Activity.PAUSED)
        status.show_snapshot(controller.snapshot)


def test_the_run_bar_takes_a_second_row_only_where_one_is_too_short(window: MainWindow) -> None:
    bar = window.run_bar
    settle(window, (1440, 900), 1.75)
    assert bar.is_stacked
    assert bar.epoch.y() >= bar.run.geometry().bottom()
    assert bar.accuracy.geometry().right() < bar.width()
    assert bar.export.geometry().right() == bar.width() - 17
    settle(window, (1440, 900), 1.0)
    assert not bar.is_stacked
    assert bar.height() == 56
    assert bar.batch.isVisible()


def test_text_keeps_its_size_whenever_a_widget_is_polished_anew(window: MainWindow) -> None:
    window.handlers.choose_text_scale(1.0)
    themed = [w for w in window.findChildren(QWidget) if isinstance(w, Themed)]
    before = {w: w.font().pixelSize() for w in themed}
    window.handlers.choose_text_scale(1.5)
    chosen = {w: w.font().pixelSize() for w in themed}
    assert sum(chosen[w] > before[w] for w in themed) > 100
    for widget in themed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    assert {w: w.font().pixelSize() for w in themed} == chosen


@pytest.mark.parametrize("scale", [1.0, 1.75])
def test_the_run_bar_has_room_for_the_most_batches_of_an_epoch(
    window: MainWindow, scale: float
) -> None:
    settle(window, (round(1440 * scale), round(900 * scale)), scale)
    batch = window.run_bar.batch
    words = f"{MAX_SAMPLES} / {MAX_SAMPLES}"
    assert batch.isVisible()
    assert QFontMetrics(scaled_font(TITLE_PX, 500)).horizontalAdvance(words) <= batch.width()
