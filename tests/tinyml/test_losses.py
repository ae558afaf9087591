"""Losses: values, gradients, both writings of class targets, and saturation, against mpmath."""

import math
import random
import sys

import pytest
from mpmath import mp, mpf

from tests.tinyml.floats import by_bit_pattern, everyday
from tinyml import LOSSES, Value
from tinyml.ops import Op
from tinyml.testing import check_gradients


@pytest.fixture(autouse=True)
def _precisely():
    with mp.workprec(400):
        yield


def loss_of(name, outputs, targets):
    values = [Value(o) for o in outputs]
    result = LOSSES[name].function(values, [Value(t) for t in targets])
    result.backward()
    return result.data, [v.grad for v in values]


def softplus(z):
    if abs(z) > 1000:
        return max(z, mpf(0))
    return mp.log1p(mp.exp(z))


def sigmoid(z):
    return 1 / (1 + mp.exp(-z)) if abs(z) < 10**6 else (mpf(1) if z > 0 else mpf(0))


TRUE = {
    "mse": (lambda o, y: (o - y) ** 2, lambda o, y: 2 * (o - y)),
    "half_mse": (lambda o, y: (o - y) ** 2 / 2, lambda o, y: o - y),
    "mae": (lambda o, y: abs(o - y), lambda o, y: mp.sign(o - y)),
    "huber": (
        lambda o, y: (o - y) ** 2 / 2 if abs(o - y) <= 1 else abs(o - y) - mpf(1) / 2,
        lambda o, y: max(min(o - y, mpf(1)), mpf(-1)),
    ),
    "hinge": (lambda o, y: max(mpf(0), 1 - o * y), lambda o, y: -y if o * y < 1 else mpf(0)),
    "bce_logits": (lambda o, y: softplus(-o * y), lambda o, y: -y * sigmoid(-o * y)),
}


SPECIAL = [0.0, 1e-300, 0.5, 1.0, 2.0, 36.5, 40.0, 300.0, 745.0, 1e16, 1.5e154, 1.8e154, 1e308]
SPECIAL += [-x for x in SPECIAL]


def any_floats(n, rng):
    while n:
        x = by_bit_pattern(rng)
        if math.isfinite(x):
            n -= 1
            yield x


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("target", [1.0, -1.0])
def test_a_loss_is_exact_and_finite_wherever_the_truth_is(name, target):
    check_against_the_truth(name, target, 500)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("target", [1.0, -1.0])
def test_a_loss_is_exact_at_a_hundred_thousand_floats(name, target):
    print(f"\n{name}, target {target:g}: {check_against_the_truth(name, target, 100_000)}")


def check_against_the_truth(name, target, count):
    worst = Worst()
    for x in [*SPECIAL, *any_floats(count, random.Random(8))]:
        value, (gradient,) = loss_of(name, [x], [target])
        true_value, true_gradient = (f(mpf(x), mpf(target)) for f in TRUE[name])
        # 1 − o·y and o − y are rounded once before anything else happens to them
        floor = 0 if name == "bce_logits" else 1
        worst.see(value, true_value, floor, x)
        worst.see(gradient, true_gradient, floor, x)
    worst.check()
    return worst


class Worst:
    """The largest deviation from finite truths, relative to the truth or to a floor below it."""

    limit = 1e-15

    def __init__(self):
        self.deviation, self.at, self.n, self.n_infinite = 0.0, None, 0, 0

    def see(self, got, true, floor, at):
        if abs(true) > sys.float_info.max:
            self.n_infinite += 1
            return
        self.n += 1
        assert math.isfinite(got), (at, got)
        beyond = abs(mpf(got) - true) - mpf("1e-320")  # a denormal has fewer digits
        found = float(beyond / max(abs(true), floor)) if beyond > 0 else 0.0
        if found > self.deviation:
            self.deviation, self.at = found, at

    def check(self):
        assert self.deviation <= self.limit, (self.deviation, self.at)

    def __str__(self):
        return f"{self.deviation:.2g} in {self.n} finite numbers, {self.n_infinite} infinite"


def true_softmax(logits, hot):
    largest = max(logits)
    powers = [mp.exp(z - largest) if largest - z < 1000 else mpf(0) for z in logits]
    total = mp.fsum(powers)
    shares = [power / total - (k == hot) for k, power in enumerate(powers)]
    return mp.log(total) + (largest - logits[hot]), shares


