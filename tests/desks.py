"""A real window whose files and sessions live in temporary folders."""

from __future__ import annotations

import pytest
from shiboken6 import isValid

from playground.app import create_window
from playground.core.experiment import DatasetKind, DataSpec, Experiment
from playground.session import controller, preparation

TABLE = Experiment(DataSpec(DatasetKind.XOR_TABLE))


class Desks:
    """Opens windows that keep their work in one folder, as one app after the other does."""

    def __init__(self, folder, qtbot):
        self.folder, self.qtbot, self.windows = folder, qtbot, []

    def open(self, experiment=TABLE, *, restore=False, ready=True):
        """Return a shown window, if `ready` with its first snapshot."""
        self._clear_away()
        window = create_window(experiment)
        self.windows.append(window)
        keeper = window.files.keep_in(self.folder)
        if restore:
            keeper.restore()
        if not ready:
            window.show()
            self.qtbot.waitUntil(lambda: window.controller._thread is not None)
            return window
        with self.qtbot.waitSignal(window.controller.snapshot_changed, timeout=60_000):
            window.show()
        return window

    def _clear_away(self):
        """Delete closed windows: another app has none, and each costs time when it is styled."""
        for window in self.windows:
            if isValid(window) and not window.isVisible():
                window.deleteLater()

    def close_in_haste(self, window, busy):
        """Close a window whose training thread cannot be ended as long as `busy` is not set."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(controller, "STOP_MS", 20)
            window.close()
        ((thread, _worker),) = controller._unfinished
        controller._unfinished.clear()
        busy.set()
        assert thread.wait(5000)

    def autosaved(self, window):
        """Wait until the window's slot holds what is in force; nothing is kept of none."""
        if window.files.keeper.autosave._is_untouched:
            window.files.file.mark_edited()
        with self.qtbot.waitSignal(
            window.files.scribe.written,
            check_params_cb=lambda w: (
                w.writing.is_autosave
                and w.writing.document.experiment == window.controller.experiment
            ),
        ):
            window.files.keeper.autosave.save_soon()

    def crash(self, window):
        """End a window as SIGKILL would: nothing more is written, the lock is left stale."""
        window.files.scribe.close()
        autosave = window.files.keeper.autosave
        autosave._leave = autosave._leaving.finish = lambda: None
        autosave.finish()
        window.files.keeper.recovery.own.release()
        window.close()


@pytest.fixture
def desks(tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr(preparation, "is_warm", lambda: True)
    desks = Desks(tmp_path / "sessions", qtbot)
    yield desks
    for window in desks.windows:
        if isValid(window):
            window.close()
            window.deleteLater()
