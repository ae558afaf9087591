"""What the canvas shows of a snapshot, arranged for the network that is on the screen.

After a structural edit the newest snapshot is, for a frame or more, still that of the network
before. Layers, neurons and features that both have keep their picture; the others are empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from playground.core.experiment import Activation, Feature, NetworkSpec
from playground.core.parameters import source_layers
from playground.core.snapshot import Float32s, Float64s, LayerSnapshot, Snapshot

BOUNDED = (Activation.TANH, Activation.SIGMOID)
SATURATED_SHARE = 0.5
REFERENCE_PERCENTILE = 98.5
SIZE_PERCENTILE, SCALE_PERCENTILE = 95.0, 60.0
SCALE_STEP = 3
"""Every how many points of a map its size is taken from."""


class EdgeMode(StrEnum):
    """Which quantity the edges show."""

    WEIGHT = "weight"
    GRADIENT = "gradient"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, eq=False)
class LayerValues:
    """One layer of the network on the screen and what is known of it.

    Attributes
    ----------
    snapshot : the layer's numbers, None where nothing is known.
    sources : for every input of the layer its column in the snapshot's matrices, −1 if unknown.
    """

    snapshot: LayerSnapshot | None
    sources: NDArray[np.int64]
    size: int

    @property
    def n_known(self) -> int:
        """How many of the neurons have numbers; they are the first ones."""
        return 0 if self.snapshot is None else min(self.size, len(self.snapshot.biases))

    def matrix(self, mode: EdgeMode) -> Float64s:
        """Return (size, n_sources) of the quantity, NaN where unknown or not a number."""
        full = np.full((self.size, len(self.sources)), np.nan)
        if self.snapshot is not None:
            data = edge_quantity(self.snapshot, mode)
            known = self.sources >= 0
            full[: self.n_known, known] = data[: self.n_known, self.sources[known]]
        return full


@dataclass(frozen=True, slots=True, eq=False)
class NetworkValues:
    """Everything the tiles and edges need.

    Attributes
    ----------
    layers : one per layer, the output last.
    exact : whether the snapshot's network is the one on the screen (then weights can be edited).
    largest_gradient : the `LayerSnapshot.neuron_gradients` that fills a ring.
    """

    snapshot: Snapshot | None
    layers: tuple[LayerValues, ...]
    exact: bool
    largest_gradient: float

    def reference(self, mode: EdgeMode) -> float:
        """Return the 98.5th percentile of the quantity's size over the network, 0 if unknown."""
        known = [
            np.abs(edge_quantity(layer.snapshot, mode)).ravel()
            for layer in self.layers
            if layer.snapshot is not None
        ]
        sizes = np.concatenate(known) if known else np.zeros(0)
        sizes = sizes[np.isfinite(sizes)]
        return float(np.percentile(sizes, REFERENCE_PERCENTILE)) if sizes.size else 0.0


def edge_quantity(layer: LayerSnapshot, mode: EdgeMode) -> Float64s:
    """Return the matrix that the mode shows."""
    if mode is EdgeMode.GRADIENT:
        return layer.weight_gradients
    return layer.weight_updates if mode is EdgeMode.UPDATE else layer.weights


def arrange(network: NetworkSpec, snapshot: Snapshot | None) -> NetworkValues:
    """Match a snapshot with the network on the screen."""
    sizes = network.layer_sizes
    if snapshot is None:
        n_sources = (len(network.features), *sizes)
        empty = tuple(
            LayerValues(None, np.full(n, -1), size)
            for n, size in zip(n_sources, sizes, strict=False)
        )
        return NetworkValues(None, empty, False, 0.0)
    old = snapshot.experiment.network
    from_layer = matched_layers(old, network)
    layers = []
    for layer, size in enumerate(sizes):
        origin = from_layer[layer]
        if layer == 0:
            sources = [
                old.features.index(f) if f in old.features and origin == 0 else -1
                for f in network.features
            ]
        else:
            neighbours = origin > 0 and from_layer[layer - 1] == origin - 1
            n_old = old.layer_sizes[origin - 1] if neighbours else 0
            sources = [k if k < n_old else -1 for k in range(sizes[layer - 1])]
        known = snapshot.layers[origin] if origin >= 0 else None
        layers.append(LayerValues(known, np.array(sources), size))
    rings = [layer.neuron_gradients for layer in snapshot.layers]
    sizes_of_gradients = np.concatenate(rings)
    finite = sizes_of_gradients[np.isfinite(sizes_of_gradients)]
    exact = old.features == network.features and old.layer_sizes == sizes
    return NetworkValues(snapshot, tuple(layers), exact, float(finite.max(initial=0.0)))


def matched_layers(old: NetworkSpec, new: NetworkSpec) -> list[int]:
    """Return for each layer of `new` the layer of `old` it was, −1 if it is new."""
    hidden = [-1 if layer is None else layer for layer in source_layers(old, new)]
    return [*hidden, len(old.hidden)]


def scaled_features(maps: Float32s) -> Float32s:
    """Return the features' maps, each on its own scale."""
    return np.concatenate([_fill(feature[None]) for feature in maps])


def scaled_maps(values: NetworkValues, network: NetworkSpec) -> list[tuple[int, Float32s]]:
    """Return (layer, maps in −1…1) for every layer that has maps."""
    scaled = []
    for number, layer in enumerate(values.layers):
        if layer.snapshot is None:
            continue
        maps = layer.snapshot.maps[: layer.n_known]
        bounded = network.activations[number] in BOUNDED
        scaled.append((number, maps if bounded else _fill(maps)))
    return scaled


def _fill(maps: Float32s) -> Float32s:
    """Scale a layer so that most of its neurons show strong colours.

    The size of each neuron is the 95th percentile over the plane; the scale is the 60th of
    those over the neurons that are not all 0, taken on a logarithmic scale. So one neuron that
    dominates its layer is clipped instead of making all others pale, corners do not decide, and
    within a layer sizes can still be compared.
    """
    grid = np.abs(maps[:, ::SCALE_STEP, ::SCALE_STEP]).reshape(len(maps), -1)
    sizes = _percentiles(np.where(np.isfinite(grid), grid, 0.0), SIZE_PERCENTILE)
    live = sizes[sizes > 0]
    if not live.size:
        return maps
    scale = np.exp(np.percentile(np.log(live), SCALE_PERCENTILE))
    with np.errstate(over="ignore"):
        return np.asarray(maps * np.float32(1.0 / scale), dtype=np.float32)


def _percentiles(rows: Float32s, share: float) -> Float32s:
    """Return a percentile of each row like `numpy.percentile`, in a fifth of its time."""
    last = rows.shape[1] - 1
    place = share / 100.0 * last
    low = int(place)
    high = min(low + 1, last)
    ordered = np.partition(rows, (low, high), axis=1)
    below, above = ordered[:, low], ordered[:, high]
    return np.asarray(below + (above - below) * np.float32(place - low))


def not_finite(layer: LayerSnapshot) -> list[bool]:
    """Return for each neuron whether its own numbers have become NaN or infinite."""
    finite = np.isfinite(layer.biases) & np.isfinite(layer.neuron_gradients)
    finite &= np.isfinite(layer.weights).all(axis=1)
    lost: list[bool] = (~finite).tolist()
    return lost


def feature_position(network: NetworkSpec, index: int) -> int:
    """Return a feature's column in the first weight matrix, −1 if it is off."""
    feature = tuple(Feature)[index]
    return network.features.index(feature) if feature in network.features else -1
