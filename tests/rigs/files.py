"""Mutated experiment files: each is opened or refused by its own error, quickly.

    python -m tests.rigs.files [--count 1000000] [--seed 1]

Goal: p99.9 ≤ 50 ms, and nothing but `ExperimentFileError` ever comes out.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from playground.core.experiment import presets
from playground.core.files import ExperimentFileError, decode_experiment, encode_experiment
from playground.core.run import Run
from tests.rigs.goals import Goals
from tests.rigs.options import parser_of

P999_MS = 50
HOSTILE: list[Any] = [
    None, True, False, 0, -1, 1, 2, 0.5, -0.0, 1e308, -1e308, 5e-324, 10**9, 2**31, 2**63, -(2**64),
    10**400, "", "x", "4", "tanh", "\u202e<b>", "a" * 20_000, [], [[]], {}, [1, 2], {"shape": [1]},
    {"shape": [2, 2], "values": [1, 2, 3, 4]}, {"shape": [10**9, 10**9], "values": []}, [None],
]  # fmt: skip
TOKENS = [
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"null", b"{", b"}", b"[", b"]", b",", b":", b'"',
    b"\\", b"\x00", b"\xff", b"\xef\xbb\xbf", b'"a":1,', b"[" * 2000, b"9" * 5000, b"\\ud800", b"-",
]  # fmt: skip


class Mutator:
    """Makes bad files out of good ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._good = [(data, json.loads(data)) for data in _good_files()]

    def next(self) -> bytes:
        """Return another file."""
        data, tree = self._random.choice(self._good)
        if self._random.random() < 0.6:
            # A copy by way of text, which no mutation can reach through.
            tree = json.loads(data)
            for _ in range(self._random.choice([1, 1, 1, 2, 5])):
                self._change_tree(tree)
            try:
                return json.dumps(tree).encode("utf-8", "surrogatepass")
            except RecursionError:
                return data
        for _ in range(self._random.choice([1, 1, 2, 8])):
            data = self._change_bytes(data)
        return data

    def _change_tree(self, tree: Any) -> None:
        chance = self._random
        node = tree
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                return
            key = chance.choice(keys)
            child = node[key]
            if isinstance(child, dict | list) and child and chance.random() < 0.85:
                node = child
                continue
            break
        action = chance.randrange(6)
        if action == 0:
            del node[key]
        elif action == 1 and isinstance(node, dict):
            node[chance.choice(["size", "kind", "extra", "values", "é"])] = deepcopy(
                chance.choice(HOSTILE)
            )
        elif action == 2 and isinstance(node, list):
            node.insert(key, deepcopy(chance.choice(HOSTILE)))
        elif action == 3 and isinstance(child, int | float) and not isinstance(child, bool):
            node[key] = min(max(child, -1e300), 1e300) * chance.choice([-1, 0, 2, 0.5, 10, 1e6])
        else:
            node[key] = deepcopy(chance.choice(HOSTILE))

    def _change_bytes(self, data: bytes) -> bytes:
        chance = self._random
        at = chance.randrange(len(data) + 1)
        action = chance.randrange(5)
        if action == 0:
            return data[:at]
        if action == 1:
            return data[:at] + chance.choice(TOKENS) + data[at:]
        if action == 2:
            return data[:at] + data[at + chance.randrange(20) :]
        if action == 3:
            return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        other = chance.randrange(len(data) + 1)
        return data[:at] + data[min(at, other) : max(at, other)] + data[at:]


def _good_files() -> list[bytes]:
    files = []
    for name in ("circle", "xor-table", "spiral", "plane", "rings", "sine"):
        experiment = presets().get(name)
        if experiment is not None:
            run = Run(experiment)
            run.advance(57)
            files += [encode_experiment(experiment), encode_experiment(experiment, run.state())]
    return files


def fuzz(count: int, seed: int) -> tuple[np.ndarray, Counter[str]]:
    """Open `count` mutated files; return the seconds each took, and how many were opened."""
    mutator = Mutator(seed)
    took, outcomes = np.zeros(count), Counter[str]()
    for k in range(count):
        data = mutator.next()
        began = time.perf_counter()
        try:
            decode_experiment(data)
        except ExperimentFileError as error:
            told = str(error)
        except BaseException:
            kept = Path(tempfile.gettempdir()) / f"mutated-{seed}-{k}.tinyml"
            kept.write_bytes(data)
            print(f"kept as {kept}")
            raise
        else:
            told = ""
        outcomes["refused" if told else "opened"] += 1
        assert len(told) < 600, told
        assert told.isprintable(), told
        took[k] = time.perf_counter() - began
    return took, outcomes


def main() -> int:
    """Mutate, open and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    took, outcomes = fuzz(options.count, options.seed)
    p50, p999 = 1000 * np.percentile(took, [50, 99.9])
    print(
        f"{options.count} files: {outcomes['opened']} opened, {outcomes['refused']} refused,"
        f" p50 {p50:.2f} ms, p99.9 {p999:.1f} ms, max {1000 * took.max():.0f} ms"
    )
    goals = Goals()
    goals.at_most("p99.9", p999, P999_MS, " ms")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
