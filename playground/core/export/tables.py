"""Tables: tidy CSV, one observation per line, RFC 4180, UTF-8, a point as decimal mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from playground.core.experiment import NetworkSpec
from playground.core.snapshot import Snapshot

TABLES = ("series", "weights", "gradients", "activations", "predictions", "dataset")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(snapshot: Snapshot, name: str) -> str:
    """Return one of TABLES of a moment of a run."""
    head, rows = {
        "series": _series,
        "weights": _weights,
        "gradients": _gradients,
        "activations": _activations,
        "predictions": _predictions,
        "dataset": _dataset,
    }[name](snapshot)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue()


Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def _cell(value: object) -> str:
    """Write a number exactly, nothing for a missing one, and words no spreadsheet computes."""
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return repr(number) if np.isfinite(number) else ("" if number != number else str(number))
    text = str(value)
    return "'" + text if isinstance(value, str) and text.startswith(_FORMULA) else text


def _layer_names(network: NetworkSpec) -> list[str]:
    return [*(f"hidden {k + 1}" for k in range(len(network.hidden))), "output"]


def _series(snapshot: Snapshot) -> Table:
    """Epoch, series, layer (for norms), value: all that was logged, missing values left out."""
    history = snapshot.history
    names = _layer_names(snapshot.experiment.network)
    columns = [
        ("train loss", "", history.train_loss),
        ("test loss", "", history.test_loss),
        ("train accuracy", "", history.train_accuracy),
    ]
    norms = history.gradient_norms
    columns += [
        ("gradient norm", name, norms[:, k]) for k, name in enumerate(names) if k < norms.shape[1]
    ]
    rows = [
        (int(epoch), series, layer, float(value))
        for series, layer, values in columns
        for epoch, value in zip(history.epochs, values, strict=True)
        if np.isfinite(value)
    ]
    return ("epoch", "series", "layer", "value"), rows


def _per_parameter(snapshot: Snapshot, weights: str, biases: str) -> list[Sequence[object]]:
    rows: list[Sequence[object]] = []
    network = snapshot.experiment.network
    names = _layer_names(network)
    inputs = [feature.value for feature in network.features]
    for k, layer in enumerate(snapshot.layers):
        sources = inputs if k == 0 else [str(i + 1) for i in range(network.layer_sizes[k - 1])]
        matrix, ends = getattr(layer, weights), getattr(layer, biases)
        for neuron, (row, end) in enumerate(zip(matrix, ends, strict=True)):
            rows += [
                (snapshot.epoch, names[k], neuron + 1, "weight", source, float(value))
                for source, value in zip(sources, row, strict=True)
            ]
            rows.append((snapshot.epoch, names[k], neuron + 1, "bias", "", float(end)))
    return rows


_PARAMETER_HEAD = ("epoch", "layer", "neuron", "kind", "source")


def _weights(snapshot: Snapshot) -> Table:
    return (*_PARAMETER_HEAD, "value"), _per_parameter(snapshot, "weights", "biases")


def _gradients(snapshot: Snapshot) -> Table:
    rows = _per_parameter(snapshot, "weight_gradients", "bias_gradients")
    return (*_PARAMETER_HEAD, "gradient"), rows


def _activations(snapshot: Snapshot) -> Table:
    rows: list[Sequence[object]] = []
    names = _layer_names(snapshot.experiment.network)
    for name, layer in zip(names, snapshot.layers, strict=True):
        low, high = layer.histogram_range
        edges = np.linspace(low, high, layer.histogram.shape[1] + 1)
        for neuron, counts in enumerate(layer.histogram):
            rows += [
                (snapshot.epoch, name, neuron + 1, float(edges[k]), float(edges[k + 1]), int(count))
                for k, count in enumerate(counts)
            ]
    return ("epoch", "layer", "neuron", "from", "to", "count"), rows


def _samples(snapshot: Snapshot) -> tuple[list[str], list[list[object]]]:
    data = snapshot.data
    x, y = np.asarray(data.x), np.asarray(data.y)
    targets = y[:, None] if y.ndim == 1 else y
    head = ["sample", "set", *(f"x{k + 1}" for k in range(x.shape[1]))]
    head += ["y"] if targets.shape[1] == 1 else [f"y{k + 1}" for k in range(targets.shape[1])]
    rows: list[list[object]] = [
        [k + 1, "train" if k < data.n_train else "test", *point, *target]
        for k, (point, target) in enumerate(zip(x.tolist(), targets.tolist(), strict=True))
    ]
    return head, rows


def _dataset(snapshot: Snapshot) -> Table:
    return _samples(snapshot)


def _predictions(snapshot: Snapshot) -> Table:
    head, rows = _samples(snapshot)
    answers = np.asarray(snapshot.predictions)
    answers = answers[:, None] if answers.ndim == 1 else answers
    one = answers.shape[1] == 1
    head += ["prediction"] if one else [f"prediction{k + 1}" for k in range(answers.shape[1])]
    for row, answer in zip(rows, answers.tolist(), strict=True):
        row.extend(answer)
    return head, rows
