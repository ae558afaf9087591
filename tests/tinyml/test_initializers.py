"""First weights: distributions, scales, and the same bits everywhere."""

import hashlib
import math
import os
import statistics
import subprocess
import sys

import numpy as np
import pytest

from tinyml import INITIALIZERS, MLP
from tinyml.initializers import draw_weights, normal, uniforms

UNIFORM_LIMIT = {
    "xavier_uniform": math.sqrt(6.0 / 72),
    "he_uniform": math.sqrt(6.0 / 40),
    "tf_playground": 0.5,
    "micrograd": 1.0,
    "too_small": 0.01 * math.sqrt(6.0 / 72),
    "too_large": 10.0 * math.sqrt(6.0 / 72),
}


def drawn(name):
    return draw_weights(name, 32, 40, uniforms(1))


@pytest.mark.parametrize("name", UNIFORM_LIMIT)
def test_uniform_weights_fill_their_interval_evenly(name):
    weights, limit = drawn(name)[0].ravel(), UNIFORM_LIMIT[name]
    assert abs(weights).max() <= limit
    assert abs(weights).max() > 0.99 * limit
    counts = np.histogram(weights, 8, (-limit, limit))[0]
    assert ((counts - 160.0) ** 2 / 160.0).sum() < 24.3  # χ², 7 degrees of freedom, p = 0.001


@pytest.mark.parametrize(
    ("name", "deviation"),
    [("xavier_normal", math.sqrt(2.0 / 72)), ("he_normal", math.sqrt(2.0 / 40))],
)
def test_normal_weights_have_their_deviation(name, deviation):
    weights = drawn(name)[0].ravel() / deviation
    assert abs(weights.mean()) < 3.3 / math.sqrt(weights.size)
    assert abs(weights.var() - 1.0) < 3.3 * math.sqrt(2.0 / weights.size)


def test_the_seeds_weights_are_from_zero_to_one():
    weights, biases = drawn("seed")
    assert weights.min() >= 0.0
    assert weights.max() < 1.0
    assert weights.mean() == pytest.approx(0.5, abs=0.03)
    assert not biases.any()


def test_zeros_are_zeros_without_a_sign():
    weights, biases = drawn("zeros")
    assert not weights.any()
    assert not np.signbit(weights).any()
    assert not biases.any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_are_zero_except_the_playgrounds(name):
    assert set(drawn(name)[1].tolist()) == {0.1 if name == "tf_playground" else 0.0}


def test_normal_numbers_are_normal():
    draws = uniforms(7)
    numbers = [normal(draws) for _ in range(20_000)]
    dist = statistics.NormalDist()
    numbers.sort()
    gap = max(abs(dist.cdf(x) - k / 20_000) for k, x in enumerate(numbers))
    assert gap < 1.95 / math.sqrt(20_000)  # Kolmogorov and Smirnov, p = 0.001


def test_streams_of_a_seed_are_different_and_repeatable():
    def first(*entropy):
        stream = uniforms(*entropy)
        return [next(stream) for _ in range(5)]

    assert first(1, 2) == first(1, 2)
    assert len({tuple(first(*e)) for e in ((1,), (1, 2), (1, 3), (2, 2), (1, 2, 0))}) == 5


def test_uniform_numbers_are_the_generators_raw_bits():
    bits = np.random.PCG64(np.random.SeedSequence(9, spawn_key=(4,)))
    expected = [float(x >> np.uint64(11)) * 2.0**-53 for x in bits.random_raw(3)]
    stream = uniforms(9, 4)
    assert [next(stream) for _ in range(3)] == expected


GOLDEN = "56baa0826d51"


def digest() -> str:
    text = repr([MLP(3, [5, 4, 1], initializer=name, seed=6).state() for name in INITIALIZERS])
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "machine",
    [
        {},
        {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"},
        {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"},
    ],
    ids=["this", "old numpy paths", "old libm paths"],
)
def test_every_machine_draws_the_same_bits(machine):
    code = "from tests.tinyml.test_initializers import digest; print(digest())"
    command = [sys.executable, "-W", "ignore", "-c", code]
    run = subprocess.run(command, env=os.environ | machine, capture_output=True, check=True)
    assert run.stdout.decode().strip() == digest()
    assert digest().startswith(GOLDEN)
