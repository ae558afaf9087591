"""From an `Experiment` to a `Trainer`, and what a change of the experiment costs."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

import numpy as np

from playground.core.data import make_data, trained_targets, wants_signs
from playground.core.experiment import (
    Experiment,
    NetworkSpec,
    Optimizer,
    Regularization,
    TrainingSpec,
)
from playground.core.parameters import to_flat
from playground.core.snapshot import Float64s, Parameters
from tinyml.features import FeatureNetwork
from tinyml.nn import MultilayerPerceptron
from tinyml.optimizers import SGD, Adagrad, Adam, AdamW, RMSprop
from tinyml.optimizers import Optimizer as Rule
from tinyml.training import Trainer

MOMENTUM = 0.9


class Change(StrEnum):
    """What taking up another experiment asks of the worker."""

    NOTHING = "nothing"
    SPEED = "speed"  # how fast it is shown, nothing of the run
    LIVE = "live"  # the trainer is told, nothing is made anew
    PARTIAL = "partial"  # another network that keeps the weights that still have both ends
    REBUILD = "rebuild"  # a new run from first weights


def change_between(old: Experiment, new: Experiment) -> Change:
    """Return what going from `old` to `new` costs.

    Data and structure changed at once is no edit but another experiment, which starts anew.
    """
    if old == new:
        return Change.NOTHING
    if old.with_speed(new.training.speed) == new:
        return Change.SPEED
    structure = replace(new.network, initializer=old.network.initializer) != old.network
    fresh = (
        old.seed != new.seed
        or old.network.initializer != new.network.initializer
        or (old.data.problem != new.data.problem and not (old.data.is_table and new.data.is_table))
        or (structure and old.data.without_view() != new.data.without_view())
    )
    if fresh:
        return Change.REBUILD
    return Change.PARTIAL if structure else Change.LIVE


def steps_between(old: Experiment, new: Experiment) -> tuple[Experiment, ...]:
    """Return what to take up one after the other to come from `old` to `new`.

    The structure first, where it and the data both changed: in one step the run would begin anew.
    """
    try:
        between = replace(old, network=new.network)
    except ValueError:  # it goes with the new data only
        return (new,)
    steps = (change_between(old, between), change_between(between, new))
    return (new,) if Change.REBUILD in steps else (between, new)


def make_model(network: NetworkSpec) -> FeatureNetwork:
    """Return the network that a specification describes, with all weights and biases 0."""
    model = MultilayerPerceptron(
        len(network.features),
        network.layer_sizes,
        [a.value for a in network.activations],
        initializer="zeros",
    )
    return FeatureNetwork([f.value for f in network.features], model, network.n_inputs)


def make_trainer(experiment: Experiment, parameters: Parameters) -> Trainer:
    """Return the trainer of an experiment, with `parameters` as its weights and biases."""
    training = experiment.training
    trainer = Trainer(
        make_model(experiment.network),
        *training_set(experiment),
        loss=training.loss.value,
        optimizer=make_optimizer(training),
        batch_size=training.batch_size,
        shuffle=True,
        regularization=_penalty(training.regularization),
        regularization_rate=training.regularization_rate,
        seed=experiment.seed,
    )
    trainer.parameters = to_flat(parameters)
    return trainer


def training_set(experiment: Experiment) -> tuple[Float64s, Float64s]:
    """Return the inputs and targets that are trained on; see `with_placeholder`."""
    data = make_data(experiment.data)
    targets = trained_targets(experiment.data, data, experiment.training.loss)
    return with_placeholder(data.x[: data.n_train], targets[: data.n_train])


def with_placeholder(x: Float64s, y: Float64s) -> tuple[Float64s, Float64s]:
    """Return the samples, or one of zeros where there are none yet.

    A trainer needs a sample to be made, and the statistics of neurons to be taken. It is never
    trained on: see `Run.advance`.
    """
    return (x, y) if len(x) else (np.zeros((1, x.shape[1])), np.zeros((1, *y.shape[1:])))


def update_trainer(trainer: Trainer, old: Experiment, new: Experiment) -> None:
    """Tell a trainer what changed; weights stay, and so does all state that still fits.

    The two experiments have the same structure, initialisation and seed.
    """
    before, after = old.training, new.training
    if before.loss != after.loss:
        trainer.loss = after.loss.value
    signs = [wants_signs(e.data, e.training.loss) for e in (old, new)]
    if old.data.without_view() != new.data.without_view() or signs[0] != signs[1]:
        trainer.set_data(*training_set(new))
        trainer.batch_size = after.batch_size
    if before.optimizer != after.optimizer or before.learning_rate != after.learning_rate:
        trainer.optimizer = make_optimizer(after)
    if before.batch_size != after.batch_size:
        trainer.batch_size = after.batch_size
    trainer.regularization = _penalty(after.regularization)
    trainer.regularization_rate = after.regularization_rate


def make_optimizer(training: TrainingSpec) -> Rule:
    """Return tinyml's specification of the update rule."""
    rate = training.learning_rate
    match training.optimizer:
        case Optimizer.SGD:
            return SGD(rate)
        case Optimizer.MOMENTUM:
            return SGD(rate, momentum=MOMENTUM)
        case Optimizer.ADAGRAD:
            return Adagrad(rate)
        case Optimizer.RMSPROP:
            return RMSprop(rate)
        case Optimizer.ADAM:
            return Adam(rate)
        case Optimizer.ADAMW:
            return AdamW(rate)


def _penalty(kind: Regularization) -> str | None:
    return None if kind is Regularization.NONE else kind.value
