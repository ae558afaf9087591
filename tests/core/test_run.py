"""One experiment's network in training."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from playground.core import run as run_module
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
    Speed,
    TrainingSpec,
    presets,
)
from playground.core.files import decode_experiment, encode_experiment
from playground.core.own_data import OwnData, OwnForm
from playground.core.parameters import first_parameters, from_flat, to_flat
from playground.core.run import Run
from playground.core.run_state import check_state

SMALL = Experiment(DataSpec(DatasetKind.MOONS, n_samples=60))


def flat(run):
    return to_flat(run.parameters)


def arrays_of(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from arrays_of(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from arrays_of(getattr(value, field.name))


def numbers_of(snapshot):
    return [array.tobytes() for array in arrays_of(snapshot)]


def test_how_steps_are_cut_changes_nothing():
    whole, cut = Run(SMALL), Run(SMALL)
    whole.advance(1000)
    for n in (1, 2, 300, 7, 690):
        assert cut.advance(n) == n
    assert numbers_of(whole.snapshot()) == numbers_of(cut.snapshot())


def test_a_reset_repeats_the_run_bit_for_bit():
    run = Run(SMALL)
    run.advance(50)
    first = flat(run)
    run.reset()
    assert run.run_id == 2
    assert run.epoch == run.step == 0
    run.advance(50)
    assert np.array_equal(flat(run), first)


def test_every_array_of_a_snapshot_is_read_only():
    run = Run(SMALL)
    run.advance(3)
    for array in arrays_of(run.snapshot()):
        assert not array.flags.writeable


def test_a_snapshot_stays_what_it_was():
    run = Run(SMALL)
    run.advance(3)
    snapshot = run.snapshot()
    before = numbers_of(snapshot)
    run.advance(100)
    assert numbers_of(snapshot) == before


def test_new_learning_rate_is_used_without_losing_the_run():
    run = Run(SMALL)
    run.advance(10)
    weights = flat(run)
    faster = replace(SMALL, training=replace(SMALL.training, learning_rate=0.1))
    run.apply(faster)
    assert np.array_equal(flat(run), weights)
    assert (run.step, run.run_id) == (10, 1)
    assert run.snapshot().experiment.training.learning_rate == 0.1
    run.advance(1)
    slow = Run(SMALL)
    slow.advance(11)
    assert not np.array_equal(flat(run), flat(slow))


def test_other_data_keep_weights_and_counts():
    run = Run(SMALL)
    run.advance(10)
    weights = flat(run)
    run.apply(replace(SMALL, data=DataSpec(DatasetKind.XOR, n_samples=80)))
    snapshot = run.snapshot()
    assert np.array_equal(to_flat(snapshot.parameters), weights)
    assert snapshot.step == 10
    assert len(snapshot.data.y) == 80
    run.advance(100)


def test_a_new_neuron_keeps_the_counts_and_the_loss():
    run = Run(SMALL)
    run.advance(30)
    before = run.snapshot()
    wider = replace(SMALL.network, hidden=(LayerSpec(6), LayerSpec(2)))
    run.apply(replace(SMALL, network=wider))
    after = run.snapshot()
    assert (after.epoch, after.step, after.run_id) == (before.epoch, before.step, before.run_id)
    assert after.train_loss == pytest.approx(before.train_loss, rel=1e-12)
    assert after.history.gradient_norms.shape[1] == 3
    run.advance(30)


def test_a_feature_that_is_switched_off_and_on_changes_nothing():
    run = Run(SMALL)
    run.advance(30)
    weights = flat(run)
    off = replace(SMALL, network=replace(SMALL.network, features=(Feature.X2,)))
    run.apply(off)
    assert len(run.snapshot().parameters.shelf) == 1
    run.apply(SMALL)
    assert np.array_equal(flat(run), weights)


def test_another_seed_begins_a_new_run():
    run = Run(SMALL)
    run.advance(10)
    run.apply(SMALL.with_seed(5))
    assert (run.run_id, run.step) == (2, 0)


def test_edited_weights_are_taken_exactly():
    run = Run(SMALL)
    run.advance(10)
    edited = np.linspace(-1, 1, SMALL.network.n_parameters)
    run.edit(from_flat(edited, SMALL.network))
    snapshot = run.snapshot()
    assert np.array_equal(to_flat(snapshot.parameters), edited)
    assert snapshot.step == 10


def test_an_edit_that_does_not_fit_or_is_not_finite_is_refused():
    run = Run(SMALL)
    before = flat(run)
    other = NetworkSpec(hidden=(LayerSpec(3),))
    with pytest.raises(ValueError, match="shapes"):
        run.edit(from_flat(np.zeros(other.n_parameters), other))
    with pytest.raises(ValueError, match="finite"):
        run.edit(from_flat(np.full(SMALL.network.n_parameters, np.nan), SMALL.network))
    assert np.array_equal(flat(run), before)


DIVERGING = replace(
    SMALL,
    network=NetworkSpec(hidden=(LayerSpec(4), LayerSpec(2)), output_activation=Activation.LINEAR),
    training=TrainingSpec(learning_rate=1e4),
)


def test_divergence_stops_names_the_cause_and_keeps_finite_numbers():
    run = Run(DIVERGING)
    run.advance(5000)
    assert run.divergence is not None
    assert run.step < 5000
    assert "learning rate" in run.divergence.message
    assert f"epoch {run.divergence.epoch}" in run.divergence.message
    assert 0 <= run.divergence.layer < 3
    snapshot = run.snapshot()
    assert snapshot.divergence is run.divergence
    assert np.isfinite(flat(run)).all()
    assert np.isfinite(snapshot.train_loss)
    for array in (snapshot.output_map, *(layer.maps for layer in snapshot.layers)):
        assert np.isfinite(array).all()
    assert run.advance(10) == 0


@pytest.mark.parametrize(
    ("data", "hidden", "rate", "batch_size"),
    [
        # Sums that are no numbers for a test sample only, and for places of the map only.
        (DataSpec(DatasetKind.GAUSS, n_samples=22, seed=770010), Activation.ELU, 17890.06, 16),
        (DataSpec(DatasetKind.SPIRAL, n_samples=48, seed=770242), Activation.RELU, 1233.556, 1),
        (DataSpec(DatasetKind.SPIRAL, n_samples=24, seed=770944), Activation.ELU, 3.43e9, 7),
    ],
)
def test_what_is_kept_after_divergence_gives_numbers_everywhere(data, hidden, rate, batch_size):
    layers = (LayerSpec(4, hidden), LayerSpec(2, hidden))
    training = TrainingSpec(optimizer=Optimizer.ADAMW, learning_rate=rate, batch_size=batch_size)
    run = Run(Experiment(data, NetworkSpec(hidden=layers), training, seed=data.seed))
    for _ in range(500):
        run.advance(10)
        if run.divergence is not None:
            break
    assert run.divergence is not None
    snapshot = run.snapshot()
    layer_maps = [layer.maps for layer in snapshot.layers]
    for shown in (snapshot.output_map, snapshot.losses, snapshot.history.test_loss, *layer_maps):
        assert np.isfinite(shown).all()


def test_after_divergence_a_reset_starts_clean():
    run = Run(DIVERGING)
    run.advance(5000)
    run.reset()
    assert run.divergence is None
    run.apply(SMALL)
    assert run.advance(10) == 10


@pytest.mark.parametrize("edited", [True, False])
def test_a_run_that_is_mended_after_divergence_holds_nothing_of_the_explosion(edited):
    run = Run(DIVERGING)
    run.advance(5000)
    assert run.divergence is not None
    if edited:
        run.edit(first_parameters(DIVERGING.network, DIVERGING.seed))
    calm = replace(DIVERGING.training, learning_rate=1e-3)
    run.apply(replace(DIVERGING, training=calm))
    assert run.divergence is None
    run.advance(5 * run.n_batches)
    assert run.divergence is None
    snapshot = run.snapshot()
    assert snapshot.history.epochs.tolist() == list(range(run.epoch + 1))
    assert snapshot.history.train_loss_high.max() < 10.0


def test_another_speed_forgets_neither_divergence_nor_the_way_back():
    run = Run(DIVERGING)
    first = flat(run)
    run.advance(5000)
    divergence = run.divergence
    run.apply(DIVERGING.with_speed(Speed.BATCH_1))
    assert run.divergence is divergence
    run.go_back()
    assert run.divergence is None
    assert np.array_equal(flat(run), first)
    assert run.experiment.training.speed is Speed.BATCH_1


def test_huge_equal_activations_have_a_histogram():
    network = NetworkSpec(
        hidden=(LayerSpec(2, Activation.RELU),), output_activation=Activation.LINEAR
    )
    experiment = replace(SMALL, network=network)
    run = Run(experiment)
    start = first_parameters(network, 0)
    biases = tuple(np.full_like(b, 1e20) for b in start.biases)
    run.edit(replace(start, weights=tuple(0.0 * w for w in start.weights), biases=biases))
    layer = run.snapshot().layers[0]
    low, high = layer.histogram_range
    assert low < 1e20 < high
    assert layer.histogram.sum(axis=1).tolist() == [run.snapshot().data.n_train] * 2


def test_a_state_taken_right_after_another_layer_fits_it():
    run = Run(SMALL)
    run.advance(3 * run.n_batches)
    deeper = replace(SMALL, network=NetworkSpec(hidden=(*SMALL.network.hidden, LayerSpec(2))))
    run.apply(deeper)
    state = run.state()
    check_state(deeper, state)
    assert flat(Run(deeper, state)).tobytes() == flat(run).tobytes()


@pytest.mark.parametrize("kind", DatasetKind)
def test_every_preset_trains_and_lowers_its_loss(kind):
    run = Run(presets()[kind.value])
    first = run.snapshot().train_loss
    run.advance(60 * run.n_batches)
    assert run.snapshot().train_loss < first


def test_the_spiral_preset_learns_the_spiral():
    accuracies = []
    for seed in range(15):
        run = Run(presets()["spiral"].with_seed(seed))
        run.advance(500 * run.n_batches)
        assert run.epoch == 500
        accuracies.append(run.snapshot(maps=False, output=False).test_accuracy)
    assert accuracies[0] >= 0.95
    assert np.median(accuracies) >= 0.93


def test_the_xor_table_preset_ends_near_its_targets():
    run = Run(presets()["xor-table"])
    run.advance(20_000)
    assert run.snapshot().predictions == pytest.approx([0, 1, 1, 0], abs=0.05)


@pytest.mark.parametrize("loss", [loss for loss in Loss if loss is not Loss.SOFTMAX_CE])
@pytest.mark.parametrize("kind", [DatasetKind.XOR_TABLE, DatasetKind.XOR, DatasetKind.PLANE])
def test_every_loss_works_on_every_kind_of_target(loss, kind):
    experiment = replace(presets()[kind.value], training=TrainingSpec(loss))
    run = Run(experiment)
    run.advance(20)
    snapshot = run.snapshot()
    assert run.divergence is None
    assert np.isfinite(snapshot.predictions).all()


def test_a_live_change_of_loss_on_a_table_changes_the_scale_of_targets_too():
    base = presets()["xor-table"]
    run = Run(base)
    run.advance(3000)
    run.apply(replace(base, training=replace(base.training, loss=Loss.HINGE)))
    run.advance(3000)
    snapshot = run.snapshot()
    assert snapshot.train_accuracy == 1.0
    assert snapshot.data.y.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert snapshot.output_map.min() < 0.0 < snapshot.output_map.max()


def test_optimizers_and_batches_change_while_training():
    run = Run(SMALL)
    for step, optimizer in enumerate(Optimizer):
        training = TrainingSpec(optimizer=optimizer, learning_rate=0.001, batch_size=3 + 5 * step)
        run.apply(replace(SMALL, training=training))
        run.advance(13)
    assert run.step == 13 * len(Optimizer)
    assert run.snapshot().history.epochs[-1] == run.epoch


def test_steps_cut_between_blocks_of_samples_change_nothing():
    training = TrainingSpec(batch_size=150)
    experiment = Experiment(data=DataSpec(n_samples=400), training=training)
    whole, part = Run(experiment), Run(experiment)
    whole.advance(12)
    made = calls = 0
    while made < 12:
        made += part.advance(12 - made, 1)
        calls += 1
    assert calls > 12
    assert to_flat(part.parameters).tobytes() == to_flat(whole.parameters).tobytes()
    assert (
        part.snapshot().history.train_loss.tobytes()
        == whole.snapshot().history.train_loss.tobytes()
    )


@pytest.mark.parametrize("optimizer", [Optimizer.ADAM, Optimizer.RMSPROP, Optimizer.ADAGRAD])
def test_an_infinite_moment_is_divergence_although_the_weights_are_finite(optimizer):
    x = np.linspace(-1e80, 1e80, 40)
    own = OwnData(x[:, None], 3.0 * x, ("x",), "y", (), OwnForm.FILE)
    training = TrainingSpec(Loss.MSE, optimizer=optimizer, learning_rate=0.01, batch_size=40)
    bare = Experiment(training=training, network=NetworkSpec((Feature.X1,), ()))
    run = Run(bare.with_data(DataSpec(own=own)))
    run.advance(1)
    assert run.divergence is not None
    encode_experiment(run.experiment, run.state())


def test_half_a_step_that_is_not_finite_can_be_saved_and_diverges_when_it_goes_on():
    own = OwnData(np.full((300, 1), 1e100), np.zeros(300), ("x",), "y", (), OwnForm.FILE)
    training = TrainingSpec(Loss.MSE, learning_rate=0.01, batch_size=300)
    bare = Experiment(training=training, network=NetworkSpec((Feature.X1,), ()))
    run = Run(bare.with_data(DataSpec(own=own, train_share=0.9)))
    first = run.parameters
    run.edit(replace(first, weights=tuple(np.full_like(w, 1e200) for w in first.weights)))
    assert run.advance(1, 1) == 0
    assert run.divergence is None
    content = encode_experiment(run.experiment, run.state())
    again = Run(run.experiment, decode_experiment(content)[1])
    for one in (run, again):
        one.advance(1)
        assert one.divergence is not None
    assert to_flat(again.parameters).tobytes() == to_flat(run.parameters).tobytes()
    assert again.step == run.step == 0


def test_memory_that_runs_out_amid_a_change_leaves_the_run_as_it_was(monkeypatch):
    run, twin = Run(SMALL), Run(SMALL)
    for one in (run, twin):
        one.advance(20)

    make_sights = run_module.Sights

    def fail_once(*given):
        monkeypatch.setattr(run_module, "Sights", make_sights)
        raise MemoryError

    wider = replace(SMALL, network=replace(SMALL.network, hidden=(LayerSpec(7), LayerSpec(7))))
    noisier = replace(SMALL, data=replace(SMALL.data, noise=0.4))
    adam = TrainingSpec(Loss.HUBER, optimizer=Optimizer.ADAM, batch_size=7)
    live = replace(noisier, training=adam)
    for change in (live, SMALL.with_seed(4), wider, presets()["xor-table"]):
        for act in (run.apply, run.open):
            monkeypatch.setattr(run_module, "Sights", fail_once)
            with pytest.raises(MemoryError):
                act(change)
            assert run.experiment == SMALL
    for one in (run, twin):
        one.advance(20)
    assert encode_experiment(SMALL, run.state()) == encode_experiment(SMALL, twin.state())


@pytest.mark.parametrize("weight", [1e308, -1e308, 1e-308, 5e-324])
def test_activations_of_any_size_have_a_histogram(weight):
    linear = replace(SMALL, network=NetworkSpec(hidden=(LayerSpec(2, Activation.LINEAR),) * 2))
    run = Run(linear)
    start = first_parameters(linear.network, 0)
    first = np.full_like(start.weights[0], weight)
    run.edit(replace(start, weights=(first, *start.weights[1:])))
    for layer in run.snapshot().layers:
        assert np.isfinite(layer.histogram_range).all()
        assert layer.histogram_range[0] < layer.histogram_range[1]
        assert layer.histogram.sum(axis=1).tolist() == [run.snapshot().data.n_train] * len(
            layer.biases
        )
