"""Weights and biases as immutable arrays, and what an edit of the network does to them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from playground.core.experiment import Feature, LayerSpec, NetworkSpec
from playground.core.snapshot import BIAS, Float64s, ParameterChange, Parameters
from tinyml.initializers import INITIALISATION_STREAM, draw_weights, uniforms

Shelf = tuple[tuple[Feature, Float64s], ...]


def first_parameters(network: NetworkSpec, seed: int) -> Parameters:
    """Return the weights and biases a new run starts from: the same seed, the same numbers."""
    draws = uniforms(seed, INITIALISATION_STREAM)
    weights, biases = [], []
    sizes = (len(network.features), *network.layer_sizes)
    for n_in, n_out in itertools.pairwise(sizes):
        matrix, bias = draw_weights(network.initializer.value, n_out, n_in, draws)
        weights.append(_sealed(np.array(matrix)))
        biases.append(_sealed(np.array(bias)))
    return Parameters(tuple(weights), tuple(biases))


def to_flat(parameters: Parameters) -> Float64s:
    """Return all numbers in tinyml's order: per layer, per neuron, weights then bias."""
    parts = [
        np.concatenate([w, b[:, None]], axis=1).ravel()
        for w, b in zip(parameters.weights, parameters.biases, strict=True)
    ]
    return np.concatenate(parts)


def from_flat(flat: Float64s, network: NetworkSpec, shelf: Shelf = ()) -> Parameters:
    """Return the parameters whose flat form is `flat`."""
    weights, biases = split(flat, network)
    return Parameters(weights, biases, shelf)


def split(
    flat: Float64s, network: NetworkSpec
) -> tuple[tuple[Float64s, ...], tuple[Float64s, ...]]:
    """Return a flat array over parameters as read-only (n_out, n_in) matrices and (n_out,) rows."""
    parts = views(flat, network)
    weights = tuple(_sealed(w.copy()) for w, _ in parts)
    return weights, tuple(_sealed(b.copy()) for _, b in parts)


def views(flat: Float64s, network: NetworkSpec) -> list[tuple[Float64s, Float64s]]:
    """Return a flat array's weights (n_out, n_in) and biases (n_out,) by layer, not copied."""
    parts = []
    start, n_in = 0, len(network.features)
    for n_out in network.layer_sizes:
        stop = start + n_out * (n_in + 1)
        block = flat[start:stop].reshape(n_out, n_in + 1)
        parts.append((block[:, :-1], block[:, -1]))
        start, n_in = stop, n_out
    return parts


def fits(parameters: Parameters, network: NetworkSpec) -> bool:
    """Whether the matrices have the shapes of `network`."""
    sizes = (len(network.features), *network.layer_sizes)
    shapes = [(b, a) for a, b in itertools.pairwise(sizes)]
    return [w.shape for w in parameters.weights] == shapes and [
        b.shape for b in parameters.biases
    ] == [(rows,) for rows, _ in shapes]


def carried_over(
    parameters: Parameters, old: NetworkSpec, new: NetworkSpec, seed: int
) -> Parameters:
    """Return parameters for `new` that keep every weight of `old` whose two ends still exist.

    A new neuron gets the inputs a fresh network of this seed would have and zero outgoing weights,
    a new feature zero outgoing weights, so that the function does not jump. A layer inserted or
    removed redraws only the matrices that touch it. The weights of a feature that is switched off
    go to the shelf and come back with it.
    """
    fresh = first_parameters(new, seed)
    source = source_layers(old, new)
    weights, biases = [], []
    n_hidden = len(new.hidden)
    for index, (matrix, bias) in enumerate(zip(fresh.weights, fresh.biases, strict=True)):
        before = source[index] if index < n_hidden else len(old.hidden)
        fed_before = -1 if index == 0 else source[index - 1]
        if before is None or fed_before is None or before != fed_before + 1:
            weights.append(matrix)
            kept = None if before is None else parameters.biases[before]
            biases.append(bias if kept is None else _overlaid(bias, kept))
            continue
        kept_weights = parameters.weights[before]
        merged = matrix.copy()
        rows = min(len(merged), len(kept_weights))
        if index == 0:
            merged[:rows] = _feature_columns(parameters, old, new, merged)[:rows]
        else:
            columns = min(merged.shape[1], kept_weights.shape[1])
            merged[:rows, :columns] = kept_weights[:rows, :columns]
            merged[:, columns:] = 0.0
        weights.append(_sealed(merged))
        biases.append(_overlaid(bias, parameters.biases[before]))
    shelf = _shelved(parameters, old, new) if _keeps_inputs(source, old) else ()
    return Parameters(tuple(weights), tuple(biases), shelf)


