"""What the training thread is asked to change, and where it leaves what undo needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from playground.core.build import Change, change_between
from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.core.parameters import with_changes
from playground.core.run_state import RunState
from playground.core.snapshot import ParameterChange, Parameters
from playground.session.trained import Trained


class Place:
    """Keeps the parameters of one side of an edit, and the whole run if it began another one.

    The training thread fills it while it carries an order out, between two chunks, so the numbers
    are exact even while training runs; the window only hands it back. It stays empty where an
    edit left all weights alone: undoing a learning rate must not take training back.
    """

    __slots__ = ("parameters", "state")

    def __init__(self) -> None:
        self.parameters: Parameters | None = None
        self.state: RunState | None = None


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
    number : counts the orders that were sent.
    begun : counts those of them that open.
    """

    experiment: Experiment
    parameters: Parameters | Place | None = None
    left: Place | None = None
    reached: Place | None = None
    changes: tuple[ParameterChange, ...] = ()
    opens: bool = False
    state: RunState | None = None
    number: int = 0
    begun: int = 0

    @property
    def wanted(self) -> Parameters | None:
        """The parameters to take."""
        return self.parameters.parameters if isinstance(self.parameters, Place) else self.parameters

    def foresee(self, document: Document) -> Document | None:
        """Return what a run that is at `document` will be at, or None if only a run can tell."""
        if self.opens:
            return Document(self.experiment, self.state)
        if self.parameters is not None:
            return None
        state, change = document.state, change_between(document.experiment, self.experiment)
        if state is None or change is Change.REBUILD:
            return Document(self.experiment)
        if change in (Change.NOTHING, Change.SPEED):
            return Document(self.experiment, state)
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
        before, kept = run.parameters, None
        begins = self.opens or change_between(run.experiment, self.experiment) is Change.REBUILD
        if begins and self.left is not None:
            kept = run.state()
        back = self.parameters.state if isinstance(self.parameters, Place) else self.state
        if self.opens or (begins and back is not None):
            # Epochs, history and the optimiser's memory come back with the weights.
            run.open(self.experiment, back)
        else:
            self._edit(run)
        self.keep(before, run.parameters)
        if self.left is not None:
            self.left.state = kept

    def _edit(self, run: Trained) -> None:
        if self.experiment != run.experiment:
            run.apply(self.experiment)
        wanted = self.wanted
        if wanted is not None:
            # Training went on since the person saw the weights: only what was set is taken.
            changes = self.changes
            run.edit(with_changes(run.parameters, changes) if changes else wanted)

    def keep(self, before: Parameters, after: Parameters) -> None:
        """Fill both places, unless nothing happened to the weights."""
        if same(before, after):
            return
        if self.left is not None:
            self.left.parameters = before
        if self.reached is not None:
            self.reached.parameters = after


def outcome(orders: Sequence[Order]) -> Document | None:
    """Return what orders will lead to, the first of them a new run's, as far as can be told."""
    document: Document | None = None
    if orders and all(order.state is None for order in orders):
        return Document(orders[-1].experiment)
    for order in orders:
        document = order.foresee(document or Document(order.experiment))
        if document is None:
            break
    return document


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
