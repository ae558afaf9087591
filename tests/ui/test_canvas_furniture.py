"""What stands still is painted once, and anew as soon as it would look different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from playground.core.experiment import Experiment, Feature, LayerSpec
from playground.ui.canvas.network_view import NetworkView
from playground.ui.theme import DARK
from tests.ui.networks import shown_network
from tests.ui.snapshots import make_snapshot, spiral_experiment


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    return shown_network(qtbot)


def painted(view: NetworkView, scale: float = 1.0) -> QImage:
    image = QImage(view.canvas.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    view.canvas.render(painter, QPoint(0, 0))
    painter.end()
    return image


def test_a_newer_step_keeps_the_picture(view: NetworkView) -> None:
    painted(view)
    before = view.canvas._furniture._pixmap.cacheKey()
    newer = replace(make_snapshot(epoch=401), feature_maps=view.canvas.snapshot.feature_maps)
    view.show_snapshot(newer)
    painted(view)
    assert view.canvas._furniture._pixmap.cacheKey() == before


def with_network(**changes: object) -> Experiment:
    experiment = spiral_experiment()
    return replace(experiment, network=replace(experiment.network, **changes))


CHANGES: dict[str, Callable[[NetworkView], object]] = {
    "a layer's size": lambda v: v.show_experiment(with_network(hidden=(LayerSpec(3),))),
    "a feature": lambda v: v.show_experiment(with_network(features=(Feature.X1,))),
    "the theme": lambda v: v.apply_theme(DARK),
    "the room": lambda v: v.resize(700, 700),
    "the zoom": lambda v: v.canvas.zoom_by(1.5),
    "a picture without handles": lambda v: v.set_exporting(True),
    "the features' maps": lambda v: v.show_snapshot(
        replace(make_snapshot(), feature_maps=-v.canvas.snapshot.feature_maps)
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_its_look_is_painted_as_if_nothing_was_kept(
    view: NetworkView, name: str
) -> None:
    before = painted(view)
    CHANGES[name](view)
    view.canvas.ease(1.0)
    kept = painted(view)
    view.canvas._furniture._shown = None
    view.canvas.refresh()
    assert kept == painted(view)
    assert kept != before


def test_a_picture_at_twice_the_size_is_sharp(view: NetworkView) -> None:
    painted(view)
    kept = painted(view, 2.0)
    view.canvas._furniture._shown = None
    view.canvas.refresh()
    assert kept == painted(view, 2.0)


def test_a_renamed_column_is_written_anew(
    view: NetworkView, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = painted(view)
    names = {Feature.X1: "petal length"}
    monkeypatch.setattr("playground.ui.canvas.canvas.column_names", lambda _: names)
    view.canvas.refresh()
    assert painted(view) != before