def source_layers(old: NetworkSpec, new: NetworkSpec) -> list[int | None]:
    """Return, per hidden layer of `new`, which one of `old` it is, or None if it was inserted."""
    before, after = old.hidden, new.hidden
    if len(after) == len(before):
        return list(range(len(before)))
    if len(after) > len(before):
        gap = _gap(before, after)
        return [_shifted(k, gap, len(after) - len(before)) for k in range(len(after))]
    gap = _gap(after, before)
    return [k if k < gap else k + len(before) - len(after) for k in range(len(after))]


def with_changes(parameters: Parameters, changes: Sequence[ParameterChange]) -> Parameters:
    """Return the parameters with some numbers set and all others as they are.

    Raises
    ------
    ValueError
        If there is no such weight or bias.
    """
    weights, biases = list(parameters.weights), list(parameters.biases)
    for change in changes:
        if not 0 <= change.layer < len(weights):
            raise ValueError(f"there is no layer {change.layer} to change")
        is_bias = change.source == BIAS
        arrays = biases if is_bias else weights
        place = (change.target,) if is_bias else (change.target, change.source)
        array = arrays[change.layer].copy()
        if any(not 0 <= k < n for k, n in zip(place, array.shape, strict=True)):
            raise ValueError(f"there is no weight {place} in layer {change.layer}")
        array[place] = change.value
        arrays[change.layer] = _sealed(array)
    return Parameters(tuple(weights), tuple(biases), parameters.shelf)


def _shifted(k: int, gap: int, n: int) -> int | None:
    return k if k < gap else None if k < gap + n else k - n


def _gap(short: Sequence[LayerSpec], long: Sequence[LayerSpec]) -> int:
    """Return where `long` has layers that `short` has not.

    Equal layers make this ambiguous; an edit keeps the very objects of the layers it does not
    touch, which decides it. Otherwise the last place that fits is taken.
    """
    n = len(long) - len(short)
    rest = [(*long[:k], *long[k + n :]) for k in range(len(short) + 1)]
    same = [
        k for k, left in enumerate(rest) if all(a is b for a, b in zip(left, short, strict=True))
    ]
    if len(same) == 1:
        return same[0]
    equal = [k for k, left in enumerate(rest) if left == tuple(short)]
    return (same or equal or [len(short)])[-1]


def _feature_columns(
    parameters: Parameters, old: NetworkSpec, new: NetworkSpec, shape_of: Float64s
) -> Float64s:
    """Return the first matrix with the columns of old and shelved features in their places."""
    known = {f: parameters.weights[0][:, k] for k, f in enumerate(old.features)}
    known = dict(parameters.shelf) | known
    columns = np.zeros_like(shape_of)
    for k, feature in enumerate(new.features):
        if feature in known:
            rows = min(len(columns), len(known[feature]))
            columns[:rows, k] = known[feature][:rows]
    return columns


def _keeps_inputs(source: Sequence[int | None], old: NetworkSpec) -> bool:
    return source[0] == 0 if source else not old.hidden


def _shelved(parameters: Parameters, old: NetworkSpec, new: NetworkSpec) -> Shelf:
    columns = dict(parameters.shelf)
    for k, feature in enumerate(old.features):
        columns[feature] = _sealed(parameters.weights[0][:, k].copy())
    return tuple((f, column) for f, column in columns.items() if f not in new.features)


def _overlaid(fresh: Float64s, kept: Float64s) -> Float64s:
    merged = fresh.copy()
    n = min(len(fresh), len(kept))
    merged[:n] = kept[:n]
    return _sealed(merged)


def _sealed(array: NDArray[np.float64]) -> Float64s:
    array.flags.writeable = False
    return array
