"""What an edit of the experiment is called in the Edit menu: "add neuron", "change noise"."""

from __future__ import annotations

from dataclasses import fields

from playground.core.experiment import DataSpec, Experiment, NetworkSpec, TrainingSpec
from playground.ui.labels import FEATURE_WORDS
from playground.ui.words import DATASETS

_TRAINING = {
    "loss": "choose loss",
    "optimizer": "choose optimiser",
    "learning_rate": "change learning rate",
    "batch_size": "change batch size",
    "regularization": "choose penalty",
    "regularization_rate": "change penalty rate",
    "speed": "change speed",
}
_DATA = {
    "n_samples": "change number of samples",
    "noise": "change noise",
    "train_share": "change train share",
    "seed": "regenerate data",
    "own": "put own data away",
    "balance": "change class balance",
    "n_classes": "change number of classes",
    "shown": "choose inputs of the map",
    "held": "change held input",
}
OTHER = "change experiment"


def describe_edit(old: Experiment, new: Experiment) -> str:
    """Return what was done, as the menu says it after "Undo"."""
    if old.data.kind != new.data.kind and old.seed == new.seed:
        return f"choose {DATASETS[new.data.kind]}"
    if new.data.own is not None and old.data.own != new.data.own:
        return "change own data"
    changed = [f.name for f in fields(Experiment) if getattr(old, f.name) != getattr(new, f.name)]
    if changed == ["network"]:
        return _describe_network(old.network, new.network)
    if changed == ["training"]:
        return _describe_fields(old.training, new.training, _TRAINING)
    if changed == ["data"]:
        return _describe_fields(old.data, new.data, _DATA)
    if changed == ["seed"]:
        return "draw new weights"
    return OTHER


def _describe_fields(
    old: DataSpec | TrainingSpec, new: DataSpec | TrainingSpec, words: dict[str, str]
) -> str:
    names = [f.name for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)]
    # A penalty that is chosen brings its rate along: the first change is the one asked for.
    return words.get(names[0], OTHER) if names else OTHER


def _describe_network(old: NetworkSpec, new: NetworkSpec) -> str:
    if old.features != new.features:
        flipped = set(old.features) ^ set(new.features)
        if len(flipped) > 1:
            return "change features"
        feature = flipped.pop()
        return f"switch {FEATURE_WORDS[feature]} {'on' if feature in new.features else 'off'}"
    if len(old.hidden) != len(new.hidden):
        verb = "insert" if len(new.hidden) > len(old.hidden) else "remove"
        return f"{verb} layer"
    growth = sum(layer.size for layer in new.hidden) - sum(layer.size for layer in old.hidden)
    if growth:
        verb, count = "add" if growth > 0 else "remove", abs(growth)
        return f"{verb} neuron" if count == 1 else f"{verb} {count} neurons"
    if old.activations != new.activations:
        return "choose activation"
    if old.initializer != new.initializer:
        return "choose first weights"
    return OTHER
