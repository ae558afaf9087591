"""A run as one web page that replays it: weights per moment, everything else computed there."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from math import isfinite

import numpy as np

from playground.core.experiment import Activation, Experiment, Loss, Problem
from playground.core.export.animation import frame_epochs
from playground.core.export.font_subset import bundled_woff
from playground.core.export.metadata import marked, writable
from playground.core.export.training import tell_divergence, train_to
from playground.core.files import encode_experiment
from playground.core.parameters import to_flat
from playground.core.run import Run
from playground.core.snapshot import Snapshot

NUMBERS_BYTES = 540_000
"""What the weights of all moments together may take, so that a page stays below 1 MB."""
MOST_POINTS = 1500
MOST_HISTORY = 500
_FACES = {400: "Regular", 500: "Medium", 600: "SemiBold"}
_MORE_CHARACTERS = "0123456789−–·→∂|ŷ=,.+()×%\u2009₁₂⁰¹²³⁴⁵⁶⁷⁸⁹⁻"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the page's appearance is made of.

    Attributes
    ----------
    tokens : per theme ("light", "dark") the colours by name, as #rrggbb or rgba(…).
    tables : per theme the 256 colours of the field map, 0xRRGGBB.
    words : what features and activations are called.
    """

    tokens: Mapping[str, Mapping[str, str]]
    tables: Mapping[str, list[int]]
    words: Mapping[str, str]


