"""Documents that the command line writes about a run, without Qt and without a window."""

import csv
import subprocess
import sys

import pytest

from playground.core.experiment import presets
from playground.core.export.delivery import WRITTEN
from playground.core.export.documents import write_code, write_table
from playground.core.export.tables import table
from playground.core.files import ExperimentFileError
from playground.core.run import Run


def test_a_table_of_a_run_is_written_and_the_epochs_are_told(tmp_path, capsys):
    path = tmp_path / "weights.csv"
    write_table(presets()["circle"], 3, "weights", path)
    run = Run(presets()["circle"])
    run.advance(3 * run.n_batches)
    assert path.read_bytes() == table(run.snapshot(), "weights").encode()
    rows = csv.DictReader(path.read_text().splitlines())
    assert len(list(rows)) == run.experiment.network.n_parameters
    assert capsys.readouterr().err.splitlines()[-2:] == ["epoch 3 of 3", WRITTEN]


def test_a_script_of_a_run_is_written_and_proves_itself(tmp_path):
    path = tmp_path / "run.py"
    write_code(presets()["xor-table"], 4, "numpy", path)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("write", [write_code, write_table])
def test_a_place_that_cannot_be_written_is_named(tmp_path, write):
    with pytest.raises(ExperimentFileError, match="Not saved"):
        write(
            presets()["xor-table"],
            1,
            "numpy" if write is write_code else "series",
            tmp_path / "no folder" / "out",
        )
