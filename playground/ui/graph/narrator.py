"""Says in bar, pane and canvas what the step taken last did, or what a node is."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.explanation import Explanation, explain_node, explain_step
from playground.core.scalar_graph.graph import Kind
from playground.core.scalar_graph.stepping import Direction
from playground.ui.graph.bar import GraphBar
from playground.ui.graph.looks import place_words
from playground.ui.graph.pane import StepPane

HINT = (
    "Every number that the training computes for its samples is here. Press → to let the loss"
    " send its gradient back, one node at a time; F turns the direction."
)
BENCH_HINT = "Press → to let the result send its gradient back, one node at a time."


def step_title(explanation: Explanation, place: str) -> str:
    """Return the heading of a step: "tanh in Hidden 1 · 2", "update of w₁₁"."""
    subject = explanation.subject
    return f"{subject} in {place}" if place and explanation.phase != "update" else subject


class Narrator(QObject):
    """Tells of steps and nodes.

    Signals
    -------
    neuron_marked(object) : (layer, neuron, words) for the canvas, or None.
    """

    neuron_marked = Signal(object)

    def __init__(self, desk: Desk, bar: GraphBar, pane: StepPane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._bar, self._pane = desk, bar, pane

    def tell_step(self) -> None:
        """Show the step taken last, or how to begin."""
        desk, bar, pane = self._desk, self._bar, self._pane
        stepper = desk.stepper
        bar.start.setEnabled(stepper is not None)
        bar.back.setEnabled(stepper is not None and stepper.position > 0)
        for button in (bar.end, bar.play):
            button.setEnabled(desk.graph is not None)
        can_begin = stepper is None and desk.graph is not None
        bar.on.setEnabled(can_begin or (stepper is not None and stepper.position < stepper.n_steps))
        pane.show_buttons(jump=False, fold=False)
        if stepper is None:
            bar.show_step("", 0, 0, 0)
            if desk.refusal:
                pane.show_hint("No graph", desk.refusal)
            elif desk.expression:
                pane.show_hint("Your expression", BENCH_HINT)
            else:
                pane.show_hint("The scalar graph", HINT)
            self.neuron_marked.emit(None)
            return
        text = f"Step {stepper.position} of {stepper.n_steps}"
        bar.show_step(text, stepper.position, stepper.n_steps, stepper.n_node_steps)
        explanation = explain_step(stepper, desk.training)
        if explanation is None:
            forward = stepper.direction is Direction.FORWARD
            way = "from the leaves to the loss" if forward else "from the loss back to the leaves"
            pane.show_hint("Before the first step", f"Press → to step {way}.")
            self.neuron_marked.emit(None)
            return
        pane.show_step(explanation, step_title(explanation, place_words(desk, explanation.node)))
        neuron, subject = desk.neuron_of(explanation.node), explanation.subject
        words = subject if explanation.phase == "update" else f"{explanation.phase}: {subject}"
        self.neuron_marked.emit((*neuron, words) if neuron is not None else None)

    def tell_node(self, node: int) -> None:
        """Show what a node is and holds."""
        desk = self._desk
        graph = desk.settle()
        explanation = explain_node(graph, node, desk.stepper)
        place = place_words(desk, node)
        title = str(graph.names[node]) or explanation.subject
        can_fold = any(g.kind in (Kind.NEURON, Kind.SAMPLE) for g in graph.paths[node])
        self._pane.show_buttons(jump=True, fold=can_fold)
        figures = desk.data(node), desk.grad(node)
        self._pane.show_step(explanation, f"{title} in {place}" if place else title, figures)
        neuron = desk.neuron_of(node)
        self.neuron_marked.emit((*neuron, title) if neuron is not None else None)
