"""Work that something else takes the place of, until it is kept as it was when it was left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from playground.core.files import Document
from playground.session.recovery import Found, Note, Slot, with_note
from playground.session.scribe import Scribe, Writing, Written, write_now

if TYPE_CHECKING:
    from playground.session.controller import Controller


@dataclass(frozen=True, slots=True, eq=False)
class _Left:
    """One such work: its slot, and the one that it came from, if any.

    `asked` is the number of the question for its state, `begun` how many experiments had been
    begun, `told` what was known of it until the answer comes, `opened` its file's document.
    """

    slot: Slot
    restored: Found | None
    asked: int
    begun: int
    told: Document
    opened: Document
    note: Note

    def writing(self, told: Document) -> Writing:
        """Return what is to be written once the state is told."""
        return Writing(noted(self.opened, told, self.note), self.slot.path, is_autosave=True)

    def end(self, written: Written) -> None:
        """Leave the slots to a later start."""
        if self.restored is not None:
            self.restored.give_back(written.kept)
        self.slot.release()

    def drop(self) -> None:
        """Leave nothing in the slot."""
        self.slot.discard()
        if self.restored is not None:
            self.restored.slot.hand_back()


class Leaving(QObject):
    """Writes each work into its slot as soon as the training thread has told its last state.

    Parameters
    ----------
    is_nothing : whether a state and a note are those of an app that nobody has used.

    Signals
    -------
    failed(object) : the `ExperimentFileError` that a writing ended with.
    """

    failed = Signal(object)

    def __init__(
        self,
        controller: Controller,
        scribe: Scribe,
        is_nothing: Callable[[Document, Note], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller, self._scribe, self._is_nothing = controller, scribe, is_nothing
        self._waiting: list[_Left] = []
        self._writings: dict[Writing, _Left] = {}
        controller.state_taken.connect(self._on_state_taken)
        scribe.written.connect(self._on_written)

    def add(self, slot: Slot, restored: Found | None, opened: Document, note: Note) -> None:
        """Keep what is in force; `note.ahead` is its experiment.

        Something else may be taken up right after: the training thread answers before it does.
        """
        told, begun = self._controller.last_state, self._controller.n_begun
        asked = self._controller.take_state()
        self._waiting.append(_Left(slot, restored, asked, begun, told, opened, note))

    def finish(self) -> None:
        """Write what is still waited for as it was told last; the training thread has ended."""
        waiting, self._waiting = self._waiting, []
        for left in waiting:
            if self._is_nothing(left.told, left.note):
                left.drop()
            else:
                self._end(left, write_now(left.writing(left.told)))

    def _on_state_taken(self, taken: Document) -> None:
        number, begun = self._controller.n_told, self._controller.n_told_begun
        due = [left for left in self._waiting if left.asked <= number]
        self._waiting = [left for left in self._waiting if left.asked > number]
        for left in due:
            told = taken if left.begun == begun else left.told
            if self._is_nothing(told, left.note):
                left.drop()
                continue
            writing = left.writing(told)
            self._writings[writing] = left
            # In the scribe's turn: an older state of it may be about to be written.
            self._scribe.write(writing)

    def _on_written(self, written: Written) -> None:
        left = self._writings.pop(written.writing, None)
        if left is not None:
            self._end(left, written)

    def _end(self, left: _Left, written: Written) -> None:
        left.end(written)
        if written.error is not None:
            self.failed.emit(written.error)


def noted(opened: Document, told: Document, note: Note) -> Document:
    """Return what was told of a run, and a note that has the experiment in force in `ahead`.

    `opened` may have fields of newer versions.
    """
    if told.state is None and note.ahead is not None:
        told = Document(note.ahead)
    ahead = None if told.experiment == note.ahead else note.ahead
    document = replace(opened, experiment=told.experiment, state=told.state)
    return with_note(document, replace(note, ahead=ahead))
