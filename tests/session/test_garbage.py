"""Collections happen in the GUI thread, and only there."""

import gc
import threading

from playground.session.garbage import GarbagePolicy, collected_here


class Cycle:
    def __init__(self, where):
        self.me, self.where = self, where

    def __del__(self):
        self.where.append(threading.get_ident())


def test_cycles_made_in_a_thread_die_in_the_gui_thread(qtbot):
    policy = GarbagePolicy()
    policy.start()
    try:
        where = []

        def work():
            for _ in range(5000):
                Cycle(where)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert where == []
        qtbot.waitUntil(lambda: len(where) == 5000)
        assert set(where) == {threading.get_ident()}
    finally:
        policy.stop()


def test_the_automatic_collector_comes_back_with_the_last_policy():
    first, second = GarbagePolicy(), GarbagePolicy()
    first.start()
    second.start()
    assert not gc.isenabled()
    first.stop()
    assert not gc.isenabled()
    second.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_collector_that_was_off_stays_off():
    with collected_here():
        policy = GarbagePolicy()
        policy.start()
        policy.stop()
        policy.stop()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_while_another_thread_works_nothing_is_collected_unasked():
    with collected_here():
        assert not gc.isenabled()
        with collected_here():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_frozen_is_not_looked_at_until_the_policy_stops(qtbot):
    policy, where = GarbagePolicy(), []
    policy.freeze()
    assert gc.get_freeze_count() == 0, "a policy that is not active freezes nothing"
    policy.start()
    Cycle(where)
    policy.freeze()
    gc.collect()
    assert where == []
    policy.stop()
    gc.collect()
    assert len(where) == 1
