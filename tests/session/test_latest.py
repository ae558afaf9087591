"""The mailbox with one place."""

import threading

from playground.session.latest import Latest


def test_only_the_newest_is_there_and_only_once():
    latest = Latest()
    assert latest.take() is None
    latest.put(1)
    latest.put(2)
    assert latest.take() == 2
    assert latest.take() is None


def test_a_reader_in_another_thread_sees_values_in_order_and_the_last_one():
    latest = Latest()
    seen = []
    done = threading.Event()

    def read():
        while not done.is_set() or seen[-1:] != [20_000]:
            item = latest.take()
            if item is not None:
                seen.append(item)

    reader = threading.Thread(target=read)
    reader.start()
    for k in range(20_001):
        latest.put(k)
    done.set()
    reader.join(10)
    assert not reader.is_alive()
    assert seen == sorted(seen)
