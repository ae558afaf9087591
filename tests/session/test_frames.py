"""When snapshots are shown."""

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer

from playground.session.frames import Frames
from playground.session.latest import Latest


def test_what_is_destroyed_before_its_frame_is_painted_learns_nothing(qtbot, monkeypatch):
    latest, learned = Latest(), []
    frames = Frames(latest)
    monkeypatch.setattr(frames._detail, "learn", lambda *_: learned.append(1))
    for destroy in (False, True):
        latest.put(object())
        frames._on_frame()
        if destroy:
            frames.deleteLater()
            QCoreApplication.sendPostedEvents(frames, QEvent.Type.DeferredDelete.value)
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)  # later than the zero timer of the frame
        loop.exec()
        assert learned == [1]
