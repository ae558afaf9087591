"""What the inputs are called: symbols like x₁, or the names of a file's columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from playground.core.experiment import Experiment, Feature, OwnForm, raw_features
from playground.ui.labels import FEATURE_WORDS, layer_name

LONGEST_IN_LIST = 12
LONGEST_IN_TITLE = 24


def column_names(experiment: Experiment) -> dict[Feature, str]:
    """Return the columns' names of the inputs that come from a file; {} if none do."""
    own = experiment.data.own
    if own is None or own.form is not OwnForm.FILE:
        return {}
    return dict(zip(raw_features(len(own.input_names)), own.input_names, strict=True))


def input_name(experiment: Experiment, feature: Feature, longest: int = LONGEST_IN_TITLE) -> str:
    """Return a column's name, cut where it is long, or a feature's symbol."""
    name = column_names(experiment).get(feature, FEATURE_WORDS[feature])
    return name if len(name) <= longest else name[: longest - 1] + "…"


def source_names(experiment: Experiment, layer: int) -> list[str]:
    """Return what the inputs of a layer are called in a list: features, columns, or "H1·3"."""
    network = experiment.network
    if layer == 0:
        return [input_name(experiment, feature, LONGEST_IN_LIST) for feature in network.features]
    short = layer_name(layer - 1, len(network.hidden), short=True)
    return [f"{short}·{k + 1}" for k in range(network.layer_sizes[layer - 1])]


def label_lines(name: str, metrics: QFontMetricsF, room: float) -> list[str]:
    """Return a column's name as one line or, where that is too wide, as two, elided if need be."""
    if metrics.horizontalAdvance(name) <= room:
        return [name]
    gaps = [k for k, letter in enumerate(name) if letter in " _-." and 0 < k < len(name) - 1]
    cuts = gaps or [len(name)]
    # The cut that leaves the wider line narrowest; a space at it is dropped.
    halves = [(name[: k + 1].rstrip(), name[k + 1 :].lstrip()) for k in cuts]
    widths = [max(map(metrics.horizontalAdvance, lines)) for lines in halves]
    lines = halves[widths.index(min(widths))]
    right = Qt.TextElideMode.ElideRight
    return [metrics.elidedText(line, right, room) for line in lines if line]
