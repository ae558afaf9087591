"""Addresses of TensorFlow Playground: taken over, clamped in the open, never half-read."""

import random

import pytest

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    Initializer,
    LayerSpec,
    Loss,
    NetworkSpec,
    Regularization,
    TrainingSpec,
)
from playground.core.playground_address import adopt_address, is_playground_address
from playground.core.run import Run

HOST = "https://playground.tensorflow.org/"
KEYS = (
    "activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate",
    "regularizationRate", "noise", "networkShape", "seed", "showTestData", "discretize",
    "percTrainData", "x", "y", "xTimesY", "xSquared", "ySquared", "sinX", "sinY", "problem",
    "initZero", "hideText", "playButton_hide",
)  # fmt: skip


def notes(settings: str) -> tuple[str, ...]:
    return adopt_address(f"{HOST}#{settings}").notes


def test_an_address_without_settings_is_that_apps_default():
    adopted = adopt_address(HOST)
    expected = Experiment(
        DataSpec(DatasetKind.CIRCLE, 500),
        NetworkSpec(initializer=Initializer.TF_PLAYGROUND),
        TrainingSpec(Loss.HALF_MSE, learning_rate=0.03, batch_size=10),
    )
    assert (adopted.experiment, adopted.notes) == (expected, ())
    assert (adopted.test_points, adopted.discretise) == (None, None)


def test_every_setting_of_an_address_is_taken_over():
    adopted = adopt_address(
        f"  {HOST}#activation=relu&regularization=L2&batchSize=25&dataset=spiral"
        "&regDataset=reg-gauss&learningRate=0.1&regularizationRate=0.003&noise=15"
        "&networkShape=8%2C6,1&seed=0.31415&showTestData=true&discretize=false&percTrainData=70"
        "&x=true&y=false&xTimesY=true&xSquared=false&ySquared=true&cosX=false&sinX=true&cosY=false"
        "&sinY=true&collectStats=false&problem=classification&initZero=true&hideText=false\n"
    )
    hidden = tuple(LayerSpec(size, Activation.RELU) for size in (8, 6, 1))
    features = (
        Feature.X1,
        Feature.X2_SQUARED,
        Feature.X1_X2,
        Feature.SIN_X1,
        Feature.SIN_X2,
    )
    assert adopted.experiment == Experiment(
        DataSpec(DatasetKind.SPIRAL, 500, 0.15, 0.7, 31415),
        NetworkSpec(features, hidden, Activation.TANH, Initializer.ZEROS),
        TrainingSpec(
            Loss.HALF_MSE,
            learning_rate=0.1,
            batch_size=25,
            regularization=Regularization.L2,
            regularization_rate=0.003,
        ),
        31415,
    )
    assert (adopted.test_points, adopted.discretise) == (True, False)
    # The one thing that cannot be the same is said.
    assert adopted.notes == (
        "Seed 0.31415 is taken as 31415: the samples and first weights are other draws of the same"
        " kind.",
    )


@pytest.mark.parametrize(
    ("name", "kind"), [("reg-plane", DatasetKind.PLANE), ("reg-gauss", DatasetKind.HILLS)]
)
def test_a_regression_has_its_own_dataset_size_and_linear_output(name, kind):
    experiment = adopt_address(f"{HOST}#problem=regression&regDataset={name}").experiment
    assert (experiment.data.kind, experiment.data.n_samples) == (kind, 1200)
    assert experiment.network.output_activation is Activation.LINEAR


@pytest.mark.parametrize("name", ["circle", "xor", "gauss", "spiral"])
def test_every_dataset_is_known(name):
    adopted = adopt_address(f"{HOST}#dataset={name}")
    assert (adopted.experiment.data.kind, adopted.notes) == (name, ())


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "linear"])
def test_every_activation_is_known(name):
    adopted = adopt_address(f"{HOST}#activation={name}")
    assert adopted.experiment.network.hidden == (LayerSpec(4, name), LayerSpec(2, name))
    assert adopted.notes == ()


def test_no_hidden_layers_at_all():
    assert adopt_address(f"{HOST}#networkShape=").experiment.network.hidden == ()


