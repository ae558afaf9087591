"""How helper processes are started, so that they see the same modules, and ended."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QProcess

END_MS = 1000
"""How long a killed process may take until it is gone."""

_BOOT = (
    "import json, runpy, sys; _, places, *sys.argv = sys.argv; sys.path[:] = json.loads(places); "
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"
)


def module_arguments(module: str, *arguments: str) -> list[str]:
    """Return the arguments with which ``sys.executable`` runs a module like ``python -m``.

    The folders to import from are handed over as they are: in PYTHONPATH a folder whose name has
    the separator of paths would fall apart.
    """
    places = json.dumps([place for place in sys.path if place])
    return ["-P", "-c", _BOOT, places, module, *arguments]


def end_silently(process: QProcess) -> None:
    """Kill a process and wait until it is gone; it emits nothing more."""
    process.blockSignals(True)
    process.kill()
    process.waitForFinished(END_MS)
    process.deleteLater()
