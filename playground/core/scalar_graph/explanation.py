"""What the pane beside the graph says about a step or a node: rule, numbers, sentence, curve."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.experiment import TrainingSpec
from playground.core.scalar_graph.curves import Curve, curve_of
from playground.core.scalar_graph.graph import ScalarGraph
from playground.core.scalar_graph.stepping import Direction, Stepper
from playground.core.scalar_graph.updates import Update, state_letters, update_formula
from playground.core.scalar_graph.words import (
    backward_sentence,
    forward_rule,
    forward_sentence,
    names_of,
    operation_name,
    short,
    slope_rule,
)
from tinyml.graph import BackwardStep, ForwardStep


@dataclass(frozen=True, slots=True)
class Flow:
    """What a firing node hands to one parent: upstream × slope = amount, added to its gradient.

    `target` and `source` are the names under ∂L in the fractions, `rule` is the slope's formula.
    """

    parent: int
    target: str
    source: str
    rule: str
    upstream: float
    slope: float
    amount: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the pane shows about a step.

    Attributes
    ----------
    subject : what happens, "tanh", "product", "update of w₁₁".
    phase : "forward", "backward" or "update".
    formula : the rule as a line; of a backward step each flow has its own.
    numbers : (value, what it is) pairs under the formula.
    flows : per parent, of a backward step.
    note : a further fact, e.g. what a node waits for.
    """

    node: int
    subject: str
    phase: str
    formula: str
    numbers: tuple[tuple[float, str], ...]
    flows: tuple[Flow, ...]
    sentence: str
    curve: Curve | None
    note: str = ""


def explain_step(stepper: Stepper, training: TrainingSpec | None) -> Explanation | None:
    """Explain the step taken last; None before the first."""
    node, step = stepper.current_node, stepper.current
    if node is None or step is None:
        return None
    if isinstance(step, ForwardStep):
        return _forward(stepper.graph, node, step)
    if isinstance(step, BackwardStep):
        return _backward(stepper, node, step)
    assert training is not None, "only a training has an optimiser"
    return _update(stepper.graph, node, step, training)


def explain_node(graph: ScalarGraph, node: int, stepper: Stepper | None) -> Explanation:
    """Explain a node that was pointed at, as it is now."""
    value = graph.nodes[node]
    note = stepper.waits_for(node) if stepper is not None else ""
    role = graph.roles[node].value
    if not value.parents:
        n_users = len(set(graph.consumers[node]))
        users = f"{n_users} operation{'s' * (n_users != 1)}"
        sentence = f"A {role}: nothing makes it, {users} read it."
        if role[0] in "aeiou":
            sentence = sentence.replace("A ", "An ", 1)
        return Explanation(
            node, graph.title(node) if graph.names[node].base else role, role, "", (), (),
            sentence, None, note,
        )  # fmt: skip
    names = names_of(graph, node)
    return Explanation(
        node,
        operation_name(value.op, value.constant),
        "operation",
        forward_rule(value.op, names),
        (),
        (),
        forward_sentence(value.op, names, value.operands(), value.data),
        curve_of(graph, node),
        note,
    )


def _forward(graph: ScalarGraph, node: int, step: ForwardStep) -> Explanation:
    value = graph.nodes[node]
    names = names_of(graph, node)
    numbers = [(step.after, "result")]
    numbers += [(x, name) for x, name in zip(step.operands, names.operands, strict=False)]
    return Explanation(
        node,
        operation_name(value.op, value.constant),
        Direction.FORWARD.value,
        forward_rule(value.op, names),
        tuple(numbers),
        (),
        forward_sentence(value.op, names, step.operands, step.after),
        curve_of(graph, node),
    )


def _backward(stepper: Stepper, node: int, step: BackwardStep) -> Explanation:
    graph = stepper.graph
    value = graph.nodes[node]
    names = names_of(graph, node)
    flows = []
    for side, part in enumerate(step.contributions):
        flows.append(
            Flow(
                graph.parents[node][side],
                names.operands[side],
                names.result,
                slope_rule(value.op, names, side),
                step.upstream,
                part.local_derivative,
                part.amount,
                part.before,
                part.after,
            )
        )
    slopes = [part.local_derivative for part in step.contributions]
    side = next((k for k, p in enumerate(graph.parents[node]) if graph.nodes[p].parents), 0)
    return Explanation(
        node,
        operation_name(value.op, value.constant),
        Direction.BACKWARD.value,
        "",
        (),
        tuple(flows),
        backward_sentence(value.op, names, value.operands(), slopes),
        curve_of(graph, node, side),
    )


def _update(graph: ScalarGraph, node: int, step: Update, training: TrainingSpec) -> Explanation:
    name = str(graph.names[node])
    numbers = [(step.after, f"new {name}"), (step.before, name), (step.gradient, "gradient")]
    if step.penalty:
        numbers.append((step.penalty, "penalty"))
    numbers.append((training.learning_rate, "rate α"))
    moments = (step.first, step.second)
    for letter, (before, after) in zip(state_letters(training.optimizer), moments, strict=False):
        numbers += [(before, letter), (after, f"new {letter}")]
    direction = "down" if step.change < 0 else "up"
    if step.change == 0.0:
        sentence = f"{name} has no gradient and stays."
    else:
        uphill = "rise" if step.gradient > 0 else "fall"
        sentence = (
            f"The loss would {uphill} with {name}, so the optimiser moves {name} {direction}"
            f" by {short(abs(step.change))}."
        )
        if (step.change < 0) != (step.gradient > 0):
            sentence = (
                f"The optimiser moves {name} {direction} by {short(abs(step.change))}: what it"
                " remembers, or the penalty, outweighs this gradient."
            )
    return Explanation(
        node,
        f"update of {name}",
        "update",
        update_formula(training.optimizer).replace("w", name),
        tuple(numbers),
        (),
        sentence,
        None,
    )
