"""A painted network in a window of its own, as several tests need it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from playground.ui.canvas.network_view import NetworkView
from playground.ui.fonts import load_fonts
from tests.ui.snapshots import make_snapshot, spiral_experiment


def shown_network(qtbot: QtBot) -> NetworkView:
    """Return a view of the spiral's network in mid-training, on the screen."""
    load_fonts()
    view = NetworkView()
    qtbot.addWidget(view)
    view.resize(784, 740)
    view.show_experiment(spiral_experiment())
    view.show_snapshot(make_snapshot())
    with qtbot.waitExposed(view):
        view.show()
    return view
