"""Keeps a graph's numbers in step with a training: new parameters in, every node's numbers out.

Small graphs are recomputed by the engine itself. Large ones run as an unfused tape, one row per
node in the engine's order, through the compiled sweep: the same bits, without the interpreter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.core.scalar_graph.graph import ScalarGraph
from tinyml.ops import RULES
from tinyml.sweeps import BACKWARD, TrainingArrays, run_program
from tinyml.tape import Floats
from tinyml.unfused import unfused_program

ENGINE_UP_TO = 400
"""Nodes up to which the engine itself is fast enough for ten times a second."""


class Refresher:
    """Recomputes one graph again and again.

    A large graph's Values learn of new leaves at once and of the rest when they are settled.
    """

    def __init__(self, graph: ScalarGraph) -> None:
        self._graph = graph
        self._program = None if len(graph) <= ENGINE_UP_TO else unfused_program(graph.root)
        self._leaves = [k for k, node in enumerate(graph.nodes) if not node.parents]
        self._arrays = TrainingArrays(gradient=np.zeros(len(self._leaves)))
        self._numbers: tuple[Floats, Floats] | None = None

    def refresh(self, parameters: Sequence[float]) -> None:
        """Take all of the network's parameters up, in the engine's order."""
        graph = self._graph
        for k, number in zip(graph.parameters, parameters, strict=True):
            graph.nodes[k].data = number
        if self._program is not None:
            self._numbers = self._sweep()
            return
        for node in graph.nodes:
            if node.parents:
                node.data = RULES[node.op].forward(*node.operands())
        graph.backward()

    def data(self, node: int) -> float:
        """Return the newest data of a node."""
        if self._numbers is not None:
            return float(self._numbers[0][node])
        return self._graph.nodes[node].data

    def grad(self, node: int) -> float:
        """Return the newest gradient of a node."""
        if self._numbers is not None:
            return float(self._numbers[1][node])
        return self._graph.nodes[node].grad

    def settle(self) -> None:
        """Let every Value hold its newest numbers."""
        if self._numbers is not None:
            for node, number, slope in zip(self._graph.nodes, *self._numbers, strict=True):
                node.data, node.grad = float(number), float(slope)
        self._numbers = None

    def _sweep(self) -> tuple[Floats, Floats]:
        assert self._program is not None
        n = len(self._graph)
        leaves = np.array([self._graph.nodes[k].data for k in self._leaves])
        self._arrays.counters[:] = 0
        out = np.zeros((3, n, 1))
        run_program(
            self._program,
            np.zeros((0, 1)),
            leaves,
            mode=BACKWARD,
            training=self._arrays,
            wanted=np.arange(n),
            out=out,
        )
        return out[0, :, 0], out[2, :, 0]
