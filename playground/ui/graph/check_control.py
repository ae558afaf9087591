"""Runs the gradient check and shows it over the graph and beside it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from playground.core.scalar_graph.check import difference_at, errors_by_step
from playground.core.scalar_graph.desk import Desk
from playground.ui.graph.check_pane import CheckPane
from playground.ui.graph.view import GraphView

MAX_CHECKED = 2000
"""Values up to which every parameter is checked: each costs several passes over the graph."""


class CheckControl(QObject):
    """Checks a desk's gradients.

    Signals
    -------
    refused(str) : why there was no check.
    """

    refused = Signal(str)

    def __init__(self, desk: Desk, view: GraphView, pane: CheckPane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._view, self._pane = desk, view, pane
        self._node: int | None = None
        pane.node_chosen.connect(self._on_node_chosen)
        pane.distance_chosen.connect(self._on_distance_chosen)

    def check(self) -> bool:
        """Check every parameter's gradient; return whether there was a check."""
        desk = self._desk
        if desk.graph is None:
            return False
        if len(desk.graph) > MAX_CHECKED:
            self.refused.emit(
                f"The check is for graphs of up to {MAX_CHECKED} Values: choose fewer samples."
            )
            return False
        checks = desk.check()
        self._pane.show_checks(desk.settle(), checks)
        self._view.refresh()
        return True

    def clear(self) -> None:
        """Take the marks off the graph."""
        self._desk.checks = {}
        self._node = None
        self._view.refresh()

    def _on_node_chosen(self, node: int) -> None:
        desk, view = self._desk, self._view
        check = desk.checks.get(node)
        if check is None or desk.folds is None:
            return
        self._node = node
        desk.folds.reveal(node)
        if view.drawing is not None and view.drawing.folded is not desk.folded:
            view.refold(node)
        view.select_node(node)
        view.ensure_node(node)
        points = errors_by_step(desk.settle(), node, check.check.analytic)
        self._pane.show_curve(points)
        self._on_distance_chosen(self._pane.distance)

    def _on_distance_chosen(self, h: float) -> None:
        check = self._desk.checks.get(self._node) if self._node is not None else None
        if check is not None:
            numeric = difference_at(self._desk.settle(), check.node, h)
            self._pane.show_difference(h, numeric, check.check.analytic)
