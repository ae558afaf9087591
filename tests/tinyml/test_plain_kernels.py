"""The kernels as plain Python, without any compiler, pass the tests of the compiled ones."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = (
    "test_tape.py",
    "test_optimizers.py",
    "test_training.py::test_plain_descent_follows_the_engine_step_by_step",
    "test_training.py::test_l2_adds_the_weights_and_leaves_biases_alone",
    "test_training.py::test_l1_stops_a_weight_at_zero_and_lets_it_grow_back",
    "test_training.py::test_dropout_in_training_is_the_engines_with_the_same_masks",
)


def test_plain_kernels_pass_the_tests_of_compiled_ones():
    tests = [f"tests/tinyml/{name}" for name in TESTS]
    command = [sys.executable, "-m", "tests.tinyml.plain_kernels", *tests]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
