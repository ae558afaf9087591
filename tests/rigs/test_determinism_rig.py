"""The rig of determinism, short; `--long` runs a tenth of its full counts."""

import random

import pytest

from playground.core.experiment import Optimizer
from tests.rigs import determinism

EXPERIMENTS = determinism.experiments()


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.data.kind.value)
def test_interrupted_runs_have_the_same_bits(experiment, amount):
    chance = random.Random(9)
    golden = determinism.whole(experiment)
    for _ in range(amount(2, 20)):
        assert determinism.interrupted(experiment, chance) == golden


def test_runs_in_a_used_window_have_the_same_bits(qapp, amount):
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    count = amount(2, 100)
    for k in range(count):
        experiment = EXPERIMENTS[k % len(EXPERIMENTS)]
        steps, found = determinism.used(experiment, chance)
        assert found == determinism.whole(experiment, steps), (experiment, steps)
    print(f"{count} of {count} with the hash of the uninterrupted run")


def test_every_optimiser_goes_on_in_a_new_process_bit_for_bit(amount):
    assert {e.training.optimizer for e in EXPERIMENTS} == set(Optimizer)
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    golden = [determinism.whole(experiment) for experiment in EXPERIMENTS]
    for _ in range(amount(1, 20)):
        assert determinism.gone_on_elsewhere(EXPERIMENTS, chance) == golden


def test_other_processors_give_the_same_bits(request):
    if not request.config.getoption("--long"):
        pytest.skip("compiles the kernels for each: with --long only")
    found = {name: determinism.on_machine(v) for name, v in determinism.MACHINES.items()}
    assert len(set(found.values())) == 1, found
