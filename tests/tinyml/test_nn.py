"""Neurons, layers and networks: structure, arithmetic, state, the seed's and micrograd's forms."""

import math

import pytest

from tinyml import (
    ACTIVATIONS,
    INITIALIZERS,
    MLP,
    Layer,
    Module,
    MultilayerPerceptron,
    Neuron,
    Value,
)
from tinyml.features import FEATURES, FeatureNetwork


def test_micrograds_lecture_neuron_gives_its_numbers():
    neuron = Neuron.of([-3.0, 1.0], 6.8813735870195432, "tanh")
    x1, x2 = Value(2.0), Value(0.0)
    output = neuron([x1, x2])
    output.backward()
    assert output.data == pytest.approx(0.7071067811865476, rel=1e-12)
    w1, w2 = neuron.weights
    assert [v.grad for v in (x1, x2, w1, w2)] == pytest.approx([-1.5, 0.5, 1.0, 0.0], rel=1e-12)
    assert neuron.bias.grad == pytest.approx(0.5, rel=1e-12)


def test_a_neuron_sums_from_the_bias_in_input_order():
    neuron = Neuron.of([0.1, 0.2, 0.3], 0.7, "linear")
    assert neuron([1.1, 1.2, 1.3]).data == ((0.7 + 0.1 * 1.1) + 0.2 * 1.2) + 0.3 * 1.3


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_shapes_a_neuron(name):
    assert Neuron.of([1.0], 0.0, name)([0.75]).data == getattr(Value(0.75), name)().data


def test_a_layer_gives_all_its_neurons_the_same_inputs():
    layer = Layer(3, 2, "sigmoid", seed=5)
    outputs = layer([1.0, -2.0, 0.5])
    assert [o.data for o in outputs] == [n([1.0, -2.0, 0.5]).data for n in layer.neurons]
    assert len(layer.parameters()) == 2 * (3 + 1)


def test_parameters_come_layer_by_layer_neuron_by_neuron_weights_then_bias():
    model = MLP(2, [2, 1])
    expected = []
    for layer in model.layers:
        for neuron in layer.neurons:
            expected += [*neuron.weights, neuron.bias]
    assert model.parameters() == expected
    assert model.biases() == [n.bias for layer in model.layers for n in layer.neurons]


@pytest.mark.parametrize(
    ("n_inputs", "sizes", "count"), [(2, [4, 1], 17), (2, [16, 16, 1], 337), (7, [8, 8, 2], 154)]
)
def test_parameters_are_counted_with_their_biases(n_inputs, sizes, count):
    assert len(MultilayerPerceptron(n_inputs, sizes).parameters()) == count


def test_the_output_activation_is_the_others_unless_it_is_named():
    same = MLP(2, [3, 3, 1], "relu")
    other = MLP(2, [3, 3, 1], "relu", output_activation="linear")
    per_layer = MLP(2, [3, 3, 1], ["relu", "elu"], output_activation="sigmoid")
    full = MLP(2, [3, 3, 1], ["relu", "elu", "sin"])
    assert [layer.activation for layer in same.layers] == ["relu"] * 3
    assert [layer.activation for layer in other.layers] == ["relu", "relu", "linear"]
    assert [layer.activation for layer in per_layer.layers] == ["relu", "elu", "sigmoid"]
    assert [layer.activation for layer in full.layers] == ["relu", "elu", "sin"]


def test_one_output_is_a_value_and_several_are_a_list():
    assert isinstance(MLP(2, [1])([1.0, 2.0]), Value)
    assert len(MLP(2, [3])([1.0, 2.0])) == 3


def test_a_trace_holds_what_the_call_computes():
    model = MLP(2, [3, 2], seed=1)
    trace = model.trace([Value(0.5), Value(-1.0)])
    assert [len(z) for z in trace.preactivations] == [3, 2]
    assert [a.data for a in trace.activations[-1]] == [v.data for v in model([0.5, -1.0])]
    for z, a in zip(trace.preactivations[0], trace.activations[0], strict=True):
        assert a.parents == (z,)


def test_the_same_seed_gives_the_same_weights_and_another_gives_others():
    def weights(seed):
        return MLP(2, [5, 1], seed=seed).state()

    assert weights(3) == weights(3)
    assert weights(3) != weights(4)


def test_more_layers_do_not_change_the_first_ones():
    assert (
        MLP(2, [4, 3, 1], "tanh", initializer="seed").state()[0]
        == (MLP(2, [4, 1], "tanh", initializer="seed").state()[0])
    )


def test_state_goes_to_plain_lists_and_back():
    model, other = MLP(2, [3, 1], seed=1), MLP(2, [3, 1], seed=2)
    state = model.state()
    other.load_state(state)
    assert other.state() == state
    assert all(type(x) is float for layer in state for neuron in layer for x in neuron)


@pytest.mark.parametrize("sizes", [[2, 1], [3, 3, 1], [3, 2]])
def test_a_state_of_another_shape_is_refused_and_changes_nothing(sizes):
    model = MLP(2, [3, 1])
    before = model.state()
    with pytest.raises(ValueError, match="numbers per neuron"):
        model.load_state(MLP(2, sizes).state())
    assert model.state() == before


