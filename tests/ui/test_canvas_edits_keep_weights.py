"""Random edits of the network: every weight whose two ends still exist keeps its bits."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.build import make_trainer
from playground.core.experiment import (
    Activation,
    Experiment,
    Feature,
    LayerSpec,
    NetworkSpec,
    available_features,
)
from playground.core.parameters import (
    carried_over,
    first_parameters,
    fits,
    from_flat,
    to_flat,
    with_changes,
)
from playground.core.snapshot import BIAS, ParameterChange
from playground.ui.canvas import edits

POINTS = np.random.default_rng(0).uniform(-3, 3, (40, 2))


@dataclass(frozen=True)
class Edit:
    """One edit as a person makes it; numbers are taken modulo what there is."""

    kind: str
    place: int
    size: int = 1
    activation: Activation = Activation.TANH


edit_lists = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["resize", "insert", "remove", "toggle", "activate"]),
        st.integers(0, 20),
        st.integers(1, 7),
        st.sampled_from(list(Activation)),
    ),
    min_size=1,
    max_size=8,
)
networks = st.builds(
    NetworkSpec,
    st.sets(st.sampled_from(available_features(2)), min_size=1).map(
        lambda chosen: tuple(f for f in Feature if f in chosen)
    ),
    st.lists(st.builds(LayerSpec, st.integers(1, 6)), max_size=4).map(tuple),
)


class Named:
    """A network whose layers and neurons have names that no edit changes."""

    def __init__(self, network: NetworkSpec) -> None:
        self.network = network
        self._names = count()
        self.hidden = [[next(self._names) for _ in range(s.size)] for s in network.hidden]

    @property
    def columns(self) -> list[list[object]]:
        """The names in every column: features, hidden layers, output."""
        return [list(self.network.features), *map(list, self.hidden), ["output"]]

    def make(self, edit: Edit) -> None:
        """Edit the network as the canvas does, and the names as a person thinks of it."""
        n_hidden = len(self.network.hidden)
        if edit.kind == "toggle":
            there = self.network.available_features
            feature = there[edit.place % len(there)]
            self.network = edits.toggled(self.network, feature)
        elif edit.kind == "insert":
            place = edit.place % (n_hidden + 1)
            self.network = edits.inserted(self.network, place)
            if len(self.network.hidden) > n_hidden:
                size = self.network.hidden[place].size
                self.hidden.insert(place, [next(self._names) for _ in range(size)])
        elif edit.kind == "activate":
            layer = edit.place % (n_hidden + 1)
            self.network = edits.activated(self.network, layer, edit.activation)
        elif n_hidden:
            layer = edit.place % n_hidden
            if edit.kind == "remove":
                self.network = edits.removed(self.network, layer)
                del self.hidden[layer]
            else:
                self.network = edits.resized(self.network, layer, edit.size)
                names = self.hidden[layer][: edit.size]
                new = [next(self._names) for _ in range(edit.size - len(names))]
                self.hidden[layer] = names + new


def weights_by_ends(columns, parameters):
    found = {}
    for before, after, matrix in zip(columns, columns[1:], parameters.weights, strict=False):
        for row, target in enumerate(after):
            for column, source in enumerate(before):
                found[source, target] = matrix[row, column]
    return found


def biases_by_name(columns, parameters):
    return {
        name: value
        for column, biases in zip(columns[1:], parameters.biases, strict=True)
        for name, value in zip(column, biases, strict=True)
    }


def trained(network):
    flat = to_flat(first_parameters(network, 3))
    return from_flat(flat + np.sin(1.0 + np.arange(len(flat))), network)


def outputs(network, parameters):
    return make_trainer(Experiment(network=network), parameters).predict(POINTS)[:, 0]


@given(networks, edit_lists)
@settings(max_examples=150, deadline=None)
def test_every_weight_and_bias_whose_ends_still_exist_keeps_its_bits(network, edit_list):
    named, parameters = Named(network), trained(network)
    for edit in edit_list:
        old, columns = named.network, named.columns
        weights, biases = weights_by_ends(columns, parameters), biases_by_name(columns, parameters)
        named.make(edit)
        parameters = carried_over(parameters, old, named.network, 5)
        assert fits(parameters, named.network)
        after = weights_by_ends(named.columns, parameters)
        kept = weights.keys() & after.keys()
        assert all(after[ends] == weights[ends] for ends in kept)
        now = biases_by_name(named.columns, parameters)
        assert all(now[name] == biases[name] for name in biases.keys() & now.keys())


@given(networks, st.integers(0, 20), st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_more_neurons_leave_the_function_as_it_was(network, place, more):
    if not network.hidden:
        return
    layer = place % len(network.hidden)
    wider = edits.resized(network, layer, network.hidden[layer].size + more)
    parameters = trained(network)
    grown = carried_over(parameters, network, wider, 5)
    new = slice(network.hidden[layer].size, None)
    assert (grown.weights[layer + 1][:, new] == 0).all()
    assert np.abs(grown.weights[layer][new]).sum() > 0, "they can learn"
    before, after = outputs(network, parameters), outputs(wider, grown)
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-13)


@given(networks, st.sampled_from(available_features(2)))
@settings(max_examples=60, deadline=None)
def test_a_feature_switched_on_leaves_the_function_as_it_was(network, feature):
    if feature in network.features:
        return
    wider = edits.toggled(network, feature)
    parameters = trained(network)
    before = outputs(network, parameters)
    after = outputs(wider, carried_over(parameters, network, wider, 5))
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-13)


@given(networks, st.sampled_from(available_features(2)))
@settings(max_examples=60, deadline=None)
def test_a_feature_off_and_on_again_brings_every_bit_back(network, feature):
    if feature not in network.features or len(network.features) == 1:
        return
    parameters, without = trained(network), edits.toggled(network, feature)
    off = carried_over(parameters, network, without, 5)
    on = carried_over(off, without, network, 5)
    assert to_flat(on).tobytes() == to_flat(parameters).tobytes()


def test_of_equal_layers_the_one_that_a_person_removes_goes():
    network = NetworkSpec(hidden=(LayerSpec(4),))
    for place in (0, 0, 1, 2):
        network = edits.inserted(network, place)
    parameters = trained(network)
    for layer in range(5):
        shrunk = carried_over(parameters, network, edits.removed(network, layer), 5)
        kept = [k for k in range(5) if k != layer]
        for now, before in enumerate(kept):
            assert np.array_equal(shrunk.biases[now], parameters.biases[before])


def test_changes_set_what_they_name_and_nothing_else():
    network = NetworkSpec(hidden=(LayerSpec(3),))
    parameters = trained(network)
    changes = (ParameterChange(0, 2, 1, 5.0), ParameterChange(1, 0, BIAS, -4.0))
    edited = with_changes(parameters, changes)
    assert edited.weights[0][2, 1] == 5.0
    assert edited.biases[1][0] == -4.0
    same = to_flat(edited) == to_flat(parameters)
    assert np.count_nonzero(~same) == 2
    assert not edited.weights[0].flags.writeable
