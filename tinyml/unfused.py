"""The tape as it is: one row and one instruction per Value, so that every node can be looked at.

:mod:`tinyml.fusion` makes training fast by hiding the nodes inside a neuron; this keeps them all.
One sample swept through it gives every node's data and gradient with the bits of the engine.
"""

from __future__ import annotations

import numpy as np

from tinyml.fusion import LOAD, Program
from tinyml.graph import toposort
from tinyml.ops import RULES
from tinyml.value import Value


def unfused_program(root: Value) -> Program:
    """Return the program whose row k is node k of ``toposort(root)``.

    Its parameters are the data of all leaves, in their order; nothing is fed.
    """
    nodes = toposort(root)
    row = {id(node): k for k, node in enumerate(nodes)}
    code = np.zeros((len(nodes), 8), np.int64)
    n_leaves = 0
    for k, node in enumerate(nodes):
        if not node.parents:
            code[k] = [LOAD, k, 1, n_leaves, 0, 0, 0, 0]
            n_leaves += 1
            continue
        operands = [row[id(parent)] for parent in node.parents]
        needs = (1 << RULES[node.op].arity) - 1
        code[k] = [int(node.op), k, 1, operands[0], operands[-1], 0, 0, needs]
    return Program(
        code=code,
        constants=np.array([node.constant for node in nodes]),
        table=np.zeros(1, np.int64),
        packed=np.arange(n_leaves),
        n_rows=len(nodes),
        fed=(),
        mask_rows=np.zeros((0, 2), np.int64),
        row=np.arange(len(nodes)),
        loss_row=len(nodes) - 1,
    )
