"""One training session without threads or Qt: an experiment, its trainer, and what can be seen.

The worker drives a `Session` from its thread; `render` drives one directly. All mutable training
state lives here and in the trainer it owns.
"""

from __future__ import annotations

from dataclasses import replace

from playground.core.build import (
    carry_over,
    draw_parameters,
    flatten,
    make_trainer,
    optimizer_for,
    regularization_for,
    split_parameters,
    train_targets,
)
from playground.core.data import data_view
from playground.core.experiment import Experiment
from playground.core.history import History
from playground.core.observer import Observer
from playground.core.snapshot import Divergence, Parameters, Snapshot

DIVERGENCE_FACTOR = 1e6


class Session:
    """The state of one experiment's training."""

    def __init__(self, experiment: Experiment) -> None:
        self.run_id = 0
        self.experiment = experiment
        self.divergence: Divergence | None = None
        self.op = 0
        self._parameters = draw_parameters(experiment)
        self._start(self._parameters)

    def _start(self, parameters: Parameters) -> None:
        self.run_id += 1
        self.divergence, self.op = None, 0
        self._parameters = parameters
        self._data = data_view(self.experiment.data)
        self._trainer = make_trainer(self.experiment, self._data, parameters)
        self._history = History()
        self._logged = 0
        self._observer = Observer()

    @property
    def epoch(self) -> int:
        """Completed epochs of this run."""
        return self._trainer.epoch

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""
        return self._trainer.n_batches

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch."""
        return self._trainer.batch

    @property
    def n_ops(self) -> int:
        """Scalar operations of one step: forward and backward over every Value of every sample."""
        samples = min(self.experiment.training.batch_size, self._data.n_train)
        return 2 * self._trainer.n_values * samples

    def reset(self) -> None:
        """Begin again from the same first weights."""
        self._start(draw_parameters(self.experiment))

    def apply(self, new: Experiment) -> None:
        """Take up an edited experiment, keeping all that the edit does not touch."""
        old, self.experiment = self.experiment, new
        if old.network.initializer is not new.network.initializer or old.seed != new.seed:
            self._start(draw_parameters(new))
            return
        if old.data.kind.problem is not new.data.kind.problem:
            self._start(draw_parameters(new))
            return
        spec = new.training
        if old.network != new.network or old.data.kind.is_table != new.data.kind.is_table:
            self._rebuild(carry_over(old.network, new, self.parameters(old)))
        elif old.data != new.data or old.training.loss is not spec.loss:
            self._data = data_view(new.data)
            self._trainer.loss = spec.loss.value
            x = self._data.x[: self._data.n_train]
            self._trainer.set_data(x, train_targets(new.data, spec, self._data))
        trainer = self._trainer
        trainer.optimizer = optimizer_for(spec)
        trainer.batch_size = spec.batch_size
        trainer.regularization = regularization_for(spec)
        trainer.regularization_rate = spec.regularization_rate

    def set_parameters(self, parameters: Parameters) -> None:
        """Take up weights and biases that a person edited."""
        self._parameters = parameters
        self._trainer.parameters = flatten(parameters)
        self.divergence = None

    def parameters(self, experiment: Experiment | None = None) -> Parameters:
        """Return the current weights and biases."""
        network = (experiment or self.experiment).network
        return split_parameters(network, self._trainer.parameters, self._parameters.shelf)

    def _rebuild(self, parameters: Parameters) -> None:
        before = self._trainer
        self._parameters = parameters
        self._data = data_view(self.experiment.data)
        self._trainer = make_trainer(self.experiment, self._data, parameters)
        self._trainer.continue_from(before)

    def advance(self, max_steps: int) -> int:
        """Train for at most `max_steps` steps; return how many were made (fewer: diverged)."""
        before = self._trainer.step
        if self.divergence is not None:
            return 0
        try:
            self._trainer.advance(max_steps)
        except FloatingPointError:
            self._diverge("is not a finite number any more")
        losses = self._trainer.losses
        new = losses[self._logged :]
        self._history.add_losses(self._logged + 1, new)
        self._logged = len(losses)
        if new and self.divergence is None and max(new) > DIVERGENCE_FACTOR * max(losses[0], 1e-9):
            self._diverge("grew a million times above its start")
        return self._trainer.step - before

    def _diverge(self, what: str) -> None:
        epoch = self._trainer.epoch + 1
        message = (
            f"The loss {what} since epoch {epoch}. Training stopped and kept the last finite"
            " weights. Lower the learning rate, then reset."
        )
        self.divergence = Divergence(epoch, self._observer.widest_layer(self._trainer), message)

    def observe(self, *, running: bool = False, epochs_per_second: float = 0.0) -> Snapshot:
        """Return a snapshot; while `running`, the costly output map comes every second time."""
        snapshot = self._observer.snapshot(
            self.experiment,
            self._data,
            self._trainer,
            self.parameters(),
            self._history,
            running=running,
        )
        return replace(
            snapshot,
            run_id=self.run_id,
            divergence=self.divergence,
            epochs_per_second=epochs_per_second,
            op=self.op,
            n_ops=self.n_ops,
        )
