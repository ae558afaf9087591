"""Own samples as values, and experiments that train on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from playground.core.data import make_data, train_roles, trained_targets
from playground.core.experiment import (
    Activation,
    DatasetKind,
    DataSpec,
    Experiment,
    Feature,
    Loss,
    OwnData,
    OwnForm,
    Problem,
    available_features,
    presets,
)
from playground.core.run import Run
from playground.core.snapshot import OUTPUT_GRID


def drawn(*classes: float, n_classes: int = 2) -> OwnData:
    """Points in a row, of the given classes."""
    x = np.column_stack((np.arange(len(classes)) - 2.0, np.ones(len(classes))))
    names = ("+1", "−1") if n_classes == 2 else tuple("12345"[:n_classes])
    return OwnData(x, np.array(classes), class_names=names)


def with_own(own: OwnData, **changes: object) -> Experiment:
    """The first experiment on own data."""
    return Experiment().with_data(replace(DataSpec(train_share=1.0), own=own, **changes))


def wide(n: int = 40, d: int = 5) -> OwnData:
    """Samples of several inputs whose class is the sign of the third."""
    x = np.random.default_rng(0).normal(size=(n, d))
    names = tuple(f"column {k}" for k in range(d))
    return OwnData(x, (x[:, 2] < 0) * 1.0, names, "sign", ("yes", "no"), OwnForm.FILE)


def test_own_data_compare_and_hash_by_value():
    one, same, other = drawn(0, 1), drawn(0, 1), drawn(1, 0)
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert replace(one, title="mine") != one
    assert DataSpec(own=one) == DataSpec(own=same)
    minus = OwnData(np.array([[-0.0, 0.0]]), np.array([-0.0]))
    assert minus == OwnData(np.zeros((1, 2)), np.zeros(1))
    assert hash(minus) == hash(OwnData(np.zeros((1, 2)), np.zeros(1)))


def test_own_data_are_read_only_copies():
    x = np.zeros((3, 2))
    own = OwnData(x, np.zeros(3))
    x[0, 0] = 5.0
    assert own.x[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        own.x[0, 0] = 1.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: OwnData(np.zeros(3), np.zeros(3)), "x must be"),
        (lambda: OwnData(np.zeros((3, 2)), np.zeros(2)), "x must be"),
        (lambda: OwnData(np.full((3, 2), np.nan), np.zeros(3)), "finite"),
        (lambda: OwnData(np.full((3, 2), 1e101), np.zeros(3)), "1e100"),
        (lambda: OwnData(np.zeros((20_001, 2)), np.zeros(20_001)), "20000 rows"),
        (lambda: OwnData(np.zeros((1, 17)), np.zeros(1), tuple("x" * 17)), "1 to 16 inputs"),
        (lambda: OwnData(np.zeros((1, 2)), np.zeros(1), ("a",)), "2 inputs"),
        (lambda: OwnData(np.zeros((1, 1)), np.zeros(1), ("a" * 65,)), "64 characters"),
        (lambda: drawn(0, 2), "classes must be numbers"),
        (lambda: drawn(0, 0.5), "classes must be numbers"),
        (lambda: replace(drawn(0), class_names=("a",)), "2 to 5 classes"),
        (lambda: replace(drawn(0), scaling=((0.0, 1.0),)), "all 2 inputs"),
        (lambda: replace(drawn(0), target_scaling=(0.0, 0.0)), "scale must be positive"),
    ],
)
def test_what_cannot_be_own_data_says_why(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_the_first_of_two_classes_is_plus_one():
    data = make_data(DataSpec(own=drawn(0, 1, 1), train_share=1.0))
    assert data.y.tolist() == [1.0, -1.0, -1.0]
    assert data.class_names == ("+1", "−1")


def test_three_classes_are_one_hot_for_the_loss():
    spec = DataSpec(own=drawn(0, 1, 2, n_classes=3), train_share=1.0)
    data = make_data(spec)
    assert data.y.tolist() == [0.0, 1.0, 2.0]
    assert trained_targets(spec, data, Loss.SOFTMAX_CE).tolist() == np.eye(3).tolist()


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("seed", [0, 1, 99])
def test_roles_are_close_to_the_share_and_stay_when_a_point_is_added(share, seed):
    for n in (1, 5, 40, 300):
        roles = train_roles(n, share, seed)
        assert roles.any()
        assert abs(roles.sum() - n * share) <= 2
        if train_roles(n - 1, share, seed).any() and roles[:-1].any():
            assert (train_roles(n + 1, share, seed)[:n] == roles).all()


def test_a_greater_share_only_moves_samples_to_training():
    few, more = train_roles(100, 0.3, 4), train_roles(100, 0.6, 4)
    assert (more | ~few).all()


def test_drawing_a_third_class_makes_three_outputs_and_erasing_it_one_again():
    two = with_own(drawn(0, 1))
    three = two.with_data(replace(two.data, own=drawn(0, 1, 2, n_classes=3)))
    assert three.network.n_outputs == 3
    assert three.training.loss is Loss.SOFTMAX_CE
    assert three.network.output_activation is Activation.LINEAR
    again = three.with_data(replace(three.data, own=drawn(0, 1)))
    assert (again.network.n_outputs, again.training.loss) == (1, Loss.MSE)
    run = Run(two)
    run.advance(5)
    run.apply(three)
    run.advance(5)
    assert run.snapshot().class_maps.shape == (3, OUTPUT_GRID, OUTPUT_GRID)
    run.apply(again)
    run.advance(5)
    assert run.snapshot().class_maps.shape[0] == 0


def test_an_experiment_whose_network_does_not_fit_its_data_is_refused():
    with pytest.raises(ValueError, match="need 3 outputs"):
        Experiment(DataSpec(DatasetKind.RINGS))
    with pytest.raises(ValueError, match="have 1 inputs"):
        Experiment(DataSpec(DatasetKind.SINE))
    with pytest.raises(ValueError, match="softmax_ce does not go with 1 outputs"):
        replace(Experiment(), training=replace(Experiment().training, loss=Loss.SOFTMAX_CE))


@pytest.mark.parametrize("name", ["rings", "blobs"])
def test_several_classes_are_learnt(name):
    run = Run(presets()[name])
    run.advance(4000)
    snapshot = run.snapshot()
    assert snapshot.train_accuracy is not None
    assert snapshot.train_accuracy > 0.97
    assert set(snapshot.predictions.tolist()) == {0.0, 1.0, 2.0}
    assert snapshot.class_maps.sum(axis=0) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("kind", [k for k in DatasetKind if k.is_curve])
def test_curves_are_learnt_from_one_input(kind):
    run = Run(presets()[kind.value])
    run.advance(8000)
    snapshot = run.snapshot()
    assert snapshot.train_loss < 0.03
    assert (snapshot.output_map == snapshot.output_map[0]).all()
    assert snapshot.train_accuracy is None


def test_more_than_two_inputs_are_features_as_they_are():
    experiment = with_own(wide())
    assert experiment.network.features == available_features(5)
    assert experiment.network.features[2] is Feature.X3
    run = Run(experiment)
    run.advance(400)
    assert run.snapshot().train_accuracy == 1.0


def test_a_map_shows_two_inputs_and_holds_the_others():
    run = Run(with_own(wide()))
    run.advance(400)
    blind = run.snapshot()
    seen = replace(run.experiment, data=replace(run.experiment.data, shown=(2, 0)))
    run.apply(seen)
    after = run.snapshot()
    assert after.step == blind.step, "what is shown does not touch the training"
    assert after.parameters.weights[0].tolist() == blind.parameters.weights[0].tolist()
    assert after.output_map[:, :40].mean() < -0.5 < 0.5 < after.output_map[:, -40:].mean()
    run.apply(replace(blind.experiment, data=replace(blind.experiment.data, held=((2, 2.0),))))
    assert run.snapshot().output_map.mean() < -0.5 or run.snapshot().output_map.mean() > 0.5


def test_without_samples_nothing_is_trained_until_there_are_some():
    empty = with_own(OwnData(np.zeros((0, 2)), np.zeros(0), class_names=("+1", "−1")))
    run = Run(empty)
    assert run.advance(50) == 0
    snapshot = run.snapshot()
    assert (snapshot.epoch, len(snapshot.data.y)) == (0, 0)
    assert np.isnan(snapshot.train_loss)
    assert snapshot.test_loss is None
    run.apply(empty.with_data(replace(empty.data, own=drawn(0, 1))))
    assert run.advance(50) == 50
    assert np.isfinite(run.snapshot().train_loss)


def test_a_table_with_other_targets_is_a_regression_that_keeps_its_weights():
    base = presets()["xor-table"]
    x = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    logical = OwnData(x, np.array([0.0, 1, 1, 1]), form=OwnForm.TABLE)
    run = Run(base)
    run.advance(100)
    edited = base.with_data(replace(base.data, own=logical))
    assert (edited.data.problem, edited.data.is_logical) == (Problem.CLASSIFICATION, True)
    run.apply(edited)
    assert run.step == 100
    real = edited.with_data(
        replace(edited.data, own=replace(logical, y=np.array([0.0, 0.5, 1, 1])))
    )
    assert real.data.problem is Problem.REGRESSION
    assert real.network == base.network
    run.apply(real)
    assert run.step == 100
    assert run.snapshot().train_accuracy is None


def test_balance_draws_the_share_of_the_first_class_and_keeps_the_points():
    spec = DataSpec(DatasetKind.MOONS, 400, balance=0.2)
    assert (make_data(spec).y > 0).mean() == pytest.approx(0.2)
    for kind in (DatasetKind.XOR, DatasetKind.CHECKERBOARD, DatasetKind.CIRCLE):
        for share in (0.1, 0.7, 0.9):
            drawn_share = (make_data(DataSpec(kind, 400, balance=share)).y > 0).mean()
            assert drawn_share == pytest.approx(share, abs=0.003)
    calm = make_data(replace(spec, noise=0.0))
    loud = make_data(replace(spec, noise=0.2))
    assert (calm.y == loud.y).all()
    assert not np.allclose(calm.x, loud.x)


@pytest.mark.parametrize("value", [0.0, 3.0, 1e17, -1e17, 1e100])
def test_a_constant_input_has_a_map_whatever_its_size(value):
    own = OwnData(np.full((30, 1), value), np.arange(30.0), ("x",), "y", (), OwnForm.FILE)
    data = make_data(DataSpec(own=own))
    assert -np.inf < data.low < value < data.high < np.inf
