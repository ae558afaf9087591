"""All that the graph dock knows: which graph, how folded, where it is stepped to, what was checked.

No drawing here: the dock asks it for numbers and draws them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from playground.core.data import make_data
from playground.core.experiment import Experiment, TrainingSpec
from playground.core.parameters import fits, to_flat
from playground.core.scalar_graph.check import NodeCheck, check_graph
from playground.core.scalar_graph.expressions import Expression, build
from playground.core.scalar_graph.folding import (
    CROWD,
    MAX_ITEMS,
    FoldedGraph,
    Folding,
    Item,
    Level,
    count_items,
    first_level,
    fold,
    is_open,
)
from playground.core.scalar_graph.graph import Group, Role, ScalarGraph
from playground.core.scalar_graph.network import largest_batch, network_graph
from playground.core.scalar_graph.refreshing import Numbers, Refresher
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.core.scalar_graph.updates import Update, next_updates
from playground.core.snapshot import OptimizerState, Parameters, Snapshot

NO_SAMPLES = "There is no training sample to compute with: draw some, or choose a dataset."


class Desk:
    """One graph at a time, of a training's sample or mini-batch or of an expression.

    Attributes
    ----------
    graph, folded : the graph and what is drawn of it; None where there is none.
    refusal : why there is none of the training's, a sentence; "" if there is or was not asked for.
    folding : what is unfolded.
    stepper : the steps, while they are stepped; None shows the numbers as they are.
    checks : the last gradient check by node; empty when there was none or the numbers changed.
    expression : whether the graph is the bench's.
    """

    def __init__(self) -> None:
        self.graph: ScalarGraph | None = None
        self.folded: FoldedGraph | None = None
        self.refusal = ""
        self.folding = Folding(Level.VALUES)
        self.stepper: Stepper | None = None
        self.checks: Mapping[int, NodeCheck] = {}
        self.expression = False
        self.first_sample, self.n_samples = 0, 1
        self._experiment: Experiment | None = None
        self._parameters: Parameters | None = None
        self._optimizer: OptimizerState | None = None
        self._refresher: Refresher | None = None
        self._numbers: tuple[Numbers, Numbers] | None = None
        self._written = True
        self._counts: dict[Level, int] | None = None

    # Which graph.

    def show_snapshot(self, snapshot: Snapshot) -> bool:
        """Take the numbers of a training up; return whether the graph is another one now."""
        return self.show(snapshot.experiment, snapshot.parameters, snapshot.optimizer_state)

    def show(
        self,
        experiment: Experiment,
        parameters: Parameters,
        optimizer: OptimizerState | None = None,
    ) -> bool:
        """Take parameters up; return whether the graph is another one now, or none any more.

        While the same parameters are in force, steps that were taken stay taken.
        """
        if not fits(parameters, experiment.network):
            return False
        before, self._experiment = self._experiment, experiment
        same = self._parameters is not None and _equal(self._parameters, parameters)
        self._parameters, self._optimizer = parameters, optimizer
        if self.expression:
            return False
        if before is None or _shape(before) != _shape(experiment):
            self._build()
            return True
        if self.graph is None:
            return False
        if before.training != experiment.training:
            self._end_steps()
        if not same:
            self._refresh()
        return False

    def choose_samples(self, first: int, count: int) -> bool:
        """Look at `count` training samples from `first` on; the numbers go round at the end.

        Return whether they were looked for: there is no training to look at before the first one.
        """
        self.first_sample, self.n_samples = first, count
        self.expression = False
        if self._parameters is None:
            return False
        self._build()
        return True

    def show_expression(self, expression: Expression, leaves: Mapping[str, float]) -> None:
        """Show a typed expression's graph; ExpressionError if it is not defined there."""
        graph = build(expression, leaves)
        same = self.expression and self.graph is not None and graph.parents == self.graph.parents
        self.expression = True
        self._take(graph, Folding(Level.VALUES) if not same else self.folding)

    def _build(self) -> None:
        experiment, parameters = self._experiment, self._parameters
        assert experiment is not None
        assert parameters is not None
        n_train = self.n_train
        if n_train == 0:
            self._put_away()
            self.refusal = NO_SAMPLES
            return
        self.n_samples = min(self.n_samples, self.most_samples)
        self.first_sample = min(self.first_sample, n_train - 1)
        samples = [(self.first_sample + k) % n_train for k in range(self.n_samples)]
        graph = network_graph(experiment, parameters, samples)
        self._take(graph, Folding(first_level(graph)))

    def _take(self, graph: ScalarGraph, folding: Folding) -> None:
        self._put_away()
        graph.backward()
        self.graph, self.folding, self.folded = graph, folding, fold(graph, folding)

    def _put_away(self) -> None:
        self.graph = self.folded = self.stepper = self._counts = None
        self._refresher, self._numbers, self._written = None, None, True
        self.checks, self.refusal = {}, ""

    @property
    def n_train(self) -> int:
        """Samples that can be chosen."""
        return make_data(self._experiment.data).n_train if self._experiment is not None else 0

    @property
    def most_samples(self) -> int:
        """Samples at most in one graph of this network."""
        if self._experiment is None:
            return 1
        network = self._experiment.network
        # Every weight makes a product and a sum, every neuron a result; the loss adds a few.
        n_values = 3 * network.n_parameters + sum(network.layer_sizes) + 40
        return largest_batch(self._experiment, n_values)

    @property
    def n_hidden(self) -> int:
        """Hidden layers of the network."""
        return len(self._experiment.network.hidden) if self._experiment is not None else 0

    @property
    def training(self) -> TrainingSpec | None:
        """How the network is trained; None on the bench."""
        if self.expression or self._experiment is None:
            return None
        return self._experiment.training

    # Numbers.

    def _refresh(self) -> None:
        self._end_steps()
        self.checks = {}
        graph, parameters = self.graph, self._parameters
        assert graph is not None
        assert parameters is not None
        if self._refresher is None:
            self._refresher = Refresher(graph)
        self._numbers = self._refresher.refresh(to_flat(parameters).tolist())
        self._written = False

    def settle(self) -> ScalarGraph:
        """Return the graph with all numbers written into its Values."""
        graph = self.graph
        assert graph is not None, "there is a graph before anything is asked of it"
        if not self._written and self._numbers is not None and self._refresher is not None:
            self._refresher.write(*self._numbers)
        self._numbers, self._written = None, True
        return graph

    def data(self, node: int) -> float | None:
        """Return a node's data; None while it is not computed yet."""
        assert self.graph is not None
        if self.stepper is not None and not self.stepper.knows_data(node):
            return None
        if self._numbers is not None:
            return float(self._numbers[0][node])
        return self.graph.nodes[node].data

    def grad(self, node: int) -> float | None:
        """Return a node's gradient; None while none has reached it."""
        assert self.graph is not None
        if self.stepper is not None and not self.stepper.knows_grad(node):
            return None
        if self._numbers is not None:
            return float(self._numbers[1][node])
        return self.graph.nodes[node].grad

    # Folding.

    def set_level(self, level: Level) -> None:
        """Unfold to a level; what was opened and closed by hand is forgotten."""
        self._fold(self.folding.at(level))

    def can_show(self, level: Level) -> bool:
        """Whether a level's nodes can be drawn: there is a limit."""
        graph = self.graph
        if graph is None or (self.expression and level is not Level.VALUES):
            return False
        return level is not Level.VALUES or len(graph) // max(1, len(graph.samples)) <= MAX_ITEMS

    def toggle(self, group: Group) -> None:
        """Unfold a group, or fold it."""
        assert self.graph is not None
        self._fold(self.folding.toggled(group, is_open=self.is_open(group)))

    def is_open(self, group: Group) -> bool:
        """Whether a group is unfolded."""
        assert self.graph is not None
        if group == CROWD:
            return CROWD in self.folding.opened
        return is_open(self.graph, self.folding, group)

    def _fold(self, folding: Folding) -> None:
        assert self.graph is not None
        folded = fold(self.graph, folding)
        if len(folded.items) <= MAX_ITEMS:
            self.folding, self.folded = folding, folded

    def reveal(self, node: int) -> None:
        """Unfold whatever hides a node, if that leaves few enough nodes to draw."""
        assert self.graph is not None
        for group in self.graph.paths[node]:
            if not self.is_open(group):
                self.toggle(group)

    def level_counts(self) -> dict[Level, int]:
        """Return how many Values or groups are drawn at each level."""
        if self._counts is None:
            self._counts = self._count_levels()
        return self._counts

    def _count_levels(self) -> dict[Level, int]:
        graph = self.graph
        if graph is None:
            return {}
        if self.expression:
            return {Level.VALUES: len(graph)}
        return {
            level: count_items(graph, self.folding.at(level))
            for level in Level
            if self.can_show(level)
        }

    def neuron_of(self, node: int) -> tuple[int, int] | None:
        """Return the (layer, neuron) that a node belongs to."""
        return self.graph.neurons.get(node) if self.graph is not None else None

    def find(self, text: str) -> list[int]:
        """Return the nodes whose name or operation begins with what was typed."""
        graph = self.graph
        wanted = _plain(text)
        if graph is None or not wanted:
            return []
        exact, begins = [], []
        for node in range(len(graph)):
            title = _plain(graph.title(node))
            if title == wanted:
                exact.append(node)
            elif title.startswith(wanted):
                begins.append(node)
        return exact + begins

    def item_of_group(self, group: Group) -> Item | None:
        """Return the drawn item of a folded group."""
        assert self.folded is not None
        return next((item for item in self.folded.items if item.group == group), None)

    # Stepping.

    def begin_steps(self, direction: Direction) -> Stepper:
        """Begin to step, before the first step."""
        self._end_steps()
        graph = self.settle()
        make = None if self.expression else self._updates
        self.stepper = Stepper(graph, direction, make)
        return self.stepper

    def end_steps(self) -> None:
        """Leave stepping: every number is what it was before it began."""
        if self.stepper is not None:
            self._end_steps()

    def _end_steps(self) -> None:
        if self.stepper is not None:
            stepper, self.stepper = self.stepper, None
            stepper.leave()
            stepper.graph.backward()

    def _updates(self, gradients: Sequence[float]) -> list[Update]:
        graph, experiment = self.graph, self._experiment
        assert graph is not None
        assert experiment is not None
        return next_updates(
            experiment.training,
            self._optimizer,
            [graph.nodes[k].data for k in graph.parameters],
            gradients,
            [graph.roles[k] is Role.WEIGHT for k in graph.parameters],
        )

    # Checking.

    def check(self) -> list[NodeCheck]:
        """Check every parameter's gradient, or on the bench every leaf's."""
        self.end_steps()
        checks = check_graph(self.settle())
        self.checks = {check.node: check for check in checks}
        return checks


def _shape(experiment: Experiment) -> Experiment:
    """Return what decides which nodes there are and what the leaves hold."""
    training = TrainingSpec(experiment.training.loss)
    network = replace(experiment.network, initializer=type(experiment.network)().initializer)
    return replace(experiment, training=training, network=network, seed=0)


def _equal(a: Parameters, b: Parameters) -> bool:
    """Whether two sets of parameters are the same numbers."""
    pairs = zip((*a.weights, *a.biases), (*b.weights, *b.biases), strict=False)
    return len(a.weights) == len(b.weights) and all(np.array_equal(x, y) for x, y in pairs)


_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹ŷℓ", "01234567890123456789yl")


def _plain(text: str) -> str:
    """Return a name as it is typed on a keyboard: w11 for w₁₁."""
    plain = text.translate(_DIGITS).lower()
    return "".join(c for c in plain if c.isalnum() or c in "+-*/")
