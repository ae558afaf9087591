"""Work for `Moment` that a test wants done in one step."""

from __future__ import annotations

from collections.abc import Callable

from playground.ui.export.moment import Then
from playground.ui.turns import Steps


def in_one_step(act: Callable[[bytes], object]) -> Then:
    """Return what is given an experiment file and hands it to `act`, in one turn."""

    def then(content: bytes) -> Steps[None]:
        act(content)
        yield from ()

    return then
