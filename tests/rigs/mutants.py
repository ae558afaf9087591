"""Small mistakes are made in a module, one at a time: do its tests notice?

    python -m tests.rigs.mutants [--target files|rules] [--count 60] [--seed 1]

Goal: ≥ 90 % of the mutants are killed. Those that live are printed; some mean the same as the
original (a message's cut, a limit that is never reached) and cannot be killed.
"""

from __future__ import annotations

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.rigs.goals import Goals
from tests.rigs.options import parser_of

ROOT = Path(__file__).parents[2]
LEAST_KILLED = 90
TARGETS = {
    "files": (
        [f"playground/core/files/{name}.py" for name in ("syntax", "codec", "document")],
        ["tests/core/files"],
    ),
    "rules": (
        ["tinyml/ops.py", "tinyml/optimizers.py", "tinyml/losses.py", "tinyml/regularization.py"],
        [
            f"tests/tinyml/test_{name}.py"
            for name in ("ops", "optimizers", "losses", "regularization", "elementary", "training")
        ],
    ),
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}


def mutations(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what could be wrong with one node: words and the node as it would be."""
    other = copy.deepcopy(node)
    if isinstance(other, ast.Compare) and type(other.ops[0]) in COMPARISONS:
        other.ops[0] = COMPARISONS[type(other.ops[0])]()
        yield "comparison", other
    elif isinstance(other, ast.BinOp) and type(other.op) in OPERATORS:
        other.op = OPERATORS[type(other.op)]()
        yield "operator", other
    elif isinstance(other, ast.BoolOp):
        other.op = ast.Or() if isinstance(other.op, ast.And) else ast.And()
        yield "and/or", other
    elif isinstance(other, ast.UnaryOp) and isinstance(other.op, ast.Not | ast.USub):
        yield "without " + type(other.op).__name__, other.operand
    elif isinstance(other, ast.Constant) and type(other.value) in (int, float):
        other.value += 1
        yield "number", other
    elif isinstance(other, ast.Constant) and isinstance(other.value, bool):
        other.value = not other.value
        yield "truth", other
    elif isinstance(other, ast.If):
        other.test = ast.Constant(False)
        yield "branch never taken", other
    elif isinstance(other, ast.Raise):
        yield "not raised", ast.Pass()


def mutants(path: Path) -> list[tuple[str, str]]:
    """Return (where and what, source) of every mutant of a module."""
    source = path.read_text()
    tree = ast.parse(source)
    found = []
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for index, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.AST) or _is_left_alone(parent, node):
                    continue
                for what, other in mutations(node):
                    if isinstance(value, list):
                        value[index] = other
                    else:
                        setattr(parent, name, other)
                    text = ast.unparse(ast.fix_missing_locations(tree))
                    line = getattr(node, "lineno", 0)
                    found.append((f"{path.relative_to(ROOT)}:{line} {what}", text))
                    if isinstance(value, list):
                        value[index] = node
                    else:
                        setattr(parent, name, node)
    return found


def _is_left_alone(parent: ast.AST, node: ast.AST) -> bool:
    """Whether a change could only be seen in words or types, or by nobody."""
    if isinstance(parent, ast.keyword):
        return parent.arg in ("slots", "frozen", "strict")
    words = ast.JoinedStr | ast.FormattedValue | ast.AnnAssign | ast.Subscript
    return isinstance(parent, words) and isinstance(node, ast.Constant | ast.BinOp)


def survivors(target: str, count: int, seed: int) -> tuple[int, list[str]]:
    """Try `count` mutants; return how many there are in all, and which lived."""
    modules, tests = TARGETS[target]
    every = [(path, *mutant) for path in modules for mutant in mutants(ROOT / path)]
    chosen = random.Random(seed).sample(every, min(count, len(every)))
    lived = []
    with tempfile.TemporaryDirectory() as name:
        copy_of = Path(name)
        for folder in ("tinyml", "playground", "tests"):
            shutil.copytree(ROOT / folder, copy_of / folder, ignore=shutil.ignore_patterns("*.pyc"))
        shutil.copy(ROOT / "pyproject.toml", copy_of)
        began = time.monotonic()
        if not _tests_pass(copy_of, tests, None):
            raise RuntimeError(f"the tests of {target} fail without any mutant")
        # An endless loop is noticed too; a machine that is busy with other things is no mutant.
        patience = 60.0 + 5.0 * (time.monotonic() - began)
        for path, where, source in chosen:
            original = (copy_of / path).read_text()
            (copy_of / path).write_text(source)
            if _tests_pass(copy_of, tests, patience):
                lived.append(where)
                print("lived:", where, flush=True)
            (copy_of / path).write_text(original)
    return len(every), lived


def _tests_pass(folder: Path, tests: list[str], patience: float | None) -> bool:
    variables = os.environ | {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        # A mutant of a rule compiles kernels of its own, which nobody wants to keep.
        "NUMBA_CACHE_DIR": str(folder / "cache"),
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, env=variables, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main() -> int:
    """Mutate and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--target", choices=TARGETS, default="files")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    every, lived = survivors(options.target, options.count, options.seed)
    tried = min(options.count, every)
    share = 100 * (tried - len(lived)) / tried
    print(f"{options.target}: {tried} of {every} mutants tried")
    goals = Goals()
    goals.at_least("killed", share, LEAST_KILLED, " %")
    return goals.code


if __name__ == "__main__":
    sys.exit(main())
