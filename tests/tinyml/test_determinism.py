"""D2, D3 and N6: one digest on every processor, a new process goes on, the engine's gradients."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.tinyml.golden import digest
from tinyml import LOSSES, MLP, SGD, Adagrad, Adam, AdamW, RMSprop, Trace, Trainer, Value
from tinyml.nn import ACTIVATIONS, Masks, Module
from tinyml.regularization import PENALTIES, dropout_factor, penalty_slope, stopped_at_zero
from tinyml.sweeps import BLOCK

GOLDEN = "af122becc9d3cf1cb49b9d51ac4374128b43c302bc94d41124b2ec2dfde68358"
PROCESSORS = [
    {"NUMBA_CPU_NAME": "generic"},
    {"NUMBA_ENABLE_AVX": "0"},
    {"NUMBA_OPT": "1"},
    {"OPENBLAS_CORETYPE": "Nehalem"},
    {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"},
]


def in_a_new_process(code: list[str], **environment: str) -> str:
    command = [sys.executable, *code]
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_digest_of_many_runs_is_the_golden_one():
    assert digest() == GOLDEN


def test_the_digest_is_the_same_with_an_older_processors_numpy():
    features = {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"}
    code = ["-W", "ignore", "-m", "tests.tinyml.golden"]
    assert in_a_new_process(code, **features) == GOLDEN


@pytest.mark.slow
@pytest.mark.parametrize("environment", PROCESSORS, ids=lambda e: next(iter(e)))
def test_the_digest_is_the_same_on_other_processors(environment):
    assert in_a_new_process(["-m", "tests.tinyml.golden"], **environment) == GOLDEN


RESUME = """
import sys
import numpy as np
from tests.tinyml.test_determinism import long_run
from tinyml import TrainerState
with np.load(sys.argv[1]) as saved:
    fields = {name: saved[name] for name in saved.files}
plain = ("step", "epoch", "position", "done", "optimizer", "learning_rate", "seed")
fields |= {name: fields[name].item() for name in plain}
fields["losses"] = tuple(fields["losses"].tolist())
trainer = long_run()
trainer.restore(TrainerState(**fields))
trainer.advance(400 - trainer.step)
print(trainer.parameters.tobytes().hex())
"""


def long_run() -> Trainer:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(33, 2)), rng.choice([-1.0, 1.0], size=33)
    model = MLP(2, [6, 1], seed=1, dropout=0.3)
    return Trainer(model, x, y, optimizer=Adam(0.01), batch_size=7, shuffle=True, seed=3)


def test_a_new_process_goes_on_bit_for_bit(tmp_path: Path):
    whole, part = long_run(), long_run()
    whole.advance(400)
    part.advance(random.Random(6).randrange(400))
    state = part.state()
    names = type(state).__dataclass_fields__
    file = tmp_path / "state.npz"
    np.savez(file, **{name: np.asarray(getattr(state, name)) for name in names})
    assert in_a_new_process(["-c", RESUME, str(file)]) == whole.parameters.tobytes().hex()


# N6: random networks.

WIDE = ((40,), (40, 40), (9, 17, 33), (40, 8), (24,))
OUTSIDE = """
import numpy as np
from tinyml import MLP, Trainer
from tinyml.kernels import compiler, sweep

@compiler.inner
def within(numbers, place):
    return numbers[place]

@compiler.entry("f8(f8[::1], i8)")
def read(numbers, place):
    return within(numbers, place)

@compiler.entry("void(f8[::1], i8)")
def write(numbers, place):
    numbers[place] = 1.0

trainer = Trainer(MLP(1, [1]), [[0.0]], [1.0])
trainer._arrays.hyper = np.zeros(0)
for act in (lambda: read(np.ones(3), 3), lambda: write(np.ones(3), -4), lambda: trainer.advance(1)):
    try:
        act()
    except IndexError:
        print("IndexError")
    else:
        raise AssertionError("an array was left unnoticed")
