"""How a node of the graph is to be drawn now: its numbers as text, and what a step does to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from playground.core.scalar_graph.check import NodeCheck
from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.folding import Item
from playground.core.scalar_graph.graph import Kind, Name, Role
from playground.core.scalar_graph.stepping import Direction
from playground.ui.labels import layer_name, number

UNKNOWN = "–"
GROUP_NAMES = {Kind.INPUTS: "Inputs", Kind.LOSS: "Loss", Kind.MEAN: "Mean"}


class Mark(Enum):
    """What the step taken last does with a node."""

    NONE = 0
    CURRENT = 1  # computed, or firing
    RECEIVING = 2  # its gradient grows


@dataclass(frozen=True, slots=True)
class Cell:
    """One Value's figures; the numbers are the engine's own, None while unknown."""

    node: int
    name: Name
    role: Role
    data: float | None
    grad: float | None
    receives: bool = False

    @property
    def data_text(self) -> str:
        """The data as shown."""
        return UNKNOWN if self.data is None else number(self.data)

    @property
    def grad_text(self) -> str:
        """The gradient as shown."""
        return UNKNOWN if self.grad is None else number(self.grad)


@dataclass(frozen=True, slots=True)
class Look:
    """How one item is drawn."""

    item: Item
    cells: tuple[Cell, ...]
    title: str
    mark: Mark
    fired: bool
    check: NodeCheck | None = None


@dataclass(slots=True)
class StepMarks:
    """Which items the step taken last concerns, and which edges carried something."""

    current: int = -1
    receiving: frozenset[int] = frozenset()
    receiving_nodes: frozenset[int] = frozenset()
    is_update: bool = False
    backward: bool = True
    fired: set[int] = field(default_factory=set)


def step_marks(desk: Desk) -> StepMarks:
    """Return the marks of the step taken last."""
    stepper, folded = desk.stepper, desk.folded
    marks = StepMarks()
    if stepper is None or folded is None:
        return marks
    marks.backward = stepper.direction is Direction.BACKWARD
    taken = min(stepper.position, stepper.n_node_steps)
    marks.fired = {stepper.node_at(k) for k in range(taken)}
    node = stepper.current_node
    if node is None:
        return marks
    marks.current = folded.item_of[node]
    marks.is_update = stepper.position > stepper.n_node_steps
    if marks.backward and not marks.is_update:
        marks.receiving_nodes = frozenset(folded.graph.parents[node])
        marks.receiving = frozenset([folded.item_of[p] for p in marks.receiving_nodes])
    return marks


def look_of(desk: Desk, index: int, marks: StepMarks) -> Look:
    """Return how an item is drawn."""
    folded = desk.folded
    assert folded is not None
    item, graph = folded.items[index], folded.graph
    cells = tuple(
        [
            Cell(
                node,
                graph.names[node],
                graph.roles[node],
                desk.data(node),
                desk.grad(node),
                node in marks.receiving_nodes,
            )
            for node in item.rows
        ]
    )
    mark = Mark.NONE
    if index == marks.current:
        mark = Mark.CURRENT
    elif index in marks.receiving:
        mark = Mark.RECEIVING
    fired = item.group is None and item.rows[0] in marks.fired
    check = desk.checks.get(item.rows[0]) if item.group is None and desk.checks else None
    return Look(item, cells, item_title(desk, item), mark, fired, check)


def item_title(desk: Desk, item: Item) -> str:
    """Return the words over a folded group."""
    group, graph = item.group, desk.graph
    if group is None or graph is None:
        return ""
    count = f"{item.n_values:,}".replace(",", "\N{THIN SPACE}")
    if len(item.rows) == 1 or group.kind is Kind.NEURON:
        return f"{count} Values"
    match group.kind:
        case Kind.SAMPLE:
            return f"Sample {graph.samples[group.sample] + 1}"
        case Kind.NEURON_PARAMETERS:
            return f"{_layer(desk, group.layer)} · {group.neuron + 1}"
        case Kind.LAYER | Kind.LAYER_PARAMETERS:
            name = _layer(desk, group.layer)
        case Kind.SAMPLES:
            name, count = "Samples", f"{count} Values"
        case Kind.INPUTS | Kind.LOSS | Kind.MEAN:
            name = GROUP_NAMES[group.kind]
    return f"{name} · {count}"


def _layer(desk: Desk, layer: int) -> str:
    return layer_name(layer, desk.n_hidden)


def place_words(desk: Desk, node: int) -> str:
    """Return where a node belongs, in words: "Hidden 1 · 2", "the loss"."""
    graph = desk.graph
    neuron = desk.neuron_of(node)
    if graph is None:
        return ""
    if neuron is not None:
        layer, index = neuron
        words = _layer(desk, layer)
        return f"{words} · {index + 1}" if layer < desk.n_hidden else words
    kinds = {group.kind for group in graph.paths[node]}
    for kind, words in ((Kind.LOSS, "the loss"), (Kind.INPUTS, "the inputs"), (Kind.MEAN, "mean")):
        if kind in kinds:
            return words
    return ""
