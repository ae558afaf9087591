"""What the visible views ask of the training thread, beyond what every snapshot has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_


@dataclass(frozen=True, slots=True)
class ParameterAddress:
    """Which weight or bias.

    Attributes
    ----------
    layer : 0 is the first hidden layer; the number of hidden layers is the output.
    neuron : the neuron it belongs to.
    source : the neuron (or feature, counted among those in use) of the layer before that it comes
        from; None for the bias.
    """

    layer: int
    neuron: int
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """Questions that cost time to answer; what nobody looks at is not asked.

    Attributes
    ----------
    weights : parameters whose gradients are wanted sample by sample.
    points : raw inputs at which all neurons' answers are wanted.
    series : whether accuracies, fits and update ratios over the run are wanted.
    trails : layers whose weights' past is wanted.
    coarse, coarse_tiles : whether an output map, or maps of the neurons, of half the side will
        do, because drawing takes long; while training rests they are whole all the same.
    neuron : layer and index of the neuron whose gradient over the whole train set is wanted.
    """

    weights: frozenset[ParameterAddress] = frozenset()
    points: frozenset[tuple[float, ...]] = frozenset()
    series: bool = False
    trails: frozenset[int] = frozenset()
    coarse: bool = False
    coarse_tiles: bool = False
    neuron: tuple[int, int] | None = None

    @property
    def whole(self) -> Focus:
        """The same with maps of full size."""
        return replace(self, coarse=False, coarse_tiles=False)

    def __or__(self, other: Focus) -> Focus:
        """Return what either asks."""
        return Focus(
            weights=self.weights | other.weights,
            points=self.points | other.points,
            series=self.series or other.series,
            trails=self.trails | other.trails,
            coarse=self.coarse or other.coarse,
            coarse_tiles=self.coarse_tiles or other.coarse_tiles,
            neuron=self.neuron if self.neuron is not None else other.neuron,
        )


NOTHING = Focus()
"""The focus that asks for nothing."""


class Focuses:
    """What several askers want answered, each in its own name."""

    def __init__(self) -> None:
        self._by_asker: dict[str, Focus] = {}
        self.all = NOTHING
        """What any of them asks."""

    def ask(self, focus: Focus, asker: str) -> bool:
        """Replace what `asker` asked before; return whether `all` changed."""
        before = self.all
        self._by_asker[asker] = focus
        self.all = reduce(or_, self._by_asker.values(), NOTHING)
        return self.all != before
