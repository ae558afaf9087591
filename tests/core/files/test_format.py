"""The experiment file's format: round trips, versions, fields of newer apps."""

import dataclasses
import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    LayerSpec,
    Loss,
    NetworkSpec,
    Optimizer,
    TrainingSpec,
    presets,
)
from playground.core.files import (
    Document,
    ExperimentFileError,
    decode_document,
    decode_experiment,
    document,
    encode_document,
    encode_experiment,
    load_experiment,
    load_run,
    save_experiment,
)
from playground.core.run import Run

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.tinyml"))
SMALL = Experiment(
    DataSpec(DatasetKind.MOONS, n_samples=60, noise=0.125, seed=7),
    NetworkSpec((Feature.X1, Feature.SIN_X1), (LayerSpec(3, Activation.RELU),)),
    TrainingSpec(optimizer=Optimizer.ADAM, learning_rate=0.1 + 0.2, batch_size=7),
    seed=2**32 - 1,
)


WILD = replace(
    SMALL,
    network=NetworkSpec(
        hidden=(LayerSpec(3, Activation.RELU),), output_activation=Activation.LINEAR
    ),
    training=TrainingSpec(learning_rate=1e9),
)


def trained(experiment=SMALL, steps=101):
    run = Run(experiment)
    run.advance(steps)
    return run


def edited(data, change):
    tree = json.loads(data)
    change(tree)
    return json.dumps(tree).encode()


@pytest.mark.parametrize("name", presets())
def test_every_preset_comes_back_equal(name):
    experiment = presets()[name]
    assert decode_experiment(encode_experiment(experiment)) == (experiment, None)


@pytest.mark.parametrize("optimizer", Optimizer)
def test_a_saved_run_goes_on_bit_for_bit(optimizer):
    experiment = replace(SMALL, training=replace(SMALL.training, optimizer=optimizer))
    run = trained(experiment)
    again = Run(*decode_experiment(encode_experiment(experiment, run.state())))
    run.advance(250)
    again.advance(250)
    assert encode_experiment(experiment, again.state()) == encode_experiment(
        experiment, run.state()
    )


def test_a_shelved_feature_comes_back_with_its_weights():
    run = trained()
    run.apply(replace(SMALL, network=replace(SMALL.network, features=(Feature.X1,))))
    again = Run(*decode_experiment(encode_experiment(run.experiment, run.state())))
    for one in (run, again):
        one.apply(SMALL)
    assert np.array_equal(run.parameters.weights[0], again.parameters.weights[0])


@pytest.mark.parametrize("number", [5e-324, 1e-300, 0.1 + 0.2, 1e300, 1.7976931348623157e308])
def test_every_float_comes_back_to_the_last_bit(number):
    experiment = replace(SMALL, training=replace(SMALL.training, learning_rate=number))
    assert decode_experiment(encode_experiment(experiment))[0] == experiment