def make_page(
    experiment: Experiment, epochs: int, n_frames: int, look: Look, title: str, settings: str
) -> str:
    """Train an experiment and return the page; `settings` may hold {} for the last figures.

    Raises
    ------
    ValueError
        If not even two moments of the network fit on a page.
    """
    network = experiment.network
    per_frame = network.n_parameters + sum(network.layer_sizes)
    fitting = min(n_frames, NUMBERS_BYTES // (4 * per_frame))
    if fitting < 2:
        raise ValueError(f"a network of {network.n_parameters} parameters is too large for a page")
    run = Run(experiment)
    frames, numbers = [], []
    for epoch in frame_epochs(epochs, fitting):
        for _ in train_to(run, epoch):
            pass
        snapshot = run.snapshot(maps=False, output=False)
        frames.append(_figures(snapshot))
        rings = [layer.neuron_gradients for layer in snapshot.layers]
        numbers.append(np.concatenate([to_flat(snapshot.parameters), *rings]))
        if run.divergence is not None:
            break
    tell_divergence(run)
    snapshot = run.snapshot()
    packed = np.concatenate(numbers).astype("<f4").tobytes()
    data = {
        **_described(snapshot, look),
        "perFrame": per_frame,
        "nParameters": network.n_parameters,
        "frames": frames,
        "history": _history(snapshot),
        "numbers": b64encode(packed).decode("ascii"),
        "tables": dict(look.tables),
    }
    carried = marked(encode_experiment(run.experiment, run.state()))
    return _filled(data, look, title, settings, carried)


def _figures(snapshot: Snapshot) -> dict[str, object]:
    accuracy = snapshot.test_accuracy
    if accuracy is None:
        accuracy = snapshot.train_accuracy
    return {
        "epoch": snapshot.epoch,
        "train": _known(snapshot.train_loss),
        "test": _known(snapshot.test_loss),
        "accuracy": _known(accuracy),
    }


def _known(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(f"{value:.6g}")


def _described(snapshot: Snapshot, look: Look) -> dict[str, object]:
    experiment, data = snapshot.experiment, snapshot.data
    network = experiment.network
    several = experiment.data.problem is Problem.MULTICLASS
    classes = experiment.data.problem is not Problem.REGRESSION
    return {
        "inputs": [feature.value for feature in network.features],
        "inputWords": [look.words[feature.value] for feature in network.features],
        "axisWords": [data.input_names[k] for k in data.shown if k < data.n_inputs],
        "sizes": list(network.layer_sizes),
        "activations": [kind.value for kind in network.activations],
        "activationWords": [look.words[kind.value] for kind in network.activations],
        "gradientOf": [experiment.gradient_of(k) for k in range(len(network.layer_sizes))],
        "nInputs": data.n_inputs,
        "nClasses": len(data.class_names) if classes else 0,
        "classNames": list(data.class_names),
        "low": data.low,
        "high": data.high,
        "shown": list(data.shown),
        "held": [float(v) for v in data.held],
        "scale": _sign_scale(experiment),
        "logical": experiment.data.is_logical,
        "points": _points(snapshot, several, classes),
    }


def _sign_scale(experiment: Experiment) -> tuple[float, float]:
    """Return how an output v becomes a number on the maps' ±1 scale: a·v + b."""
    sigmoid = experiment.network.output_activation is Activation.SIGMOID
    if experiment.training.loss is Loss.BCE_LOGITS:
        return (2.0, -1.0) if sigmoid else (1.0, 0.0)
    signed = experiment.training.loss is Loss.HINGE or not experiment.data.is_logical
    return (1.0, 0.0) if signed else (2.0, -1.0)


def _points(snapshot: Snapshot, several: bool, classes: bool) -> list[list[float]]:
    """Return x, y on the map, class or target, 1 for the train set; thinned evenly."""
    data = snapshot.data
    middle = 0.5 if snapshot.experiment.data.is_logical else 0.0
    chosen = np.unique(np.linspace(0, len(data.x) - 1, min(len(data.x), MOST_POINTS)).astype(int))
    points = []
    for k in chosen if len(data.x) else []:
        u = float(data.x[k, data.shown[0]])
        v = float(data.x[k, data.shown[1]]) if data.n_inputs > 1 else 0.0
        target = float(data.y[k])
        if classes and not several:
            target = 0.0 if target > middle else 1.0
        points.append([round(u, 4), round(v, 4), round(target, 4), int(k < data.n_train)])
    return points


def _history(snapshot: Snapshot) -> dict[str, list[object]]:
    history = snapshot.history
    step = max(1, len(history.epochs) // MOST_HISTORY)
    kept = sorted({*range(0, len(history.epochs), step), len(history.epochs) - 1})
    return {
        "epochs": [int(history.epochs[k]) for k in kept],
        "train": [_known(float(history.train_loss[k])) for k in kept],
        "test": [_known(float(history.test_loss[k])) for k in kept],
    }


def _filled(data: dict[str, object], look: Look, title: str, settings: str, carried: str) -> str:
    folder = files("playground") / "resources" / "page"
    page, css, script = (
        (folder / name).read_text(encoding="utf-8") for name in ("page.html", "page.css", "page.js")
    )
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    # Nothing in the data can end the script element it is in.
    text = text.replace("<", "\\u003c")
    shown = set(page + script + title + settings + "".join(look.words.values()))
    shown |= set(_MORE_CHARACTERS)
    parts = {
        "#TITLE#": escape(writable(title)),
        "#SETTINGS#": escape(writable(settings)),
        "#FONTS#": _fonts(shown),
        "#TOKENS#": _rules(look.tokens),
        "#CSS#": css,
        "#EXPERIMENT#": carried,
        "#SCRIPT#": script,
        "#DATA#": text,
    }
    # In one go: a title may look like one of the marks.
    return re.sub("|".join(parts), lambda mark: parts[mark[0]], page)


def _fonts(characters: set[str]) -> str:
    rules = []
    for weight, face in _FACES.items():
        font = b64encode(bundled_woff(f"Inter-{face}", frozenset(characters))).decode("ascii")
        rules.append(
            f"@font-face{{font-family:Inter;font-weight:{weight};"
            f"src:url(data:font/woff;base64,{font}) format('woff')}}"
        )
    return "".join(rules)


def _rules(tokens: Mapping[str, Mapping[str, str]]) -> str:
    def block(name: str) -> str:
        return "".join(f"--{key}:{value};" for key, value in tokens[name].items())

    return (
        f":root{{color-scheme:light;{block('light')}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{block('dark')}}}"
    )
