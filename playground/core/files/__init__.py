"""Experiment files: `.tinyml`, UTF-8 JSON. The format is described in the README.

Examples
--------
>>> from playground.core.experiment import Experiment
>>> decode_experiment(encode_experiment(Experiment())) == (Experiment(), None)
True
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from playground.core.experiment import Experiment
from playground.core.files.disk import REAL, FileSystem, read_bounded, write_atomically
from playground.core.files.document import VERSION, Document, decode_document, encode_document
from playground.core.files.errors import ExperimentFileError
from playground.core.files.syntax import shown_text
from playground.core.run_state import RunState

__all__ = [
    "SUFFIX",
    "VERSION",
    "Document",
    "ExperimentFileError",
    "decode_document",
    "decode_experiment",
    "encode_document",
    "encode_experiment",
    "load_document",
    "load_experiment",
    "load_run",
    "save_document",
    "save_experiment",
    "shown_name",
]

SUFFIX = ".tinyml"


def encode_experiment(experiment: Experiment, state: RunState | None = None) -> bytes:
    """Return an experiment file's bytes, on request with the state of its run."""
    return encode_document(Document(experiment, state))


def decode_experiment(data: bytes) -> tuple[Experiment, RunState | None]:
    """Return what an experiment file's bytes hold.

    Raises
    ------
    ExperimentFileError
        If they are no experiment file, or one that cannot be used; its message can be shown.
    """
    document = decode_document(data)
    return document.experiment, document.state


def load_document(path: str | os.PathLike[str]) -> Document:
    """Return all that a file holds, fields of newer versions included.

    Raises
    ------
    ExperimentFileError
        As `decode_experiment`, or if it cannot be read; its message begins with the name.
    """
    where = Path(path)
    try:
        return decode_document(read_bounded(where))
    except ExperimentFileError as error:
        raise error.about(shown_name(where)) from error.__cause__


def load_experiment(path: str | os.PathLike[str]) -> Experiment:
    """Return the experiment of a file; see `load_document` for the errors."""
    return load_document(path).experiment


def load_run(path: str | os.PathLike[str]) -> tuple[Experiment, RunState | None]:
    """Return a file's experiment and, if it was saved with one, the state of its run."""
    document = load_document(path)
    return document.experiment, document.state


def save_document(
    document: Document, path: str | os.PathLike[str], disk: FileSystem = REAL
) -> bytes:
    """Write a file as a whole or not at all, and return what was written.

    Raises
    ------
    ExperimentFileError
        If it could not be written; the old file is intact then.
    """
    where = Path(path)
    data = encode_document(document)
    try:
        write_atomically(where, data, disk)
    except ExperimentFileError as error:
        raise error.about(shown_name(where)) from error.__cause__
    return data


def save_experiment(
    experiment: Experiment,
    path: str | os.PathLike[str],
    state: RunState | None = None,
    disk: FileSystem = REAL,
) -> None:
    """Save an experiment, on request with the state of its run.

    Fields that a newer app wrote into the file that is saved over are kept.

    Raises
    ------
    ExperimentFileError
        If it could not be written; the old file is intact then.
    """
    version, unknown = _written_by_newer(Path(path))
    save_document(Document(experiment, state, version, unknown), path, disk)


def _written_by_newer(path: Path) -> tuple[tuple[int, int], tuple[tuple[Any, Any], ...]]:
    try:
        document = decode_document(read_bounded(path))
    except ExperimentFileError:
        return VERSION, ()
    return document.version, document.unknown


def shown_name(path: Path) -> str:
    """Return a file's name as it may be shown: short, without invisible characters."""
    return shown_text(path.name or str(path))
