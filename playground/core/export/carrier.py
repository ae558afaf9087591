"""Opens experiments from experiment files and from pictures that carry one."""

from __future__ import annotations

import os
from pathlib import Path

from playground.core.experiment import Experiment
from playground.core.export.metadata import MAX_FILE, NoExperimentError, find_experiment
from playground.core.files import ExperimentFileError, decode_experiment, load_run, shown_name
from playground.core.files.disk import read_bounded
from playground.core.run_state import RunState

PICTURES = (".png", ".svg", ".pdf", ".gif", ".webp", ".apng", ".html")


def is_picture(path: Path) -> bool:
    """Whether the file's name says that it may carry an experiment."""
    return path.suffix.lower() in PICTURES


def load_carried(path: str | os.PathLike[str]) -> tuple[Experiment, RunState | None]:
    """Return the experiment of an experiment file, a picture or a page; and its run's state.

    Raises
    ------
    ExperimentFileError
        If there is none, or it cannot be read; the message begins with the file's name.
    """
    where = Path(path)
    if not is_picture(where):
        return load_run(where)
    try:
        return decode_experiment(find_experiment(read_bounded(where, MAX_FILE)))
    except NoExperimentError as error:
        raise ExperimentFileError(str(error)).about(shown_name(where)) from None
    except ExperimentFileError as error:
        raise error.about(shown_name(where)) from error.__cause__
