"""How the cost of an epoch grows with samples, width and depth."""

from __future__ import annotations

from math import log
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.contenders import tape
from tests.benchmarks.workloads import Workload

SAMPLES = (64, 250, 1000, 4000, 16000)
WIDTHS = (4, 8, 16, 32, 64, 128, 256)
DEPTHS = (1, 2, 4, 8, 15)


def curves(turns: int) -> dict[str, list[dict[str, float]]]:
    """Return the three curves of tinyml's tape."""
    return {
        "samples": [_point(n, (8, 8, 1), n, turns) for n in SAMPLES],
        "width": [_point(w, (w, w, 1), 500, turns) for w in WIDTHS],
        "depth": [_point(d, (16,) * d + (1,), 500, turns) for d in DEPTHS],
    }


def _point(at: int, sizes: tuple[int, ...], n_samples: int, turns: int) -> dict[str, float]:
    workload = Workload("", 2, sizes, n_samples, n_samples)
    run = tape(workload)
    run(2)
    started = perf_counter()
    run(2)
    epochs = max(1, round(0.1 / (perf_counter() - started)))
    seconds = []
    for _ in range(turns):
        started = perf_counter()
        run(epochs)
        seconds.append((perf_counter() - started) / epochs)
    per_weight = 1e9 * median(seconds) / (n_samples * workload.n_parameters)
    return {
        "at": at,
        "parameters": workload.n_parameters,
        "us_per_epoch": 1e6 * median(seconds),
        "ns_per_sample_and_parameter": per_weight,
    }


def exponent(points: list[dict[str, float]], over: str) -> float:
    """Return k in time ∝ overᵏ, between the last two points; 1 is linear."""
    first, last = points[-2], points[-1]
    return log(last["us_per_epoch"] / first["us_per_epoch"]) / log(last[over] / first[over])


def table(found: dict[str, list[dict[str, float]]]) -> str:
    """Return the curves as text."""
    lines = []
    for name, points in found.items():
        over = "at" if name == "samples" else "parameters"
        what: Any = [
            f"{p['at']:g}: {p['us_per_epoch']:.1f} µs, {p['ns_per_sample_and_parameter']:.3f} ns"
            for p in points
        ]
        lines.append(f"{name} (last exponent {exponent(points, over):.2f}): " + "; ".join(what))
    return "\n".join(lines)
