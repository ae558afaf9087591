"""Datasets: the rules, the shares, what noise changes and what it does not."""

import hashlib
import math
import os
import subprocess
import sys

import numpy as np
import pytest

from tinyml import DATASETS, Dataset, make_dataset
from tinyml.datasets import CLASSIFICATION, CURVES, MULTICLASS, REGRESSION, TABLES

DRAWN = [name for name in DATASETS if name not in TABLES]


def unshuffled(name, **how):
    data = make_dataset(name, 2000, **how)
    return data.x, data.y


def radius(x):
    return np.hypot(x[:, 0], x[:, 1])


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_seed_gives_the_same_bits_and_another_gives_others(name):
    first, again = make_dataset(name, seed=3), make_dataset(name, seed=3)
    other = make_dataset(name, seed=4)
    assert first.x.tobytes() == again.x.tobytes()
    assert first.y.tobytes() == again.y.tobytes()
    assert first.x.tobytes() != other.x.tobytes()


@pytest.mark.parametrize("name", DRAWN)
def test_sizes_and_shares_are_as_asked(name):
    data = make_dataset(name, 130, train_share=0.29)
    assert len(data) == 130
    assert data.n_train == 37
    assert [len(part) for part in (*data.train, *data.test)] == [37, 37, 93, 93]
    assert np.isfinite(data.x).all()
    assert abs(data.x).max() <= 9.0


@pytest.mark.parametrize("name", sorted(set(CLASSIFICATION) - {"gauss"}))
def test_two_classes_are_plus_and_minus_one_in_equal_shares(name):
    y = make_dataset(name, 2000).y
    assert set(y.tolist()) == {-1.0, 1.0}
    assert abs(y.mean()) < 0.08


@pytest.mark.parametrize("name", DRAWN)
def test_noise_moves_points_along_fixed_directions_and_nothing_else(name):
    calm, low, high = (make_dataset(name, 300, noise=v, seed=5) for v in (0.0, 0.1, 0.2))
    if name in ("gauss", "blobs"):
        sign = low.y if name == "gauss" else None
        centre = 2.0 * sign[:, None] if sign is not None else centres(low.y)
        ratio = (low.x - centre) / (calm.x - centre)
        assert ratio == pytest.approx(np.full_like(ratio, ratio[0, 0]), rel=1e-9)
    else:
        assert high.x - calm.x == pytest.approx(2.0 * (low.x - calm.x), abs=1e-12)
    if name in REGRESSION or name in CURVES:
        assert (low.y != calm.y).any()


def centres(one_hot):
    angle = 2.0 * math.pi * one_hot.argmax(1) / one_hot.shape[1]
    return 3.5 * np.stack([np.sin(angle), np.cos(angle)], 1)


@pytest.mark.parametrize("name", ["circle", "xor", "checkerboard", "yin-yang"])
def test_noise_flips_labels_not_positions(name):
    calm, noisy = make_dataset(name, 1000), make_dataset(name, 1000, noise=0.3)
    assert (calm.x == noisy.x).all()
    assert 0.02 < (calm.y != noisy.y).mean() < 0.5


def test_the_circle_is_a_disc_in_a_ring():
    x, y = unshuffled("circle")
    r = radius(x)
    assert r[y > 0].max() <= 2.5
    assert r[y < 0].min() >= 3.5
    assert r.max() <= 5.0
    assert r[y > 0].mean() == pytest.approx(1.25, abs=0.07)
    assert r[y < 0].mean() == pytest.approx(4.25, abs=0.05)


def test_xor_keeps_its_distance_from_the_axes():
    x, y = unshuffled("xor")
    assert abs(x).min() >= 0.3
    assert abs(x).max() <= 5.3
    assert ((x[:, 0] * x[:, 1] >= 0) == (y > 0)).all()


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.25, 2.25), (0.5, 4.0)])
def test_gauss_has_the_references_variance(noise, variance):
    x, y = unshuffled("gauss", noise=noise)
    for sign in (1.0, -1.0):
        assert (y == sign).sum() == 1000
        assert x[y == sign].mean(0) == pytest.approx([2.0 * sign] * 2, abs=0.25)
        assert x[y == sign].var() == pytest.approx(variance, rel=0.12)


def test_the_spiral_has_two_arms_of_seven_quarter_turns():
    data = make_dataset("spiral", 500)
    for side, turn in ((1.0, 0.0), (-1.0, math.pi)):
        arm = data.x[data.y == side]
        arm = arm[np.argsort(radius(arm))]
        i = np.arange(250)
        t = 1.75 * i / 250 * 2.0 * math.pi + turn
        expected = (5.0 * i / 250)[:, None] * np.stack([np.sin(t), np.cos(t)], 1)
        assert arm == pytest.approx(expected, abs=1e-12)
    noisy = make_dataset("spiral", 500, noise=0.4)
    assert abs(noisy.x - data.x).max() <= 0.4


def test_moons_are_half_circles_of_radius_three():
    x, y = unshuffled("moons")
    for side in (1.0, -1.0):
        moon = side * x[y == side] / 3.0 + (0.5, 0.25)
        assert radius(moon) == pytest.approx(np.ones(1000), abs=1e-12)
        assert moon[:, 1].min() >= -1e-12


def test_the_plane_and_the_hills_have_the_references_heights():
    x, y = unshuffled("plane")
    assert y == pytest.approx(x.sum(1) / 10.0, abs=1e-12)
    x, y = unshuffled("hills")
    truth = np.zeros(len(x))
    for cx, cy, sign in (
        (-4, 2.5, 1),
        (0, 2.5, -1),
        (4, 2.5, 1),
        (-4, -2.5, -1),
        (0, -2.5, 1),
        (4, -2.5, -1),
    ):
        height = np.maximum(0.0, 1.0 - np.hypot(x[:, 0] - cx, x[:, 1] - cy) / 2.0)
        truth = np.where(height > abs(truth), sign * height, truth)
    assert y == pytest.approx(truth, abs=1e-12)
    assert y.max() > 0.8
    assert y.min() < -0.8


