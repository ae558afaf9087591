"""When the output map is computed coarsely."""

from playground.session.detail import CALM_S, SLOW_FRAMES, Detail


def test_one_slow_frame_changes_nothing():
    detail = Detail()
    assert not detail.learn(0.1, 1.0)
    assert not detail.learn(0.01, 1.1)
    assert not detail.learn(0.1, 1.2)
    assert not detail.coarse


def test_slow_frames_in_a_row_make_it_coarse_and_calm_makes_it_fine_again():
    detail = Detail()
    changes = [detail.learn(0.02, k / 10) for k in range(SLOW_FRAMES)]
    assert changes == [False] * (SLOW_FRAMES - 1) + [True]
    assert detail.coarse
    last = (SLOW_FRAMES - 1) / 10
    assert not detail.learn(0.01, last + CALM_S - 0.1)
    assert detail.coarse
    assert detail.learn(0.01, last + CALM_S)
    assert not detail.coarse