def test_a_state_with_text_is_refused_and_changes_nothing():
    model = MLP(1, [1])
    with pytest.raises(TypeError, match="real number"):
        model.load_state([[[0.5, "0.5"]]])
    assert model.state() == MLP(1, [1]).state()


def test_the_seeds_way_of_training_translates_line_by_line():
    network = MultilayerPerceptron.new(2, [4, 1], 0.1, "tanh", seed=1)
    rows = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
    losses = []
    for _ in range(200):
        network.zero_gradients()
        total = Value(0.0)
        for inputs, target in rows:
            total = total + (network.forward(inputs) - target) ** 2
        total.backward()
        network.update()
        losses.append(total.data)
    assert losses[-1] < losses[0]
    weights = [w for row in MultilayerPerceptron.new(2, [4, 1], 0.1).state()[0] for w in row[:-1]]
    assert all(0.0 <= w < 1.0 for w in weights)
    assert network.learning_rate == 0.1


def test_update_takes_one_step_down():
    model = MLP(1, [1], "linear", learning_rate=0.5)
    before = [p.data for p in model.parameters()]
    model([2.0]).backward()
    model.update()
    assert [p.data for p in model.parameters()] == [before[0] - 1.0, before[1] - 0.5]
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0, 0.0]


def test_masks_multiply_hidden_activations_only():
    model = MLP(1, [2, 2, 1], "linear", seed=3)
    asked = []

    def masks(layer, neuron):
        asked.append((layer, neuron))
        return Value(0.0 if neuron == 0 else 2.0)

    trace = model.trace([Value(1.5)], masks)
    assert asked == [(0, 0), (0, 1), (1, 0), (1, 1)]
    first = trace.activations[0]
    expected = sum(
        (w.data * f * a.data)
        for w, f, a in zip(model.layers[1].neurons[0].weights, (0.0, 2.0), first, strict=True)
    )
    z = trace.preactivations[1][0].data
    assert z == pytest.approx(expected + model.layers[1].neurons[0].bias.data, rel=1e-14)


def test_without_masks_there_is_no_dropout():
    assert MLP(1, [3, 1], seed=1, dropout=0.5)([1.0]).data == MLP(1, [3, 1], seed=1)([1.0]).data


def test_features_are_part_of_the_graph():
    seen = []

    class Probe(Module):
        n_inputs, n_outputs = 9, 1

        def trace(self, inputs, masks=None):
            seen.extend(inputs)
            return MLP(9, [1]).trace(inputs, masks)

    x1, x2 = Value(0.5), Value(-2.0)
    FeatureNetwork(list(FEATURES)[:9], Probe())([x1, x2])
    expected = [0.5, -2.0, 0.25, 4.0, -1.0, math.sin(0.5), math.sin(-2.0), math.cos(0.5)]
    assert [v.data for v in seen] == pytest.approx([*expected, math.cos(-2.0)], rel=1e-15)
    assert seen[0] is x1


def test_a_feature_network_has_the_parameters_of_the_network_behind():
    model = MLP(2, [3, 1])
    network = FeatureNetwork(["x1", "x1_x2"], model)
    assert network.parameters() == model.parameters()
    assert network.biases() == model.biases()
    assert network.n_inputs == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: MLP(2, []), "layer_sizes"),
        (lambda: MLP(0, [1]), "a layer needs inputs and neurons, got 0 and 1"),
        (lambda: MLP(2, [3, 0]), "a layer needs inputs and neurons"),
        (lambda: MLP(2, [1], "tahn"), "activation must be one of .* got 'tahn'"),
        (lambda: MLP(2, [3, 1], ["tanh"]), "a name per layer: 2, got 1"),
        (lambda: MLP(2, [1], initializer="best"), "initializer must be one of .* got 'best'"),
        (lambda: MLP(2, [1], dropout=1.0), r"dropout must be in \[0, 1\), got 1\.0"),
        (lambda: MLP(2, [1])([1.0]), "there must be 2 inputs, got 1"),
        (lambda: FeatureNetwork(["x0"], MLP(1, [1])), "a feature must be one of .* got 'x0'"),
        (lambda: FeatureNetwork(["x3"], MLP(1, [1])), "x3 needs 3 inputs, there are 2"),
        (lambda: FeatureNetwork(["sin_x2"], MLP(1, [1]), 1), "sin_x2 needs 2 inputs, there are 1"),
        (lambda: FeatureNetwork(["x1"], MLP(1, [1]), 17), "n_inputs must be 1 to 16, got 17"),
        (lambda: FeatureNetwork(["x1"], MLP(2, [1])), "2 inputs, got 1"),
    ],
)
def test_what_cannot_be_built_says_why(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_every_initializer_builds_a_network():
    for name in INITIALIZERS:
        assert math.isfinite(MLP(2, [3, 1], initializer=name)([0.5, -0.5]).data)
