"""Recording and fusing: any graph of Values becomes a program that gives the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tinyml import LOSSES, MLP, Value, record
from tinyml._reference import backward, exact_fma, forward
from tinyml.fusion import AFFINE, CODE, COUNT, Program, fuse
from tinyml.ops import RULES, Op
from tinyml.sweeps import BACKWARD, BLOCK, STATE_ROWS, TRAIN, TrainingArrays, run_program
from tinyml.tape import Source, Tape
from tinyml.value import apply

GUARD = 512


def mlp_tape(sizes: list[int], activation: str = "tanh") -> tuple[Tape, MLP, list[Value]]:
    model = MLP(2, sizes, activation, seed=3)
    inputs, targets = [Value(0.3), Value(-0.7)], [Value(1.0) for _ in range(sizes[-1])]
    outputs = model.trace(inputs).activations[-1]
    loss = LOSSES["mse"].function(outputs, targets)
    return record(loss, inputs, targets, model.parameters()), model, [*inputs, *targets]


def test_a_dense_layer_becomes_one_affine_block() -> None:
    tape, model, _ = mlp_tape([4, 3, 1])
    program = fuse(tape)
    blocks = [code for code in program.code.tolist() if code[CODE] == AFFINE]
    assert [block[COUNT] for block in blocks] == [4, 3, 1]
    assert sorted(program.packed.tolist()) == list(range(len(model.parameters())))


def test_dead_nodes_are_not_recorded() -> None:
    a, b = Value(2.0), Value(3.0)
    _unused = a.exp() * b
    tape = record(a * b, [a], [], [b])
    assert len(tape) == 3


def test_the_tape_prints_itself_readably() -> None:
    a, b = Value(2.0), Value(3.0)
    text = str(record((a * b) ** 2, [a], [], [b]))
    assert text.splitlines() == [
        "%0 = input 0",
        "%1 = parameter 0",
        "%2 = mul %0 %1",
        "%3 = pow_constant %2 2",
    ]


def odd_graph(x: Value, p: list[Value], y: Value) -> Value:
    """A graph that is no MLP: shared weights, x·x, a division, exp, a maximum of two branches."""
    shared = p[0] * x + p[1]
    square = shared * shared
    branch = (p[0] * 0.5).maximum(p[2] - x)
    ratio = square / (1.0 + (-(p[2] * x)).exp())
    return (ratio + branch.tanh() - y) ** 2 + p[3].sin() * 0.1 + (p[1] * p[1]).sqrt() * 0.01


def test_a_graph_that_is_no_network_runs_like_the_engine() -> None:
    p = [Value(v) for v in (0.4, -0.3, 0.8, 0.2)]
    x, y = Value(0.5), Value(1.0)
    tape = record(odd_graph(x, p, y), [x], [y], p)
    program = fuse(tape)
    samples = np.linspace(-1.5, 1.5, 13)
    targets = np.cos(samples)
    fed = np.empty((program.n_fed, len(samples)))
    for row, node in enumerate(program.fed):
        kind = tape.source[node]
        fed[row] = {
            Source.INPUT: samples,
            Source.TARGET: targets,
            Source.CONSTANT: tape.constant[node],
        }[Source(int(kind))]
    packed = np.array([v.data for v in p])[program.packed]
    arrays = TrainingArrays(
        hyper=np.zeros(9),
        is_weight=np.zeros(4),
        gradient=np.zeros(4),
        state=np.zeros((STATE_ROWS, 4)),
        batch_size=len(samples),
    )
    run_program(program, fed, packed, mode=TRAIN, training=arrays, log=np.zeros(1), max_steps=1)
    got = np.empty(4)
    got[program.packed] = arrays.gradient
    total = Value(0.0)
    for sample, target in zip(samples, targets, strict=True):
        total = total + odd_graph(Value(sample), p, Value(target))
    mean = total * (1.0 / len(samples))
    mean.backward()
    assert got == pytest.approx([v.grad for v in p], rel=1e-12)
    assert arrays.sums[2] == pytest.approx(mean.data, rel=1e-13)


NETWORKS = [
    ("tanh", [5, 3, 2], 21),
    ("relu", [9, 17, 4, 2], 26),
    ("sigmoid", [8, 8, 2], 3),
    ("softplus", [13, 2, 2], 34),
    ("elu", [1, 12, 2], 17),
    ("silu", [16, 5, 2], 9),
    ("gelu", [4, 2], 8),
    ("sin", [3, 2], 30),
    ("leaky_relu", [20, 2], 12),
]


def fed_rows(tape: Tape, program: Program, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    fed = np.empty((program.n_fed, len(x)))
    for row, node in enumerate(program.fed):
        index = int(tape.first[node])
        if tape.source[node] == Source.INPUT:
            fed[row] = x[:, index]
        elif tape.source[node] == Source.TARGET:
            fed[row] = y[:, index]
        else:
            fed[row] = tape.constant[node]
    return fed


@pytest.mark.parametrize(("activation", "sizes", "n"), NETWORKS)
def test_kernel_and_twin_agree_to_the_last_bit(activation: str, sizes: list[int], n: int) -> None:
    """Sizes and samples take every tile of the kernel, and what is left over beside tiles."""
    tape, model, _ = mlp_tape(sizes, activation)
    program = fuse(tape)
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(n, 2)), rng.choice([-1.0, 1.0], size=(n, 2))
    fed = fed_rows(tape, program, x, y)
    packed = np.array([v.data for v in model.parameters()])[program.packed]
    wanted = np.arange(program.n_rows)
    out = np.zeros((3, len(wanted), n))
    arrays = TrainingArrays(gradient=np.zeros_like(packed))
    run_program(program, fed, packed, mode=BACKWARD, training=arrays, wanted=wanted, out=out)
    rows = []
    for sample in range(n):
        row = [0.0] * program.n_rows
        row[: program.n_fed] = fed[:, sample].tolist()
        forward(program, packed.tolist(), row)
        rows.append(row)
    gradient = backward(program, packed.tolist(), rows, [1.0] * n)
    assert np.array(rows).T.tobytes() == out[0].tobytes()
    assert np.array(gradient).tobytes() == arrays.gradient.tobytes()


class Guarded:
    """A copy of numbers that lies between others, all the same."""

    def __init__(self, numbers: np.ndarray, around: float) -> None:
        self._room = np.full(numbers.size + 2 * GUARD, around)
        self._guard = self._room[:GUARD].tobytes()
        self.inside = self._room[GUARD:-GUARD].reshape(numbers.shape)
        self.inside[:] = numbers

    @property
    def is_alone(self) -> bool:
        """Whether nothing was written around the numbers."""
        return self._room[:GUARD].tobytes() == self._room[-GUARD:].tobytes() == self._guard


@pytest.mark.parametrize("around", [np.nan, 7.0])
@pytest.mark.parametrize(
    ("activation", "sizes", "n"), [*NETWORKS, ("tanh", [7, 3], 5), ("tanh", [3, 7], 11)]
)
def test_tiles_neither_read_nor_write_beyond_their_arrays(
    activation: str, sizes: list[int], n: int, around: float
) -> None:
    """Tiles are instructions of their own, in which numba checks no bounds."""
    tape, model, _ = mlp_tape(sizes, activation)
    program = fuse(tape)
    rng = np.random.default_rng(6)
    x, y = rng.normal(size=(n, 2)), rng.choice([-1.0, 1.0], size=(n, sizes[-1]))
    fed = fed_rows(tape, program, x, y)
    packed = np.array([v.data for v in model.parameters()])[program.packed]
    wanted = np.arange(program.n_rows)
    expected, found = (np.zeros((3, len(wanted), n)) for _ in range(2))
    plain = TrainingArrays(gradient=np.zeros_like(packed))
    run_program(program, fed, packed, mode=BACKWARD, training=plain, wanted=wanted, out=expected)
    parameters, gradient = Guarded(packed, around), Guarded(np.zeros_like(packed), around)
    rows = Guarded(np.full((3, program.n_rows * BLOCK), around), around)
    arrays = TrainingArrays(gradient=gradient.inside, rows=rows.inside)
    run_program(
        program, fed, parameters.inside, mode=BACKWARD, training=arrays, wanted=wanted, out=found
    )
    assert gradient.inside.tobytes() == plain.gradient.tobytes()
    assert found[0].tobytes() == expected[0].tobytes()
    unused = rows.inside[:, program.n_rows * (-(-n // 8) * 8) :]
    assert unused.tobytes() == np.full_like(unused, around).tobytes()
    assert all(guarded.is_alone for guarded in (parameters, gradient, rows))


@pytest.mark.parametrize("op", [op for op in Op if op is not Op.LEAF])
def test_every_op_has_its_loop_in_the_kernel(op: Op) -> None:
    """Forward, local derivatives and gradient of each op, to the last bit of the rule's."""
    a, b = Value(0.7), Value(0.4)
    operands = (a, b) if RULES[op].arity == 2 else (a,)
    result = apply(op, *operands, constant=2.5 if op is Op.POW_CONSTANT else 0.0)
    tape = record(result * 1.0, [], [], [a, b])
    program = fuse(tape)
    data = np.array([0.7, 0.4])[program.packed]
    arrays = TrainingArrays(gradient=np.zeros(2))
    out = np.zeros((3, program.n_rows, 1))
    fed = np.ones((program.n_fed, 1))
    wanted = np.arange(program.n_rows)
    run_program(program, fed, data, mode=BACKWARD, training=arrays, wanted=wanted, out=out)
    got = np.empty(2)
    got[program.packed] = arrays.gradient
    (result * 1.0).backward()
    assert out[0, program.loss_row, 0] == result.data
    assert got.tolist() == [a.grad, b.grad]


