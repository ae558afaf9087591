"""Bounded series over epochs."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.core.history import CAPACITY, LONGEST, History, HistoryState, Point


def point(epoch, n_layers=2):
    return Point(float(epoch), 0.5, (float(epoch),) * n_layers)


def loss(epoch):
    return 1.0 / (1.0 + epoch)


def filled(n_epochs, chunk=10**9):
    history = History(loss(0), point(0))
    while history.epoch < n_epochs:
        n = min(chunk, history.epochs_until_due, n_epochs - history.epoch)
        history.extend([loss(history.epoch + 1 + k) for k in range(n)])
        if history.epochs_until_due == 0:
            history.close(point(history.epoch))
    return history


def test_the_first_point_is_before_training():
    view = filled(0).view(point(0))
    assert view.epochs.tolist() == [0.0]
    assert view.train_loss.tolist() == [1.0]


def test_a_short_run_has_a_point_per_epoch():
    view = filled(20).view(point(20))
    assert view.epochs.tolist() == list(range(21))
    assert view.train_loss.tolist() == [loss(e) for e in range(21)]
    assert view.test_loss.tolist() == list(range(21))
    assert view.gradient_norms.shape == (21, 2)


@given(st.integers(0, 20_000), st.integers(1, 500))
@settings(max_examples=25, deadline=None)
def test_it_depends_on_epochs_alone_and_stays_bounded(n_epochs, chunk):
    view = filled(n_epochs, chunk).view(point(n_epochs))
    other = filled(n_epochs).view(point(n_epochs))
    assert len(view.epochs) <= CAPACITY + 1
    assert view.epochs[-1] == n_epochs
    assert (np.diff(view.epochs) > 0).all()
    for name in ("epochs", "train_loss", "test_loss", "train_loss_low", "train_loss_high"):
        assert np.array_equal(getattr(view, name), getattr(other, name))


def test_buckets_keep_minimum_mean_and_maximum():
    history = filled(2 * CAPACITY)
    view = history.view(point(2 * CAPACITY))
    assert history.size == 4
    assert view.epochs[:3].tolist() == [0.0, 4.0, 8.0]
    first = [loss(e) for e in (1, 2, 3, 4)]
    assert view.train_loss[1] == pytest.approx(np.mean(first), rel=1e-15)
    assert view.train_loss_low[1] == min(first)
    assert view.train_loss_high[1] == max(first)
    assert view.test_loss[1] == 4.0


def test_an_unfinished_bucket_is_shown_with_what_is_known_now():
    history = filled(CAPACITY)
    history.extend([9.0])
    view = history.view(point(77))
    assert view.epochs[-1] == CAPACITY + 1
    assert view.train_loss[-1] == 9.0
    assert view.test_loss[-1] == 77.0


def test_layers_that_come_later_have_curves_from_then_on():
    history = filled(3)
    view = history.view(point(3, n_layers=4))
    assert view.gradient_norms.shape == (4, 4)
    assert all(isnan(x) for x in view.gradient_norms[1])
    history.extend([0.1])
    history.close(point(4, n_layers=4))
    assert history.view(point(4, n_layers=4)).gradient_norms[-1].tolist() == [4.0] * 4


def test_more_losses_than_the_open_bucket_holds_are_refused():
    with pytest.raises(ValueError, match="only 1 epochs fit, got 2"):
        filled(5).extend([0.1, 0.1])


def test_views_are_read_only():
    view = filled(5).view(point(5))
    for array in (view.epochs, view.train_loss, view.gradient_norms):
        assert not array.flags.writeable


@pytest.mark.parametrize("n_epochs", [0, 3, 1030, 2100])
def test_a_history_goes_on_from_its_state(n_epochs):
    history = filled(n_epochs)
    again = History.from_state(history.state())
    for one in (history, again):
        n = one.epochs_until_due
        one.extend([loss(one.epoch + 1 + k) for k in range(n)])
        one.close(point(one.epoch))
    assert again.size == history.size
    for name in ("epochs", "train_loss", "test_loss", "train_loss_low", "train_loss_high"):
        one, other = history.view(point(0)), again.view(point(0))
        assert np.array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("n_buckets", [511, 512, 513, 600, 1023, 1024])
def test_a_longer_history_of_a_file_is_joined_until_it_fits(n_buckets):
    epochs = np.arange(n_buckets + 1.0)
    losses = 1.0 / (1.0 + epochs)
    columns = [epochs, np.ones_like(epochs), losses, losses, losses, epochs, epochs, epochs]
    state = HistoryState(np.stack(columns, axis=1), 1, 0, 0.0, 0.0, 0.0)
    state.check(1, n_buckets)
    history = History.from_state(state)
    assert history.epoch == n_buckets
    while history.epoch < 1100:
        history.extend([loss(history.epoch + 1)])
        if history.epochs_until_due == 0:
            history.close(point(history.epoch, 1))
    expected, view = filled(1100).view(point(1100)), history.view(point(1100, 1))
    for name in ("epochs", "train_loss_low", "train_loss_high"):
        assert np.array_equal(getattr(view, name), getattr(expected, name))
    # The sums of an odd bucket were taken in another order.
    assert view.train_loss == pytest.approx(expected.train_loss, rel=1e-15)


def test_a_longer_history_of_a_file_takes_another_layer():
    epochs = np.arange(1003.0)
    columns = [epochs, np.ones_like(epochs), *[1.0 / (1.0 + epochs)] * 3, epochs, epochs, epochs]
    history = History.from_state(HistoryState(np.stack(columns, axis=1), 1, 0, 0.0, 0.0, 0.0))
    history.fit(2)
    assert history.view(point(1002, 2)).gradient_norms.shape[1] == 2


def spoilt(state, row, column, value):
    rows = state.rows.copy()
    rows[row, column] = value
    return replace(state, rows=rows)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda s: replace(s, rows=np.zeros((LONGEST + 2, 9))), "at most"),
        (lambda s: replace(s, rows=np.zeros((3, 8))), "columns"),
        (lambda s: replace(s, rows=np.zeros(9)), "columns"),
        (lambda s: spoilt(s, 5, 2, np.nan), "finite losses"),
        (lambda s: spoilt(s, 5, 0, 1), "without a gap"),
        (lambda s: spoilt(s, 0, 0, 1), "without a gap"),
        (lambda s: spoilt(s, 0, 1, 0), "without a gap"),
        (lambda s: replace(s, count=s.size), "must end at epoch 1031"),
        (lambda s: replace(s, count=-1), "must end at epoch"),
        (lambda s: replace(s, size=2**62), "must end at epoch"),
        (lambda s: replace(s, low=2.0, high=1.0), "low must not be above"),
    ],
)
def test_a_state_that_no_run_has_is_refused(spoil, message):
    state = filled(1031).state()
    state.check(2, 1031)
    with pytest.raises(ValueError, match=message):
        spoil(state).check(2, 1031)
