"""Restores the work of the last session and keeps that of this one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from playground.core.files import shown_name
from playground.core.files.disk import reason_of
from playground.session.autosave import Autosave
from playground.session.open_file import UNTITLED, OpenFile
from playground.session.recovery import Found, Recovery, spoken_age
from playground.session.scribe import Scribe
from playground.ui.question_bar import QuestionBar

if TYPE_CHECKING:
    from playground.ui.main_window import MainWindow


class WorkKeeper(QObject):
    """Autosaves into a slot of its own, and hands out what others have left in theirs.

    Raises
    ------
    OSError
        If nothing can be kept in the folder.

    Parameters
    ----------
    guard : calls what would replace the work in force once a person agrees to it.
    """

    def __init__(
        self,
        window: MainWindow,
        file: OpenFile,
        scribe: Scribe,
        folder: Path,
        question: QuestionBar,
        guard: Callable[[Callable[[], None]], None],
    ) -> None:
        super().__init__(window)
        self._window, self._file, self._question, self._guard = window, file, question, guard
        self.recovery = Recovery(folder)
        self._offered: list[Found] = []
        self.autosave = Autosave(window.controller, file, scribe, self.recovery, self)
        self.autosave.failed.connect(window.status.show_failure)

    def restore(self) -> None:
        """Bring the last session that was closed back, and offer another that was left."""
        left = self.recovery.find()
        for failed in self.recovery.failed:
            kept = "" if failed.path is None else f" It is kept as {shown_name(failed.path)}."
            self._window.status.show_failure(
                f"The last session could not be restored: {failed.reason}{kept}"
            )
        if left and left[0].note.is_clean:
            self._take(left.pop(0))
        self._offered = left
        self._offer_next()

    def _offer_next(self) -> None:
        """Ask about the next work that others have left; what is not asked about stays theirs."""
        if self._offered:
            self._offer(self._offered[0])

    def _offer(self, found: Found) -> None:
        note, when = found.note, spoken_age(found.saved_at)
        name = shown_name(note.file) if note.file else UNTITLED
        self._question.ask(
            f"{name} was closed at {when} with work that is in no file."
            if note.is_clean
            else f"The app did not end in order. {name} was kept as it was at {when}.",
            ("Restore", partial(self._guard, partial(self._take, found))),
            ("Discard", partial(self._pass_on, found, found.slot.discard)),
            ("Later", partial(self._pass_on, found, found.slot.release)),
        )

    def _pass_on(self, found: Found, act: Callable[[], None]) -> None:
        self._offered.remove(found)
        act()
        self._offer_next()

    def _take(self, found: Found) -> None:
        if found in self._offered:
            self._offered.remove(found)
        try:
            self.autosave.restore(found)
        except OSError as error:
            found.slot.release()
            self._window.status.show_failure(f"Not restored: {reason_of(error)}.")
            return
        note = found.note
        self._file.adopt(
            found.document, note.file, edited=note.is_modified, stamp=note.stamp, ahead=note.ahead
        )
        self._window.edits.clear()

    def finish(self) -> None:
        """Write the work a last time and leave all slots to the next start."""
        self.autosave.finish()
        offered, self._offered = self._offered, []
        for found in offered:
            found.slot.release()
