"""What an experiment file holds, and the versions it comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from playground.core.experiment import Experiment
from playground.core.files.codec import Unknown, from_tree, to_tree, wrong_at
from playground.core.files.errors import ExperimentFileError
from playground.core.files.syntax import MAX_BYTES, Path, parse_json, shown_text
from playground.core.run_state import RunState, check_state

FORMAT = "tinyml-playground"
Version = tuple[int, int]
VERSION: Version = (1, 1)
"""Major and minor: a newer minor adds fields, a newer major cannot be read by this app."""

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """An experiment, on request the state of its run, and what a newer app wrote beside them.

    Attributes
    ----------
    experiment, state : what the file is about.
    version : of the file; older ones have been brought up to this app's.
    unknown : (path, JSON value) of fields that this version does not know; saved again.
    """

    experiment: Experiment
    state: RunState | None = None
    version: Version = VERSION
    unknown: tuple[tuple[Path, Any], ...] = ()


def encode_document(document: Document) -> bytes:
    """Return the file's bytes: UTF-8 JSON, one line per part.

    Raises
    ------
    ExperimentFileError
        If it would be too large to be opened again.
    """
    tree: Tree = {
        "format": FORMAT,
        "version": list(max(document.version, VERSION)),
        "experiment": to_tree(document.experiment),
    }
    if document.state is not None:
        tree["run"] = to_tree(document.state)
    for path, value in document.unknown:
        _put(tree, path, value)
    parts = [msgspec.json.encode(key) + b": " + _spelled(value) for key, value in tree.items()]
    data = b"{\n" + b",\n".join(parts) + b"\n}\n"
    if len(data) > MAX_BYTES:
        raise ExperimentFileError("The experiment is too large for a file (32 MB).")
    return data


def _spelled(value: Any) -> bytes:
    if isinstance(value, dict) and "network" in value:  # the part that people read
        return msgspec.json.format(msgspec.json.encode(value), indent=1)
    return msgspec.json.encode(value)


def decode_document(data: bytes) -> Document:
    """Return what a file's bytes hold.

    Raises
    ------
    ExperimentFileError
        If they are not an experiment file, damaged, or of a newer major version.
    """
    tree = parse_json(data)
    if tree.get("format") != FORMAT:
        raise ExperimentFileError("This is not an experiment file.")
    version = _version(tree)
    tree = migrated(tree, version, VERSION, MIGRATIONS)
    unknown: Unknown = [
        ((key,), value)
        for key, value in tree.items()
        if key not in ("format", "version", "experiment", "run")
    ]
    if "experiment" not in tree:
        raise wrong_at(("experiment",), "this is missing")
    experiment = from_tree(Experiment, tree["experiment"], ("experiment",), unknown)
    state = from_tree(RunState | None, tree.get("run"), ("run",), unknown)
    if state is not None:
        try:
            check_state(experiment, state)
        except ValueError as error:
            raise wrong_at(("run",), str(error)) from None
    return Document(experiment, state, max(version, VERSION), tuple(unknown))


def _version(tree: Tree) -> Version:
    if "version" not in tree:
        raise wrong_at(("version",), "this is missing")
    found = tree["version"]
    if (
        not isinstance(found, list)
        or [type(n) for n in found] != [int, int]
        or not all(0 <= n < 1_000_000 for n in found)
    ):
        shown = shown_text(str(found))
        raise wrong_at(("version",), f"expected two numbers like [1, 0], got {shown}")
    major, minor = found
    if major > VERSION[0]:
        raise ExperimentFileError(
            f"It was made by a newer app (file version {major}.{minor}, this app reads"
            f" {VERSION[0]}.x). Update the app to open it."
        )
    if major < 1:
        raise wrong_at(("version",), f"there is no version {major}.{minor}")
    return major, minor


Migration = Callable[[Tree], Tree]


def migrated(tree: Tree, version: Version, goal: Version, steps: dict[Version, Migration]) -> Tree:
    """Return a tree brought from `version` to `goal` one step after the other."""
    for start in sorted(steps):
        if version <= start < goal:
            tree = steps[start](tree)
    return tree


MIGRATIONS: dict[Version, Migration] = {}
"""Per version the step to the next one; a minor version that only adds fields needs none."""


def _put(tree: Any, path: Path, value: Any) -> None:
    """Put an unknown field back where it was, if its surroundings are still there."""
    for key in path[:-1]:
        try:
            tree = tree[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(tree, dict):
        tree.setdefault(path[-1], value)
