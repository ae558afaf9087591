"""The rooms of DESIGN stay apart: checked on the sources, without any tool."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*(ROOT / "tinyml").rglob("*.py"), *(ROOT / "playground").rglob("*.py")])


@cache
def imported(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return frozenset(names)


def offenders(folder: str, forbidden: tuple[str, ...]) -> list[str]:
    found = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(folder):
            found += [f"{name}: {m}" for m in imported(path) if m.startswith(forbidden)]
    return found


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("tinyml/", ("PySide6", "pyqtgraph", "playground")),
        ("playground/core/", ("PySide6", "pyqtgraph", "playground.session", "playground.ui")),
        (
            "playground/session/",
            ("pyqtgraph", "PySide6.QtGui", "PySide6.QtWidgets", "playground.ui", "playground.app"),
        ),
        ("playground/ui/", ("tinyml", "playground.app", "numba")),
        ("playground/core/", ("numba",)),
    ],
)
def test_no_room_imports_what_it_must_not_know(folder: str, forbidden: tuple[str, ...]) -> None:
    assert offenders(folder, forbidden) == []


def test_only_the_kernels_import_numba() -> None:
    users = {
        p.relative_to(ROOT).as_posix()
        for p in SOURCES
        if any(name.split(".")[0] == "numba" for name in imported(p))
    }
    assert all(name.startswith("tinyml/kernels/") for name in users), users


def test_no_module_is_longer_than_400_lines() -> None:
    long = {p.name: n for p in SOURCES if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_ops_value_and_graph_stay_readable_in_an_evening() -> None:
    lines = sum(
        len((ROOT / "tinyml" / name).read_text().splitlines())
        for name in ("ops.py", "value.py", "graph.py")
    )
    assert lines < 500


def test_every_dependency_has_its_reason_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {re.split(r"[<>=;\[ ]", wanted)[0] for wanted in project["dependencies"]}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = readme.split("## Dependencies")[1].split("\n\n")[1].splitlines()[2:]
    assert {row.split("|")[1].strip() for row in rows} == needed
