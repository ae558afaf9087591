"""Optimisers and schedules: the definitions in exact arithmetic, ranges, readable state."""

import math
from fractions import Fraction

import pytest

from tinyml import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    LinearSchedule,
    Optimizer,
    RMSprop,
    StepSchedule,
)

GRADIENTS = [0.3, -0.2, 0.5, 0.05, -0.7, 0.0, 1e-3]


def run(optimizer, weight=1.5):
    first = second = 0.0
    power1 = power2 = 1.0
    path = []
    for step, gradient in enumerate(GRADIENTS, 1):
        power1, power2 = power1 * optimizer.decays[0], power2 * optimizer.decays[1]
        weight, first, second = optimizer.rule(
            weight,
            gradient,
            first,
            second,
            optimizer.learning_rate,
            *optimizer.coefficients,
            1.0 - power1,
            1.0 - power2,
            float(step),
        )
        path.append(weight)
    return path


def by_definition(optimizer, weight=1.5):
    """Published update rules, written out once more in their own letters."""
    path, b, s, m, v = [], None, 0.0, 0.0, 0.0
    lr = optimizer.learning_rate
    for t, g in enumerate(GRADIENTS, 1):
        match optimizer:
            case SGD(momentum=mu, nesterov=nesterov):
                b = g if b is None else mu * b + g
                weight -= lr * ((g + mu * b) if nesterov else b)
            case Adagrad(epsilon=eps):
                s += g * g
                weight -= lr * g / (math.sqrt(s) + eps)
            case RMSprop(decay=decay, epsilon=eps):
                s = decay * s + (1 - decay) * g * g
                weight -= lr * g / (math.sqrt(s) + eps)
            case Adam(beta1=b1, beta2=b2, epsilon=eps):
                weight *= 1 - lr * getattr(optimizer, "weight_decay", 0.0)
                m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
                m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
                weight -= lr * m_hat / (math.sqrt(v_hat) + eps)
        path.append(weight)
    return path


ALL = [
    SGD(0.1),
    SGD(0.1, momentum=0.9),
    SGD(0.1, momentum=0.9, nesterov=True),
    Adagrad(0.1),
    RMSprop(0.1),
    Adam(0.1),
    AdamW(0.1, weight_decay=0.3),
]


@pytest.mark.parametrize("optimizer", ALL, ids=repr)
def test_a_rule_follows_its_definition(optimizer):
    assert run(optimizer) == pytest.approx(by_definition(optimizer), rel=1e-13)


def test_plain_descent_is_one_multiplication_and_one_subtraction():
    (weight, *_) = run(SGD(0.1))
    assert weight == 1.5 - 0.1 * 0.3
    exact = Fraction(1.5) - Fraction(0.1) * Fraction(0.3)
    assert abs(Fraction(weight) - exact) <= Fraction(1, 2**52)


def test_defaults_are_pytorchs():
    assert Adagrad() == Adagrad(0.01, 1e-10)
    assert RMSprop() == RMSprop(0.01, 0.99, 1e-8)
    assert Adam() == Adam(0.001, 0.9, 0.999, 1e-8)
    assert AdamW() == AdamW(0.001, 0.9, 0.999, 1e-8, 0.01)
    assert (SGD().momentum, SGD().nesterov) == (0.0, False)


def test_state_is_named_for_display():
    names = [optimizer.state_names for optimizer in ALL]
    assert names == [
        (),
        ("momentum",),
        ("momentum",),
        ("sum of squares",),
        ("mean square",),
        ("m", "v"),
        ("m", "v"),
    ]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(-0.1), "learning_rate must be finite and positive, got -0.1"),
        (lambda: Adam(math.nan), "learning_rate must be finite and positive, got nan"),
        (lambda: SGD(0.1, momentum=1.0), r"momentum must be in \[0, 1\), got 1\.0"),
        (lambda: SGD(0.1, nesterov=True), "nesterov needs a momentum"),
        (lambda: RMSprop(decay=1.0), r"decay must be in \[0, 1\)"),
        (lambda: Adam(beta1=1.0), r"beta1 must be in \[0, 1\)"),
        (lambda: Adam(beta2=1.0), r"beta2 must be in \[0, 1\)"),
        (lambda: Adagrad(epsilon=0.0), "epsilon must be finite and positive"),
        (lambda: AdamW(weight_decay=-1.0), "weight_decay must be in"),
        (lambda: ConstantSchedule(0.0), "rate must be finite and positive"),
        (lambda: StepSchedule(0.1, every=0), "every must be at least 1"),
        (lambda: ExponentialSchedule(0.1, decay=1.1), "decay must be 0 to 1"),
        (lambda: LinearSchedule(0.1, epochs=0), "epochs must be at least 1"),
        (lambda: CosineSchedule(0.1, final=0.2), r"final must be 0 to 0\.1"),
    ],
)
def test_numbers_out_of_range_are_refused_with_the_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_schedules_give_the_rate_of_an_epoch():
    assert [ConstantSchedule(0.3)(k) for k in (0, 1000)] == [0.3, 0.3]
    assert [StepSchedule(0.8, every=3, factor=0.5)(k) for k in (0, 2, 3, 6)] == [0.8, 0.8, 0.4, 0.2]
    assert ExponentialSchedule(2.0, decay=0.9)(10) == pytest.approx(2.0 * 0.9**10, rel=1e-15)
    cosine = CosineSchedule(1.0, epochs=100, final=0.2)
    assert [cosine(k) for k in (0, 50, 100, 500)] == pytest.approx([1.0, 0.6, 0.2, 0.2], rel=1e-15)
    assert cosine(100) == 0.2


def test_the_linear_schedule_is_micrograds():
    schedule = LinearSchedule(1.0, epochs=100, final=0.1)
    for k in range(100):
        assert schedule(k) == pytest.approx(1.0 - 0.9 * k / 100, rel=1e-14)


def test_an_optimiser_without_a_kind_is_plain_descent():
    assert run(Optimizer(0.1)) == run(SGD(0.1))
    assert (Optimizer().state_names, Optimizer().coefficients) == ((), (0.0,) * 4)


@pytest.mark.parametrize(
    ("optimizer", "coefficients"),
    [
        (SGD(0.1, momentum=0.9), (0.9, 0.0, 0.0, 0.0)),
        (SGD(0.1, momentum=0.9, nesterov=True), (0.9, 1.0, 0.0, 0.0)),
        (Adagrad(0.1, epsilon=1e-6), (1e-6, 0.0, 0.0, 0.0)),
        (RMSprop(0.1, decay=0.8, epsilon=1e-6), (0.8, 1e-6, 0.0, 0.0)),
        (Adam(0.1, beta1=0.8, beta2=0.9, epsilon=1e-6), (0.8, 0.9, 1e-6, 0.0)),
    ],
)
def test_constants_that_a_rule_has_no_use_for_are_0(optimizer, coefficients):
    assert optimizer.coefficients == coefficients
