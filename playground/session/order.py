"""What the training thread is asked to change, and where it leaves what undo needs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground.core.build import Change, change_between
from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.core.parameters import with_changes
from playground.core.run_state import RunState
from playground.core.snapshot import ParameterChange, Parameters
from playground.session.trained import Trained

IDLE = (Change.NOTHING, Change.SPEED)
"""Changes of an experiment that a run does not notice."""


class Place:
    """Keeps the parameters of one side of an edit, and the whole run if it began another one.

    The training thread fills it while it carries an order out, between two chunks, so the numbers
    are exact even while training runs; the window only hands it back. It stays empty where an
    edit left all weights alone: undoing a learning rate must not take training back.

    Attributes
    ----------
    n_resets : how often the run had been reset then: after another reset it goes its own way. It
        comes back with `state`, as it is that run's.
    """

    __slots__ = ("n_resets", "parameters", "state")

    def __init__(self) -> None:
        self.parameters: Parameters | None = None
        self.state: RunState | None = None
        self.n_resets = 0


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """One edit, or the undoing of one.

    Attributes
    ----------
    experiment : the one to take up.
    parameters : weights and biases to take after that, as they are or from a filled place; None
        leaves to the change of the experiment which weights are kept.
    changes : the numbers of `parameters` to take, all others staying; empty means all.
    left, reached : filled with the parameters before and after.
    opens : whether the experiment begins anew, or goes on from `state` if there is one.
    resets : whether it is the one in force that begins anew, a reset that had to wait.
    number : counts the orders that were sent.
    begun : counts those of them that open.
    """

    experiment: Experiment
    parameters: Parameters | Place | None = None
    left: Place | None = None
    reached: Place | None = None
    changes: tuple[ParameterChange, ...] = ()
    opens: bool = False
    resets: bool = False
    state: RunState | None = None
    number: int = 0
    begun: int = 0

    @property
    def wanted(self) -> Parameters | None:
        """The parameters to take."""
        return self.parameters.parameters if isinstance(self.parameters, Place) else self.parameters

    @property
    def begins_with(self) -> Document | None:
        """What is in force once an order that opens was carried out; None as long as unknown."""
        if not isinstance(self.parameters, Place):
            return Document(self.experiment, self.state)
        back = self.parameters.state
        return None if back is None else Document(self.experiment, back)

    def foresee(self, document: Document) -> Document | None:
        """Return what a run that is at `document` will be at, or None if only a run can tell."""
        if self.opens:
            return self.begins_with
        if self.parameters is not None:
            return None
        state, change = document.state, change_between(document.experiment, self.experiment)
        if state is None or change is Change.REBUILD:
            return Document(self.experiment)
        if change in IDLE:
            return Document(self.experiment, state)
        if state.divergence is not None and state.best is not None:
            state = state.best  # as a run goes back before it goes on
        old, new = document.experiment.training, self.experiment.training
        kept = replace(
            old,
            learning_rate=new.learning_rate,
            regularization=new.regularization,
            regularization_rate=new.regularization_rate,
            speed=new.speed,
        )
        if replace(document.experiment, training=kept) != self.experiment:
            return None
        trainer = replace(state.trainer, learning_rate=new.learning_rate)
        return Document(self.experiment, replace(state, trainer=trainer, divergence=None))

    def carry_out(self, run: Trained) -> None:
        """Do to a run what is ordered, and fill the places.

        Raises
        ------
        ValueError
            If the run cannot take it up.
        """
        if self.resets:
            run.reset()
            return
        change, kept = change_between(run.experiment, self.experiment), None
        begins = self.opens or change is Change.REBUILD
        if begins and self.left is not None:
            kept = run.state()
        elif run.divergence is not None and (change not in IDLE or self.wanted is not None):
            run.go_back()  # as taking it up does: what exploded is not what the edit found
        before, n_resets = run.parameters, run.n_resets
        back = self.parameters.state if isinstance(self.parameters, Place) else self.state
        if self.opens or (begins and back is not None):
            # Epochs, history and the optimiser's memory come back with the weights.
            run.open(self.experiment, back)
            if isinstance(self.parameters, Place) and back is not None:
                run.n_resets = self.parameters.n_resets
        else:
            self._edit(run)
        if not same(before, run.parameters):
            if self.left is not None:
                self.left.parameters, self.left.n_resets = before, n_resets
            if self.reached is not None:
                self.reached.parameters, self.reached.n_resets = run.parameters, run.n_resets
        if self.left is not None:
            self.left.state = kept

    def _edit(self, run: Trained) -> None:
        if self.experiment != run.experiment:
            run.apply(self.experiment)
        wanted = self.wanted
        if isinstance(self.parameters, Place) and self.parameters.n_resets != run.n_resets:
            wanted = None  # the weights of a run that was left
        if wanted is not None:
            # Training went on since the person saw the weights: only what was set is taken.
            changes = self.changes
            run.edit(with_changes(run.parameters, changes) if changes else wanted)


def same(one: Parameters, other: Parameters) -> bool:
    """Whether two sets of parameters have the same shapes and the same bits."""
    pairs = zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=False)
    return len(one.weights) == len(other.weights) and all(
        a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in pairs
    )


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """An experiment with the state of its run, and the number of the question it answers.

    `begun` is how many experiments had been begun or opened by then.
    """

    document: Document
    number: int
    begun: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An order that could not be carried out, and the experiment that stays in force."""

    number: int
    kept: Experiment
