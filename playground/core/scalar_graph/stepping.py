"""Stepping through a graph, one node at a time, both ways: the engine's walk, then the optimiser.

The numbers stand in the graph's Values while it is stepped: a step writes exactly what the engine
writes, a step back restores what was there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from playground.core.scalar_graph.graph import ScalarGraph
from playground.core.scalar_graph.updates import Update
from tinyml.graph import BackwardStep, ForwardStep, Walk
from tinyml.value import Value

MakeUpdates = Callable[[Sequence[float]], list[Update]]


class Direction(StrEnum):
    """Which way a graph is stepped through."""

    FORWARD = "forward"
    BACKWARD = "backward"


class Stepper:
    """A cursor over all steps of one direction.

    Parameters
    ----------
    graph : its Values hold the results of a forward pass; all gradients become 0.
    direction : forward computes the nodes; backward lets them fire, from the loss to the leaves,
        and then steps the parameters.
    make_updates : from the parameters' gradients to the optimiser's step; None where there is no
        optimiser.
    """

    def __init__(
        self, graph: ScalarGraph, direction: Direction, make_updates: MakeUpdates | None = None
    ) -> None:
        self.graph, self.direction = graph, direction
        graph.zero_grad()
        index = {id(node): k for k, node in enumerate(graph.nodes)}
        self._walk = Walk(graph.root, backward=direction is Direction.BACKWARD)
        self._fired = [index[id(step.node)] for step in self._walk.steps]
        self._when = {node: k for k, node in enumerate(self._fired)}
        self._updates: list[Update] = []
        if direction is Direction.BACKWARD and make_updates is not None:
            self._walk.seek(len(self._walk.steps))
            self._updates = make_updates([graph.nodes[k].grad for k in graph.parameters])
            self._walk.seek(0)
        self._updated = 0
        self.index = index

    @property
    def n_steps(self) -> int:
        """All steps, those of the optimiser included."""
        return len(self._fired) + len(self._updates)

    @property
    def n_node_steps(self) -> int:
        """Steps of nodes, without the optimiser's."""
        return len(self._fired)

    @property
    def position(self) -> int:
        """Steps taken."""
        return self._walk.position + self._updated

    def seek(self, position: int) -> None:
        """Take or undo steps until `position` are taken; IndexError if there are fewer."""
        if not 0 <= position <= self.n_steps:
            raise IndexError(f"position must be 0 to {self.n_steps}, got {position}")
        wanted = max(0, position - self.n_node_steps)
        while self._updated > wanted:
            self._updated -= 1
            self._parameter(self._updated).data = self._updates[self._updated].before
        self._walk.seek(min(position, self.n_node_steps))
        while self._updated < wanted:
            self._parameter(self._updated).data = self._updates[self._updated].after
            self._updated += 1

    def leave(self) -> None:
        """Undo every step, so that the graph's numbers are what they were."""
        self.seek(0)

    def _parameter(self, k: int) -> Value:
        return self.graph.nodes[self.graph.parameters[k]]

    # What the present position means.

    @property
    def current(self) -> ForwardStep | BackwardStep | Update | None:
        """The step taken last, None before the first."""
        if self._updated:
            return self._updates[self._updated - 1]
        return self._walk.steps[self._walk.position - 1] if self._walk.position else None

    @property
    def current_node(self) -> int | None:
        """The node whose step was taken last."""
        return self.node_at(self.position - 1) if self.position else None

    def node_at(self, step: int) -> int:
        """Return the node of a step, counted from 0."""
        if step >= self.n_node_steps:
            return self.graph.parameters[step - self.n_node_steps]
        return self._fired[step]

    def step_of(self, node: int) -> int | None:
        """Return the step in which a node is computed or fires; None for leaves."""
        return self._when.get(node)

    def knows_data(self, node: int) -> bool:
        """Whether the node's data has been computed at this position."""
        if self.direction is Direction.BACKWARD or not self.graph.parents[node]:
            return True
        return self._when[node] < self._walk.position

    def knows_grad(self, node: int) -> bool:
        """Whether a gradient has reached the node at this position."""
        if self.direction is Direction.FORWARD:
            return False
        if node == len(self.graph) - 1:
            return True
        position = self._walk.position
        return any(self._when[user] < position for user in self.graph.consumers[node])

    def has_fired(self, node: int) -> bool:
        """Whether the node's step has been taken."""
        step = self._when.get(node)
        return step is not None and step < self._walk.position

    def consumers_done(self, node: int) -> tuple[int, int]:
        """Return how many of the nodes made from this one have fired, and how many there are."""
        users = set(self.graph.consumers[node])
        return sum(self._when[user] < self._walk.position for user in users), len(users)

    def operands_done(self, node: int) -> tuple[int, int]:
        """Return how many of the nodes this one is made from are computed, and how many."""
        parents = set(self.graph.parents[node])
        return sum(self.knows_data(parent) for parent in parents), len(parents)

    def waits_for(self, node: int) -> str:
        """Say what a node's numbers still wait for, in words; "" if for nothing."""
        if self.direction is Direction.FORWARD:
            (done, total), what = self.operands_done(node), "operand"
        else:
            (done, total), what = self.consumers_done(node), "consumer"
        return "" if done == total else f"{done} of {total} {what}{'s' * (total > 1)} done"

    def next_stop(self, item_of: Sequence[int], *, back: bool = False) -> int:
        """Return the next position at which another drawn item has its turn.

        With every node drawn this is one step; steps inside a folded group are taken at once.
        """
        position = self.position
        if back:
            if position == 0:
                return 0
            item = item_of[self.node_at(position - 1)]
            while position > 0 and item_of[self.node_at(position - 1)] == item:
                position -= 1
                if position >= self.n_node_steps:
                    break
            return position
        if position == self.n_steps:
            return position
        item = item_of[self.node_at(position)]
        while position < self.n_steps and item_of[self.node_at(position)] == item:
            position += 1
            if position > self.n_node_steps:
                break
        return position
