"""A scalar graph as the app knows it: the engine's Values, and what each of them stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tinyml.graph import toposort
from tinyml.ops import Op
from tinyml.value import Value

_DIGITS = str.maketrans("0123456789,", "₀₁₂₃₄₅₆₇₈₉﹐")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Role(StrEnum):
    """What a node is in the training."""

    INPUT = "input"
    WEIGHT = "weight"
    BIAS = "bias"
    TARGET = "target"
    CONSTANT = "constant"
    OPERATION = "operation"

    @property
    def is_parameter(self) -> bool:
        """Whether training changes it."""
        return self in (Role.WEIGHT, Role.BIAS)


class Kind(StrEnum):
    """What a group of nodes makes up."""

    INPUTS = "inputs"
    LAYER = "layer"
    NEURON = "neuron"
    LOSS = "loss"
    SAMPLE = "sample"
    SAMPLES = "samples"
    LAYER_PARAMETERS = "layer parameters"
    NEURON_PARAMETERS = "neuron parameters"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that can be folded into one: a neuron, a layer, a sample of a batch and so on.

    `sample` counts through the samples of the graph, `layer` and `neuron` as everywhere; −1 where
    they mean nothing.
    """

    kind: Kind
    sample: int = -1
    layer: int = -1
    neuron: int = -1


@dataclass(frozen=True, slots=True)
class Name:
    """A variable as mathematics writes it: w with an index below and a layer above."""

    base: str
    sub: str = ""
    sup: str = ""

    def __str__(self) -> str:
        return self.base + self.sup.translate(_RAISED) + self.sub.translate(_DIGITS)


NO_NAME = Name("")


@dataclass(frozen=True, slots=True, eq=False)
class ScalarGraph:
    """Every node behind one loss, parents before children.

    Attributes
    ----------
    nodes : the engine's own Values; `root` is the last.
    parents, consumers : per node the indices of what it was made from, in order, and of what is
        made from it; ``a + a`` counts twice.
    roles, names : per node.
    paths : per node the groups it is in, outermost first.
    path_counts : each tuple in `paths`, and how many nodes have it.
    pinned : results of neurons: drawings put all those of a layer into one column.
    parameters : node of each trained parameter, in the engine's order of parameters.
    neurons : (layer, neuron) by node, for every node that belongs to one.
    samples : the samples' places in the training set.
    """

    nodes: tuple[Value, ...]
    parents: tuple[tuple[int, ...], ...]
    consumers: tuple[tuple[int, ...], ...]
    roles: tuple[Role, ...]
    names: tuple[Name, ...]
    paths: tuple[tuple[Group, ...], ...]
    path_counts: tuple[tuple[tuple[Group, ...], int], ...]
    pinned: frozenset[int]
    parameters: tuple[int, ...]
    neurons: Mapping[int, tuple[int, int]]
    samples: tuple[int, ...] = ()

    @property
    def root(self) -> Value:
        """The loss."""
        return self.nodes[-1]

    def __len__(self) -> int:
        return len(self.nodes)

    def zero_grad(self) -> None:
        """Set every gradient to 0, as before a `backward`."""
        for node in self.nodes:
            node.grad = 0.0

    def backward(self) -> None:
        """Fill every gradient by the engine's own `backward`, from gradients of 0."""
        self.zero_grad()
        self.root.backward()

    def title(self, node: int) -> str:
        """Return the node's name, or what makes it, in plain text."""
        name = self.names[node]
        return str(name) if name.base else self.nodes[node].op.name.lower().replace("_", " ")


def assemble(
    root: Value,
    names: Mapping[int, Name],
    roles: Mapping[int, Role],
    paths: Mapping[int, tuple[Group, ...]],
    *,
    pinned: Iterable[Value] = (),
    parameters: Sequence[Value] = (),
    neurons: Mapping[int, tuple[int, int]] | None = None,
    samples: Sequence[int] = (),
) -> ScalarGraph:
    """Return the graph behind `root`; the mappings are by ``id`` of a Value."""
    nodes = toposort(root)
    ids = [id(node) for node in nodes]
    index = {key: k for k, key in enumerate(ids)}
    parents = tuple([tuple([index[id(p)] for p in node.parents]) for node in nodes])
    consumers: list[list[int]] = [[] for _ in nodes]
    for k, made_from in enumerate(parents):
        for parent in made_from:
            consumers[parent].append(k)
    known = neurons or {}
    all_paths = tuple([paths.get(key, ()) for key in ids])
    return ScalarGraph(
        nodes=tuple(nodes),
        parents=parents,
        consumers=tuple(map(tuple, consumers)),
        roles=tuple([roles.get(key) or _role(node) for key, node in zip(ids, nodes, strict=True)]),
        names=tuple([names.get(key, NO_NAME) for key in ids]),
        paths=all_paths,
        path_counts=_counted(all_paths),
        pinned=frozenset([index[id(value)] for value in pinned if id(value) in index]),
        parameters=tuple([index[id(value)] for value in parameters if id(value) in index]),
        neurons={k: known[key] for k, key in enumerate(ids) if key in known},
        samples=tuple(samples),
    )


def _counted(
    paths: tuple[tuple[Group, ...], ...],
) -> tuple[tuple[tuple[Group, ...], int], ...]:
    # By identity: paths are shared, and comparing groups by value is slow.
    by_id = {id(path): path for path in paths}
    return tuple([(by_id[key], count) for key, count in Counter(map(id, paths)).items()])


def _role(node: Value) -> Role:
    return Role.CONSTANT if node.op is Op.LEAF else Role.OPERATION
