"""``python -m tests.benchmarks``: measure, print a table, write JSON and a picture."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# one thread each, decided before numpy, PyTorch and JAX are imported
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--turns", type=int, default=9, help="turns of each contender")
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    parser.add_argument("--json", type=Path, default=Path("benchmark.json"))
    parser.add_argument("--svg", type=Path, help="where the picture goes")
    parser.add_argument("--no-scaling", action="store_true")
    parser.add_argument("--no-window", action="store_true")
    arguments = parser.parse_args()
    result = measure_all(arguments)
    arguments.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if arguments.svg:
        from tests.benchmarks.drawing import svg

        arguments.svg.write_text(svg(result["workloads"]))


def measure_all(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return all results as plain values, printing them on the way."""
    from tests.benchmarks import report, scaling
    from tests.benchmarks.timing import measure
    from tests.benchmarks.workloads import WORKLOADS

    result: dict[str, Any] = {"machine": report.machine(), "workloads": []}
    if not arguments.no_window:
        result["window"] = beside_window()
        print(json.dumps(result["window"]), flush=True)
    cores = os.sched_getaffinity(0) if sys.platform == "linux" else set()
    if cores:
        os.sched_setaffinity(0, {max(cores)})
    for workload in WORKLOADS:
        if arguments.only in workload.name:
            entries = measure(workload, arguments.turns)
            result["workloads"].append(report.row_of(workload, entries))
            print(workload.name, {e.contender: e.microseconds for e in entries}, flush=True)
    if not arguments.no_scaling:
        result["scaling"] = scaling.curves(arguments.turns)
        print(scaling.table(result["scaling"]))
    print(report.table(result["workloads"]))
    return result


def beside_window() -> dict[str, Any]:
    """Return the training speed beside the window, from a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.beside_window"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"missing": done.stderr.strip().splitlines()[-1] if done.stderr else "failed"}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