def test_the_checkerboard_has_four_by_four_fields():
    x, y = unshuffled("checkerboard")
    fields = np.floor(x / 2.5).astype(int)
    assert set(fields.ravel()) == {-2, -1, 0, 1}
    assert ((fields.sum(1) % 2 == 0) == (y > 0)).all()


def test_yin_and_yang_turn_into_each_other():
    x, y = unshuffled("yin-yang")
    assert radius(x).max() <= 5.0
    nearest_dot = np.minimum(np.hypot(x[:, 0], x[:, 1] - 2.5), np.hypot(x[:, 0], x[:, 1] + 2.5))
    in_head = np.hypot(x[:, 0], x[:, 1] - 2.5) < 2.4
    assert (y[in_head & (nearest_dot > 0.8)] == 1.0).all()
    assert (y[in_head & (nearest_dot < 0.7)] == -1.0).all()


@pytest.mark.parametrize("name", MULTICLASS)
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_many_classes_are_one_hot_in_equal_shares(name, classes):
    y = make_dataset(name, 300, n_classes=classes).y
    assert y.shape == (300, classes)
    assert (y.sum(1) == 1.0).all()
    assert set(y.ravel().tolist()) == {0.0, 1.0}
    assert (abs(y.sum(0) - 300 / classes) <= 1).all()


def test_rings_do_not_touch():
    data = make_dataset("rings", 900)
    r, ring = radius(data.x), data.y.argmax(1)
    for k in (0, 1):
        assert r[ring == k].max() + 0.5 < r[ring == k + 1].min()
    assert r.max() <= 5.0


def test_curves_have_one_input():
    for name in CURVES:
        data = make_dataset(name, 400)
        assert data.x.shape == (400, 1)
        assert abs(data.y).max() <= 1.0 + 1e-12
    data = make_dataset("sine", 400)
    assert data.y == pytest.approx(np.sin(data.x[:, 0]), abs=1e-15)


@pytest.mark.parametrize(
    ("name", "gate"),
    [
        ("xor-table", lambda a, b: a ^ b),
        ("and-table", lambda a, b: a & b),
        ("or-table", lambda a, b: a | b),
        ("nand-table", lambda a, b: 1 - (a & b)),
    ],
)
def test_tables_are_four_rows_all_for_training(name, gate):
    data = make_dataset(name, 500, noise=0.3, train_share=0.5, seed=9)
    assert data.x.tolist() == [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    assert data.y.tolist() == [float(gate(int(a), int(b))) for a, b in data.x]
    assert data.n_train == 4
    assert len(data.test[0]) == 0


def test_samples_are_shuffled_once_and_none_is_lost():
    data = make_dataset("spiral", 500)
    y = data.y[:250]
    assert 80 < (y > 0).sum() < 170
    assert len({tuple(row) for row in data.x}) >= 499


def test_a_dataset_is_a_copy_that_cannot_be_written():
    x, y = np.zeros((3, 2)), [1, -1, 1]
    data = Dataset(x, y, 2)
    x[0, 0] = 7.0
    assert data.x[0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        data.x[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        data.train[1][0] = 1.0
    with pytest.raises(AttributeError):
        data.n_train = 3


def test_a_split_keeps_pairs_together():
    x = np.arange(20.0).reshape(10, 2)
    data = Dataset(x, x[:, 0] * 10.0).split(0.7, seed=1)
    assert data.n_train == 7
    assert (data.y == data.x[:, 0] * 10.0).all()
    assert sorted(data.y) == sorted(x[:, 0] * 10.0)
    assert data.split(1.0).n_train == 10


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_dataset("circel"), "name must be one of circle, .* got 'circel'"),
        (lambda: make_dataset("circle", 1), "n_samples must be at least 2, got 1"),
        (lambda: make_dataset("circle", noise=0.6), r"noise must be 0 to 0\.5, got 0\.6"),
        (lambda: make_dataset("circle", noise=math.nan), "noise must be"),
        (lambda: make_dataset("circle", train_share=0.0), "train_share must be above 0"),
        (lambda: make_dataset("blobs", n_classes=1), "n_classes must be 2 to 10, got 1"),
        (lambda: Dataset([[1.0]], [1.0, 2.0]), "x must be"),
        (lambda: Dataset([1.0], [1.0]), "x must be"),
        (lambda: Dataset([[math.inf]], [1.0]), "finite"),
        (lambda: Dataset([[1.0]], [1.0], 2), "n_train must be 1 to 1, got 2"),
    ],
)
def test_what_cannot_be_drawn_says_why(make, words):
    with pytest.raises(ValueError, match=words):
        make()


GOLDEN = "d290c2bdd180"


def digest() -> str:
    sha = hashlib.sha256()
    for name in DATASETS:
        data = make_dataset(name, 200, noise=0.2, seed=2)
        sha.update(data.x.tobytes() + data.y.tobytes())
    return sha.hexdigest()


@pytest.mark.parametrize(
    "machine",
    [
        {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL X86_V3"},
        {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F"},
    ],
    ids=["old numpy paths", "old libm paths"],
)
def test_every_machine_draws_the_same_points(machine):
    code = "from tests.tinyml.test_datasets import digest; print(digest())"
    command = [sys.executable, "-W", "ignore", "-c", code]
    run = subprocess.run(command, env=os.environ | machine, capture_output=True, check=True)
    assert run.stdout.decode().strip() == digest()
    assert digest().startswith(GOLDEN)
