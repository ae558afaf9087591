"""`RunState`: a run at one moment, complete enough to go on bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from playground.core.build import make_optimizer, training_set
from playground.core.experiment import Experiment
from playground.core.history import HistoryState
from playground.core.parameters import Shelf
from playground.core.snapshot import Divergence
from tinyml.training_state import TrainerState


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """All that a `Run` of the same experiment needs to go on with the same bits.

    Attributes
    ----------
    trainer : parameters, the optimiser's arrays, counts, the order of samples, the seed.
    history : the losses and other series so far, in bounded memory.
    shelf : per feature that is switched off, its (n,) weights in the first layer.
    first_loss : the run's loss before training, NaN without samples.
    divergence : why training stopped, if it did.
    best : after divergence, the state with the least loss before it.
    """

    trainer: TrainerState
    history: HistoryState
    shelf: Shelf = ()
    first_loss: float = field(default=np.nan, metadata={"non_finite": True})
    divergence: Divergence | None = None
    best: RunState | None = None


def check_state(experiment: Experiment, state: RunState) -> None:
    """Raise ValueError, saying what is wrong, unless `state` fits the experiment."""
    best = state.best
    if best is not None:
        if state.divergence is None or best.divergence is not None or best.best is not None:
            raise ValueError("best must be of a run that diverged, from before it did")
        check_state(experiment, best)
    n_samples = len(training_set(experiment)[0])
    rule = make_optimizer(experiment.training).rule.__name__.removeprefix("update_")
    state.trainer.check(experiment.network.n_parameters, n_samples, rule)
    state.history.check(len(experiment.network.layer_sizes), state.trainer.epoch)
    features = [feature for feature, _ in state.shelf]
    if len(set(features)) < len(features) or set(features) & set(experiment.network.features):
        raise ValueError("shelf must name each feature that is switched off at most once")
    for feature, column in state.shelf:
        if column.ndim != 1 or not len(column) >= 1 or not np.isfinite(column).all():
            raise ValueError(f"shelf must hold finite numbers for {feature}")
