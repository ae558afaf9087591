"""Undo and redo of every edit: structure, weights, data, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QApplication, QWidget

from playground.core.experiment import Experiment
from playground.core.snapshot import ParameterChange, ParameterEdit, Parameters
from playground.session.order import Order, Place
from playground.ui.edit_words import describe_edit

if TYPE_CHECKING:
    from playground.session.controller import Controller
    from playground.session.open_file import Identity, OpenFile

MOST_EDITS = 200
EDIT_ID = 1
NUMBER_EDITS = "change "
"""How the texts of edits begin that can follow each other quickly."""


class _Edit(QUndoCommand):
    """One edit: the experiment, and where the parameters are kept, before and after it.

    Attributes
    ----------
    is_idle : whether undo and redo only move it along the stack, as it was refused.
    was_made : whether it was in force once.
    """

    def __init__(
        self,
        stack: UndoStack,
        text: str,
        experiment: Experiment,
        parameters: Parameters | None,
        gesture: int,
        changes: tuple[ParameterChange, ...] = (),
        begins: bool = False,
    ) -> None:
        super().__init__(text)
        self._stack, self._controller = stack, stack.controller
        self._gesture = gesture
        self._is_by_hand = parameters is not None
        self._parameters: Parameters | Place | None = parameters
        self._changes = changes
        self._begins = begins
        self.before, self.left = self._controller.experiment, Place()
        self.after, self.reached = experiment, Place()
        self.is_idle = self.was_made = False
        self._file = stack.file if begins else None
        self._file_before: Identity | None = None
        self._file_after: Identity | None = None

    def redo(self) -> None:
        """Make the edit, or make it again with the weights it was undone from."""
        if self.is_idle:
            return
        if self._begins:
            self._controller.pause()
        self._stack.take_note(self)
        self._controller.carry_out(
            Order(
                self.after,
                self._parameters,
                self.left,
                self.reached,
                self._changes,
                opens=self._begins,
            )
        )
        self._parameters, self._changes = self.reached, ()
        self._file_before = self._change_file(self._file_after)
        if self._is_by_hand or self.was_made:  # else what is begun is new to its file as well
            self._tell()

    def undo(self) -> None:
        """Go back to the experiment and, where the edit touched them, the weights before it."""
        if self.is_idle:
            return
        if self._begins:
            self._controller.pause()  # or what is left, and may be redone, would train on
        self.was_made = True
        self._stack.take_note(self, undone=True)
        self._controller.carry_out(
            Order(
                self.before,
                self.left,
                left=self.reached,
                reached=self.left,
                opens=self._begins,
            )
        )
        self._file_after = self._change_file(self._file_before)
        self._tell()

    def _change_file(self, identity: Identity | None) -> Identity | None:
        """Let what comes back be of the file that it was of; return which it was until now."""
        if self._file is None:
            return None
        before = self._file.identity
        if identity is not None:
            self._file.become(identity)
        return before

    def _tell(self) -> None:
        # The run that undoing brings back is in no file either.
        if self._is_by_hand or self._begins:
            self._stack.parameters_edited.emit()

    def id(self) -> int:
        """Return the number that lets commands be merged."""
        return EDIT_ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take up an edit of the same number made while the same button or key is held."""
        if (
            not isinstance(other, _Edit)
            or other._gesture != self._gesture
            or other.text() != self.text()
            or not self.text().startswith(NUMBER_EDITS)
        ):
            return False
        self.after, self.reached = other.after, other.reached
        self._parameters = other.reached
        self._stack.take_note(self)
        return True


class UndoStack(QUndoStack):
    """Carries out what views ask for and can take it back.

    Numbers that change again and again while one mouse button or key is held, or a wheel is
    turned, are one entry. An edit that leaves all weights alone leaves them alone when it is
    undone too: training goes on. Any other brings back the weights it found, bit for bit, and
    redoing it brings back those it was undone from.

    Attributes
    ----------
    file : what is open: an experiment that comes back belongs to its own file again.

    Signals
    -------
    parameters_edited() : weights or biases were set by hand, or those of before came back.
    """

    parameters_edited = Signal()

    def __init__(self, controller: Controller, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.file: OpenFile | None = None
        self._gesture = 0
        self._newest: tuple[_Edit, bool] | None = None
        self.setUndoLimit(MOST_EDITS)
        controller.refused.connect(self._on_refused)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self.end_gesture)

    def watch(self, *sources: QObject) -> None:
        """Take each press of a button or key on these as the start of another gesture."""
        # Not the whole application: a filter there meets objects that are still being made.
        for source in sources:
            source.installEventFilter(self)

    def watch_below(self, widget: QWidget) -> None:
        """Do the same for all widgets inside `widget`."""
        self.watch(*widget.findChildren(QWidget))

    def end_gesture(self) -> None:
        """Merge nothing that comes with what was."""
        self._gesture += 1

    def edit(self, experiment: Experiment) -> None:
        """Make an edited experiment the one in force."""
        before = self.controller.experiment
        if experiment != before:
            self._push(describe_edit(before, experiment), experiment, None)

    def edit_parameters(self, edit: ParameterEdit) -> None:
        """Take a person's weights and biases."""
        label = edit.label[:1].lower() + edit.label[1:]
        self._push(f"change {label}", self.controller.experiment, edit.parameters, edit.changes)

    def replace_experiment(self, experiment: Experiment, text: str) -> None:
        """Take up another experiment altogether, e.g. a preset."""
        if experiment != self.controller.experiment:
            self._push(text, experiment, None)

    def begin(self, experiment: Experiment, text: str) -> None:
        """Begin a run of an experiment, whichever was in force: first weights, paused."""
        self._push(text, experiment, None, begins=True)

    def _push(
        self,
        text: str,
        experiment: Experiment,
        parameters: Parameters | None,
        changes: tuple[ParameterChange, ...] = (),
        *,
        begins: bool = False,
    ) -> None:
        if self.controller.is_telling:
            # A field whose row goes away with its experiment takes up what was half typed.
            QTimer.singleShot(0, self.controller, self.controller.tell_again)
            return
        self.push(_Edit(self, text, experiment, parameters, self._gesture, changes, begins))

    def clear(self) -> None:
        """Forget all edits."""
        self._newest = None
        super().clear()

    def take_note(self, edit: _Edit, *, undone: bool = False) -> None:
        """Remember which edit was made or undone last: it may be refused."""
        self._newest = edit, undone

    def _on_refused(self) -> None:
        newest, self._newest = self._newest, None
        if newest is None:
            return
        edit, undone = newest
        edit.is_idle = True
        if undone:
            self.redo()
        else:
            edit.setObsolete(not edit.was_made)
            self.undo()
        edit.is_idle = False  # what was made once may be possible again

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice where a new gesture begins."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress or (
            kind == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and not event.isAutoRepeat()
        ):
            self.end_gesture()
        return False
