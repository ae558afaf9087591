"""One experiment's network in training: the trainer, its history, and what can be seen of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isnan

import numpy as np

from playground.core.build import Change, change_between, make_trainer, update_trainer
from playground.core.data import make_data
from playground.core.divergence import describe
from playground.core.experiment import Experiment
from playground.core.focus import NOTHING, Focus
from playground.core.history import History
from playground.core.inspection import answers
from playground.core.observer import (
    Sights,
    are_numbers,
    feature_maps,
    history_point,
    known,
    layer_snapshots,
    measure,
    optimizer_state,
    output_maps,
    tile_maps,
)
from playground.core.parameters import (
    Shelf,
    carried_over,
    first_parameters,
    fits,
    from_flat,
    to_flat,
)
from playground.core.recorder import Recorder
from playground.core.run_state import RunState, check_state
from playground.core.snapshot import (
    OUTPUT_GRID,
    TILE_GRID,
    Divergence,
    Float32s,
    Parameters,
    Snapshot,
)

UNLIMITED = 2**62
_overflowing = np.errstate(over="ignore", invalid="ignore")
"""Huge weights make sums that are no numbers: these are shown as missing and end as divergence.
None of what it decorates calls another: before NumPy 2 it must not be entered twice."""
DIVERGED_FACTOR = 1e6
"""A loss this many times the run's first counts as divergence."""


