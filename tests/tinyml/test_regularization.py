"""Penalties, the stop at zero, and the dropout mask, plain and compiled."""

import itertools
import math
import types

import numba
import pytest

from tinyml import regularization as reg

MASKS = ["5e523416655471b2", "27062db76cbdf407", "109b590789f906dd"]
"""Which of 64 neurons are kept, neuron 0 last; found with the 32-bit integers of NumPy."""


def test_penalties_and_their_slopes():
    assert [reg.penalty(k, -3.0) for k in (reg.NONE, reg.L1, reg.L2)] == [0.0, 3.0, 4.5]
    assert [reg.penalty_slope(k, -3.0) for k in (reg.NONE, reg.L1, reg.L2)] == [0.0, -1.0, -3.0]
    assert [reg.penalty_slope(k, 0.0) for k in (reg.NONE, reg.L1, reg.L2)] == [0.0, 0.0, 0.0]
    assert reg.PENALTIES.index("l1") == reg.L1
    assert reg.PENALTIES.index("l2") == reg.L2


@pytest.mark.parametrize(
    ("unpenalised", "penalised", "result"),
    [
        (0.1, 0.05, 0.05),
        (0.1, -0.05, 0.0),
        (-0.1, 0.05, 0.0),
        (-0.1, -0.05, -0.05),
        (0.0, -0.05, -0.05),
        (0.0, 0.05, 0.05),
        (0.1, 0.0, 0.0),
        (0.1, -0.0, -0.0),
        (-0.1, -0.0, -0.0),
        (1e-300, -1e-300, 0.0),
    ],
)
def test_only_the_penalty_stops_a_weight_at_zero(unpenalised, penalised, result):
    stopped = reg.stopped_at_zero(unpenalised, penalised)
    assert stopped == result
    assert math.copysign(1.0, stopped) == math.copysign(1.0, result)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_keeps_its_share_and_the_mean(rate):
    factors = [reg.dropout_factor(rate, 1, step, 3, k) for step in range(100) for k in range(100)]
    assert set(factors) == {0.0, 1.0 / (1.0 - rate)}
    spread = 4.0 * (rate / (1.0 - rate) / 10_000) ** 0.5
    assert sum(factors) / 10_000 == pytest.approx(1.0, abs=spread)


def test_no_dropout_is_a_factor_of_one():
    assert {reg.dropout_factor(0.0, 0, s, s, s) for s in range(1000)} == {1.0}


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_every_part_of_the_address_changes_the_mask(place):
    def mask(value):
        address = [0.5, 5, 6, 7, 8]
        address[place] = value
        return address

    varied = [reg.dropout_factor(*mask(v)) for v in range(4000)]
    assert sum(varied) / 4000 == pytest.approx(1.0, abs=0.07)
    pairs = sum(a == b for a, b in itertools.pairwise(varied)) / 3999
    assert pairs == pytest.approx(0.5, abs=0.04)


def test_a_mask_is_the_same_everywhere_and_for_good():
    def mask(seed, step):
        kept = [reg.dropout_factor(0.5, seed, step, 2, k) > 0.0 for k in range(64)]
        return f"{sum(bit << k for k, bit in enumerate(kept)):016x}"

    assert [mask(1, 0), mask(1, 1), mask(2**31, 10**9)] == MASKS


def test_compiled_functions_give_the_same_bits():
    mixed = numba.njit(reg._mixed)
    source = {"_mixed": mixed}
    compiled = numba.njit(_rebound(reg.dropout_factor, source))
    addresses = [(0.3, 2**32 - 1, k * 77_777_777, k * k, 12 * k) for k in range(500)]
    assert [compiled(*a) for a in addresses] == [reg.dropout_factor(*a) for a in addresses]
    stop = numba.njit(reg.stopped_at_zero)
    for pair in ((0.1, -0.1), (-0.1, 0.2), (0.5, 0.25)):
        assert stop(*pair) == reg.stopped_at_zero(*pair)


def _rebound(function, names):
    return types.FunctionType(function.__code__, {**function.__globals__, **names})
