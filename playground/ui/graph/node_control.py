"""What a person points at in the graph: selects, unfolds, folds and finds nodes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.core.scalar_graph.desk import Desk
from playground.core.scalar_graph.finding import find_nodes
from playground.core.scalar_graph.folding import Level
from playground.core.scalar_graph.graph import Group
from playground.ui.graph.bar import GraphBar
from playground.ui.graph.pane import StepPane
from playground.ui.graph.view import GraphView


class NodeControl(QObject):
    """Follows clicks on nodes and groups, the level of detail and the search.

    Attributes
    ----------
    selected : the node that the pane tells of, if it does not tell of a step.

    Signals
    -------
    node_chosen(object) : the node to tell of, or None to tell of the step again.
    jump_requested(int) : step until this node is reached.
    message_raised(str) : words for the status line.
    """

    node_chosen = Signal(object)
    jump_requested = Signal(int)
    message_raised = Signal(str)

    def __init__(
        self, desk: Desk, view: GraphView, bar: GraphBar, pane: StepPane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._view, self._bar = desk, view, bar
        self._found: tuple[str, int] = ("", -1)
        self.selected: int | None = None
        view.node_clicked.connect(self.choose)
        view.group_clicked.connect(self._on_group_clicked)
        view.fold_requested.connect(self.fold_over)
        view.level_requested.connect(self._on_level_chosen)
        bar.level_chosen.connect(self._on_level_chosen)
        bar.search.wanted.connect(self.find)
        pane.jump.clicked.connect(self._on_jump_clicked)
        pane.fold.clicked.connect(self._on_fold_clicked)

    def show_graph(self) -> None:
        """Begin with another graph: nothing is selected."""
        self.selected = None
        self.show_levels()

    def show_levels(self) -> None:
        """Show the level of detail and how much each level has."""
        graph, folds = self._desk.graph, self._desk.folds
        if graph is None or folds is None:
            self._bar.show_levels(Level.VALUES, {}, 0)
        else:
            self._bar.show_levels(folds.level, folds.counts(), len(graph))

    def choose(self, node: int | None) -> None:
        """Select a node, or none."""
        self.selected = node
        self._view.select_node(node)
        self.node_chosen.emit(node)

    def fold_over(self, node: int) -> None:
        """Fold the innermost open group that a node belongs to."""
        graph, folds = self._desk.graph, self._desk.folds
        if graph is None or folds is None:
            return
        open_groups = [g for g in graph.paths[node] if folds.is_open(g)]
        if open_groups:
            folds.toggle(open_groups[-1])
            self.selected = None
            self._view.refold(node)
            self.node_chosen.emit(None)

    def find(self, text: str) -> None:
        """Go to the next node of that name or operation, unfolding what hides it."""
        graph, folds = self._desk.graph, self._desk.folds
        found = find_nodes(graph, text) if graph is not None else []
        if folds is None or not found:
            self.message_raised.emit(f"No node is called “{text}”." if text.strip() else "")
            return
        before, last = self._found
        index = (last + 1) % len(found) if before == text else 0
        self._found = text, index
        node = found[index]
        folds.reveal(node)
        self._view.refold(node)
        self.choose(node)
        self._view.ensure_node(node)

    def _on_group_clicked(self, group: Group) -> None:
        folds = self._desk.folds
        assert folds is not None, "a group of the graph was clicked"
        item = folds.item_of_group(group)
        folds.toggle(group)
        self._view.refold(item.rows[-1] if item is not None and item.rows else None)

    def _on_level_chosen(self, level: Level) -> None:
        stepper = self._desk.stepper
        anchor = self.selected if stepper is None else stepper.current_node
        if self._desk.folds is not None:
            self._desk.folds.set_level(level)
        self._view.refold(anchor)
        self.show_levels()

    def _on_jump_clicked(self) -> None:
        if self.selected is not None:
            self.jump_requested.emit(self.selected)

    def _on_fold_clicked(self) -> None:
        if self.selected is not None:
            self.fold_over(self.selected)
