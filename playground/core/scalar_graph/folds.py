"""How one graph is folded at the moment, and what is drawn of it so."""

from __future__ import annotations

from playground.core.scalar_graph.folding import (
    CROWD,
    MAX_ITEMS,
    FoldedGraph,
    Folding,
    Item,
    Level,
    count_items,
    fold,
    is_open,
)
from playground.core.scalar_graph.graph import Group, ScalarGraph


class Folds:
    """What a person unfolds and folds of one graph.

    Parameters
    ----------
    only_values : whether all Values are drawn whatever is asked, as of an expression.

    Attributes
    ----------
    folding : what is unfolded.
    folded : what is drawn; never more than MAX_ITEMS by what is unfolded later.
    """

    def __init__(self, graph: ScalarGraph, folding: Folding, *, only_values: bool = False) -> None:
        self._graph, self._only_values = graph, only_values
        self._counts: dict[Level, int] | None = None
        self.folding = folding
        self.folded: FoldedGraph = fold(graph, folding)

    @property
    def level(self) -> Level:
        """The level of detail, apart from what was done by hand."""
        return self.folding.level

    def set_level(self, level: Level) -> None:
        """Unfold to a level; what was opened and closed by hand is forgotten."""
        self._fold(self.folding.at(level))

    def can_show(self, level: Level) -> bool:
        """Whether a level's nodes can be drawn: there is a limit."""
        if level is Level.VALUES:
            graph = self._graph
            return self._only_values or len(graph) // max(1, len(graph.samples)) <= MAX_ITEMS
        return not self._only_values

    def counts(self) -> dict[Level, int]:
        """Return how many Values or groups are drawn at each level that can be shown."""
        if self._counts is None:
            shown = [level for level in Level if self.can_show(level)]
            self._counts = {
                level: count_items(self._graph, self.folding.at(level)) for level in shown
            }
        return self._counts

    def is_open(self, group: Group) -> bool:
        """Whether a group is unfolded."""
        if group == CROWD:
            return CROWD in self.folding.opened
        return is_open(self._graph, self.folding, group)

    def toggle(self, group: Group) -> None:
        """Unfold a group, or fold it."""
        self._fold(self.folding.toggled(group, is_open=self.is_open(group)))

    def reveal(self, node: int) -> None:
        """Unfold whatever hides a node, if that leaves few enough nodes to draw."""
        for group in self._graph.paths[node]:
            if not self.is_open(group):
                self.toggle(group)

    def item_of_group(self, group: Group) -> Item | None:
        """Return the drawn item of a folded group."""
        return next((item for item in self.folded.items if item.group == group), None)

    def _fold(self, folding: Folding) -> None:
        folded = fold(self._graph, folding)
        if len(folded.items) <= MAX_ITEMS:
            self.folding, self.folded = folding, folded
