"""From a `DataSpec` to samples."""

from dataclasses import replace

import numpy as np
import pytest

from playground.core.data import make_data, trained_targets
from playground.core.experiment import DatasetKind, DataSpec, Loss, Problem


@pytest.mark.parametrize("kind", DatasetKind)
def test_every_kind_makes_frozen_finite_samples_inside_its_square(kind):
    data = make_data(DataSpec(kind, n_samples=200))
    assert not data.x.flags.writeable
    assert not data.y.flags.writeable
    assert data.x.shape == (len(data.y), 1 if kind.is_curve else 2)
    assert np.isfinite(data.x).all()
    assert np.isfinite(data.y).all()
    inside = (data.x >= data.low) & (data.x <= data.high)
    assert inside.all()


@pytest.mark.parametrize("kind", DatasetKind)
def test_targets_are_signs_for_classes_and_bits_in_tables(kind):
    data = make_data(DataSpec(kind))
    values = set(data.y.tolist())
    if kind.is_table:
        assert values == {0.0, 1.0}
        assert data.n_train == len(data.y) == 4
    elif kind.problem is Problem.CLASSIFICATION:
        assert values == {-1.0, 1.0}


def test_the_train_share_decides_how_many_rows_are_trained_on():
    spec = DataSpec(DatasetKind.SPIRAL, n_samples=500, train_share=0.7)
    assert make_data(spec).n_train == 350


def test_the_train_share_does_not_move_the_samples():
    spec = DataSpec(DatasetKind.MOONS, train_share=0.2)
    other = make_data(replace(spec, train_share=0.8))
    assert np.array_equal(make_data(spec).x, other.x)


def test_losses_on_signs_see_a_table_as_signs():
    spec = DataSpec(DatasetKind.XOR_TABLE)
    data = make_data(spec)
    assert trained_targets(spec, data, Loss.MSE).tolist() == [0.0, 1.0, 1.0, 0.0]
    for loss in (Loss.BCE_LOGITS, Loss.HINGE):
        assert trained_targets(spec, data, loss).tolist() == [-1.0, 1.0, 1.0, -1.0]