def leaves(value, path=()):
    """Every field of the dataclasses and every item of their tuples."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.init:
                yield from leaves(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def test_every_field_is_in_the_file():
    run = trained()
    tree = json.loads(encode_experiment(SMALL, run.state()))
    parts = itertools.chain(leaves(SMALL, ("experiment",)), leaves(run.state(), ("run",)))
    seen = 0
    for path, value in parts:
        node = tree
        for key in path:
            node = node[key]
        if isinstance(value, np.ndarray):
            spelled = node["values"] if isinstance(node, dict) else node
            there = np.array([np.nan if n is None else n for n in spelled])
            assert np.array_equal(there, value.ravel(), equal_nan=True), path
        else:
            assert node == value, path
        seen += 1
    assert seen > 30


@pytest.mark.parametrize(
    "kind", [Activation, DatasetKind, Feature, Loss, Optimizer], ids=lambda kind: kind.__name__
)
def test_every_choice_has_a_name_of_its_own_in_files(kind):
    assert len({member.value for member in kind}) == len(kind)
    assert all(str(member) == member.value for member in kind)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_files_of_every_version_open_for_ever(path):
    experiment, state = load_run(path)
    assert experiment == presets()[path.stem.split("-", 1)[1]]
    if state is not None:
        again = Run(experiment, state)
        again.go_back()
        assert again.step == 123
        assert again.advance(10) == 10


def test_the_corpus_has_files_of_the_version_in_force():
    major, minor = document.VERSION
    assert any(path.name.startswith(f"{major}.{minor}-") for path in CORPUS)


def test_fields_of_a_newer_minor_version_survive_a_save():
    def add(tree):
        tree["version"] = [1, 99]
        tree["author"] = {"name": "Ada", "mail": None}
        tree["experiment"]["network"]["hidden"][0]["dropout"] = 0.5
        tree["run"]["trainer"]["extra"] = [1, 2.5, "three"]

    newer = edited(encode_experiment(SMALL, trained().state()), add)
    read = decode_document(newer)
    assert read.experiment == SMALL
    assert json.loads(encode_document(read)) == json.loads(newer)


def test_saving_over_a_newer_file_keeps_what_it_added(tmp_path):
    path = tmp_path / "a.tinyml"
    add = lambda tree: tree.update(version=[1, 5], lesson="three")  # noqa: E731
    path.write_bytes(edited(encode_experiment(SMALL), add))
    save_experiment(load_experiment(path), path)
    tree = json.loads(path.read_bytes())
    assert tree["lesson"] == "three"
    assert tree["version"] == [1, 5]


def test_an_unknown_field_whose_layer_is_gone_is_dropped():
    add = lambda tree: tree["experiment"]["network"]["hidden"][0].update(new=1)  # noqa: E731
    read = decode_document(edited(encode_experiment(SMALL), add))
    flat = replace(SMALL, network=replace(SMALL.network, hidden=()))
    assert decode_document(encode_document(replace(read, experiment=flat))).experiment == flat


def test_a_field_that_an_older_app_did_not_write_gets_its_default():
    def cut(tree):
        del tree["experiment"]["training"]["batch_size"]

    experiment, _ = decode_experiment(edited(encode_experiment(Experiment()), cut))
    assert experiment == Experiment()


def test_migrations_are_made_step_by_step():
    done = []
    steps = {
        (1, 2): lambda tree: done.append("1.2") or tree,
        (1, 0): lambda tree: done.append("1.0") or tree,
        (2, 0): lambda tree: done.append("2.0") or tree,
    }
    document.migrated({}, (1, 0), (2, 0), steps)
    assert done == ["1.0", "1.2"]
    document.migrated({}, (1, 1), (1, 3), steps)
    assert done == ["1.0", "1.2", "1.2"]


def test_losses_take_at_most_4000_buckets_after_any_number_of_epochs():
    run = Run(replace(SMALL, data=DataSpec(DatasetKind.XOR_TABLE)))
    run.advance(9000)
    rows = run.state().history.rows
    assert len(rows) <= 4000
    assert rows[-1, 0] + run.state().history.count == run.epoch


def test_a_diverged_run_is_saved_and_opens_diverged():
    run = trained(WILD, 500)
    assert run.divergence is not None
    again = Run(*decode_experiment(encode_experiment(WILD, run.state())))
    assert again.divergence == run.divergence
    for one in (run, again):
        one.go_back()
        assert one.divergence is None
    assert encode_experiment(WILD, again.state()) == encode_experiment(WILD, run.state())
    assert again.epoch == run.epoch


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("divergence",), None, "best must be of a run that diverged"),
        (("best", "divergence"), {"epoch": 1, "layer": 0, "message": "Gone."}, "best must be"),
        (("best", "trainer", "parameters"), [1.0], "parameters must be 13 floats"),
    ],
)
def test_a_best_state_that_does_not_fit_is_refused(path, value, message):
    run = trained(WILD, 500)

    def tamper(tree):
        *parents, last = path
        node = tree["run"]
        for key in parents:
            node = node[key]
        node[last] = value

    with pytest.raises(ExperimentFileError, match=message) as refused:
        decode_document(edited(encode_experiment(WILD, run.state()), tamper))
    assert str(refused.value).startswith("run")


def test_a_diverged_run_can_go_back_to_its_best_epoch():
    run = trained(replace(WILD, training=SMALL.training), 300)
    best = run.epoch
    run.apply(WILD)
    run.advance(500)
    assert 0 <= run.divergence.good_epoch <= best
    good = run.divergence.good_epoch
    run.go_back()
    assert run.divergence is None
    assert run.epoch == good
    assert np.isfinite(run.snapshot().train_loss)


def test_what_is_too_large_to_open_is_not_saved(monkeypatch):
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    with pytest.raises(ExperimentFileError, match="too large"):
        encode_document(Document(SMALL))
