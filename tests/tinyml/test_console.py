"""The package as a stranger meets it: import, console, documentation examples."""

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tinyml
from tinyml.__main__ import EXAMPLE, main

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(tinyml.__path__, "tinyml.")
    if not name.startswith("tinyml.kernels") and not name.endswith("__main__")
]


def python(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("name", ["tinyml", *MODULES])
def test_examples_in_docstrings_are_true(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_importing_the_library_imports_neither_numba_nor_qt():
    out = python(
        "import sys, tinyml; from tinyml import *;"
        "print([m for m in ('numba', 'PySide6', 'pyqtgraph') if m in sys.modules])"
    )
    assert out.strip() == "[]"


def test_everything_public_is_exported_and_documented():
    for name in tinyml.__all__:
        thing = getattr(tinyml, name)
        if callable(thing):
            assert thing.__doc__, name
    assert len(set(tinyml.__all__)) == len(tinyml.__all__)


def lines_of_readme() -> list[str]:
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if "moons" in block).splitlines()


@pytest.mark.parametrize(
    "lines",
    [lines_of_readme(), [line.removeprefix("    ") for line in EXAMPLE.splitlines()]],
    ids=["README", "console"],
)
def test_five_lines_train_two_moons_without_qt(lines):
    assert len([line for line in lines if line]) == 5
    blocked = "import sys; sys.modules['PySide6'] = sys.modules['pyqtgraph'] = None\n"
    test_loss = float(python(blocked + "\n".join(lines)).rsplit(maxsplit=1)[-1])
    assert test_loss < 0.1


def test_without_arguments_the_console_says_what_there_is(capsys):
    assert main([]) == 0
    text = capsys.readouterr().out
    for word in ("xor", "leaky_relu", "xavier_uniform", "bce_logits", "AdamW", "yin-yang", EXAMPLE):
        assert word in text


def test_xor_prints_the_seeds_report_and_ends_near_its_targets(capsys):
    assert main(["xor", "--epochs", "20250"]) == 0
    *progress, a, b, c, d = capsys.readouterr().out.splitlines()
    assert len(progress) == 41
    pattern = re.compile(r"Epoch (\d+) \| Total Loss: (\S+)")
    reports = [pattern.fullmatch(line) for line in progress]
    assert [int(r[1]) for r in reports] == [*range(500, 20_001, 500), 20_250]
    losses = [float(r[2]) for r in reports]
    assert losses[-1] < 1e-3 < losses[0]
    predictions = [float(line.rsplit(maxsplit=1)[-1]) for line in (a, b, c, d)]
    assert predictions == pytest.approx([0.0, 1.0, 1.0, 0.0], abs=0.02)


def test_total_loss_is_the_sum_over_the_rows_and_so_is_its_gradient(capsys):
    from tinyml import MLP, Value, make_dataset

    main(["xor", "--epochs", "2", "--seed", "7"])
    printed = capsys.readouterr().out.splitlines()[0]
    data, model = make_dataset("xor-table"), MLP(2, [4, 1], "tanh", initializer="seed", seed=7)
    for _ in range(2):
        total = Value(0.0)
        for x, y in zip(data.x, data.y, strict=True):
            total = total + (model(x) - y) ** 2
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
    assert printed == f"Epoch 2 | Total Loss: {total.data:.6g}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["xor", "--epochs", "0"], "--epochs must be at least 1, got 0"),
        (["xor", "--seed", "-1"], "--seed must be 0 to"),
        (["or"], "invalid choice"),
    ],
)
def test_wrong_arguments_end_with_one_line_and_code_two(arguments, words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_the_module_runs_as_a_program():
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tinyml"]
    run = subprocess.run(command, capture_output=True, env=environment, text=True, check=True)
    assert "xor" in run.stdout
