"""What the training thread was asked to change and has not taken up yet."""

from __future__ import annotations

from dataclasses import replace

from playground.core.build import Change, change_between
from playground.core.experiment import Experiment
from playground.core.files import Document
from playground.session.order import Order

KEEPING = (Change.NOTHING, Change.SPEED, Change.LIVE)
"""Changes of an experiment that leave all weights alone."""


class Pending:
    """Orders that wait, the first one's run being made with its experiment if there is none."""

    def __init__(self, first: Order) -> None:
        self._orders = [first]

    def add(self, order: Order, in_force: Experiment | None) -> None:
        """Take an order; it replaces the last one where nobody needs the state between."""
        if self._can_skip_last(order, in_force):
            last = self._orders[-1]
            self._orders[-1] = replace(last, experiment=order.experiment, number=order.number)
        else:
            self._orders.append(order)

    def begin_anew(self) -> None:
        """Let what the orders lead to begin with its first weights."""
        if self._orders:
            last = self._orders[-1]
            self._orders.append(
                Order(
                    last.experiment, opens=True, resets=True, number=last.number, begun=last.begun
                )
            )

    def take(self) -> list[Order]:
        """Return all orders and forget them."""
        orders, self._orders = self._orders, []
        return orders

    def outcome(self) -> Document | None:
        """Return what the orders will lead to, as far as it can be told without a run."""
        document: Document | None = None
        if self._orders and all(order.state is None for order in self._orders):
            return Document(self._orders[-1].experiment)
        for order in self._orders:
            document = order.foresee(document or Document(order.experiment))
            if document is None:
                break
        return document

    def _can_skip_last(self, order: Order, in_force: Experiment | None) -> bool:
        """Whether both the last order and `order` leave all weights alone.

        Only then do the two together, too: data and structure changed at once begin a run anew.
        """
        if not self._orders or order.parameters is not None or order.opens:
            return False
        *earlier, last = self._orders
        if last.parameters is not None or last.opens:
            return False
        before = earlier[-1].experiment if earlier else in_force or last.experiment
        steps = ((before, last.experiment), (last.experiment, order.experiment))
        return all(change_between(*step) in KEEPING for step in steps)
