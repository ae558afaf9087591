"""D3: a run that is interrupted and taken up again goes on with the same bits."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tinyml import MLP, SGD, Adagrad, Adam, AdamW, Optimizer, RMSprop, Trainer, TrainerState
from tinyml.sweeps import BLOCK

RNG = np.random.default_rng(4)
N = 2 * BLOCK + 45
X, Y = RNG.normal(size=(N, 2)), RNG.choice([-1.0, 1.0], size=N)
OPTIMIZERS = [SGD(0.1), SGD(0.1, 0.9), SGD(0.1, 0.9, nesterov=True)]
OPTIMIZERS += [Adagrad(), RMSprop(), Adam(), AdamW()]


def trainer_of(optimizer: Optimizer, batch_size: int) -> Trainer:
    return Trainer(
        MLP(2, [5, 4, 1], seed=9, dropout=0.2),
        X,
        Y,
        optimizer=optimizer,
        batch_size=batch_size,
        shuffle=True,
        regularization="l1",
        regularization_rate=0.001,
        seed=5,
    )


def numbers(trainer: Trainer) -> tuple[bytes, ...]:
    state = trainer.state()
    arrays = (state.parameters, state.gradients, state.first, state.second, state.powers)
    return (*(array.tobytes() for array in arrays), np.array(trainer.losses).tobytes())


def cuts(total: int, rng: random.Random) -> Iterator[int]:
    while total > 0:
        part = rng.randint(1, total)
        yield part
        total -= part


@pytest.mark.parametrize("batch_size", [7, BLOCK, N])
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: f"{type(o).__name__}{o.rule}"[:24])
def test_a_new_trainer_goes_on_from_a_state_bit_for_bit(optimizer, batch_size):
    whole = trainer_of(optimizer, batch_size)
    whole.advance(90)
    rng = random.Random(batch_size)
    part = trainer_of(optimizer, batch_size)
    for steps in cuts(90, rng):
        part.advance(steps)
        state = part.state()
        part = trainer_of(optimizer, batch_size)
        part.restore(state)
    assert numbers(part) == numbers(whole)


@pytest.mark.parametrize("resumed", [False, True])
def test_a_step_may_be_cut_between_blocks_of_samples(resumed):
    whole = trainer_of(Adam(0.01), N)
    whole.advance(4)
    part = trainer_of(Adam(0.01), N)
    calls = 0
    while part.step < 4:
        part.advance(4 - part.step, max_blocks=1)
        calls += 1
        if resumed:
            state = part.state()
            assert calls % part.blocks_per_step == -(-state.done // BLOCK)
            part = trainer_of(Adam(0.01), N)
            part.restore(state)
    assert calls == 4 * part.blocks_per_step == 12
    assert numbers(part) == numbers(whole)


def test_amid_a_step_the_gradient_is_the_last_steps():
    trainer = trainer_of(SGD(0.1), N)
    trainer.advance(1)
    expected = trainer.gradients
    trainer.advance(1, max_blocks=1)
    assert trainer.gradients.tobytes() == expected.tobytes()


def test_half_a_step_is_begun_anew_where_its_gradient_no_longer_holds():
    expected = trainer_of(SGD(0.1), N)
    expected.parameters = expected.parameters * 0.5
    expected.advance(1)
    trainer = trainer_of(SGD(0.1), N)
    trainer.advance(1, max_blocks=1)
    trainer.parameters = trainer.parameters * 0.5
    trainer.evaluate(X, Y)
    trainer.advance(1)
    assert numbers(trainer) == numbers(expected)


def test_a_smaller_batch_size_amid_a_step_is_taken_up():
    trainer = trainer_of(SGD(0.1), N)
    trainer.advance(1, max_blocks=2)
    trainer.batch_size = 3
    trainer.advance(1)
    assert trainer.state().position == 3


def test_a_state_is_a_copy_that_nobody_writes_to():
    trainer = trainer_of(Adam(), 7)
    state = trainer.state()
    before = state.parameters.copy()
    trainer.advance(3)
    assert state.parameters.tobytes() == before.tobytes()
    with pytest.raises(ValueError, match="read-only"):
        state.order[0] = 5


def test_the_state_of_a_diverged_run_holds_finite_numbers_and_goes_on():
    trainer = Trainer(MLP(2, [4, 1], "linear"), X, Y, optimizer=SGD(1e6))
    with pytest.raises(FloatingPointError):
        trainer.run(1000)
    state = trainer.state()
    other = Trainer(MLP(2, [4, 1], "linear"), X, Y, optimizer=SGD(1e6))
    other.restore(state)
    assert np.isfinite(other.parameters).all()
    assert other.step == trainer.step


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parameters": np.zeros(3)}, "parameters must be"),
        ({"first": np.full(44, np.nan)}, "first must be finite"),
        ({"second": np.full(44, -1.0)}, "second must not be negative"),
        ({"powers": np.array([0.5, 2.0])}, "from 0 to 1"),
        ({"order": np.zeros(N, np.int64)}, "every sample once"),
        ({"order": np.arange(3)}, "order must be"),
        ({"step": -1}, "step must be from 0"),
        ({"position": N - 1, "done": 1}, "below"),
        ({"losses": (1.0,) * 90}, "losses must be"),
        ({"optimizer": "sgd"}, "belongs to sgd"),
        ({"learning_rate": float("nan")}, "learning_rate must be"),
    ],
)
def test_a_state_that_no_run_can_be_in_is_refused_with_a_reason(changes, message):
    trainer = trainer_of(Adam(), 7)
    trainer.advance(3)
    before = numbers(trainer)
    state: TrainerState = replace(trainer.state(), **changes)
    with pytest.raises(ValueError, match=message):
        trainer.restore(state)
    assert numbers(trainer) == before