@pytest.mark.parametrize(
    ("a", "b", "c", "expected"),
    [
        (1e200, 1e200, 0.0, np.inf),
        (-1e200, 1e200, 1.0, -np.inf),
        (1e200, 1e200, -np.inf, -np.inf),
        (1e308, 10.0, -np.inf, -np.inf),
        (np.inf, 2.0, 5.0, np.inf),
        (1.0 + 2.0**-52, 1.0 - 2.0**-52, -1.0, -(2.0**-104)),
        (3.0, 5.0, -15.0, 0.0),
        (0.0, -1.0, 0.0, 0.0),
    ],
)
def test_the_twins_fused_multiply_add_is_ieees(a, b, c, expected) -> None:
    assert exact_fma(a, b, c) == expected


def test_a_graph_that_reads_one_row_twice_gets_both_gradients() -> None:
    """Rows of a tile must be apart: here an affine sum reads the same hidden value eight times."""
    w = [Value(0.1 * k + 0.2) for k in range(10)]
    x = Value(0.5)
    hidden = (w[9] * x).tanh()
    total = w[8]
    for k in range(8):
        total = total + w[k] * hidden
    tape = record(total * total, [x], [], w)
    program = fuse(tape)
    arrays = TrainingArrays(gradient=np.zeros(10))
    run_program(
        program,
        np.full((program.n_fed, 1), 0.5),
        np.array([v.data for v in w])[program.packed],
        mode=BACKWARD,
        training=arrays,
        wanted=np.arange(program.n_rows),
        out=np.zeros((3, program.n_rows, 1)),
    )
    (total * total).backward()
    got = np.empty(10)
    got[program.packed] = arrays.gradient
    assert got == pytest.approx([v.grad for v in w], rel=1e-13)
