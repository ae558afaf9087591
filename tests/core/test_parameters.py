"""What an edit of the network does to its weights."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
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
from playground.core.snapshot import BIAS, ParameterChange, Parameters
from tinyml.nn import MultilayerPerceptron

GRID = np.random.default_rng(0).uniform(-3, 3, (50, 2))


def network(*sizes, features=(Feature.X1, Feature.X2)):
    return NetworkSpec(features, tuple(LayerSpec(n) for n in sizes))


def trained(spec):
    """Parameters that no initialiser would give."""
    flat = to_flat(first_parameters(spec, 3))
    return from_flat(flat + np.sin(np.arange(len(flat))), spec)


def outputs(spec, parameters):
    return make_trainer(Experiment(network=spec), parameters).predict(GRID)[:, 0]


def test_first_parameters_are_those_of_the_library():
    spec = network(4, 2)
    model = MultilayerPerceptron(2, [4, 2, 1], seed=7)
    assert to_flat(first_parameters(spec, 7)).tolist() == [p.data for p in model.parameters()]


def test_flat_and_layered_forms_are_the_same_numbers():
    spec = network(5, 3)
    flat = np.arange(float(spec.n_parameters))
    assert np.array_equal(to_flat(from_flat(flat, spec)), flat)


def test_all_arrays_are_read_only():
    spec = network(3, 2)
    grown = carried_over(trained(spec), spec, network(4, 3), 0)
    for array in (*grown.weights, *grown.biases):
        assert not array.flags.writeable


def test_a_new_neuron_does_not_change_the_function():
    old, new = network(4, 2), network(6, 2)
    parameters = trained(old)
    grown = carried_over(parameters, old, new, 0)
    assert np.array_equal(grown.weights[0][:4], parameters.weights[0])
    assert (grown.weights[0][4:] != 0).all()
    assert (grown.weights[1][:, 4:] == 0).all()
    assert outputs(old, parameters) == pytest.approx(outputs(new, grown), rel=1e-12)


def test_a_removed_neuron_leaves_the_weights_of_the_others():
    old, new = network(4, 3), network(3, 3)
    parameters = trained(old)
    shrunk = carried_over(parameters, old, new, 0)
    assert np.array_equal(shrunk.weights[0], parameters.weights[0][:3])
    assert np.array_equal(shrunk.weights[1], parameters.weights[1][:, :3])
    assert np.array_equal(shrunk.weights[2], parameters.weights[2])


@pytest.mark.parametrize("place", range(4))
def test_an_inserted_layer_redraws_only_what_touches_it(place):
    old = network(4, 4, 4)
    hidden = (*old.hidden[:place], LayerSpec(4), *old.hidden[place:])
    new = replace(old, hidden=hidden)
    parameters, fresh = trained(old), first_parameters(new, 5)
    grown = carried_over(parameters, old, new, 5)
    assert fits(grown, new)
    for layer, matrix in enumerate(grown.weights):
        if layer in (place, place + 1):
            assert np.array_equal(matrix, fresh.weights[layer])
        else:
            kept = parameters.weights[layer - (layer > place)]
            assert np.array_equal(matrix, kept)


@pytest.mark.parametrize("place", range(3))
def test_a_removed_layer_redraws_only_the_matrix_that_closes_the_gap(place):
    old = network(4, 4, 4)
    new = replace(old, hidden=(*old.hidden[:place], *old.hidden[place + 1 :]))
    parameters = trained(old)
    shrunk = carried_over(parameters, old, new, 5)
    fresh = first_parameters(new, 5)
    for layer, matrix in enumerate(shrunk.weights):
        kept = parameters.weights[layer + (layer >= place)]
        wanted = fresh.weights[layer] if layer == place else kept
        assert np.array_equal(matrix, wanted)


def test_another_activation_keeps_every_weight():
    old = network(4, 2)
    new = replace(old, hidden=(LayerSpec(4, Activation.RELU), old.hidden[1]))
    parameters = trained(old)
    assert np.array_equal(to_flat(carried_over(parameters, old, new, 0)), to_flat(parameters))


def test_a_new_feature_does_not_change_the_function():
    old = network(4, 2)
    new = network(4, 2, features=(Feature.X1, Feature.X2, Feature.SIN_X1))
    parameters = trained(old)
    grown = carried_over(parameters, old, new, 0)
    assert outputs(old, parameters) == pytest.approx(outputs(new, grown), rel=1e-12)


def test_a_feature_that_returns_has_its_weights_again():
    both, one = network(4, 2), network(4, 2, features=(Feature.X2,))
    parameters = trained(both)
    off = carried_over(parameters, both, one, 0)
    assert [feature for feature, _ in off.shelf] == [Feature.X1]
    on = carried_over(off, one, both, 0)
    assert on.shelf == ()
    assert np.array_equal(to_flat(on), to_flat(parameters))


def test_a_shelved_feature_survives_other_edits():
    both, one = network(4, 2), network(4, 2, features=(Feature.X2,))
    parameters = trained(both)
    off = carried_over(parameters, both, one, 0)
    wider = network(5, 3, features=(Feature.X2,))
    back = carried_over(carried_over(off, one, wider, 0), wider, network(5, 3), 0)
    assert np.array_equal(back.weights[0][:4], parameters.weights[0])


def test_a_network_without_hidden_layers_can_gain_and_lose_one():
    none, one = network(), network(3)
    assert fits(carried_over(trained(none), none, one, 0), one)
    assert fits(carried_over(trained(one), one, none, 0), none)


sizes = st.lists(st.integers(1, 6), max_size=4)
subsets = st.sets(st.sampled_from(available_features(2)), min_size=1)


@given(sizes, sizes, subsets, subsets)
def test_any_edit_gives_finite_parameters_of_the_right_shape(a, b, fa, fb):
    old = network(*a, features=tuple(f for f in Feature if f in fa))
    new = network(*b, features=tuple(f for f in Feature if f in fb))
    result = carried_over(trained(old), old, new, 1)
    assert fits(result, new)
    assert np.isfinite(to_flat(result)).all()


def test_parameters_of_another_shape_do_not_fit():
    spec = network(4, 2)
    good = first_parameters(spec, 0)
    assert fits(good, spec)
    assert not fits(good, network(4, 3))
    assert not fits(Parameters(good.weights, good.biases[:-1]), spec)


def test_single_numbers_are_set_and_all_others_stay():
    spec = network(3, 2)
    before = trained(spec)
    after = with_changes(before, [ParameterChange(1, 0, 2, 5.0), ParameterChange(0, 1, BIAS, -4.0)])
    flat, changed = to_flat(before), to_flat(after)
    assert int((flat != changed).sum()) == 2
    assert (after.weights[1][0, 2], after.biases[0][1]) == (5.0, -4.0)
    assert not after.weights[1].flags.writeable


@pytest.mark.parametrize(
    ("layer", "target", "source"), [(9, 0, 0), (-1, 0, 0), (0, 0, 2), (0, 3, 0)]
)
def test_a_weight_that_is_not_there_is_not_set(layer, target, source):
    with pytest.raises(ValueError, match="there is no"):
        with_changes(trained(network(3, 2)), [ParameterChange(layer, target, source, 1.0)])
