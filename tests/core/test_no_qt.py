"""The core and the library are importable and usable without Qt."""

import subprocess
import sys

CODE = """
import sys
import playground.core.run, playground.core.history, playground.core.experiment
run = playground.core.run.Run(playground.core.experiment.presets()["xor-table"])
run.advance(10)
run.snapshot()
found = sorted(name for name in sys.modules if name.startswith(("PySide6", "pyqtgraph")))
sys.exit(", ".join(found) or 0)
"""


def test_a_run_trains_and_is_observed_without_qt():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
