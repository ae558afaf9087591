"""Keeps the app's own copy of the work fresh: edits within a second, training within five."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from playground.core.files import Document, ExperimentFileError
from playground.core.files.disk import reason_of
from playground.core.snapshot import Activity, Snapshot
from playground.session.leaving import Leaving, noted
from playground.session.open_file import OpenFile
from playground.session.order import same
from playground.session.recovery import Found, Note, Recovery, spelled_path
from playground.session.scribe import Scribe, Writing, Written, write_now

if TYPE_CHECKING:
    from playground.session.controller import Controller

EDIT_MS = 300
"""From an edit to its autosave."""
TRAINING_MS = 2500
"""Between two autosaves while training."""
PATIENCE_MS = 400
"""How long the training thread may take to tell its state: it may wait for kernels to compile."""


class Autosave(QObject):
    """Writes the experiment and the state of its run to the app's own slot.

    Signals
    -------
    failed(str) : words for the user; told once until it works again.
    """

    failed = Signal(str)

    def __init__(
        self,
        controller: Controller,
        file: OpenFile,
        scribe: Scribe,
        recovery: Recovery,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller, self._file = controller, file
        self._scribe, self._recovery = scribe, recovery
        self._first = controller.experiment
        self._restored: Found | None = None
        self._restored_at = 0
        self._holds_restored = False
        self._leaving = Leaving(controller, scribe, self._is_nothing, self)
        self._leaving.failed.connect(self._tell)
        self._seen: Snapshot | None = None
        self._asked: int | None = None
        self._writing: Writing | None = None
        self._is_due = self._is_unkept = False
        self._has_failed = self._is_over = self._has_written = False
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.setInterval(EDIT_MS)
        self._edits.timeout.connect(self.save_soon)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_late)
        self._training = QTimer(self)
        self._training.setInterval(TRAINING_MS)
        self._training.timeout.connect(self.save_soon)
        controller.experiment_changed.connect(self._on_edited)
        controller.snapshot_changed.connect(self._on_snapshot_changed)
        controller.activity_changed.connect(self._on_activity_changed)
        controller.state_taken.connect(self._on_state_taken)
        file.changed.connect(self._on_edited)
        scribe.written.connect(self._on_written)

    def restore(self, found: Found) -> None:
        """Take up what another app has left; its slot goes once ours is written.

        What was worked on before stays in the slot that it has.

        Raises
        ------
        OSError
            If there can be no other slot; nothing is taken up then.
        """
        self.set_aside()
        found.slot.begin_try()
        self._restored, self._holds_restored = found, False
        # Only the answers to later questions have the found work in them.
        self._restored_at = self._controller.take_state()
        self._edits.start()

    def save_soon(self) -> None:
        """Write the slot as soon as the training thread has told its state."""
        self._is_unkept = True
        if self._writing is not None:
            self._is_due = True
        elif not self._is_over:
            number = self._controller.take_state()
            self._is_due = self._asked is not None
            self._asked = self._asked or number
            if not self._patience.isActive():
                self._patience.start()

    def finish(self) -> None:
        """Write the slot a last time, marked as closed in order; may be called again.

        The training thread has ended.
        """
        if self._is_over:
            return
        self._is_over = True
        for timer in (self._edits, self._patience, self._training):
            timer.stop()
        self._leaving.finish()
        self._leave()

    def can_keep(self) -> bool:
        """Return whether the next start will find the work, or has nothing to find.

        After a failure, or if there is something to be written, that is done in this thread to see.
        """
        is_in_file = self._file.path is not None and not self._file.is_modified
        is_waiting = self._edits.isActive() or self._is_unkept or self._writing is not None
        if is_in_file or self._is_untouched or not (self._has_failed or is_waiting):
            return True
        written = write_now(Writing(self._kept(is_clean=False), self._recovery.own.path))
        self._has_failed = written.error is not None
        return not self._has_failed

    @property
    def _is_untouched(self) -> bool:
        return self._is_nothing(self._controller.last_state, self._note(is_clean=False))

    def _is_nothing(self, told: Document, note: Note) -> bool:
        """Whether nobody has done anything yet."""
        return (
            note.path is None
            and not note.is_modified
            and note.ahead == self._first
            and (told.state is None or told.state.trainer.step == 0)
        )

    def _leave(self) -> None:
        """Leave the work to a later start, unless there is none."""
        if self._is_untouched:
            self._recovery.own.discard()
            self._hand_back()
            return
        written = write_now(Writing(self._kept(is_clean=True), self._recovery.own.path))
        restored, self._restored = self._restored, None
        if restored is not None:
            restored.give_back(written.kept)
        self._recovery.own.release()

    def set_aside(self) -> None:
        """Leave the work, if there is any, to a later start, and go on in another slot.

        Raises
        ------
        OSError
            If there can be no other slot; nothing has changed then.
        """
        snapshot = self._controller.snapshot
        is_at_rest = self._controller.activity is not Activity.RUNNING
        if self._is_untouched and is_at_rest and (snapshot is None or snapshot.step == 0):
            return
        slot, restored = self._recovery.begin_slot(), self._restored
        self._restored, self._has_written = None, False
        self._leaving.add(slot, restored, self._file.document, self._note(is_clean=True))

    def _kept(self, *, is_clean: bool) -> Document:
        """Return what is in force and was told last, with what is to be known of it."""
        told, note = self._controller.last_state, self._note(is_clean=is_clean)
        return noted(self._file.document, told, note)

    def _note(self, *, is_clean: bool) -> Note:
        file = self._file
        path = None if file.path is None else spelled_path(file.path)
        return Note(path, file.is_modified, is_clean, file.stamp, self._controller.experiment)

    def _hand_back(self) -> None:
        found, self._restored = self._restored, None
        if found is not None:
            found.slot.hand_back()

    def _drop_restored(self) -> None:
        found, self._restored = self._restored, None
        if found is not None:
            found.slot.discard()

    def _on_edited(self) -> None:
        if not self._edits.isActive() and not self._is_over:
            self._edits.start()

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        before, self._seen = self._seen, snapshot
        if self._controller.activity is Activity.RUNNING:
            return
        if (
            before is None
            or (before.run_id, before.step) != (snapshot.run_id, snapshot.step)
            or not same(before.parameters, snapshot.parameters)
        ):
            self._on_edited()

    def _on_activity_changed(self, activity: Activity) -> None:
        if activity is Activity.RUNNING and not self._is_over:
            self._training.start()
        elif self._training.isActive():
            # Else what is trained in short bursts would never be kept.
            self._training.stop()
            self._on_edited()

    def _on_state_taken(self) -> None:
        asked = self._asked
        if asked is not None and asked <= self._controller.n_told and not self._is_over:
            self._asked = None
            self._patience.stop()
            self._holds_restored = self._controller.n_told > self._restored_at
            self._write()

    def _on_late(self) -> None:
        """Keep what is in force with the state that was told last; what is asked for follows."""
        self._holds_restored = False
        self._write()

    def _write(self) -> None:
        self._is_unkept = False
        if self._is_untouched and not self._has_written:
            self._go_on()
            return
        if not self._recovery.own.is_locked:
            # The folder has gone, and may be back without the lock: others would take the slot.
            try:
                self._recovery.begin_slot().release()
            except OSError as error:
                self._tell(ExperimentFileError(f"Not saved: {reason_of(error)}."))
                self._go_on()
                return
        self._has_written = True
        # Something may have been opened since the question that was answered.
        document = self._kept(is_clean=False)
        self._writing = Writing(document, self._recovery.own.path, is_autosave=True)
        self._scribe.write(self._writing)

    def _on_written(self, written: Written) -> None:
        if written.writing is not self._writing:
            return
        self._writing = None
        if written.error is None:
            self._has_failed = False
            if self._holds_restored and written.writing.document.state is not None:
                self._drop_restored()
        else:
            self._tell(written.error)
        self._go_on()

    def _go_on(self) -> None:
        """See to what came up while something else was asked for or written."""
        if self._is_due and self._asked is None:
            self._is_due = False
            self.save_soon()
        elif self._is_unkept and not self._is_over:
            self._patience.start()

    def _tell(self, error: ExperimentFileError) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(f"Autosave does not work: {error}")
