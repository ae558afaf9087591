"""How many steps are made when."""

import pytest

from playground.core.experiment import Speed
from playground.session.pace import CHUNK_S, FRAME_S, ChunkSize, OpClock, SpeedMeter


def settled(seconds_per_block):
    size = ChunkSize()
    for _ in range(40):
        size.learn(size.blocks, size.blocks * seconds_per_block)
    return size.blocks


@pytest.mark.parametrize("seconds_per_block", [1e-6, 1e-4, 3e-3])
def test_chunks_come_to_last_as_long_as_they_should(seconds_per_block):
    assert settled(seconds_per_block) * seconds_per_block == pytest.approx(CHUNK_S, rel=0.4)


def test_a_chunk_is_never_less_than_a_block():
    assert settled(1.0) == 1


@pytest.mark.parametrize(("blocks_per_step", "steps"), [(1, 8), (3, 3), (8, 1), (50, 1)])
def test_a_chunk_may_end_within_a_long_step(blocks_per_step, steps):
    size = ChunkSize()
    for _ in range(40):
        size.learn(size.blocks, size.blocks * CHUNK_S / 8)
    assert size.steps(blocks_per_step) == steps


def test_chunks_grow_gently_from_one_block():
    size = ChunkSize()
    assert size.blocks == 1
    size.learn(1, 1e-9)
    assert size.blocks <= 4


def test_a_slow_chunk_shrinks_the_next_at_once():
    size = ChunkSize()
    for _ in range(40):
        size.learn(size.blocks, size.blocks * 1e-6)
    size.learn(size.blocks, 10 * CHUNK_S)
    assert size.blocks * 1e-6 <= 0.11 * CHUNK_S


def test_the_meter_gives_epochs_per_second_of_the_last_moment():
    meter = SpeedMeter()
    assert meter.measure(0.0, 0.0) == 0.0
    assert meter.measure(0.5, 10.0) == pytest.approx(20.0)
    for k in range(1, 40):
        speed = meter.measure(0.5 + 0.1 * k, 10.0 + k)
    assert speed == pytest.approx(10.0)


def test_the_meter_begins_anew_with_a_new_run():
    meter = SpeedMeter()
    meter.measure(0.0, 100.0)
    assert meter.measure(0.1, 0.0) == 0.0


def test_ops_pass_with_time_and_complete_the_batch():
    clock = OpClock()
    ticks = round(1.0 / FRAME_S)
    complete = [clock.tick(Speed.OPS_10, 1000) for _ in range(ticks)]
    assert not any(complete)
    assert clock.op == pytest.approx(10, abs=1)
    assert clock.add(1000, 1000)
    assert clock.op == 0
