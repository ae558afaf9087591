"""The fusion pass: from a tape to a program of rows and instructions.

Every node that a kernel must hold for many samples gets a *row*. ``bias + Σ wᵢ·xᵢ`` becomes one
affine instruction over the rows of its inputs, affine nodes that read the same rows become one
block (a dense layer, though nothing here knows about layers), and equal ops on neighbouring rows
become one instruction over all of them. Nodes that depend on inputs alone are left to the caller:
they are evaluated once, not once per epoch.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tinyml.ops import RULES, Op
from tinyml.tape import Floats, Ints, Source, Tape

AFFINE = -1
"""Instruction code of an affine block; every other code is that of an `Op`."""
LOAD = -2
"""Instruction code that copies a parameter into its row."""

CODE, OUT, COUNT, A, B, N_IN, TABLE, NEEDS = range(8)
"""Columns of an instruction: code, first result row, rows, first operand rows, and for an affine
block the number of inputs and where its input rows stand in `Program.table`; NEEDS says whether
gradients flow on to the operands (1: to A, 2: to B)."""


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """What the kernel runs.

    Attributes
    ----------
    code : (k, 8) int64 instructions in order.
    constants : (k,) the exponent of POW_CONSTANT instructions.
    table : input rows of the affine blocks, one after the other.
    packed : (n_parameters,) parameter indices in the order the kernel keeps them: an affine block's
        neuron by neuron, weights then bias, from ``code[i, A]`` on.
    n_rows : rows of the program; the first `n_fed` are fed from outside.
    fed : the tape nodes of the fed rows.
    mask_rows : (m, 2) fed rows that hold dropout factors, and their neuron's number.
    row : tape node → row, −1 for nodes inside a fused affine.
    loss_row : the row of the last output.
    """

    code: Ints
    constants: Floats
    table: Ints
    packed: Ints
    n_rows: int
    fed: tuple[int, ...]
    mask_rows: Ints
    row: Ints
    loss_row: int

    @property
    def n_fed(self) -> int:
        """Rows that are fed from outside: inputs, targets, constants, functions of inputs alone."""
        return len(self.fed)


@dataclass(slots=True)
class _Affine:
    bias: int
    weights: list[int]
    inputs: tuple[int, ...]


def fuse(tape: Tape) -> Program:
    """Return the fused program of `tape`; what depends on no parameter is fed from outside."""
    return _fuse(tape, _depends_on_parameters(tape))


def prologue(tape: Tape, nodes: list[int]) -> Program:
    """Return the program that makes `nodes`, which depend on no parameter, from inputs alone."""
    needed = set(nodes)
    for node in range(max(nodes), -1, -1):
        if node in needed:
            needed.update(_operands(tape, node))
    mask = np.zeros(len(tape), bool)
    mask[[node for node in needed if tape.source[node] == Source.OP]] = True
    return _fuse(replace(tape, outputs=tuple(nodes)), mask)


def _fuse(tape: Tape, trained: NDArray[np.bool_]) -> Program:
    uses = _count_uses(tape)
    affine, hidden = _find_affine(tape, trained, uses)
    groups = _group(tape, trained, affine, hidden)
    row = np.full(len(tape), -1, np.int64)
    fed = _fed_nodes(tape, trained, affine, hidden, groups)
    row[list(fed)] = np.arange(len(fed))
    n_rows = len(fed)
    for group in groups:
        row[group] = np.arange(n_rows, n_rows + len(group))
        n_rows += len(group)
    return _emit(tape, trained, affine, groups, row, fed, n_rows)


def _operands(tape: Tape, node: int) -> list[int]:
    if tape.source[node] != Source.OP:
        return []
    pair = [int(tape.first[node]), int(tape.second[node])]
    return pair[: RULES[Op(int(tape.op[node]))].arity]


def _depends_on_parameters(tape: Tape) -> NDArray[np.bool_]:
    trained = tape.source == Source.PARAMETER
    for node in range(len(tape)):
        for operand in _operands(tape, node):
            trained[node] |= trained[operand]
    return np.asarray(trained)


def _count_uses(tape: Tape) -> Ints:
    uses = np.zeros(len(tape), np.int64)
    for node in range(len(tape)):
        for operand in _operands(tape, node):
            uses[operand] += 1
    for node in tape.outputs:
        uses[node] += 1
    return uses


def _find_affine(
    tape: Tape, trained: NDArray[np.bool_], uses: Ints
) -> tuple[dict[int, _Affine], set[int]]:
    """Return the affine nodes by their last addition, and the nodes hidden inside them."""
    chains: dict[int, tuple[_Affine, list[int]]] = {}
    inner: set[int] = set()

    def lone_parameter(node: int) -> bool:
        return bool(tape.source[node] == Source.PARAMETER and uses[node] == 1)

    for node in range(len(tape)):
        if tape.source[node] != Source.OP or tape.op[node] != Op.ADD:
            continue
        left, right = _operands(tape, node)
        if tape.op[right] != Op.MUL or uses[right] != 1:
            continue
        weight, x = _operands(tape, right)
        if not lone_parameter(weight) or tape.source[x] == Source.PARAMETER:
            continue
        if lone_parameter(left):
            chains[node] = (_Affine(left, [weight], (x,)), [right])
        elif left in chains and uses[left] == 1:
            start, covered = chains[left]
            chains[node] = (
                _Affine(start.bias, [*start.weights, weight], (*start.inputs, x)),
                [*covered, left, right],
            )
            inner.add(left)
    affine = {node: chain for node, (chain, _) in chains.items() if node not in inner}
    hidden: set[int] = set()
    for node, chain in affine.items():
        hidden.update(chains[node][1], chain.weights, (chain.bias,))
    return affine, hidden


def _group(
    tape: Tape, trained: NDArray[np.bool_], affine: dict[int, _Affine], hidden: set[int]
) -> list[list[int]]:
    """Return the nodes to compute, in groups of equal work on the same level."""
    level = np.zeros(len(tape), np.int64)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for node in range(len(tape)):
        if not trained[node] or node in hidden:
            continue
        operands = affine[node].inputs if node in affine else _operands(tape, node)
        level[node] = 1 + max((int(level[o]) for o in operands), default=0)
        if node in affine:
            key: tuple[object, ...] = (int(level[node]), AFFINE, affine[node].inputs)
        elif tape.source[node] == Source.PARAMETER:
            key = (1, LOAD, ())
        else:
            key = (int(level[node]), int(tape.op[node]), (float(tape.constant[node]),))
        groups[key].append(node)
    return [groups[key] for key in sorted(groups, key=lambda k: (k[0], groups[k][0]))]


def _fed_nodes(
    tape: Tape,
    trained: NDArray[np.bool_],
    affine: dict[int, _Affine],
    hidden: set[int],
    groups: list[list[int]],
) -> tuple[int, ...]:
    needed: set[int] = {node for node in tape.outputs if not trained[node]}
    for group in groups:
        for node in group:
            operands = affine[node].inputs if node in affine else _operands(tape, node)
            needed.update(o for o in operands if not trained[o])
    return tuple(sorted(needed))


def _emit(
    tape: Tape,
    trained: NDArray[np.bool_],
    affine: dict[int, _Affine],
    groups: list[list[int]],
    row: Ints,
    fed: tuple[int, ...],
    n_rows: int,
) -> Program:
    code: list[list[int]] = []
    constants: list[float] = []
    table: list[int] = []
    packed: list[int] = []

    def instruction(values: list[int], constant: float = 0.0) -> None:
        code.append(values)
        constants.append(constant)

    for group in groups:
        head = group[0]
        out = int(row[head])
        if head in affine:
            inputs = affine[head].inputs
            needs = int(any(trained[x] for x in inputs))
            values = [AFFINE, out, len(group), len(packed), 0, len(inputs), len(table), needs]
            instruction(values)
            table.extend(int(row[x]) for x in inputs)
            for node in group:
                leaves = [*affine[node].weights, affine[node].bias]
                packed.extend(int(tape.first[leaf]) for leaf in leaves)
        elif tape.source[head] == Source.PARAMETER:
            for node in group:
                instruction([LOAD, int(row[node]), 1, len(packed), 0, 0, 0, 0])
                packed.append(int(tape.first[node]))
        else:
            for run in _runs(tape, group, row, trained):
                operands = _operands(tape, run[0])
                rows = [int(row[o]) for o in operands] + [0]
                needs = sum(1 << k for k, o in enumerate(operands) if trained[o])
                values = [int(tape.op[run[0]]), int(row[run[0]]), len(run), *rows[:2], 0, 0, needs]
                instruction(values, float(tape.constant[run[0]]))
    rest = sorted(set(range(tape.n_parameters)) - set(packed))
    masks = [
        (int(row[node]), int(tape.first[node])) for node in fed if tape.source[node] == Source.MASK
    ]
    return Program(
        np.array(code, np.int64).reshape(-1, 8),
        np.array(constants),
        np.array(table or [0], np.int64),
        np.array(packed + rest, np.int64),
        n_rows,
        fed,
        np.array(masks, np.int64).reshape(-1, 2),
        row,
        int(row[tape.outputs[-1]]),
    )


def _runs(tape: Tape, group: list[int], row: Ints, trained: NDArray[np.bool_]) -> list[list[int]]:
    """Split a group where an operand's rows, or whether they are trained, stop being in step."""
    runs: list[list[int]] = []
    for node in group:
        pairs = (
            list(zip(_operands(tape, runs[-1][-1]), _operands(tape, node), strict=True))
            if runs
            else []
        )
        if pairs and all(row[b] == row[a] + 1 and trained[a] == trained[b] for a, b in pairs):
            runs[-1].append(node)
        else:
            runs.append([node])
    return runs
