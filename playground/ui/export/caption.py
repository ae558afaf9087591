"""One sentence of settings for below a picture, and names for exported files."""

from __future__ import annotations

from playground.core.experiment import Regularization
from playground.core.snapshot import Snapshot
from playground.session.controller import Controller
from playground.ui.labels import number
from playground.ui.ticks import THIN_SPACE
from playground.ui.words import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZATIONS,
    samples_word,
)


def settings_caption(snapshot: Snapshot) -> str:
    """Return what a reader needs to make the run again: data, network, training, figures."""
    experiment = snapshot.experiment
    data, network, training = experiment.data, experiment.network, experiment.training
    parts = [f"{samples_word(data)}, {len(snapshot.data.x)} samples"]
    if data.noise > 0 and data.is_drawn:
        parts[0] += f", noise {data.noise:.2f}"
    sizes = "–".join(str(n) for n in (len(network.features), *network.layer_sizes))
    kinds = list(dict.fromkeys(ACTIVATIONS[kind] for kind in network.activations))
    parts.append(f"network {sizes}, {' and '.join(kinds)}")
    rule = f"{OPTIMIZERS[training.optimizer]}, learning rate {training.learning_rate:g}"
    parts.append(f"{LOSSES[training.loss]} loss, {rule}, batches of {training.batch_size}")
    if training.regularization is not Regularization.NONE and training.regularization_rate > 0:
        kind = REGULARIZATIONS[training.regularization]
        parts.append(f"{kind} {training.regularization_rate:g}")
    figures = f"epoch {snapshot.epoch}: train loss {number(snapshot.train_loss, 4)}"
    if snapshot.test_loss is not None:
        figures += f", test loss {number(snapshot.test_loss, 4)}"
    accuracy = snapshot.test_accuracy
    if accuracy is not None:
        figures += f", test accuracy {100 * accuracy:.1f}{THIN_SPACE}%"
    parts.append(figures)
    parts.append(f"seed {experiment.seed}")
    return " · ".join(parts)


def suggested_name(controller: Controller, view: str) -> str:
    """Return a file's name without ending, after the experiment and the epoch that are shown."""
    snapshot = controller.snapshot
    experiment = controller.experiment if snapshot is None else snapshot.experiment
    epoch = 0 if snapshot is None else snapshot.epoch
    return f"{experiment.data.name}-epoch-{epoch}" + ("" if view == "window" else f"-{view}")