"""
# The tiles of a dense layer are instructions of their own, without checks: test_tape sees to them.

OPTIMIZERS = (
    SGD(0.1),
    SGD(0.1, 0.9),
    SGD(0.1, 0.5, nesterov=True),
    Adagrad(),
    RMSprop(),
    Adam(),
    AdamW(),
)


def random_trainer(rng: random.Random, seed: int, widths: tuple[int, ...] | None) -> Trainer:
    """Return a trainer of a small network and few samples, or of hidden layers up to `widths`.

    Those have more samples than a block of the kernel, mini-batches and dropout.
    """
    numbers = np.random.default_rng(seed)
    n_out, n = rng.choice([1, 1, 2, 3]), rng.randint(1, 7)
    loss = "softmax_ce" if n_out > 1 and rng.random() < 0.4 else rng.choice(sorted(LOSSES))
    loss = "mse" if loss == "softmax_ce" and n_out == 1 else loss
    sizes = [rng.randint(1, 9) for _ in range(rng.randint(0, 3))] + [n_out]
    batch_size, shuffle, dropout = None, False, 0.0
    if widths is not None:
        n = rng.randint(BLOCK + 1, 200)
        sizes = [*(rng.randint(1, width) for width in widths), n_out]
        batch_size = rng.choice([None, rng.randint(BLOCK + 1, n), rng.randint(1, BLOCK)])
        shuffle, dropout = rng.random() < 0.7, rng.choice([0.0, 0.3])
    activations = [rng.choice(sorted(ACTIVATIONS)) for _ in sizes]
    x, y = numbers.normal(size=(n, 2)), numbers.choice([-1.0, 1.0], size=(n, n_out))
    if loss == "softmax_ce":
        y = np.eye(n_out)[numbers.integers(0, n_out, n)]
    return Trainer(
        MLP(2, sizes, activations, seed=seed, dropout=dropout),
        x,
        y,
        loss=loss,
        optimizer=rng.choice(OPTIMIZERS),
        batch_size=batch_size,
        shuffle=shuffle,
        regularization=rng.choice(PENALTIES),
        regularization_rate=rng.choice([0.0, 0.01, 0.3]),
        seed=seed,
    )


def engine_gradient(
    trainer: Trainer, parameters: np.ndarray, rows: list[int], step: int
) -> tuple[float, np.ndarray]:
    """Return the mean loss of some samples and its gradient, by the library, with dropout's masks.

    The graph is that of one sample after the other, so that a large batch fits into memory.
    """
    model, spec = trainer.model, LOSSES[trainer.loss]
    sizes = [layer.n_outputs for layer in model.layers]
    seed, kept = trainer.state().seed, [p.data for p in model.parameters()]
    for p, number in zip(model.parameters(), parameters.tolist(), strict=True):
        p.data = number
    model.zero_grad()
    total = 0.0
    for sample in rows:

        def mask(layer: int, neuron: int, sample: int = sample) -> Value:
            number = sum(sizes[:layer]) + neuron
            return Value(dropout_factor(model.dropout, seed, step, sample, number))

        inputs = [Value(v) for v in trainer._x[sample].tolist()]
        trace = model.trace(inputs, mask if model.dropout else None)
        outputs = (trace.preactivations if spec.on_logits else trace.activations)[-1]
        targets = [Value(v) for v in trainer._y[sample].tolist()]
        part = spec.function(outputs, targets) * (1.0 / len(rows))
        part.backward()
        total += part.data
    gradient = np.array([p.grad for p in model.parameters()])
    for p, number in zip(model.parameters(), kept, strict=True):
        p.data = number
    return total, gradient


def check_random_network(seed: int, widths: tuple[int, ...] | None = None, steps: int = 3) -> float:
    """Train some steps beside the library; return the worst deviation of a loss or gradient."""
    trainer = random_trainer(random.Random(seed), seed, widths)
    model, optimizer = trainer.model, trainer.optimizer
    kind, rate = trainer.regularization, trainer.regularization_rate
    biases = {id(value) for value in model.biases()}
    first = second = np.zeros(len(model.parameters()))
    power1 = power2 = 1.0
    worst = 0.0
    for step in range(steps):
        before, position = trainer.parameters, trainer.state().position
        trainer.advance(1)
        order = trainer.state().order.tolist()
        rows = order[position : position + trainer.batch_size]
        loss, expected = engine_gradient(trainer, before, rows, step)
        size = max(1e-3, float(np.abs(expected).max()))
        assert trainer.gradients == pytest.approx(expected, rel=1e-12, abs=1e-12 * size)
        assert trainer.state().sums[2] == pytest.approx(loss, rel=1e-12, abs=1e-12)
        worst = max(worst, float(np.abs(trainer.gradients - expected).max()) / size)
        # From the kernel's gradient on, the plain rule gives the update to the last bit.
        power1, power2 = power1 * optimizer.decays[0], power2 * optimizer.decays[1]
        rest = (optimizer.learning_rate, *optimizer.coefficients, 1.0 - power1, 1.0 - power2)
        pairs = zip(model.parameters(), before, trainer.gradients, first, second, strict=True)
        results = []
        for value, w, g, m, v in pairs:
            w, g, m, v = float(w), float(g), float(m), float(v)
            own = 0.0 if id(value) in biases else rate
            slope = own * penalty_slope(PENALTIES.index(kind), w)
            new = optimizer.rule(w, g + slope, m, v, *rest, step + 1.0)
            if kind == "l1" and id(value) not in biases:
                free = optimizer.rule(w, g, m, v, *rest, step + 1.0)[0]
                new = (stopped_at_zero(free, new[0]), *new[1:])
            results.append(new)
        weights, first, second = np.array(results).T
        assert trainer.parameters.tolist() == weights.tolist()
    return worst


def test_random_networks_train_like_the_engine():
    for seed in range(23):
        check_random_network(seed)


@pytest.mark.parametrize(("seed", "widths"), [(1000, (40,)), (1001, (16, 9))])
def test_a_random_network_of_many_samples_trains_like_the_engine(seed, widths):
    check_random_network(seed, widths, steps=2)


@pytest.mark.slow
def test_five_hundred_random_networks_train_like_the_engine():
    small = max(check_random_network(seed) for seed in range(440))
    large = max(check_random_network(1000 + k, WIDE[k % len(WIDE)]) for k in range(60))
    print(f"\n440 small networks: worst {small:.2g} of the largest gradient")
    print(f"60 networks of {BLOCK + 1} to 200 samples: worst {large:.2g}")


@pytest.mark.slow
def test_the_kernel_stays_within_its_arrays(tmp_path: Path):
    script = tmp_path / "outside.py"  # what is kept compiled is known by its file
    script.write_text(OUTSIDE, encoding="utf-8")
    said = in_a_new_process([str(script)], NUMBA_BOUNDSCHECK="1")
    assert said.split() == ["IndexError"] * 3
    code = ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    names = ("test_tape", "test_resuming", "test_training")
    files = [f"tests/tinyml/{name}.py" for name in names]
    assert "passed" in in_a_new_process([*code, *files], NUMBA_BOUNDSCHECK="1")


# A graph that is no network, and rules that are changed.


class Odd(Module):
    """Shared weights, x·x, a division, exp, and a maximum of two branches."""

    n_inputs, n_outputs = 1, 1

    def __init__(self) -> None:
        self.values = [Value(v) for v in (0.4, -0.3, 0.8, 0.2)]

    def parameters(self) -> list[Value]:
        return self.values

    def trace(self, inputs, masks: Masks | None = None) -> Trace:
        p, x = self.values, inputs[0]
        shared = p[0] * x + p[1]
        ratio = shared * shared / (1.0 + (-(p[2] * x)).exp())
        out = ratio + (p[0] * 0.5).maximum(p[2] - x) * p[3]
        return Trace([[out]], [[out]])


def test_a_graph_that_is_no_network_trains_on_the_tape_and_follows_the_engine():
    x = np.linspace(-1.5, 1.5, 11)
    y = np.cos(x)
    model, twin = Odd(), Odd()
    trainer = Trainer(model, x[:, None], y, optimizer=SGD(0.1))
    for _ in range(40):
        total = Value(0.0)
        for sample, target in zip(x.tolist(), y.tolist(), strict=True):
            total = total + (twin.trace([Value(sample)]).activations[0][0] - target) ** 2
        twin.zero_grad()
        (total * (1.0 / len(x))).backward()
        for p in twin.values:
            p.data -= 0.1 * p.grad
    trainer.run(40)
    assert trainer.parameters == pytest.approx([p.data for p in twin.values], rel=1e-11)
    assert trainer.losses[-1] < 0.5 * trainer.losses[0]


CHANGED_RULE = """
from tinyml import ops
from tinyml.kernels import elementary
slope = lambda x, y: 3.0 * elementary.tanh_slope(x)
object.__setattr__(ops.RULES[ops.Op.TANH], "derivatives", (slope,))
import numpy as np
from tinyml import Value, record
from tinyml._reference import backward, forward
from tinyml.fusion import fuse
from tinyml.kernels.elementary import tanh_slope
from tinyml.sweeps import BACKWARD, TrainingArrays, run_program
w = Value(0.7)
root = (w * 1.0).tanh() * 1.0
root.backward()
program = fuse(record(root, [], [], [w]))
data = [1.0] * program.n_fed + [0.0] * (program.n_rows - program.n_fed)
forward(program, [0.7], data)
twin = backward(program, [0.7], [data], [1.0])[0]
arrays = TrainingArrays(gradient=np.zeros(1))
run_program(program, np.ones((program.n_fed, 1)), np.array([0.7]), mode=BACKWARD, training=arrays,
            wanted=np.arange(program.n_rows), out=np.zeros((3, program.n_rows, 1)))
assert w.grad == twin == arrays.gradient[0] == 3.0 * tanh_slope(0.7)
"""


@pytest.mark.slow
def test_a_changed_derivative_changes_engine_twin_and_kernel_alike(tmp_path: Path):
    script = tmp_path / "changed_rule.py"  # rules are compiled from their source
    script.write_text(CHANGED_RULE, encoding="utf-8")
    in_a_new_process([str(script)], NUMBA_CACHE_DIR=str(tmp_path))
