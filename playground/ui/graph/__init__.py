"""The graph dock: every node of the scalar graph, forward and backward, one at a time."""