def check_softmax_against_the_truth(count):
    worst, rng = Worst(), random.Random(12)
    worst.limit = 2e-15
    for k in range(count):
        n = rng.randint(2, 5)
        draw = (
            lambda: next(any_floats(1, rng)),
            lambda: everyday(rng),
            lambda: rng.choice([rng.choice(SPECIAL), everyday(rng)]),
        )[k % 3]
        logits, hot = [draw() for _ in range(n)], rng.randrange(n)
        value, gradients = loss_of("softmax_ce", logits, [float(k == hot) for k in range(n)])
        true_value, true_gradients = true_softmax([mpf(z) for z in logits], hot)
        worst.see(value, true_value, 1, logits)
        # a share is 1 minus the others, so that what is left of it is rounded like a number near 1
        for got, true in zip(gradients, true_gradients, strict=True):
            worst.see(got, true, 1, logits)
    worst.check()
    return worst


def test_softmax_cross_entropy_is_exact_and_finite_wherever_the_truth_is():
    check_softmax_against_the_truth(500)


@pytest.mark.slow
def test_softmax_cross_entropy_is_exact_at_a_hundred_thousand_logits():
    print(f"\nsoftmax_ce: {check_softmax_against_the_truth(100_000)}")


@pytest.mark.parametrize("name", [name for name in TRUE if name not in ("mse", "half_mse")])
def test_the_mean_over_outputs_is_finite_where_their_sum_is_not(name):
    outputs, targets = [1e308, -1e308, 1.5e308], [-1.0, 1.0, -1.0]
    value, gradients = loss_of(name, outputs, targets)
    assert value == pytest.approx(1.1666666666666667e308, rel=1e-15)
    assert gradients == pytest.approx([1.0 / 3.0, -1.0 / 3.0, 1.0 / 3.0], rel=1e-15)


@pytest.mark.parametrize("name", ["hinge", "bce_logits"])
@pytest.mark.parametrize("x", [-3.0, -0.2, 0.0, 0.7, 5.0])
def test_targets_of_tables_and_of_clouds_mean_the_same(name, x):
    assert loss_of(name, [x], [0.0]) == loss_of(name, [x], [-1.0])


def test_a_probability_in_between_is_a_target_of_cross_entropy():
    z, p = 0.8, 0.25
    value, (gradient,) = loss_of("bce_logits", [z], [p])
    s = 1.0 / (1.0 + math.exp(-z))
    assert value == pytest.approx(-p * math.log(s) - (1 - p) * math.log(1 - s), rel=1e-14)
    assert gradient == pytest.approx(s - p, rel=1e-14)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("name", TRUE)
def test_several_outputs_are_averaged(name, n):
    outputs, targets = [0.3, -2.0, 1.5][:n], [1.0, -1.0, -1.0][:n]
    value, gradients = loss_of(name, outputs, targets)
    single = [loss_of(name, [o], [t]) for o, t in zip(outputs, targets, strict=True)]
    assert value == pytest.approx(sum(s[0] for s in single) / n, rel=1e-15)
    assert gradients == pytest.approx([s[1][0] / n for s in single], rel=1e-15)


@pytest.mark.parametrize(("name", "op"), [("mse", Op.POW_CONSTANT), ("mae", Op.ABS)])
def test_the_graph_of_one_output_has_no_mean(name, op):
    loss = LOSSES[name].function([Value(0.3)], [Value(1.0)])
    assert loss.op is op


def test_softmax_cross_entropy_is_minus_the_log_of_the_right_classes_share():
    logits, targets = [0.3, -2.0, 1.5], [0.0, 0.0, 1.0]
    value, gradients = loss_of("softmax_ce", logits, targets)
    shares = [math.exp(z) for z in logits]
    shares = [s / sum(shares) for s in shares]
    assert value == pytest.approx(-math.log(shares[2]), rel=1e-14)
    assert gradients == pytest.approx([shares[0], shares[1], shares[2] - 1.0], rel=1e-14)
    signed = loss_of("softmax_ce", logits, [-1.0, -1.0, 1.0])
    assert signed == (value, gradients)


@pytest.mark.parametrize(
    "logits", [[1e308, -1e308], [-1e308, -1e308], [1e308, 1e308, 0.0], [800.0, -800.0, 799.0]]
)
def test_softmax_cross_entropy_survives_huge_logits(logits):
    value, gradients = loss_of("softmax_ce", logits, [1.0] + [0.0] * (len(logits) - 1))
    assert math.isfinite(value)
    assert all(math.isfinite(g) for g in gradients)
    assert sum(gradients) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_has_the_gradient_of_its_value(name):
    targets = [Value(1.0), Value(0.0), Value(0.0)]
    outputs = [Value(0.4, "o1"), Value(-1.7, "o2"), Value(2.6, "o3")]
    report = check_gradients(lambda *o: LOSSES[name].function(o, targets), outputs)
    assert report, str(report)
    assert not any(check.kink for check in report.checks)


def test_losses_know_their_names_and_whether_they_read_logits():
    assert all(loss.name == name for name, loss in LOSSES.items())
    assert {name for name, loss in LOSSES.items() if loss.on_logits} == {"bce_logits", "softmax_ce"}
