"""Nothing that comes from a file is ever run, and the app speaks to no network."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [*(ROOT / "tinyml").rglob("*.py"), *(ROOT / "playground").rglob("*.py")]
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "shelve", "marshal", "urllib", "http", "ssl"}
FORBIDDEN_CALLS = {"eval", "exec", "__import__"}
UNIX_ONLY = {"display.py"}
"""Asks a Wayland compositor's socket file whether it answers."""

ERRORS_ONLY = {"preparation.py"}
"""Names the error that numba's own damaged cache raises, and unpickles nothing."""

HOSTILE = """
import io, json, sys, tempfile, pickle, os
from pathlib import Path
from playground.core.experiment import Experiment
from playground.core.export.carrier import load_carried
from playground.core.export.metadata import svg_metadata
from playground.core.files import (
    ExperimentFileError, decode_experiment, encode_experiment, load_experiment
)
from playground.core.playground_address import adopt_address
from tests.rigs.files import Mutator
from tests.rigs.fuzz_csv import check
folder = Path(tempfile.mkdtemp())
good = folder / "good.tinyml"
good.write_bytes(encode_experiment(Experiment()))
load_experiment(good)
picture = folder / "good.svg"
picture.write_text(f"<svg>{svg_metadata(good.read_bytes())}</svg>")
load_carried(picture)
check(0)
address = "https://playground.tensorflow.org/#dataset=__import__('os').system('echo%20boom')"
adopt_address(address)
mutator = Mutator(int(sys.argv[1]))
for data, _ in mutator._good:  # the types of a run's parts are read once, from our own source
    decode_experiment(data)
class Bomb:
    def __reduce__(self):
        return os.system, ("echo boom",)
hostile = {
    "pickle": pickle.dumps(Bomb()),
    "npy": b"\\x93NUMPY\\x01\\x00v\\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
    "code": b'{"__import__(\\'os\\')": 1}',
    "class": good.read_bytes().replace(b'"circle"', b'"__class__"'),
    "zip": b"PK\\x03\\x04" + b"\\0" * 100,
}
seen = []
WATCHED = {"pickle.find_class", "exec", "compile", "os.system", "subprocess.Popen",
           "socket.connect", "socket.bind", "socket.getaddrinfo"}
def hook(event, args):
    if event in WATCHED:
        seen.append((event, str(args)[:80]))
sys.addaudithook(hook)
for name, data in hostile.items():
    path = folder / name
    path.write_bytes(data)
    try:
        load_experiment(path)
    except ExperimentFileError:
        continue
    raise SystemExit(f"{name} was opened")
for name, data in hostile.items():
    picture.write_text(f"<svg>{svg_metadata(data)}</svg>")
    try:
        load_carried(picture)
    except ExperimentFileError:
        continue
    raise SystemExit(f"a picture with {name} was opened")
for _ in range(int(sys.argv[2])):
    try:
        decode_experiment(mutator.next())
    except ExperimentFileError:
        pass
    check(mutator._random.randrange(10**6))
adopt_address(address)
print(seen)
"""  # fmt: skip


def names_in(tree):
    """What a module imports and calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0], node.lineno
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name):
                yield function.id, node.lineno
            elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                yield f"{function.value.id}.{function.attr}", node.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_module_can_run_what_it_reads(path):
    forbidden = FORBIDDEN_IMPORTS | FORBIDDEN_CALLS | {"np.load", "np.fromfile", "os.system"}
    used = list(names_in(ast.parse(path.read_text())))
    if path.name in ERRORS_ONLY:
        forbidden = forbidden - {"pickle"} | {"pickle.load", "pickle.loads", "pickle.Unpickler"}
    assert [(name, line) for name, line in used if name in forbidden] == []
    sockets = [name for name, _ in used if name == "socket"]
    assert not sockets or path.name in UNIX_ONLY


def test_opening_hostile_files_runs_no_code(amount):
    command = [sys.executable, "-c", HOSTILE, "1", str(amount(200, 10_000))]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
