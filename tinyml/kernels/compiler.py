"""How kernels are compiled and where the compiled code is kept.

The cache folder carries a digest of the kernels' sources and of the versions that made it, so that
an upgrade never runs stale code. A preset ``NUMBA_CACHE_DIR`` is respected: the folder is made
inside it. Where nothing can be written, kernels are compiled in memory.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

_MARKER = "complete"
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Without numba's reference counts: kernels only look at arrays, and counting costs atomics."""
_VARIABLES = (
    "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES",
    "NUMBA_ENABLE_AVX",
    "NUMBA_OPT",
    "NUMBA_BOUNDSCHECK",
)
"""What in the environment makes other code of the same sources."""


@cache
def _digest() -> str:
    package = Path(__file__).parent
    sources = sorted(package.glob("*.py"))
    for name in ("ops", "optimizers", "regularization", "fusion", "sweeps"):
        sources.append(package.parent / f"{name}.py")
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    made_by = {name: version(name) for name in ("numba", "llvmlite", "numpy")}
    made_by["python"] = sys.version
    for name, value in (made_by | {name: os.environ.get(name, "") for name in _VARIABLES}).items():
        digest.update(f"{name}={value}\0".encode())
    return digest.hexdigest()[:16]


def _user_folder() -> Path:
    preset = os.environ.get("NUMBA_CACHE_DIR")
    if preset:
        return Path(preset)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", tempfile.gettempdir())) / "tinyml"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/tinyml").expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "tinyml"


@cache
def cache_folder() -> Path | None:
    """Return the writable folder for compiled kernels, or None if there is none."""
    for parent in (_user_folder, lambda: Path(tempfile.gettempdir()) / f"tinyml-{os.name}"):
        try:
            folder = parent() / f"kernels-{_digest()}"
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except (OSError, RuntimeError):  # RuntimeError: no home folder can be found
            continue
    return None


def is_warm() -> bool:
    """Return whether the cache holds all kernels of this version (numba is not imported)."""
    folder = cache_folder()
    return folder is not None and (folder / _MARKER).exists()


def mark_warm() -> None:
    """Note in the cache that it is complete."""
    folder = cache_folder()
    if folder is not None:
        (folder / _MARKER).touch()


def forget() -> None:
    """Remove everything from the cache folder, e.g. because it is damaged."""
    folder = cache_folder()
    for file in folder.iterdir() if folder is not None else ():
        if file.is_file():
            file.unlink(missing_ok=True)


def inner(function: Function) -> Function:
    """Compile a function that other kernels call."""
    numba: Any = import_module("numba")
    options = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Function, numba.njit(**options)(function))


def entry(signature: str) -> Callable[[Function], Function]:
    """Compile a function that Python calls: at import, from the cache if it is there."""
    numba: Any = import_module("numba")
    folder = cache_folder()

    def decorate(function: Function) -> Function:
        if folder is None:
            return cast(Function, numba.njit(signature, **_OPTIONS)(function))
        previous, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(folder)
        try:
            return cast(Function, numba.njit(signature, cache=True, **_OPTIONS)(function))
        finally:
            numba.config.CACHE_DIR = previous

    return decorate
