"""How long the canvas takes to paint; prints its figures (run with -m slow -s)."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import thread_time

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter

from playground.core.experiment import (
    Experiment,
    Feature,
    LayerSpec,
    NetworkSpec,
    available_features,
)
from playground.core.snapshot import Activity
from playground.ui.canvas.network_view import NetworkView
from playground.ui.fonts import load_fonts
from tests.ui.snapshots import make_snapshot

REPEATS = 30


def milliseconds_per_frame(view: NetworkView, experiment: Experiment) -> tuple[float, float]:
    """The medians, of this thread's own time, of taking a snapshot up and of painting it."""
    snapshots = [
        replace(make_snapshot(replace(experiment, seed=seed)), experiment=experiment)
        for seed in range(3)
    ]
    # As in a run: one array of features for all its snapshots.
    snapshots = [replace(s, feature_maps=snapshots[0].feature_maps) for s in snapshots]
    image = QImage(view.canvas.size(), QImage.Format.Format_RGB32)
    taking, painting = [], []
    for repeat in range(REPEATS):
        start = thread_time()
        view.show_snapshot(snapshots[repeat % 3])
        middle = thread_time()
        painter = QPainter(image)
        view.canvas.render(painter, QPoint(0, 0))
        painter.end()
        taking.append(1000 * (middle - start))
        painting.append(1000 * (thread_time() - middle))
    return median(taking), median(painting)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sizes", "features", "limit"),
    [
        ((8, 8, 8), (Feature.X1, Feature.X2), 12.0),
        ((32, 32, 32), available_features(2), 25.0),
        ((8,) * 8, (Feature.X1, Feature.X2), 25.0),
    ],
)
def test_a_frame_is_painted_in_time(qtbot, sizes, features, limit):
    load_fonts()
    hidden = tuple(LayerSpec(size) for size in sizes)
    experiment = Experiment(network=NetworkSpec(features=features, hidden=hidden))
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(784, 670)
    view.show_experiment(experiment)
    view.show_activity(Activity.RUNNING)
    with qtbot.waitExposed(view):
        view.show()
    taking, painting = milliseconds_per_frame(view, experiment)
    name = "-".join(str(size) for size in (len(features), *sizes, 1))
    print(f"\n{name}: snapshot {taking:.2f} ms, paint {painting:.2f} ms")
    assert taking + painting < limit
