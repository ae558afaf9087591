"""Prints how long exports keep the GUI thread away from an extra 16 ms precise timer.

    python -m tests.rigs.export_gaps [--preset spiral] [--view network] [--minutes 0.05] [--rest]

The real window trains at full speed meanwhile, or rests. Each export is done through its dialog: a
picture as PNG, SVG and PDF, a copy, the preview, a table, and an animation of 60 frames of
1000 × 600; the helper that makes it has stood by while the dialog was set. The
goal is p99 ≤ 40 ms and max ≤ 100 ms. The clock of a busy machine is noisy: what the GUI thread
itself worked between two ticks is printed too, in its own processor time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from tests.rigs.goals import Goals
from tests.rigs.options import parser_of
from tests.rigs.timer_gaps import GapMeter

EPOCHS = 300


class TurnMeter(GapMeter):
    """A gap meter that also knows how much of each gap the GUI thread itself has worked."""

    def __init__(self) -> None:
        super().__init__()
        self._worked: list[float] = []
        self._before = time.thread_time()

    def start(self) -> None:
        """Begin a phase."""
        self._worked, self._before = [], time.thread_time()
        super().start()

    def stop(self) -> str:
        """End the phase and return its percentiles."""
        gaps = super().stop()
        p99 = np.percentile(1000 * np.array(self._worked), 99)
        return f"{gaps}; own work p99 {p99:.0f} ms, max {1000 * max(self._worked):.0f} ms"

    def _on_tick(self) -> None:
        super()._on_tick()
        now = time.thread_time()
        self._worked.append(now - self._before)
        self._before = now


def main() -> int:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--preset", default="spiral")
    parser.add_argument("--view", default="network")
    parser.add_argument("--rest", action="store_true", help="the window does not train")
    parser.add_argument("--dark", action="store_true", help="a dark window, light pictures")
    parser.add_argument("--minutes", type=float, default=0.05, help="at least, per export")
    options = parser.parse_args()
    application = QApplication([])
    from playground.app import create_window
    from playground.core.experiment import presets
    from playground.ui.appearance import Preference
    from playground.ui.export.options import Kind

    window = create_window(presets()[options.preset])
    controller, exporter = window.controller, window.exporter
    if options.dark:
        window.choose_theme(Preference.DARK)
    loop = QEventLoop()
    window.show()
    application.processEvents()
    controller.snapshot_changed.connect(loop.quit)
    loop.exec()
    controller.snapshot_changed.disconnect(loop.quit)
    if not options.rest:
        controller.play()
    meter, goals = TurnMeter(), Goals()

    def measure(label: str, act: Callable[[], None], ends: bool = True) -> None:
        _wait(loop, 1.0)
        meter.start()
        began = time.perf_counter()
        told: list[float] = []

        def on_told(text: str) -> None:
            told.append(time.perf_counter() - began)

        for signal in (exporter.message_raised, exporter.failed):
            signal.connect(on_told)
        act()
        while ends and not told:
            _wait(loop, 0.1)
        _wait(loop, max(0.0, 60 * options.minutes - (time.perf_counter() - began)))
        for signal in (exporter.message_raised, exporter.failed):
            signal.disconnect(on_told)
        took = f"{told[0]:5.1f} s" if told else "       "
        print(f"{label:22s} {took} {meter.stop()}", flush=True)
        goals.gaps(label, meter.gaps)

    measure("nothing", lambda: None, ends=False)
    with TemporaryDirectory(prefix="tinyml-gaps-") as name:
        folder = Path(name)
        dialog = exporter.open(options.view)
        measure("preview", exporter._on_preview_wanted, ends=False)
        for k, ending in enumerate(("png", "svg", "pdf")):
            dialog.options.format.setCurrentIndex(k)
            measure(f"picture .{ending}", lambda e=ending: exporter.save(folder / f"a.{e}"))
        dialog.options.format.setCurrentIndex(0)
        measure("copy", dialog.copy_clicked.emit)
        dialog.show_kind(Kind.TABLE)
        measure("table", lambda: exporter.save(folder / "a.csv"))
        measure("helper stands by", lambda: dialog.show_kind(Kind.ANIMATION), ends=False)
        _wait(loop, 3.0)
        dialog.options.epochs.set_value(EPOCHS)
        measure("animation .gif", lambda: exporter.save(folder / "a.gif"))
        print(f"the animation has {(folder / 'a.gif').stat().st_size / 1e6:.1f} MB")
    window.close()
    return goals.code


def _wait(loop: QEventLoop, seconds: float) -> None:
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
