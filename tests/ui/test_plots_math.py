"""Contours, thinning, ticks and label placing, against what can be known without a picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.ui.contours import zero_contour
from playground.ui.decimation import (
    decimate,
    finite_points,
    for_log_scale,
    log_foot,
    smooth_geometric,
)
from playground.ui.ticks import (
    dense_power_text,
    linear_ticks,
    log_ticks,
    plain_text,
    power_text,
    snap_log_range,
    spread,
)


def grid(n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(-6, 6, n)
    return np.meshgrid(axis, axis)


def test_contour_of_a_paraboloid_is_its_circle() -> None:
    x1, x2 = grid()
    x, y = zero_contour((x1**2 + x2**2 - 9).astype(np.float32), -6, 6)
    assert np.abs(np.hypot(x, y) - 3).max() < 2e-3
    length = np.hypot(x[1::2] - x[::2], y[1::2] - y[::2]).sum()
    assert length == pytest.approx(2 * np.pi * 3, rel=1e-3)


def test_contour_of_a_plane_is_exact() -> None:
    x1, x2 = grid(40)
    x, y = zero_contour(x1 + 2 * x2 - 0.7, -6, 6)
    assert np.abs(x + 2 * y - 0.7).max() < 1e-12
    assert x.min() == pytest.approx(-6)
    assert x.max() == pytest.approx(6)


def test_contour_segments_form_closed_curves_inside_the_map() -> None:
    x1, x2 = grid(60)
    x, y = zero_contour(np.cos(2 * x1) + np.cos(2 * x2) - 1.1, -6, 6)
    inside = (np.abs(x) < 5.99) & (np.abs(y) < 5.99)
    ends = np.round(np.column_stack((x, y))[inside], 9)
    _, counts = np.unique(ends, axis=0, return_counts=True)
    assert set(counts) == {2}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("high", [1.5, 5.0])
def test_saddles_are_cut_by_the_sign_of_their_middle(sign: int, high: float) -> None:
    x, y = zero_contour(sign * np.array([[1.0, -2.0], [-2.0, high]]), 0, 1)
    falling = (x[1::2] - x[::2]) * (y[1::2] - y[::2]) < 0
    positive_corners_joined = 1 - 4 + high > 0
    assert falling.tolist() == [not positive_corners_joined] * 2


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0])
def test_a_constant_field_has_no_contour(level: float) -> None:
    x, y = zero_contour(np.full((5, 5), level), 0, 1)
    assert x.size == y.size == 0


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=600),
    st.integers(1, 60),
)
def test_thinning_keeps_the_extrema_the_ends_and_the_order(values: list[float], n: int) -> None:
    y = np.array(values)
    x = np.arange(len(y)) * 1.0
    kept_x, kept_y = decimate(x, y, n)
    assert len(kept_x) <= max(2 * n + 2, 1)
    assert (np.diff(kept_x) > 0).all()
    assert kept_y.min() == y.min()
    assert kept_y.max() == y.max()
    assert (kept_x[0], kept_x[-1]) == (x[0], x[-1])
    assert np.array_equal(kept_y, y[kept_x.astype(int)])


def test_a_spike_of_one_epoch_in_a_million_survives() -> None:
    y = np.ones(1_000_000)
    y[654_321] = 50.0
    x, kept = decimate(np.arange(1e6), y, 336)
    assert x[kept.argmax()] == 654_321


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.5, 9.1e-14, 3e-200], [0.5, 9.1e-14, 3e-200]),
        ([0.5, 0.0, 1e-3], [0.5, 1e-12, 1e-3]),
        ([0.5, 0.0, 1e-15], [0.5, 1e-15, 1e-15]),
        ([0.0, 5e-324], [1e-300, 1e-300]),
        ([], []),
    ],
)
def test_a_logarithmic_scale_shows_what_is_positive_as_it_is(
    values: list[float], shown: list[float]
) -> None:
    there = np.array(values)
    assert for_log_scale(there, log_foot(there)).tolist() == shown


def test_curves_of_one_plot_have_a_common_foot() -> None:
    curves = np.array([1.0, 0.0]), np.array([1e-20, np.nan]), np.zeros(0)
    assert log_foot(*curves) == 1e-20
    assert for_log_scale(curves[0], log_foot(*curves)).tolist() == [1.0, 1e-20]


def test_nothing_that_is_not_finite_passes_the_gate() -> None:
    x, y = finite_points(np.array([0.0, 1, 2, np.nan, 4]), np.array([1.0, np.nan, np.inf, 1, 2]))
    assert x.tolist() == [0, 4]
    assert y.tolist() == [1, 2]


def test_geometric_smoothing_keeps_constants_and_averages_logarithms() -> None:
    assert smooth_geometric(np.full(20, 3.0), 9) == pytest.approx(np.full(20, 3.0))
    smoothed = smooth_geometric(np.array([1.0, 100.0, 1.0]), 3)
    assert smoothed[1] == pytest.approx(100 ** (1 / 3))


def test_ticks_are_few_and_round() -> None:
    assert linear_ticks(0, 400, 3) == [0, 200, 400]
    assert linear_ticks(0, 58, 3) == [0, 20, 40]
    assert log_ticks(0.005, 1.0, 4) == pytest.approx([0.01, 0.1, 1])
    assert log_ticks(0.2, 0.9, 4) == pytest.approx([0.2, 0.5])
    assert len(log_ticks(1e-12, 1, 5)) <= 5
    assert snap_log_range(0.0115, 0.78) == pytest.approx((0.005, 1.0))


def test_ticks_are_written_as_in_print() -> None:
    assert [power_text(10.0**k) for k in (-4, -2, 0, 3, 4)] == ["10⁻⁴", "0.01", "1", "1000", "10⁴"]
    assert [dense_power_text(10.0**k) for k in (0, -1, -2, -3)] == ["1", ".1", ".01", "10⁻³"]
    assert plain_text(-3.0, 3.0) == "−3"
    assert plain_text(12_000, 2000) == "12\u2009000"
    assert plain_text(0.5, 0.5) == "0.5"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_labels_keep_their_distance_and_order(wanted: list[float]) -> None:
    placed = spread(wanted, 11, 0, 100)
    order = np.argsort(wanted, kind="stable")
    assert (np.diff(np.array(placed)[order]) >= 11 - 1e-6).all()
    assert min(placed) >= -1e-6
    assert max(placed) <= 100 + 1e-6
