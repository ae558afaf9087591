"""Trains an experiment and writes one document about it; needs no display and no Qt."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from playground.core.experiment import Experiment
from playground.core.export.code import Target, prove, script
from playground.core.export.delivery import deliver
from playground.core.export.tables import table
from playground.core.export.training import Teller, tell_divergence, train_to
from playground.core.run import Run


def write_code(experiment: Experiment, epochs: int, target: str, path: Path) -> None:
    """Write the script of a run; `target` is one of `code.TARGETS`.

    Raises
    ------
    ValueError
        If the run diverges, or the file cannot be written (`ExperimentFileError`).
    """
    proof = prove(experiment, max(1, epochs), Teller(epochs).epoch)
    deliver(path, script(proof, cast(Target, target)).encode())


def write_table(experiment: Experiment, epochs: int, name: str, path: Path) -> None:
    """Write a table of a run; `name` is one of `tables.TABLES`."""
    run, tell = Run(experiment), Teller(epochs)
    for done in train_to(run, epochs):
        tell.epoch(done)
    tell_divergence(run)
    deliver(path, table(run.snapshot(), name).encode())
