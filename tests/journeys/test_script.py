"""What a script does with the app: make the window, press play at once, read the snapshot."""

from __future__ import annotations

from playground.app import create_window
from playground.core.experiment import presets


def test_play_right_after_create_window_trains(qtbot) -> None:
    window = create_window(presets()["xor-table"])
    qtbot.addWidget(window)
    window.controller.play()
    qtbot.waitUntil(
        lambda: window.controller.snapshot is not None and window.controller.snapshot.epoch > 5,
        timeout=60_000,
    )
    window.controller.pause()
    window.close()
    assert window.controller.snapshot is not None
    assert window.controller.snapshot.step >= window.controller.snapshot.epoch
