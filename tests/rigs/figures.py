"""What a window shows of a snapshot, compared with what the snapshot says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from playground.core.health import diagnose
from playground.core.parameters import to_flat
from playground.core.snapshot import Activity, Snapshot
from playground.ui.decimation import for_log_scale, log_foot
from playground.ui.loss_view import LossView
from playground.ui.run_bar import format_epoch, format_loss, format_share
from playground.ui.status_line import describe_health

if TYPE_CHECKING:
    from playground.ui.graph.dock import GraphDock
    from playground.ui.main_window import MainWindow
    from playground.ui.right_panel import RightPanel
    from playground.ui.run_bar import RunBar
    from playground.ui.status_line import StatusLine

Figure = tuple[str, Any, Any]
"""What it is, what is shown, and what is true."""


def wrong_figures(window: MainWindow, snapshot: Snapshot) -> list[str]:
    """Describe every figure in sight that is not the snapshot's; training must rest."""
    found = [
        *_of_run_bar(window.run_bar, snapshot),
        *_of_status(window.status, snapshot, window.controller.activity),
        *_of_right(window.right, snapshot),
        *_of_graph(window.graph.dock, snapshot),
    ]
    return [
        f"{name}: {shown} is shown, {true} is true"
        for name, shown, true in found
        if not _are_equal(shown, true)
    ]


def _are_equal(shown: Any, true: Any) -> bool:
    if isinstance(shown, str):
        return bool(shown == true)
    one, other = np.asarray(shown, float), np.asarray(true, float)
    # The graph is worked out by another engine, in another order.
    return one.shape == other.shape and np.allclose(one, other, 1e-9, 1e-12, equal_nan=True)


def _of_run_bar(bar: RunBar, snapshot: Snapshot) -> Iterator[Figure]:
    has_samples = len(snapshot.data.y) > 0
    accuracy = snapshot.test_accuracy
    accuracy = snapshot.train_accuracy if accuracy is None else accuracy
    yield "epoch", bar.epoch.value, format_epoch(snapshot.epoch)
    yield "batch", bar.batch.value, f"{snapshot.batch} / {snapshot.n_batches}"
    yield "train loss", bar.train.value, format_loss(snapshot.train_loss if has_samples else None)
    yield "test loss", bar.test.value, format_loss(snapshot.test_loss)
    yield "accuracy", bar.accuracy.value, format_share(accuracy)


def _of_status(status: StatusLine, snapshot: Snapshot, activity: Activity) -> Iterator[Figure]:
    nodes = "".join(c for c in status.nodes.text().split("=")[1] if c.isdigit())
    finding = diagnose(snapshot)
    yield "nodes", nodes, str(snapshot.n_values)
    words = describe_health(snapshot) if finding is None else finding.words
    yield "health", status.health.text(), words
    shown = {Activity.PAUSED: "Paused", Activity.DIVERGED: "Stopped"}
    yield "activity", status.activity.text(), shown[activity]


def _of_right(right: RightPanel, snapshot: Snapshot) -> Iterator[Figure]:
    if not right.isVisible():
        return
    if right.loss.isVisible():
        yield from _of_loss(right.loss, snapshot)
    if right.weights.isVisible():
        for k, (drawn, layer) in enumerate(
            zip(right.weights.histograms, snapshot.layers, strict=True)
        ):
            yield f"weights of layer {k}", drawn.counts.sum(), layer.weights.size
            yield f"rms of layer {k}", drawn.rms, np.sqrt(np.mean(layer.weights**2))
    if right.gradients.isVisible():
        hidden = snapshot.layers[:-1] or snapshot.layers
        for k, (row, layer) in enumerate(zip(right.gradients.rows, hidden, strict=True)):
            yield f"gradients of layer {k}", row.gradients, layer.neuron_gradients
    if right.activations.isVisible():
        for k, (line, layer) in enumerate(
            zip(right.activations.rows, snapshot.layers, strict=True)
        ):
            yield f"answers of layer {k}", line.counts, layer.histogram.sum(axis=0)
    neuron, figures = right.neuron.neuron, right.neuron.figures
    if right.neuron.isVisible() and neuron is not None and neuron[0] >= 0 and figures is not None:
        layer = snapshot.layers[neuron[0]]
        weights = [*layer.weights[neuron[1]], layer.biases[neuron[1]]]
        yield "weights of the neuron", [one.value for one in figures.incoming], weights


def _of_loss(view: LossView, snapshot: Snapshot) -> Iterator[Figure]:
    history = snapshot.history
    for name, curve, losses in (
        ("train curve", view.train_curve, history.train_loss),
        ("test curve", view.test_curve, history.test_loss),
    ):
        known = np.isfinite(losses)
        if view.extras.smooth or not known.any():
            continue
        x, y = curve.getData()
        shown = losses[known]
        if view.log_box.isChecked():
            shown = for_log_scale(shown, log_foot(history.train_loss, history.test_loss))
        yield f"epoch at the end of the {name}", x[-1], history.epochs[known][-1]
        yield f"end of the {name}", 10.0 ** y[-1] if view.log_box.isChecked() else y[-1], shown[-1]


def _of_graph(dock: GraphDock, snapshot: Snapshot) -> Iterator[Figure]:
    desk = dock.desk
    graph = desk.graph
    if not dock.isVisible() or graph is None or desk.expression or desk.stepper is not None:
        return
    parameters = [desk.data(node) for node in graph.parameters]
    if len(graph.parameters) == len(to_flat(snapshot.parameters)):
        yield "parameters of the graph", parameters, to_flat(snapshot.parameters)
    loss = desk.data(len(graph) - 1)
    yield "loss of the graph", loss, snapshot.losses[list(graph.samples)].mean()