def test_40_absurd_values_are_clamped_and_each_is_listed():
    adopted = adopt_address(
        f"{HOST}#learningRate=1e999&batchSize=-3&noise=4000&percTrainData=0&networkShape=0,9999,x"
        "&regularizationRate=-1&dataset=<b>moon</b>&activation=swish&initZero=perhaps&seed=nan"
        "&x=false&y=false"
    )
    experiment = adopted.experiment
    assert experiment.training.learning_rate == 1000.0
    assert experiment.training.batch_size == 1
    assert (experiment.data.noise, experiment.data.train_share) == (0.5, 0.1)
    assert [layer.size for layer in experiment.network.hidden] == [1, 512, 1]
    assert sorted(adopted.notes) == sorted(
        (
            "dataset <b>moon</b> is not known; circle is used.",
            "percTrainData 0 is outside 10 to 100; 10 is used.",
            "noise 4000 is outside 0 to 50; 50 is used.",
            "Seed nan is taken as 0: the samples and first weights are other draws of the same"
            " kind.",
            "All inputs are off; x₁ and x₂ are switched on.",
            "activation swish is not known; tanh is used.",
            "initZero is perhaps, not true or false; it is taken as true.",
            "Size '0' of hidden layer 1 cannot be; 1 is used.",
            "Size '9999' of hidden layer 2 cannot be; 512 is used.",
            "Size 'x' of hidden layer 3 cannot be; 1 is used.",
            "learningRate 1e999 is outside 1e-08 to 1000; 1000 is used.",
            "batchSize -3 is outside 1 to 20000; 1 is used.",
            "regularizationRate -1 is outside 0 to 1000; 0 is used.",
        )
    )


@pytest.mark.parametrize("text", ["", "nan", "inf", "1_000", "0x10", "١٢", "1,5", "--1", "e5"])
def test_only_plain_numbers_are_read(text):
    assert notes(f"learningRate={text}") == (f"learningRate {text} is no number; 0.03 is used.",)


def test_parts_of_whole_numbers_are_cut_and_said():
    assert notes("batchSize=2.5") == ("batchSize 2.5 is no whole number; 2 is used.",)
    assert notes("networkShape=2.5") == ("Size '2.5' of hidden layer 1 cannot be; 2 is used.",)


def test_a_network_beyond_the_limits_is_cut_to_what_fits():
    adopted = adopt_address(f"{HOST}#networkShape=" + ",".join(["512"] * 40))
    network = adopted.experiment.network
    assert len(network.hidden) == 15
    assert len({layer.size for layer in network.hidden}) == 1
    wider = NetworkSpec(hidden=tuple(LayerSpec(layer.size) for layer in network.hidden))
    assert wider.n_parameters <= 100_000
    assert adopted.notes == (
        "networkShape has 40 hidden layers; the first 15 are used.",
        f"The network would have more than 100000 parameters; no layer gets more than"
        f" {network.hidden[0].size} neurons.",
    )
    with pytest.raises(ValueError, match="at most 100000 parameters"):
        NetworkSpec(hidden=tuple(LayerSpec(layer.size + 1) for layer in network.hidden))


def test_what_has_no_counterpart_is_listed():
    assert notes("hideText=true&playButton_hide=true&stepButton_hide=false") == (
        "Nothing is hidden here (hideText, playButton_hide).",
    )
    assert notes("momentum=0.9&dropout=1&tutorial=dp") == (
        "Not known and left out: momentum, dropout.",
    )
    assert notes("&".join(f"k{k}=1" for k in range(30))) == (
        "Not known and left out: k0, k1, k2, k3, k4, k5, k6, k7 and 22 more.",
    )
    assert notes("noise=5&noise=10&noise=10") == (
        "noise comes more than once; the last value is used.",
    )


def test_strange_texts_are_shown_short_and_visible():
    (note,) = notes("dataset=" + "\u202e%0A" + "9" * 5000)
    assert note == "dataset ··" + "9" * 38 + "… is not known; circle is used."


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("playground.tensorflow.org", True),
        ("http://playground.tensorflow.org/?x#noise=5", True),
        ("HTTPS://Playground.TensorFlow.org/#", True),
        ("http://localhost:5000/dist/#networkShape=4,2&initZero=false", True),
        ("http://localhost:5000/dist/#networkShape=4,2", False),
        ("https://playground.tensorflow.org.example.com/", False),
        ("https://example.com/?playground.tensorflow.org", False),
        ("networkShape=4&initZero=false", False),
        ("see https://playground.tensorflow.org/", False),
        ("", False),
        ("1,2\n3,4", False),
        (HOST + "#" + "a" * 20_000, False),
    ],
)
def test_only_addresses_are_addresses(text, is_one):
    assert is_playground_address(text) is is_one
    if not is_one:
        with pytest.raises(ValueError, match="not an address of TensorFlow Playground"):
            adopt_address(text)


def test_any_address_gives_an_experiment_that_can_be_trained():
    chance = random.Random(5)
    values = (
        "", "0", "-1", "1", "2.5", "1e999", "nan", "true", "false", "relu", "spiral", "L1",
        "regression", "reg-gauss", "4,2", "9,9,9,9", ",,,", "%00", "%", "\u202e", "9" * 400,
    )  # fmt: skip
    for _ in range(2000):
        chosen = chance.sample(KEYS, chance.randint(0, len(KEYS)))
        settings = "&".join(f"{key}={chance.choice(values)}" for key in chosen)
        adopted = adopt_address(f"{HOST}#{settings}")
        assert all(note.isprintable() and len(note) < 400 for note in adopted.notes)
    Run(adopted.experiment).advance(1)
