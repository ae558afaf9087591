"""Reads an address of TensorFlow Playground: an experiment, and what could not be taken over.

Its settings stand behind `#`, as `key=value` joined by `&`; a setting that is missing has that
app's default. Whatever differs here from what the address asks for is said, one sentence each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import TypeVar

from playground.core.experiment import (
    MAX_HIDDEN_LAYERS,
    MAX_NEURONS,
    MAX_PARAMETERS,
    MAX_SAMPLES,
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    Initializer,
    LayerSpec,
    Loss,
    NetworkSpec,
    Problem,
    Regularization,
    TrainingSpec,
)

T = TypeVar("T")

LONGEST = 20_000
"""Characters; a longer text is no address that anybody copied."""
RATES = (1e-8, 1000.0)
"""Learning rates that the app's own control offers."""
SHOWN_CHARACTERS = 40
_HOST = re.compile(r"(?:https?://)?playground\.tensorflow\.org(?:[/?#]|$)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_TELLTALE = {"networkShape", "regDataset", "percTrainData", "regularizationRate", "initZero"}

_ACTIVATIONS = {kind.value: kind for kind in tuple(Activation)[:4]}
_PENALTIES = {"none": Regularization.NONE, "L1": Regularization.L1, "L2": Regularization.L2}
_CLASSES = {kind.value: kind for kind in tuple(DatasetKind)[:4]}
_CURVED = {"reg-plane": DatasetKind.PLANE, "reg-gauss": DatasetKind.HILLS}
_PROBLEMS = {"classification": True, "regression": False}
_FEATURES = {
    "x": Feature.X1,
    "y": Feature.X2,
    "xSquared": Feature.X1_SQUARED,
    "ySquared": Feature.X2_SQUARED,
    "xTimesY": Feature.X1_X2,
    "sinX": Feature.SIN_X1,
    "sinY": Feature.SIN_X2,
    "cosX": Feature.COS_X1,
    "cosY": Feature.COS_X2,
}


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an address stands for here.

    Attributes
    ----------
    notes : a sentence for each setting that differs from what the address asks for.
    test_points, discretise : what the address asks of the map; None where it says nothing.
    """

    experiment: Experiment
    notes: tuple[str, ...] = ()
    test_points: bool | None = None
    discretise: bool | None = None


def is_playground_address(text: str) -> bool:
    """Whether a text is one address of TensorFlow Playground, or of a copy of it."""
    text = text.strip()
    if not text or len(text) > LONGEST or len(text.split()) > 1:
        return False
    if _HOST.match(text):
        return True
    _, mark, fragment = text.partition("#")
    keys = {part.partition("=")[0] for part in fragment.split("&") if "=" in part}
    return bool(mark) and len(keys & _TELLTALE) >= 2


def adopt_address(text: str) -> Adopted:
    """Return the experiment of an address, with all that was changed on the way.

    Raises
    ------
    ValueError
        If the text is no such address.
    """
    if not is_playground_address(text):
        raise ValueError("this is not an address of TensorFlow Playground")
    reader = _Reader(text.strip().partition("#")[2])
    data = reader.data()
    experiment = Experiment(
        data,
        reader.network(is_class=data.problem is Problem.CLASSIFICATION),
        reader.training(),
        data.seed,
    )
    test_points, discretise = reader.wish("showTestData"), reader.wish("discretize")
    reader.note_the_rest()
    return Adopted(experiment, tuple(reader.notes), test_points, discretise)


class _Reader:
    """Takes settings out of an address one by one, and notes what it changes."""

    def __init__(self, fragment: str) -> None:
        self.notes: list[str] = []
        self._left: dict[str, str] = {}
        for part in fragment.split("&"):
            key, _, value = part.partition("=")
            key, value = _decoded(key), _decoded(value)
            if key in self._left and self._left[key] != value:
                self.notes.append(f"{_shown(key)} comes more than once; the last value is used.")
            if key:
                self._left[key] = value

    def data(self) -> DataSpec:
        """Return the dataset with its number of samples, noise, share and seed."""
        classes, curved = self._choice("dataset", _CLASSES), self._choice("regDataset", _CURVED)
        is_class = self._choice("problem", _PROBLEMS, default=True)
        share = self._number("percTrainData", 50.0, 10.0, 100.0) / 100.0
        noise = self._number("noise", 0.0, 0.0, 50.0) / 100.0
        kind, n_samples = (classes, 500) if is_class else (curved, 1200)
        return DataSpec(kind, n_samples, noise, share, self._seed())

    def network(self, is_class: bool) -> NetworkSpec:
        """Return the features that are on, the hidden layers and how they begin."""
        on = {
            feature: self.wish(key, usual=feature in (Feature.X1, Feature.X2))
            for key, feature in _FEATURES.items()
        }
        features = tuple(feature for feature in Feature if on.get(feature))
        if not features:
            self.notes.append("All inputs are off; x₁ and x₂ are switched on.")
            features = (Feature.X1, Feature.X2)
        activation = self._choice("activation", _ACTIVATIONS, default=Activation.TANH)
        zeros = self.wish("initZero", usual=False)
        sizes = self._fitting(len(features), self._sizes())
        return NetworkSpec(
            features,
            tuple(LayerSpec(size, activation) for size in sizes),
            Activation.TANH if is_class else Activation.LINEAR,
            Initializer.ZEROS if zeros else Initializer.TF_PLAYGROUND,
        )

    def training(self) -> TrainingSpec:
        """Return plain gradient descent on half the squared error, as that app does it."""
        return TrainingSpec(
            Loss.HALF_MSE,
            learning_rate=self._number("learningRate", 0.03, *RATES),
            batch_size=self._whole("batchSize", 10, 1, MAX_SAMPLES),
            regularization=self._choice("regularization", _PENALTIES),
            regularization_rate=self._number("regularizationRate", 0.0, 0.0, 1000.0),
        )

    def wish(self, key: str, usual: bool | None = None) -> bool | None:
        """Return a switch, or `usual` where the address has it not."""
        value = self._left.pop(key, None)
        if value is None:
            return usual
        if value not in ("true", "false"):
            self.notes.append(f"{key} is {_shown(value)}, not true or false; it is taken as true.")
        return value != "false"

    def note_the_rest(self) -> None:
        """Say which settings have no counterpart."""
        hidden = [
            key
            for key, value in self._left.items()
            if value != "false" and (key == "hideText" or key.endswith("_hide"))
        ]
        if hidden:
            self.notes.append(f"Nothing is hidden here ({_listed(hidden)}).")
        quiet = {"hideText", "tutorial", "collectStats"}
        unknown = [key for key in self._left if key not in quiet and not key.endswith("_hide")]
        if unknown:
            self.notes.append(f"Not known and left out: {_listed(unknown)}.")

    # One setting each.

    def _choice(self, key: str, known: dict[str, T], default: T | None = None) -> T:
        usual = next(iter(known.values())) if default is None else default
        value = self._left.pop(key, None)
        if value is None or value in known:
            return usual if value is None else known[value]
        name = next(text for text, choice in known.items() if choice == usual)
        self.notes.append(f"{key} {_shown(value)} is not known; {name} is used.")
        return usual

    def _number(self, key: str, usual: float, low: float, high: float) -> float:
        value = self._left.pop(key, None)
        if value is None:
            return usual
        number = _read(value)
        if number is None:
            self.notes.append(f"{key} {_shown(value)} is no number; {usual:g} is used.")
            return usual
        used = min(max(number, low), high)
        if used != number:
            self.notes.append(
                f"{key} {_shown(value)} is outside {low:g} to {high:g}; {used:g} is used."
            )
        return used

    def _whole(self, key: str, usual: int, low: int, high: int) -> int:
        written = self._left.get(key, "")
        number = self._number(key, float(usual), float(low), float(high))
        if number != int(number):
            self.notes.append(f"{key} {_shown(written)} is no whole number; {int(number)} is used.")
        return int(number)

    def _seed(self) -> int:
        value = self._left.pop("seed", None)
        if value is None:
            return 0
        # That app draws seeds like 0.31415: the digits behind the point are what tells them apart.
        digits = re.sub(r"^0*\.", "", value.strip())
        seed = int(digits) % 2**32 if re.fullmatch(r"[0-9]{1,20}", digits) else 0
        self.notes.append(
            f"Seed {_shown(value)} is taken as {seed}: the samples and first weights are other"
            " draws of the same kind."
        )
        return seed

    def _sizes(self) -> list[int]:
        text = self._left.pop("networkShape", "4,2")
        written = text.split(",") if text else []
        if len(written) > MAX_HIDDEN_LAYERS:
            self.notes.append(
                f"networkShape has {len(written)} hidden layers; the first {MAX_HIDDEN_LAYERS}"
                " are used."
            )
        sizes = []
        for place, size in enumerate(written[:MAX_HIDDEN_LAYERS], 1):
            number = _read(size)
            used = min(max(int(number or 1.0), 1), MAX_NEURONS)
            if used != number:
                self.notes.append(
                    f"Size {_shown(size)!r} of hidden layer {place} cannot be; {used} is used."
                )
            sizes.append(used)
        return sizes

    def _fitting(self, n_features: int, sizes: list[int]) -> list[int]:
        widest = max(sizes, default=1)
        most = next(
            m for m in range(widest, 0, -1) if _n_parameters(n_features, sizes, m) <= MAX_PARAMETERS
        )
        if most < widest:
            self.notes.append(
                f"The network would have more than {MAX_PARAMETERS} parameters; no layer gets more"
                f" than {most} neurons."
            )
        return [min(size, most) for size in sizes]


def _n_parameters(n_features: int, sizes: list[int], most: int) -> int:
    widths = [n_features, *(min(size, most) for size in sizes), 1]
    return sum((before + 1) * size for before, size in pairwise(widths))


def _read(text: str) -> float | None:
    """Return a number in plain notation, cut to what a float holds; None if it is none."""
    if not _NUMBER.fullmatch(text.strip()):
        return None
    number = float(text)
    return number if isfinite(number) else (1e308 if number > 0 else -1e308)


def _decoded(text: str) -> str:
    return _ESCAPED.sub(
        lambda found: bytes.fromhex(found.group().replace("%", "")).decode("utf-8", "replace"), text
    )


def _shown(text: str) -> str:
    visible = "".join(c if c.isprintable() else "·" for c in text[: SHOWN_CHARACTERS + 1])
    return visible if len(visible) <= SHOWN_CHARACTERS else visible[:SHOWN_CHARACTERS] + "…"


def _listed(keys: list[str], most: int = 8) -> str:
    names = [_shown(key) for key in keys[:most]]
    return ", ".join(names) + (f" and {len(keys) - most} more" if len(keys) > most else "")