class Run:
    """Owns the one mutable training state; belongs to one thread.

    Everything it does depends on the experiment and the number of steps, never on the clock: how
    the steps are cut into chunks changes nothing.

    Parameters
    ----------
    experiment : what is trained.
    state : go on from here; a `RunState` of the same experiment.

    Raises
    ------
    ValueError
        If the state does not fit the experiment.
    """

    def __init__(self, experiment: Experiment, state: RunState | None = None) -> None:
        self.run_id = self.n_resets = 0
        self._open(experiment, state)

    def open(self, experiment: Experiment, state: RunState | None = None) -> None:
        """Begin another experiment, or go on with a run that was saved.

        Raises
        ------
        ValueError
            If the state does not fit the experiment; nothing is changed.
        """
        with self._unchanged_by_failure():
            self._open(experiment, state)

    @_overflowing
    def _open(self, experiment: Experiment, state: RunState | None) -> None:
        if state is not None:
            check_state(experiment, state)
        self.experiment = experiment
        self._begin()
        if state is not None:
            self._restore(state)

    @contextmanager
    def _unchanged_by_failure(self) -> Iterator[None]:
        """Be what it was before if memory runs out amid a change."""
        before = dict(self.__dict__)
        try:
            yield
        except BaseException:
            self.__dict__ = before
            raise

    def _begin(self) -> None:
        experiment = self.experiment
        self.run_id += 1
        self._shelf: Shelf = ()
        self._data = make_data(experiment.data)
        parameters = first_parameters(experiment.network, experiment.seed)
        self._trainer = make_trainer(experiment, parameters)
        self._good = self._trainer.parameters
        self._sights = Sights(self._trainer, experiment, self._data)
        self._changed()
        taken = measure(self._sights)
        self._first_loss = taken.train_loss
        point = history_point(self._trainer, experiment, taken)
        self._history = History(taken.train_loss, point)
        self._recorder = Recorder()
        self._recorder.add(self._trainer, experiment, self._data, taken)

    def _changed(self) -> None:
        """Forget what was derived from parameters or data that are no longer in force."""
        self.divergence: Divergence | None = None
        self._tiles: Float32s | None = None
        self._output: Float32s | None = None
        self._classes: Float32s
        self._best: tuple[float, RunState] | None = None

    def state(self) -> RunState:
        """Return all that a run of the same experiment needs to go on bit for bit; a copy."""
        trainer = self._trainer.state()
        history = self._history.state()
        best = None if self.divergence is None or self._best is None else self._best[1]
        return RunState(trainer, history, self._shelf, self._first_loss, self.divergence, best)

    def _restore(self, state: RunState) -> None:
        self._trainer.restore(state.trainer)
        self._good = self._trainer.parameters
        self._history = History.from_state(state.history)
        self._recorder = Recorder()
        self._shelf = state.shelf
        self._first_loss = state.first_loss
        self._changed()
        if state.divergence is not None:
            self._best = None if state.best is None else (state.best.first_loss, state.best)
            good_epoch = None if state.best is None else state.best.trainer.epoch
            self.divergence = replace(state.divergence, good_epoch=good_epoch)

    # Counts.

    @property
    def epoch(self) -> int:
        """Completed epochs."""
        return self._trainer.epoch

    @property
    def step(self) -> int:
        """Completed optimiser updates."""
        return self._trainer.step

    @property
    def batch(self) -> int:
        """Completed batches of the current epoch."""
        return self._trainer.batch

    @property
    def n_batches(self) -> int:
        """Batches per epoch."""
        return self._trainer.n_batches

    @property
    def n_ops(self) -> int:
        """Scalar operations of the current batch: every Value forward and backward, per sample."""
        size = self._trainer.batch_size
        left = self._data.n_train - self.batch * size
        return 2 * self._trainer.n_values * max(1, min(size, left))

    @property
    def parameters(self) -> Parameters:
        """The weights and biases in force."""
        return from_flat(self._trainer.parameters, self.experiment.network, self._shelf)

    # Commands.

    @_overflowing
    def reset(self) -> None:
        """Start anew: the same first weights, epoch 0, another run."""
        self._begin()
        self.n_resets += 1

    def apply(self, experiment: Experiment) -> None:
        """Take up another experiment, keeping whatever the change leaves valid."""
        change = change_between(self.experiment, experiment)
        if change in (Change.NOTHING, Change.SPEED):
            self.experiment = experiment
            return
        kept = self._trainer.state()
        try:
            with self._unchanged_by_failure():
                self._apply(experiment, change)
        except MemoryError:
            if change is Change.LIVE:
                update_trainer(self._trainer, experiment, self.experiment)
                self._sights = Sights(self._trainer, self.experiment, self._data)
            self._trainer.restore(kept)
            raise

    @_overflowing
    def _apply(self, experiment: Experiment, change: Change) -> None:
        old = self.experiment
        if change is Change.REBUILD:
            self.experiment = experiment
            self._begin()
            return
        self.go_back()  # what exploded is no part of the run that goes on
        if change is Change.PARTIAL:
            kept = carried_over(self.parameters, old.network, experiment.network, experiment.seed)
            trainer = make_trainer(experiment, kept)
            trainer.continue_from(self._trainer)
            self._trainer, self._shelf = trainer, kept.shelf
            self._history.fit(len(experiment.network.layer_sizes))
        else:
            update_trainer(self._trainer, old, experiment)
        self.experiment = experiment
        self._data = make_data(experiment.data)
        self._good = self._trainer.parameters
        self._sights = Sights(self._trainer, experiment, self._data)
        self._changed()
        if old.training.loss != experiment.training.loss or isnan(self._first_loss):
            self._first_loss = measure(self._sights).train_loss

    def edit(self, parameters: Parameters) -> None:
        """Take a person's weights and biases.

        Raises
        ------
        ValueError
            If their shapes are not those of the network, or a number is not finite.
        """
        if not fits(parameters, self.experiment.network):
            raise ValueError("the edited weights do not have the network's shapes")
        flat = to_flat(parameters)
        if not np.isfinite(flat).all():
            raise ValueError("weights and biases must be finite numbers")
        self.go_back()
        self._trainer.parameters = flat
        self._shelf = parameters.shelf
        self._good = flat
        self._changed()

    def go_back(self) -> None:
        """After divergence, take up the state with the least loss since the last edit again."""
        if self.divergence is not None and self._best is not None:
            self._restore(self._best[1])

    @property
    def blocks(self) -> int:
        """Blocks of samples swept so far; time is proportional to them."""
        return self._trainer.blocks

    @property
    def blocks_per_step(self) -> int:
        """Blocks of samples in a full batch."""
        return self._trainer.blocks_per_step

    @_overflowing
    def advance(self, max_steps: int, max_blocks: int = UNLIMITED) -> int:
        """Train for at most `max_steps` optimiser updates; return how many were made.

        Nor are more than `max_blocks` blocks of samples swept: a long step may be left half done,
        and the next call goes on with it. Fewer are made if training diverges: `divergence` then
        says so and the last finite state is kept. None are made as long as there are no samples.
        """
        if self._data.n_train == 0:
            return 0
        first, first_block = self._trainer.step, self._trainer.blocks
        if self._best is None and self.divergence is None:
            self._keep_if_best(measure(self._sights).train_loss)
        while self.divergence is None:
            left = max_steps - (self._trainer.step - first)
            blocks = max_blocks - (self._trainer.blocks - first_block)
            if left <= 0 or blocks <= 0:
                self._good = self._trainer.parameters
                break
            epochs = self._history.epochs_until_due
            until_due = epochs * self._trainer.n_batches - self._trainer.batch
            try:
                self._trainer.advance(min(left, max(until_due, 1)), blocks)
            except FloatingPointError:
                self._diverged()
            self._record()
        return self._trainer.step - first

    def _record(self) -> None:
        losses = list(self._trainer.losses)
        if not losses:
            return
        self._trainer.losses.clear()
        if max(losses) > DIVERGED_FACTOR * self._first_loss and self.divergence is None:
            self._diverged()
        self._history.extend(losses)
        if self._history.epochs_until_due == 0:
            taken = measure(self._sights)
            if self.divergence is None and not np.isfinite(taken.losses).all():
                # The weights still give numbers for the batches, but not for every sample.
                self._diverged()
                taken = measure(self._sights)
            self._history.close(history_point(self._trainer, self.experiment, taken))
            self._recorder.add(self._trainer, self.experiment, self._data, taken)
            self._keep_if_best(taken.train_loss)

    def _keep_if_best(self, loss: float) -> None:
        if self.divergence is None and (self._best is None or loss < self._best[0]):
            self._best = loss, self.state()

    def _diverged(self) -> None:
        trainer, experiment = self._trainer, self.experiment
        told = describe(experiment, trainer.epoch, trainer.parameters, trainer.gradients)
        good_epoch = None if self._best is None else self._best[1].trainer.epoch
        self.divergence = replace(told, good_epoch=good_epoch)
        # The last chunk may have ended within an epoch, with weights too large to compute with.
        best = [] if self._best is None else [self._best[1].trainer.parameters]
        for parameters in (self._good, *best):
            if self._is_sound():
                break
            trainer.parameters = parameters

    def _is_sound(self) -> bool:
        """Whether all that is shown of the parameters in force are numbers, the maps too."""
        taken = measure(self._sights)
        is_small = taken.train_loss <= DIVERGED_FACTOR * self._first_loss
        return is_small and are_numbers(self._sights, taken)

    # Looking.

    @_overflowing
    def snapshot(
        self,
        *,
        maps: bool = True,
        output: bool = True,
        epochs_per_second: float = 0.0,
        op: int = 0,
        focus: Focus = NOTHING,
    ) -> Snapshot:
        """Return what is in force now.

        Parameters
        ----------
        maps, output : False lets the last tile maps or output map be shown again, which is
            cheaper; they are made anew where there are none that fit.
        epochs_per_second, op : passed on to the snapshot.
        focus : what else is asked for.
        """
        trainer, experiment, data = self._trainer, self.experiment, self._data
        taken = measure(self._sights)
        size = TILE_GRID // 2 if focus.coarse_tiles else TILE_GRID
        if maps or self._tiles is None or self._tiles.shape[-1] < size:
            self._tiles = tile_maps(self._sights, size)
        if output or self._output is None:
            side = OUTPUT_GRID // 2 if focus.coarse else OUTPUT_GRID
            self._output, self._classes = output_maps(self._sights, side)
        point = history_point(trainer, experiment, taken)
        return Snapshot(
            run_id=self.run_id,
            epoch=trainer.epoch,
            step=trainer.step,
            batch=trainer.batch,
            n_batches=trainer.n_batches,
            experiment=experiment,
            data=data,
            parameters=self.parameters,
            layers=layer_snapshots(trainer, experiment, taken.probe, self._tiles),
            history=self._history.view(point),
            train_loss=taken.train_loss,
            test_loss=known(taken.test_loss),
            train_accuracy=known(taken.train_accuracy),
            test_accuracy=known(taken.test_accuracy),
            penalty=trainer.penalty,
            n_values=trainer.n_values,
            epochs_per_second=epochs_per_second,
            op=op,
            n_ops=self.n_ops,
            output_map=self._output,
            predictions=taken.predictions,
            feature_maps=feature_maps(data.low, data.high, data.shown, data.held),
            divergence=self.divergence,
            optimizer_state=optimizer_state(trainer),
            losses=taken.losses,
            wrong=taken.wrong,
            answers=answers(trainer, experiment, data, focus, taken, self._recorder),
            class_maps=self._classes,
        )
