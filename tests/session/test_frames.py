"""When snapshots are shown."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QWidget

from playground.session.frames import BUSY_SHARE, Frames
from playground.session.latest import Latest


def settle():
    """Handle all events and due timers, and what they lead to: no test has more than ten turns."""
    for _ in range(20):
        QCoreApplication.processEvents()


class Window(QWidget):
    """Is painted for everything that is shown."""

    def __init__(self, frames):
        super().__init__()
        self.log = []
        for name in ("shown", "panels_due"):
            getattr(frames, name).connect(lambda snapshot, n=name: self.on_signal(n, snapshot))

    def on_signal(self, name, snapshot):
        self.log.append((name, snapshot))
        self.update()

    def paintEvent(self, event):
        self.log.append("painted")


@pytest.fixture
def shown(qtbot):
    latest = Latest()
    frames = Frames(latest)
    window = Window(frames)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    settle()
    window.log.clear()
    yield latest, frames, window
    frames.stop()


def test_each_part_has_a_turn_of_the_event_loop_and_is_painted_in_it(shown):
    latest, frames, window = shown
    latest.put(1)
    frames._on_frame()
    # Something that came up while the first part was painted goes before the second.
    other = QTimer(window, singleShot=True, interval=0)
    other.timeout.connect(lambda: window.log.append("other"))
    other.start()
    settle()
    assert window.log == [
        *(("shown", 1), "painted", "other"),
        *(("panels_due", 1), "painted"),
    ]


def test_no_snapshot_comes_between_the_turns_of_another(shown):
    latest, frames, window = shown
    frames.shown.connect(lambda snapshot: latest.put(2) if snapshot == 1 else None)
    frames.panels_due.connect(lambda _: frames._on_frame())
    latest.put(1)
    frames._on_frame()
    frames._on_frame()
    settle()
    assert [entry for entry in window.log if entry != "painted"] == [
        ("shown", 1),
        ("panels_due", 1),
    ]
    frames._rest_until = 0.0
    frames._on_frame()
    assert window.log[-1] == ("shown", 2)


def test_the_newest_is_shown_now_and_its_panels_once_in_their_turn(shown):
    latest, frames, window = shown
    frames.show_newest()
    assert window.log == []
    latest.put(1)
    frames._on_frame()
    latest.put(2)
    frames.show_newest()
    assert window.log == [("shown", 1), ("shown", 2)]
    settle()
    assert window.log[2:] == ["painted", ("panels_due", 2), "painted"]
    latest.put(3)
    frames.show_newest()
    frames.in_turn(lambda: window.log.append("work"))
    settle()
    assert window.log[5:] == [*(("shown", 3), "painted"), *(("panels_due", 3), "painted"), "work"]


def test_what_is_given_is_shown_everywhere_at_once_and_not_twice(shown):
    latest, frames, window = shown
    latest.put(1)
    frames._on_frame()
    frames.show(2)
    assert window.log == [("shown", 1), ("shown", 2), ("panels_due", 2)]
    settle()
    assert window.log[3:] == ["painted"]
    assert frames.snapshot == 2


def test_what_others_ask_for_has_turns_of_its_own_between_two_snapshots(shown):
    latest, frames, window = shown
    asked = []

    def work():
        asked.append(len(asked))
        window.on_signal("work", len(asked))
        if len(asked) < 2:
            frames.in_turn(work)

    frames.shown.connect(lambda _: frames.in_turn(work))
    latest.put(1)
    frames._on_frame()
    latest.put(2)
    window.log.clear()
    frames.panels_due.connect(lambda _: frames._on_frame())
    settle()
    expected = (("panels_due", 1), ("work", 1), ("work", 2))
    assert window.log[:7] == ["painted", *(entry for e in expected for entry in (e, "painted"))]
    window.log.clear()
    settle()
    asked.clear()
    frames.in_turn(work)
    assert window.log == []
    settle()
    assert window.log == [("work", 1), "painted", ("work", 2), "painted"], "also without snapshots"


def test_showing_all_at_once_leaves_what_others_asked_for(shown):
    latest, frames, _ = shown
    asked = []
    latest.put(1)
    frames._on_frame()
    frames.in_turn(lambda: asked.append(1))
    frames.show(2)
    assert not asked
    settle()
    assert asked == [1]


def test_after_the_stop_nothing_is_shown(shown):
    latest, frames, window = shown
    latest.put(1)
    frames._on_frame()
    window.log.clear()
    frames.stop()
    frames.in_turn(lambda: window.log.append("work"))
    settle()
    assert window.log == ["painted", "work"]


def test_only_snapshots_decide_how_fine_the_map_is(shown, monkeypatch):
    _, frames, _ = shown
    learned = []
    monkeypatch.setattr(frames._detail, "learn", lambda *_: learned.append(1))
    frames.in_turn(lambda: None)
    settle()
    assert not learned


def test_showing_rests_as_long_as_all_its_turns_ask(shown, monkeypatch):
    latest, frames, _ = shown
    now = [100.0]
    monkeypatch.setattr("playground.session.frames.monotonic", lambda: now[0])
    for signal, cost in ((frames.shown, 0.03), (frames.panels_due, 0.02)):
        signal.connect(lambda _, cost=cost: now.__setitem__(0, now[0] + cost))
    latest.put(1)
    frames._on_frame()
    frames.in_turn(lambda: now.__setitem__(0, now[0] + 0.01))
    settle()
    assert frames._rest_until == pytest.approx(100.06 + 0.06 * (1 / BUSY_SHARE - 1))


def test_what_is_destroyed_before_its_frame_is_painted_learns_nothing(qtbot, monkeypatch):
    latest, learned = Latest(), []
    frames = Frames(latest)
    monkeypatch.setattr(frames._detail, "learn", lambda *_: learned.append(1))
    for destroy in (False, True):
        latest.put(object())
        frames._rest_until = 0.0
        frames._on_frame()
        if destroy:
            frames.deleteLater()
            QCoreApplication.sendPostedEvents(frames, QEvent.Type.DeferredDelete.value)
        settle()  # later than the zero timers of the frame
        assert len(learned) == 2
