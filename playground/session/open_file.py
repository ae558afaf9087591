"""The file that the experiment in force belongs to, and whether it has been edited since."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from playground.core.build import steps_between
from playground.core.experiment import Experiment
from playground.core.export.carrier import is_picture, load_carried
from playground.core.files import (
    SUFFIX,
    Document,
    ExperimentFileError,
    load_document,
    shown_name,
)
from playground.session.scribe import Scribe, Writing, Written
from playground.session.stamp import UNKNOWN, Stamp, stamp_of

if TYPE_CHECKING:
    from playground.session.controller import Controller

UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True, eq=False)
class _Save:
    """A file that a person asked to be written, and what was in force at that moment.

    `asked` is the number of the question for the state, `begun` how many experiments had been
    begun, `number` and `edits` are `OpenFile`'s counts then; `then` follows a save that went well.
    """

    path: Path
    asked: int
    begun: int
    document: Document
    number: int
    edits: int
    then: Callable[[], None] | None


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """Which file an experiment belongs to: what was read or saved last, and where."""

    document: Document
    path: Path | None


class OpenFile(QObject):
    """Opens and saves files for one window. GUI thread only.

    Parameters
    ----------
    controller : takes up what is opened, and tells the state of its run for saving.
    scribe : writes.

    Attributes
    ----------
    path : of the file; None as long as there is none.
    copies : a folder for the last good copy of every file; None keeps none.

    Signals
    -------
    changed() : name, path or `is_modified` changed.
    saved(object) : a `Path` was written.
    uncopied(str) : why what was saved has no copy.
    failed(object) : the `ExperimentFileError` that saving ended with.
    """

    changed = Signal()
    saved = Signal(object)
    uncopied = Signal(str)
    failed = Signal(object)

    def __init__(
        self, controller: Controller, scribe: Scribe, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._scribe = controller, scribe
        self.copies: Path | None = None
        self.path: Path | None = None
        self._document = Document(controller.experiment)
        self._number = 0  # of the documents taken up so far
        self._edits = self._saved_edits = 0  # by hand, in this document
        self._stamps: dict[Path, Stamp | None] = {}  # of each file when we read or wrote it last
        self._saves: list[_Save] = []
        self._writings: dict[Writing, _Save] = {}
        self._left: tuple[int, Identity, int, int] | None = None
        controller.experiment_changed.connect(self._on_experiment_changed)
        controller.refused.connect(self._on_refused)
        controller.state_taken.connect(self._on_state_taken)
        scribe.written.connect(self._on_written)

    @property
    def name(self) -> str:
        """What the window's title says; fit to show."""
        return UNTITLED if self.path is None else shown_name(self.path)

    @property
    def stamp(self) -> Stamp | None:
        """That of the file when it was opened or saved last."""
        return None if self.path is None else self._stamps.get(self.path)

    @property
    def is_modified(self) -> bool:
        """Whether a person's edits would be lost with the experiment in force."""
        return self._edits != self._saved_edits or _settings(
            self._controller.experiment
        ) != _settings(self._document.experiment)

    @property
    def document(self) -> Document:
        """What was opened or saved last, with fields of newer versions."""
        return self._document

    def mark_edited(self) -> None:
        """Take note of an edit that the experiment does not show, e.g. weights set by hand."""
        self._edits += 1
        if self._edits == self._saved_edits + 1:
            self.changed.emit()

    def start_new(self, experiment: Experiment) -> None:
        """Let an experiment be the unedited content of a file that has no name yet."""
        self._take(Document(experiment), None, edited=False)

    @property
    def number(self) -> int:
        """How many documents were taken up so far."""
        return self._number

    def open(self, path: Path, leave: Callable[[], None] | None = None) -> None:
        """Read a file, or a picture that carries its experiment, and take it up.

        `leave` is called in between: what was in force is about to go.

        Raises
        ------
        ExperimentFileError
            If it cannot be used; the experiment in force stays.
        """
        where = Path(os.path.abspath(path))
        carried = is_picture(where)
        document = Document(*load_carried(where)) if carried else load_document(where)
        if leave is not None:
            leave()
        self.adopt(document, None if carried else where)

    def adopt(
        self,
        document: Document,
        path: Path | None,
        *,
        edited: bool = False,
        stamp: Stamp | None = UNKNOWN,
        ahead: Experiment | None = None,
    ) -> None:
        """Take up a document that was read already, and an experiment that its run goes on with.

        `stamp` is the file's when it was read, None if there was none; by default the one it has.
        """
        self._controller.open(document)
        if ahead is not None:
            for step in steps_between(document.experiment, ahead):
                self._controller.apply(step)
            document = replace(document, experiment=ahead)
        if path is not None:
            self._stamps[path] = stamp_of(path) if stamp is UNKNOWN else stamp
        self._take(document, path, edited=edited)

    @property
    def identity(self) -> Identity:
        """Which file the experiment in force belongs to."""
        return Identity(self._document, self.path)

    def become(self, identity: Identity) -> None:
        """Belong to a file again, whose experiment came back with edits."""
        self._take(identity.document, identity.path, edited=True)

    def _take(self, document: Document, path: Path | None, *, edited: bool) -> None:
        self._left = self._controller.n_sent, self.identity, self._edits, self._saved_edits
        self._document = replace(document, state=None)
        self.path = path
        self._number += 1
        self._edits, self._saved_edits = int(edited), 0
        self.changed.emit()

    def _on_refused(self) -> None:
        """Belong to the file of before, whose experiment stays in force after all."""
        left, self._left = self._left, None
        if left is not None and left[0] == self._controller.n_sent:
            _, identity, self._edits, self._saved_edits = left
            self._document, self.path = identity.document, identity.path
            self._number += 1
            self.changed.emit()

    def save(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Write the experiment and the state of its run; `saved` or `failed` follows.

        `then` is called after a save that went well, unless another document was taken up.
        """
        begun, asked = self._controller.n_begun, self._controller.take_state()
        where = self.place_of(path)
        save = _Save(where, asked, begun, self._document, self._number, self._edits, then)
        self._saves.append(save)

    def place_of(self, path: Path) -> Path:
        """Return where a file is saved that a person gave this name."""
        where = Path(os.path.abspath(path))
        # A name like "rate 0.03" has no ending.
        is_whole = where == self.path or where.suffix.lower() == SUFFIX
        return where if is_whole else where.with_name(where.name + SUFFIX)

    @property
    def is_changed_on_disk(self) -> bool:
        """Whether another program has written or removed the file since it was opened.

        While this app writes the file it cannot be told.
        """
        pending = [*self._saves, *self._writings.values()]
        if self.path is None or any(save.path == self.path for save in pending):
            return False
        return stamp_of(self.path) != self.stamp

    def accept_disk(self) -> None:
        """Let the file on the disk be as it is: what is in force is in no file until saved."""
        if self.path is not None:
            self._stamps[self.path] = stamp_of(self.path)
            self.mark_edited()

    def copy_of(self, path: Path) -> Path | None:
        """Return the place of the last good copy of a file, if copies are kept."""
        if self.copies is None:
            return None
        name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:24]
        return self.copies / (name + SUFFIX)

    @property
    def is_saving(self) -> bool:
        """Whether a save is asked for that has not ended."""
        return bool(self._saves or self._writings)

    def finish(self) -> None:
        """Let nothing follow the saves that are still being written: the app closes."""
        self._writings = {w: replace(save, then=None) for w, save in self._writings.items()}

    def _on_experiment_changed(self) -> None:
        self.changed.emit()

    def _on_state_taken(self, taken: Document) -> None:
        # An answer that somebody else was waiting for may be older than what is to be saved.
        due = [save for save in self._saves if save.asked <= self._controller.n_told]
        self._saves = [save for save in self._saves if save not in due]
        for save in due:
            if save.begun != self._controller.n_told_begun:
                self.failed.emit(
                    ExperimentFileError(
                        f"{shown_name(save.path)}: Not saved, because another experiment was begun"
                        " before its run was ready."
                    )
                )
                continue
            document = replace(save.document, experiment=taken.experiment, state=taken.state)
            writing = Writing(document, save.path, self.copy_of(save.path))
            self._writings[writing] = save
            self._scribe.write(writing)

    def _on_written(self, written: Written) -> None:
        save = self._writings.pop(written.writing, None)
        if save is None:
            return
        is_open = save.number == self._number
        if written.stamp is not None:
            self._stamps[save.path] = written.stamp
        if written.error is not None:
            self.failed.emit(written.error)
            return
        if is_open:
            self._document = replace(written.writing.document, state=None)
            self.path, self._saved_edits = save.path, save.edits
            self.changed.emit()
        self.saved.emit(save.path)
        if written.uncopied:
            self.uncopied.emit(written.uncopied)
        if is_open and save.then is not None:
            save.then()


def _settings(experiment: Experiment) -> Experiment:
    """Return what counts as an edit: everything but the speed of training."""
    speed = type(experiment.training)().speed
    return replace(experiment, training=replace(experiment.training, speed=speed))
