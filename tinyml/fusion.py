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
from functools import cached_property

import numpy as np

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


class _Affine:
    """A sum of products that grows while its additions are found; `hidden` lies inside it."""

    def __init__(self, bias: int) -> None:
        self.weights: list[int] = []
        self.rest: list[int] = []
        self.hidden = [bias]
        self.bias = bias

    @cached_property
    def inputs(self) -> tuple[int, ...]:
        """The nodes that the weights are multiplied with; asked for when all are known."""
        return tuple(self.rest)


class _Nodes:
    """A tape's nodes as plain lists, which Python walks ten times as fast as arrays."""

    def __init__(self, tape: Tape) -> None:
        self.op: list[int] = tape.op.tolist()
        self.source: list[int] = tape.source.tolist()
        made, arities = int(Source.OP), [rule.arity for rule in RULES]
        pairs = zip(tape.first.tolist(), tape.second.tolist(), strict=True)
        self.operands: list[tuple[int, ...]] = [
            pair[: arities[op]] if source == made else ()
            for op, source, pair in zip(self.op, self.source, pairs, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.op)


def fuse(tape: Tape) -> Program:
    """Return the fused program of `tape`; what depends on no parameter is fed from outside."""
    nodes = _Nodes(tape)
    return _fuse(tape, nodes, _depends_on_parameters(nodes))


def prologue(tape: Tape, nodes: list[int]) -> Program:
    """Return the program that makes `nodes`, which depend on no parameter, from inputs alone."""
    known, needed = _Nodes(tape), set(nodes)
    for node in range(max(nodes), -1, -1):
        if node in needed:
            needed.update(known.operands[node])
    mask = [node in needed and source == Source.OP for node, source in enumerate(known.source)]
    return _fuse(replace(tape, outputs=tuple(nodes)), known, mask)


def _fuse(tape: Tape, nodes: _Nodes, trained: list[bool]) -> Program:
    affine, hidden = _find_affine(nodes, _count_uses(nodes, tape.outputs))
    groups = _group(tape, nodes, trained, affine, hidden)
    row = np.full(len(tape), -1, np.int64)
    fed = _fed_nodes(tape, nodes, trained, affine, groups)
    row[list(fed)] = np.arange(len(fed))
    n_rows = len(fed)
    for group in groups:
        row[group] = np.arange(n_rows, n_rows + len(group))
        n_rows += len(group)
    return _emit(tape, nodes, trained, affine, groups, row, fed, n_rows)


def _depends_on_parameters(nodes: _Nodes) -> list[bool]:
    trained = [source == int(Source.PARAMETER) for source in nodes.source]
    for node, operands in enumerate(nodes.operands):
        for operand in operands:
            trained[node] |= trained[operand]
    return trained


def _count_uses(nodes: _Nodes, outputs: tuple[int, ...]) -> list[int]:
    uses = [0] * len(nodes)
    for operands in nodes.operands:
        for operand in operands:
            uses[operand] += 1
    for node in outputs:
        uses[node] += 1
    return uses


def _find_affine(nodes: _Nodes, uses: list[int]) -> tuple[dict[int, _Affine], set[int]]:
    """Return the affine nodes by their last addition, and the nodes hidden inside them."""
    add, multiply, parameter = int(Op.ADD), int(Op.MUL), int(Source.PARAMETER)
    chains: dict[int, _Affine] = {}
    for node, operands in enumerate(nodes.operands):
        if not operands or nodes.op[node] != add:
            continue
        left, right = operands
        if nodes.op[right] != multiply or uses[right] != 1:
            continue
        weight, x = nodes.operands[right]
        if nodes.source[weight] != parameter or uses[weight] != 1 or nodes.source[x] == parameter:
            continue
        if nodes.source[left] == parameter and uses[left] == 1:
            chain = _Affine(left)
        elif left in chains and uses[left] == 1:
            chain = chains.pop(left)
            chain.hidden.append(left)
        else:
            continue
        chain.weights.append(weight)
        chain.rest.append(x)
        chain.hidden += (weight, right)
        chains[node] = chain
    return chains, {node for chain in chains.values() for node in chain.hidden}


def _group(
    tape: Tape,
    nodes: _Nodes,
    trained: list[bool],
    affine: dict[int, _Affine],
    hidden: set[int],
) -> list[list[int]]:
    """Return the nodes to compute, in groups of equal work on the same level."""
    level = [0] * len(nodes)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for node in range(len(nodes)):
        if not trained[node] or node in hidden:
            continue
        operands = affine[node].inputs if node in affine else nodes.operands[node]
        level[node] = 1 + max((level[o] for o in operands), default=0)
        if node in affine:
            key: tuple[object, ...] = (level[node], AFFINE, affine[node].inputs)
        elif nodes.source[node] == Source.PARAMETER:
            key = (1, LOAD, ())
        else:
            key = (level[node], nodes.op[node], (float(tape.constant[node]),))
        groups[key].append(node)
    return [groups[key] for key in sorted(groups, key=lambda k: (k[0], groups[k][0]))]


def _fed_nodes(
    tape: Tape,
    nodes: _Nodes,
    trained: list[bool],
    affine: dict[int, _Affine],
    groups: list[list[int]],
) -> tuple[int, ...]:
    needed: set[int] = {node for node in tape.outputs if not trained[node]}
    for group in groups:
        for node in group:
            operands = affine[node].inputs if node in affine else nodes.operands[node]
            needed.update(o for o in operands if not trained[o])
    return tuple(sorted(needed))


def _emit(
    tape: Tape,
    nodes: _Nodes,
    trained: list[bool],
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
        elif nodes.source[head] == Source.PARAMETER:
            for node in group:
                instruction([LOAD, int(row[node]), 1, len(packed), 0, 0, 0, 0])
                packed.append(int(tape.first[node]))
        else:
            for run in _runs(nodes, group, row, trained):
                operands = nodes.operands[run[0]]
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


def _runs(nodes: _Nodes, group: list[int], row: Ints, trained: list[bool]) -> list[list[int]]:
    """Split a group where an operand's rows, or whether they are trained, stop being in step."""
    runs: list[list[int]] = []
    for node in group:
        pairs = (
            list(zip(nodes.operands[runs[-1][-1]], nodes.operands[node], strict=True))
            if runs
            else []
        )
        if pairs and all(row[b] == row[a] + 1 and trained[a] == trained[b] for a, b in pairs):
            runs[-1].append(node)
        else:
            runs.append([node])
    return runs
