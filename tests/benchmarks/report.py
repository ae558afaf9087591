"""The result as a table and as JSON."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.benchmarks.timing import Entry
from tests.benchmarks.workloads import Workload


def row_of(workload: Workload, entries: list[Entry]) -> dict[str, Any]:
    """Return one workload's result as plain values."""
    own = entries[0].microseconds or float("nan")
    contenders = {}
    for entry in entries:
        time = entry.microseconds
        contenders[entry.contender] = {
            "us_per_epoch": time,
            "ratio": None if time is None else time / own,
            "turns": len(entry.seconds),
            "scaled_from_fewer_samples": entry.scale != 1.0,
            "missing": entry.reason,
        }
    return {
        "workload": workload.name,
        "parameters": workload.n_parameters,
        "contenders": contenders,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as text: microseconds per epoch, and how many times tinyml's that is."""
    names = list(rows[0]["contenders"])
    lines = [
        "| µs per epoch (× tinyml) | " + " | ".join(names) + " |",
        "|---|" + "---|" * len(names),
    ]
    for row in rows:
        cells = []
        for name in names:
            cell = row["contenders"][name]
            if cell["us_per_epoch"] is None:
                cells.append(cell["missing"])
            else:
                sign = "≈ " if cell["scaled_from_fewer_samples"] else ""
                ratio = "" if name == "tinyml" else f" ({number(cell['ratio'])}×)"
                cells.append(f"{sign}{number(cell['us_per_epoch'])}{ratio}")
        lines.append("| " + " | ".join([row["workload"], *cells]) + " |")
    return "\n".join(lines)


def number(value: float) -> str:
    """Return three digits, with thin spaces between thousands."""
    digits = 2 if value < 10 else (1 if value < 100 else 0)
    return f"{value:,.{digits}f}".replace(",", "\u2009")


def machine() -> dict[str, str | int | None]:
    """Return what the figures depend on."""
    names = ("numpy", "numba", "torch", "jax", "micrograd")
    found: dict[str, str | int | None] = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return (
        found
        | {"processor": models[0] if models else platform.processor()}
        | {"cores": os.cpu_count()}
    )
