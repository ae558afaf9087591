"""How a helper process is started that sees the same modules as this one."""

from __future__ import annotations

import json
import sys

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
