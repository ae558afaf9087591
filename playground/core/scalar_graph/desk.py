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
from playground.core.scalar_graph.folding import FoldedGraph, Folding, Level, first_level
from playground.core.scalar_graph.folds import Folds
from playground.core.scalar_graph.graph import Role, ScalarGraph
from playground.core.scalar_graph.network import largest_batch, network_graph
from playground.core.scalar_graph.refreshing import Refresher
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.core.scalar_graph.updates import Update, next_updates
from playground.core.snapshot import OptimizerState, Parameters, Snapshot

NO_SAMPLES = "There is no training sample to compute with: draw some, or choose a dataset."


class Desk:
    """One graph at a time, of a training's sample or mini-batch or of an expression.

    Attributes
    ----------
    graph, folds : the graph and what is unfolded of it; None where there is none.
    refusal : why there is none of the training's, a sentence; "" if there is or was not asked for.
    stepper : the steps, while they are stepped; None shows the numbers as they are.
    checks : the last gradient check by node; empty when there was none or the numbers changed.
    expression : whether the graph is the bench's.
    """

    def __init__(self) -> None:
        self.graph: ScalarGraph | None = None
        self.folds: Folds | None = None
        self.refusal = ""
        self.stepper: Stepper | None = None
        self.checks: Mapping[int, NodeCheck] = {}
        self.expression = False
        self.first_sample, self.n_samples = 0, 1
        self._experiment: Experiment | None = None
        self._parameters: Parameters | None = None
        self._optimizer: OptimizerState | None = None
        self._refresher: Refresher | None = None

    @property
    def folded(self) -> FoldedGraph | None:
        """What is drawn of the graph."""
        return self.folds.folded if self.folds is not None else None

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

        Return whether the graph is another one now, or none any more: there is no training to look
        at before the first snapshot.
        """
        self.first_sample, self.n_samples = first, count
        self.expression = False
        if self._parameters is None:
            was_expression = self.graph is not None
            self._put_away()
            return was_expression
        self._build()
        return True

    def show_expression(self, expression: Expression, leaves: Mapping[str, float]) -> None:
        """Show a typed expression's graph; ExpressionError if it is not defined there."""
        graph = build(expression, leaves)
        same = self.expression and self.graph is not None and graph.parents == self.graph.parents
        self.expression = True
        folding = self.folds.folding if same and self.folds else Folding(Level.VALUES)
        self._put_away()
        self._take(graph, folding)

    def _build(self) -> None:
        experiment, parameters = self._experiment, self._parameters
        assert experiment is not None
        assert parameters is not None
        self._put_away()  # if anything fails, the graph before shows nothing of this training
        n_train = self.n_train
        if n_train == 0:
            self.refusal = NO_SAMPLES
            return
        self.n_samples = min(self.n_samples, self.most_samples)
        self.first_sample = min(self.first_sample, n_train - 1)
        samples = [(self.first_sample + k) % n_train for k in range(self.n_samples)]
        graph = network_graph(experiment, parameters, samples)
        self._take(graph, Folding(first_level(graph)))

    def _take(self, graph: ScalarGraph, folding: Folding) -> None:
        graph.backward()
        self.graph = graph
        self.folds = Folds(graph, folding, only_values=self.expression)

    def _put_away(self) -> None:
        self.graph = self.folds = self.stepper = self._refresher = None
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
        self._refresher.refresh(to_flat(parameters).tolist())

    def settle(self) -> ScalarGraph:
        """Return the graph with all numbers written into its Values."""
        graph = self.graph
        assert graph is not None, "there is a graph before anything is asked of it"
        if self._refresher is not None:
            self._refresher.settle()
        return graph

    def data(self, node: int) -> float | None:
        """Return a node's data; None while it is not computed yet."""
        assert self.graph is not None
        if self.stepper is not None and not self.stepper.knows_data(node):
            return None
        if self._refresher is not None:
            return self._refresher.data(node)
        return self.graph.nodes[node].data

    def grad(self, node: int) -> float | None:
        """Return a node's gradient; None while none has reached it."""
        assert self.graph is not None
        if self.stepper is not None and not self.stepper.knows_grad(node):
            return None
        if self._refresher is not None:
            return self._refresher.grad(node)
        return self.graph.nodes[node].grad

    def neuron_of(self, node: int) -> tuple[int, int] | None:
        """Return the (layer, neuron) that a node belongs to."""
        return self.graph.neurons.get(node) if self.graph is not None else None

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
